//! Tests of the engine from outside: random small worlds, determinism, and
//! distributions against closed forms.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bookkeeping;
mod branches;
mod campaign;
mod closed_forms;
mod common_numbers;
mod destination;
mod extremes;
mod information;
mod kin;
mod ledger;
mod scale;
mod settlement;
mod sieges;
mod targets;
mod watches;
mod worlds;
