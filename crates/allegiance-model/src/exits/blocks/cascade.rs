//! What peers do: whether the share of known exits passes the member's
//! threshold.
//!
//! # Form
//! `b_p [known exits / (known exits + active) >= threshold]`
//!
//! # Source
//! Granovetter (1978); evidence A9.

use super::{Block, BlockBound, DayLimit};
use crate::exits::N_KINDS;
use crate::tables::Cause;

pub(super) const BLOCK: Block = Block {
    cause: Cause::Cascade,
    moved_by: "exits of peers that the unit knows of",
    value: |model, member| {
        let share = model.units.at(member.unit).exit_share(model.day);
        let passed = share >= model.people.mind(member.row).exit_threshold;
        [if passed { model.world.setup.parameters.exits.peer_weight } else { 0.0 }; N_KINDS]
    },
    bound: BlockBound {
        today: |model, _| DayLimit::same(model.world.setup.parameters.exits.peer_weight.max(0.0)),
        ..BlockBound::NEVER_ABOVE_ZERO
    },
    column: |row| &mut row.block_cascade,
};
