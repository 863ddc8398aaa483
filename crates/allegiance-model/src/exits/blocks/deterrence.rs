//! Fear of capture where the member is, around the first perception of it in
//! deep territory, and fear for kin who live under the own group.
//!
//! # Form
//! `-F (p_hat' p_c / p_0 - p_hat) - K c_home (q(n) - q(0))`, where `p_hat'` is
//! what the unit's cases make of the perceived risk, `p_c` the true risk where
//! the member is, and `q(n)` the perceived risk to kin after `n` reprisals
//! known at home.
//!
//! # Source
//! Becker (1968); McLauchlin (2014); evidence A8.

use super::{Block, BlockBound, DayLimit, Member};
use crate::deterrence::{self, perceived_risk};
use crate::exits::N_KINDS;
use crate::interventions;
use crate::model::Model;
use crate::muster::whereabouts;
use crate::setup::Mechanism;
use crate::tables::Cause;

pub(super) const BLOCK: Block = Block {
    cause: Cause::Deterrence,
    moved_by: "known captures, executions and reprisals on kin",
    value: |model, member| [of_capture(model, member) + of_reprisal(model, member); N_KINDS],
    bound: BlockBound {
        // Nobody fears less than not at all.
        today: |model, _| {
            let all = &model.world.setup.parameters;
            DayLimit::same((all.exits.fear_weight * all.deterrence.perceived_risk).max(0.0))
        },
        ..BlockBound::NEVER_ABOVE_ZERO
    },
    column: |row| &mut row.block_deterrence,
};

/// Fear of capture.
fn of_capture(model: &Model<'_>, member: Member) -> f64 {
    if !model.runs(Mechanism::Deterrence) {
        return 0.0;
    }
    let all = &model.world.setup.parameters;
    let Member { row, unit, group } = member;
    let place = whereabouts(model, row).unwrap_or(model.units.at(unit).place);
    let here = deterrence::p_capture(model, group, place) / all.deterrence.p_capture_deep.max(1e-9);
    let passage = interventions::safe_passage(model, group, all.interventions.safe_passage_perceived)
        / interventions::safe_passage(model, group, all.interventions.safe_passage_capture).max(1e-9);
    let risk = perceived_risk(model, Some(unit)) * here * passage;
    -all.exits.fear_weight * (risk - all.deterrence.perceived_risk)
}

/// Fear for kin: what reprisals known at home add to the first perception.
fn of_reprisal(model: &Model<'_>, member: Member) -> f64 {
    let Some(home) = model.people.at(member.row).home else { return 0.0 };
    if !model.runs(Mechanism::Deterrence) {
        return 0.0;
    }
    let known = f64::from(model.places.kin_reprisals[model.places.cell(home, member.group)]);
    let risk = deterrence::kin_risk(model, known) - deterrence::kin_risk(model, 0.0);
    -model.world.setup.parameters.exits.kin_fear_weight * model.places.share(home, member.group) * risk
}
