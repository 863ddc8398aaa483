//! Designs, from their file to the laboratory's sweep.

use allegiance_lab::sweep::SweepInput;
use allegiance_model::setup::Setup;
use allegiance_record::outcomes::Outcome;
use allegiance_scenario::{DesignFile, LoadDocumentError, Located, Problem, apply_change};

use crate::TaskError;

/// What is swept for a design file.
///
/// # Errors
/// [`TaskError::Document`] where an outcome isn't one of the scenario.
pub fn sweep_input(file: &DesignFile) -> Result<SweepInput<'_>, TaskError> {
    Ok(SweepInput {
        id: file.id.clone(),
        title: file.title.clone(),
        text: file.text.clone(),
        scenario_id: file.scenario.id.clone(),
        scenario_hash: file.scenario.hash.clone(),
        setup: &file.scenario.setup,
        design: file.design.clone(),
        outcomes: outcomes_of("design", &file.outcomes, &file.scenario.setup)?,
        n_replicates: file.n_replicates,
        apply: &|setup, assignment| apply_change(setup, assignment).map_err(|error| error.to_string()),
    })
}

/// The outcomes that a file of some kind names, or a problem for each name
/// that its scenario doesn't have.
pub(crate) fn outcomes_of(what: &'static str, names: &[Located], setup: &Setup) -> Result<Vec<Outcome>, TaskError> {
    let mut problems: Vec<Problem> = Vec::new();
    let mut outcomes: Vec<Outcome> = Vec::new();
    for name in names {
        if outcomes.iter().any(|other| other.name == name.text) {
            problems.push(name.problem(format!("{:?} is there twice", name.text), "", &[]));
            continue;
        }
        match Outcome::parse(&name.text, setup) {
            Ok(outcome) => outcomes.push(outcome),
            Err(error) => {
                let choices: Vec<&str> = error.choices.iter().map(String::as_str).collect();
                problems.push(name.problem(error.to_string(), "outcomes", &choices));
            }
        }
    }
    if problems.is_empty() { Ok(outcomes) } else { Err(LoadDocumentError::Invalid { what, problems }.into()) }
}
