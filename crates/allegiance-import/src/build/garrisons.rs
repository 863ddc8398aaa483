//! Who is stationed where on the first day.

use super::character::Class;
use super::control::Control;
use super::groups::Cast;
use super::settlements::Map;
use allegiance_scenario::share_out;

/// Members stationed in a place are at most this share of its inhabitants;
/// above a fifth, which is the men of 15 to 39, homes would lie elsewhere.
pub(super) const MOST_SHARE: f64 = 0.15;
/// No garrison is smaller.
pub(super) const SMALLEST: u32 = 10;

/// Members by group and place.
#[derive(Debug, Default)]
pub(super) struct Garrisons {
    /// Group, place, members; in the order of groups, then places.
    pub(super) rows: Vec<(usize, usize, u32)>,
    /// Groups that had to be made smaller, and by how many.
    pub(super) reduced: Vec<(usize, u32)>,
}

/// Stations the members of every group by its control and the square root of
/// the population: where it holds more than any other, and where it holds
/// anything only if there is no such place, or no room. So enemies don't begin
/// in one place. Where the men of its places don't suffice, the group becomes
/// smaller.
pub(super) fn station(cast: &mut Cast, map: &Map, control: &Control) -> Garrisons {
    let mut room: Vec<u32> = map.places.iter().map(|place| (MOST_SHARE * f64::from(place.population)) as u32).collect();
    let mut order: Vec<usize> = (0..cast.groups.len()).collect();
    // Who holds least chooses first, the government last.
    order.sort_by_key(|&at| (cast.groups[at].class == Class::Government, cast.groups[at].members, at));
    let mut garrisons = Garrisons::default();
    for at in order {
        let group = &mut cast.groups[at];
        let weights = |is_open: &dyn Fn(&[u32]) -> bool| -> Vec<f64> {
            let places = map.places.iter().enumerate();
            let weigh = |(place, of): (usize, &super::settlements::Place)| {
                let shares = control.of(place);
                let share = if is_open(shares) { f64::from(shares[at]) } else { 0.0 };
                share * f64::from(of.population).sqrt()
            };
            places.map(weigh).collect()
        };
        let leads = |shares: &[u32]| shares.iter().enumerate().all(|(other, share)| other == at || *share < shares[at]);
        let is_local = group.character.foreign_share.rank_and_file < 1.0;
        let mut unlimited = vec![u32::MAX; room.len()];
        let room = if is_local { &mut room } else { &mut unlimited };
        let mut stationed = vec![0; map.places.len()];
        let mut left = group.members;
        for weights in [weights(&leads), weights(&|_| true)] {
            for (place, members) in fill(left, &weights, room) {
                stationed[place] += members;
                left -= members;
            }
        }
        let stationed: Vec<(usize, u32)> =
            stationed.into_iter().enumerate().filter(|(_, members)| *members > 0).collect();
        let n_stationed: u32 = stationed.iter().map(|(_, members)| members).sum();
        if n_stationed < group.members {
            garrisons.reduced.push((at, group.members - n_stationed));
            group.members = n_stationed;
        }
        garrisons.rows.extend(stationed.into_iter().map(|(place, members)| (at, place, members)));
    }
    garrisons.rows.sort_unstable();
    garrisons.reduced.sort_unstable();
    garrisons
}

/// Shares out members by weight among places with room, the heaviest first
/// where there are too few for a garrison in each.
fn fill(members: u32, weights: &[f64], room: &mut [u32]) -> Vec<(usize, u32)> {
    let mut stationed = vec![0; weights.len()];
    let mut left = members;
    loop {
        let mut open: Vec<usize> =
            (0..weights.len()).filter(|&at| weights[at] > 0.0 && room[at] >= SMALLEST.min(left)).collect();
        if left == 0 || open.is_empty() {
            break;
        }
        let left_before = left;
        open.sort_by(|&a, &b| weights[b].total_cmp(&weights[a]).then(a.cmp(&b)));
        open.truncate(((left / SMALLEST) as usize).max(1));
        let wanted = share_out(left, &open.iter().map(|&at| weights[at]).collect::<Vec<_>>());
        for (&at, &wanted) in open.iter().zip(&wanted) {
            // A garrison too small for a place of its own waits for the next round.
            let is_start = stationed[at] == 0 && wanted < SMALLEST && open.len() > 1;
            let taken = if is_start { 0 } else { wanted.min(room[at]) };
            stationed[at] += taken;
            room[at] -= taken;
            left -= taken;
        }
        if left == left_before {
            let at = open[0];
            let taken = left.min(room[at]);
            stationed[at] += taken;
            room[at] -= taken;
            left -= taken;
        }
    }
    stationed.into_iter().enumerate().filter(|(_, members)| *members > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn everyone_is_stationed_while_there_is_room_and_nobody_beyond() {
        let mut room = vec![100, 50, 40];
        let placed = fill(120, &[3.0, 2.0, 1.0], &mut room);
        assert_eq!(placed.iter().map(|(_, members)| members).sum::<u32>(), 120);
        assert!(placed.iter().all(|&(_, members)| members >= 10));
        let mut room = vec![100, 50, 40];
        let placed = fill(1_000, &[3.0, 2.0, 1.0], &mut room);
        assert_eq!(placed, [(0, 100), (1, 50), (2, 40)]);
        assert_eq!(fill(5, &[1.0, 1.0], &mut [10, 10]), [(0, 5)]);
        assert_eq!(fill(5, &[0.0, 0.0], &mut [10, 10]), []);
    }
}
