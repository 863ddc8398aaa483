//! A run as one page for people, next to other runs and experiments.

use std::path::{Path, PathBuf};

use allegiance_lab::experiment::{EXPERIMENT_HEAD, read_experiment};
use allegiance_record::plain;
use allegiance_record::spread::Spread;
use allegiance_report::{Compared, ReportFacts, ScenarioText, render_report};
use allegiance_runs::{FinishedRun, ReadRunError};

use crate::{TaskError, open_run, scenario_of, setups_of_runs};

/// The file of a run's report where nobody names one: next to the folder, which stays as it is.
///
/// # Errors
/// Where the folder isn't there.
pub fn usual_report(folder: &Path) -> Result<PathBuf, TaskError> {
    // A folder such as `.` gets its name from where it lies.
    let absolute =
        || folder.canonicalize().map_err(|error| TaskError::question(format!("{}: {error}", folder.display())));
    let named = if folder.file_name().is_some() { folder.to_owned() } else { absolute()? };
    let mut name = named.file_name().unwrap_or_default().to_owned();
    name.push("-report.html");
    Ok(named.with_file_name(name))
}

/// The page of a finished run, compared with other runs and experiments in their folders.
///
/// # Errors
/// Where a folder can't be read, isn't one of these, or is of another world.
pub fn report_page(run: &FinishedRun, others: &[PathBuf], spread: &impl Spread) -> Result<String, TaskError> {
    let scenario = scenario_of(run)?;
    let compared = others.iter().map(|other| compared_with(run, other, spread)).collect::<Result<_, _>>()?;
    let text = ScenarioText { description: scenario.description, sources: scenario.sources };
    let facts = ReportFacts::read(run, &scenario.setup, text, compared, spread)?;
    Ok(plain(&render_report(&facts)).into_owned())
}

/// What another folder gives to compare with.
fn compared_with(run: &FinishedRun, second: &Path, spread: &impl Spread) -> Result<Compared, TaskError> {
    if second.join(EXPERIMENT_HEAD).is_file() {
        let results = read_experiment(second)?;
        return Ok(Compared::Experiment(Box::new(results)));
    }
    let other = open_run(second).map_err(|error| match error {
        ReadRunError::NotARunFolder { .. } => TaskError::question(format!(
            "{} is neither a run nor an experiment: it holds no run.json and no {EXPERIMENT_HEAD}",
            second.display()
        )),
        error => error.into(),
    })?;
    let setups = setups_of_runs(run, &other)?;
    let both = setups.as_ref().map(|[first, second]| [first, second]).map_err(Clone::clone);
    Ok(Compared::runs(run, &other, both, spread)??)
}
