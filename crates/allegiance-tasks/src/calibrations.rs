//! What a calibration aims at and moves.

use allegiance_lab::inference::{Aims, Calibrated, Prior, RECOVERED};
use allegiance_record::evidence::Evidence;
use allegiance_scenario::Scenario;

use crate::evidence::check_found;
use crate::{Fix, TaskError};

/// A calibration of a scenario on evidence, or without any on the patterns of its case. It moves the named
/// parameters, or else those that the case names, or else those of recoveries.
///
/// # Errors
/// [`TaskError::Question`] where there is nothing to aim at, neither names
/// parameters, or evidence is only planned; [`TaskError::Prior`] where a parameter doesn't exist.
pub fn calibration_of(
    scenario: Scenario,
    parameters: &[String],
    evidence: Vec<Evidence>,
    n_particles: usize,
) -> Result<Calibrated, TaskError> {
    check_found(&evidence)?;
    let of_case = scenario.setup.case.as_ref().map_or(&[][..], |case| &case.parameters);
    let usual: Vec<String> = RECOVERED.map(str::to_owned).to_vec();
    let moved = match (parameters, of_case) {
        ([], []) if !evidence.is_empty() => &usual[..],
        ([], of_case) => of_case,
        (parameters, _) => parameters,
    };
    let aims = match &scenario.setup.case {
        _ if !evidence.is_empty() => Aims::of_evidence(evidence),
        Some(case) => Aims::of_case(case),
        None => {
            let text = format!(
                "{} has no case, so there are no patterns to calibrate it on; what is known of another war says nothing of it",
                scenario.id
            );
            return Err(TaskError::fixable(text, Fix::NameCase));
        }
    };
    if moved.is_empty() {
        let text = format!("the case of {} names no parameters to move", scenario.id);
        return Err(TaskError::fixable(text, Fix::NameParameters));
    }
    Ok(Calibrated {
        priors: Prior::all_of_setup(&scenario.setup, moved)?,
        scenario_id: scenario.id,
        setup: scenario.setup,
        aims,
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
        let named = calibration_of(scenario.clone(), &["combat.decisiveness".to_owned()], Vec::new(), 32)
            .expect("a calibration");
        assert_eq!(named.priors.len(), 1);
        let usual = calibration_of(scenario.clone(), &[], Vec::new(), 32).expect("a calibration");
        assert_eq!((usual.priors.len(), usual.aims.bands.len(), usual.aims.left_out.len()), (12, 12, 3));
        let mut mute = scenario;
        if let Some(case) = &mut mute.setup.case {
            case.parameters.clear();
        }
        let error = calibration_of(mute, &[], Vec::new(), 32).expect_err("nothing to move");
        assert!(matches!(error, TaskError::Question { fix: Some(Fix::NameParameters), .. }), "{error}");
    }

    #[test]
    fn a_scenario_without_a_case_is_not_calibrated() {
        let scenario = load("one-village").expect("a built-in scenario");
        let error = calibration_of(scenario, &[], Vec::new(), 32).expect_err("no case");
        assert_eq!(
            error.to_string(),
            "one-village has no case, so there are no patterns to calibrate it on; what is known of another war says \
             nothing of it"
        );
        assert!(matches!(error, TaskError::Question { fix: Some(Fix::NameCase), .. }));
    }
}
