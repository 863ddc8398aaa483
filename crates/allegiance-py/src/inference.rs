//! Recovery of synthetic truths, and calibration.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use allegiance_lab::inference::{DrawFolder, RecoverError, SmcSettings, Study, WHOLE};
use allegiance_report::calibration::render_calibration;
use allegiance_report::recovery::render_recovery;
use allegiance_tasks::{calibration_of, read_evidence, study_of};
use pyo3::prelude::*;

use crate::errors::{argument, of_draws, of_task};
use crate::scenario::Scenario;
use crate::theories::read_theories;
use crate::work::{NThreads, follow};

/// The folder of a study's draws, `table` or the usual one, once they are all there.
pub(crate) fn filled(
    py: Python<'_>,
    study: &Study,
    table: Option<PathBuf>,
    draws: u32,
    threads: NThreads,
    progress: Option<&Py<PyAny>>,
) -> PyResult<DrawFolder> {
    let folder = study.open(&table.unwrap_or_else(|| study.usual_folder())).map_err(|error| of_draws(py, &error))?;
    let filled = follow(py, progress, |listener| study.fill(&folder, draws, WHOLE, threads.0, listener))?;
    filled.map_err(|error| of_draws(py, &error))?;
    Ok(folder)
}

/// What a record could tell, on synthetic truths, as JSON and text.
#[pyfunction]
#[pyo3(signature = (scenario, draws, truths, fresh, parameters, theories, evidence, table, threads, progress))]
#[expect(clippy::too_many_arguments, reason = "Python's wrapper names them")]
pub(crate) fn recover(
    py: Python<'_>,
    scenario: &Scenario,
    draws: u32,
    truths: u32,
    fresh: u32,
    parameters: Vec<String>,
    theories: Vec<(String, String)>,
    evidence: Vec<PathBuf>,
    table: Option<PathBuf>,
    threads: NThreads,
    progress: Option<Py<PyAny>>,
) -> PyResult<(String, String)> {
    let theories = read_theories(py, &theories)?;
    let evidence = read_evidence(&evidence, &scenario.inner).map_err(|error| of_task(py, error))?;
    let study = study_of(&scenario.inner, &parameters, theories, evidence).map_err(|error| of_task(py, error))?;
    let folder = filled(py, &study, table, draws, threads, progress.as_ref())?;
    let recovered = follow(py, None, |_listener| {
        let table = study.read(&folder, draws)?;
        Ok(allegiance_lab::inference::recover(&study, &table, truths, fresh))
    })?;
    let recovered = recovered.map_err(|error| of_draws(py, &error))?;
    let recovery = recovered.map_err(|error| match error {
        RecoverError::Broken(broken) => of_draws(py, &broken.into()),
        few @ RecoverError::FewTruths { .. } => argument(py, few.to_string(), Some("raise draws=")),
    })?;
    Ok((serde_json::json!(recovery).to_string(), render_recovery(&recovery)))
}

/// The parameters that give the patterns of the case, as JSON and text.
#[pyfunction]
#[pyo3(signature = (scenario, budget, minutes, particles, parameters, evidence, out, threads, progress))]
#[expect(clippy::too_many_arguments, reason = "Python's wrapper names them")]
pub(crate) fn calibrate(
    py: Python<'_>,
    scenario: &Scenario,
    budget: u32,
    minutes: Option<u32>,
    particles: u32,
    parameters: Vec<String>,
    evidence: Vec<PathBuf>,
    out: Option<PathBuf>,
    threads: NThreads,
    progress: Option<Py<PyAny>>,
) -> PyResult<(String, String)> {
    let started = Instant::now();
    let evidence = read_evidence(&evidence, &scenario.inner).map_err(|error| of_task(py, error))?;
    let calibrated = calibration_of(scenario.inner.clone(), &parameters, evidence, particles as usize);
    let calibrated = calibrated.map_err(|error| of_task(py, error))?;
    let default = || format!("runs/calibrate-{}-seed{}", calibrated.scenario_id, calibrated.setup.seed).into();
    let folder = calibrated.open(&out.unwrap_or_else(default)).map_err(|error| of_draws(py, &error))?;
    let settings = SmcSettings {
        seed: calibrated.setup.seed,
        n_particles: calibrated.n_particles,
        budget,
        until: minutes.map(|minutes| started + Duration::from_secs(60 * u64::from(minutes))),
        threads: threads.0,
    };
    let result = follow(py, progress.as_ref(), |listener| {
        let (calibration, effort) = calibrated.run(&folder, settings, listener)?;
        folder.enter(&calibrated.entry(&calibration, effort))?;
        Ok((calibration, effort))
    })?;
    let (calibration, effort) = result.map_err(|error| of_draws(py, &error))?;
    let json = serde_json::json!({ "calibration": calibration, "effort": effort });
    Ok((json.to_string(), render_calibration(&calibration, effort)))
}
