//! Victory or defeat in sight: territory that the group gains or loses.
//!
//! # Form
//! `ln HR_t (-M / 0.25)`, the ratio held in -1 to 2, where `M` is the group's
//! momentum.
//!
//! # Source
//! Evidence A7: the sign from FARC.

use super::{Block, BlockBound, DayLimit};
use crate::exits::N_KINDS;
use crate::ids::GroupId;
use crate::model::Model;
use crate::tables::Cause;

pub(super) const BLOCK: Block = Block {
    cause: Cause::Prospects,
    moved_by: "territory lost or gained",
    value: |model, member| [of_group(model, member.group); N_KINDS],
    bound: BlockBound { today: |model, group| DayLimit::same(of_group(model, group)), ..BlockBound::NEVER_ABOVE_ZERO },
    column: |row| &mut row.block_prospects,
};

fn of_group(model: &Model<'_>, group: GroupId) -> f64 {
    let decline = (-model.groups.momentum[group.idx()] / 0.25).clamp(-1.0, 2.0);
    model.world.exit_logs.decline * decline
}
