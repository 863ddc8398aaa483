//! Territory that the group loses.

use super::{Block, log, same};
use crate::dense::Dense;
use crate::ids::PersonId;
use crate::setup::{ExitTheory, Mechanism};

pub(super) const BLOCK: Block = Block {
    theories: &[ExitTheory::Material, ExitTheory::Full],
    value: |dense, person, _| same(dense.prospects_block(person)),
};

impl Dense<'_> {
    /// Territory that the group loses.
    fn prospects_block(&self, person: PersonId) -> f64 {
        if self.runs(Mechanism::Expectation) {
            return 0.0;
        }
        let momentum = self.groups[self.group_of(person).idx()].momentum;
        let p = &self.world.setup.parameters.exits.blocks.prospects;
        log(p.decline_hazard_ratio) * (-momentum / p.decline_share.max(0.01)).clamp(-1.0, 2.0)
    }
}
