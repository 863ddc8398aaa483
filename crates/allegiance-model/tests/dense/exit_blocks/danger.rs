//! Fear for one's life in a unit that loses many.

use super::{Block, same};
use crate::dense::Dense;
use crate::ids::PersonId;
use crate::setup::{ExitTheory, Mechanism};

pub(super) const BLOCK: Block = Block {
    theories: &[ExitTheory::ControlAndFear, ExitTheory::Full],
    value: |dense, person, members| same(dense.danger_block(person, members)),
};

impl Dense<'_> {
    fn danger_block(&self, person: PersonId, members: &[PersonId]) -> f64 {
        let weight = self.world.setup.parameters.exits.blocks.danger.danger_weight;
        let lost = self.losses_of_unit(self.unit_of(person), members).min(0.5);
        if self.runs(Mechanism::Danger) { weight * lost / 0.1 } else { 0.0 }
    }
}
