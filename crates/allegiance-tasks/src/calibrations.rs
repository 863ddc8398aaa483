//! What a calibration aims at and moves.

use allegiance_lab::inference::{Calibrated, Prior};
use allegiance_scenario::Scenario;

use crate::{Fix, TaskError};

/// A calibration of a scenario on the patterns of its case, which moves the
/// named parameters, or else those that the case names.
///
/// # Errors
/// [`TaskError::Question`] where the scenario has no case, or neither names
/// parameters; [`TaskError::Prior`] where a parameter doesn't exist.
pub fn calibration_of(scenario: Scenario, parameters: &[String], n_particles: usize) -> Result<Calibrated, TaskError> {
    let Some(case) = scenario.setup.case.clone() else {
        let text = format!("{} has no case, so there are no patterns to calibrate it on", scenario.id);
        return Err(TaskError::fixable(text, Fix::NameCase));
    };
    let moved = if parameters.is_empty() { &case.parameters[..] } else { parameters };
    if moved.is_empty() {
        let text = format!("the case of {} names no parameters to move", scenario.id);
        return Err(TaskError::fixable(text, Fix::NameParameters));
    }
    Ok(Calibrated {
        priors: Prior::all_of_setup(&scenario.setup, moved)?,
        scenario_id: scenario.id,
        setup: scenario.setup,
        case,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        n_particles,
    })
}

#[cfg(test)]
mod tests {
    use super::calibration_of;
    use crate::{Fix, TaskError};
    use allegiance_scenario::load;

    #[test]
    fn the_case_says_what_is_aimed_at_and_moved() {
        let scenario = load("north-syria-2014").expect("a built-in scenario");
        let named = calibration_of(scenario.clone(), &["combat.decisiveness".to_owned()], 32).expect("a calibration");
        assert_eq!(named.priors.len(), 1);
        let usual = calibration_of(scenario.clone(), &[], 32).expect("a calibration");
        assert_eq!((usual.priors.len(), usual.case.patterns.len(), usual.case.left_out.len()), (12, 12, 3));
        let mut mute = scenario;
        if let Some(case) = &mut mute.setup.case {
            case.parameters.clear();
        }
        let error = calibration_of(mute, &[], 32).expect_err("nothing to move");
        assert!(matches!(error, TaskError::Question { fix: Some(Fix::NameParameters), .. }), "{error}");
    }

    #[test]
    fn a_scenario_without_a_case_is_not_calibrated() {
        let scenario = load("one-village").expect("a built-in scenario");
        let error = calibration_of(scenario, &[], 32).expect_err("no case");
        assert_eq!(error.to_string(), "one-village has no case, so there are no patterns to calibrate it on");
        assert!(matches!(error, TaskError::Question { fix: Some(Fix::NameCase), .. }));
    }
}
