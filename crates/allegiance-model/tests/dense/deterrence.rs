//! Capture of leavers, and what members learn of it.

use super::Dense;
use super::exits::Decision;
use super::state::Return;
use crate::ids::{GroupId, PersonId, PlaceId, UnitId};
use crate::maths::ln;
use crate::random::Purpose;
use crate::setup::{Mechanism, Policy};
use crate::tables::{AllegianceKind, Outcome, Standing};

impl Dense<'_> {
    /// True probability that a member is caught leaving a place.
    pub(super) fn p_capture(&self, person: PersonId, group: GroupId, place: PlaceId) -> f64 {
        let p = &self.world.setup.parameters.deterrence;
        let unaided = p.p_capture_home + (p.p_capture_deep - p.p_capture_home) * self.share(place, group);
        let passage = self.safe_passage(group, self.world.setup.parameters.interventions.safe_passage_capture);
        self.p_caught(person, group, unaided * passage)
    }

    /// Perceived probability of reprisal on kin after a number of known cases.
    pub(super) fn kin_risk(&self, n_known: f64) -> f64 {
        let p = &self.world.setup.parameters.deterrence;
        let weight = p.kin_risk_weight.max(1e-9);
        (p.perceived_kin_risk * weight + n_known) / (weight + n_known)
    }

    /// The chance of being caught as the members of a unit see it: the first
    /// perception and the cases that they know, captures weighted.
    pub(super) fn perceived_risk(&self, unit: UnitId) -> f64 {
        let p = &self.world.setup.parameters.deterrence;
        let known = self.unit(unit);
        let n_successes = known.exits_known.iter().filter(|&&day| day <= self.day).count() as f64;
        let cases = p.execution_visibility * f64::from(known.n_captures) + self.execution_cases(unit);
        let weight = p.perceived_weight.max(1e-9);
        (p.perceived_risk * weight + cases) / (weight + cases + n_successes)
    }

    /// A member tries to get away; tells whether he did.
    pub(super) fn escape(&mut self, decision: &Decision) -> bool {
        if !self.runs(Mechanism::Deterrence) {
            return true;
        }
        let parameters = &self.world.setup.parameters.deterrence;
        let person = decision.person;
        let (group, unit, is_foreign) = (decision.group, decision.unit, self.person(person).is_foreign);
        let mut stream = self.draws.stream(Purpose::Capture, person.0, self.day, 0);
        if stream.uniform() >= self.p_capture(person, group, decision.place) {
            return true;
        }
        let event = decision.event(Some(group));
        self.record_decision(decision, AllegianceKind::Capture, event);
        self.units[unit.idx()].n_captures += 1;
        let p_execute = if is_foreign {
            self.policy(group, Policy::ForeignLeaversExecuted).unwrap_or(parameters.p_execute_foreign)
        } else {
            self.policy(group, Policy::LeaversExecuted).unwrap_or(parameters.p_execute_local)
        };
        if stream.uniform() < p_execute {
            self.tell_of_execution(unit);
            self.record(person, AllegianceKind::Execution, Some(Outcome::Executed), event);
            self.die(person, Outcome::Executed, event);
        } else {
            let n_days = 1 + (-ln(stream.uniform()) * parameters.detention_days) as u32;
            self.sideline(person, Standing::Detained, Return::Release, n_days);
            self.person_mut(person).captor = Some(group);
        }
        false
    }
}
