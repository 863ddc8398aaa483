//! Fear for one's life: the losses of the own unit.
//!
//! # Form
//! ```text
//! 10 b_x min(losses of the unit, 1/2)
//! ```
//!
//! with losses the killed and wounded of the last 30 days as a share of them and of those who are left. They
//! count in whole and not beyond those of the group: who fears for his life doesn't fear less for the others'
//! losses, and a group all of whose units bleed would else frighten nobody. It is 0 unless the mechanism
//! `danger` runs.
//!
//! # Source
//! Albrecht & Koehler (2018): fear for the own safety makes soldiers desert more than grievance does.

use super::{BlockBound, BlockRules, BlockWords};
use crate::exits::{N_KINDS, losses};
use crate::ids::UnitId;
use crate::model::Model;
use crate::parameters::parameters;
use crate::setup::{ExitTheory, Mechanism};

parameters! {
    /// Fear for one's life, as a block of the hazard of exit.
    pub struct OwnParameters = "exits" {
        /// Rise of the log-hazard for a tenth of the own unit killed or wounded in 30 days.
        danger_weight: "b_x", "log-hazard", 0.8 in 0.2..2.0 off 0.0, Judgement, "sign: Albrecht & Koehler 2018";
    }
}

pub(crate) type OwnPrepared = ();

/// The share of a unit that the weight is stated for.
const TENTH: f64 = 0.1;
/// The loss beyond which fear grows no more.
const MOST_FEARED: f64 = 0.5;

pub(crate) const BLOCK: BlockRules = BlockRules {
    words: BlockWords {
        meaning: "Fear for one's life.",
        moved_by: "members of the own unit killed and wounded",
        factor: "danger",
        factor_explained: None,
    },
    theories: &[ExitTheory::ControlAndFear, ExitTheory::Full],
    value: |model, member| [of_unit(model, member.unit); N_KINDS],
    bound: BlockBound { by_unit: of_unit, ..BlockBound::NEVER_ABOVE_ZERO },
};

fn of_unit(model: &Model<'_>, unit: UnitId) -> f64 {
    if !model.runs(Mechanism::Danger) {
        return 0.0;
    }
    let lost = losses::of_unit(model, unit).min(MOST_FEARED);
    model.world.setup.parameters.exits.blocks.danger.danger_weight * lost / TENTH
}
