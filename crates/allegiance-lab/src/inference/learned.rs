//! Learned summaries: for each thing to be inferred, the linear predictor from
//! the raw summaries and their squares that fits best on one half of the
//! reference table.
//!
//! The best summary of the data for a parameter is its posterior mean, and a
//! regression estimates it; of a theory, the regression of its indicator
//! estimates its posterior probability. What the regression gets wrong costs
//! precision, never calibration: the posterior given the predictor is found
//! from the other half.
//!
//! # Source
//! Fearnhead & Prangle (2012), Constructing summary statistics for approximate
//! Bayesian computation: semi-automatic ABC.

use crate::inference::cholesky::Cholesky;
use allegiance_record::Spread as _;
use allegiance_runs::Threads;

/// Ridge penalty on standardised features, as a share of the number of rows.
const PENALTY: f64 = 1e-3;
/// Standardised features are cut off here before they are squared.
const FAR: f64 = 4.0;
/// Rows a block of the normal equations. Blocks are added up in order, so
/// that the sums don't depend on the number of threads.
const BLOCK: usize = 512;

/// Features of a row: standardised summaries and their squares.
#[derive(Debug, Clone, PartialEq)]
struct Standard {
    mean: Vec<f64>,
    sd: Vec<f64>,
}

impl Standard {
    fn of(rows: &[&[f64]]) -> Self {
        let n = rows.len() as f64;
        let n_columns = rows.first().map_or(0, |row| row.len());
        let mut mean = vec![0.0; n_columns];
        for row in rows {
            for (sum, value) in mean.iter_mut().zip(*row) {
                *sum += value / n;
            }
        }
        let mut sd = vec![0.0; n_columns];
        for row in rows {
            for ((sum, value), mean) in sd.iter_mut().zip(*row).zip(&mean) {
                *sum += (value - mean) * (value - mean) / n;
            }
        }
        for variance in &mut sd {
            *variance = variance.sqrt();
        }
        Self { mean, sd }
    }

    /// 1, the standardised summaries, their squares; shape 1 + 2 n.
    fn features(&self, row: &[f64]) -> Vec<f64> {
        let mut features = Vec::with_capacity(1 + 2 * row.len());
        features.push(1.0);
        for ((value, mean), sd) in row.iter().zip(&self.mean).zip(&self.sd) {
            // A summary that never varies tells nothing.
            features.push(if *sd > 1e-12 { ((value - mean) / sd).clamp(-FAR, FAR) } else { 0.0 });
        }
        for at in 1..=row.len() {
            features.push(features[at] * features[at]);
        }
        features
    }
}

/// Linear predictors of several targets from the same summaries.
#[derive(Debug, Clone, PartialEq)]
pub struct LearnedSummaries {
    standard: Standard,
    /// One vector over the features a target.
    weights: Vec<Vec<f64>>,
}

impl LearnedSummaries {
    /// Learns from rows of summaries and of targets.
    ///
    /// # Panics
    /// Where a value isn't finite, which is a bug.
    pub fn learn(rows: &[&[f64]], targets: &[Vec<f64>]) -> Self {
        assert!(
            rows.iter().all(|row| row.iter().all(|value| value.is_finite())),
            "a summary isn't finite: this is a bug, please report it"
        );
        let standard = Standard::of(rows);
        let n_features = 1 + 2 * rows.first().map_or(0, |row| row.len());
        let n_targets = targets.first().map_or(0, Vec::len);
        let blocks = Threads(0).each(rows.len().div_ceil(BLOCK), |at| {
            let block = at * BLOCK..((at + 1) * BLOCK).min(rows.len());
            normal_equations(&standard, &rows[block.clone()], &targets[block], n_features, n_targets)
        });
        let mut left = vec![0.0; n_features * n_features];
        let mut right = vec![0.0; n_features * n_targets];
        for (block_left, block_right) in &blocks {
            left.iter_mut().zip(block_left).for_each(|(sum, value)| *sum += value);
            right.iter_mut().zip(block_right).for_each(|(sum, value)| *sum += value);
        }
        let penalty = PENALTY * rows.len() as f64;
        for at in 1..n_features {
            left[at * n_features + at] += penalty;
        }
        let factored = Cholesky::of(left, n_features).expect("normal equations with a penalty are positive definite");
        let of_target = |target: usize| right.iter().skip(target).step_by(n_targets).copied().collect::<Vec<f64>>();
        let weights = (0..n_targets).map(|target| factored.solve(&of_target(target))).collect();
        Self { standard, weights }
    }

    /// The predictors of a row, one a target.
    pub fn predict(&self, row: &[f64]) -> Vec<f64> {
        let features = self.standard.features(row);
        self.weights.iter().map(|weights| features.iter().zip(weights).map(|(x, w)| x * w).sum()).collect()
    }
}

fn normal_equations(
    standard: &Standard,
    rows: &[&[f64]],
    targets: &[Vec<f64>],
    n_features: usize,
    n_targets: usize,
) -> (Vec<f64>, Vec<f64>) {
    let mut left = vec![0.0; n_features * n_features];
    let mut right = vec![0.0; n_features * n_targets];
    for (row, target) in rows.iter().zip(targets) {
        let features = standard.features(row);
        for (at, &x) in features.iter().enumerate() {
            if x == 0.0 {
                continue;
            }
            let line = &mut left[at * n_features..(at + 1) * n_features];
            line.iter_mut().zip(&features).for_each(|(sum, y)| *sum += x * y);
            let line = &mut right[at * n_targets..(at + 1) * n_targets];
            line.iter_mut().zip(target).for_each(|(sum, y)| *sum += x * y);
        }
    }
    (left, right)
}

#[cfg(test)]
mod tests {
    use super::LearnedSummaries;
    use allegiance_model::random::{Draws, Purpose};

    #[test]
    fn a_quadratic_relation_is_learned_and_noise_is_not() {
        let draws = Draws::of_population(3);
        let rows: Vec<Vec<f64>> =
            (0..4_000).map(|i| (0..3).map(|j| draws.stream(Purpose::PriorDraw, i, j, 0).normal()).collect()).collect();
        let targets: Vec<Vec<f64>> = rows.iter().map(|row| vec![1.0 + 2.0 * row[0] - 0.5 * row[1] * row[1]]).collect();
        let views: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
        let learned = LearnedSummaries::learn(&views, &targets);
        let found = learned.predict(&[0.5, 1.0, 2.0])[0];
        assert!((found - 1.5).abs() < 0.02, "{found}");
        let without_noise = learned.predict(&[0.5, 1.0, -2.0])[0];
        assert!((found - without_noise).abs() < 0.02);
    }
}
