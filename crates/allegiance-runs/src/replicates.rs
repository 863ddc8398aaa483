//! Runs the replicates of a world on several threads.
//!
//! A replicate depends on the setup and its own number alone, so neither the
//! number of threads nor the order of work can change a result. Each finished
//! record goes straight to a sink and is dropped there: memory holds one
//! record per thread, however many replicates there are.

use crate::crew::SharedCrew;
use allegiance_model::crew::Crew;
use allegiance_model::tables::Records;
use allegiance_model::{Model, World};
use allegiance_replay::{Progress, record_of};

use crate::threads::{Halt, Stopped, Threads};

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
pub struct KeepNothing {
    /// Whether exposures are left out of its record, where nobody reads them.
    pub leaves_out_exposures: bool,
}

impl<E> Keeper<E> for KeepNothing {
    fn begin<'w>(&self, world: &'w World, replicate: u32) -> Result<Model<'w>, E> {
        Ok(Model::new(world, replicate).recording_exposures(!self.leaves_out_exposures))
    }
}

/// Runs some replicates of a world and hands each finished record to `sink`.
///
/// `threads` 0 means one per core. `sink` is called from several threads; after
/// its first error, or after [`Progress::is_cancelled`], no further replicate
/// starts and running ones are dropped.
///
/// # Errors
/// See [`Stopped`].
pub fn run_replicates<E: Send>(
    world: &World,
    replicates: &[u32],
    threads: usize,
    progress: &dyn Progress,
    sink: &(dyn Fn(u32, Records) -> Result<(), E> + Sync),
) -> Result<(), Stopped<E>> {
    run_kept_replicates(world, replicates, threads, progress, &KeepNothing::default(), sink)
}

/// The same, with somebody to keep replicates in progress.
///
/// # Errors
/// See [`Stopped`].
pub fn run_kept_replicates<E: Send>(
    world: &World,
    replicates: &[u32],
    threads: usize,
    progress: &dyn Progress,
    keeper: &dyn Keeper<E>,
    sink: &(dyn Fn(u32, Records) -> Result<(), E> + Sync),
) -> Result<(), Stopped<E>> {
    let crew = SharedCrew::new(Threads(threads).count(), replicates.len());
    let work = Threads(threads).work(replicates.len(), &|| progress.is_cancelled(), |at, halt| {
        let replicate = replicates[at];
        let records = run_one((world, &crew), replicate, progress, halt, keeper)?;
        crew.leave();
        sink(replicate, records).map_err(Stopped::Failed)?;
        progress.replicate_done(replicate);
        Ok(())
    });
    work.map(drop)
}

/// One replicate to the last day.
fn run_one<E>(
    (world, crew): (&World, &dyn Crew),
    replicate: u32,
    progress: &dyn Progress,
    halt: &Halt<'_>,
    keeper: &dyn Keeper<E>,
) -> Result<Records, Stopped<E>> {
    let mut model = keeper.begin(world, replicate).map_err(Stopped::Failed)?;
    while !model.is_finished() {
        if halt.is_asked() {
            return Err(Stopped::Cancelled);
        }
        model.step_with(crew);
        progress.day_done(replicate, model.day());
        if !model.is_finished() {
            keeper.after_day(world, replicate, &mut model).map_err(Stopped::Failed)?;
        }
    }
    Ok(record_of(model, replicate)?)
}
