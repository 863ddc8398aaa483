//! On leave, under whose control the home is, no home to go to, radio.

use super::{Block, PerKind, log, same};
use crate::dense::Dense;
use crate::ids::PersonId;
use crate::setup::ExitTheory;

pub(super) const BLOCK: Block = Block {
    theories: &[ExitTheory::KinAndHome, ExitTheory::ControlAndFear, ExitTheory::Full],
    value: |dense, person, _| dense.opportunity_block(person),
};

impl Dense<'_> {
    /// On leave, under whose control the home is, no home to go to, radio.
    fn opportunity_block(&self, person: PersonId) -> PerKind {
        let p = &self.world.setup.parameters.exits.blocks.opportunity;
        let group = self.group_of(person);
        let radio = [self.radio(group), 0.0, 0.0];
        let chance = match (self.person(person).home, self.person(person).is_foreign) {
            (None, true) => [log(p.foreign_desertion), log(p.foreign_defection), 0.0],
            (None, false) => same(0.0),
            (Some(home), _) => {
                let on_leave = f64::from(u8::from(self.is_on_leave(person)));
                let of = |leave, home_held| log(leave) * on_leave + log(home_held) * self.share(home, group);
                let desertion = of(p.leave_desertion, p.home_held_desertion);
                [desertion, of(p.leave_defection, p.home_held_defection), desertion]
            }
        };
        std::array::from_fn(|kind| chance[kind] + radio[kind])
    }
}
