//! Evidence of people and groups on its way from its files to the laboratory.

use std::path::{Path, PathBuf};

use allegiance_record::evidence::Evidence;
use allegiance_scenario::{EvidenceFile, Scenario, load_evidence, load_evidence_for};

use crate::TaskError;

/// Reads evidence of a scenario's war, each file of a name of its own.
///
/// # Errors
/// [`TaskError::Document`] where a file can't be read, holds mistakes, or is about another war;
/// [`TaskError::Question`] where two have one name.
pub fn read_evidence(paths: &[PathBuf], scenario: &Scenario) -> Result<Vec<Evidence>, TaskError> {
    let mut found: Vec<Evidence> = Vec::new();
    for path in paths {
        let evidence = load_evidence_for(path, scenario)?.evidence;
        if found.iter().any(|other| other.id == evidence.id) {
            return Err(TaskError::question(format!(
                "two files of evidence are called {}; rename one of them",
                evidence.id
            )));
        }
        found.push(evidence);
    }
    Ok(found)
}

/// Evidence with the scenario that it names.
///
/// # Errors
/// [`TaskError::Document`].
pub fn evidence_of(path: &Path) -> Result<EvidenceFile, TaskError> {
    Ok(load_evidence(path)?)
}

/// Refuses evidence that says nothing of what was found.
///
/// # Errors
/// [`TaskError::Question`] for the first that is only a plan.
pub fn check_found(evidence: &[Evidence]) -> Result<(), TaskError> {
    match evidence.iter().find(|evidence| !evidence.is_found()) {
        None => Ok(()),
        Some(plan) => Err(TaskError::question(format!(
            "{} is a plan: it says what would be asked and not what was found, so there is nothing to hold a war against",
            plan.id
        ))),
    }
}
