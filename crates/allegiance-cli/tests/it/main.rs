//! The program as its users meet it: exit code, standard output, standard error.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod check;
mod conformance;
mod docs;
mod help;
mod lists;
mod program;
mod run;
mod scales;
mod stories;
