//! The difference between paired replicates, the same seeds under two setups,
//! with its interval.
//!
//! Because every draw is addressed, two setups that differ in one thing share
//! all draws that it doesn't touch, and the difference within a replicate has
//! far less noise than the replicates themselves.

use allegiance_model::random::{Draws, Purpose};

use crate::intervals::quantile;

/// A mean difference between paired replicates.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Difference {
    /// Pairs in which both outcomes exist.
    pub n_pairs: usize,
    /// Mean of the first outcome over these pairs.
    pub mean_first: f64,
    /// Mean of the second.
    pub mean_second: f64,
    /// Mean of second minus first.
    pub mean: f64,
    /// Lower end of the 95% interval.
    pub low: f64,
    /// Upper end of the 95% interval.
    pub high: f64,
}

/// Resamples of the bootstrap.
const N_RESAMPLES: u32 = 2_000;

/// Which pairs each resample of a bootstrap picks, drawn once for many columns.
#[derive(Debug, Clone)]
pub struct Resamples {
    n_pairs: usize,
    /// Shape: `(N_RESAMPLES, n_pairs)`, row-major.
    picked: Vec<u32>,
}

impl Resamples {
    /// Draws the resamples of some pairs: those of [`Difference::between`].
    pub fn of(n_pairs: usize, seed: u64) -> Self {
        let draws = Draws::of_population(seed);
        Self { n_pairs, picked: (0..N_RESAMPLES).flat_map(|resample| picked(draws, resample, n_pairs)).collect() }
    }
}

/// The pairs that a resample picks of `n`.
fn picked(draws: Draws, resample: u32, n: usize) -> impl Iterator<Item = u32> + use<> {
    let mut stream = draws.stream(Purpose::Bootstrap, resample, 0, 0);
    (0..n).map(move |_| stream.below(n as u32))
}

impl Difference {
    /// Second minus first over the pairs in which both are finite, with a 95%
    /// percentile bootstrap interval of the mean; `None` without such a pair.
    ///
    /// # Source
    /// Efron & Tibshirani (1993), An introduction to the bootstrap, chapter 13.
    pub fn between(first: &[f64], second: &[f64], seed: u64) -> Option<Self> {
        let pairs = finite_pairs(first, second);
        let draws = Draws::of_population(seed);
        let totals = (0..N_RESAMPLES).map(|resample| total(&pairs, picked(draws, resample, pairs.len())));
        Self::of(&pairs, totals)
    }

    /// The same on resamples drawn before; `None` also where they were drawn
    /// for another number of pairs.
    pub fn with(resamples: &Resamples, first: &[f64], second: &[f64]) -> Option<Self> {
        let pairs = finite_pairs(first, second);
        if pairs.len() != resamples.n_pairs || pairs.is_empty() {
            return None;
        }
        let totals = resamples.picked.chunks_exact(pairs.len()).map(|picked| total(&pairs, picked.iter().copied()));
        Self::of(&pairs, totals)
    }

    /// The difference of a column from itself.
    pub fn none(column: &[f64]) -> Self {
        let mean = column.iter().sum::<f64>() / column.len().max(1) as f64;
        Self { n_pairs: column.len(), mean_first: mean, mean_second: mean, mean: 0.0, low: 0.0, high: 0.0 }
    }

    /// The difference of some pairs with the total of each resample.
    fn of(pairs: &[(f64, f64)], totals: impl Iterator<Item = f64>) -> Option<Self> {
        let n = pairs.len();
        if n == 0 {
            return None;
        }
        let mean_of = |value: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(value).sum::<f64>() / n as f64;
        let mut means: Vec<f64> = totals.map(|total| total / n as f64).collect();
        means.sort_by(f64::total_cmp);
        Some(Self {
            n_pairs: n,
            mean_first: mean_of(&|pair| pair.0),
            mean_second: mean_of(&|pair| pair.1),
            mean: mean_of(&|pair| pair.1 - pair.0),
            low: quantile(&means, 0.025)?,
            high: quantile(&means, 0.975)?,
        })
    }
}

fn finite_pairs(first: &[f64], second: &[f64]) -> Vec<(f64, f64)> {
    let pairs = first.iter().copied().zip(second.iter().copied());
    pairs.filter(|(a, b)| a.is_finite() && b.is_finite()).collect()
}

/// The sum of the differences of the pairs picked.
fn total(pairs: &[(f64, f64)], picked: impl Iterator<Item = u32>) -> f64 {
    picked
        .map(|pair| {
            let (a, b) = pairs[pair as usize];
            b - a
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::{Difference, Resamples};

    #[test]
    fn a_constant_difference_has_no_spread_and_missing_pairs_drop_out() {
        let first = [1.0, 2.0, f64::NAN, 4.0];
        let second = [2.0, 3.0, 9.0, 5.0];
        let difference = Difference::between(&first, &second, 1).unwrap();
        assert_eq!(difference.n_pairs, 3);
        assert!((difference.mean - 1.0).abs() < 1e-12);
        assert!((difference.low - 1.0).abs() < 1e-12 && (difference.high - 1.0).abs() < 1e-12);
        assert!(Difference::between(&[f64::NAN], &[1.0], 1).is_none());
    }

    #[test]
    fn resamples_drawn_before_give_the_same_interval() {
        let (first, second) = ([1.0, 2.0, 4.0, 8.0], [2.0, 2.0, 7.0, 3.0]);
        let resamples = Resamples::of(4, 3);
        assert_eq!(Difference::with(&resamples, &first, &second), Difference::between(&first, &second, 3));
        assert_eq!(Difference::with(&resamples, &first[1..], &second[1..]), None);
    }

    #[test]
    fn the_interval_covers_the_true_mean_about_95_times_in_100() {
        use allegiance_model::random::{Draws, Purpose};
        let draws = Draws::of_population(9);
        let n_covered = (0..200)
            .filter(|&trial| {
                let noise: Vec<f64> =
                    (0..60).map(|i| draws.stream(Purpose::Observation, trial, i, 0).normal()).collect();
                let difference = Difference::between(&[0.0; 60], &noise, 5).unwrap();
                difference.low <= 0.0 && 0.0 <= difference.high
            })
            .count();
        assert!((180..=199).contains(&n_covered), "{n_covered} of 200");
    }
}
