//! One run from a setup to a finished folder.

use crate::observe::{Country, Gazetteer, ObservationParameters, observe, reported_table};
use crate::output::digest::{Hasher, digest_of_setup, digest_of_table};
use crate::output::manifest::{
    Effort, FORMAT_VERSION, Manifest, TableEntry, TheoryWords, changed_parameters, peak_memory_bytes, switched_off, utc,
};
use crate::output::merge::{MergePartsError, merge_parts};
use crate::output::parquet_table::{RunLabels, metadata_of, schema_of};
use crate::output::places::places_table;
use crate::output::run_folder::{
    FinishedReplicate, OpenFolderError, RunFolder, RunIdentity, WriteFolderError, write_table,
};
use crate::output::table::{Names, TableData, tables_of};
use crate::patterns::{PatternValues, measure, render_verdicts, verdicts};
use crate::progress::Progress;
use crate::replicates::{RunReplicatesError, run_replicates};
use crate::summary::{ReplicateSummary, SummaryInput, render_summary};
use allegiance_model::World;
use allegiance_model::setup::Setup;
use allegiance_model::tables::Records;
use parquet::errors::ParquetError;
use std::collections::BTreeMap;
use std::path::PathBuf;
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
    /// The command that makes the run, for `run.json`.
    pub command_line: Vec<String>,
    /// Version of the program.
    pub version: String,
    /// Commit of the source, if known.
    pub git: Option<String>,
    /// The observation model.
    pub observation: ObservationParameters,
    /// The country that reports name.
    pub country: Country,
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
            command_line: Vec::new(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            git: None,
            observation: ObservationParameters::default(),
            country: Country::default(),
        }
    }

    /// The same with another number of replicates.
    #[must_use]
    pub fn with_replicates(self, replicates: u32) -> Self {
        Self { replicates, ..self }
    }
}

/// A finished run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunReport {
    /// Its folder.
    pub folder: PathBuf,
    /// The text of `summary.txt`.
    pub summary: String,
    /// The calibration patterns as text.
    pub patterns: String,
    /// The content of `run.json`.
    pub manifest: Manifest,
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
    #[error("cancelled after {n_finished} of {n_replicates} replicates, which are kept in {}; resume to go on", partial.display())]
    Cancelled {
        /// Replicates finished so far.
        n_finished: usize,
        /// Replicates asked for.
        n_replicates: u32,
        /// Where they are kept.
        partial: PathBuf,
    },
    /// The operating system gave no threads.
    #[error("can't start {threads} threads")]
    Threads {
        /// Number of threads asked for.
        threads: usize,
        /// What the thread pool said.
        source: rayon::ThreadPoolBuildError,
    },
}

/// Simulates every replicate and writes the run folder.
///
/// # Errors
/// See [`RunError`]. Whatever the error, replicates that are finished stay in
/// `<out>.partial/`.
pub fn run(input: &RunInput, options: &RunOptions, progress: &dyn Progress) -> Result<RunReport, RunError> {
    let started = SystemTime::now();
    check(input, options)?;
    let identity = identity_of(input, options);
    let folder = RunFolder::open(&options.out, &identity, options.overwrite, options.resume)?;
    if let Some(manifest) = finished_before(&folder, options.replicates) {
        return publish(folder, manifest);
    }
    let kept = folder.finished(options.replicates)?;
    progress.begin(options.replicates, kept.len() as u32, input.setup.n_days);
    let n_kept = kept.len() as u32;
    let replicates = simulate(input, options, &folder, kept, progress)?;
    let labels = RunLabels {
        version: options.version.clone(),
        scenario_id: input.scenario_id.clone(),
        scenario_hash: input.scenario_hash.clone(),
        setup_digest: identity.setup_digest.clone(),
        seed: input.setup.seed,
    };
    let tables = write_tables(input, options, &folder, &replicates, &labels, progress)?;
    for (name, text) in &input.files {
        folder.put(&format!("scenario/{name}"), text.as_bytes()).map_err(WriteFolderError::Io)?;
    }
    let summaries: Vec<ReplicateSummary> = replicates.iter().map(|kept| kept.summary.clone()).collect();
    let summary = render_summary(&SummaryInput {
        title: &input.title,
        scenario_id: &input.scenario_id,
        setup: &input.setup,
        replicates: &summaries,
        folder: &options.out,
    });
    folder.put("summary.txt", summary.as_bytes()).map_err(WriteFolderError::Io)?;
    let patterns: Vec<PatternValues> = replicates.iter().map(|kept| kept.patterns.clone()).collect();
    let manifest = Manifest {
        tables,
        patterns: verdicts(&patterns),
        effort: effort(input, options, started, n_kept),
        ..manifest_of(input, options, &identity, &replicates)
    };
    let json = serde_json::to_vec_pretty(&manifest).map_err(|error| WriteFolderError::Io(error.into()))?;
    folder.put("run.json", &json).map_err(WriteFolderError::Io)?;
    publish(folder, manifest)
}

fn check(input: &RunInput, options: &RunOptions) -> Result<(), RunError> {
    if !(1..=MAX_REPLICATES).contains(&options.replicates) {
        return Err(RunError::Replicates { found: options.replicates });
    }
    for (name, _) in &input.files {
        let is_below =
            std::path::Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if name.is_empty() || !is_below {
            return Err(RunError::ScenarioFile { name: name.clone() });
        }
    }
    Ok(())
}

fn identity_of(input: &RunInput, options: &RunOptions) -> RunIdentity {
    let mut observation = Hasher::default();
    for (path, value) in options.observation.pairs() {
        observation.text(&path);
        observation.real(value);
    }
    observation.text(&options.country.name);
    observation.text(&options.country.region);
    observation.whole(u64::from(options.country.gw_number));
    RunIdentity {
        format_version: FORMAT_VERSION,
        engine_version: options.version.clone(),
        scenario_hash: input.scenario_hash.clone(),
        setup_digest: digest_of_setup(&input.setup),
        seed: input.setup.seed,
        n_days: input.setup.n_days,
        observation_digest: observation.finish(),
    }
}

/// The manifest of a run that was killed while it got its name.
fn finished_before(folder: &RunFolder, n_replicates: u32) -> Option<Manifest> {
    let manifest: Manifest = serde_json::from_str(&folder.get("run.json")?).ok()?;
    (manifest.n_replicates == n_replicates).then_some(manifest)
}

fn publish(folder: RunFolder, manifest: Manifest) -> Result<RunReport, RunError> {
    let summary = folder.get("summary.txt").unwrap_or_default();
    let patterns = render_verdicts(&manifest.patterns, manifest.n_replicates as usize);
    Ok(RunReport { folder: folder.publish()?, summary, patterns, manifest })
}

/// Runs the replicates that are missing and gives all, in order.
fn simulate(
    input: &RunInput,
    options: &RunOptions,
    folder: &RunFolder,
    mut kept: Vec<FinishedReplicate>,
    progress: &dyn Progress,
) -> Result<Vec<FinishedReplicate>, RunError> {
    let is_missing = |replicate: &u32| kept.binary_search_by_key(replicate, |kept| kept.replicate).is_err();
    let missing: Vec<u32> = (0..options.replicates).filter(is_missing).collect();
    if missing.is_empty() {
        return Ok(kept);
    }
    let world = World::build(input.setup.clone());
    let gazetteer = Gazetteer::of(&input.setup);
    let names = Names::of(&input.setup);
    let start = input.setup.start.days_since_1970();
    let finished: Mutex<Vec<FinishedReplicate>> = Mutex::new(Vec::new());
    let sink = |replicate: u32, records: Records| -> Result<(), WriteFolderError> {
        let events = observe(&records, &input.setup, &gazetteer, &options.observation, replicate);
        let summary = ReplicateSummary::of(&records, &input.setup, &events);
        let patterns = measure(&records, &input.setup, &events);
        let mut tables = tables_of(&records, &names);
        drop(records);
        tables.push(reported_table(&events, &input.setup, &gazetteer, &options.country));
        let done = folder.keep(replicate, start, tables, summary, patterns)?;
        finished.lock().unwrap_or_else(PoisonError::into_inner).push(done);
        Ok(())
    };
    let result = run_replicates(&world, &missing, options.threads, progress, &sink);
    kept.append(&mut finished.into_inner().unwrap_or_else(PoisonError::into_inner));
    kept.sort_by_key(|kept| kept.replicate);
    match result {
        Ok(()) => Ok(kept),
        Err(RunReplicatesError::Sink(error)) => Err(error.into()),
        Err(RunReplicatesError::Threads { threads, source }) => Err(RunError::Threads { threads, source }),
        Err(RunReplicatesError::Cancelled) => Err(RunError::Cancelled {
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
    for table in empty_tables(input, options) {
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
    entries.insert(places.name.to_owned(), entry);
    Ok(entries)
}

fn parquet_at(path: &std::path::Path) -> impl FnOnce(ParquetError) -> WriteFolderError {
    let path = path.to_owned();
    move |source| WriteFolderError::Parquet { path, source }
}

/// Every table of a replicate without rows, for its columns and their meanings.
fn empty_tables(input: &RunInput, options: &RunOptions) -> Vec<TableData> {
    let gazetteer = Gazetteer::of(&input.setup);
    let mut tables = tables_of(&Records::default(), &Names::of(&input.setup));
    tables.push(reported_table(&[], &input.setup, &gazetteer, &options.country));
    tables
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
        threads: if options.threads == 0 {
            std::thread::available_parallelism().map_or(1, usize::from)
        } else {
            options.threads
        },
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
        about: "A run of Allegiance. Simulated: synthetic people in real places; not a forecast.".to_owned(),
        format_version: FORMAT_VERSION,
        engine_version: options.version.clone(),
        git: options.git.clone(),
        command_line: options.command_line.clone(),
        scenario_id: input.scenario_id.clone(),
        scenario_title: input.title.clone(),
        scenario_hash: input.scenario_hash.clone(),
        setup_digest: identity.setup_digest.clone(),
        seed: setup.seed,
        n_replicates: options.replicates,
        n_days: setup.n_days,
        start: setup.start.to_string(),
        end: setup.start.plus_days(setup.n_days.saturating_sub(1)).to_string(),
        theory: TheoryWords {
            belief: setup.theory.belief.word().to_owned(),
            exit: setup.theory.exit.word().to_owned(),
        },
        changed_parameters: changed_parameters(setup),
        switched_off: switched_off(setup),
        observation_digest: identity.observation_digest.clone(),
        observation: options.observation.pairs().collect(),
        effort: Effort::default(),
        digest: digest_of_run(replicates),
        tables: BTreeMap::new(),
        patterns: Vec::new(),
    }
}
