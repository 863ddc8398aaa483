//! The folder of an experiment: results, tables, summary, the files that
//! state it.

use super::pieces::Pieces;
use super::results::{self, ExperimentResults, Found};
use super::tables::{crossed_table, differences_table, replicates_table, settings_table};
use super::{Experiment, ExperimentError, Variant};
use allegiance_record::digest::{Hasher, digest_of_setup};
use allegiance_record::plain;
use allegiance_record::table::TableData;
use allegiance_replay::WorkProgress;
use allegiance_runs::foreign_version::{ForeignVersionError, check_version};
use allegiance_runs::parquet_table::TABLE_FORMAT_VERSION;
use allegiance_runs::run_folder::{WriteFolderError, write_table};
use allegiance_runs::sums::{CheckFileError, check_files};
use allegiance_runs::work_folder::{WORK_FORMAT_VERSION, WorkFolder, WorkIdentity, finished_head};
use parquet::file::metadata::KeyValue;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The file that tells a finished experiment.
pub const EXPERIMENT_HEAD: &str = "experiment.json";

/// The content of `experiment.json`; it holds no time and no machine.
#[derive(Debug, Serialize, Deserialize)]
struct ExperimentManifest {
    about: String,
    format_version: u32,
    engine_version: String,
    work_digest: String,
    shard: Option<[u32; 2]>,
    results: ExperimentResults,
}

/// A finished experiment in its folder.
#[derive(Debug)]
pub struct ExperimentReport {
    /// The folder.
    pub folder: PathBuf,
    /// What came out.
    pub results: ExperimentResults,
    /// Whether it was finished before, and nothing was left to resume.
    pub was_finished: bool,
}

/// Runs an experiment into a folder that appears when it is finished. An
/// unfinished one is continued with `resume`.
///
/// # Errors
/// See [`ExperimentError`]. Finished pieces stay in `<out>.partial/`.
pub fn run_experiment_into(
    experiment: &Experiment<'_>,
    out: &Path,
    (overwrite, resume): (bool, bool),
    threads: usize,
    version: &str,
    progress: &dyn WorkProgress,
) -> Result<ExperimentReport, ExperimentError> {
    let identity = identity_of(experiment, version)?;
    let results_in =
        |text: String| serde_json::from_str(&text).ok().map(|manifest: ExperimentManifest| manifest.results);
    if let Some(results) = finished_head(out, EXPERIMENT_HEAD, &identity, resume)?.and_then(results_in) {
        return Ok(ExperimentReport { folder: out.to_owned(), results, was_finished: true });
    }
    let report = |folder, results| ExperimentReport { folder, results, was_finished: false };
    let folder = WorkFolder::open(out, EXPERIMENT_HEAD, &identity, overwrite, resume)?;
    if let Some(results) = folder.get(EXPERIMENT_HEAD).and_then(results_in) {
        return Ok(report(folder.publish()?, results));
    }
    let pieces = Pieces::new(experiment, threads, Some(&folder), progress)?;
    let found = results::run(experiment, &pieces)?;
    write(experiment, &folder, &identity, &found)?;
    Ok(report(folder.publish()?, found.results))
}

/// Why a finished experiment couldn't be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadExperimentError {
    /// The file can't be read; the message names it.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// It has the layout of another version.
    #[error(transparent)]
    Version(#[from] ForeignVersionError),
    /// It isn't what was written.
    #[error(transparent)]
    Changed(#[from] CheckFileError),
    /// It isn't what an experiment writes.
    #[error("{} can't be understood: {problem}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
}

/// The results of a finished experiment.
///
/// # Errors
/// See [`ReadExperimentError`].
pub fn read_experiment(folder: &Path) -> Result<ExperimentResults, ReadExperimentError> {
    let path = folder.join(EXPERIMENT_HEAD);
    let text = fs_err::read_to_string(&path)?;
    check_version(&path, &text, WORK_FORMAT_VERSION)?;
    let manifest: ExperimentManifest = serde_json::from_str(&text)
        .map_err(|error| ReadExperimentError::Content { path, problem: error.to_string() })?;
    check_files(folder, &[EXPERIMENT_HEAD])?;
    Ok(manifest.results)
}

/// Everything that decides the results: the files, and what the engine is
/// given in each arm.
fn identity_of(experiment: &Experiment<'_>, version: &str) -> Result<WorkIdentity, ExperimentError> {
    let mut hasher = Hasher::default();
    hasher.text("experiment");
    hasher.text(&experiment.id);
    experiment.texts.iter().for_each(|text| hasher.text(text));
    for (arm, entry) in experiment.arms.iter().enumerate() {
        let setup = (experiment.build)(arm, &Variant::Main).map_err(|cause| ExperimentError::Arm {
            arm: entry.id.clone(),
            variant: Variant::Main.word(),
            cause,
        })?;
        hasher.text(&digest_of_setup(&setup));
    }
    experiment.outcomes.iter().for_each(|outcome| hasher.text(&outcome.name));
    hasher.text(&format!("{:?} {:?} {}", experiment.precision, experiment.robustness, experiment.baseline));
    Ok(WorkIdentity {
        format_version: WORK_FORMAT_VERSION,
        engine_version: version.to_owned(),
        work_digest: hasher.finish(),
        shard: None,
    })
}

fn write(
    experiment: &Experiment<'_>,
    folder: &WorkFolder,
    identity: &WorkIdentity,
    found: &Found,
) -> Result<(), WriteFolderError> {
    let results = &found.results;
    let mut tables = vec![differences_table(results), replicates_table(experiment, &found.arms)];
    if !found.settings.is_empty() {
        tables.extend([settings_table(&found.settings), crossed_table(experiment, found)]);
    }
    for table in tables {
        let file = format!("{}.parquet", table.name);
        write_table(&folder.partial().join(&file), &table, metadata(&table, experiment, identity))?;
        folder.stays(&file);
    }
    for (depth, text) in experiment.texts.iter().enumerate() {
        let name = if depth == 0 { "experiment.toml".to_owned() } else { format!("base{depth}.toml") };
        folder.put(&name, text.as_bytes())?;
    }
    folder.put("summary.txt", plain(&(experiment.summarise)(results)).as_bytes())?;
    let manifest = ExperimentManifest {
        about: format!("An experiment of Allegiance. {}", experiment.about),
        format_version: identity.format_version,
        engine_version: identity.engine_version.clone(),
        work_digest: identity.work_digest.clone(),
        shard: None,
        results: results.clone(),
    };
    let json = serde_json::to_vec_pretty(&manifest).expect("numbers and texts are always JSON");
    Ok(folder.seal(&json)?)
}

fn metadata(table: &TableData, experiment: &Experiment<'_>, identity: &WorkIdentity) -> Vec<KeyValue> {
    let pair = |key: &str, value: &str| KeyValue::new(format!("allegiance.{key}"), value.to_owned());
    vec![
        pair("format_version", &TABLE_FORMAT_VERSION.to_string()),
        pair("version", &identity.engine_version),
        pair("scenario", &experiment.scenario_id),
        pair("experiment", &experiment.id),
        pair("work_digest", &identity.work_digest),
        pair("table", table.name),
        pair("meaning", table.meaning),
        pair("note", experiment.about),
    ]
}
