//! One file per command.

pub(crate) mod check;
pub(crate) mod conformance;
pub(crate) mod docs;
pub(crate) mod parameters;
pub(crate) mod paths;
pub(crate) mod resume;
pub(crate) mod run;
pub(crate) mod scales;
pub(crate) mod scenarios;
pub(crate) mod schema;
pub(crate) mod story;
pub(crate) mod theories;
pub(crate) mod verify;
