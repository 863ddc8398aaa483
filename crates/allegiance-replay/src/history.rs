//! One history from its first day to its record.

use allegiance_model::exits::BrokenBound;
use allegiance_model::interviews::Interview;
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

/// One replicate with what people told: everybody who left, on the day on which he did, and everybody who served
/// at the end of each of some days, counted from the start.
///
/// # Errors
/// Where a bound of the engine didn't hold.
pub fn simulate_with_interviews(
    world: &World,
    replicate: u32,
    days: &[u32],
) -> Result<(Records, Vec<Interview>), BrokenRun> {
    let mut model = Model::new(world, replicate);
    model.interview_leavers();
    while !model.is_finished() {
        model.step();
        if days.contains(&(model.day() - 1)) {
            model.interview_members();
        }
    }
    let interviews = model.end_interviews();
    Ok((record_of(model, replicate)?, interviews))
}
