//! Sieges of towns that are cut off.

use super::Dense;
use crate::ids::{GroupId, PlaceId};
use crate::maths::powf;
use crate::random::Purpose;
use crate::setup::Mechanism;
use crate::tables::{Incident, IncidentKind};

/// The siege of a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Siege {
    besieged: GroupId,
    is_truce: bool,
}

impl Dense<'_> {
    /// Every seventh day from the first, towns are looked at in order of number.
    pub(super) fn review_sieges(&mut self) {
        if !self.runs(Mechanism::Sieges) || !self.day.is_multiple_of(7) {
            return;
        }
        let p = &self.world.setup.parameters.sieges;
        let weeks = 7.0 / 30.0;
        for place in self.place_ids() {
            let group = self.controller(place);
            let before = self.places[place.idx()].siege.filter(|siege| siege.besieged == group);
            let Some(besieger) = self.besieger(group, place) else {
                self.places[place.idx()].siege = None;
                continue;
            };
            let p_truce = 1.0 - powf(1.0 - p.truce_per_month, weeks);
            let agrees = self.draws.chance(p_truce, Purpose::SiegeTruce, place.0, self.day, 0);
            let is_truce = before.is_some_and(|before| before.is_truce || agrees);
            self.places[place.idx()].siege = Some(Siege { besieged: group, is_truce });
            if before.is_none() || is_truce {
                continue;
            }
            let population = f64::from(self.world.setup.places[place.idx()].population);
            let mean = p.hunger_per_1000 * weeks * (population * self.present_share(place)) / 1_000.0;
            let n_dead = self.draws.stream(Purpose::Hunger, place.0, self.day, 0).poisson(mean);
            if n_dead > 0 {
                let incident = self.open_incident(IncidentKind::Repression, besieger, place);
                self.kill_civilians(incident, n_dead);
                self.close_incident(Incident { attackers_won: true, ..self.incident_row(incident) });
            }
        }
    }

    /// Who besieges a place held by a group, if anybody.
    fn besieger(&self, group: GroupId, place: PlaceId) -> Option<GroupId> {
        let setup = &self.world.setup;
        let people = f64::from(setup.places[place.idx()].population);
        let is_town = people >= setup.parameters.sieges.least_people / f64::from(setup.scale.get());
        if !is_town || self.force(place, group) == 0 || !self.is_cut_off(group, place) {
            return None;
        }
        let scale = f64::from(setup.scale.get());
        let pocket = self.chained_with(group, place);
        let people: f64 = pocket.iter().map(|at| f64::from(setup.places[at.idx()].population) * scale).sum();
        if people > setup.parameters.sieges.most_people {
            return None;
        }
        self.strongest_enemy_within(setup.parameters.operations.reach_km, group, place)
    }

    fn siege_by(&self, attacker: GroupId, place: PlaceId) -> Option<Siege> {
        self.places[place.idx()].siege.filter(|siege| self.at_war(place, attacker, siege.besieged))
    }

    pub(super) fn defender_value(&self, attacker: GroupId, place: PlaceId) -> f64 {
        let p = &self.world.setup.parameters;
        let besieged = if self.siege_by(attacker, place).is_some() { p.sieges.defender_multiplier } else { 0.0 };
        besieged.max(p.combat.defender_multiplier)
    }

    pub(super) fn siege_pace(&self, group: GroupId, from: PlaceId, to: PlaceId) -> f64 {
        let own = self.places[from.idx()].siege.filter(|siege| siege.besieged == group);
        let enemy = self.siege_by(group, to);
        if own.is_some_and(|siege| siege.is_truce) || enemy.is_some_and(|siege| siege.is_truce) {
            0.0
        } else if enemy.is_some() {
            self.world.setup.parameters.sieges.assaults
        } else {
            1.0
        }
    }
}
