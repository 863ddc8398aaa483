//! Fear for one's life: the losses of the own unit.
//!
//! # Form
//! ```text
//! b_x (log2(1 + 10 losses of the unit) - log2(1 + 10 l_0))
//! ```
//!
//! with losses the killed and wounded of the last 30 days as a share of them and of those who are left. They
//! count in whole and not beyond those of the group: who fears for his life doesn't fear less for the others'
//! losses, and a group all of whose units bleed would else frighten nobody. They are compared with the usual
//! ones `l_0`, which the base rates of armies at war hold already. Each further loss frightens less
//! than the one before, as with stimuli in general: in proportion, a unit that lost half of its men would run at
//! 55 times the usual rate for a weight that is stated for a tenth. It is 0 unless the mechanism `danger` runs.
//!
//! # Source
//! Albrecht & Koehler (2018): fear for the own safety makes soldiers desert more than grievance does.

use super::{BlockBound, BlockRules, BlockWords, Prepared};
use crate::exits::{N_KINDS, losses};
use crate::ids::UnitId;
use crate::maths::ln;
use crate::model::Model;
use crate::parameters::{Parameters, parameters};
use crate::setup::{ExitTheory, Mechanism};

parameters! {
    /// Fear for one's life, as a block of the hazard of exit.
    pub struct OwnParameters = "exits" {
        /// Rise of the log-hazard from no loss to a tenth of the own unit killed or wounded in 30 days.
        danger_weight: "b_x", "log-hazard", 0.5 in 0.2..2.0 off 0.0, Judgement, "sign: Albrecht & Koehler 2018";
        /// Share of a unit killed or wounded in 30 days of a usual war, which frightens nobody more than the base rates have it.
        usual_losses: "l_0", "share", 0.08 in 0.03..0.15 within 0.0..1.0, Derived, "2-3.3% of the rebels killed in a month of early 2014 (evidence A12), and two to three wounded for each";
    }
}

/// How a usual loss feels.
#[derive(Debug, Clone)]
pub(crate) struct OwnPrepared {
    usual: f64,
}

impl Prepared for OwnPrepared {
    fn of(all: &Parameters) -> Self {
        Self { usual: felt(all.exits.blocks.danger.usual_losses) }
    }
}

/// The share of a unit that the weight is stated for.
const TENTH: f64 = 0.1;

pub(crate) const BLOCK: BlockRules = BlockRules {
    words: BlockWords {
        meaning: "Fear for one's life.",
        moved_by: "members of the own unit killed and wounded",
        factor: "danger",
        towards: "danger to life",
        against: "little danger to life",
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
    let more = felt(losses::of_unit(model, unit)) - model.world.of_blocks.danger.usual;
    model.world.setup.parameters.exits.blocks.danger.danger_weight * more / core::f64::consts::LN_2
}

/// How a loss feels, as a share of the unit: of each further one less.
fn felt(lost: f64) -> f64 {
    ln(1.0 + lost / TENTH)
}
