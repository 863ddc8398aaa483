//! Runs: in memory, into a folder, and opened again.

use allegiance_model::setup::Setup;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use allegiance_record::table::TableData;
use allegiance_record::tabulator::Tabulator;
use allegiance_runs::parquet_table::RunLabels;
use allegiance_runs::read_run::TableFile;
use allegiance_runs::{FinishedRun, ReadRunError, RunInput, RunOptions};
use allegiance_show::patterns::render_verdicts;
use allegiance_show::summary::render_summary;
use allegiance_tasks::{input_of, open_run as open_folder, scenario_of};
use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use pyo3::prelude::*;

use crate::VERSION;
use crate::arrow::{batch_of, batch_of_file, schema_of_file};
use crate::errors::{argument, of_read, of_run, of_task};
use crate::scenario::Scenario;
use crate::table::{Table, refused};
use crate::work::{NThreads, follow};

fn input(scenario: &Scenario) -> RunInput {
    input_of(scenario.inner.clone())
}

fn options(scenario: &Scenario, out: PathBuf, replicates: u32, threads: usize) -> RunOptions {
    RunOptions {
        replicates,
        threads,
        changes: scenario.changes.clone(),
        command_line: vec!["allegiance.run (Python)".to_owned(), scenario.name.clone()],
        version: VERSION.to_owned(),
        ..RunOptions::new(out)
    }
}

/// `run.json`, summary, patterns and tables of a run in memory.
type InMemory = (String, String, String, BTreeMap<String, Table>);

/// Simulates a scenario and keeps its tables in memory.
#[pyfunction]
#[pyo3(signature = (scenario, replicates, threads, tables, progress))]
pub(crate) fn run_in_memory(
    py: Python<'_>,
    scenario: &Scenario,
    replicates: u32,
    threads: NThreads,
    tables: Option<Vec<String>>,
    progress: Option<Py<PyAny>>,
) -> PyResult<InMemory> {
    let input = input(scenario);
    let options = RunOptions { tables, ..options(scenario, PathBuf::new(), replicates, threads.0) };
    let run = follow(py, progress.as_ref(), |listener| {
        let keep = |table: TableData, labels: &RunLabels| batch_of(table, labels);
        allegiance_runs::run_in_memory(&input, &options, &render_summary, listener, &keep)
    })?;
    let run = run.map_err(|error| of_run(py, &error))?;
    let mut tables = BTreeMap::new();
    for (name, batches) in run.tables {
        let batches: Vec<RecordBatch> =
            batches.into_iter().collect::<Result<_, ArrowError>>().map_err(|error| refused(&error))?;
        tables.extend(Table::of_batches(batches).map(|table| (name.to_owned(), table)));
    }
    let manifest = serde_json::json!(run.manifest).to_string();
    let case = run.manifest.case.as_ref();
    let patterns = render_verdicts(case, &run.manifest.patterns, run.manifest.n_replicates as usize);
    Ok((manifest, run.summary, patterns, tables))
}

/// Simulates a scenario into a run folder; gives the folder.
#[pyfunction]
#[pyo3(signature = (scenario, out, replicates, threads, tables, overwrite, resume, checkpoint_every, progress))]
#[expect(clippy::too_many_arguments, reason = "Python's wrapper names them")]
pub(crate) fn run_into(
    py: Python<'_>,
    scenario: &Scenario,
    out: PathBuf,
    replicates: u32,
    threads: NThreads,
    tables: Option<Vec<String>>,
    overwrite: bool,
    resume: bool,
    checkpoint_every: Option<u32>,
    progress: Option<Py<PyAny>>,
) -> PyResult<PathBuf> {
    let input = input(scenario);
    let options =
        RunOptions { tables, overwrite, resume, checkpoint_every, ..options(scenario, out, replicates, threads.0) };
    let report =
        follow(py, progress.as_ref(), |listener| allegiance_runs::run(&input, &options, &render_summary, listener))?;
    Ok(report.map_err(|error| of_run(py, &error))?.folder)
}

/// `run.json`, summary and patterns of a finished run.
#[pyfunction]
pub(crate) fn open_run(py: Python<'_>, folder: PathBuf) -> PyResult<(String, String, String)> {
    let run = open(py, &folder)?;
    let manifest = run.manifest();
    let summary = fs_err::read_to_string(folder.join("summary.txt"))?;
    let patterns = render_verdicts(manifest.case.as_ref(), &manifest.patterns, manifest.n_replicates as usize);
    Ok((serde_json::json!(manifest).to_string(), summary, patterns))
}

/// Opens a finished run.
pub(crate) fn open(py: Python<'_>, folder: &Path) -> PyResult<FinishedRun> {
    open_folder(folder).map_err(|error| of_read(py, &error, folder))
}

/// A table of a finished run; of one replicate, where one is named.
#[pyfunction]
pub(crate) fn run_table(py: Python<'_>, folder: PathBuf, table: &str, replicate: Option<u32>) -> PyResult<Table> {
    let run = open(py, &folder)?;
    let file = run.file(table).map_err(|error| of_read(py, &error, &folder))?;
    table_of(py, &file, replicate, &folder)
}

/// Any table that Allegiance has written.
#[pyfunction]
pub(crate) fn read_table(py: Python<'_>, file: PathBuf) -> PyResult<Table> {
    let opened = TableFile::open(&file).map_err(|error| of_read(py, &error, &file))?;
    table_of(py, &opened, None, &file)
}

fn table_of(py: Python<'_>, file: &TableFile, replicate: Option<u32>, path: &Path) -> PyResult<Table> {
    let schema = schema_of_file(file);
    let groups = file.row_groups(replicate).map_err(|error| of_read(py, &error, path))?;
    let mut batches = Vec::with_capacity(groups.len());
    for group in groups {
        py.check_signals()?;
        let cells = py.detach(|| file.read(group)).map_err(|error| of_read(py, &error, path))?;
        batches.push(batch_of_file(file, &schema, cells).map_err(|error| refused(&error))?);
    }
    Ok(Table::new(schema, batches))
}

/// Why a run couldn't be observed again.
enum ObserveError {
    Read(ReadRunError),
    Arrow(ArrowError),
    Cancelled,
}

/// What an observer with other habits would have reported of a finished run.
#[pyfunction]
#[pyo3(signature = (folder, changes, progress))]
pub(crate) fn observe(
    py: Python<'_>,
    folder: PathBuf,
    changes: Vec<String>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Table> {
    let run = open(py, &folder)?;
    let mut scenario = scenario_of(&run).map_err(|error| of_task(py, error))?;
    let before = scenario.setup.clone();
    scenario.change(&changes).map_err(|error| of_task(py, error.into()))?;
    let (observation, country) = (before.observation.clone(), before.country.clone());
    if (Setup { observation, country, ..scenario.setup.clone() }) != before {
        let text = "only observation.* can be changed of a run that is finished; simulate it again for the rest";
        return Err(argument(py, text.to_owned(), None));
    }
    let labels = RunLabels {
        version: VERSION.to_owned(),
        scenario_id: run.manifest().scenario_id.clone(),
        scenario_hash: run.manifest().scenario_hash.clone(),
        setup_digest: run.manifest().setup_digest.clone(),
        seed: run.manifest().seed,
        about: scenario.setup.about(),
    };
    let observed = follow(py, progress.as_ref(), |listener| {
        let progress: &dyn allegiance_replay::WorkProgress = listener;
        progress.begin(u64::from(run.manifest().n_replicates), 0);
        let tabulator = Tabulator::new(&scenario.setup, &scenario.setup.observation);
        let start = scenario.setup.start.days_since_1970();
        let mut batches = Vec::new();
        for replicate in run.replicates() {
            if progress.is_cancelled() {
                return Err(ObserveError::Cancelled);
            }
            let records = run.records(replicate).map_err(ObserveError::Read)?;
            let reported = tabulator.reported(&records, replicate).with_file_columns(Some(replicate), start);
            batches.push(batch_of(reported, &labels).map_err(ObserveError::Arrow)?);
            progress.piece_done();
        }
        Ok(batches)
    })?;
    let batches = observed.map_err(|error| match error {
        ObserveError::Read(error) => of_read(py, &error, &folder),
        ObserveError::Arrow(error) => refused(&error),
        ObserveError::Cancelled => argument(py, "cancelled", None),
    })?;
    Table::of_batches(batches).ok_or_else(|| argument(py, "the run has no replicates", None))
}
