//! Quantiles and intervals over replicates.
//!
//! All of them use the definition that R calls type 7 (linear interpolation of
//! the order statistics), which is also the default of NumPy and pandas, so
//! that anyone can recompute a printed interval from the tables.

use serde::{Deserialize, Serialize};

/// The middle of a set of values, with its 50% and 90% intervals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Number of values it is taken from.
    pub n: usize,
    /// Median.
    pub median: f64,
    /// Lower end of the 50% interval: the quantile at 0.25.
    pub low_50: f64,
    /// Upper end of the 50% interval: the quantile at 0.75.
    pub high_50: f64,
    /// Lower end of the 90% interval: the quantile at 0.05.
    pub low_90: f64,
    /// Upper end of the 90% interval: the quantile at 0.95.
    pub high_90: f64,
}

impl Interval {
    /// The interval of the finite values, or `None` where there are none.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        Some(Self {
            n: sorted.len(),
            median: quantile(&sorted, 0.5)?,
            low_50: quantile(&sorted, 0.25)?,
            high_50: quantile(&sorted, 0.75)?,
            low_90: quantile(&sorted, 0.05)?,
            high_90: quantile(&sorted, 0.95)?,
        })
    }
}

/// The quantile at a probability in 0-1 of values sorted upwards; `None` where
/// there are no values.
///
/// # Source
/// Hyndman & Fan (1996), Sample quantiles in statistical packages, definition 7:
/// linear interpolation at the position `(n - 1) p`, counted from 0.
pub fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = last as f64 * p.clamp(0.0, 1.0);
    let below = (position.floor() as usize).min(last);
    let above = (below + 1).min(last);
    let weight = position - below as f64;
    Some(sorted[below] + weight * (sorted[above] - sorted[below]))
}

/// How often something happened, with its 95% Wilson interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Frequency {
    /// Number of cases in which it happened.
    pub n: u32,
    /// Number of cases.
    pub n_cases: u32,
    /// Share of the cases.
    pub share: f64,
    /// Lower end of the 95% interval.
    pub low_95: f64,
    /// Upper end of the 95% interval.
    pub high_95: f64,
}

impl Frequency {
    /// The frequency of `n` in `n_cases`; without cases, nothing is known and
    /// the interval goes from 0 to 1.
    ///
    /// # Source
    /// Wilson (1927), Probable inference, the law of succession, and
    /// statistical inference, equation 4, with z = 1.96.
    pub fn of(n: u32, n_cases: u32) -> Self {
        const Z: f64 = 1.959_963_984_540_054;
        let share = if n_cases == 0 { 0.0 } else { f64::from(n) / f64::from(n_cases) };
        let (low_95, high_95) = wilson(share, f64::from(n_cases), Z);
        Self { n, n_cases, share, low_95, high_95 }
    }
}

/// The interval of a share among so many cases, of so many standard errors to
/// either side; from 0 to 1 without cases.
///
/// # Source
/// As [`Frequency::of`].
pub fn wilson(share: f64, n_cases: f64, z: f64) -> (f64, f64) {
    if n_cases <= 0.0 {
        return (0.0, 1.0);
    }
    let scale = 1.0 + z * z / n_cases;
    let middle = share + z * z / (2.0 * n_cases);
    let half = z * (share * (1.0 - share) / n_cases + z * z / (4.0 * n_cases * n_cases)).sqrt();
    (((middle - half) / scale).clamp(0.0, share), ((middle + half) / scale).clamp(share, 1.0))
}

/// The 95% interval of the difference between two frequencies in paired
/// cases: of the first less that of the second. It stays sensible where a
/// frequency is 0 or 1, and where all pairs agree.
///
/// # Source
/// Newcombe (1998), Improved confidence intervals for the difference between
/// binomial proportions based on paired data, method 10.
pub fn newcombe_paired(pairs: &[[bool; 2]]) -> (f64, f64) {
    let count = |first, second| pairs.iter().filter(|&&pair| pair == [first, second]).count() as f64;
    let (both, only_first) = (count(true, true), count(true, false));
    let (only_second, neither) = (count(false, true), count(false, false));
    let margins = (both + only_first) * (only_second + neither) * (both + only_second) * (only_first + neither);
    let excess = both * neither - only_first * only_second;
    let corrected = if excess > 0.0 { (excess - pairs.len() as f64 / 2.0).max(0.0) } else { excess };
    let correlation = if margins > 0.0 { corrected / margins.sqrt() } else { 0.0 };
    let first = Frequency::of((both + only_first) as u32, pairs.len() as u32);
    let second = Frequency::of((both + only_second) as u32, pairs.len() as u32);
    let reach = |a: f64, b: f64| (a * a - 2.0 * correlation * a * b + b * b).max(0.0).sqrt();
    let difference = first.share - second.share;
    (
        difference - reach(first.share - first.low_95, second.high_95 - second.share),
        difference + reach(first.high_95 - first.share, second.share - second.low_95),
    )
}

/// The median of values in any order; `None` where there are no finite ones.
pub fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    Interval::of(values).map(|interval| interval.median)
}

#[cfg(test)]
mod tests {
    use super::{Frequency, Interval, median, newcombe_paired, quantile};

    #[test]
    fn quantiles_equal_those_of_r_type_7() {
        // R: quantile(c(1, 2, 4, 8, 16), c(.05, .25, .5, .9), type = 7)
        let sorted = [1.0, 2.0, 4.0, 8.0, 16.0];
        for (p, expected) in [(0.05, 1.2), (0.25, 2.0), (0.5, 4.0), (0.9, 12.8), (0.0, 1.0), (1.0, 16.0)] {
            let found = quantile(&sorted, p).unwrap();
            assert!((found - expected).abs() < 1e-12, "p {p}: {found}");
        }
    }

    #[test]
    fn wilson_intervals_equal_those_of_r() {
        // R: prop.test(n, cases, correct = FALSE)$conf.int
        for (n, cases, low, high) in
            [(0, 100, 0.0, 0.036_993_5), (5, 100, 0.021_543_7, 0.111_750_5), (10, 10, 0.722_467_3, 1.0)]
        {
            let found = Frequency::of(n, cases);
            assert!((found.low_95 - low).abs() < 1e-6, "{found:?}");
            assert!((found.high_95 - high).abs() < 1e-6, "{found:?}");
        }
        let nothing_known = Frequency::of(0, 0);
        assert!(nothing_known.low_95 < 1e-12 && nothing_known.high_95 > 1.0 - 1e-12);
    }

    #[test]
    fn the_paired_interval_covers_the_true_difference_about_95_times_in_100() {
        use allegiance_model::random::{Draws, Purpose};
        let draws = Draws::of_population(3);
        // The first is true where u < .5, the second where u < .4 or, apart
        // from that, with probability .1: a difference of .5 - .46.
        let n_covered = (0..1_000)
            .filter(|&trial| {
                let pair = |at| {
                    let mut stream = draws.stream(Purpose::Bootstrap, trial, at, 0);
                    let u = stream.uniform();
                    [u < 0.5, u < 0.4 || stream.uniform() < 0.1]
                };
                let (low, high) = newcombe_paired(&(0..80).map(pair).collect::<Vec<_>>());
                low <= 0.04 && 0.04 <= high
            })
            .count();
        assert!((930..=985).contains(&n_covered), "{n_covered} of 1000");
    }

    #[test]
    fn pairs_that_all_agree_still_leave_doubt() {
        let (low, high) = newcombe_paired(&[[true, false]; 50]);
        assert!(0.85 < low && low < 1.0 && (high - 1.0).abs() < 1e-12, "{low} to {high}");
        let (low, high) = newcombe_paired(&[[false, false]; 50]);
        assert!((low + high).abs() < 1e-12 && high > 0.02, "{low} to {high}");
    }

    #[test]
    fn no_values_have_no_quantile_and_one_value_is_its_own() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(Interval::of([f64::NAN, f64::INFINITY]), None);
        let one = Interval::of([7.0]).unwrap();
        assert_eq!((one.low_90.to_bits(), one.high_90.to_bits()), (7.0_f64.to_bits(), 7.0_f64.to_bits()));
    }

    #[test]
    fn intervals_do_not_depend_on_the_order_of_values() {
        let forward = Interval::of((0..=100).map(f64::from)).unwrap();
        let backward = Interval::of((0..=100).rev().map(f64::from)).unwrap();
        assert_eq!(forward, backward);
        assert!((forward.low_90 - 5.0).abs() < 1e-12 && (forward.high_50 - 75.0).abs() < 1e-12);
        assert_eq!(median([3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median([4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }
}
