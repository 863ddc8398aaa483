//! The hazards of a member today, and the most that they can be.

use super::blocks::{Block, DayLimit, Member, N_BLOCKS};
use super::destination::of_one_hazard;
use super::{N_KINDS, PerKind};
use crate::ids::{GroupId, UnitId};
use crate::maths::{DAYS_PER_MONTH, exp};
use crate::model::Model;
use crate::tables::ExitKind;

/// Beyond this everybody leaves at once, and no sum of hazards overflows.
const MOST_LOG_HAZARD: f64 = 100.0;

/// The hazards of one member on one day, split by block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Hazards {
    /// Hazard a month of each kind.
    pub(crate) per_month: PerKind,
    /// What each block adds to the log-hazard of each kind.
    /// Shape: `(n_kinds, n_blocks)`.
    blocks: [[f64; N_BLOCKS]; N_KINDS],
}

impl Hazards {
    /// The hazard of any exit.
    pub(crate) fn total(&self) -> f64 {
        self.per_month.iter().sum()
    }

    /// The hazard of one kind.
    pub(crate) fn of(&self, kind: ExitKind) -> f64 {
        self.per_month[kind as usize]
    }

    /// The same hazard of leaving, shared out among the kinds.
    pub(crate) fn shared_out(mut self, shares: PerKind) -> Self {
        let total = self.total();
        self.per_month = shares.map(|share| total * share);
        self
    }

    /// What each block adds to the log-hazard of one kind, by column.
    pub(crate) fn blocks_of(&self, kind: ExitKind) -> &[f64; N_BLOCKS] {
        &self.blocks[kind as usize]
    }

    /// What the block of one column adds to the log-hazard of each kind.
    pub(crate) fn of_column(&self, column: usize) -> PerKind {
        self.blocks.map(|blocks| blocks[column])
    }
}

/// The base hazards a month of a member.
fn base_hazards_of(model: &Model<'_>, member: Member) -> PerKind {
    let base = base_hazards(model);
    if model.people.mind(member.row).is_forced {
        base.map(|base| model.world.setup.parameters.entry.hazard_ratio * base)
    } else {
        base
    }
}

/// The base hazards a month of one who joined of his own will.
fn base_hazards(model: &Model<'_>) -> PerKind {
    let parameters = &model.world.setup.parameters.exits;
    [parameters.desertion_per_month, parameters.defection_per_month, parameters.departure_per_month]
}

/// The base hazard of any exit, of one who joined of his own will.
pub(crate) fn baseline(model: &Model<'_>) -> f64 {
    base_hazards(model).iter().sum()
}

/// The hazards of a member today, split by block.
pub(crate) fn hazards(model: &Model<'_>, member: Member) -> Hazards {
    let mut hazards = Hazards { per_month: base_hazards_of(model, member), blocks: [[0.0; N_BLOCKS]; N_KINDS] };
    for (column, block) in model.active_blocks.by_column().into_iter().enumerate() {
        let Some(block) = block else { continue };
        let value = of_one_hazard(model, (block.rules.value)(model, member));
        for (blocks, value) in hazards.blocks.iter_mut().zip(value) {
            blocks[column] = value;
        }
    }
    for (per_month, blocks) in hazards.per_month.iter_mut().zip(&hazards.blocks) {
        *per_month *= exp(blocks.iter().sum::<f64>().min(MOST_LOG_HAZARD));
    }
    hazards
}

/// An upper bound of a member's daily probability of an exit until something
/// touches him; what moves his whole group or unit is in [`limit_today`] and
/// [`unit_factor`].
pub(crate) fn ceiling(model: &Model<'_>, member: Member) -> f64 {
    let mut log_most = [0.0; N_KINDS];
    for block in model.active_blocks.blocks() {
        for (log_most, most) in log_most.iter_mut().zip(most_until_touched(model, block, member)) {
            *log_most += most;
        }
    }
    let base = base_hazards_of(model, member);
    let total: f64 = base.iter().zip(log_most).map(|(base, log_most)| base * exp(log_most)).sum();
    total / DAYS_PER_MONTH
}

/// The most that one block can add to the log-hazard of a member until something
/// touches him.
fn most_until_touched(model: &Model<'_>, block: &Block, member: Member) -> PerKind {
    of_one_hazard(model, (block.rules.bound.until_touched)(model, member))
}

/// How far the members of a group can be above their ceilings today, but for
/// what their units did or heard since: as factors.
pub(crate) fn limit_today(model: &Model<'_>, group: GroupId) -> DayLimit {
    let mut log_most = DayLimit::default();
    for block in model.active_blocks.blocks() {
        let most = (block.rules.bound.today)(model, group);
        log_most.on_duty += most.on_duty;
        log_most.on_leave += most.on_leave;
    }
    DayLimit { on_duty: exp(log_most.on_duty), on_leave: exp(log_most.on_leave) }
}

/// How far the members of a unit can be above their ceilings for what the unit
/// heard since these were computed, or is in today: as a factor.
pub(crate) fn unit_factor(model: &Model<'_>, unit: UnitId) -> f64 {
    let log_most: f64 = model.active_blocks.blocks().map(|block| (block.rules.bound.by_unit)(model, unit)).sum();
    if log_most == 0.0 { 1.0 } else { exp(log_most) }
}

/// The most that one block can add to the log-hazard of a member today.
pub(crate) fn most_of(model: &Model<'_>, block: &Block, member: Member, is_on_leave: bool) -> PerKind {
    let today = (block.rules.bound.today)(model, member.group);
    let shared =
        if is_on_leave { today.on_leave } else { today.on_duty } + (block.rules.bound.by_unit)(model, member.unit);
    most_until_touched(model, block, member).map(|most| most + shared)
}
