//! Expectation of victory: how the war looks against how it looked when he
//! joined.
//!
//! # Form
//! ```text
//! b_W (logit W when he joined - logit W now)
//! ```
//!
//! with `W` as in the mechanism `expectation`; the first members joined with that of the first day. How
//! hopeful he is himself falls out of the difference. It is 0 unless that mechanism runs.
//!
//! # Source
//! Gates (2002), Kuran (1991), Nussio & Ugarriza (2021). What is compared is the war with what he hoped for, so
//! that a war that began in hope and stands still counts, which `prospects` can't see.

use super::{BlockBound, BlockRules, BlockWords, DayLimit};
use crate::exits::N_KINDS;
use crate::expectation;
use crate::ids::GroupId;
use crate::model::Model;
use crate::parameters::parameters;
use crate::setup::{ExitTheory, Mechanism};

parameters! {
    /// Expectation of victory, as a block of the hazard of exit.
    pub struct OwnParameters = "exits" {
        /// Rise of the log-hazard for one log-unit that the odds of victory fell since he joined.
        expectation_weight: "b_W", "log-hazard", 0.6 in 0.3..1.5 off 0.0, Judgement, "within hazard ratios of 1.3-4 for decline (Nussio & Ugarriza 2021)";
    }
}

pub(crate) type OwnPrepared = ();

pub(crate) const BLOCK: BlockRules = BlockRules {
    words: BlockWords {
        meaning: "Expectation of victory.",
        moved_by: "how the war looks against how it looked when he joined",
        factor: "no victory in sight",
        towards: "no victory in sight",
        against: "victory in sight",
        factor_explained: None,
    },
    theories: &[ExitTheory::Material, ExitTheory::Full],
    value: |model, member| {
        let now = expectation::logit(model, member.group);
        [weight(model) * (model.people.mind(member.row).joined_outlook - now); N_KINDS]
    },
    bound: BlockBound {
        // Against what it was when all ceilings of the group were last computed.
        until_touched: |model, member| {
            let then = model.groups.outlook[member.group.idx()].reference;
            [weight(model) * (model.people.mind(member.row).joined_outlook - then); N_KINDS]
        },
        today: |model, group| DayLimit::same(since_reference(model, group)),
        ..BlockBound::NEVER_ABOVE_ZERO
    },
};

/// The weight; 0 where the mechanism doesn't run.
fn weight(model: &Model<'_>) -> f64 {
    let weight = model.world.setup.parameters.exits.blocks.expectation.expectation_weight;
    if model.runs(Mechanism::Expectation) { weight } else { 0.0 }
}

fn since_reference(model: &Model<'_>, group: GroupId) -> f64 {
    let outlook = &model.groups.outlook[group.idx()];
    weight(model) * (outlook.reference - outlook.logit)
}
