//! Support of the civilians of a place for each group.

use super::Dense;
use crate::ids::{GroupId, PlaceId};
use crate::maths::half_life_factor;
use crate::support::harm_response;

impl Dense<'_> {
    /// Whether two groups draw on the same constituency.
    pub(super) fn share_constituency(&self, a: GroupId, b: GroupId) -> bool {
        let setup = &self.world.setup;
        let of = |group: GroupId| setup.kinds[setup.groups[group.idx()].kind.idx()].constituency;
        of(a) == of(b)
    }

    /// What control brings and what harm has cost, log-odds.
    pub(super) fn support(&self, place: PlaceId, group: GroupId) -> f64 {
        let bonus = self.world.setup.parameters.support.governance_bonus;
        bonus * self.share(place, group) + self.places[place.idx()].support[group.idx()]
    }

    /// Lets old harm fade and counts that of the incidents not told yet.
    pub(super) fn respond(&mut self) {
        let setup = &self.world.setup;
        let parameters = &setup.parameters.support;
        let fading = half_life_factor(1.0, parameters.memory_days);
        for place in &mut self.places {
            for value in &mut place.support {
                *value *= fading;
            }
        }
        for at in self.n_told..self.incidents.len() {
            let of = &self.incidents[at];
            let (place, perpetrator, n_dead) = (of.place, of.perpetrator, of.dead_civilians());
            if n_dead == 0 {
                continue;
            }
            let is_in_group = self.share_constituency(perpetrator, of.holder);
            let population = f64::from(setup.places[place.idx()].population);
            let (loss, gain) =
                harm_response(parameters, setup.scaled_up(f64::from(n_dead)), setup.scaled_up(population), is_in_group);
            self.places[place.idx()].support[perpetrator.idx()] -= loss;
            if let Some(rival) = self.strongest_rival(place, perpetrator) {
                self.places[place.idx()].support[rival.idx()] += gain;
            }
        }
    }

    /// The enemy of a group with the largest share in a place, if it has any.
    fn strongest_rival(&self, place: PlaceId, group: GroupId) -> Option<GroupId> {
        let mut best = None;
        let mut most = 0.0;
        for enemy in self.enemies_of(place, group) {
            if self.share(place, enemy) > most {
                (best, most) = (Some(enemy), self.share(place, enemy));
            }
        }
        best
    }
}
