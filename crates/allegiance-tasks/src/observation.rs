//! The observation model with the changes that a caller makes to it.

use allegiance_model::parameters::SetParameterError;
use allegiance_record::ObservationParameters;

use crate::{Fix, TaskError};

/// What reports name is part of the scenario; the rest under `observation.` are
/// parameters.
const OF_SCENARIO: [&str; 4] = ["country", "gw_number", "region", "conflict"];

pub(crate) fn is_about_observation(assignment: &str) -> bool {
    let key = assignment.split('=').next().unwrap_or_default().trim();
    key.strip_prefix("observation.").is_some_and(|name| !OF_SCENARIO.contains(&name))
}

/// The observation model with those of the changes that are about it.
///
/// # Errors
/// [`TaskError::Question`] where a parameter doesn't exist or refuses a value.
pub fn observation_of(changes: &[String]) -> Result<ObservationParameters, TaskError> {
    let mut observation = ObservationParameters::default();
    for assignment in changes.iter().filter(|text| is_about_observation(text)) {
        let (key, value) = assignment.split_once('=').unwrap_or((assignment, ""));
        let (key, value) = (key.trim(), value.trim());
        match observation.set(key, value.parse().unwrap_or(f64::NAN)) {
            Ok(()) => {}
            Err(SetParameterError::Unknown) => {
                return Err(TaskError::fixable(format!("{key} isn't a parameter"), Fix::ListObservation));
            }
            Err(SetParameterError::OutOfBounds { low, high }) => {
                return Err(TaskError::question(format!("{key} is {value:?}; must be a number from {low} to {high}")));
            }
        }
    }
    Ok(observation)
}
