//! What designs and experiments share on the command line.

use allegiance_lab::outcomes::Outcome;
use allegiance_model::setup::Setup;
use allegiance_scenario::{LoadDocumentError, Located, Problem};

use crate::failure::Failure;

/// A design or experiment that couldn't be loaded.
pub(crate) fn failure_of_load(error: LoadDocumentError) -> Failure {
    match error {
        LoadDocumentError::Invalid { what, problems } => Failure::Document { what, problems },
        error => Failure::Input(error.into()),
    }
}

/// The outcomes that a file of some kind names, or a problem for each name
/// that its scenario doesn't have.
pub(crate) fn outcomes_of(what: &'static str, names: &[Located], setup: &Setup) -> Result<Vec<Outcome>, Failure> {
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
                problems.push(name.problem(format!("{error}, see allegiance outcomes"), "outcomes", &choices));
            }
        }
    }
    if problems.is_empty() { Ok(outcomes) } else { Err(Failure::Document { what, problems }) }
}
