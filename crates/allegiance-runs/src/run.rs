//! One run from a setup to a finished folder, or to the caller's memory.

mod memory;

pub use memory::{KeepTable, MemoryRun, run_in_memory};

use crate::checkpoint::{CheckpointError, read_checkpoint, write_checkpoint};
use crate::effort::{peak_memory_bytes, utc};
use crate::merge::{MergePartsError, merge_parts};
use crate::parquet_table::{RunLabels, metadata_of, schema_of};
use crate::replicates::{Keeper, run_kept_replicates};
use crate::run_folder::{FinishedReplicate, OpenFolderError, RunFolder, RunIdentity, WriteFolderError, write_table};
use crate::threads::{Stopped, Threads};
use allegiance_model::setup::Setup;
use allegiance_model::tables::Records;
use allegiance_model::{Model, World};
use allegiance_record::digest::{Hasher, digest_of_setup, digest_of_table};
use allegiance_record::manifest::{
    Effort, FORMAT_VERSION, Manifest, TableEntry, TheoryWords, changed_parameters, switched_off, switched_on,
};
use allegiance_record::patterns::{CaseWords, PatternValues, measure, patterns_of, verdicts};
use allegiance_record::placed::{MissingDeaths, ReplayedSide};
use allegiance_record::places::places_table;
use allegiance_record::plain;
use allegiance_record::setup_differences::setup_differences;
use allegiance_record::summary::{ReplicateSummary, SummaryInput};
use allegiance_record::table::TableData;
use allegiance_record::tabulator::Tabulator;
use allegiance_replay::BrokenRun;
use allegiance_replay::Progress;
use parquet::errors::ParquetError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

/// The most replicates of one run: one row group each, and Parquet counts row
/// groups in 16 bits.
pub const MAX_REPLICATES: u32 = 30_000;

/// What is simulated.
#[derive(Debug, Clone)]
pub struct RunInput {
    /// Identifier of the scenario.
    pub scenario_id: String,
    /// Title of the scenario.
    pub title: String,
    /// Hash of the resolved scenario.
    pub scenario_hash: String,
    /// The scenario's files, by name relative to its folder, copied into the run.
    pub files: Vec<(String, String)>,
    /// What the engine is given, its seed included.
    pub setup: Setup,
    /// What the engine would be given without the changes of the user; none where
    /// there are none.
    pub unchanged: Option<Setup>,
}

/// How it is simulated, and where the run is written.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// The folder of the run.
    pub out: PathBuf,
    /// Number of replicates, 1 to [`MAX_REPLICATES`].
    pub replicates: u32,
    /// Number of threads; 0 for one per core.
    pub threads: usize,
    /// Whether an older run in the folder is replaced, at the end.
    pub overwrite: bool,
    /// Whether an unfinished run in the folder is continued.
    pub resume: bool,
    /// Days between two checkpoints of a replicate in progress; none for no
    /// checkpoints.
    pub checkpoint_every: Option<u32>,
    /// The tables to write, by name; none for all.
    pub tables: Option<Vec<String>>,
    /// What was changed of the scenario, as assignments in their order.
    pub changes: Vec<String>,
    /// The command that makes the run, for `run.json`.
    pub command_line: Vec<String>,
    /// Version of the program.
    pub version: String,
    /// Commit of the source, if known.
    pub git: Option<String>,
}

impl RunOptions {
    /// One replicate into a new folder, on every core.
    pub fn new(out: impl Into<PathBuf>) -> Self {
        Self {
            out: out.into(),
            replicates: 1,
            threads: 0,
            overwrite: false,
            resume: false,
            checkpoint_every: None,
            tables: None,
            changes: Vec::new(),
            command_line: Vec::new(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            git: None,
        }
    }

    /// The same with another number of replicates.
    #[must_use]
    pub fn with_replicates(self, replicates: u32) -> Self {
        Self { replicates, ..self }
    }
}

/// Puts a summary into words; its text becomes `summary.txt`.
pub type Summarise<'a> = dyn Fn(&SummaryInput<'_>) -> String + 'a;

/// A finished run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunReport {
    /// Its folder.
    pub folder: PathBuf,
    /// The text of `summary.txt`.
    pub summary: String,
    /// The content of `run.json`.
    pub manifest: Manifest,
    /// Whether it was finished before, and nothing was left to resume.
    pub was_finished: bool,
}

/// Why a run didn't finish.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The number of replicates isn't possible.
    #[error("a run has 1 to {MAX_REPLICATES} replicates, not {found}")]
    Replicates {
        /// What was asked for.
        found: u32,
    },
    /// A scenario's file would be written outside the run.
    #[error("the scenario's file {name} isn't a path below its folder")]
    ScenarioFile {
        /// Its name.
        name: String,
    },
    /// A table of that name isn't written.
    #[error("there is no table {found}; tables are: {}", allowed.join(", "))]
    Table {
        /// What was asked for.
        found: String,
        /// The tables.
        allowed: Vec<String>,
    },
    /// A checkpoint can't be taken up.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The folder can't be used.
    #[error(transparent)]
    Open(#[from] OpenFolderError),
    /// Something can't be written.
    #[error(transparent)]
    Write(#[from] WriteFolderError),
    /// The finished replicates can't be merged.
    #[error(transparent)]
    Merge(#[from] MergePartsError),
    /// The caller cancelled; the finished replicates are kept.
    #[error("cancelled after {n_finished} of {n_replicates} replicates, which are kept in {}; resume to continue", partial.display())]
    Cancelled {
        /// Replicates finished so far.
        n_finished: usize,
        /// Replicates asked for.
        n_replicates: u32,
        /// Where they are kept.
        partial: PathBuf,
    },
    /// The caller cancelled a run without a folder.
    #[error("cancelled after {n_finished} of {n_replicates} replicates; nothing is kept")]
    Stopped {
        /// Replicates finished so far.
        n_finished: usize,
        /// Replicates asked for.
        n_replicates: u32,
    },
    /// A bound of the engine didn't hold.
    #[error("the engine stopped with a bug")]
    Broken(#[from] BrokenRun),
}

/// Simulates every replicate and writes the run folder.
///
/// # Errors
/// See [`RunError`]. Whatever the error, replicates that are finished stay in
/// `<out>.partial/`.
pub fn run(
    input: &RunInput,
    options: &RunOptions,
    summarise: &Summarise<'_>,
    progress: &dyn Progress,
) -> Result<RunReport, RunError> {
    let started = SystemTime::now();
    check(input, options)?;
    let identity = identity_of(input, options);
    if RunFolder::is_finished(&options.out, &identity, options.replicates, options.resume)? {
        return finished_report(&options.out);
    }
    let first = first_files(input, options).map_err(WriteFolderError::Io)?;
    let folder = RunFolder::open(&options.out, &identity, (options.overwrite, options.resume), &first)?;
    if let Some(manifest) = finished_before(&folder, options.replicates) {
        return publish(folder, manifest);
    }
    folder.reopen().map_err(WriteFolderError::Io)?;
    let kept = folder.finished(options.replicates)?;
    progress.begin(options.replicates, kept.len() as u32, input.setup.n_days);
    let n_kept = kept.len() as u32;
    let replicates = simulate(input, options, &folder, &identity, kept, progress)?;
    let labels = labels_of(input, options, &identity);
    let tables = write_tables(input, options, &folder, &replicates, &labels, progress)?;
    let summaries: Vec<ReplicateSummary> = replicates.iter().map(|kept| kept.summary.clone()).collect();
    let summary = summarise(&SummaryInput {
        title: &input.title,
        scenario_id: &input.scenario_id,
        setup: &input.setup,
        unchanged: input.unchanged.as_ref(),
        replicates: &summaries,
        folder: Some(&options.out),
        tables: options.tables.as_deref(),
    });
    let summary = plain(&summary).into_owned();
    folder.put("summary.txt", summary.as_bytes()).map_err(WriteFolderError::Io)?;
    let patterns: Vec<PatternValues> = replicates.iter().map(|kept| kept.patterns.clone()).collect();
    let manifest = Manifest {
        tables,
        patterns: verdicts(patterns_of(&input.setup), &patterns),
        effort: effort(input, options, started, n_kept),
        ..manifest_of(input, options, &identity, &replicates)
    };
    let json = serde_json::to_vec_pretty(&manifest).map_err(|error| WriteFolderError::Io(error.into()))?;
    for (name, _) in &input.files {
        folder.stays(&format!("scenario/{name}"));
    }
    folder.seal(&json).map_err(WriteFolderError::Io)?;
    publish(folder, manifest)
}

/// The files without which an unfinished run can't be resumed: the scenario, and
/// how the run was asked for.
fn first_files(input: &RunInput, options: &RunOptions) -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let scenario = input.files.iter().map(|(name, text)| (format!("scenario/{name}"), text.clone().into_bytes()));
    let request = serde_json::to_vec_pretty(&Request::of(options))?;
    Ok(scenario.chain([("resume.json".to_owned(), request)]).collect())
}

fn labels_of(input: &RunInput, options: &RunOptions, identity: &RunIdentity) -> RunLabels {
    RunLabels {
        version: options.version.clone(),
        scenario_id: input.scenario_id.clone(),
        scenario_hash: input.scenario_hash.clone(),
        setup_digest: identity.setup_digest.clone(),
        seed: input.setup.seed,
        about: input.setup.about(),
    }
}

fn check(input: &RunInput, options: &RunOptions) -> Result<(), RunError> {
    if !(1..=MAX_REPLICATES).contains(&options.replicates) {
        return Err(RunError::Replicates { found: options.replicates });
    }
    for (name, _) in &input.files {
        let is_below = Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if name.is_empty() || !is_below {
            return Err(RunError::ScenarioFile { name: name.clone() });
        }
    }
    let names: Vec<String> = all_tables(input).iter().map(|table| table.name.to_owned()).collect();
    match options.tables.iter().flatten().find(|name| !names.contains(name)) {
        Some(found) => Err(RunError::Table { found: found.clone(), allowed: names }),
        None => Ok(()),
    }
}

pub(crate) fn identity_of(input: &RunInput, options: &RunOptions) -> RunIdentity {
    let mut observation = Hasher::default();
    for (path, value) in input.setup.observation.pairs() {
        observation.text(&path);
        observation.real(value);
    }
    RunIdentity {
        format_version: FORMAT_VERSION,
        engine_version: options.version.clone(),
        scenario_hash: input.scenario_hash.clone(),
        setup_digest: digest_of_setup(&input.setup),
        seed: input.setup.seed,
        n_days: input.setup.n_days,
        observation_digest: observation.finish(),
        tables_written: options.tables.clone(),
    }
}

/// How a run was asked for, kept beside an unfinished one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Number of replicates.
    pub replicates: u32,
    /// Days between two checkpoints.
    pub checkpoint_every: Option<u32>,
    /// The tables to write; none for all.
    pub tables: Option<Vec<String>>,
    /// What was changed of the scenario, as assignments in their order.
    pub changes: Vec<String>,
}

impl Request {
    fn of(options: &RunOptions) -> Self {
        Self {
            replicates: options.replicates,
            checkpoint_every: options.checkpoint_every,
            tables: options.tables.clone(),
            changes: options.changes.clone(),
        }
    }
}

/// Keeps a checkpoint of each replicate in progress.
struct Checkpoints<'f> {
    folder: &'f RunFolder,
    identity: &'f RunIdentity,
    every: Option<u32>,
    leaves_out_exposures: bool,
}

/// Why a replicate couldn't be kept.
enum KeepError {
    Write(WriteFolderError),
    Checkpoint(CheckpointError),
}

impl Keeper<KeepError> for Checkpoints<'_> {
    fn begin<'w>(&self, world: &'w World, replicate: u32) -> Result<Model<'w>, KeepError> {
        let path = self.folder.checkpoint(replicate);
        let kept = read_checkpoint(&path, self.identity, replicate, world).map_err(KeepError::Checkpoint)?;
        let model = kept.unwrap_or_else(|| Model::new(world, replicate));
        Ok(model.recording_exposures(!self.leaves_out_exposures))
    }

    fn after_day<'w>(&self, _world: &'w World, replicate: u32, model: &mut Model<'w>) -> Result<(), KeepError> {
        if self.every.is_some_and(|every| model.day().is_multiple_of(every.max(1))) {
            let path = self.folder.checkpoint(replicate);
            write_checkpoint(&path, self.identity, replicate, model)
                .map_err(|error| KeepError::Write(WriteFolderError::Io(error)))?;
        }
        Ok(())
    }
}

/// The manifest of a run that was killed while it got its name.
fn finished_before(folder: &RunFolder, n_replicates: u32) -> Option<Manifest> {
    let manifest: Manifest = serde_json::from_str(&folder.finished_head()?).ok()?;
    (manifest.n_replicates == n_replicates).then_some(manifest)
}

fn publish(folder: RunFolder, manifest: Manifest) -> Result<RunReport, RunError> {
    let summary = folder.get("summary.txt").unwrap_or_default();
    Ok(RunReport { folder: folder.publish()?, summary, manifest, was_finished: false })
}

/// What a finished run says, whose files have been checked.
fn finished_report(out: &Path) -> Result<RunReport, RunError> {
    let read = |name: &str| fs_err::read_to_string(out.join(name)).map_err(OpenFolderError::Io);
    let manifest = serde_json::from_str(&read("run.json")?).map_err(|error| OpenFolderError::Io(error.into()))?;
    Ok(RunReport { folder: out.to_owned(), summary: read("summary.txt")?, manifest, was_finished: true })
}

/// Runs the replicates that are missing and gives all, in order.
fn simulate(
    input: &RunInput,
    options: &RunOptions,
    folder: &RunFolder,
    identity: &RunIdentity,
    mut kept: Vec<FinishedReplicate>,
    progress: &dyn Progress,
) -> Result<Vec<FinishedReplicate>, RunError> {
    let is_missing = |replicate: &u32| kept.binary_search_by_key(replicate, |kept| kept.replicate).is_err();
    let missing: Vec<u32> = (0..options.replicates).filter(is_missing).collect();
    if missing.is_empty() {
        return Ok(kept);
    }
    let world = World::build(input.setup.clone());
    let tabulator = Tabulator::new(&input.setup, &input.setup.observation);
    let start = input.setup.start.days_since_1970();
    let finished: Mutex<Vec<FinishedReplicate>> = Mutex::new(Vec::new());
    // Where there are fewer replicates than threads, each is written by several.
    let writers = Threads((Threads(options.threads).count() / missing.len()).max(1));
    let sink = |replicate: u32, records: Records| -> Result<(), KeepError> {
        let events = tabulator.observe(&records, replicate);
        let summary = ReplicateSummary::of(&records, &input.setup, &events);
        let patterns = measure(&records, &input.setup, &events);
        let mut tables = tabulator.tables_with(records, &events);
        tables.retain(|table| is_wanted(options, table.name));
        let done = folder.keep(replicate, start, (tables, writers), summary, patterns).map_err(KeepError::Write)?;
        finished.lock().unwrap_or_else(PoisonError::into_inner).push(done);
        Ok(())
    };
    let leaves_out_exposures = leaves_out_exposures(input, options);
    let keeper = Checkpoints { folder, identity, every: options.checkpoint_every, leaves_out_exposures };
    let result = run_kept_replicates(&world, &missing, options.threads, progress, &keeper, &sink);
    kept.append(&mut finished.into_inner().unwrap_or_else(PoisonError::into_inner));
    kept.sort_by_key(|kept| kept.replicate);
    match result {
        Ok(()) => Ok(kept),
        Err(Stopped::Failed(KeepError::Write(error))) => Err(error.into()),
        Err(Stopped::Failed(KeepError::Checkpoint(error))) => Err(error.into()),
        Err(Stopped::Broken(broken)) => Err(broken.into()),
        Err(Stopped::Cancelled) => Err(RunError::Cancelled {
            n_finished: kept.len(),
            n_replicates: options.replicates,
            partial: folder.partial().to_owned(),
        }),
    }
}

/// Merges the tables of the replicates and writes those of the whole run.
fn write_tables(
    input: &RunInput,
    options: &RunOptions,
    folder: &RunFolder,
    replicates: &[FinishedReplicate],
    labels: &RunLabels,
    progress: &dyn Progress,
) -> Result<BTreeMap<String, TableEntry>, RunError> {
    let mut entries = BTreeMap::new();
    for table in all_tables(input).into_iter().filter(|table| is_wanted(options, table.name)) {
        let name = table.name;
        progress.merging(name);
        let file = format!("{name}.parquet");
        let path = folder.partial().join(&file);
        let table = table.with_file_columns(Some(0), input.setup.start.days_since_1970());
        let schema = schema_of(&table).map_err(parquet_at(&path))?;
        let parts: Vec<PathBuf> = replicates.iter().map(|kept| folder.part(kept.replicate, name)).collect();
        merge_parts(&parts, &path, schema, metadata_of(&table, labels))?;
        let entry = TableEntry {
            file,
            n_rows: replicates.iter().filter_map(|kept| kept.n_rows.get(name)).sum(),
            digests: replicates.iter().filter_map(|kept| kept.digests.get(name).cloned()).collect(),
        };
        folder.stays(&entry.file);
        entries.insert(name.to_owned(), entry);
    }
    let places = places_table(&input.setup);
    let path = folder.partial().join("places.parquet");
    write_table(&path, &places, metadata_of(&places, labels))?;
    let entry = TableEntry {
        file: "places.parquet".to_owned(),
        n_rows: places.n_rows() as u64,
        digests: vec![digest_of_table(&places)],
    };
    folder.stays(&entry.file);
    entries.insert(places.name.to_owned(), entry);
    Ok(entries)
}

fn parquet_at(path: &Path) -> impl FnOnce(ParquetError) -> WriteFolderError {
    let path = path.to_owned();
    move |source| WriteFolderError::Parquet { path, source }
}

/// Every table of a replicate without rows, for its columns and their meanings.
fn all_tables(input: &RunInput) -> Vec<TableData> {
    Tabulator::new(&input.setup, &input.setup.observation).tables_with(Records::default(), &[])
}

fn is_wanted(options: &RunOptions, table: &str) -> bool {
    options.tables.as_ref().is_none_or(|wanted| wanted.iter().any(|name| name == table))
}

/// Whether nobody reads the exposures of a run: they aren't written, and no pattern of its case
/// asks for them.
fn leaves_out_exposures(input: &RunInput, options: &RunOptions) -> bool {
    let patterns = input.setup.case.iter().flat_map(|case| &case.patterns);
    !is_wanted(options, "exposures") && !patterns.into_iter().any(|pattern| pattern.measure.asks_for_exposures())
}

/// Digest over the digests of all tables of all replicates.
fn digest_of_run(replicates: &[FinishedReplicate]) -> String {
    let mut hasher = Hasher::default();
    for kept in replicates {
        hasher.whole(u64::from(kept.replicate));
        for (table, digest) in &kept.digests {
            hasher.text(table);
            hasher.text(digest);
        }
    }
    hasher.finish()
}

fn effort(input: &RunInput, options: &RunOptions, started: SystemTime, n_kept: u32) -> Effort {
    let finished = SystemTime::now();
    let wall_seconds = finished.duration_since(started).map_or(0.0, |wall| wall.as_secs_f64());
    let n_foreign: f64 = input
        .setup
        .groups
        .iter()
        .map(|group| (f64::from(group.members) * group.foreign_share.rank_and_file).round())
        .sum();
    let n_agents = input.setup.n_inhabitants() + n_foreign as u64;
    let n_runs = f64::from(options.replicates - n_kept);
    let agent_days = n_agents as f64 * f64::from(input.setup.n_days) * n_runs;
    Effort {
        threads: Threads(options.threads).count(),
        started: utc(started),
        finished: utc(finished),
        wall_seconds,
        n_replicates_kept: n_kept,
        peak_memory_bytes: peak_memory_bytes(),
        n_agents,
        agent_days_per_second: (n_runs > 0.0 && wall_seconds > 0.0).then(|| agent_days / wall_seconds),
    }
}

/// The manifest but for the tables, patterns and effort.
fn manifest_of(
    input: &RunInput,
    options: &RunOptions,
    identity: &RunIdentity,
    replicates: &[FinishedReplicate],
) -> Manifest {
    let setup = &input.setup;
    Manifest {
        about: format!("A run of Allegiance. {}", setup.about()),
        format_version: FORMAT_VERSION,
        engine_version: options.version.clone(),
        git: options.git.clone(),
        command_line: options.command_line.clone(),
        changes: options.changes.clone(),
        scenario_id: input.scenario_id.clone(),
        scenario_title: input.title.clone(),
        scenario_hash: input.scenario_hash.clone(),
        setup_digest: identity.setup_digest.clone(),
        seed: setup.seed,
        n_replicates: options.replicates,
        n_days: setup.n_days,
        start: setup.start.to_string(),
        end: setup.start.plus_days(setup.n_days.saturating_sub(1)).to_string(),
        theory: TheoryWords::of(setup),
        changed: input.unchanged.as_ref().map_or_else(Vec::new, |before| setup_differences(before, setup)),
        implausible: setup.implausible().iter().map(ToString::to_string).collect(),
        changed_parameters: changed_parameters(setup),
        switched_off: switched_off(setup),
        switched_on: switched_on(setup),
        mode: setup.mode.word().to_owned(),
        replay: ReplayedSide::all(setup, replicates.iter().filter_map(|kept| kept.summary.replayed.as_ref())),
        replay_missing: MissingDeaths::all(setup, replicates.iter().filter_map(|kept| kept.summary.replayed.as_ref())),
        observation_digest: identity.observation_digest.clone(),
        observation: setup.observation.pairs().collect(),
        tables_written: options.tables.clone(),
        effort: Effort::default(),
        digest: digest_of_run(replicates),
        tables: BTreeMap::new(),
        case: setup.case.as_ref().map(CaseWords::of),
        patterns: Vec::new(),
    }
}
