//! Conscripts: of the inhabitants a group can raise only so many, and the pool empties.
//!
//! # Form
//! A timeline can say how many inhabitants a group can still raise from a day on. The hazard of joining it is
//! multiplied by what is left:
//!
//! ```text
//! h (men left) / (men on that day)
//! ```
//!
//! and nobody joins when none is left. Who comes from outside, over from another group, or back isn't counted. A
//! group of which the timeline says nothing draws on everybody.
//!
//! # Source
//! The form is the plainest in which a pool runs dry: those who are left are harder to find. No source gives
//! another.

use crate::ids::GroupId;
use crate::maths::ln;
use crate::model::Model;

/// A group's pool of inhabitants whom it can raise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Conscripts {
    /// Men on the day from which it holds.
    pub size: u32,
    /// Men left.
    pub left: u32,
}

/// Whether the timeline limits the men whom a group can raise.
pub(crate) fn is_limited(model: &Model<'_>, group: GroupId) -> bool {
    model.groups.conscripts[group.idx()].is_some()
}

/// Whether a group can raise anybody.
pub(crate) fn has_any(model: &Model<'_>, group: GroupId) -> bool {
    model.groups.conscripts[group.idx()].is_none_or(|pool| pool.left > 0)
}

/// What the pool adds to the log-hazard of joining a group that can raise
/// somebody; 0 where nothing limits it.
pub(crate) fn log_share_left(model: &Model<'_>, group: GroupId) -> f64 {
    model.groups.conscripts[group.idx()].map_or(0.0, |pool| ln(f64::from(pool.left) / f64::from(pool.size)))
}

/// An inhabitant has joined.
pub(crate) fn take_one(model: &mut Model<'_>, group: GroupId) {
    if let Some(pool) = &mut model.groups.conscripts[group.idx()] {
        pool.left = pool.left.saturating_sub(1);
    }
}
