//! Theories told apart: those set beside the engine's, the study that recovers them, and the
//! record that they are put to.

use allegiance_lab::inference::{Prior, RECOVERED, SeenEvent, Study, read_rows};
use allegiance_model::theory::OwnTheory;
use allegiance_record::evidence::Evidence;
use allegiance_record::observe::RecordRow;
use allegiance_runs::FinishedRun;
use allegiance_scenario::Scenario;

use crate::TaskError;

/// Theories that people wrote, each of a name of its own.
///
/// # Errors
/// Where two have one name.
pub fn distinct_theories(theories: Vec<OwnTheory>) -> Result<Vec<OwnTheory>, TaskError> {
    let twice =
        theories.iter().enumerate().find(|(at, theory)| theories[..*at].iter().any(|one| one.name == theory.name));
    match twice {
        None => Ok(theories),
        Some((_, theory)) => Err(TaskError::question(format!(
            "two theories are called {}; give one of them another name in its file",
            theory.name
        ))),
    }
}

/// The study of every theory on a scenario, with those that people wrote and with evidence of people and groups;
/// `parameters` are uncertain, or else those that matter most.
///
/// # Errors
/// [`TaskError::Prior`] where a parameter doesn't exist; where two theories have one name, or one fits in no slot.
pub fn study_of(
    scenario: &Scenario,
    parameters: &[String],
    theories: Vec<OwnTheory>,
    evidence: Vec<Evidence>,
) -> Result<Study, TaskError> {
    let priors = if parameters.is_empty() { Prior::of_all(&RECOVERED)? } else { Prior::of_all(parameters)? };
    let study = Study::of_all_theories(&scenario.id, scenario.setup.clone(), priors, env!("CARGO_PKG_VERSION"));
    let study = study.with_theories(theories).map_err(|error| TaskError::question(error.to_string()))?;
    Ok(study.with_evidence(evidence))
}

/// A record that theories are put to.
#[derive(Debug)]
pub struct TheoryRecord {
    rows: Vec<RecordRow>,
    /// The scenario of the run that it comes from, if it does.
    pub scenario: Option<String>,
    n_days: Option<u32>,
}

impl TheoryRecord {
    /// The rows of a file.
    pub fn of_rows(rows: Vec<RecordRow>) -> Self {
        Self { rows, scenario: None, n_days: None }
    }

    /// What observers of a run's replicate saw.
    ///
    /// # Errors
    /// Where the table can't be read.
    pub fn of_run(run: &FinishedRun, replicate: u32) -> Result<Self, TaskError> {
        let copy = run.folder().join("scenario");
        let scenario = if copy.is_dir() { copy.display().to_string() } else { run.manifest().scenario_id.clone() };
        let rows = run.reported(replicate)?;
        Ok(Self { rows, scenario: Some(scenario), n_days: Some(run.manifest().n_days) })
    }

    /// What the record says of the war that is studied, over the days that the record has.
    ///
    /// # Errors
    /// Where its sides or places aren't the scenario's.
    pub fn put_to(&self, study: &mut Study) -> Result<Vec<SeenEvent>, TaskError> {
        // A record of twenty days isn't held against wars of sixty.
        study.setup.n_days = self.n_days.unwrap_or(study.setup.n_days);
        read_rows(&self.rows, &study.setup).map_err(|error| TaskError::question(error.to_string()))
    }
}
