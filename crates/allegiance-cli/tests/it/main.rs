//! The program as its users meet it: exit code, standard output, standard error.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod audit;
mod but_for;
mod cases;
mod check;
mod completions;
mod conformance;
mod data;
mod digests;
mod evidence;
mod experiments;
mod explore;
mod finished;
mod general_code;
mod help;
mod hostile;
mod howtos;
mod inference;
mod languages;
mod lists;
mod man;
mod mistakes;
mod new;
mod nothing;
mod own_theories;
mod power;
mod program;
mod reports;
mod repository;
mod run;
mod scales;
mod settled;
mod stories;
mod sweeps;
mod tables;
mod versions;
