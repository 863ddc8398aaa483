//! What the blocks of a theory that somebody wrote add together.
//!
//! # Form
//! ```text
//! sum over its blocks b of f_bk
//! ```
//!
//! with `f_bk` the formula of the block for the kind of exit, over the list of quantities in `theory`. It is 0
//! unless the slot of exit holds such a theory.
//!
//! # Source
//! The theory's own file.

use super::{BlockBound, BlockRules, BlockWords};
use crate::exits::N_KINDS;

/// It has no parameters but those of the theory.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OwnParameters {}

impl crate::parameters::ParameterSet for OwnParameters {
    const INFO: &'static [crate::parameters::ParameterInfo] = &[];

    fn slot(&mut self, _: &str) -> Option<&mut f64> {
        None
    }

    fn value(&self, _: &str) -> Option<f64> {
        None
    }
}

pub(crate) type OwnPrepared = ();

pub(crate) const BLOCK: BlockRules = BlockRules {
    words: BlockWords {
        meaning: "The own blocks of a theory that somebody wrote.",
        moved_by: "what that theory says",
        factor: "the theory's own blocks",
        towards: "what the theory counts as a reason",
        against: "what the theory counts as a reason",
        factor_explained: None,
    },
    theories: &[],
    value: |model, member| model.world.own.as_ref().map_or([0.0; N_KINDS], |own| own.value(model, member)),
    bound: BlockBound {
        until_touched: |model, member| model.world.own.as_ref().map_or([0.0; N_KINDS], |own| own.most(model, member)),
        by_unit: |model, unit| model.world.own.as_ref().map_or(0.0, |own| own.most_of_unit(model, unit)),
        ..BlockBound::NEVER_ABOVE_ZERO
    },
};
