//! The same replicates under several setups, measured on threads.

use allegiance_model::World;
use allegiance_model::setup::Setup;
use allegiance_model::tables::Records;
use allegiance_replay::{BrokenRun, simulate};
use rayon::prelude::*;

/// Runs replicates `0..n` of a setup on `n_threads` threads (0: one a core)
/// and keeps what `measure` makes of each record, in order of replicate.
///
/// # Errors
/// Where a bound of the engine didn't hold.
///
/// # Panics
/// Where no thread pool can be started.
pub fn measure_replicates<T: Send>(
    setup: &Setup,
    n_replicates: u32,
    n_threads: usize,
    measure: impl Fn(&Records, &Setup) -> T + Sync,
) -> Result<Vec<T>, BrokenRun> {
    measure_numbered_replicates(setup, n_replicates, n_threads, |_, records, setup| measure(records, setup))
}

/// As [`measure_replicates`], where `measure` is told the replicate's number.
///
/// # Errors
/// Where a bound of the engine didn't hold.
///
/// # Panics
/// Where no thread pool can be started.
pub fn measure_numbered_replicates<T: Send>(
    setup: &Setup,
    n_replicates: u32,
    n_threads: usize,
    measure: impl Fn(u32, &Records, &Setup) -> T + Sync,
) -> Result<Vec<T>, BrokenRun> {
    let world = World::build(setup.clone());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().expect("a thread pool starts");
    pool.install(|| {
        (0..n_replicates)
            .into_par_iter()
            .map(|replicate| Ok(measure(replicate, &simulate(&world, replicate)?, &world.setup)))
            .collect()
    })
}
