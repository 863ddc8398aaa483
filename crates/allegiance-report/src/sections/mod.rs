//! The sections of a report, one file each.

pub(super) mod charts;
pub(super) mod compared;
pub(super) mod happened;
pub(super) mod in_short;
pub(super) mod leaving;
pub(super) mod limits;
pub(super) mod maps;
pub(super) mod parameters;
pub(super) mod paths;
pub(super) mod patterns;
pub(super) mod people;
pub(super) mod provenance;
pub(super) mod reported;
pub(super) mod what_was_run;
