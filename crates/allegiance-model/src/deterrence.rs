//! Capture of leavers, and what members learn of it.
//!
//! # Form
//! ```text
//! p(place) = (p_1 + (p_0 - p_1) C) (safe passage)            true risk of capture; more by coercion
//! risk     = (p_hat n_hat + x_hat captures) / (n_hat + x_hat captures + successes)
//! kin risk = (q_hat m_hat + reprisals) / (m_hat + reprisals)
//! ```
//!
//! Captures and successes are those that the unit knows of; reprisals those on kin at the member's home.
//! A caught member is executed with his group's share where it has one (policies `leavers_executed_share`,
//! `foreign_leavers_executed_share`), else with probability `x_fo` if foreign, else `x_lo`; if spared he is
//! held for an exponential time of mean `t_d` and returns to his unit.
//!
//! # Source
//! Becker (1968) for cost as perceived probability times punishment; evidence
//! A8 for the weight of examples.

use crate::coercion;
use crate::executions;
use crate::ids::{GroupId, PlaceId, Row, UnitId};
use crate::interventions;
use crate::maths::ln;
use crate::model::Model;
use crate::muster::{self, Event};
use crate::parameters::parameters;
use crate::random::{Purpose, Stream};
use crate::setup::{Mechanism, Policy};
use crate::state::Due;
use crate::tables::{AllegianceKind, Outcome, Standing};

parameters! {
    /// Capture of leavers, and what members learn of it.
    pub struct DeterrenceParameters = "deterrence" {
        /// Probability of being caught leaving a place under full control of the own group.
        p_capture_deep: "p_0", "probability", 0.25 in 0.1..0.5, Judgement, "evidence A8";
        /// Probability of being caught leaving a place where the own group has no control.
        p_capture_home: "p_1", "probability", 0.05 in 0.01..0.15, Judgement, "evidence A8";
        /// Perceived probability of being caught before any case is known.
        perceived_risk: "p_hat", "probability", 0.5 in 0.3..0.8, Judgement, "evidence A8";
        /// Number of cases that the initial perception counts for.
        perceived_weight: "n_hat", "1", 10.0 in 2.0..40.0, Judgement, "Beta-Bernoulli learning (evidence A8)";
        /// Weight of a known capture relative to a known success.
        execution_visibility: "x_hat", "1", 10.0 in 5.0..20.0, Judgement, "evidence A8: availability";
        /// Probability that a caught foreign member is executed.
        p_execute_foreign: "x_fo", "probability", 0.7 in 0.3..0.9, Judgement, "evidence A8";
        /// Probability that a caught local member is executed.
        p_execute_local: "x_lo", "probability", 0.4 in 0.3..0.9, Judgement, "evidence A8";
        /// Days that a caught member who is spared is held.
        detention_days: "t_d", "d", 30.0 in 7.0..90.0, Judgement, "no number exists";
        /// Perceived probability of reprisal on kin before any case is known.
        perceived_kin_risk: "q_hat", "probability", 0.2 in 0.05 .. 0.5, Judgement, "evidence A8";
        /// Number of cases that this first perception counts for.
        kin_risk_weight: "m_hat", "1", 5.0 in 1.0 .. 20.0, Judgement, "no number exists";
    }
}

/// True probability that a member is caught leaving a place.
pub(crate) fn p_capture(model: &Model<'_>, row: Row, group: GroupId, place: PlaceId) -> f64 {
    coercion::p_caught(model, row, group, p_of_place(model, group, place))
}

/// The same without blocking troops or guards.
fn p_of_place(model: &Model<'_>, group: GroupId, place: PlaceId) -> f64 {
    let parameters = &model.world.setup.parameters.deterrence;
    let control = model.places.share(place, group);
    let unaided = parameters.p_capture_home + (parameters.p_capture_deep - parameters.p_capture_home) * control;
    let passage = model.world.setup.parameters.interventions.safe_passage_capture;
    unaided * interventions::safe_passage(model, group, passage)
}

/// Perceived probability of reprisal on kin after a number of known cases.
pub(crate) fn kin_risk(model: &Model<'_>, n_known: f64) -> f64 {
    let parameters = &model.world.setup.parameters.deterrence;
    let weight = parameters.kin_risk_weight.max(1e-9);
    (parameters.perceived_kin_risk * weight + n_known) / (weight + n_known)
}

/// What the members of a unit think their chance of being caught in deep territory is: a
/// Beta-Bernoulli mean over the cases that his unit knows, captures weighted.
pub(crate) fn perceived_risk(model: &Model<'_>, unit: Option<UnitId>) -> f64 {
    let parameters = &model.world.setup.parameters.deterrence;
    let Some(unit) = unit else { return parameters.perceived_risk };
    let known = model.units.at(unit);
    let cases = parameters.execution_visibility * known.captures_known + executions::cases(model, unit);
    let weight = parameters.perceived_weight.max(1e-9);
    (parameters.perceived_risk * weight + cases) / (weight + cases + known.successes_known)
}

/// A leaver who was caught; what becomes of him is drawn from here.
#[derive(Debug)]
pub(crate) struct Caught {
    stream: Stream,
}

/// Catches a leaver on his way from a place, or doesn't.
pub(crate) fn catch(model: &Model<'_>, row: Row, place: PlaceId) -> Option<Caught> {
    if !model.runs(Mechanism::Deterrence) {
        return None;
    }
    let state = model.people.at(row);
    let mut stream = model.draws.stream(Purpose::Capture, state.person.0, model.day, 0);
    let p_caught = state.group.map_or(0.0, |group| p_capture(model, row, group, place));
    (stream.uniform() < p_caught).then_some(Caught { stream })
}

/// Executes a caught leaver or holds him, as his unit gets to know at once.
pub(crate) fn punish(model: &mut Model<'_>, row: Row, mut caught: Caught, event: Event) {
    let parameters = &model.world.setup.parameters.deterrence;
    let (group, unit, is_foreign) = {
        let state = model.people.at(row);
        (state.group, state.unit, state.is_foreign)
    };
    if let Some(unit) = unit {
        model.units.at_mut(unit).captures_known += 1.0;
    }
    let (policy, usual) = if is_foreign {
        (Policy::ForeignLeaversExecuted, parameters.p_execute_foreign)
    } else {
        (Policy::LeaversExecuted, parameters.p_execute_local)
    };
    let p_execute = group.and_then(|group| model.groups.policy(group, policy)).unwrap_or(usual);
    if caught.stream.uniform() < p_execute {
        if let Some(group) = group {
            model.groups.tally[group.idx()].executed_by_own += 1;
        }
        if let Some(unit) = unit {
            executions::learn(model, unit);
        }
        muster::record(model, row, AllegianceKind::Execution, Some(Outcome::Executed), event);
        muster::die(model, row, Outcome::Executed, event);
    } else {
        let days = 1 + (-ln(caught.stream.uniform()) * parameters.detention_days) as u32;
        muster::set_standing(model, row, Standing::Detained);
        model.people.at_mut(row).captor = group;
        muster::hold_until(model, row, model.day.saturating_add(days), Due::Release(row));
    }
}
