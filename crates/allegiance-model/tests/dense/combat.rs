//! The outcome of an assault: who is killed, wounded and captured.

use super::Dense;
use super::muster::Event;
use super::state::Return;
use crate::ids::{GroupId, IncidentId, PersonId, PlaceId};
use crate::maths::ln;
use crate::random::Purpose;
use crate::setup::{Mechanism, OperationsMode, Policy};
use crate::tables::{AllegianceKind, Outcome, Standing};
use crate::theory::StateEvent;

/// How hard a side is hit, and by whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Blow {
    pub(super) incident: IncidentId,
    pub(super) place: PlaceId,
    pub(super) captor: GroupId,
    pub(super) killed_share: f64,
    pub(super) captured_share: f64,
    pub(super) front_members: f64,
    pub(super) purpose: Purpose,
}

/// What one side lost.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Losses {
    pub(super) killed: u32,
    pub(super) wounded: u32,
    pub(super) captured: u32,
    pub(super) executed: u32,
}

impl Dense<'_> {
    /// Members by the discipline of their group, more in their own home.
    pub(super) fn strength(&self, engaged: &[PersonId], place: PlaceId) -> f64 {
        let setup = &self.world.setup;
        let worth = |&person: &PersonId| {
            let state = self.person(person);
            let discipline = state.group.map_or(1.0, |group| self.groups[group.idx()].discipline);
            discipline * if state.home == Some(place) { setup.parameters.combat.home_multiplier } else { 1.0 }
        };
        engaged.iter().map(worth).sum()
    }

    /// One addressed draw decides the fate of each engaged member; a front
    /// holds only so many.
    pub(super) fn deal_losses(&mut self, engaged: &[PersonId], blow: Blow) -> Losses {
        let parameters = &self.world.setup.parameters.combat;
        let at_grips = (blow.front_members / engaged.len().max(1) as f64).min(1.0);
        let captured = blow.captured_share * at_grips;
        let address = self.incidents[blow.incident.idx()].address;
        let by = Some(blow.captor);
        let hit = Event { place: Some(blow.place), incident: Some(blow.incident), by, ..Event::default() };
        let mut losses = Losses::default();
        for &person in engaged {
            let coerced = self.person(person).group.map_or(1.0, |group| self.losses_factor(group));
            let killed = blow.killed_share * at_grips * coerced;
            let wounded = killed * parameters.wounded_per_killed;
            let fate = self.draws.uniform(blow.purpose, person.0, self.day, address);
            if fate < killed {
                losses.killed += 1;
                self.die(person, Outcome::Combat, hit);
            } else if fate < killed + wounded {
                losses.wounded += 1;
                let is_of_target = self.incidents[blow.incident.idx()].perpetrator == blow.captor;
                self.wound(person, blow.incident, is_of_target, hit);
            } else if fate < killed + wounded + captured {
                losses.captured += 1;
                losses.executed += u32::from(self.capture(person, blow.captor, hit));
            }
        }
        losses
    }

    /// A wounded member recovers after a while, or dies of it within days.
    pub(super) fn wound(&mut self, person: PersonId, incident: IncidentId, is_of_target: bool, event: Event) {
        let parameters = &self.world.setup.parameters.combat;
        let mut stream = self.draws.stream(Purpose::Recovery, person.0, self.day, 0);
        let is_replay = self.world.setup.mode == OperationsMode::Observed;
        let (what, mean_days) = if stream.uniform() < parameters.p_death_of_wounds && !is_replay {
            (Return::DeathOfWounds { incident, is_of_target }, parameters.death_of_wounds_days)
        } else {
            (Return::Recovery, parameters.recovery_days)
        };
        let n_days = 1 + (-ln(stream.uniform()) * mean_days) as u32;
        self.note_loss(person);
        self.sideline(person, Standing::Wounded, what, n_days);
        self.record(person, AllegianceKind::Wound, None, event);
        let state = self.person_mut(person);
        state.n_wounds += 1;
        if let Some(suspicion) = &mut state.suspicion {
            suspicion.n_wounds_since += 1;
        }
        self.note(person, StateEvent::Wounded);
    }

    /// Captures a member; tells whether he was executed.
    fn capture(&mut self, person: PersonId, captor: GroupId, event: Event) -> bool {
        let setup = &self.world.setup;
        let parameters = &setup.parameters.combat;
        let shot = |policy| self.policy(captor, policy);
        let is_soldier = self.person(person).group.is_some_and(|group| setup.kind_of(group).is_state);
        let p_local = if is_soldier && shot(Policy::SoldiersExecuted).is_some() {
            shot(Policy::SoldiersExecuted)
        } else {
            shot(Policy::PrisonersExecuted)
        };
        let p_local = p_local.expect("every group states it");
        let odds = parameters.execution_foreign_factor * p_local;
        let by_odds = odds / (1.0 - p_local + odds).max(1e-12);
        let p_foreign = shot(Policy::ForeignPrisonersExecuted).unwrap_or(by_odds);
        let p_executed = if self.person(person).is_foreign { p_foreign } else { p_local };
        let mut stream = self.draws.stream(Purpose::PrisonerFate, person.0, self.day, 0);
        let is_executed = stream.uniform() < p_executed;
        let n_days = 1 + (-ln(stream.uniform()) * parameters.detention_days) as u32;
        let event = Event { to_group: Some(captor), ..event };
        self.record(person, AllegianceKind::Imprisonment, None, event);
        if is_executed {
            self.die(person, Outcome::Executed, event);
        } else {
            self.person_mut(person).captor = Some(captor);
            if self.runs(Mechanism::Prisoners) {
                self.hold_prisoner(person, captor);
            } else {
                self.sideline(person, Standing::Prisoner, Return::Release, n_days);
            }
        }
        is_executed
    }
}
