//! Scale: what comes out of a war among one in k of its people, and which
//! outcomes differ from those of the whole war by more than luck explains.
//!
//! Counts of people are multiplied by k again, so that each outcome should be
//! the same at every scale if scale didn't matter.

mod outcomes;

use std::num::NonZeroU32;

use allegiance_model::setup::Setup;
use allegiance_model::tables::Records;
use serde::Serialize;

use crate::paired::{Replicates, StudyError};
use allegiance_record::intervals::Interval;
use allegiance_record::observe::{Gazetteer, ReportedEvent, observe};
use outcomes::{ScaleOutcome, outcomes_of};

/// How an outcome at a smaller scale relates to that of the whole war.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Departure {
    /// The median lies within the 90% interval of the whole war.
    Within,
    /// The median lies outside it, but the two 90% intervals overlap.
    Shifted,
    /// The two 90% intervals don't overlap.
    Apart,
    /// There is no value at one of the two scales.
    Unknown,
}

impl Departure {
    /// Compares an outcome with that of the whole war.
    ///
    /// An interval of one value, as that of a share that luck doesn't move, is
    /// widened to hold what prints the same.
    fn between(whole: Option<&Interval>, scaled: Option<&Interval>) -> Self {
        let (Some(whole), Some(scaled)) = (whole, scaled) else { return Self::Unknown };
        let slack = 1e-9 * whole.median.abs();
        let is_in = |value: f64| (whole.low_90 - slack..=whole.high_90 + slack).contains(&value);
        if scaled.low_90 > whole.high_90 + slack || scaled.high_90 < whole.low_90 - slack {
            Self::Apart
        } else if is_in(scaled.median) {
            Self::Within
        } else {
            Self::Shifted
        }
    }

    /// The word used in print.
    pub fn word(self) -> &'static str {
        match self {
            Self::Within => "within",
            Self::Shifted => "shifted",
            Self::Apart => "apart",
            Self::Unknown => "unknown",
        }
    }
}

/// One outcome at one scale.
#[derive(Debug, Clone, Serialize)]
pub struct OutcomeAtScale {
    /// The values over replicates; none where no replicate has one.
    pub interval: Option<Interval>,
    /// How it relates to the same outcome at the first scale.
    pub departure: Departure,
}

/// One outcome at every scale.
#[derive(Debug, Clone, Serialize)]
pub struct OutcomeRow {
    /// Its identifier, such as `deaths` or `control.GOVERNORATE.GROUP`.
    pub id: String,
    /// What it is.
    pub name: String,
    /// Its unit.
    pub unit: &'static str,
    /// Its values. Shape: `(n_scales,)`.
    pub at: Vec<OutcomeAtScale>,
}

/// The outcomes of a setup at several scales.
#[derive(Debug, Clone, Serialize)]
pub struct ScaleComparison {
    /// The scales: one in so many people. The first is what the others are
    /// compared with.
    pub scales: Vec<u32>,
    /// Replicates at each scale.
    pub n_replicates: u32,
    /// Days of each replicate.
    pub n_days: u32,
    /// Seed of the synthetic population.
    pub seed: u64,
    /// The outcomes, in a fixed order.
    pub outcomes: Vec<OutcomeRow>,
}

/// Runs a setup at several scales.
///
/// # Errors
/// See [`StudyError`].
pub fn compare_scales(
    setup: &Setup,
    scales: &[NonZeroU32],
    n_replicates: u32,
    replicates: &Replicates<'_>,
) -> Result<ScaleComparison, StudyError> {
    replicates.begin(scales.len() as u64 * u64::from(n_replicates));
    let at_scales: Vec<Vec<(ScaleOutcome, Option<Interval>)>> =
        scales.iter().map(|&scale| intervals_at(setup, scale, n_replicates, replicates)).collect::<Result<_, _>>()?;
    let whole = at_scales.first().map_or(&[] as &[_], Vec::as_slice);
    let outcomes = whole.iter().enumerate().map(|(nth, (outcome, first))| OutcomeRow {
        id: outcome.id.clone(),
        name: outcome.name.clone(),
        unit: outcome.unit,
        at: at_scales
            .iter()
            .map(|outcomes| {
                let interval = outcomes[nth].1;
                OutcomeAtScale { interval, departure: Departure::between(first.as_ref(), interval.as_ref()) }
            })
            .collect(),
    });
    Ok(ScaleComparison {
        scales: scales.iter().map(|scale| scale.get()).collect(),
        n_replicates,
        n_days: setup.n_days,
        seed: setup.seed,
        outcomes: outcomes.collect(),
    })
}

/// Every outcome at one scale, with its interval over replicates.
fn intervals_at(
    setup: &Setup,
    scale: NonZeroU32,
    n_replicates: u32,
    replicates: &Replicates<'_>,
) -> Result<Vec<(ScaleOutcome, Option<Interval>)>, StudyError> {
    let scaled = setup.at_scale(scale);
    let gazetteer = Gazetteer::of(&scaled);
    let of = |records: &Records, setup: &Setup, reported: &[ReportedEvent]| {
        outcomes_of(records, setup, reported, f64::from(scale.get()))
    };
    let values = replicates.measure(&format!("1-in-{scale}"), &scaled, n_replicates, |replicate, records, setup| {
        let reported = observe(records, setup, &gazetteer, &setup.observation, replicate);
        of(records, setup, &reported).into_iter().map(|outcome| outcome.value).collect()
    })?;
    // Which outcomes there are depends on places and groups alone.
    let outcomes = of(&Records::default(), &scaled, &[]).into_iter().enumerate();
    Ok(outcomes.map(|(nth, outcome)| (outcome, Interval::of(values.outcomes.iter().map(|all| all[nth])))).collect())
}

#[cfg(test)]
mod tests {
    use super::Departure;
    use allegiance_record::intervals::Interval;

    fn interval(low: f64, median: f64, high: f64) -> Interval {
        Interval { n: 20, median, low_50: low, high_50: high, low_90: low, high_90: high }
    }

    #[test]
    fn an_outcome_departs_where_its_median_or_its_interval_does() {
        let whole = interval(10.0, 12.0, 15.0);
        let departure = |scaled: Interval| Departure::between(Some(&whole), Some(&scaled));
        assert_eq!(departure(interval(0.0, 14.0, 90.0)), Departure::Within);
        assert_eq!(departure(interval(14.0, 20.0, 22.0)), Departure::Shifted);
        assert_eq!(departure(interval(15.1, 20.0, 22.0)), Departure::Apart);
        assert_eq!(departure(interval(1.0, 2.0, 9.9)), Departure::Apart);
        assert_eq!(Departure::between(Some(&whole), None), Departure::Unknown);
    }
}
