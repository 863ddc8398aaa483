//! Who is stationed where on the first day.

use super::control::Control;
use super::events::Event;
use super::groups::{Cast, Group};
use super::settlements::Map;
use allegiance_scenario::Profile;
use allegiance_scenario::event_rows::distance_km;
use allegiance_scenario::share_out;

/// Members stationed in a place are at most this share of its inhabitants;
/// above a fifth, which is the men of 15 to 39, homes would lie elsewhere.
pub(super) const MOST_SHARE: f64 = 0.15;
/// No garrison is smaller.
pub(super) const SMALLEST: u32 = 10;
/// Members stationed for each death of the record that a replay has to place:
/// some are on leave, and others wounded or gone before the last event.
pub(super) const MEMBERS_PER_DEATH: u32 = 3;
/// How far from its deaths a group's members may be stationed for them; a
/// replay looks for them within 60 km.
pub(super) const REACH_KM: f64 = 50.0;

/// Members by group and place.
#[derive(Debug, Default)]
pub(super) struct Garrisons {
    /// Group, place, members; in the order of groups, then places.
    pub(super) rows: Vec<(usize, usize, u32)>,
    /// Groups that had to be made smaller, and by how many.
    pub(super) reduced: Vec<(usize, u32)>,
    /// Groups, and the deaths of theirs that a replay can't place, since nobody
    /// of them is near or they have fewer members.
    pub(super) out_of_reach: Vec<(usize, u32)>,
    /// Civilian deaths of the record beyond the inhabitants of their places.
    pub(super) civilians_short: u32,
}

/// Stations the members of every group. Where a record is replayed, first some
/// for each of the group's deaths, near these, as far as its members go: a side
/// without members near an event would lose nobody in it. The others go by its
/// control and the square root of the population: where it holds more than any
/// other, and where it holds anything only if there is no such place, or no
/// room. So enemies seldom begin in one place. Where the men of its places don't
/// suffice, the group becomes smaller.
pub(super) fn station(cast: &mut Cast, map: &Map, control: &mut Control, replayed: &[&Event]) -> Garrisons {
    let deaths = Deaths::of(replayed, cast, map);
    let mut room: Vec<u32> = map.places.iter().map(|place| (MOST_SHARE * f64::from(place.population)) as u32).collect();
    let mut order: Vec<usize> = (0..cast.groups.len()).collect();
    // Who holds least chooses first, the government last.
    order.sort_by_key(|&at| (cast.groups[at].class == Profile::Government, cast.groups[at].members, at));
    let mut garrisons = Garrisons::default();
    for at in order {
        let group = &mut cast.groups[at];
        let is_local = group.character.foreign_share.rank_and_file < 1.0;
        let mut unlimited = vec![u32::MAX; room.len()];
        let room = if is_local { &mut room } else { &mut unlimited };
        let ground = Ground { map, control, group: at };
        let mut stationed = ground.near_deaths(group, &deaths.of_group[at], room);
        let mut left = group.members - stationed.iter().sum::<u32>();
        for weights in [ground.weights(|place| ground.leads(place)), ground.weights(|_| true)] {
            for (place, members) in fill(left, &weights, room) {
                stationed[place] += members;
                left -= members;
            }
        }
        garrisons.out_of_reach.push((at, ground.out_of_reach(&deaths.of_group[at], &stationed)));
        if left > 0 {
            garrisons.reduced.push((at, left));
            group.members -= left;
        }
        let stationed = stationed.into_iter().enumerate().filter(|(_, members)| *members > 0);
        garrisons.rows.extend(stationed.map(|(place, members)| (at, place, members)));
    }
    for &(group, place, _) in &garrisons.rows {
        control.admit(group, place);
    }
    garrisons.rows.sort_unstable();
    garrisons.reduced.sort_unstable();
    garrisons.out_of_reach.retain(|(_, deaths)| *deaths > 0);
    garrisons.out_of_reach.sort_unstable();
    garrisons.civilians_short = deaths.civilians_short(map);
    garrisons
}

/// The deaths that a replay has to place, by place.
struct Deaths {
    /// Places and deaths of each group, the most deaths first.
    of_group: Vec<Vec<(usize, u32)>>,
    of_civilians: Vec<u32>,
}

impl Deaths {
    fn of(replayed: &[&Event], cast: &Cast, map: &Map) -> Self {
        let n_places = map.places.len();
        let mut by_group = vec![vec![0_u32; n_places]; cast.groups.len()];
        for event in replayed {
            let (Some((a, b)), Some(found)) = (cast.groups_of(event), map.find(event)) else { continue };
            let place = found.place;
            let (lost_a, lost_b) = event.losses();
            by_group[a][place] += lost_a;
            if let Some(b) = b {
                by_group[b][place] += lost_b;
            }
        }
        let most_first = |of_place: Vec<u32>| {
            let mut deaths: Vec<(usize, u32)> = of_place.into_iter().enumerate().filter(|(_, n)| *n > 0).collect();
            deaths.sort_by_key(|&(place, n)| (std::cmp::Reverse(n), place));
            deaths
        };
        let of_civilians = civilian_deaths(replayed, cast, map);
        Self { of_group: by_group.into_iter().map(most_first).collect(), of_civilians }
    }

    /// Civilian deaths beyond the inhabitants of their places.
    fn civilians_short(&self, map: &Map) -> u32 {
        let each = self.of_civilians.iter().zip(&map.places);
        each.map(|(deaths, place)| deaths.saturating_sub(place.population)).sum()
    }
}

/// The civilians whom a replay has to kill, by place.
pub(super) fn civilian_deaths(replayed: &[&Event], cast: &Cast, map: &Map) -> Vec<u32> {
    let mut of_place = vec![0_u32; map.places.len()];
    for event in replayed.iter().filter(|event| cast.groups_of(event).is_some()) {
        if let Some(found) = map.find(event) {
            of_place[found.place] += event.n_civilians();
        }
    }
    of_place
}

/// The members whom a replay has to kill, of all groups together, by place.
pub(super) fn member_deaths(replayed: &[&Event], cast: &Cast, map: &Map) -> Vec<u32> {
    let deaths = Deaths::of(replayed, cast, map);
    let mut of_place = vec![0_u32; map.places.len()];
    for (place, dead) in deaths.of_group.into_iter().flatten() {
        of_place[place] += dead;
    }
    of_place
}

/// Where one group may be stationed.
struct Ground<'a> {
    map: &'a Map,
    control: &'a Control,
    group: usize,
}

impl Ground<'_> {
    /// Whether the group holds more of a place than any other.
    fn leads(&self, place: usize) -> bool {
        let shares = self.control.of(place);
        shares.iter().enumerate().all(|(other, share)| other == self.group || *share < shares[self.group])
    }

    fn weights(&self, is_open: impl Fn(usize) -> bool) -> Vec<f64> {
        let weigh = |(place, of): (usize, &super::settlements::Place)| {
            let share = if is_open(place) { f64::from(self.control.of(place)[self.group]) } else { 0.0 };
            share * f64::from(of.population).sqrt()
        };
        self.map.places.iter().enumerate().map(weigh).collect()
    }

    fn is_near(&self, a: usize, b: usize) -> bool {
        distance_km(self.map.places[a].point, self.map.places[b].point) <= REACH_KM
    }

    /// Places near a place: those that the group leads, then those of which it
    /// holds anything, then the others; the nearest first in each.
    fn near(&self, place: usize) -> Vec<usize> {
        let at = self.map.places[place].point;
        let rank = |other: usize| match self.control.of(other)[self.group] {
            _ if self.leads(other) => 0,
            0 => 2,
            _ => 1,
        };
        let distances = self.map.places.iter().enumerate().map(|(other, of)| (distance_km(at, of.point), other));
        let mut near: Vec<(u8, f64, usize)> = distances
            .filter(|(distance, _)| *distance <= REACH_KM)
            .map(|(distance, other)| (rank(other), distance, other))
            .collect();
        near.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        near.into_iter().map(|(_, _, other)| other).collect()
    }

    /// Members by place for the group's deaths: [`MEMBERS_PER_DEATH`] for each,
    /// or in proportion where the group has fewer.
    fn near_deaths(&self, group: &Group, deaths: &[(usize, u32)], room: &mut [u32]) -> Vec<u32> {
        let mut stationed = vec![0_u32; room.len()];
        let n_deaths: u32 = deaths.iter().map(|(_, n)| n).sum();
        let wanted = n_deaths.saturating_mul(MEMBERS_PER_DEATH).min(group.members);
        if wanted == 0 {
            return stationed;
        }
        let shares = share_out(wanted, &deaths.iter().map(|(_, n)| f64::from(*n)).collect::<Vec<_>>());
        let mut left = group.members;
        for (&(place, _), share) in deaths.iter().zip(shares) {
            let near = self.near(place);
            let mut wanted = share.min(left);
            // Too few for a garrison of their own join another, or fill one up.
            if wanted < SMALLEST && !near.iter().any(|&other| stationed[other] > 0) {
                wanted = SMALLEST.min(left);
            }
            for other in near {
                let least = if stationed[other] > 0 { 1 } else { SMALLEST.min(wanted) };
                if wanted == 0 || room[other] < least {
                    continue;
                }
                let taken = wanted.min(room[other]);
                stationed[other] += taken;
                room[other] -= taken;
                wanted -= taken;
                left -= taken;
            }
        }
        stationed
    }

    /// Deaths with no member of the group near, and those beyond its members.
    fn out_of_reach(&self, deaths: &[(usize, u32)], stationed: &[u32]) -> u32 {
        let is_held = |place: usize| (0..stationed.len()).any(|at| stationed[at] > 0 && self.is_near(place, at));
        let far: u32 = deaths.iter().filter(|(place, _)| !is_held(*place)).map(|(_, n)| n).sum();
        let near = deaths.iter().map(|(_, n)| n).sum::<u32>() - far;
        far + near.saturating_sub(stationed.iter().sum())
    }
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
