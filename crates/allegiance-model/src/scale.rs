//! A setup at 1:k of its people, to learn which outcomes depend on scale.
//!
//! Divided are counts of people: inhabitants of places, members of groups,
//! garrisons, the dead of event tables, and who comes from outside or can be raised,
//! with what a place yields to pay them. A parameter that counts people keeps its value,
//! which is of the whole war, and is divided where it is read: how large a unit is, how many a
//! strike kills or can come to grips ([`Setup::scaled_down`]). What counts the dead of a place is
//! multiplied again ([`Setup::scaled_up`]). So as many assaults are fought by as many units,
//! with the same odds, and cost the same share of each side.
//!
//! Not divided is who is near a man: his household, his clan, and whom he asks. What is left
//! that depends on scale is that people come whole: a man who is killed by himself is an incident
//! for each of the many that he stands for.

use core::num::NonZeroU32;

use crate::setup::{Change, GarrisonSetup, ObservedEvent, Setup};

/// The fewest inhabitants of a place: the engine has no empty places.
const MIN_INHABITANTS: u64 = 1;
/// The fewest members of a group that had some: a garrison is never empty.
const MIN_MEMBERS: u64 = 1;

impl Setup {
    /// How many of a number of people of the whole war there are at this scale.
    pub fn scaled_down(&self, people: f64) -> f64 {
        people / f64::from(self.scale.get())
    }

    /// How many people of the whole war some people at this scale stand for.
    pub fn scaled_up(&self, people: f64) -> f64 {
        people * f64::from(self.scale.get())
    }

    /// How many members a group has at this scale that has so many in the whole war: at least one if it has any.
    pub fn scaled_members(&self, members: u32) -> u32 {
        divide_members(members, self.scale)
    }

    /// The same war among one in `scale` of its people.
    ///
    /// Each total (all inhabitants, the members of a group, the dead of a kind
    /// in an event table) is divided and rounded once, to the nearest whole
    /// number and halves upwards, and then shared out so that the sum is kept:
    /// each entry gets its due rounded up or down, and so does every run of
    /// neighbouring entries together. No place falls below one inhabitant, and
    /// the others make up for it; where there are fewer people than places,
    /// each place has one. A group that has members keeps at least one.
    /// Garrisons that come to nobody are left out. At a scale of 1 nothing
    /// changes.
    #[must_use]
    pub fn at_scale(&self, scale: NonZeroU32) -> Self {
        let mut scaled = self.clone();
        scaled.scale = self.scale.saturating_mul(scale);
        scaled.scale_places(scale);
        scaled.scale_groups(scale);
        scaled.scale_events(scale);
        scaled.scale_timeline(scale);
        scaled
    }

    fn scale_places(&mut self, scale: NonZeroU32) {
        let people: Vec<u32> = self.places.iter().map(|place| place.population).collect();
        let total = divide(self.n_inhabitants(), scale);
        for (place, people) in self.places.iter_mut().zip(share_out(&people, total, MIN_INHABITANTS)) {
            place.population = people;
        }
    }

    fn scale_groups(&mut self, scale: NonZeroU32) {
        let garrisons = core::mem::take(&mut self.garrisons);
        for (group_idx, group) in self.groups.iter_mut().enumerate() {
            let own: Vec<GarrisonSetup> =
                garrisons.iter().filter(|garrison| garrison.group.idx() == group_idx).copied().collect();
            let members: Vec<u32> = own.iter().map(|garrison| garrison.members).collect();
            group.members = divide_members(group.members, scale);
            let shared = share_out(&members, u64::from(group.members), 0);
            self.garrisons.extend(
                own.into_iter()
                    .zip(shared)
                    .filter(|&(_, members)| members > 0)
                    .map(|(garrison, members)| GarrisonSetup { members, ..garrison }),
            );
        }
    }

    /// Who comes from outside, who can be raised, and the money for fewer people.
    fn scale_timeline(&mut self, scale: NonZeroU32) {
        let share = 1.0 / f64::from(scale.get());
        for entry in &mut self.timeline {
            match &mut entry.change {
                Change::Inflow { per_month: rate, .. } | Change::Revenue { usd_per_place_per_month: rate, .. } => {
                    *rate *= share;
                }
                Change::Conscripts { men, .. } => *men = divide(u64::from(*men), scale) as u32,
                _ => {}
            }
        }
    }

    fn scale_events(&mut self, scale: NonZeroU32) {
        let kinds: [fn(&mut ObservedEvent) -> &mut u32; 3] =
            [|event| &mut event.deaths_a, |event| &mut event.deaths_b, |event| &mut event.deaths_civilians];
        for dead_of in kinds {
            let dead: Vec<u32> = self.events.iter_mut().map(|event| *dead_of(event)).collect();
            let total = divide(dead.iter().copied().map(u64::from).sum(), scale);
            for (event, dead) in self.events.iter_mut().zip(share_out(&dead, total, 0)) {
                *dead_of(event) = dead;
            }
        }
    }
}

/// A count divided and rounded, halves upwards.
fn divide(count: u64, scale: NonZeroU32) -> u64 {
    let scale = u64::from(scale.get());
    (count + scale / 2) / scale
}

/// The members of a group divided: at least one if it had any.
fn divide_members(members: u32, scale: NonZeroU32) -> u32 {
    if members == 0 { 0 } else { divide(u64::from(members), scale).max(MIN_MEMBERS) as u32 }
}

/// Shares out a total in proportion to counts, with at least `minimum` each.
///
/// Entries whose due is below the minimum get the minimum. Of the others, the
/// running sum is rounded, so that each gets its due rounded up or down and
/// what is left over doesn't pile up in one part of the list.
fn share_out(counts: &[u32], total: u64, minimum: u64) -> Vec<u32> {
    let mut is_at_minimum = vec![false; counts.len()];
    let (rest, weight) = loop {
        let n_at_minimum = is_at_minimum.iter().filter(|&&is_at| is_at).count() as u64;
        let rest = total.saturating_sub(minimum * n_at_minimum);
        let others = counts.iter().zip(&is_at_minimum).filter(|&(_, &is_at)| !is_at);
        let weight: u64 = others.map(|(&count, _)| u64::from(count)).sum();
        let is_below = |count: u32| u64::from(count) * rest < minimum * weight;
        let mut is_settled = true;
        for (is_at, &count) in is_at_minimum.iter_mut().zip(counts) {
            if !*is_at && is_below(count) {
                *is_at = true;
                is_settled = false;
            }
        }
        if is_settled {
            break (rest, weight);
        }
    };
    let mut sum = 0;
    let rounded = |sum: u64| (2 * sum * rest + weight) / (2 * weight).max(1);
    counts
        .iter()
        .zip(is_at_minimum)
        .map(|(&count, is_at)| {
            if is_at {
                return minimum as u32;
            }
            let before = rounded(sum);
            sum += u64::from(count);
            (rounded(sum) - before) as u32
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{divide, share_out};
    use crate::random::{Draws, Purpose};
    use core::num::NonZeroU32;

    #[test]
    fn halves_are_rounded_upwards() {
        let by = |count, scale| divide(count, NonZeroU32::new(scale).expect("not zero"));
        assert_eq!([by(14, 10), by(15, 10), by(0, 10), by(7, 1), by(3, 2)], [1, 2, 0, 7, 2]);
    }

    #[test]
    fn the_whole_total_shared_out_is_what_was_there() {
        let counts = [3, 1, 0, 40_000_000, 9];
        assert_eq!(share_out(&counts, counts.iter().copied().map(u64::from).sum(), 0), counts);
    }

    #[test]
    fn small_entries_get_the_minimum_and_the_others_make_up_for_it() {
        assert_eq!(share_out(&[2, 3, 500, 495], 100, 1), [1, 1, 49, 49]);
        assert_eq!(share_out(&[5, 5, 5], 2, 1), [1, 1, 1]);
    }

    #[test]
    fn equal_small_entries_are_thinned_evenly() {
        assert_eq!(share_out(&[20; 10], 2, 0), [0, 0, 1, 0, 0, 0, 0, 1, 0, 0]);
    }

    #[test]
    fn nothing_is_shared_out_among_nobody() {
        assert_eq!(share_out(&[], 5, 1), [0_u32; 0]);
        assert_eq!(share_out(&[0, 0], 0, 0), [0, 0]);
    }

    #[test]
    fn every_entry_gets_its_due_up_to_rounding() {
        let draws = Draws::of_population(5);
        for world in 0..200 {
            let mut stream = draws.stream(Purpose::Person, world, 0, 0);
            let counts: Vec<u32> = (0..=stream.below(60)).map(|_| 1 + stream.below(50_000)).collect();
            let whole: u64 = counts.iter().copied().map(u64::from).sum();
            let total = whole / (1 + u64::from(stream.below(300)));
            let shares = share_out(&counts, total, 0);
            assert_eq!(shares.iter().copied().map(u64::from).sum::<u64>(), total);
            for (&count, &share) in counts.iter().zip(&shares) {
                let due = f64::from(count) * total as f64 / whole as f64;
                assert!((f64::from(share) - due).abs() <= 1.0, "{share} for a due of {due}");
            }
            let at_least = share_out(&counts, total, 1);
            assert!(at_least.iter().all(|&share| share >= 1));
            let n_places = counts.len() as u64;
            assert_eq!(at_least.iter().copied().map(u64::from).sum::<u64>(), total.max(n_places));
        }
    }
}
