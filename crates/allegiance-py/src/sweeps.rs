//! Sweeps and what they say about sensitivity.

use std::path::PathBuf;

use allegiance_lab::sensitivity::{render_sensitivity, sensitivity as analyse};
use allegiance_lab::sweep::{Part, Shard, SweepOptions, SweepResults, sweep as run_sweep, sweep_is_finished};
use allegiance_scenario::{DesignFile, load_design, parse_design};
use allegiance_tasks::sweep_input;
use pyo3::prelude::*;

use crate::VERSION;
use crate::errors::{argument, of_document, of_read, of_sweep, of_task};
use crate::experiments::folder_of;
use crate::work::follow;

/// A design from its file, or from a text that stands for one.
fn design_of(py: Python<'_>, file: Option<PathBuf>, text: Option<&str>) -> PyResult<DesignFile> {
    let design = match (file, text) {
        (Some(file), _) => load_design(&file),
        (None, text) => parse_design("design", text.unwrap_or_default()),
    };
    design.map_err(|error| of_document(py, error))
}

/// Runs the rows of a design: all, those of shard `(at, of)`, or none and joins
/// the shards, for `(0, 0)`. Gives the folder, `design.json`, and a text where
/// the sweep is whole.
#[pyfunction]
#[pyo3(signature = (file, text, out, shard, threads, overwrite, resume, progress))]
#[expect(clippy::too_many_arguments, reason = "Python's wrapper names them")]
pub(crate) fn sweep(
    py: Python<'_>,
    file: Option<PathBuf>,
    text: Option<&str>,
    out: Option<PathBuf>,
    shard: Option<(u32, u32)>,
    threads: usize,
    overwrite: bool,
    resume: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<(PathBuf, String, Option<String>)> {
    let design = design_of(py, file, text)?;
    let part = match shard {
        None => Part::Whole,
        Some((0, 0)) => Part::Merge,
        Some((at, of)) if (1..=of).contains(&at) => Part::Shard(Shard { at, of }),
        Some((at, of)) => {
            return Err(argument(py, format!("the shard {at} of {of} doesn't exist"), Some("shards count from 1")));
        }
    };
    let out = out.unwrap_or_else(|| folder_of("sweeps", &design.id));
    let options = SweepOptions { out, part, threads, overwrite, resume, version: VERSION.to_owned() };
    let input = sweep_input(&design).map_err(|error| of_task(py, error))?;
    let report = follow(py, progress.as_ref(), |listener| run_sweep(&input, &options, listener))?;
    let report = report.map_err(|error| of_sweep(py, &error))?;
    let rendered = match report.manifest.shard {
        Some(_) => None,
        None => {
            let results = SweepResults::open(&report.folder).map_err(|error| of_read(py, &error, &report.folder))?;
            Some(results.render())
        }
    };
    Ok((report.folder, serde_json::json!(report.manifest).to_string(), rendered))
}

/// What an outcome depends on, from a design or a swept folder, as JSON and
/// text.
#[pyfunction]
#[pyo3(signature = (file, text, out, threads, progress))]
pub(crate) fn sensitivity(
    py: Python<'_>,
    file: Option<PathBuf>,
    text: Option<&str>,
    out: Option<PathBuf>,
    threads: usize,
    progress: Option<Py<PyAny>>,
) -> PyResult<(String, String)> {
    let folder = match file.clone().filter(|file| file.is_dir()) {
        Some(folder) => folder,
        None => {
            let design = design_of(py, file.clone(), text)?;
            if !design.sampler.tells_sensitivity() {
                let why = "sensitivity needs the sampler saltelli (Sobol's indices) or morris (elementary effects)";
                return Err(argument(py, why, None));
            }
            let out = out.clone().unwrap_or_else(|| folder_of("sweeps", &design.id));
            match sweep_is_finished(&out, &design.text, &design.scenario.hash, VERSION) {
                Some(folder) => folder,
                None => sweep(py, file, text, Some(out), None, threads, false, true, progress)?.0,
            }
        }
    };
    let results = SweepResults::open(&folder).map_err(|error| of_read(py, &error, &folder))?;
    let found = py.detach(|| analyse(&results)).map_err(|error| argument(py, error.to_string(), None))?;
    Ok((serde_json::json!(found).to_string(), render_sensitivity(&found)))
}
