//! Runs the replicates of a world on several threads.
//!
//! A replicate depends on the setup and its own number alone, so neither the
//! number of threads nor the order of work can change a result. Each finished
//! record goes straight to a sink and is dropped there: memory holds one
//! record per thread, however many replicates there are.

use crate::progress::Progress;
use allegiance_model::tables::Records;
use allegiance_model::{Model, World};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Why replicates stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunReplicatesError<E> {
    /// The operating system gave no threads.
    #[error("can't start {threads} threads")]
    Threads {
        /// Number of threads asked for.
        threads: usize,
        /// What the thread pool said.
        source: rayon::ThreadPoolBuildError,
    },
    /// The caller cancelled.
    #[error("cancelled")]
    Cancelled,
    /// The sink failed; work on the other replicates has stopped.
    #[error("a finished replicate couldn't be kept")]
    Sink(#[source] E),
}

/// Runs some replicates of a world and hands each finished record to `sink`.
///
/// `threads` 0 means one per core. `sink` is called from several threads; after
/// its first error, or after [`Progress::is_cancelled`], no further replicate
/// starts and running ones are dropped.
///
/// # Errors
/// See [`RunReplicatesError`].
pub fn run_replicates<E: Send>(
    world: &World,
    replicates: &[u32],
    threads: usize,
    progress: &dyn Progress,
    sink: &(dyn Fn(u32, Records) -> Result<(), E> + Sync),
) -> Result<(), RunReplicatesError<E>> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|source| RunReplicatesError::Threads { threads, source })?;
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let failure: Mutex<Option<RunReplicatesError<E>>> = Mutex::new(None);
    let fail = |error: RunReplicatesError<E>| {
        stop.store(true, Ordering::Relaxed);
        let mut first = failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        first.get_or_insert(error);
    };
    // Replicates are taken in order rather than split in halves, so that an
    // interrupted run has finished the first ones.
    pool.broadcast(|_| {
        while !stop.load(Ordering::Relaxed) {
            let Some(&replicate) = replicates.get(next.fetch_add(1, Ordering::Relaxed)) else {
                break;
            };
            match run_one(world, replicate, progress, &stop) {
                Some(records) => match sink(replicate, records) {
                    Ok(()) => progress.replicate_done(replicate),
                    Err(error) => fail(RunReplicatesError::Sink(error)),
                },
                None => fail(RunReplicatesError::Cancelled),
            }
        }
    });
    failure.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).map_or(Ok(()), Err)
}

/// One replicate from the first day to the last; `None` where it was stopped.
fn run_one(world: &World, replicate: u32, progress: &dyn Progress, stop: &AtomicBool) -> Option<Records> {
    let mut model = Model::new(world, replicate);
    while !model.is_finished() {
        if stop.load(Ordering::Relaxed) || progress.is_cancelled() {
            return None;
        }
        model.step();
        progress.day_done(replicate, model.day());
    }
    Some(model.into_records())
}
