//! The blocks of the hazard of exit: one list, one file for each.
//!
//! A block moves the logarithm of the hazard of each kind of exit. Everything
//! that concerns all blocks loops over [`BLOCKS`]: hazards, ceilings, limits,
//! theories, parameters, the columns of the table `allegiance`, the words of
//! stories and reports. The file of a block says all of what it is.

/// Every block, in the order of their columns and of the sum of the logarithm
/// of a hazard: its file, its cause, its column of the table `allegiance`.
macro_rules! exit_blocks {
    ($then:ident) => {
        $then! {
            belief Belief block_belief;
            kin_and_home KinAndHome block_kin_and_home;
            opportunity Opportunity block_opportunity;
            deterrence Deterrence block_deterrence;
            material Material block_material;
            prospects Prospects block_prospects;
            cascade Cascade block_cascade;
            cohesion Cohesion block_cohesion;
            danger Danger block_danger;
            protection Protection block_protection;
            expectation Expectation block_expectation;
            own Own block_own;
        }
    };
}
pub(crate) use exit_blocks;

use super::{N_KINDS, PerKind};
use crate::ids::{GroupId, Row, UnitId};
use crate::maths::ln;
use crate::model::Model;
use crate::parameters::{ParameterInfo, ParameterSet, Parameters, parameter_sets};
use crate::setup::{ExitTheory, Setup};
use crate::tables::{Allegiance, Cause};
use crate::theory::Slot;

pub(crate) use cohesion::{homogeneity, share_from_one_area};

/// Declares the file of each block, and what is gathered from all.
macro_rules! gather {
    ($($module:ident $cause:ident $column:ident;)*) => {
        $(pub(crate) mod $module;)*

        /// Number of blocks.
        pub const N_BLOCKS: usize = [$(Cause::$cause),*].len();

        /// Every block, in the order of their columns.
        pub static BLOCKS: [Block; N_BLOCKS] = [$(Block {
            cause: Cause::$cause,
            parameters: <$module::OwnParameters as ParameterSet>::INFO,
            rules: $module::BLOCK,
            column: |row| &mut row.$column,
        },)*];

        parameter_sets! {
            /// The parameters of each block, declared in its file.
            pub struct BlockParameters {
                $($module: $module::OwnParameters,)*
            }
        }

        /// What each block computes once for a setup.
        #[derive(Debug, Clone)]
        #[expect(dead_code, reason = "most blocks have nothing to prepare")]
        pub(crate) struct PreparedBlocks {
            $(pub(crate) $module: $module::OwnPrepared,)*
        }

        impl PreparedBlocks {
            pub(crate) fn of(all: &Parameters) -> Self {
                Self { $($module: <$module::OwnPrepared as Prepared>::of(all),)* }
            }
        }
    };
}
exit_blocks!(gather);

/// What a block computes once for a setup, such as logarithms.
pub(crate) trait Prepared {
    fn of(all: &Parameters) -> Self;
}

impl Prepared for () {
    fn of(_: &Parameters) -> Self {}
}

/// A member whose hazard is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Member {
    pub(crate) row: Row,
    pub(crate) unit: UnitId,
    pub(crate) group: GroupId,
}

impl Member {
    /// A person in a unit; none of anyone else.
    pub(crate) fn of(model: &Model<'_>, row: Row) -> Option<Self> {
        let unit = model.people.at(row).unit?;
        Some(Self { row, unit, group: model.units.at(unit).group })
    }
}

/// One block of the hazard of exit.
#[derive(Debug, Clone, Copy)]
pub struct Block {
    /// What it is called where it weighed most.
    pub cause: Cause,
    /// The parameters that it alone reads.
    pub parameters: &'static [ParameterInfo],
    /// What its file says.
    pub rules: BlockRules,
    /// Its column in the table `allegiance`.
    column: fn(&mut Allegiance) -> &mut Option<f64>,
}

/// What the file of a block says of it, besides its parameters.
#[derive(Debug, Clone, Copy)]
pub struct BlockRules {
    /// How it is spoken of.
    pub words: BlockWords,
    /// The theories of exit under which it moves the hazards.
    pub theories: &'static [ExitTheory],
    /// What it adds to the log-hazard of each kind today.
    pub(crate) value: fn(&Model<'_>, Member) -> PerKind,
    /// The most that it can add, in three parts.
    pub(crate) bound: BlockBound,
}

/// How a block is spoken of in documents, stories and reports.
#[derive(Debug, Clone, Copy)]
pub struct BlockWords {
    /// What it is, in a sentence.
    pub meaning: &'static str,
    /// What moves it, in half a sentence.
    pub moved_by: &'static str,
    /// What it is called as the strongest factor of an exit, where some words
    /// mean something else to readers of the field.
    pub factor: &'static str,
    /// The reason that it gives somebody to leave, for readers without training.
    pub towards: &'static str,
    /// The reason that it gives him to stay.
    pub against: &'static str,
    /// A sentence on what that means, where it needs saying.
    pub factor_explained: Option<&'static str>,
}

/// The most that a block can add to the log-hazard: the sum of three parts,
/// each of which is looked at as seldom as what it stands for changes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BlockBound {
    /// The most, for each kind, until something touches the member or makes
    /// his unit stale (`muster::touch`, `UnitState::is_stale`).
    pub(crate) until_touched: fn(&Model<'_>, Member) -> PerKind,
    /// What the state of a group adds today, to every kind.
    pub(crate) today: fn(&Model<'_>, GroupId) -> DayLimit,
    /// What the state of a unit adds today, to every kind, such as the claims
    /// that it heard since its members' ceilings.
    pub(crate) by_unit: fn(&Model<'_>, UnitId) -> f64,
}

impl BlockBound {
    /// A block that never raises the hazard.
    pub(crate) const NEVER_ABOVE_ZERO: Self = Self {
        until_touched: |_, _| [0.0; N_KINDS],
        today: |_, _| DayLimit { on_duty: 0.0, on_leave: 0.0 },
        by_unit: |_, _| 0.0,
    };
}

/// A part of a bound that holds for one day.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct DayLimit {
    /// For those with their units.
    pub(crate) on_duty: f64,
    /// For those on leave.
    pub(crate) on_leave: f64,
}

impl DayLimit {
    /// The same for everyone.
    pub(crate) fn same(value: f64) -> Self {
        Self { on_duty: value, on_leave: value }
    }
}

impl Block {
    /// Its name, as people read it.
    pub fn name(&self) -> String {
        self.cause.word().replace('_', " ")
    }

    /// What it added to the log-hazard behind a row; none where a row has no
    /// hazard.
    pub fn of_row(&self, row: &Allegiance) -> Option<f64> {
        *(self.column)(&mut row.clone())
    }

    /// The block with another bound, for the tests.
    #[cfg(test)]
    pub(crate) fn with_bound(&self, bound: BlockBound) -> &'static Self {
        Box::leak(Box::new(Self { rules: BlockRules { bound, ..self.rules }, ..*self }))
    }

    /// Writes what it added into a row.
    pub(crate) fn write(&self, row: &mut Allegiance, value: f64) {
        *(self.column)(row) = Some(value);
    }
}

/// Which blocks move the hazards: each in its place, or nothing.
#[derive(Debug, Clone, Copy)]
pub struct ActiveBlocks {
    blocks: [Option<&'static Block>; N_BLOCKS],
}

impl ActiveBlocks {
    /// The blocks of a theory of exit.
    pub fn of(theory: ExitTheory) -> Self {
        Self { blocks: BLOCKS.each_ref().map(|block| block.rules.theories.contains(&theory).then_some(block)) }
    }

    /// The blocks of whatever fills the slot of exit in a setup.
    pub fn of_setup(setup: &Setup) -> Self {
        match setup.own_in(Slot::Exit) {
            Some(own) => Self { blocks: BLOCKS.each_ref().map(|block| own.has(block.cause).then_some(block)) },
            None => Self::of(setup.theory.exit),
        }
    }

    /// The active blocks, in the order of their columns.
    pub fn blocks(&self) -> impl Iterator<Item = &'static Block> + '_ {
        self.blocks.iter().copied().flatten()
    }

    /// The block of each column; none where it isn't active.
    pub(crate) fn by_column(&self) -> [Option<&'static Block>; N_BLOCKS] {
        self.blocks
    }

    /// Whether the block of a cause is active.
    pub(crate) fn has(&self, cause: Cause) -> bool {
        self.blocks().any(|block| block.cause == cause)
    }

    /// Puts another in the place of a block, for the tests.
    #[cfg(test)]
    pub(crate) fn replace(&mut self, block: &'static Block) {
        for slot in self.blocks.iter_mut().flatten().filter(|slot| slot.cause == block.cause) {
            *slot = block;
        }
    }
}

/// What a divisor counts for at least, where a setup makes it 0.
const LEAST_SPREAD: f64 = 0.01;

/// A ratio of hazards as a difference of log-hazards.
fn log(ratio: f64) -> f64 {
    ln(ratio.max(1e-9))
}

#[cfg(test)]
mod tests {
    use super::{ActiveBlocks, BLOCKS, Cause, N_BLOCKS};
    use crate::setup::ExitTheory;
    use crate::tables::{Allegiance, Allegiances, Table as _};

    #[test]
    fn theories_differ_in_the_blocks_they_name() {
        // All but those that somebody else has to write.
        assert_eq!(ActiveBlocks::of(ExitTheory::Full).blocks().count(), N_BLOCKS - 1);
        assert_eq!(ActiveBlocks::of(ExitTheory::Constant).blocks().count(), 0);
        let conviction = ActiveBlocks::of(ExitTheory::Conviction);
        assert!(conviction.has(Cause::Belief) && !conviction.has(Cause::Material));
    }

    #[test]
    fn every_block_has_its_own_column_named_after_its_cause() {
        let columns: Vec<&str> = Allegiances::COLUMNS.iter().map(|column| column.name).collect();
        let named: Vec<String> = BLOCKS.iter().map(|block| format!("block_{}", block.cause.word())).collect();
        let found: Vec<&str> = columns.iter().copied().filter(|name| name.starts_with("block_")).collect();
        assert_eq!(named, found);
        for (nth, block) in BLOCKS.iter().enumerate() {
            let mut row = Allegiance::BLANK;
            block.write(&mut row, 1.0 + nth as f64);
            let filled: Vec<Option<f64>> = BLOCKS.iter().map(|other| other.of_row(&row)).collect();
            assert_eq!(filled.iter().flatten().collect::<Vec<_>>(), [&(1.0 + nth as f64)]);
            assert_eq!(filled[nth], Some(1.0 + nth as f64));
        }
    }
}
