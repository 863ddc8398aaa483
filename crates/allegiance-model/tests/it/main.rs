//! Tests of the engine from outside: random small worlds, determinism, and
//! distributions against closed forms.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod absorption;
mod acceptance;
mod bookkeeping;
mod branches;
mod campaign;
mod causes;
mod closed_forms;
mod coercion;
mod common;
mod common_numbers;
mod danger;
mod destination;
mod entry;
mod expectation;
mod extremes;
mod flight;
mod information;
mod kin;
mod ledger;
mod local_infighting;
mod off_map;
mod persuasion;
mod policies;
mod prisoners;
mod scale;
mod settlement;
mod sieges;
mod splits;
mod targets;
mod watches;
mod worlds;
