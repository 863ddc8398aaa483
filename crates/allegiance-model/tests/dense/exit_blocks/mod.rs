//! The hazards of exit: what each block adds to the log-hazard of each kind.
//! The engine's list of blocks says which files there are.

use super::Dense;
use crate::exits::exit_blocks;
use crate::ids::{GroupId, PersonId, UnitId};
use crate::maths::{exp, ln};
use crate::setup::{ExitTheory, Mechanism};
use crate::tables::{Allegiance, Cause, ExitKind};

/// A value for each kind of exit, in the order of [`ExitKind::ALL`].
pub(super) type PerKind = [f64; ExitKind::ALL.len()];

/// What a file says of its block.
pub(super) struct Block {
    /// The theories of exit that hold it to move the hazards (MODEL.md 6).
    theories: &'static [ExitTheory],
    /// Its plain formula, for a member of a unit with these members.
    value: fn(&Dense<'_>, PersonId, &[PersonId]) -> PerKind,
}

/// A block in the order in which the logarithm of a hazard is summed.
pub(super) struct Listed {
    pub(super) cause: Cause,
    block: Block,
    pub(super) column: fn(&mut Allegiance) -> &mut Option<f64>,
}

macro_rules! list {
    ($($module:ident $cause:ident $column:ident;)*) => {
        $(mod $module;)*

        pub(super) static BLOCKS: [Listed; [$(Cause::$cause),*].len()] = [$(Listed {
            cause: Cause::$cause,
            block: $module::BLOCK,
            column: |row| &mut row.$column,
        },)*];
    };
}
exit_blocks!(list);

fn same(value: f64) -> PerKind {
    [value; ExitKind::ALL.len()]
}

/// Whether a theory of exit holds a block to move the hazards.
pub(super) fn is_active(theory: ExitTheory, cause: Cause) -> bool {
    BLOCKS.iter().any(|listed| listed.cause == cause && listed.block.theories.contains(&theory))
}

/// Whether a theory of exit has any block.
pub(super) fn has_blocks(theory: ExitTheory) -> bool {
    BLOCKS.iter().any(|listed| listed.block.theories.contains(&theory))
}

/// A member's hazards on one day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hazards {
    /// Hazard a month of each kind of exit.
    pub(super) per_month: PerKind,
    /// What each block adds to the log-hazard of each kind.
    pub(super) blocks: [PerKind; BLOCKS.len()],
}

/// A ratio of hazards as a difference of log-hazards.
fn log(ratio: f64) -> f64 {
    ln(ratio.max(1e-9))
}

impl Dense<'_> {
    /// The hazards of a member of a unit with these members.
    pub(super) fn hazards(&self, person: PersonId, members: &[PersonId]) -> Hazards {
        let theory = self.world.setup.theory.exit;
        let value = |Listed { block, .. }: &Listed| {
            if block.theories.contains(&theory) { (block.value)(self, person, members) } else { same(0.0) }
        };
        let mut blocks = BLOCKS.each_ref().map(value);
        if self.runs(Mechanism::Destination) {
            // Leaving has one hazard, which is that of desertion.
            blocks = blocks.map(|[desertion, _, _]| same(desertion));
        }
        let parameters = &self.world.setup.parameters.exits;
        let mut per_month =
            [parameters.desertion_per_month, parameters.defection_per_month, parameters.departure_per_month];
        if self.person(person).is_forced {
            per_month = per_month.map(|base| self.world.setup.parameters.entry.hazard_ratio * base);
        }
        for (kind, per_month) in per_month.iter_mut().enumerate() {
            *per_month *= exp(blocks.iter().map(|block| block[kind]).sum::<f64>().min(100.0));
        }
        Hazards { per_month, blocks }
    }

    /// The group of a member.
    pub(super) fn group_of(&self, person: PersonId) -> GroupId {
        self.person(person).group.expect("a member has a group")
    }

    /// The unit of a member.
    pub(super) fn unit_of(&self, person: PersonId) -> UnitId {
        self.person(person).unit.expect("a member has a unit")
    }
}
