//! One history from its first day to its record.

use allegiance_model::exits::BrokenBound;
use allegiance_model::tables::Records;
use allegiance_model::{Model, World};

/// A replicate in which a bound of the engine didn't hold, so that it has no
/// record: a bug, and never a user's mistake.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("replicate {replicate}: {broken}")]
pub struct BrokenRun {
    /// The replicate.
    pub replicate: u32,
    /// The bound.
    pub broken: BrokenBound,
}

/// The record of a replicate at its end.
///
/// # Errors
/// Where a bound of the engine didn't hold.
pub fn record_of(model: Model<'_>, replicate: u32) -> Result<Records, BrokenRun> {
    model.into_records().map_err(|broken| BrokenRun { replicate, broken })
}

/// One replicate from the first day to the last.
///
/// # Errors
/// Where a bound of the engine didn't hold.
pub fn simulate(world: &World, replicate: u32) -> Result<Records, BrokenRun> {
    let mut model = Model::new(world, replicate);
    while !model.is_finished() {
        model.step();
    }
    record_of(model, replicate)
}
