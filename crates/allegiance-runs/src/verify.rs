//! Whether a run comes out the same when it is simulated again, in ways that
//! must not matter.

use crate::checkpoint::through_bytes;
use crate::replicates::{KeepNothing, Keeper, run_kept_replicates};
use crate::run::{RunInput, RunOptions};
use crate::threads::Stopped;
use allegiance_model::tables::Records;
use allegiance_model::{Model, World};
use allegiance_record::digest::digest_of_table;
use allegiance_record::manifest::Manifest;
use allegiance_record::tabulator::Tabulator;
use allegiance_replay::BrokenRun;
use allegiance_replay::Progress;
use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, PoisonError};

/// A way to simulate again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In order, on a number of threads; 0 for one per core.
    Threads(usize),
    /// In an order shuffled by the replicates' numbers.
    Shuffled,
    /// Each replicate written down after every so many days, and taken up
    /// from there by a new model.
    Resumed {
        /// The days between.
        every: u32,
    },
}

impl Way {
    /// The ways of the determinism contract, for runs of a number of days.
    pub fn all(n_days: u32) -> [Self; 5] {
        let every = (n_days / 3).max(1);
        [Self::Threads(1), Self::Threads(2), Self::Threads(8), Self::Shuffled, Self::Resumed { every }]
    }

    /// What it is, in words.
    pub fn words(self) -> String {
        match self {
            Self::Threads(0) => "one thread per core".to_owned(),
            Self::Threads(1) => "1 thread".to_owned(),
            Self::Threads(n) => format!("{n} threads"),
            Self::Shuffled => "replicates in another order".to_owned(),
            Self::Resumed { every } => format!("resumed from checkpoints every {every} days"),
        }
    }

    fn order(self, mut replicates: Vec<u32>) -> Vec<u32> {
        if self == Self::Shuffled {
            replicates.sort_by_key(|&replicate| replicate.wrapping_mul(0x9E37_79B1).rotate_left(7));
            replicates.reverse();
        }
        replicates
    }

    fn n_threads(self) -> usize {
        if let Self::Threads(n) = self { n } else { 0 }
    }
}

/// A table that came out differently.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The replicate.
    pub replicate: u32,
    /// The table.
    pub table: String,
    /// Its digest in the run.
    pub recorded: String,
    /// Its digest now.
    pub found: String,
}

/// Why a run couldn't be simulated again.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The run isn't of this scenario, version or set of parameters.
    #[error("the run can't be simulated again: {what} was {recorded} and is {found}")]
    Foreign {
        /// What differs.
        what: &'static str,
        /// In the run.
        recorded: String,
        /// Now.
        found: String,
    },
    /// A state couldn't be written down and taken up.
    #[error("can't take up a checkpoint")]
    Checkpoint(#[source] io::Error),
    /// The caller cancelled.
    #[error("cancelled")]
    Cancelled,
    /// A bound of the engine didn't hold.
    #[error("the engine stopped with a bug")]
    Broken(#[from] BrokenRun),
}

/// Writes a model down and takes it up, every so many days.
struct ThroughBytes {
    every: u32,
}

impl Keeper<io::Error> for ThroughBytes {
    fn after_day<'w>(&self, world: &'w World, replicate: u32, model: &mut Model<'w>) -> io::Result<()> {
        if model.day().is_multiple_of(self.every.max(1)) {
            *model = through_bytes(model, world, replicate)?;
        }
        Ok(())
    }
}

/// Simulates the first replicates of a finished run again and lists the tables
/// whose digests differ from those in its manifest.
///
/// # Errors
/// See [`VerifyError`].
pub fn verify(
    input: &RunInput,
    options: &RunOptions,
    manifest: &Manifest,
    n_replicates: u32,
    way: Way,
    progress: &dyn Progress,
) -> Result<Vec<Difference>, VerifyError> {
    check_same(input, options, manifest)?;
    let n_replicates = n_replicates.min(manifest.n_replicates);
    let world = World::build(input.setup.clone());
    let tabulator = Tabulator::new(&input.setup, &input.setup.observation);
    let found: Mutex<Vec<Difference>> = Mutex::new(Vec::new());
    let sink = |replicate: u32, records: Records| -> Result<(), io::Error> {
        let tables = tabulator.tables(records, replicate);
        let digests: BTreeMap<&str, String> = tables.iter().map(|table| (table.name, digest_of_table(table))).collect();
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, entry) in &manifest.tables {
            let recorded = entry.digests.get(replicate as usize);
            let (Some(now), Some(recorded)) = (digests.get(name.as_str()), recorded) else { continue };
            if now != recorded {
                found.push(Difference {
                    replicate,
                    table: name.clone(),
                    recorded: recorded.clone(),
                    found: now.clone(),
                });
            }
        }
        Ok(())
    };
    let keeper: &dyn Keeper<io::Error> = match way {
        Way::Resumed { every } => &ThroughBytes { every },
        Way::Threads(_) | Way::Shuffled => &KeepNothing::default(),
    };
    let order = way.order((0..n_replicates).collect());
    progress.begin(n_replicates, 0, input.setup.n_days);
    run_kept_replicates(&world, &order, way.n_threads(), progress, keeper, &sink).map_err(|error| match error {
        Stopped::Failed(source) => VerifyError::Checkpoint(source),
        Stopped::Broken(broken) => VerifyError::Broken(broken),
        Stopped::Cancelled => VerifyError::Cancelled,
    })?;
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort();
    Ok(found)
}

fn check_same(input: &RunInput, options: &RunOptions, manifest: &Manifest) -> Result<(), VerifyError> {
    let identity = crate::run::identity_of(input, options);
    let pairs = [
        ("the program's version", &manifest.engine_version, &identity.engine_version),
        ("the scenario", &manifest.scenario_hash, &identity.scenario_hash),
        ("the setup", &manifest.setup_digest, &identity.setup_digest),
        ("the observation model", &manifest.observation_digest, &identity.observation_digest),
    ];
    match pairs.into_iter().find(|(_, recorded, found)| recorded != found) {
        Some((what, recorded, found)) => {
            Err(VerifyError::Foreign { what, recorded: recorded.clone(), found: found.clone() })
        }
        None => Ok(()),
    }
}
