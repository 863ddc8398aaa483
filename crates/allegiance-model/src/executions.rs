//! What a unit remembers of its group's executions of those who tried to leave.
//!
//! # Form
//! The risk that a unit's members perceive (see deterrence) counts each execution that the unit knows of as
//! `x_m` cases, fading:
//!
//! ```text
//! risk = (p_hat n_hat + cases) / (n_hat + cases + successes)      cases = x_hat captures + x_m executions
//! executions = sum of half(t, tau_m) over those known      t: days since
//! ```
//!
//! The unit of the executed man knows at once, and so do the units of his group that are stationed in the
//! same place. Where the mechanism doesn't run, a capture counts the same whatever became of the captured man.
//!
//! # Source
//! Becker (1968) for cost as probability times punishment; evidence A8 for executions of leavers held in
//! public, and for the weight of examples. All magnitudes are judgement.

use crate::ids::UnitId;
use crate::maths::half_life_factor;
use crate::model::Model;
use crate::parameters::parameters;
use crate::setup::Mechanism;

parameters! {
    /// Known executions of leavers.
    pub struct ExecutionParameters = "executions" {
        /// Cases that a known execution counts for, besides the capture.
        weight: "x_m", "1", 10.0 in 3.0..40.0 off 0.0, Judgement, "no number exists; as much as a known capture (deterrence.execution_visibility)";
        /// Half-life of the memory of an execution.
        memory_days: "tau_m", "d", 60.0 in 14.0..240.0, Judgement, "no number exists";
    }
}

/// The units of a group that stand together learn that one of their own was
/// executed for leaving.
pub(crate) fn learn(model: &mut Model<'_>, unit: UnitId) {
    if !model.runs(Mechanism::Executions) {
        return;
    }
    let (group, place, day) = (model.units.at(unit).group, model.units.at(unit).place, model.day);
    let half_life_days = model.world.setup.parameters.executions.memory_days;
    for other in model.units.of_place[place.idx()].clone() {
        let other = model.units.at_mut(other);
        if other.group == group {
            (other.executions_known, other.executions_day) =
                (remembered(other.executions_known, day - other.executions_day, half_life_days) + 1.0, day);
        }
    }
}

/// What known executions add to the cases that a unit knows of.
pub(crate) fn cases(model: &Model<'_>, unit: UnitId) -> f64 {
    if !model.runs(Mechanism::Executions) {
        return 0.0;
    }
    let parameters = &model.world.setup.parameters.executions;
    let unit = model.units.at(unit);
    parameters.weight * remembered(unit.executions_known, model.day - unit.executions_day, parameters.memory_days)
}

fn remembered(known: f64, days: u32, half_life_days: f64) -> f64 {
    if known <= 0.0 { 0.0 } else { known * half_life_factor(f64::from(days), half_life_days) }
}
