//! Victory or defeat in sight: territory that the group gains or loses.
//!
//! # Form
//! `ln HR_t (-M / M_t)`, the ratio kept within -1 to 2, where `M` is the group's
//! momentum.
//!
//! # Source
//! Evidence A7: the sign from FARC.

use super::{Block, BlockBound, DayLimit, LEAST_SPREAD};
use crate::exits::N_KINDS;
use crate::ids::GroupId;
use crate::model::Model;
use crate::tables::Cause;

/// How far a rout frightens more than the loss that the ratio is stated for.
const MAX_DECLINE: f64 = 2.0;

pub(super) const BLOCK: Block = Block {
    cause: Cause::Prospects,
    moved_by: "territory lost or gained",
    value: |model, member| [of_group(model, member.group); N_KINDS],
    bound: BlockBound { today: |model, group| DayLimit::same(of_group(model, group)), ..BlockBound::NEVER_ABOVE_ZERO },
    column: |row| &mut row.block_prospects,
};

fn of_group(model: &Model<'_>, group: GroupId) -> f64 {
    let share = model.world.setup.parameters.exits.decline_share.max(LEAST_SPREAD);
    let decline = (-model.groups.momentum[group.idx()] / share).clamp(-1.0, MAX_DECLINE);
    model.world.exit_logs.decline * decline
}
