//! One file per command.

pub(crate) mod but_for;
pub(crate) mod calibrate;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod conformance;
pub(crate) mod data;
pub(crate) mod docs;
pub(crate) mod documents;
pub(crate) mod experiment;
pub(crate) mod explore;
pub(crate) mod outcomes;
pub(crate) mod parameters;
pub(crate) mod paths;
pub(crate) mod recover;
pub(crate) mod resume;
pub(crate) mod run;
pub(crate) mod scales;
pub(crate) mod scenarios;
pub(crate) mod schema;
pub(crate) mod score;
pub(crate) mod sensitivity;
pub(crate) mod story;
pub(crate) mod sweep;
pub(crate) mod theories;
pub(crate) mod tournament;
pub(crate) mod verify;
