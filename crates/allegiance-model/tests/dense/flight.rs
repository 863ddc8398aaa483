//! Flight for a reason. Who ruled each place is kept evening by evening, and how
//! long a rule has lasted is counted from that.

use super::Dense;
use crate::ids::{GroupId, PlaceId};
use crate::setup::Mechanism;

impl Dense<'_> {
    /// Households away on the first day.
    pub(super) fn start_away(&mut self) {
        if !self.runs(Mechanism::Flight) || !self.runs(Mechanism::Displacement) {
            return;
        }
        for place in self.place_ids() {
            let share = self.world.setup.places[place.idx()].displaced_share;
            let n_away = (share * f64::from(self.world.kinship.n_households(place))).round();
            self.places[place.idx()].n_away = n_away as u32;
            self.see_who_is_away(place);
        }
    }

    pub(super) fn note_rulers(&mut self) {
        for place in self.place_ids() {
            let ruler = self.controller(place);
            self.places[place.idx()].rulers.push(ruler);
        }
    }

    /// Whether a group's constituency isn't that of the group with most control
    /// of the place in the scenario, the first on a tie.
    fn is_stranger(&self, place: PlaceId, ruler: GroupId) -> bool {
        let setup = &self.world.setup;
        let shares = &setup.places[place.idx()].control;
        let most = shares.iter().copied().fold(0.0, f64::max);
        let first = shares.iter().position(|&share| share >= most).expect("some group has most");
        setup.kind_of(ruler).constituency != setup.kind_of(GroupId::from_idx(first)).constituency
    }

    pub(super) fn flees_rule(&self, place: PlaceId) -> bool {
        let rulers = self.places[place.idx()].rulers.iter().rev();
        let n_evenings = rulers.take_while(|&&ruler| self.is_stranger(place, ruler)).count();
        let is_on = self.runs(Mechanism::Flight);
        is_on && n_evenings > 0 && ((n_evenings - 1) as f64) < self.world.setup.parameters.flight.foreign_rule_days
    }

    pub(super) fn base_of_flight(&self, place: PlaceId) -> f64 {
        let parameters = &self.world.setup.parameters;
        if !self.runs(Mechanism::Flight) {
            parameters.displacement.flight_per_month
        } else if self.flees_rule(place) {
            parameters.flight.foreign_rule_per_month
        } else {
            parameters.flight.peace_per_month
        }
    }
}
