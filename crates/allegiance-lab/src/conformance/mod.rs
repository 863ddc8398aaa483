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
use serde::Serialize;

use crate::paired::{Replicates, StudyError};
use allegiance_record::difference::Difference;
use outcomes::{Case, CaseRecord};

/// Why the suite couldn't run.
#[derive(Debug, thiserror::Error)]
pub enum RunConformanceError {
    /// The setup lacks the groups and the village of the path.
    #[error(
        "the conformance suite needs the scenario one-village, with the groups isis, village_defenders and district_rebels and the place tall_rumman"
    )]
    OtherScenario,
    /// It didn't finish.
    #[error(transparent)]
    Study(#[from] StudyError),
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
    replicates: &Replicates<'_>,
) -> Result<Vec<CheckResult>, RunConformanceError> {
    let case = Case::of(setup).ok_or(RunConformanceError::OtherScenario)?;
    let checks: Vec<(&Step, &Check)> =
        steps().iter().flat_map(|step| step.checks.iter().map(move |check| (step, check))).collect();
    let n_setups = 1 + checks.len() + checks.iter().filter(|(_, check)| check.before.is_some()).count();
    replicates.begin(n_setups as u64 * u64::from(n_replicates));
    let measure_all = |name: &str, setup: &Setup| {
        replicates.measure(name, setup, n_replicates, |_, records, _| {
            let view = CaseRecord { records, case };
            checks.iter().map(|(_, check)| (check.measure)(&view)).collect()
        })
    };
    let column = |all: &[Vec<f64>], at: usize| all.iter().map(|outcomes| outcomes[at]).collect::<Vec<f64>>();
    let whole = measure_all("whole", setup)?;
    let mut results = Vec::new();
    for (at, (step, check)) in checks.iter().enumerate() {
        let mut base = column(&whole, at);
        let mut changed = setup.clone();
        if let Some(before) = check.before {
            before(&mut changed);
            base = column(&measure_all(&format!("before-{at:02}"), &changed)?, at);
        }
        (check.ablate)(&mut changed);
        let other = column(&measure_all(&format!("ablated-{at:02}"), &changed)?, at);
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
