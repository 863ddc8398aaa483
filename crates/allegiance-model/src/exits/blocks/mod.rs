//! The blocks of the hazard of exit: one table, one file for each.
//!
//! A block moves the logarithm of the hazard of each kind of exit. Everything
//! that concerns all blocks loops over [`BLOCKS`]: hazards, ceilings, limits,
//! the columns of the table `allegiance`, the words of stories and reports.

mod belief;
mod cascade;
mod cohesion;
mod deterrence;
mod kin_and_home;
mod material;
mod opportunity;
mod prospects;

use super::{N_KINDS, PerKind};
use crate::ids::{GroupId, Row, UnitId};
use crate::maths::ln;
use crate::model::Model;
use crate::parameters::Parameters;
use crate::setup::ExitTheory;
use crate::tables::{Allegiance, Cause};

pub(crate) use cohesion::homogeneity;

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
    /// What moves it, in half a sentence.
    pub moved_by: &'static str,
    /// What it adds to the log-hazard of each kind today.
    pub(crate) value: fn(&Model<'_>, Member) -> PerKind,
    /// The most that it can add, in three parts.
    pub(crate) bound: BlockBound,
    /// Its column in the table `allegiance`.
    column: fn(&mut Allegiance) -> &mut Option<f64>,
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
    /// What the claims add that a unit heard since its members' ceilings.
    pub(crate) by_claims: fn(&Model<'_>, UnitId) -> f64,
}

impl BlockBound {
    /// A block that never raises the hazard.
    pub(crate) const NEVER_ABOVE_ZERO: Self = Self {
        until_touched: |_, _| [0.0; N_KINDS],
        today: |_, _| DayLimit { on_duty: 0.0, on_leave: 0.0 },
        by_claims: |_, _| 0.0,
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

/// Number of blocks.
pub const N_BLOCKS: usize = 8;
/// Every block, in the order of their columns.
pub static BLOCKS: [Block; N_BLOCKS] = [
    belief::BLOCK,
    kin_and_home::BLOCK,
    opportunity::BLOCK,
    deterrence::BLOCK,
    material::BLOCK,
    prospects::BLOCK,
    cascade::BLOCK,
    cohesion::BLOCK,
];

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
        Box::leak(Box::new(Self { bound, ..*self }))
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
        let named: &[Cause] = match theory {
            ExitTheory::Conviction => &[Cause::Belief],
            ExitTheory::KinAndHome => &[Cause::KinAndHome, Cause::Opportunity],
            ExitTheory::ControlAndFear => &[Cause::Opportunity, Cause::Deterrence],
            ExitTheory::Material => &[Cause::Material, Cause::Prospects],
            ExitTheory::Cascade => &[Cause::Cascade, Cause::Cohesion],
            ExitTheory::Full => return Self { blocks: BLOCKS.each_ref().map(Some) },
            ExitTheory::Constant => &[],
        };
        Self { blocks: BLOCKS.each_ref().map(|block| named.contains(&block.cause).then_some(block)) }
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

/// Logarithms of the hazard ratios, computed once for a setup.
#[derive(Debug, Clone)]
pub(crate) struct ExitLogs {
    pub(super) belief: belief::Logs,
    pub(super) kin_and_home: kin_and_home::Logs,
    pub(super) opportunity: opportunity::Logs,
    pub(super) decline: f64,
}

impl ExitLogs {
    /// The logarithms of a setup's parameters.
    pub(crate) fn new(all: &Parameters) -> Self {
        Self {
            belief: belief::Logs::new(all),
            kin_and_home: kin_and_home::Logs::new(&all.exits),
            opportunity: opportunity::Logs::new(&all.exits),
            decline: log(all.exits.decline_hazard_ratio),
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
        assert_eq!(ActiveBlocks::of(ExitTheory::Full).blocks().count(), N_BLOCKS);
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
