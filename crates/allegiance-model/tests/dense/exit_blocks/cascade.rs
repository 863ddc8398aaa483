//! Whether the share of known exits passes the member's threshold.

use super::{Block, same};
use crate::dense::Dense;
use crate::ids::{PersonId, UnitId};
use crate::maths::half_life_factor;
use crate::setup::ExitTheory;

/// Half-life, in days, with which the exits of peers fade from attention.
const EXIT_MEMORY_DAYS: f64 = 30.0;

pub(super) const BLOCK: Block = Block {
    theories: &[ExitTheory::Cascade, ExitTheory::Full],
    value: |dense, person, members| same(dense.cascade_block(person, members)),
};

impl Dense<'_> {
    /// Whether the share of known exits passes the member's threshold.
    fn cascade_block(&self, person: PersonId, members: &[PersonId]) -> f64 {
        if self.share_who_left(person, members) >= self.person(person).exit_threshold {
            self.world.setup.parameters.exits.blocks.cascade.peer_weight
        } else {
            0.0
        }
    }

    /// Known exits of his unit as a share of them and of its active members.
    pub(in crate::dense) fn share_who_left(&self, person: PersonId, members: &[PersonId]) -> f64 {
        let n_active = members.iter().filter(|&&member| self.person(member).is_active()).count();
        let exits = self.exits_remembered(self.unit_of(person));
        exits / (exits + n_active as f64).max(1.0)
    }

    /// Known exits of a unit, each fading from the day on which it was known.
    fn exits_remembered(&self, unit: UnitId) -> f64 {
        let fade = |exits: f64, from: u32, to: u32| exits * half_life_factor(f64::from(to - from), EXIT_MEMORY_DAYS);
        let (mut exits, mut as_of) = (0.0, 0);
        for &day in self.unit(unit).exits_known.iter().filter(|&&day| day <= self.day) {
            exits = fade(exits, as_of, day) + 1.0;
            as_of = day;
        }
        fade(exits, as_of, self.day)
    }
}
