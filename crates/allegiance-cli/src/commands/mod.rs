//! One file per command.

pub(crate) mod check;
pub(crate) mod parameters;
pub(crate) mod run;
pub(crate) mod scenarios;
pub(crate) mod schema;
