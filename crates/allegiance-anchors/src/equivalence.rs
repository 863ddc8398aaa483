//! Whether two samples agree well enough: equivalence rather than "no
//! significant difference", so that a small sample can't pass by being vague.
//!
//! Two one-sided tests at level `alpha` are the same as asking that the
//! `1 - 2 alpha` interval of the difference lie within a margin stated before.
//! Means are compared on the scale of the reference's standard deviation
//! between seeds; spreads by the logarithm of the ratio of standard deviations.
//! Both intervals are Monte Carlo intervals, normal in the number of seeds.
//!
//! # Source
//! Schuirmann (1987), two one-sided tests; the standard error of a log standard
//! deviation is the delta method's, `sqrt((kurtosis - 1) / (4 n))`.

use allegiance_model::maths::{exp, ln, sqrt};
use allegiance_model::random::normal_quantile;

/// Level of each one-sided test; the intervals are of 90%.
pub const ALPHA: f64 = 0.05;
/// Largest difference of means that we call equal, in standard deviations
/// between seeds of the reference.
pub const MEAN_MARGIN: f64 = 0.5;
/// Largest ratio of standard deviations between seeds that we call equal.
pub const SPREAD_MARGIN: f64 = 1.5;

/// The moments of a sample over seeds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// Number of seeds with a value.
    pub n: f64,
    /// Mean.
    pub mean: f64,
    /// Standard deviation (divisor `n - 1`).
    pub sd: f64,
    /// Fourth central moment over the squared variance; 3 for a normal.
    pub kurtosis: f64,
}

impl Moments {
    /// The moments of at least two values.
    pub fn of(values: &[f64]) -> Self {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: Vec<f64> = values.iter().map(|v| (v - mean) * (v - mean)).collect();
        let variance = squares.iter().sum::<f64>() / n;
        let fourth = squares.iter().map(|s| s * s).sum::<f64>() / n;
        Self {
            n,
            mean,
            sd: sqrt(variance * n / (n - 1.0)),
            kurtosis: if variance > 0.0 { fourth / (variance * variance) } else { 0.0 },
        }
    }

    /// Standard error of the mean.
    pub fn standard_error(&self) -> f64 {
        self.sd / sqrt(self.n)
    }
}

/// How ours compares with a reference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Interval of the difference of means over the reference's `sd`.
    pub difference: (f64, f64),
    /// Interval of the ratio of standard deviations, ours over the reference's.
    pub spread: (f64, f64),
    /// Kolmogorov and Smirnov's largest distance of the two distributions.
    pub distance: f64,
    /// Its critical value at 0.1%.
    pub critical_distance: f64,
}

impl Comparison {
    /// Compares two samples over seeds.
    pub fn new(ours: &[f64], reference: &[f64]) -> Self {
        let (a, b) = (Moments::of(ours), Moments::of(reference));
        let z = normal_quantile(1.0 - ALPHA);
        let centre = (a.mean - b.mean) / b.sd;
        let half = z * sqrt(square(a.standard_error()) + square(b.standard_error())) / b.sd;
        let log_ratio = ln(a.sd / b.sd);
        let log_error = |m: &Moments| (m.kurtosis - 1.0) / (4.0 * m.n);
        let log_half = z * sqrt(log_error(&a) + log_error(&b));
        Self {
            difference: (centre - half, centre + half),
            spread: (exp(log_ratio - log_half), exp(log_ratio + log_half)),
            distance: largest_distance(ours, reference),
            // sqrt(-ln(alpha / 2) / 2) sqrt((n + m) / (n m)).
            critical_distance: sqrt(-ln(0.000_5) / 2.0) * sqrt((a.n + b.n) / (a.n * b.n)),
        }
    }

    /// Whether the interval of the difference of means is within the margin.
    pub fn means_are_equivalent(&self) -> bool {
        -MEAN_MARGIN < self.difference.0 && self.difference.1 < MEAN_MARGIN
    }

    /// Whether the interval of the ratio of spreads is within the margin.
    pub fn spreads_are_equivalent(&self) -> bool {
        1.0 / SPREAD_MARGIN < self.spread.0 && self.spread.1 < SPREAD_MARGIN
    }

    /// Whether the two distributions show no difference at 0.1%.
    pub fn distributions_agree(&self) -> bool {
        self.distance < self.critical_distance
    }

    /// All three.
    pub fn is_equivalent(&self) -> bool {
        self.means_are_equivalent() && self.spreads_are_equivalent() && self.distributions_agree()
    }
}

fn square(x: f64) -> f64 {
    x * x
}

fn largest_distance(a: &[f64], b: &[f64]) -> f64 {
    let share_up_to = |values: &[f64], x: f64| values.iter().filter(|&&v| v <= x).count() as f64 / values.len() as f64;
    let points = a.iter().chain(b);
    points.map(|&x| (share_up_to(a, x) - share_up_to(b, x)).abs()).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::Comparison;
    use allegiance_model::random::{Draws, Purpose};

    fn normals(seed: u64, n: u32, mean: f64, sd: f64) -> Vec<f64> {
        let draws = Draws::of_population(seed);
        (0..n).map(|i| mean + sd * draws.stream(Purpose::AnchorTraits, i, 0, 0).normal()).collect()
    }

    #[test]
    fn equal_samples_pass_and_shifted_spread_or_small_ones_do_not() {
        let reference = normals(1, 150, 10.0, 2.0);
        let passes = |ours: &[f64]| Comparison::new(ours, &reference).is_equivalent();
        assert!(passes(&normals(2, 450, 10.0, 2.0)));
        assert!(!passes(&normals(2, 450, 11.2, 2.0)));
        assert!(!passes(&normals(2, 450, 10.0, 3.2)));
        assert!(!passes(&normals(2, 8, 10.0, 2.0)), "too few seeds to tell");
    }
}
