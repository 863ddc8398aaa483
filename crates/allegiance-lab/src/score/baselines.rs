//! Forecasts that need no model. A theory that doesn't beat them has shown
//! nothing about where and when people die.
//!
//! # Source
//! The benchmarks of the VIEWS prediction challenge 2023/24 (Hegre et al. 2024):
//! all zeros, a Poisson number around the last value, a draw from the pooled
//! past of all units, and the unit's own last twelve months ("conflictology").

use allegiance_model::maths::{exp, ln};
use serde::Serialize;

/// Who makes a forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Forecaster {
    /// The replicates of the run.
    Model,
    /// Nobody dies.
    Zero,
    /// A Poisson number whose mean is the last month's count of the unit.
    LastValue,
    /// Any count of any unit in the months before, up to 240 of them.
    Pooled,
    /// One of the unit's own counts in the 12 months before.
    Conflictology,
}

impl Forecaster {
    /// Those that need no model.
    pub const BASELINES: [Self; 4] = [Self::Zero, Self::LastValue, Self::Pooled, Self::Conflictology];

    /// The word that tables and messages use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Zero => "zero",
            Self::LastValue => "last_value",
            Self::Pooled => "pooled",
            Self::Conflictology => "conflictology",
        }
    }

    /// Months of the record that it needs before the first one scored.
    pub fn n_months_needed(self) -> usize {
        match self {
            Self::Model | Self::Zero => 0,
            Self::LastValue | Self::Pooled => 1,
            Self::Conflictology => N_MONTHS_OF_CONFLICTOLOGY,
        }
    }
}

/// Months that conflictology looks back.
const N_MONTHS_OF_CONFLICTOLOGY: usize = 12;
/// Months that the pooled past looks back.
const N_MONTHS_POOLED: usize = 240;
/// Members of the Poisson ensemble: what the challenge asks of a forecast.
const N_POISSON: usize = 1_000;

/// The ensembles of a baseline, one a unit, each sorted upwards; `None` where
/// the past is too short. `past[month][unit]` are the counts of the months before
/// the first one scored, oldest first; every month of the forecast gets the same
/// ensemble, since all are made at once.
pub(super) fn ensembles(forecaster: Forecaster, past: &[Vec<f64>], n_units: usize) -> Option<Vec<Vec<f64>>> {
    if past.len() < forecaster.n_months_needed() {
        return None;
    }
    let latest = |n: usize| &past[past.len() - n.min(past.len())..];
    match forecaster {
        Forecaster::Model => None,
        Forecaster::Zero => Some(vec![vec![0.0]; n_units]),
        Forecaster::LastValue => past.last().map(|month| month.iter().map(|&mean| poisson_members(mean)).collect()),
        Forecaster::Pooled => {
            let mut all = latest(N_MONTHS_POOLED).concat();
            all.sort_by(f64::total_cmp);
            Some(vec![all; n_units])
        }
        Forecaster::Conflictology => {
            let own = |unit: usize| {
                let mut counts: Vec<f64> = latest(N_MONTHS_OF_CONFLICTOLOGY).iter().map(|month| month[unit]).collect();
                counts.sort_by(f64::total_cmp);
                counts
            };
            Some((0..n_units).map(own).collect())
        }
    }
}

/// A Poisson distribution as its quantiles at `(i + 1/2) / 1000`, so that the
/// forecast needs no draws.
fn poisson_members(mean: f64) -> Vec<f64> {
    if mean <= 0.0 {
        return vec![0.0];
    }
    let mut members = Vec::with_capacity(N_POISSON);
    let (mut count, mut log_mass, mut below) = (0.0_f64, -mean, exp(-mean));
    // Past this count what is left of the mass is below the last quantile.
    let most = mean + 12.0 * mean.max(1.0).sqrt() + 12.0;
    while members.len() < N_POISSON {
        let p = (members.len() as f64 + 0.5) / N_POISSON as f64;
        if below < p && count < most {
            count += 1.0;
            log_mass += ln(mean) - ln(count);
            below += exp(log_mass);
        } else {
            members.push(count);
        }
    }
    members
}

#[cfg(test)]
mod tests {
    use super::{Forecaster, ensembles, poisson_members};

    #[test]
    fn poisson_members_have_its_mean_and_variance() {
        for mean in [0.3, 4.0, 90.0, 2_000.0] {
            let members = poisson_members(mean);
            let n = members.len() as f64;
            let found = members.iter().sum::<f64>() / n;
            let variance = members.iter().map(|member| (member - found).powi(2)).sum::<f64>() / n;
            assert!((found / mean - 1.0).abs() < 0.01, "{found} not {mean}");
            assert!((variance / mean - 1.0).abs() < 0.03, "{variance} not {mean}");
        }
    }

    #[test]
    fn each_baseline_says_what_it_is_named_for() {
        let past: Vec<Vec<f64>> = (0..13).map(|month| vec![f64::from(month), 0.0]).collect();
        let of = |forecaster| ensembles(forecaster, &past, 2).expect("the past is long enough");
        assert_eq!(of(Forecaster::Zero), [[0.0], [0.0]]);
        assert_eq!(of(Forecaster::Conflictology)[0], (1..13).map(f64::from).collect::<Vec<_>>());
        assert_eq!(of(Forecaster::LastValue)[1], [0.0]);
        let pooled = &of(Forecaster::Pooled)[1];
        assert_eq!((pooled.len(), pooled.iter().sum::<f64>()), (26, 78.0));
    }

    #[test]
    fn a_short_past_gives_no_forecast() {
        let past = vec![vec![1.0]; 11];
        assert_eq!(ensembles(Forecaster::Conflictology, &past, 1), None);
        assert_eq!(ensembles(Forecaster::LastValue, &[], 1), None);
        assert!(ensembles(Forecaster::Zero, &[], 1).is_some());
    }
}
