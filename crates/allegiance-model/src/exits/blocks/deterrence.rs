//! Fear of capture where the member is, around the first perception of it in
//! deep territory, and fear for kin who live under the own group.
//!
//! # Form
//! ```text
//! -F (risk p(here) / p_0 - p_hat) - K C(home) (kin risk - q_hat)
//! ```
//!
//! with the risks of deterrence: `risk` is what the unit's cases make of `p_hat`, `p(here)` the true risk
//! of capture where he is, with the perceived effect of safe passage in place of the true one, and
//! `kin risk` what the reprisals on kin known at his home make of `q_hat`.
//!
//! # Source
//! Becker (1968); McLauchlin (2014); evidence A8.

use super::{BlockBound, BlockRules, BlockWords, DayLimit, Member};
use crate::deterrence::{self, perceived_risk};
use crate::exits::N_KINDS;
use crate::interventions;
use crate::model::Model;
use crate::muster::whereabouts;
use crate::parameters::parameters;
use crate::setup::{ExitTheory, Mechanism};

parameters! {
    /// Fear of capture, and for kin, as a block of the hazard of exit.
    pub struct OwnParameters = "exits" {
        /// Fall of the log-hazard from no to certain perceived capture, around the initial perception.
        fear_weight: "F", "log-hazard", 2.0 in 0.5..4.0 off 0.0, Judgement, "evidence A8; Becker 1968";
        /// Fall of the log-hazard from none to certain perceived reprisal on kin, where the own group holds the home, beyond the first perception.
        kin_fear_weight: "K", "log-hazard", 2.0 in 0.0 .. 4.0, Judgement, "evidence A8; McLauchlin 2014";
    }
}

pub(crate) type OwnPrepared = ();

pub(crate) const BLOCK: BlockRules = BlockRules {
    words: BlockWords {
        meaning: "Fear of capture and of reprisal; the strongest factor of an exit where that fear is low.",
        moved_by: "known captures, executions and reprisals on kin",
        factor: "low deterrence",
        towards: "little fear of capture and reprisal",
        against: "fear of capture and reprisal",
        factor_explained: Some("Low deterrence: capture and reprisal threatened less than usual."),
    },
    theories: &[ExitTheory::ControlAndFear, ExitTheory::Full],
    value: |model, member| [of_capture(model, member) + of_reprisal(model, member); N_KINDS],
    bound: BlockBound {
        // Nobody fears less than not at all.
        today: |model, _| {
            let all = &model.world.setup.parameters;
            DayLimit::same((all.exits.blocks.deterrence.fear_weight * all.deterrence.perceived_risk).max(0.0))
        },
        ..BlockBound::NEVER_ABOVE_ZERO
    },
};

/// Fear of capture.
fn of_capture(model: &Model<'_>, member: Member) -> f64 {
    if !model.runs(Mechanism::Deterrence) {
        return 0.0;
    }
    let all = &model.world.setup.parameters;
    let Member { row, unit, group } = member;
    let place = whereabouts(model, row).unwrap_or(model.units.at(unit).place);
    let here = deterrence::p_capture(model, row, group, place) / all.deterrence.p_capture_deep.max(1e-9);
    let passage = interventions::safe_passage(model, group, all.interventions.safe_passage_perceived)
        / interventions::safe_passage(model, group, all.interventions.safe_passage_capture).max(1e-9);
    let risk = perceived_risk(model, Some(unit)) * here * passage;
    -all.exits.blocks.deterrence.fear_weight * (risk - all.deterrence.perceived_risk)
}

/// Fear for kin: what reprisals known at home add to the first perception.
fn of_reprisal(model: &Model<'_>, member: Member) -> f64 {
    let Some(home) = model.people.at(member.row).home else { return 0.0 };
    if !model.runs(Mechanism::Deterrence) {
        return 0.0;
    }
    let known = f64::from(model.places.kin_reprisals[model.places.cell(home, member.group)]);
    let risk = deterrence::kin_risk(model, known) - deterrence::kin_risk(model, 0.0);
    -model.world.setup.parameters.exits.blocks.deterrence.kin_fear_weight
        * model.places.share(home, member.group)
        * risk
}
