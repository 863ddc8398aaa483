//! The hazards of exit: what each block adds to the log-hazard of each kind.
//! The engine's list of blocks says which files there are.

use super::Dense;
use crate::exits::exit_blocks;
use crate::ids::{GroupId, PersonId, UnitId};
use crate::maths::{exp, ln};
use crate::setup::{ExitTheory, Mechanism, Setup};
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

impl Listed {
    /// Whether the theory of exit of a setup holds the block to move the hazards.
    fn moves(&self, setup: &Setup) -> bool {
        match setup.own_theories.iter().find(|own| own.fills_exit) {
            Some(_) if self.cause == Cause::Own => has_own_blocks(setup),
            Some(own) => own.blocks.contains(&self.cause),
            None => self.block.theories.contains(&setup.theory.exit),
        }
    }
}

fn has_own_blocks(setup: &Setup) -> bool {
    setup.own_theories.iter().any(|own| !own.own_blocks.is_empty())
}

/// Whether the theory of exit of a setup holds a block to move the hazards.
pub(super) fn is_active(setup: &Setup, cause: Cause) -> bool {
    BLOCKS.iter().any(|listed| listed.cause == cause && listed.moves(setup))
}

/// Whether the theory of exit of a setup has any block.
pub(super) fn has_blocks(setup: &Setup) -> bool {
    BLOCKS.iter().any(|listed| listed.moves(setup))
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
        let value = |listed: &Listed| {
            if listed.moves(&self.world.setup) { self.block(listed, person, members) } else { same(0.0) }
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

    fn block(&self, listed: &Listed, person: PersonId, members: &[PersonId]) -> PerKind {
        (listed.block.value)(self, person, members)
    }

    /// What the built-in block of a column would add.
    pub(super) fn block_of_column(&self, column: usize, person: PersonId, members: &[PersonId]) -> PerKind {
        self.block(&BLOCKS[column], person, members)
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
