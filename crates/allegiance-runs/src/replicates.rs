//! Runs the replicates of a world on several threads.
//!
//! A replicate depends on the setup and its own number alone, so neither the
//! number of threads nor the order of work can change a result. Each finished
//! record goes straight to a sink and is dropped there: memory holds one
//! record per thread, however many replicates there are.

use allegiance_model::tables::Records;
use allegiance_model::{Model, World};
use allegiance_replay::{BrokenRun, Progress, record_of};
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
    /// A bound of the engine didn't hold.
    #[error("the engine stopped with a bug")]
    Broken(#[from] BrokenRun),
    /// The sink failed; work on the other replicates has stopped.
    #[error("a finished replicate couldn't be kept")]
    Sink(#[source] E),
}

/// What is done with a replicate in progress.
pub trait Keeper<E>: Sync {
    /// The state to begin with.
    ///
    /// # Errors
    /// Where a state was kept and can't be taken up.
    fn begin<'w>(&self, world: &'w World, replicate: u32) -> Result<Model<'w>, E> {
        Ok(Model::new(world, replicate))
    }

    /// Hears of every day but the last. May replace the model by its equal.
    ///
    /// # Errors
    /// Where the state can't be kept.
    fn after_day<'w>(&self, _world: &'w World, _replicate: u32, _model: &mut Model<'w>) -> Result<(), E> {
        Ok(())
    }
}

/// Keeps nothing of a replicate in progress.
#[derive(Debug, Clone, Copy, Default)]
pub struct KeepNothing;

impl<E> Keeper<E> for KeepNothing {}

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
    run_kept_replicates(world, replicates, threads, progress, &KeepNothing, sink)
}

/// The same, with somebody to keep replicates in progress.
///
/// # Errors
/// See [`RunReplicatesError`].
pub fn run_kept_replicates<E: Send>(
    world: &World,
    replicates: &[u32],
    threads: usize,
    progress: &dyn Progress,
    keeper: &dyn Keeper<E>,
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
            let done = run_one(world, replicate, progress, &stop, keeper).and_then(|records| match records {
                Some(records) => sink(replicate, records).map(|()| true).map_err(RunReplicatesError::Sink),
                None => Ok(false),
            });
            match done {
                Ok(true) => progress.replicate_done(replicate),
                Ok(false) => fail(RunReplicatesError::Cancelled),
                Err(error) => fail(error),
            }
        }
    });
    failure.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).map_or(Ok(()), Err)
}

/// One replicate to the last day; `None` where it was stopped.
fn run_one<E>(
    world: &World,
    replicate: u32,
    progress: &dyn Progress,
    stop: &AtomicBool,
    keeper: &dyn Keeper<E>,
) -> Result<Option<Records>, RunReplicatesError<E>> {
    let mut model = keeper.begin(world, replicate).map_err(RunReplicatesError::Sink)?;
    while !model.is_finished() {
        if stop.load(Ordering::Relaxed) || progress.is_cancelled() {
            return Ok(None);
        }
        model.step();
        progress.day_done(replicate, model.day());
        if !model.is_finished() {
            keeper.after_day(world, replicate, &mut model).map_err(RunReplicatesError::Sink)?;
        }
    }
    Ok(Some(record_of(model, replicate)?))
}
