//! Sweeps: every row of a design, each with the same replicates.
//!
//! A row is addressed by its number: its values follow from the design, its
//! wars from the scenario's seed and the replicate's number. So rows can be
//! run in any order, on any number of threads, in shards on several machines,
//! stopped at any moment and resumed, and the results are the same bytes.
//! A row that can't be run is kept with its cause.

mod elsewhere;
mod folder;
mod results;
mod row;
mod shards;
mod tables;

pub use elsewhere::{FinishedRows, KeepRowsError, OpenSweep, WantedRow, run_rows_elsewhere};
pub use folder::{OutcomeEntry, SWEEP_HEAD, SweepManifest, SweepTable, sweep_is_finished};
pub use results::{OutcomeRange, SweepResults, read_sweep};
pub use row::{BUG_CODE, FailedRow, INPUT_CODE, RowRecord};
pub use shards::{Shard, ShardError, shard_folder};

use crate::design::{Design, Points};
use allegiance_model::setup::Setup;
use allegiance_record::evidence::Evidence;
use allegiance_record::outcomes::Outcome;
use allegiance_replay::WorkProgress;
use allegiance_runs::run_folder::{OpenFolderError, WriteFolderError};
use allegiance_runs::work_folder::WorkFolder;
use allegiance_runs::{Stopped, Threads};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Makes one change to a setup, as `key=value`; an error says why it can't.
pub type ApplyChange<'a> = dyn Fn(&mut Setup, &str) -> Result<(), String> + Sync + 'a;

/// What is swept.
pub struct SweepInput<'a> {
    /// Identifier of the design.
    pub id: String,
    /// Title of the design.
    pub title: String,
    /// The design file, which is copied into the folder.
    pub text: String,
    /// Theories in files that the design names, by file name, each with its text; they are
    /// copied into the folder.
    pub theories: Vec<(String, String)>,
    /// Identifier of the scenario.
    pub scenario_id: String,
    /// Hash of the resolved scenario.
    pub scenario_hash: String,
    /// The scenario, before a row's values are set.
    pub setup: &'a Setup,
    /// Factors and sampler.
    pub design: Design,
    /// What is measured.
    pub outcomes: Vec<Outcome>,
    /// Evidence of people and groups whose questions are asked in every war.
    pub evidence: Vec<Evidence>,
    /// Replicates of each row, numbered from 0.
    pub n_replicates: u32,
    /// Sets a value.
    pub apply: Box<ApplyChange<'a>>,
}

impl SweepInput<'_> {
    /// Everything that is measured: the outcomes, then each thing that the evidence asks.
    pub fn measured(&self) -> Vec<OutcomeEntry> {
        let outcomes = self.outcomes.iter().map(|outcome| OutcomeEntry {
            name: outcome.name.clone(),
            unit: outcome.unit.to_owned(),
            meaning: outcome.meaning.clone(),
        });
        let items = self.evidence.iter().flat_map(|of| of.items.iter().map(move |item| (of, item)));
        let items = items.map(|(of, item)| OutcomeEntry {
            name: format!("{}: {}", of.id, item.id),
            unit: item.unit().to_owned(),
            meaning: if item.wording.is_empty() { of.title.clone() } else { item.wording.clone() },
        });
        outcomes.chain(items).collect()
    }
}

impl std::fmt::Debug for SweepInput<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SweepInput").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Which rows a process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of them.
    Whole,
    /// Those of one shard, into a folder of its own.
    Shard(Shard),
    /// None: joins the shards' folders.
    Merge,
}

/// Where and how a sweep is run.
#[derive(Debug, Clone)]
pub struct SweepOptions {
    /// The folder of the whole sweep; shards lie beside it.
    pub out: PathBuf,
    /// Which rows.
    pub part: Part,
    /// Threads; 0 is one a core.
    pub threads: usize,
    /// Replace an older sweep.
    pub overwrite: bool,
    /// Continue an unfinished one.
    pub resume: bool,
    /// Version of the program.
    pub version: String,
}

impl Default for SweepOptions {
    /// All rows into `sweep`, on every core.
    fn default() -> Self {
        Self {
            out: PathBuf::from("sweep"),
            part: Part::Whole,
            threads: 0,
            overwrite: false,
            resume: false,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// A finished sweep, or a finished shard of one.
#[derive(Debug)]
pub struct SweepReport {
    /// Its folder.
    pub folder: PathBuf,
    /// What `design.json` says.
    pub manifest: SweepManifest,
    /// Whether it was finished before, and nothing was left to resume.
    pub was_finished: bool,
}

/// Why a sweep didn't finish.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The folder can't be used.
    #[error(transparent)]
    Open(#[from] OpenFolderError),
    /// Something can't be written.
    #[error(transparent)]
    Write(#[from] WriteFolderError),
    /// The shards can't be joined.
    #[error(transparent)]
    Shards(#[from] ShardError),
    /// The caller cancelled; the finished rows are kept.
    #[error("cancelled after {n_finished} of {n_rows} rows, which are kept in {}; resume to continue", partial.display())]
    Cancelled {
        /// Rows finished so far.
        n_finished: usize,
        /// Rows to run.
        n_rows: usize,
        /// Where they are kept.
        partial: PathBuf,
    },
}

/// Runs the rows that are missing and writes the folder.
///
/// # Errors
/// See [`SweepError`]. Whatever the error, finished rows stay in
/// `<out>.partial/`.
pub fn sweep(
    input: &SweepInput<'_>,
    options: &SweepOptions,
    progress: &dyn WorkProgress,
) -> Result<SweepReport, SweepError> {
    let identity = folder::identity_of(input, options);
    let points = Points::of(&input.design);
    let out = match options.part {
        Part::Shard(shard) => shard_folder(&options.out, shard),
        Part::Whole | Part::Merge => options.out.clone(),
    };
    if let Some(report) = folder::finished_report(&out, &identity, options.resume)? {
        return Ok(report);
    }
    // Nothing is lost by joining the shards again.
    let resume = options.resume || options.part == Part::Merge;
    let merged = match options.part {
        Part::Merge => shards::read_shards(&options.out, &identity, points.n_rows() as usize)?,
        _ => BTreeMap::new(),
    };
    let folder = WorkFolder::open(&out, SWEEP_HEAD, &identity, options.overwrite, resume)?;
    if let Some(manifest) = folder::finished_before(&folder) {
        return Ok(SweepReport { folder: folder.publish()?, manifest, was_finished: false });
    }
    let wanted = wanted_rows(options.part, points.n_rows());
    let kept = if options.part == Part::Merge { merged } else { kept_rows(&folder, &wanted)? };
    let rows = run_rows(input, options, (&folder, &points), (wanted, kept), progress)?;
    let manifest = match options.part {
        Part::Shard(_) => folder::write_shard(input, &folder, &identity, &rows)?,
        Part::Whole | Part::Merge => folder::write_whole(input, &folder, &identity, (&points, &rows))?,
    };
    Ok(SweepReport { folder: folder.publish()?, manifest, was_finished: false })
}

/// The rows that a process is to have, in order.
fn wanted_rows(part: Part, n_rows: u32) -> Vec<u32> {
    match part {
        Part::Shard(shard) => (shard.at - 1..n_rows).step_by(shard.of as usize).collect(),
        Part::Whole | Part::Merge => (0..n_rows).collect(),
    }
}

/// The rows that an earlier process has finished, of those that are wanted.
fn kept_rows(folder: &WorkFolder, wanted: &[u32]) -> Result<BTreeMap<u32, RowRecord>, SweepError> {
    let mut kept = BTreeMap::new();
    for text in folder.kept()?.into_values() {
        if let Ok(record) = serde_json::from_str::<RowRecord>(&text)
            && wanted.binary_search(&record.row).is_ok()
        {
            kept.insert(record.row, record);
        }
    }
    Ok(kept)
}

/// Runs the wanted rows that aren't kept and gives all of them, in order.
fn run_rows(
    input: &SweepInput<'_>,
    options: &SweepOptions,
    (folder, points): (&WorkFolder, &Points),
    (wanted, kept): (Vec<u32>, BTreeMap<u32, RowRecord>),
    progress: &dyn WorkProgress,
) -> Result<Vec<RowRecord>, SweepError> {
    let missing: Vec<u32> = wanted.iter().copied().filter(|row| !kept.contains_key(row)).collect();
    progress.begin(wanted.len() as u64, kept.len() as u64);
    let rows = Mutex::new(kept);
    let run = |at: usize| -> Result<(), WriteFolderError> {
        let row = missing[at];
        let record = row::run_row(input, row, &input.design.values_at(&points.row(row)));
        let text = serde_json::to_string(&record).expect("numbers and texts are always JSON");
        folder.keep(&format!("{row:07}"), &text)?;
        rows.lock().unwrap_or_else(PoisonError::into_inner).insert(row, record);
        Ok(())
    };
    let result = Threads(options.threads).follow(missing.len(), progress, run);
    let rows = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
    match result {
        Ok(_) => Ok(rows.into_values().collect()),
        Err(Stopped::Failed(error)) => Err(error.into()),
        Err(Stopped::Cancelled | Stopped::Broken(_)) => Err(SweepError::Cancelled {
            n_finished: rows.len(),
            n_rows: wanted.len(),
            partial: folder.partial().to_owned(),
        }),
    }
}
