//! Exits: every member's draw against his full hazard, every day.

use super::Dense;
use super::exit_blocks::{BLOCKS, Hazards, is_active};
use super::muster::Event;
use super::state::Person;
use crate::ids::{GroupId, IncidentId, PersonId, PlaceId, UnitId};
use crate::maths::{daily_probability, logistic};
use crate::random::Purpose;
use crate::setup::Mechanism;
use crate::tables::{AllegianceKind, Cause, ExitKind, Standing};

/// A member's decision to leave.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decision {
    pub(super) person: PersonId,
    pub(super) group: GroupId,
    pub(super) unit: UnitId,
    pub(super) place: PlaceId,
    pub(super) is_on_leave: bool,
    incident: Option<IncidentId>,
    kind: ExitKind,
    /// The host that he chose, where leavers choose.
    chosen_host: Option<GroupId>,
    cause: Cause,
    hazards: Hazards,
}

/// A member who got away to another group, waiting to be taken in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaving {
    pub(super) person: PersonId,
    pub(super) unit: UnitId,
    pub(super) host: GroupId,
    pub(super) place: PlaceId,
    pub(super) incident: Option<IncidentId>,
}

impl Decision {
    pub(super) fn event(&self, to_group: Option<GroupId>) -> Event {
        Event {
            place: Some(self.place),
            incident: self.incident,
            to_group,
            is_on_leave: self.is_on_leave,
            ..Event::default()
        }
    }
}

impl Dense<'_> {
    /// Every active member stays or leaves; gives those who got away to
    /// another group.
    pub(super) fn decide(&mut self) -> Vec<Leaving> {
        let mut leavings = Vec::new();
        if !self.runs(Mechanism::Exits) {
            return leavings;
        }
        self.count_losses();
        let members = self.members_by_unit();
        let mut decisions = Vec::new();
        for members in &members {
            for &person in members {
                if !self.person(person).is_active() {
                    continue;
                }
                let hazards = self.hazards(person, members);
                let p_exit = daily_probability(hazards.per_month.iter().sum());
                if self.draws.daily_uniform(Purpose::Exit, person.0, self.day) < p_exit {
                    decisions.push(self.choose(person, hazards));
                }
            }
        }
        for decision in decisions {
            // Some have died or left with their commander meanwhile.
            if self.person(decision.person).is_active() {
                self.set_out(&decision, &mut leavings);
            }
        }
        leavings
    }

    /// Picks the kind of exit in proportion to its hazard.
    fn choose(&self, person: PersonId, mut hazards: Hazards) -> Decision {
        let state = self.person(person);
        let unit = self.unit_of(person);
        let place = self.whereabouts(person).unwrap_or(self.unit(unit).place);
        let [desertion, defection, departure] = hazards.per_month;
        let at = self.draws.uniform(Purpose::ExitKind, person.0, self.day, 0) * (desertion + defection + departure);
        let mut kind = if at < desertion {
            ExitKind::Desertion
        } else if at - desertion < defection {
            ExitKind::Defection
        } else {
            ExitKind::Departure
        };
        let mut chosen_host = None;
        if self.runs(Mechanism::Destination) {
            let (to, host, shares) = self.destination(person, place);
            let total: f64 = hazards.per_month.iter().sum();
            (kind, chosen_host) = (to, host);
            hazards.per_month = shares.map(|share| total * share);
        }
        let (mut cause, mut most) = (Cause::Baseline, 0.0);
        for (block, value) in BLOCKS.iter().zip(hazards.blocks) {
            if value[kind as usize] > most {
                (cause, most) = (block.cause, value[kind as usize]);
            }
        }
        Decision {
            person,
            group: self.group_of(person),
            unit,
            place,
            is_on_leave: self.is_on_leave(person),
            incident: state.kin_killed.or(state.home_attacked).map(|(_, incident)| incident),
            kind,
            chosen_host,
            cause,
            hazards,
        }
    }

    /// A member sets out, with those who agreed to go with him.
    fn set_out(&mut self, decision: &Decision, leavings: &mut Vec<Leaving>) {
        let Some(party) = self.persuade(decision) else { return };
        let found = self.find_host(decision.person, decision.place).filter(|_| decision.kind == ExitKind::Defection);
        let host = if self.runs(Mechanism::Destination) { decision.chosen_host } else { found };
        let goes_abroad = decision.kind == ExitKind::Departure || self.person(decision.person).is_foreign;
        let kind = match host {
            Some(_) => ExitKind::Defection,
            None if goes_abroad => ExitKind::Departure,
            None => ExitKind::Desertion,
        };
        self.carry_out(decision, host, leavings);
        for (person, hazards) in party {
            if self.person(person).is_active() {
                let is_on_leave = self.is_on_leave(person);
                let cause = Cause::Cascade;
                let companion = Decision { person, kind, is_on_leave, incident: None, hazards, cause, ..*decision };
                self.carry_out(&companion, host, leavings);
            }
        }
    }

    /// A member tries to get away; where a defector finds no host he deserts,
    /// and a foreign deserter leaves the country.
    fn carry_out(&mut self, decision: &Decision, host: Option<GroupId>, leavings: &mut Vec<Leaving>) {
        if !self.escape(decision) {
            return;
        }
        if let Some(host) = host {
            let commands = self.unit(decision.unit).commander == Some(decision.person);
            self.defect(decision, host, leavings);
            if commands {
                self.take_unit_along(decision.unit, host, leavings);
            }
        } else if decision.kind == ExitKind::Departure || self.person(decision.person).is_foreign {
            self.leave(decision, AllegianceKind::Departure, Standing::Departed, None);
        } else {
            self.leave(decision, AllegianceKind::Desertion, Standing::Deserter, None);
        }
    }

    fn defect(&mut self, decision: &Decision, host: GroupId, leavings: &mut Vec<Leaving>) {
        self.leave(decision, AllegianceKind::Defection, Standing::Civilian, Some(host));
        let &Decision { person, unit, place, incident, .. } = decision;
        leavings.push(Leaving { person, unit, host, place, incident });
    }

    fn leave(&mut self, decision: &Decision, kind: AllegianceKind, standing: Standing, host: Option<GroupId>) {
        self.record_decision(decision, kind, decision.event(host));
        self.note_leaver(decision.person);
        self.leave_group(decision.person, standing);
        let visible_days = self.world.setup.parameters.exits.exit_visible_days.round() as u32;
        self.units[decision.unit.idx()].exits_known.push(self.day + visible_days.max(1));
    }

    /// Takes note of somebody who leaves for the first time.
    pub(super) fn note_leaver(&mut self, person: PersonId) {
        if self.person(person).left_day.is_none() {
            self.person_mut(person).nth_leaver = Some(self.n_leavers);
            self.n_leavers += 1;
        }
    }

    /// A defecting commander may take his unit along: each member on duty goes
    /// with his doubt, under the theories in which peers matter.
    fn take_unit_along(&mut self, unit: UnitId, host: GroupId, leavings: &mut Vec<Leaving>) {
        let setup = &self.world.setup;
        let p_taken = setup.parameters.exits.blocks.cascade.p_commander_takes_unit;
        let is_taken = self.draws.chance(p_taken, Purpose::UnitFollows, unit.0, self.day, 0);
        if !is_taken || !is_active(setup, Cause::Cascade) {
            return;
        }
        for person in self.members(unit) {
            let p_follows = logistic(-self.conviction(person));
            if self.is_on_duty(person) && self.draws.chance(p_follows, Purpose::Follow, person.0, self.day, 0) {
                let follower = Decision {
                    person,
                    group: self.group_of(person),
                    unit,
                    place: self.unit(unit).place,
                    is_on_leave: false,
                    incident: None,
                    kind: ExitKind::Defection,
                    chosen_host: Some(host),
                    cause: Cause::Cascade,
                    hazards: self.hazards(person, &self.members(unit)),
                };
                self.defect(&follower, host, leavings);
            }
        }
    }

    /// Writes a row of the table `allegiance` with the hazards.
    pub(super) fn record_decision(&mut self, decision: &Decision, kind: AllegianceKind, event: Event) {
        let mut row = self.allegiance_row(decision.person, kind, None, event);
        let [desertion, defection, departure] = decision.hazards.per_month.map(Some);
        row.cause = Some(decision.cause);
        (row.hazard, row.hazard_defection, row.hazard_departure) = (desertion, defection, departure);
        for (block, value) in BLOCKS.iter().zip(decision.hazards.blocks) {
            *(block.column)(&mut row) = Some(value[decision.kind as usize]);
        }
        self.records.allegiance.push(row);
    }

    /// Those who ever left a group by decision, in the order of their first
    /// leaving.
    pub(super) fn leavers(&self) -> Vec<PersonId> {
        let mut leavers: Vec<&Person> = self.people.iter().filter(|person| person.nth_leaver.is_some()).collect();
        leavers.sort_by_key(|person| person.nth_leaver);
        leavers.into_iter().map(|person| person.id).collect()
    }
}
