//! Victory or defeat in sight: territory that the group gains or loses.
//!
//! # Form
//! ```text
//! ln HR_t (-momentum / M_t)
//! ```
//!
//! the ratio kept within -1 to 2; for momentum see control. Where the mechanism `expectation` runs, the
//! block of that name stands in its place, and this one is 0.
//!
//! # Source
//! Evidence A7: the sign from FARC.

use super::{BlockBound, BlockRules, BlockWords, DayLimit, LEAST_SPREAD, Prepared, log};
use crate::exits::N_KINDS;
use crate::ids::GroupId;
use crate::model::Model;
use crate::parameters::{Parameters, parameters};
use crate::setup::{ExitTheory, Mechanism};

/// How far a rout frightens more than the loss that the ratio is stated for.
const MAX_DECLINE: f64 = 2.0;

parameters! {
    /// Territory gained and lost, as a block of the hazard of exit.
    pub struct OwnParameters = "exits" {
        /// Hazard ratio of leaving when the group lost as much of its territory as `decline_share` in 60 days.
        decline_hazard_ratio: "HR_t", "1", 2.0 in 1.3..4.0 off 1.0, Sourced, "evidence A7: sign from FARC";
        /// Share of its territory that a group has to lose for that ratio.
        decline_share: "M_t", "share", 0.25 in 0.1..0.5, Judgement, "no number exists";
    }
}

pub(crate) const BLOCK: BlockRules = BlockRules {
    words: BlockWords {
        meaning: "Victory or defeat in sight.",
        moved_by: "territory lost or gained; nothing where the expectation of victory is modelled",
        factor: "prospects",
        towards: "a losing side",
        against: "a winning side",
        factor_explained: None,
    },
    theories: &[ExitTheory::Material, ExitTheory::Full],
    value: |model, member| [of_group(model, member.group); N_KINDS],
    bound: BlockBound { today: |model, group| DayLimit::same(of_group(model, group)), ..BlockBound::NEVER_ABOVE_ZERO },
};

fn of_group(model: &Model<'_>, group: GroupId) -> f64 {
    if model.runs(Mechanism::Expectation) {
        return 0.0;
    }
    let share = model.world.setup.parameters.exits.blocks.prospects.decline_share.max(LEAST_SPREAD);
    let decline = (-model.groups.momentum[group.idx()] / share).clamp(-1.0, MAX_DECLINE);
    model.world.of_blocks.prospects.decline * decline
}

/// Logarithm of the hazard ratio.
#[derive(Debug, Clone)]
pub(crate) struct OwnPrepared {
    decline: f64,
}

impl Prepared for OwnPrepared {
    fn of(all: &Parameters) -> Self {
        Self { decline: log(all.exits.blocks.prospects.decline_hazard_ratio) }
    }
}
