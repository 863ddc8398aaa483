//! How the war looks against how it looked when he joined.

use super::{Block, same};
use crate::dense::Dense;
use crate::ids::PersonId;
use crate::setup::{ExitTheory, Mechanism};

pub(super) const BLOCK: Block = Block {
    theories: &[ExitTheory::Material, ExitTheory::Full],
    value: |dense, person, _| same(dense.expectation_block(person)),
};

impl Dense<'_> {
    fn expectation_block(&self, person: PersonId) -> f64 {
        let weight = self.world.setup.parameters.exits.blocks.expectation.expectation_weight;
        let fall = self.person(person).joined_outlook - self.groups[self.group_of(person).idx()].outlook;
        if self.runs(Mechanism::Expectation) { weight * fall } else { 0.0 }
    }
}
