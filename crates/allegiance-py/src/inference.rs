//! Recovery of synthetic truths, and calibration.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use allegiance_lab::inference::workers::Here;
use allegiance_lab::inference::{
    Calibrated, Calibration, CalibrationEffort, DrawFolder, RecoverError, SmcSettings, Study,
};
use allegiance_lab::sweep::Shard;
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
    (draws, shard): (u32, Shard),
    threads: NThreads,
    progress: Option<&Py<PyAny>>,
) -> PyResult<DrawFolder> {
    let folder = study.open(&table.unwrap_or_else(|| study.usual_folder())).map_err(|error| of_draws(py, &error))?;
    let filled = follow(py, progress, |listener| study.fill(&folder, draws, shard, threads.0, listener))?;
    filled.map_err(|error| of_draws(py, &error))?;
    Ok(folder)
}

/// A study of a scenario, from what Python's wrapper gives.
pub(crate) fn study(
    py: Python<'_>,
    scenario: &Scenario,
    parameters: &[String],
    theories: &[(String, String)],
    evidence: &[PathBuf],
) -> PyResult<Study> {
    let theories = read_theories(py, theories)?;
    let evidence = read_evidence(evidence, &scenario.inner).map_err(|error| of_task(py, error))?;
    study_of(&scenario.inner, parameters, theories, evidence).map_err(|error| of_task(py, error))
}

/// What a record could tell, on synthetic truths, as JSON and text; nothing where only shard
/// `(at, of)` of the draws is simulated.
#[pyfunction]
#[pyo3(signature = (scenario, draws, truths, fresh, parameters, theories, evidence, table, shard, threads, progress))]
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
    shard: (u32, u32),
    threads: NThreads,
    progress: Option<Py<PyAny>>,
) -> PyResult<Option<(String, String)>> {
    let study = study(py, scenario, &parameters, &theories, &evidence)?;
    let shard = Shard { at: shard.0, of: shard.1 };
    let folder = filled(py, &study, table, (draws, shard), threads, progress.as_ref())?;
    if shard.of > 1 {
        return Ok(None);
    }
    let recovered = follow(py, None, |_listener| {
        let table = study.read(&folder, draws)?;
        Ok(allegiance_lab::inference::recover(&study, &table, truths, fresh))
    })?;
    let recovered = recovered.map_err(|error| of_draws(py, &error))?;
    let recovery = recovered.map_err(|error| match error {
        RecoverError::Broken(broken) => of_draws(py, &broken.into()),
        few @ RecoverError::FewTruths { .. } => argument(py, few.to_string(), Some("raise draws=")),
    })?;
    Ok(Some((serde_json::json!(recovery).to_string(), render_recovery(&recovery))))
}

/// A calibration of a scenario, from what Python's wrapper gives.
pub(crate) fn calibrated(
    py: Python<'_>,
    scenario: &Scenario,
    particles: u32,
    parameters: &[String],
    evidence: &[PathBuf],
) -> PyResult<Calibrated> {
    let evidence = read_evidence(evidence, &scenario.inner).map_err(|error| of_task(py, error))?;
    let calibrated = calibration_of(scenario.inner.clone(), parameters, evidence, particles as usize);
    calibrated.map_err(|error| of_task(py, error))
}

/// The folder of a calibration, `out` or the usual one.
pub(crate) fn folder_of_calibration(
    py: Python<'_>,
    calibrated: &Calibrated,
    out: Option<PathBuf>,
) -> PyResult<DrawFolder> {
    let usual = || format!("runs/calibrate-{}-seed{}", calibrated.scenario_id, calibrated.setup.seed).into();
    calibrated.open(&out.unwrap_or_else(usual)).map_err(|error| of_draws(py, &error))
}

/// How long a calibration samples.
pub(crate) fn settings_of(calibrated: &Calibrated, budget: u32, minutes: Option<u32>) -> SmcSettings {
    SmcSettings {
        seed: calibrated.setup.seed,
        n_particles: calibrated.n_particles,
        budget,
        until: minutes.map(|minutes| Instant::now() + Duration::from_secs(60 * u64::from(minutes))),
    }
}

/// A calibration as JSON and text.
pub(crate) fn told(calibration: &Calibration, effort: CalibrationEffort) -> (String, String) {
    let json = serde_json::json!({ "calibration": calibration, "effort": effort });
    (json.to_string(), render_calibration(calibration, effort))
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
    let calibrated = calibrated(py, scenario, particles, &parameters, &evidence)?;
    let settings = settings_of(&calibrated, budget, minutes);
    let folder = folder_of_calibration(py, &calibrated, out)?;
    let result = follow(py, progress.as_ref(), |listener| {
        let (calibration, effort) = calibrated.run(&folder, settings, &Here(threads.0), listener)?;
        folder.enter(&calibrated.entry(&calibration, effort))?;
        Ok((calibration, effort))
    })?;
    let (calibration, effort) = result.map_err(|error| of_draws(py, &error))?;
    Ok(told(&calibration, effort))
}
