//! What a member believes of his group, and what his ideology makes of it.

use super::{Block, log, same};
use crate::dense::Dense;
use crate::ids::PersonId;
use crate::maths::logistic;
use crate::setup::ExitTheory;

pub(super) const BLOCK: Block = Block {
    theories: &[ExitTheory::Conviction, ExitTheory::Full],
    value: |dense, person, _| same(dense.belief_block(person)),
};

impl Dense<'_> {
    /// What he believes of his group, and what his ideology makes of it.
    fn belief_block(&self, person: PersonId) -> f64 {
        let all = &self.world.setup.parameters;
        let mean = all.belief.conviction_mean;
        let above = self.conviction(person) - mean;
        let broken = logistic(-(above + mean));
        let odds = (1.0 - broken) * log(all.exits.blocks.belief.ideologue_odds_kept)
            + broken * log(all.exits.blocks.belief.ideologue_odds_broken);
        let ideology = self.person(person).motives.ideology;
        log(all.exits.blocks.belief.conviction_hazard_ratio) * above
            + (ideology - all.exits.blocks.belief.ideology_reference) / all.exits.blocks.belief.ideology_span.max(0.01)
                * odds
    }
}
