//! The difference of two means whose replicates share nothing.

use super::student::{quantile_975, two_sided};
use super::{MeanInterval, Moments};

/// Mean of the second less that of the first, with its 95% interval; `None` where one has
/// fewer than two finite values. Where neither scatters, the interval is the difference
/// itself, and its probability 1 for none and 0 else.
///
/// # Source
/// Welch (1947), The generalization of "Student's" problem when several different population
/// variances are involved; the degrees of freedom are cut down to a whole number.
pub fn unpaired(first: &[f64], second: &[f64]) -> Option<(f64, MeanInterval)> {
    let finite = |values: &[f64]| values.iter().copied().filter(|value| value.is_finite()).collect::<Vec<f64>>();
    let [first, second] = [first, second].map(|values| Moments::of(&finite(values)));
    if first.n < 2.0 || second.n < 2.0 {
        return None;
    }
    let difference = second.mean - first.mean;
    let [a, b] = [first, second].map(|of| of.sd * of.sd / of.n);
    if a + b <= 0.0 {
        let p = if difference.abs() > 1e-12 { 0.0 } else { 1.0 };
        return Some((difference, MeanInterval { low: difference, high: difference, p }));
    }
    let freedom = ((a + b) * (a + b) / (a * a / (first.n - 1.0) + b * b / (second.n - 1.0))).floor().max(1.0);
    let error = (a + b).sqrt();
    let reach = quantile_975(freedom) * error;
    let p = two_sided(difference / error, freedom);
    Some((difference, MeanInterval { low: difference - reach, high: difference + reach, p }))
}

#[cfg(test)]
mod tests {
    use super::unpaired;

    #[test]
    fn the_interval_is_that_of_welchs_test() {
        // R: t.test(c(1, 3, 2, 6, 4), c(2, 4, 9)) has 2.70 degrees of freedom; with 2 the interval of the
        // difference, -1.8 with a standard error of 2.2524, is -11.491 to 7.891.
        let (difference, interval) = unpaired(&[2.0, 4.0, 9.0, f64::NAN], &[1.0, 3.0, 2.0, 6.0, 4.0]).unwrap();
        assert!((difference + 1.8).abs() < 1e-12, "{difference}");
        assert!((interval.low + 11.4914).abs() < 2e-3 && (interval.high - 7.8914).abs() < 2e-3, "{interval:?}");
        assert!(unpaired(&[1.0], &[1.0, 2.0]).is_none());
        let (difference, flat) = unpaired(&[3.0; 4], &[5.0; 4]).unwrap();
        assert!((difference - 2.0).abs() < 1e-12 && flat.high - flat.low < 1e-12 && flat.p < 0.05);
    }
}
