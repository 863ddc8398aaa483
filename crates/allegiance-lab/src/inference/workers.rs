//! Who simulates the wars of a table: threads of this process, or processes of several machines
//! that share its folder. Whoever has neither asks for [`WantedChunk`]s and has them simulated
//! anywhere, by [`SimulateWar`].
//!
//! What a chunk holds follows from its wars alone, so that it doesn't matter who computes it, nor
//! whether two do: both write the same bytes, each by one rename.

use crate::inference::draw_table::{DrawColumn, DrawFolder, DrawTableError, simulate_all};
use crate::sweep::Shard;
use allegiance_replay::{BrokenRun, Progress};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// One war of a table, by all that decides it beside the study.
#[derive(Debug, Clone, PartialEq)]
pub struct WantedWar {
    /// Number of the draw, or replicate of the attempt.
    pub number: u32,
    /// Positions in the priors, 0 to 1; empty where the number decides them.
    pub positions: Vec<f64>,
}

/// A chunk that a folder lacks.
#[derive(Debug, Clone, PartialEq)]
pub struct WantedChunk {
    /// Its table.
    pub table: String,
    /// Its number in the table.
    pub chunk: u32,
    /// Its wars, one a row.
    pub wars: Vec<WantedWar>,
}

/// Simulates wars of a study or of a calibration.
pub trait SimulateWar: Sync {
    /// The row of a war in its table.
    ///
    /// # Errors
    /// Where a bound of the engine didn't hold.
    fn row_of(&self, war: &WantedWar) -> Result<Vec<f64>, BrokenRun>;

    /// Digest of all that decides a war beside its number and positions: rows of equal digests
    /// are of one study.
    ///
    /// # Errors
    /// Where the study can't be written as JSON.
    fn digest(&self) -> Result<String, DrawTableError>;
}

/// A table that is filled: where it is kept, and what simulates its wars.
#[derive(Clone, Copy)]
pub struct Filling<'a> {
    /// Its folder.
    pub folder: &'a DrawFolder,
    /// Its columns.
    pub columns: &'a [DrawColumn],
    /// What simulates a war.
    pub simulate: &'a dyn SimulateWar,
}

impl std::fmt::Debug for Filling<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Filling").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Filling<'_> {
    /// Simulates a chunk on threads of this process, 0 for one a core, and keeps it.
    ///
    /// # Errors
    /// See [`DrawTableError`].
    pub fn compute(&self, wanted: &WantedChunk, threads: usize, progress: &dyn Progress) -> Result<(), DrawTableError> {
        let wars = &wanted.wars;
        let rows =
            simulate_all(threads, 0..wars.len() as u32, progress, &|at| self.simulate.row_of(&wars[at as usize]))?;
        let rows = rows.ok_or_else(|| DrawTableError::Cancelled { path: self.folder.path().to_owned() })?;
        self.folder.write_chunk(&wanted.table, wanted.chunk, self.columns, &rows)
    }

    fn has(&self, wanted: &WantedChunk) -> bool {
        self.folder.read_chunk(&wanted.table, wanted.chunk, self.columns, wanted.wars.len()).is_some()
    }
}

/// Who computes the chunks of a calibration.
pub trait Workers {
    /// Returns once at least one of some chunks that were missing is in the folder.
    ///
    /// # Errors
    /// See [`DrawTableError`].
    fn compute(
        &self,
        filling: Filling<'_>,
        missing: &[WantedChunk],
        progress: &dyn Progress,
    ) -> Result<(), DrawTableError>;
}

/// Threads of this process; 0 is one a core.
#[derive(Debug, Clone, Copy)]
pub struct Here(pub usize);

impl Workers for Here {
    fn compute(
        &self,
        filling: Filling<'_>,
        missing: &[WantedChunk],
        progress: &dyn Progress,
    ) -> Result<(), DrawTableError> {
        missing.first().map_or(Ok(()), |wanted| filling.compute(wanted, self.0, progress))
    }
}

/// How often a process looks whether what another computes is there.
const LOOK: Duration = Duration::from_millis(100);
/// How many times as long as its own slowest chunk a process waits for one of another.
const TIMES_SLOWEST: u32 = 4;
/// How long a process waits for the others at least: machines of a cluster don't all start at once,
/// and a file of one isn't seen by the others at once.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Processes that share a folder, each with its part of the chunks. What is of another is waited
/// for, and taken over where that other is lost: when nothing has come of it for some time.
#[derive(Debug)]
pub struct Sharing {
    shard: Shard,
    threads: usize,
    least_patience: Duration,
    seen: Mutex<Seen>,
}

/// What a process has seen of itself and of the others.
#[derive(Debug, Default)]
struct Seen {
    /// The time of its slowest chunk.
    slowest: Duration,
    /// The others that seem to be lost, from 0.
    lost: BTreeSet<u32>,
}

impl Sharing {
    /// The process of a shard, with so many threads, 0 for one a core. It takes over what is missing
    /// of another after four times the time of its own slowest chunk, and not before `least_patience`.
    pub fn new(shard: Shard, threads: usize, least_patience: Duration) -> Self {
        Self { shard, threads, least_patience, seen: Mutex::default() }
    }

    fn with_seen<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        look(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whose part a chunk is, from 0. Tables of one chunk each aren't all the first one's.
    fn owner(&self, wanted: &WantedChunk) -> u32 {
        let name: u32 = wanted.table.bytes().map(u32::from).sum();
        (name % self.shard.of + wanted.chunk % self.shard.of) % self.shard.of
    }

    /// One of several chunks that others left. Those who take over begin with different ones.
    fn one_of<'a>(&self, left: &[&'a WantedChunk]) -> Option<&'a WantedChunk> {
        left.get((self.shard.at - 1) as usize % left.len().max(1)).copied()
    }

    /// Waits until one of the chunks of others is there, and tells whether it is.
    fn wait(
        &self,
        filling: Filling<'_>,
        of_others: &[&WantedChunk],
        progress: &dyn Progress,
    ) -> Result<bool, DrawTableError> {
        let patience = self.with_seen(|seen| self.least_patience.max(seen.slowest * TIMES_SLOWEST));
        let started = Instant::now();
        while started.elapsed() < patience {
            if let Some(came) = of_others.iter().find(|wanted| filling.has(wanted)) {
                (0..came.wars.len() as u32).for_each(|war| progress.day_done(war, 1));
                self.with_seen(|seen| seen.lost.remove(&self.owner(came)));
                return Ok(true);
            }
            if progress.is_cancelled() {
                return Err(DrawTableError::Cancelled { path: filling.folder.path().to_owned() });
            }
            thread::sleep(LOOK);
        }
        Ok(false)
    }
}

impl Workers for Sharing {
    fn compute(
        &self,
        filling: Filling<'_>,
        missing: &[WantedChunk],
        progress: &dyn Progress,
    ) -> Result<(), DrawTableError> {
        let lost = self.with_seen(|seen| seen.lost.clone());
        let of = |is_of: &dyn Fn(u32) -> bool| -> Vec<&WantedChunk> {
            missing.iter().filter(|wanted| is_of(self.owner(wanted))).collect()
        };
        let ours = of(&|owner| owner == self.shard.at - 1);
        let mut next = ours.first().copied().or_else(|| self.one_of(&of(&|owner| lost.contains(&owner))));
        if next.is_none() {
            let of_others = of(&|_| true);
            if self.wait(filling, &of_others, progress)? {
                return Ok(());
            }
            // None of those who should have computed something has. The others aren't waited for either,
            // until something comes of them.
            self.with_seen(|seen| seen.lost.extend((0..self.shard.of).filter(|&owner| owner != self.shard.at - 1)));
            next = self.one_of(&of_others);
        }
        let Some(wanted) = next else { return Ok(()) };
        if filling.has(wanted) {
            // It came meanwhile: whoever was thought to be lost isn't.
            self.with_seen(|seen| seen.lost.remove(&self.owner(wanted)));
            return Ok(());
        }
        let started = Instant::now();
        filling.compute(wanted, self.threads, progress)?;
        self.with_seen(|seen| seen.slowest = seen.slowest.max(started.elapsed()));
        Ok(())
    }
}
