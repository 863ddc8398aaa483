//! Fear for one's life in a unit that loses many.

use super::{Block, same};
use crate::dense::Dense;
use crate::ids::PersonId;
use crate::maths::ln;
use crate::setup::{ExitTheory, Mechanism};

pub(super) const BLOCK: Block = Block {
    theories: &[ExitTheory::ControlAndFear, ExitTheory::Full],
    value: |dense, person, members| same(dense.danger_block(person, members)),
};

impl Dense<'_> {
    fn danger_block(&self, person: PersonId, members: &[PersonId]) -> f64 {
        let danger = &self.world.setup.parameters.exits.blocks.danger;
        let (weight, usual) = (danger.danger_weight, danger.usual_losses);
        let lost = self.losses_of_unit(self.unit_of(person), members);
        if !self.runs(Mechanism::Danger) {
            return 0.0;
        }
        weight * (ln(1.0 + lost / 0.1) - ln(1.0 + usual / 0.1)) / core::f64::consts::LN_2
    }
}
