//! Finished runs: their report, who walks the conformance path, and whether they come out again.

use std::path::PathBuf;

use allegiance_record::{plain, read_paths};
use allegiance_report::paths::{paths_as_json, render_paths};
use allegiance_runs::disk::{Existing, put_for_user};
use allegiance_runs::verify::verify as simulate_again;
use allegiance_runs::{RunOptions, Threads};
use allegiance_tasks::{CheckedFiles, Verification, input_again, render_verification, report_page, usual_report};
use pyo3::prelude::*;

use crate::VERSION;
use crate::errors::{argument, folder_error, of_read, of_task, of_verify};
use crate::runs::open;
use crate::work::follow;

/// Writes a run as one HTML file, next to a second run or an experiment; gives the file.
#[pyfunction]
#[pyo3(signature = (folder, others, out, overwrite))]
pub(crate) fn report(
    py: Python<'_>,
    folder: PathBuf,
    others: Vec<PathBuf>,
    out: Option<PathBuf>,
    overwrite: bool,
) -> PyResult<PathBuf> {
    let run = open(py, &folder)?;
    let out = match out {
        Some(out) => out,
        None => usual_report(&folder).map_err(|error| of_task(py, error))?,
    };
    if out.is_dir() {
        return Err(argument(py, format!("{} is a folder", out.display()), Some("name a file with out=")));
    }
    let taken =
        || folder_error(py, format!("{} exists already", out.display()), Some("pass another out=, or overwrite=True"));
    if !overwrite && out.exists() {
        return Err(taken());
    }
    let page = follow(py, None, |_listener| report_page(&run, &others, &Threads(0)))?;
    let page = page.map_err(|error| of_task(py, error))?;
    // Somebody may have written it meanwhile.
    let existing = if overwrite { Existing::Replace } else { Existing::Refuse };
    put_for_user(&out, page.as_bytes(), existing).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => taken(),
        _ => folder_error(py, format!("can't write {}: {error}", out.display()), None),
    })?;
    Ok(out)
}

/// How far people go on the conformance path, as JSON and text.
#[pyfunction]
pub(crate) fn paths(py: Python<'_>, folder: PathBuf) -> PyResult<(String, String)> {
    let run = open(py, &folder)?;
    let table = follow(py, None, |_listener| read_paths(&run))?.map_err(|error| of_read(py, &error, &folder))?;
    Ok((paths_as_json(&run, &table).to_string(), plain(&render_paths(&run, &table)).into_owned()))
}

/// Simulates a finished run again and compares digests, as JSON and text.
#[pyfunction]
#[pyo3(signature = (folder, replicates, every_way, progress))]
pub(crate) fn verify(
    py: Python<'_>,
    folder: PathBuf,
    replicates: Option<u32>,
    every_way: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<(String, String)> {
    let files = py.detach(|| CheckedFiles::of(&folder));
    let files = files.map_err(|error| folder_error(py, error.to_string(), None))?;
    if let Some(refusal) = files.refusal(&folder) {
        let lines = files.changed.iter().map(ToString::to_string).chain([refusal]);
        return Err(folder_error(py, lines.collect::<Vec<_>>().join("\n"), None));
    }
    let run = open(py, &folder)?;
    let input = input_again(&run).map_err(|error| of_task(py, error))?;
    let options = RunOptions { version: VERSION.to_owned(), ..RunOptions::new(folder.clone()) };
    let manifest = run.manifest();
    let n_replicates = replicates.unwrap_or(manifest.n_replicates).min(manifest.n_replicates);
    let mut found = Verification { n_files: files.n_files, n_replicates, ways: Vec::new() };
    for way in Verification::ways_of(&run, every_way) {
        let differences = follow(py, progress.as_ref(), |listener| {
            simulate_again(&input, &options, manifest, n_replicates, way, listener)
        })?;
        found.ways.push((way, differences.map_err(|error| of_verify(py, &error))?));
    }
    let text = render_verification(&found);
    match found.refusal(&folder) {
        None => Ok((found.as_json().to_string(), text)),
        Some(refusal) => Err(folder_error(py, format!("{text}{refusal}"), None)),
    }
}
