//! The conformance suite: each step of the source's path as an outcome with
//! the mechanism on, and an ablation with it off (MODEL.md 9).
//!
//! Every check is a paired experiment over seeds on `one-village`. The
//! direction that a mechanism should have is written down before it runs; a
//! check whose interval doesn't exclude zero says so.

mod outcomes;
mod steps;

pub use steps::{Check, Expected, Step, steps};

use allegiance_model::setup::Setup;
use allegiance_replay::BrokenRun;
use serde::Serialize;

use crate::paired::measure_replicates;
use allegiance_record::difference::Difference;
use outcomes::{Case, View};

/// Why the suite couldn't run.
#[derive(Debug, thiserror::Error)]
pub enum RunConformanceError {
    /// The setup lacks the groups and the village of the path.
    #[error(
        "the conformance suite needs the scenario one-village, with the groups isis, village_defenders and district_rebels and the place tall_rumman"
    )]
    OtherScenario,
    /// A bound of the engine didn't hold.
    #[error("the engine stopped with a bug")]
    Broken(#[from] BrokenRun),
}

/// What came of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckVerdict {
    /// As expected, and the interval excludes zero (or, where no effect is
    /// expected, lies within the stated band).
    Green,
    /// In the expected direction, but the interval includes zero.
    Unclear,
    /// Not as expected.
    Red,
    /// Nothing was expected: a result to read.
    Open,
}

/// One check with its result.
#[derive(Debug, Clone, Serialize)]
pub struct CheckResult {
    /// Step of the path, 1 to 20.
    pub step: u32,
    /// The outcome measured.
    pub outcome: &'static str,
    /// What was switched off or changed.
    pub ablation: &'static str,
    /// Paired difference: ablated minus whole.
    pub difference: Option<Difference>,
    /// Verdict.
    pub verdict: CheckVerdict,
}

/// Runs every check over the same seeds.
///
/// # Errors
/// See [`RunConformanceError`].
pub fn run_conformance(
    setup: &Setup,
    n_replicates: u32,
    n_threads: usize,
) -> Result<Vec<CheckResult>, RunConformanceError> {
    let case = Case::of(setup).ok_or(RunConformanceError::OtherScenario)?;
    let outcomes: Vec<steps::OutcomeFn> =
        steps().iter().flat_map(|step| step.checks).map(|check| check.measure).collect();
    let measure_all = |setup: &Setup| {
        measure_replicates(setup, n_replicates, n_threads, |records, _| {
            let view = View { records, case };
            outcomes.iter().map(|measure| measure(&view)).collect::<Vec<f64>>()
        })
    };
    let whole = measure_all(setup)?;
    let mut results = Vec::new();
    for (step, check) in steps().iter().flat_map(|step| step.checks.iter().map(move |check| (step, check))) {
        let at = results.len();
        let mut base = whole.iter().map(|outcomes| outcomes[at]).collect::<Vec<f64>>();
        if let Some(before) = check.before {
            let mut changed = setup.clone();
            before(&mut changed);
            base = measure_all(&changed)?.iter().map(|outcomes| outcomes[at]).collect();
        }
        let mut ablated = setup.clone();
        if let Some(before) = check.before {
            before(&mut ablated);
        }
        (check.ablate)(&mut ablated);
        let other: Vec<f64> = measure_all(&ablated)?.iter().map(|outcomes| outcomes[at]).collect();
        let difference = Difference::between(&base, &other, setup.seed);
        let verdict = judge(check.expected, difference);
        results.push(CheckResult {
            step: step.number,
            outcome: check.outcome,
            ablation: check.ablation,
            difference,
            verdict,
        });
    }
    Ok(results)
}

fn judge(expected: Expected, difference: Option<Difference>) -> CheckVerdict {
    let Some(d) = difference else {
        return if expected == Expected::Open { CheckVerdict::Open } else { CheckVerdict::Unclear };
    };
    let directed = |is_clear: bool, is_right: bool| match (is_clear, is_right) {
        (true, _) => CheckVerdict::Green,
        (false, true) => CheckVerdict::Unclear,
        (false, false) => CheckVerdict::Red,
    };
    match expected {
        Expected::Falls => directed(d.high < 0.0, d.mean <= 0.0),
        Expected::Rises => directed(d.low > 0.0, d.mean >= 0.0),
        Expected::Within(band) => directed(d.low >= -band && d.high <= band, d.mean.abs() <= band),
        Expected::Open => CheckVerdict::Open,
    }
}
