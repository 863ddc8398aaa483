//! What a place is worth, what falls without an assault, and how many come to
//! grips.

use super::Dense;
use crate::ids::{GroupId, PlaceId};
use crate::maths::{daily_probability, powf, sqrt};
use crate::random::Purpose;
use crate::setup::Mechanism;

impl Dense<'_> {
    pub(super) fn value(&self, group: GroupId, place: PlaceId) -> f64 {
        let setup = &self.world.setup;
        let population = setup.scaled_up(f64::from(setup.places[place.idx()].population));
        let n_units = setup.scaled_up(f64::from(self.enemy_force(group, place))) / 60.0;
        sqrt(population) * (1.0 + setup.parameters.targets.garrison_weight * n_units)
    }

    /// The weight of a target with some odds.
    pub(super) fn worth(&self, group: GroupId, place: PlaceId) -> f64 {
        if self.runs(Mechanism::Targets) { self.value(group, place) } else { 1.0 }
    }

    pub(super) fn counted_odds(&self, odds: f64) -> f64 {
        let most = self.world.setup.parameters.targets.most_odds;
        if self.runs(Mechanism::Targets) && odds > most { most } else { odds }
    }

    /// Whether a place at a distance takes no assault, since nobody defends it.
    pub(super) fn falls_by_presence(&self, group: GroupId, place: PlaceId, distance_km: f64) -> bool {
        let presence_km = self.world.setup.parameters.targets.presence_km;
        self.runs(Mechanism::Targets) && distance_km <= presence_km && self.enemy_force(group, place) == 0
    }

    pub(super) fn front_members(&self, group: GroupId, place: PlaceId) -> f64 {
        let front = self.world.setup.scaled_down(self.world.setup.parameters.combat.front_members);
        let stake = self.value(group, place) / sqrt(2_000.0);
        let growth = powf(stake, self.world.setup.parameters.targets.front_growth);
        if self.runs(Mechanism::Targets) { front * growth } else { front }
    }

    /// The undefended places that fall today, to whom.
    pub(super) fn fall(&self) -> Vec<(PlaceId, GroupId)> {
        if !self.runs(Mechanism::Targets) || !self.runs(Mechanism::Operations) {
            return Vec::new();
        }
        let quiet = self.place_ids().filter(|&place| self.places[place.idx()].assault_day != Some(self.day));
        quiet.filter_map(|place| Some((place, self.taker(place)?))).collect()
    }

    fn taker(&self, place: PlaceId) -> Option<GroupId> {
        let rates: Vec<f64> = self.group_ids().map(|group| self.rate_of_falling(group, place)).collect();
        let total: f64 = rates.iter().sum();
        let mut stream = self.draws.stream(Purpose::Presence, place.0, self.day, 0);
        let falls = stream.uniform() < daily_probability(total);
        let at = stream.uniform() * total;
        let mut passed = 0.0;
        let taker = self.group_ids().find(|group| {
            passed += rates[group.idx()];
            rates[group.idx()] > 0.0 && passed >= at
        });
        taker.filter(|_| falls)
    }

    fn rate_of_falling(&self, group: GroupId, place: PlaceId) -> f64 {
        let setup = &self.world.setup;
        let p = &setup.parameters.targets;
        let own = self.force_around(place, group, p.presence_km);
        let against: u32 =
            self.enemies_of(place, group).into_iter().map(|enemy| self.force_around(place, enemy, p.presence_km)).sum();
        let is_undefended = self.enemy_share(group, place) > 0.5 && self.enemy_force(group, place) == 0;
        if own == 0 || !is_undefended {
            return 0.0;
        }
        let contested = f64::from(own) / (f64::from(own) + f64::from(against));
        let tempo = setup.groups[group.idx()].offensive_tempo;
        p.presence_per_month * tempo * self.local_pace(group, place) * contested
    }
}
