//! Reprisal against those who left a group, and against their kin.

use super::Dense;
use super::muster::Event;
use crate::ids::{GroupId, PersonId, PlaceId};
use crate::maths::daily_probability;
use crate::random::{Purpose, unit_interval};
use crate::setup::{Mechanism, Policy};
use crate::tables::{AllegianceKind, Incident, IncidentKind, Outcome, Standing};

impl Dense<'_> {
    /// The old groups pursue those who left them before today.
    pub(super) fn pursue(&mut self) {
        if !self.runs(Mechanism::Reprisal) {
            return;
        }
        let parameters = &self.world.setup.parameters.reprisal;
        let p_leaver = daily_probability(parameters.leaver_per_month);
        for person in self.leavers() {
            let state = self.person(person);
            let is_gone = matches!(state.standing, Standing::Dead | Standing::Departed);
            let Some(group) = state.old_group.filter(|&old| state.group != Some(old)) else { continue };
            if is_gone || state.left_day == Some(self.day) || !self.groups[group.idx()].is_alive {
                continue;
            }
            let p_kin = daily_probability(self.policy(group, Policy::KinReprisals).unwrap_or(parameters.kin_per_month));
            let words = self.draws.block(Purpose::Reprisal, person.0, self.day, 0);
            let (on_leaver, on_kin) = (unit_interval(words[0], words[1]), unit_interval(words[2], words[3]));
            let home = state.home;
            let within_reach =
                self.whereabouts(person).filter(|&place| self.force_around(place, group, parameters.reach_km) > 0);
            match (within_reach, home) {
                (Some(place), _) if on_leaver < p_leaver => self.kill_leaver(person, group, place),
                (_, Some(home)) if on_kin < p_kin * self.share(home, group) * self.exposure_of_kin(person) => {
                    self.harm_kin(person, group, home);
                }
                _ => {}
            }
        }
    }

    fn kill_leaver(&mut self, person: PersonId, group: GroupId, place: PlaceId) {
        let state = self.person(person);
        let target = state.group;
        let incident = match (state.clan, state.home) {
            (Some(clan), Some(home)) if home == place => {
                let quarter = self.world.kinship.quarter_of(clan, home);
                self.open_incident_in(IncidentKind::Reprisal, group, place, quarter)
            }
            _ => self.open_incident(IncidentKind::Reprisal, group, place),
        };
        let event = Event { place: Some(place), incident: Some(incident), to_group: Some(group), ..Event::default() };
        self.record(person, AllegianceKind::Reprisal, Some(Outcome::Executed), event);
        if let Some(new_group) = target {
            let weight = self.world.setup.scaled_up(1.0);
            self.provoke(new_group, group, weight, place);
            self.die(person, Outcome::Executed, event);
        } else {
            self.kill_civilian(person, incident);
        }
        self.close_incident(Incident {
            target,
            attackers_won: true,
            dead_target: u32::from(target.is_some()),
            ..self.incident_row(incident)
        });
    }

    /// Kills the first other civilian of the leaver's household who is at home.
    fn harm_kin(&mut self, leaver: PersonId, group: GroupId, home: PlaceId) {
        let state = self.person(leaver);
        let (Some(household), Some(clan)) = (state.household, state.clan) else { return };
        let family = self.world.kinship.people_of_household(household).map(PersonId);
        let mut victims = family
            .filter(|&kin| kin != leaver && self.person(kin).standing == Standing::Civilian && self.is_at_home(kin));
        let Some(victim) = victims.next() else { return };
        self.places[home.idx()].kin_reprisals[group.idx()] += 1;
        let quarter = self.world.kinship.quarter_of(clan, home);
        let incident = self.open_incident_in(IncidentKind::Reprisal, group, home, quarter);
        self.kill_civilian(victim, incident);
        self.close_incident(Incident { attackers_won: true, ..self.incident_row(incident) });
    }
}
