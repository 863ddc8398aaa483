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

use crate::measured::Measured;
use crate::paired::{Replicates, StudyError};
use allegiance_record::difference::{Difference, holm};
use allegiance_record::nothing::NothingDiffers;
use allegiance_record::outcomes::OutcomeInput;
use allegiance_record::summary::ReplicateSummary;
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
    /// Its probability after Holm's correction for all checks; empty where there
    /// is no interval.
    pub p_together: Option<f64>,
    /// Where the ablation changes nothing that was drawn or decided: why.
    pub nothing_differs: Option<NothingDiffers>,
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
    let measure_all = |name: &str, setup: &Setup| -> Result<Measured, StudyError> {
        replicates.measure(name, setup, n_replicates, |_, records, setup| {
            let summary = ReplicateSummary::of(records, setup, &[]);
            let input = OutcomeInput::new(records, setup, &summary);
            let record = CaseRecord { records, case, input: &input };
            checks.iter().map(|(_, check)| (check.measure)(&record)).collect()
        })
    };
    let whole = measure_all("whole", setup)?;
    let mut results = Vec::new();
    for (at, (step, check)) in checks.iter().enumerate() {
        let mut before = setup.clone();
        if let Some(change) = check.before {
            change(&mut before);
        }
        let changed = check.before.map(|_| measure_all(&format!("before-{at:02}"), &before)).transpose()?;
        let base = changed.as_ref().unwrap_or(&whole);
        let mut ablated = before.clone();
        (check.ablate)(&mut ablated);
        let other = measure_all(&format!("ablated-{at:02}"), &ablated)?;
        let difference = Difference::between(&base.column(at), &other.column(at));
        results.push(CheckResult {
            step: step.number,
            outcome: check.outcome,
            ablation: check.ablation,
            difference,
            p_together: None,
            nothing_differs: NothingDiffers::between([&base.digests, &other.digests], Some([&before, &ablated])),
            verdict: judge(check.expected, difference),
        });
    }
    let alone: Vec<Option<f64>> = results.iter().map(|result| Some(result.difference?.interval?.p)).collect();
    results.iter_mut().zip(holm(&alone)).for_each(|(result, p)| result.p_together = p);
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
    // Where no pair differs, every difference is 0, which lies within any band.
    let is_within = |band: f64| match d.interval {
        Some(interval) => interval.low >= -band && interval.high <= band,
        None => d.n_differ == 0,
    };
    match expected {
        Expected::Falls => directed(d.is_below(), d.mean <= 0.0),
        Expected::Rises => directed(d.is_above(), d.mean >= 0.0),
        Expected::Within(band) => directed(is_within(band), d.mean.abs() <= band),
        Expected::Open => CheckVerdict::Open,
    }
}
