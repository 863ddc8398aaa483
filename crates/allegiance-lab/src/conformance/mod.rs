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
use allegiance_record::difference::{Difference, holm};
use allegiance_record::digest::digest_of_records;
use allegiance_record::nothing::NothingDiffers;
use allegiance_record::outcomes as catalogue;
use allegiance_record::summary::ReplicateSummary;
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
    n_threads: usize,
) -> Result<Vec<CheckResult>, RunConformanceError> {
    let case = Case::of(setup).ok_or(RunConformanceError::OtherScenario)?;
    let outcomes: Vec<steps::OutcomeFn> =
        steps().iter().flat_map(|step| step.checks).map(|check| check.measure).collect();
    let measure_all = |setup: &Setup| -> Result<(Vec<String>, Vec<Vec<f64>>), BrokenRun> {
        let found = measure_replicates(setup, n_replicates, n_threads, |records, setup| {
            let summary = ReplicateSummary::of(records, setup, &[]);
            let catalogue = catalogue::View::new(records, setup, &summary);
            let view = View { records, case, catalogue: &catalogue };
            (digest_of_records(records), outcomes.iter().map(|measure| measure(&view)).collect::<Vec<f64>>())
        });
        Ok(found?.into_iter().unzip())
    };
    let whole = measure_all(setup)?;
    let mut results = Vec::new();
    for (step, check) in steps().iter().flat_map(|step| step.checks.iter().map(move |check| (step, check))) {
        let at = results.len();
        let column = |outcomes: &[Vec<f64>]| outcomes.iter().map(|outcomes| outcomes[at]).collect::<Vec<f64>>();
        let mut before = setup.clone();
        if let Some(change) = check.before {
            change(&mut before);
        }
        let changed = check.before.map(|_| measure_all(&before)).transpose()?;
        let (digests, outcomes) = changed.as_ref().unwrap_or(&whole);
        let mut ablated = before.clone();
        (check.ablate)(&mut ablated);
        let (other_digests, other) = measure_all(&ablated)?;
        let difference = Difference::between(&column(outcomes), &column(&other));
        results.push(CheckResult {
            step: step.number,
            outcome: check.outcome,
            ablation: check.ablation,
            difference,
            p_together: None,
            nothing_differs: NothingDiffers::between([digests, &other_digests], Some([&before, &ablated])),
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
