//! Whether inside is safer than outside.

use super::{Block, same};
use crate::dense::Dense;
use crate::ids::PersonId;
use crate::setup::{ExitTheory, Mechanism};

pub(super) const BLOCK: Block = Block {
    theories: &[ExitTheory::ControlAndFear, ExitTheory::Full],
    value: |dense, person, _| same(dense.protection_block(person)),
};

impl Dense<'_> {
    fn protection_block(&self, person: PersonId) -> f64 {
        let p = &self.world.setup.parameters.exits.blocks.protection;
        let group = self.group_of(person);
        let Some(home) = self.person(person).home.filter(|_| self.runs(Mechanism::Protection)) else { return 0.0 };
        let held_by_enemies: f64 = self.enemies_of(home, group).into_iter().map(|enemy| self.share(home, enemy)).sum();
        let n_known = f64::from(self.places[home.idx()].kin_reprisals[group.idx()]);
        let outside = p.enemy_home_risk * held_by_enemies + self.kin_risk(n_known) * self.share(home, group);
        -p.protection_weight * (outside - self.groups[group.idx()].losses)
    }
}
