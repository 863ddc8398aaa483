//! Experiments, from their file to the laboratory.

use allegiance_lab::experiment::{Arm, BuildArm, Experiment, Variant};
use allegiance_model::setup::Setup;
use allegiance_model::theory::OWN;
use allegiance_record::setup_differences::setup_differences;
use allegiance_report::experiment::render_experiment;
use allegiance_scenario::{ArmFile, ExperimentFile};

use crate::TaskError;
use crate::comparison::check_same_world;

/// The setup of an arm in a variant.
///
/// # Errors
/// Why there is none, as text.
pub fn build_arm(file: &ExperimentFile, arm: usize, variant: &Variant) -> Result<Setup, String> {
    let mut setup = file.scenario.setup.clone();
    variant.apply(&mut setup)?;
    let of_arm = &file.arms[arm];
    let applied = match variant {
        Variant::Theory(_) | Variant::Crossed { .. } => of_arm.apply_elsewhere(&file.scenario, &mut setup),
        Variant::Main | Variant::Prior(..) => of_arm.apply(&file.scenario, &mut setup),
    };
    applied.map_err(|error| error.to_string())?;
    if let Variant::Prior(number, values) = variant
        && values.iter().any(|(path, _)| is_own(path))
    {
        let own = shared_own(file, arm, values)?;
        Variant::Prior(*number, own).apply(&mut setup)?;
    }
    Ok(setup)
}

fn is_own(path: &str) -> bool {
    path.split_once('.').is_some_and(|(first, _)| first == OWN)
}

/// What is drawn of the parameters of a theory that an arm has with the baseline, and doesn't set itself: an arm that
/// names the theory brings it anew, with other values than those drawn.
fn shared_own(file: &ExperimentFile, arm: usize, values: &[(String, f64)]) -> Result<Vec<(String, f64)>, String> {
    let [baseline, main] = [file.baseline, arm].map(|arm| build_arm(file, arm, &Variant::Main));
    let (baseline, main) = (baseline?, main?);
    let key =
        |set: &String| set.split_once('=').map(|(key, _)| key.trim().trim_start_matches("parameters.").to_owned());
    let set: Vec<String> = file.arms[arm].sets.iter().filter_map(key).collect();
    let is_shared =
        |path: &String| is_own(path) && !set.contains(path) && baseline.parameter(path) == main.parameter(path);
    Ok(values.iter().filter(|(path, _)| is_shared(path)).cloned().collect())
}

/// The arms, each with what differs from the baseline.
fn arms_of(file: &ExperimentFile) -> Result<Vec<Arm>, TaskError> {
    let setup = |arm: usize| build_arm(file, arm, &Variant::Main).map_err(TaskError::question);
    let baseline = setup(file.baseline)?;
    let names = |arm: usize| format!("the arm {}", file.arms[arm].id);
    let arm = |(at, arm): (usize, &ArmFile)| {
        let differs = setup_differences(&baseline, &setup(at)?);
        check_same_world((&names(file.baseline), &names(at)), &differs)?;
        Ok(Arm { id: arm.id.clone(), title: arm.title.clone(), differs })
    };
    file.arms.iter().enumerate().map(arm).collect()
}

/// The experiment of a file; `build` is [`build_arm`] of the same file.
///
/// # Errors
/// Where an arm is another world than the baseline.
pub fn experiment_of<'a>(file: &ExperimentFile, build: &'a BuildArm<'a>) -> Result<Experiment<'a>, TaskError> {
    let arms = arms_of(file)?;
    Ok(Experiment {
        id: file.id.clone(),
        title: file.title.clone(),
        question: file.question.clone(),
        scenario_id: file.scenario.id.clone(),
        about: file.scenario.setup.about(),
        texts: file.texts.clone(),
        arms,
        baseline: file.baseline,
        outcomes: file.outcomes.clone(),
        precision: file.precision.clone(),
        robustness: file.robustness,
        build,
        summarise: render_experiment,
    })
}
