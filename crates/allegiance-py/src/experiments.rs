//! Experiments and comparisons.

use std::path::{Path, PathBuf};

use allegiance_lab::experiment::{
    Experiment, ExperimentError, ExperimentResults, Variant, run_experiment, run_experiment_into,
};
use allegiance_record::plain;
use allegiance_report::experiment::{differences_in_words, render_experiment};
use allegiance_scenario::load_experiment;
use allegiance_tasks::{Comparison, build_arm, experiment_of};
use pyo3::prelude::*;

use crate::VERSION;
use crate::errors::{of_document, of_experiment, of_task};
use crate::scenario::Scenario;
use crate::work::{Listener, NThreads, follow};

/// Results as JSON, as text, each difference in words, and the folder where there is one.
type Found = (String, String, Vec<String>, Option<PathBuf>);

/// Where results are kept: folder, whether to overwrite, whether to resume.
pub(crate) type Keep = Option<(PathBuf, bool, bool)>;

fn run(
    experiment: &Experiment<'_>,
    keep: Option<&(PathBuf, bool, bool)>,
    threads: usize,
    listener: &Listener,
) -> Result<(Option<PathBuf>, ExperimentResults), ExperimentError> {
    let Some((out, overwrite, resume)) = keep else {
        return run_experiment(experiment, threads, listener).map(|results| (None, results));
    };
    let report = run_experiment_into(experiment, out.as_path(), (*overwrite, *resume), threads, VERSION, listener)?;
    Ok((Some(report.folder), report.results))
}

fn found(py: Python<'_>, result: Result<(Option<PathBuf>, ExperimentResults), ExperimentError>) -> PyResult<Found> {
    let (folder, results) = result.map_err(|error| of_experiment(py, &error))?;
    let words = differences_in_words(&results);
    Ok((serde_json::json!(results).to_string(), plain(&render_experiment(&results)).into_owned(), words, folder))
}

/// Compares two scenarios on the same seeds.
#[pyfunction]
#[pyo3(signature = (a, b, set, set_b, outcomes, replicates, half_width, theories, prior_draws, crossed_draws, threads, keep, progress))]
#[expect(clippy::too_many_arguments, reason = "Python's wrapper names them")]
pub(crate) fn compare(
    py: Python<'_>,
    a: &Scenario,
    b: &Scenario,
    set: Vec<String>,
    set_b: Vec<String>,
    outcomes: Vec<String>,
    replicates: u32,
    half_width: Option<f64>,
    theories: bool,
    prior_draws: u32,
    crossed_draws: u32,
    threads: NThreads,
    keep: Keep,
    progress: Option<Py<PyAny>>,
) -> PyResult<Found> {
    let both = (a.inner.clone(), b.inner.clone());
    let mut comparison = Comparison::new(both, (&set, &set_b), &outcomes).map_err(|error| of_task(py, error))?;
    comparison.replicates = replicates;
    comparison.half_width = half_width;
    comparison.theories = theories;
    comparison.prior_draws = prior_draws;
    comparison.crossed_draws = crossed_draws;
    let result = follow(py, progress.as_ref(), |listener| {
        let build = |arm: usize, variant: &Variant| comparison.build(arm, variant);
        run(&comparison.experiment(&build), keep.as_ref(), threads.0, listener)
    })?;
    found(py, result)
}

/// Runs a built-in experiment or a file; a number replaces the file's.
#[pyfunction]
#[pyo3(signature = (name, replicates, theories, prior_draws, crossed_draws, threads, keep, progress))]
#[expect(clippy::too_many_arguments, reason = "Python's wrapper names them")]
pub(crate) fn experiment(
    py: Python<'_>,
    name: &str,
    replicates: Option<u32>,
    theories: Option<bool>,
    prior_draws: Option<u32>,
    crossed_draws: Option<u32>,
    threads: NThreads,
    keep: Keep,
    progress: Option<Py<PyAny>>,
) -> PyResult<Found> {
    let mut file = load_experiment(name).map_err(|error| of_document(py, error))?;
    if let Some(replicates) = replicates {
        file.precision.max = replicates;
        file.precision.min = file.precision.min.min(replicates);
        file.precision.batch = file.precision.batch.min(replicates);
        file.precision.half_width = None;
    }
    file.robustness.theories = theories.unwrap_or(file.robustness.theories);
    file.robustness.prior_draws = prior_draws.unwrap_or(file.robustness.prior_draws);
    file.robustness.crossed_draws = crossed_draws.unwrap_or(file.robustness.crossed_draws);
    let result = follow(py, progress.as_ref(), |listener| {
        let build = |arm: usize, variant: &Variant| build_arm(&file, arm, variant);
        let experiment = experiment_of(&file, &build)?;
        Ok(run(&experiment, keep.as_ref(), threads.0, listener))
    })?;
    found(py, result.map_err(|error| of_task(py, error))?)
}

/// The default name of a file's folder.
pub(crate) fn folder_of(kind: &str, id: &str) -> PathBuf {
    Path::new(kind).join(id)
}
