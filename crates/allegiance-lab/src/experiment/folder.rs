//! The folder of an experiment: results, tables, summary, the files that
//! state it.

use super::pieces::Pieces;
use super::results::{self, ExperimentResults};
use super::{Experiment, ExperimentError, Variant};
use crate::measured::Measured;
use allegiance_record::difference::Difference;
use allegiance_record::digest::{Hasher, digest_of_setup};
use allegiance_record::plain;
use allegiance_record::table::{OutputCells, OutputColumn, OutputKind, TableData};
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
    let (results, arms) = results::run(experiment, &pieces)?;
    write(experiment, &folder, &identity, (&results, &arms))?;
    Ok(report(folder.publish()?, results))
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
    (results, arms): (&ExperimentResults, &[Measured]),
) -> Result<(), WriteFolderError> {
    for table in [differences_table(results), replicates_table(experiment, arms)] {
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

/// Arm, outcome, theories tried, the difference, and its probability together.
type Line<'a> = (&'a str, &'a str, String, String, Option<Difference>, Option<f64>);

/// One line an arm, outcome and setting.
fn differences_table(results: &ExperimentResults) -> TableData {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for row in &results.differences {
        lines.push((&row.arm, &row.outcome, String::new(), String::new(), row.difference, row.p_together));
        for theory in row.agreement.theories.iter().flat_map(|agreement| &agreement.theories) {
            lines.push((&row.arm, &row.outcome, theory.belief.clone(), theory.exit.clone(), theory.difference, None));
        }
    }
    let text = |name, meaning, cell: &dyn Fn(&Line<'_>) -> Option<String>| {
        column(name, meaning, OutputKind::Text, OutputCells::Text(lines.iter().map(cell).collect()))
    };
    let real = |name, meaning, value: fn(&Difference) -> Option<f64>| {
        let cells = lines.iter().map(|line| line.4.as_ref().and_then(value)).collect();
        column(name, meaning, OutputKind::Real, OutputCells::Real(cells))
    };
    let filled = |word: &String| (!word.is_empty()).then(|| word.clone());
    TableData {
        name: "differences",
        meaning: "Paired differences of an experiment's arms from its baseline.",
        columns: vec![
            text("arm", "The arm.", &|line| Some(line.0.to_owned())),
            text("outcome", "The outcome.", &|line| Some(line.1.to_owned())),
            text("belief", "The theory of belief tried; empty for the scenario's own.", &|line| filled(&line.2)),
            text("exit", "The theory of exit tried; empty for the scenario's own.", &|line| filled(&line.3)),
            real("n_pairs", "Pairs in which the outcome exists.", |d| Some(d.n_pairs as f64)),
            real("n_differ", "Of these, pairs in which the two differ.", |d| Some(d.n_differ as f64)),
            real("mean_baseline", "Mean of the baseline over these pairs.", |d| Some(d.mean_first)),
            real("mean_arm", "Mean of the arm.", |d| Some(d.mean_second)),
            real("difference", "Mean of arm minus baseline.", |d| Some(d.mean)),
            real("low", "Lower end of the 95% interval; empty where no pair differs.", |d| Some(d.interval?.low)),
            real("high", "Upper end of the 95% interval.", |d| Some(d.interval?.high)),
            real("p", "Two-sided probability of so large a mean without a difference.", |d| Some(d.interval?.p)),
            column(
                "p_together",
                "The same after Holm's correction for all arms and outcomes.",
                OutputKind::Real,
                OutputCells::Real(lines.iter().map(|line| line.5).collect()),
            ),
        ],
    }
}

/// One line an arm and replicate.
fn replicates_table(experiment: &Experiment<'_>, arms: &[Measured]) -> TableData {
    let lines: Vec<(usize, usize)> =
        arms.iter().enumerate().flat_map(|(arm, rows)| (0..rows.outcomes.len()).map(move |at| (arm, at))).collect();
    let ids = lines.iter().map(|&(arm, _)| Some(experiment.arms[arm].id.clone())).collect();
    let numbers = lines.iter().map(|&(_, at)| Some(at as i32)).collect();
    let mut columns = vec![
        column("arm", "The arm.", OutputKind::Text, OutputCells::Text(ids)),
        column(
            "replicate",
            "Replicate number, the same luck in every arm.",
            OutputKind::Index,
            OutputCells::Signed(numbers),
        ),
    ];
    for (outcome_idx, outcome) in experiment.outcomes.iter().enumerate() {
        let value =
            |&(arm, at): &(usize, usize)| Some(arms[arm].outcomes[at][outcome_idx]).filter(|value| value.is_finite());
        let cells = OutputCells::Real(lines.iter().map(value).collect());
        columns.push(OutputColumn {
            name: outcome.name.clone().into(),
            unit: outcome.unit,
            ..column("", &outcome.meaning, OutputKind::Real, cells)
        });
    }
    TableData { name: "replicates", meaning: "Outcomes of each replicate of each arm of an experiment.", columns }
}

fn column(name: &'static str, meaning: &str, kind: OutputKind, cells: OutputCells) -> OutputColumn {
    OutputColumn { name: name.into(), unit: "1", meaning: meaning.to_owned().into(), kind, nullable: true, cells }
}
