//! Harm to civilians: bystanders of assaults, repression, strikes.

use super::Dense;
use super::muster::Event;
use crate::denunciation::selectivity;
use crate::ids::{GroupId, IncidentId, PersonId, PlaceId};
use crate::maths::{exp, sqrt};
use crate::random::{Purpose, Stream};
use crate::setup::Mechanism;
use crate::tables::{Incident, IncidentKind, Outcome, Standing};
use std::ops::Range;

/// What the killing of a member's family weighs as a provocation.
const FAMILY_PROVOCATION: f64 = 0.3;
/// How often a civilian is looked for before giving up.
const MAX_TRIES: u32 = 40;

impl Dense<'_> {
    /// Share of a place's households that are at home.
    pub(super) fn present_share(&self, place: PlaceId) -> f64 {
        let n_households = f64::from(self.world.kinship.n_households(place));
        1.0 - f64::from(self.places[place.idx()].n_away) / n_households.max(1.0)
    }

    /// Kills civilians in the crossfire of an assault.
    pub(super) fn kill_bystanders(&mut self, incident: IncidentId, fighters_killed: f64) {
        let setup = &self.world.setup;
        let of = &self.incidents[incident.idx()];
        let brutality = setup.groups[of.perpetrator.idx()].brutality;
        let mean = setup.parameters.harm.civilians_per_fighter_killed
            * fighters_killed
            * exp(setup.parameters.harm.brutality_weight * (brutality - 0.5))
            * self.present_share(of.place);
        let n_dead = self.draws.stream(Purpose::CivilianDead, of.address, self.day, 0).poisson(mean);
        self.kill_civilians(incident, n_dead);
    }

    /// Kills a number of civilians of the quarter that the incident hit,
    /// families together.
    pub(super) fn kill_civilians(&mut self, incident: IncidentId, n_dead: u32) {
        let world = self.world;
        let of = &self.incidents[incident.idx()];
        let quarter = world.kinship.people_of_clans(&of.quarter);
        let mut stream = self.draws.stream(Purpose::CivilianVictim, of.address, self.day, 0);
        let mut last: Option<PersonId> = None;
        for _ in 0..n_dead {
            let family = last.and_then(|last| self.person(last).household);
            let range = match family {
                Some(family) if stream.uniform() < world.setup.parameters.harm.p_same_household => {
                    world.kinship.people_of_household(family)
                }
                _ => quarter.clone(),
            };
            let mut found = self.find_civilian(&range, &mut stream);
            if found.is_none() {
                found = self.find_civilian(&quarter, &mut stream);
            }
            let Some(person) = found else { break };
            self.kill_civilian(person, incident);
            last = Some(person);
        }
    }

    fn find_civilian(&self, people: &Range<u32>, stream: &mut Stream) -> Option<PersonId> {
        for _ in 0..MAX_TRIES {
            let person = PersonId(people.start + stream.below(people.end - people.start));
            let is_civilian = matches!(self.person(person).standing, Standing::Civilian | Standing::Deserter);
            if is_civilian && self.is_at_home(person) {
                return Some(person);
            }
        }
        None
    }

    /// Kills one civilian in an incident.
    pub(super) fn kill_civilian(&mut self, person: PersonId, incident: IncidentId) {
        self.touch(person);
        let (day, of) = (self.day, &mut self.incidents[incident.idx()]);
        of.victims.push(person);
        let (perpetrator, place) = (of.perpetrator, of.place);
        self.places[place.idx()].recent_deaths += 1.0;
        let state = self.person_mut(person);
        state.standing = Standing::Dead;
        state.killed_by = Some((perpetrator, day));
    }

    /// Selective violence by groups whose control is contested.
    pub(super) fn repress(&mut self) {
        if !self.runs(Mechanism::Repression) {
            return;
        }
        let setup = &self.world.setup;
        let rate_per_day = setup.parameters.harm.repression_per_month / 30.0;
        let margin = setup.parameters.harm.contested_margin;
        for place in self.place_ids() {
            let people = f64::from(setup.places[place.idx()].population) * self.present_share(place);
            for group in self.group_ids() {
                let control = self.share(place, group);
                let brutality = setup.groups[group.idx()].brutality;
                let mean = rate_per_day * brutality * 4.0 * control * (1.0 - control) * people / 100_000.0;
                let mut stream = self.draws.stream(Purpose::Repression, place.0, self.day, u32::from(group.0));
                let n_dead = stream.poisson(mean);
                let is_contested = (margin..1.0 - margin).contains(&control);
                let is_near = self.force_around(place, group, setup.parameters.harm.repression_reach_km) > 0;
                if self.groups[group.idx()].is_alive && is_contested && is_near && n_dead > 0 {
                    let incident = self.open_incident(IncidentKind::Repression, group, place);
                    self.kill_selectively(incident, n_dead, &mut stream);
                    self.close_incident(Incident { attackers_won: true, ..self.incident_row(incident) });
                }
            }
        }
    }

    /// The denounced as far as information goes, and whoever is there beyond.
    fn kill_selectively(&mut self, incident: IncidentId, n_dead: u32, stream: &mut Stream) {
        let of = self.incidents[incident.idx()].clone();
        let control = self.share(of.place, of.perpetrator);
        let p_selective = selectivity(&self.world.setup.parameters.denunciation, control);
        let mut n_selective = 0;
        for _ in 0..n_dead {
            if stream.uniform() >= p_selective {
                continue;
            }
            if let Some(person) = self.denounced(of.perpetrator, (of.place, &of.quarter), stream) {
                self.kill_civilian(person, incident);
                n_selective += 1;
                if let Some(group) = self.family_group(person, of.perpetrator) {
                    let weight = self.world.setup.scaled_up(FAMILY_PROVOCATION);
                    self.provoke(group, of.perpetrator, weight, of.place);
                }
            }
        }
        self.kill_civilians(incident, n_dead - n_selective);
    }

    /// Air and artillery strikes on places held by enemies.
    pub(super) fn strike(&mut self) {
        if !self.runs(Mechanism::Strikes) {
            return;
        }
        for group in self.group_ids() {
            if !self.groups[group.idx()].is_alive {
                continue;
            }
            let mut stream = self.draws.stream(Purpose::Strike, u32::from(group.0), self.day, 0);
            let n_strikes = stream.poisson(self.groups[group.idx()].strikes_per_month / 30.0);
            let targets = self.strike_targets(group);
            let total: f64 = targets.iter().map(|&(_, weight)| weight).sum();
            if targets.is_empty() {
                continue;
            }
            for nth in 0..n_strikes {
                let at = stream.uniform() * total;
                let mut passed = 0.0;
                let mut chosen = None;
                for &(place, weight) in &targets {
                    passed += weight;
                    chosen = chosen.or(Some(place).filter(|_| passed >= at));
                }
                let place = chosen.expect("the last target reaches the total");
                self.strike_place(group, place, nth, &mut stream);
            }
        }
    }

    /// Places held by enemies, weighted by their share and the root of the
    /// population.
    fn strike_targets(&self, group: GroupId) -> Vec<(PlaceId, f64)> {
        let mut targets = Vec::new();
        for place in self.place_ids() {
            let held: f64 = self.enemies_of(place, group).into_iter().map(|enemy| self.share(place, enemy)).sum();
            if held >= 0.5 {
                targets.push((place, held * sqrt(f64::from(self.world.setup.places[place.idx()].population))));
            }
        }
        targets
    }

    /// The civilians and members whom the nth strike of a day kills on average:
    /// guided bombs, barrel bombs, the rest.
    fn means_of_strike(&self, group: GroupId, nth: u32) -> [f64; 2] {
        let parameters = &self.world.setup.parameters;
        let mix = self.world.setup.groups[group.idx()].strike_mix;
        let of_kinds = [
            (mix.guided, [parameters.strikes.civilians_per_guided, parameters.strikes.members_per_guided]),
            (mix.guided + mix.barrel, [parameters.strikes.civilians_per_barrel, parameters.strikes.members_per_barrel]),
        ];
        let u = self.draws.uniform(Purpose::StrikeKind, u32::from(group.0), self.day, nth);
        let found = of_kinds.into_iter().find(|&(until, _)| u < until);
        let means = found
            .map_or([parameters.harm.civilians_per_strike, parameters.harm.fighters_per_strike], |(_, means)| means);
        means.map(|dead| self.world.setup.scaled_down(dead))
    }

    fn strike_place(&mut self, group: GroupId, place: PlaceId, nth: u32, stream: &mut Stream) {
        let [civilians, members] = self.means_of_strike(group, nth);
        let n_civilians = stream.poisson(civilians * self.present_share(place));
        let n_fighters = stream.poisson(members);
        let incident = self.open_incident(IncidentKind::Strike, group, place);
        let address = self.incidents[incident.idx()].address;
        let mut present: Vec<PersonId> = Vec::new();
        for unit in self.units_in(place) {
            if self.at_war(place, group, self.unit(unit).group) {
                present.extend(self.members(unit).into_iter().filter(|&person| self.is_on_duty(person)));
            }
        }
        let mut killed: Vec<PersonId> = Vec::new();
        for hit in 0..n_fighters {
            if present.is_empty() {
                break;
            }
            let u = self.draws.uniform(Purpose::StrikeVictim, address, self.day, hit);
            let at = ((u * present.len() as f64) as usize).min(present.len() - 1);
            // The last of those left takes the place of the one who was hit.
            let person = present.swap_remove(at);
            self.die(
                person,
                Outcome::Strike,
                Event { place: Some(place), incident: Some(incident), by: Some(group), ..Event::default() },
            );
            killed.push(person);
        }
        self.kill_civilians(incident, n_civilians);
        self.close_incident(Incident {
            target: killed.first().and_then(|&person| self.person(person).group),
            attackers_won: true,
            dead_target: killed.len() as u32,
            ..self.incident_row(incident)
        });
    }
}
