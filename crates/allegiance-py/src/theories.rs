//! Theories on the same world and draws, and put to a record.

use std::path::{Path, PathBuf};

use allegiance_lab::inference::record_summaries::summarise_record;
use allegiance_lab::inference::{SeenEvent, Study, WHOLE, tournament as contest};
use allegiance_lab::paired::{Replicates, run_study};
use allegiance_lab::theories::{compare_theories, theories_subject};
use allegiance_model::theory::OwnTheory;
use allegiance_record::plain;
use allegiance_report::theories::{render_theories, table_of_theories};
use allegiance_report::tournament::render_tournament;
use allegiance_scenario::{load, parse_theory};
use allegiance_tasks::{
    TheoryRecord, check_found, distinct_theories, evidence_of, read_evidence, read_record, study_of,
};
use pyo3::prelude::*;

use crate::VERSION;
use crate::errors::{argument, of_document, of_draws, of_load, of_record, of_study, of_task};
use crate::experiments::Keep;
use crate::inference::filled;
use crate::runs::open;
use crate::scenario::Scenario;
use crate::work::{NThreads, follow};

/// Theories by the names and texts of their files.
pub(crate) fn read_theories(py: Python<'_>, files: &[(String, String)]) -> PyResult<Vec<OwnTheory>> {
    let theories = files.iter().map(|(name, text)| parse_theory(name, text)).collect::<Result<Vec<_>, _>>();
    theories.map_err(|error| of_document(py, error))
}

/// Runs a scenario under every theory with the same seeds, as JSON and text, with the folder
/// where that is kept.
#[pyfunction]
#[pyo3(signature = (scenario, theories, replicates, threads, keep, progress))]
pub(crate) fn theories(
    py: Python<'_>,
    scenario: &Scenario,
    theories: Vec<(String, String)>,
    replicates: u32,
    threads: NThreads,
    keep: Keep,
    progress: Option<Py<PyAny>>,
) -> PyResult<(String, String, Option<PathBuf>)> {
    let own = distinct_theories(read_theories(py, &theories)?).map_err(|error| of_task(py, error))?;
    let (setup, title) = (&scenario.inner.setup, &scenario.inner.title);
    let subject = theories_subject(setup, &own, &replicates);
    let folder = keep.as_ref().map(|(out, overwrite, resume)| subject.kept_in(out, VERSION, *overwrite, *resume));
    let finished = follow(py, progress.as_ref(), |listener| {
        run_study(
            Replicates::new(threads.0, listener),
            folder.as_ref(),
            |pieces| compare_theories(setup, &own, replicates, pieces),
            |rows| table_of_theories(rows, title).told(render_theories(rows, title)),
        )
    })?;
    let finished = finished.map_err(|error| of_study(py, &error))?;
    Ok((finished.json, finished.told.text, finished.folder))
}

/// Which theory could have produced a record, or what observers of a run saw, as JSON and text.
#[pyfunction]
#[pyo3(signature = (record, evidence, replicate, scenario, draws, seed, parameters, theories, table, threads, progress))]
#[expect(clippy::too_many_arguments, reason = "Python's wrapper names them")]
pub(crate) fn tournament(
    py: Python<'_>,
    record: Option<PathBuf>,
    evidence: Vec<PathBuf>,
    replicate: u32,
    scenario: Option<&Scenario>,
    draws: u32,
    seed: Option<u64>,
    parameters: Vec<String>,
    theories: Vec<(String, String)>,
    table: Option<PathBuf>,
    threads: NThreads,
    progress: Option<Py<PyAny>>,
) -> PyResult<(String, String)> {
    let Known { study, seen } = known_of(py, (record, replicate), &evidence, scenario, seed, &parameters, &theories)?;
    let folder = filled(py, &study, table, (draws, WHOLE), threads, progress.as_ref())?;
    let result = follow(py, None, |_listener| Ok(contest(&study, &study.read(&folder, draws)?, seen.as_deref())))?;
    let result = result.map_err(|error| of_draws(py, &error))?;
    Ok((serde_json::json!(result).to_string(), plain(&render_tournament(&result)).into_owned()))
}

/// What is known of one war, and the study that it is put to.
struct Known {
    study: Study,
    /// Its record, where there is one.
    seen: Option<Vec<SeenEvent>>,
}

fn known_of(
    py: Python<'_>,
    (record, replicate): (Option<PathBuf>, u32),
    evidence: &[PathBuf],
    scenario: Option<&Scenario>,
    seed: Option<u64>,
    parameters: &[String],
    theories: &[(String, String)],
) -> PyResult<Known> {
    let read = record.as_deref().map(|record| record_of(py, record, replicate)).transpose()?;
    let of_record = read.as_ref().and_then(|read| read.scenario.as_ref());
    let mut scenario = match (scenario, of_record, evidence.first()) {
        (Some(scenario), ..) => scenario.inner.clone(),
        (None, Some(name), _) => load(name).map_err(|error| of_load(py, error))?,
        (None, None, Some(path)) => evidence_of(path).map_err(|error| of_task(py, error))?.scenario,
        (None, None, None) => {
            let text = match &record {
                Some(record) => format!("{} is a file and names no scenario", record.display()),
                None => "nothing is known of the war: there is neither a record nor evidence".to_owned(),
            };
            return Err(argument(py, text, Some("say which one with scenario=")));
        }
    };
    if let Some(seed) = seed {
        scenario.change(&[format!("seed={seed}")]).map_err(|error| of_task(py, error.into()))?;
    }
    let own = read_theories(py, theories)?;
    let evidence = read_evidence(evidence, &scenario).map_err(|error| of_task(py, error))?;
    check_found(&evidence).map_err(|error| of_task(py, error))?;
    let mut study = study_of(&scenario, parameters, own, evidence).map_err(|error| of_task(py, error))?;
    let seen = read.map(|read| read.put_to(&mut study)).transpose().map_err(|error| of_task(py, error))?;
    Ok(Known { study, seen })
}

/// What is known of one war as the columns of a reference table have it: the summaries of its record, if
/// there is one, then each item of the evidence, each with its name.
#[pyfunction]
#[pyo3(signature = (record, evidence, replicate, scenario))]
pub(crate) fn summaries(
    py: Python<'_>,
    record: Option<PathBuf>,
    evidence: Vec<PathBuf>,
    replicate: u32,
    scenario: Option<&Scenario>,
) -> PyResult<Vec<(String, f64)>> {
    let Known { study, seen } = known_of(py, (record, replicate), &evidence, scenario, None, &[], &[])?;
    let record = seen.map(|seen| summarise_record(&seen, &study.setup)).unwrap_or_default();
    let mut found: Vec<(String, f64)> = record.names.into_iter().zip(record.values).collect();
    for evidence in &study.evidence {
        let names = evidence.items.iter().map(|item| format!("{}: {}", evidence.id, item.id));
        found.extend(names.zip(evidence.found_as_compared()));
    }
    Ok(found)
}

/// A record: a file's, or what observers of a run saw.
fn record_of(py: Python<'_>, record: &Path, replicate: u32) -> PyResult<TheoryRecord> {
    if record.is_file() {
        let rows = py.detach(|| read_record(record)).map_err(|error| of_record(py, error))?;
        return Ok(TheoryRecord::of_rows(rows));
    }
    TheoryRecord::of_run(&open(py, record)?, replicate).map_err(|error| of_task(py, error))
}
