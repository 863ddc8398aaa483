//! The difference between paired replicates, the same seeds under two setups,
//! with its interval, and what it takes to tell its sign.
//!
//! Because every draw is addressed, two setups that differ in one thing share
//! all draws that it doesn't touch, and the difference within a replicate has
//! far less noise than the replicates themselves.
//!
//! Nothing here is drawn: the same pairs give the same interval, to the last bit.

mod family;
mod needed;
mod student;
mod together;
mod unpaired;

pub use family::{Family, holm};
pub use together::together;
pub use unpaired::unpaired;

use crate::intervals::Frequency;
use serde::{Deserialize, Serialize};
use student::{quantile, quantile_975, two_sided};

/// Below so many pairs, or replicates, an interval is rough and is flagged.
pub const FEW: usize = 20;
/// Chance of an interval that misses.
const ALPHA: f64 = 0.05;

/// A 95% interval of a mean, with the two-sided probability of a mean so far
/// from zero where there is no difference: below 0.05 where the interval
/// excludes zero.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MeanInterval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The probability.
    pub p: f64,
}

impl MeanInterval {
    /// Half its width.
    pub fn half_width(&self) -> f64 {
        (self.high - self.low) / 2.0
    }
}

/// A mean difference between paired replicates.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Pairs in which both outcomes exist.
    pub n_pairs: usize,
    /// Of these, pairs in which the two outcomes differ.
    pub n_differ: usize,
    /// Mean of the first outcome over these pairs.
    pub mean_first: f64,
    /// Mean of the second.
    pub mean_second: f64,
    /// Mean of second minus first.
    pub mean: f64,
    /// Standard deviation of the differences between pairs; 0 for one pair.
    pub sd: f64,
    /// The 95% interval of the mean. There is none where no pair differs, as
    /// nothing is known of the size of a difference, nor for a single pair.
    pub interval: Option<MeanInterval>,
}

impl Difference {
    /// Second minus first over the pairs in which both are finite; `None`
    /// without such a pair.
    ///
    /// The interval is the smallest that holds Student's and Hall's, which
    /// corrects for skewness. Where fewer than half of the pairs differ, it also
    /// holds Student's with two more pairs, one up and one down by the typical
    /// size of a difference: for differences of one size this excludes zero
    /// where the exact sign test does, nearly. Where every pair differs by the
    /// same amount, the interval is this amount and the probability that of the
    /// sign test.
    ///
    /// # Source
    /// Hall (1992), On the removal of skewness by transformation; Bonett & Price
    /// (2012), Adjusted Wald confidence interval for a difference of binomial
    /// proportions based on paired data, for differences of 0 and 1.
    pub fn between(first: &[f64], second: &[f64]) -> Option<Self> {
        let pairs = first.iter().zip(second).filter(|(a, b)| a.is_finite() && b.is_finite());
        let (first, second): (Vec<f64>, Vec<f64>) = pairs.unzip();
        let differences: Vec<f64> = first.iter().zip(&second).map(|(a, b)| b - a).collect();
        if differences.is_empty() {
            return None;
        }
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        Some(Self {
            n_pairs: differences.len(),
            n_differ: differences.iter().filter(|&&difference| is_a_difference(difference)).count(),
            mean_first: mean(&first),
            mean_second: mean(&second),
            mean: mean(&differences),
            sd: Moments::of(&differences).sd,
            interval: mean_interval(&differences),
        })
    }

    /// Whether its interval lies above zero.
    pub fn is_above(&self) -> bool {
        self.interval.is_some_and(|interval| interval.low > 0.0)
    }

    /// Whether its interval lies below zero.
    pub fn is_below(&self) -> bool {
        self.interval.is_some_and(|interval| interval.high < 0.0)
    }

    /// Whether its interval excludes zero.
    pub fn is_clear(&self) -> bool {
        self.is_above() || self.is_below()
    }

    /// Whether the interval is from so few pairs that it is rough.
    pub fn is_few(&self) -> bool {
        self.n_pairs < FEW
    }

    /// Whether fewer than half of the pairs differ.
    pub fn is_sparse(&self) -> bool {
        2 * self.n_differ < self.n_pairs
    }

    /// The mean as a share of the first outcome's mean; `None` where that is 0.
    pub fn relative(&self) -> Option<f64> {
        let share = self.mean / self.mean_first.abs();
        share.is_finite().then_some(share)
    }

    /// How large the share of pairs that differ can be, after so many that don't:
    /// upper end of its 95% interval.
    pub fn most_that_differ(&self) -> f64 {
        Frequency::of(self.n_differ as u32, self.n_pairs as u32).high_95
    }
}

/// Second minus first in each pair; NaN where one of the two isn't finite.
pub fn differences_of(first: &[f64], second: &[f64]) -> Vec<f64> {
    let of = |(a, b): (&f64, &f64)| if a.is_finite() && b.is_finite() { b - a } else { f64::NAN };
    first.iter().zip(second).map(of).collect()
}

/// Whether a difference is one: sums that were added up in another order aren't.
fn is_a_difference(difference: f64) -> bool {
    difference.abs() > 1e-12
}

/// Mean, standard deviation and skewness of a sample.
#[derive(Debug, Clone, Copy)]
struct Moments {
    n: f64,
    mean: f64,
    sd: f64,
    /// Of a normal sample it is 0 on average; 0 too for fewer than three values.
    skewness: f64,
}

impl Moments {
    fn of(values: &[f64]) -> Self {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let central = |power: i32| values.iter().map(|value| (value - mean).powi(power)).sum::<f64>() / n;
        let (second, third) = (central(2), central(3));
        let sd = if n > 1.0 { (second * n / (n - 1.0)).sqrt() } else { 0.0 };
        let is_flat = sd <= 1e-9 * mean.abs();
        let adjusted = (n * (n - 1.0)).sqrt() / (n - 2.0);
        let skewness = if n < 3.0 || is_flat { 0.0 } else { adjusted * third / second.powf(1.5) };
        Self { n, mean, sd: if is_flat { 0.0 } else { sd }, skewness }
    }

    /// Student's interval, `quantile` standard errors to each side.
    fn student(self, quantile: f64) -> MeanInterval {
        let reach = quantile * self.sd / self.n.sqrt();
        let p = two_sided(self.mean / self.sd * self.n.sqrt(), self.n - 1.0);
        MeanInterval { low: self.mean - reach, high: self.mean + reach, p }
    }

    /// Hall's, from the transformation `g(s) = s + a s^2 + a^2 s^3 / 3 + b` of the
    /// studentised mean `s`, with `a = skewness / 3` and `b = skewness / (6 n)`.
    fn hall(self, quantile: f64) -> MeanInterval {
        let (a, b) = (self.skewness / 3.0, self.skewness / (6.0 * self.n));
        if a.abs() < 1e-9 {
            return self.student(quantile);
        }
        let quantile = quantile / self.n.sqrt();
        let back = |x: f64| ((1.0 + 3.0 * a * (x - b)).cbrt() - 1.0) / a;
        let s = self.mean / self.sd;
        let transformed = s + a * s * s + a * a * s * s * s / 3.0 + b;
        MeanInterval {
            low: self.mean - self.sd * back(quantile),
            high: self.mean - self.sd * back(-quantile),
            p: two_sided(transformed * self.n.sqrt(), self.n - 1.0),
        }
    }
}

/// The 95% interval of the mean of some differences; see [`Difference::between`].
pub fn mean_interval(differences: &[f64]) -> Option<MeanInterval> {
    interval_at(differences, &quantile_975)
}

/// The same at another level: what `|T|` exceeds there, by its degrees of freedom.
fn interval_at(differences: &[f64], quantile: &dyn Fn(f64) -> f64) -> Option<MeanInterval> {
    let n_differ = differences.iter().filter(|&&difference| is_a_difference(difference)).count();
    if differences.len() < 2 || n_differ == 0 {
        return None;
    }
    let moments = Moments::of(differences);
    if moments.sd <= 0.0 {
        let p = 0.5_f64.powi(differences.len() as i32 - 1);
        return Some(MeanInterval { low: moments.mean, high: moments.mean, p });
    }
    let reach = quantile(moments.n - 1.0);
    let mut all = vec![moments.student(reach), moments.hall(reach)];
    if 2 * n_differ < differences.len() {
        let more = with_one_up_and_one_down(differences, n_differ);
        all.push(more.student(quantile(more.n - 1.0)));
    }
    Some(MeanInterval {
        low: all.iter().map(|interval| interval.low).fold(f64::INFINITY, f64::min),
        high: all.iter().map(|interval| interval.high).fold(f64::NEG_INFINITY, f64::max),
        p: all.iter().map(|interval| interval.p).fold(0.0, f64::max),
    })
}

/// The moments with two more pairs, of the differences' quadratic mean.
fn with_one_up_and_one_down(differences: &[f64], n_differ: usize) -> Moments {
    let squares: f64 = differences.iter().map(|difference| difference * difference).sum();
    let typical = (squares / n_differ as f64).sqrt();
    let mut more = differences.to_vec();
    more.extend([typical, -typical]);
    Moments::of(&more)
}

#[cfg(test)]
mod tests;
