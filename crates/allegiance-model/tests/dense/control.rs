//! Control of places, and the territory and momentum of groups.

use super::Dense;
use crate::ids::{GroupId, PlaceId};
use crate::maths::{daily_probability, half_life_factor};
use crate::tables::{ControlShare, Day};

/// A change of share that is recorded.
const RECORDED_CHANGE: f64 = 0.01;
/// Bounds of momentum.
const MAX_MOMENTUM: f64 = 0.5;
/// Territory below which a gain is measured against this.
const MIN_TERRITORY: f64 = 0.005;

impl Dense<'_> {
    pub(super) fn share(&self, place: PlaceId, group: GroupId) -> f64 {
        self.places[place.idx()].control[group.idx()]
    }

    /// The group with the largest share, the first on a tie.
    pub(super) fn controller(&self, place: PlaceId) -> GroupId {
        let better = |best, other| if self.share(place, other) > self.share(place, best) { other } else { best };
        self.group_ids().fold(GroupId(0), better)
    }

    /// Gives a group at least a share and scales the others to what is left.
    pub(super) fn take_control(&mut self, place: PlaceId, group: GroupId, share: f64) {
        let before = self.share(place, group);
        if share <= before {
            return;
        }
        let scale = (1.0 - share) / (1.0 - before).max(1e-12);
        for other in self.group_ids() {
            let of_other = &mut self.places[place.idx()].control[other.idx()];
            *of_other = if other == group { share } else { *of_other * scale };
        }
    }

    /// Records control and territory as they stand before the first day.
    pub(super) fn start_control(&mut self) {
        self.record_control();
        for group in self.group_ids() {
            self.groups[group.idx()].territory = self.territory(group);
            self.groups[group.idx()].ground = vec![self.territory(group)];
        }
    }

    /// Passes control of the places taken today; control follows the forces of
    /// this morning, and momentum follows territory.
    pub(super) fn relax(&mut self, captures: Vec<(PlaceId, GroupId)>) {
        let parameters = &self.world.setup.parameters;
        for (place, group) in captures {
            self.take_control(place, group, parameters.control.capture_share);
        }
        let pull = daily_probability(parameters.control.relaxation_per_month);
        for place in self.place_ids() {
            let total: u32 = self.group_ids().map(|group| self.force(place, group)).sum();
            for group in self.group_ids() {
                let share = self.share(place, group);
                let wanted = if total > 0 { f64::from(self.force(place, group)) / f64::from(total) } else { share };
                self.places[place.idx()].control[group.idx()] = share + pull * (wanted - share);
            }
        }
        self.record_control();
        let fading = half_life_factor(1.0, parameters.joining.momentum_days);
        for group in self.group_ids() {
            let now = self.territory(group);
            let state = &mut self.groups[group.idx()];
            let gain = (now - state.territory) / state.territory.max(MIN_TERRITORY);
            state.momentum = (state.momentum * fading + gain).clamp(-MAX_MOMENTUM, MAX_MOMENTUM);
            state.territory = now;
            state.ground.push(now);
        }
    }

    fn record_control(&mut self) {
        for place in self.place_ids() {
            for group in self.group_ids() {
                let share = self.share(place, group);
                let recorded = &mut self.places[place.idx()].control_recorded[group.idx()];
                if (share - *recorded).abs() >= RECORDED_CHANGE {
                    *recorded = share;
                    self.records.control.push(ControlShare { day: Day(self.day), place, group, share });
                }
            }
        }
    }

    /// Share of the population that a group controls.
    pub(super) fn territory(&self, group: GroupId) -> f64 {
        let population = |place: PlaceId| f64::from(self.world.setup.places[place.idx()].population);
        let total: f64 = self.place_ids().map(population).sum();
        let held: f64 = self.place_ids().map(|place| population(place) * self.share(place, group)).sum();
        held / total
    }
}
