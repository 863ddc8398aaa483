//! Operations in observed mode: incidents come from an event table.

use super::Dense;
use super::muster::Event;
use crate::geography::Geography;
use crate::ids::{GroupId, IncidentId, PersonId, PlaceId};
use crate::random::Purpose;
use crate::setup::ObservedEvent;
use crate::tables::{Incident, IncidentKind, Outcome};

/// What one side of an event lost.
struct Toll {
    engaged: Vec<PersonId>,
    n_dead: u32,
    n_wounded: u32,
}

impl Dense<'_> {
    /// Replays today's events.
    pub(super) fn replay(&mut self) {
        let world = self.world;
        for event in &world.setup.events {
            if event.day != self.day {
                continue;
            }
            match event.side_b {
                Some(side_b) => self.replay_clash(event, side_b),
                None => self.replay_one_sided(event),
            }
        }
    }

    fn replay_one_sided(&mut self, event: &ObservedEvent) {
        let incident = self.open_incident(IncidentKind::Repression, event.side_a, event.place);
        let own = if event.deaths_a > 0 {
            self.take_toll(event, event.side_a, event.deaths_a, incident)
        } else {
            Toll { engaged: Vec::new(), n_dead: 0, n_wounded: 0 }
        };
        self.kill_civilians(incident, event.deaths_civilians);
        self.close_incident(Incident {
            attackers_won: true,
            n_attackers: own.engaged.len() as u32,
            dead_perpetrator: own.n_dead,
            n_wounded: own.n_wounded,
            ..self.incident_row(incident)
        });
    }

    fn replay_clash(&mut self, event: &ObservedEvent, side_b: GroupId) {
        let incident = self.open_incident(IncidentKind::Assault, event.side_a, event.place);
        let a = self.take_toll(event, event.side_a, event.deaths_a, incident);
        let b = self.take_toll(event, side_b, event.deaths_b, incident);
        self.kill_civilians(incident, event.deaths_civilians);
        self.places[event.place.idx()].assault_day = Some(self.day);
        let row = Incident {
            target: Some(side_b),
            n_attackers: a.engaged.len() as u32,
            n_defenders: b.engaged.len() as u32,
            dead_perpetrator: a.n_dead,
            dead_target: b.n_dead,
            n_wounded: a.n_wounded + b.n_wounded,
            ..self.incident_row(incident)
        };
        self.incidents[incident.idx()].participants = a.engaged;
        self.close_incident(row);
    }

    /// Kills and wounds members of the units nearest to the event.
    fn take_toll(&mut self, event: &ObservedEvent, group: GroupId, n_dead: u32, incident: IncidentId) -> Toll {
        let parameters = &self.world.setup.parameters.combat;
        let n_wounded = (f64::from(n_dead) * parameters.wounded_per_killed).round() as u32;
        let n_wanted = (f64::from(n_dead) / parameters.killed_share_loser.max(0.01)).ceil() as usize;
        let engaged = self.nearest_members(group, event.place, n_wanted.max(1));
        let address = self.incidents[incident.idx()].address;
        let mut stream = self.draws.stream(Purpose::ObservedLoss, address, self.day, u32::from(group.0));
        let mut left = engaged.clone();
        let mut toll = Toll { engaged, n_dead: 0, n_wounded: 0 };
        let by = [Some(event.side_a), event.side_b].into_iter().flatten().find(|&side| side != group);
        let hit = Event { place: Some(event.place), incident: Some(incident), by, ..Event::default() };
        for nth in 0..n_dead + n_wounded {
            if left.is_empty() {
                break;
            }
            // The last of those left takes the place of the one who was hit.
            let person = left.swap_remove(stream.below(left.len() as u32) as usize);
            if nth < n_dead {
                toll.n_dead += 1;
                self.die(person, Outcome::Combat, hit);
            } else {
                toll.n_wounded += 1;
                self.wound(person, incident, group != event.side_a, hit);
            }
        }
        toll
    }

    /// Members on duty of a group's units nearest to a place, whole units
    /// until enough are found.
    fn nearest_members(&self, group: GroupId, place: PlaceId, n_wanted: usize) -> Vec<PersonId> {
        let members = self.members_by_unit();
        let mut found: Vec<PersonId> = Vec::new();
        for near in &self.world.geography.within(place, Geography::RADIUS_KM) {
            for unit in self.units_in(near.place) {
                if self.unit(unit).group == group && found.len() < n_wanted {
                    found.extend(members[unit.idx()].iter().copied().filter(|&person| self.is_on_duty(person)));
                }
            }
        }
        found
    }
}
