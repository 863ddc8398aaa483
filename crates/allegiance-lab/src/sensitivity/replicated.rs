//! Estimates from replicated rows that the noise of the replicates doesn't bias.

/// The mean product of two outcomes of a row over pairs of different replicates:
/// without bias the product of their expectations. With one replicate, the product
/// of the two, noise included.
pub(super) fn products(first: &[f64], second: &[f64]) -> f64 {
    let n = first.len() as f64;
    let same: f64 = first.iter().zip(second).map(|(a, b)| a * b).sum();
    if first.len() < 2 {
        return same;
    }
    let all = first.iter().sum::<f64>() * second.iter().sum::<f64>();
    (all - same) / (n * (n - 1.0))
}

/// How much wider an interval from resampled rows has to be, because all rows
/// share the random draws of their replicates.
///
/// Resampling rows shows the noise that is each row's own. What a replicate does
/// to all rows alike is seen by leaving out one replicate at a time (the
/// jackknife); of its variance, the part that comes from the rows' own noise is
/// taken off, since the resampled rows have it already.
///
/// # Source
/// Cameron, Gelbach & Miller (2011), Robust inference with multiway clustering:
/// the variance over rows, plus that over replicates, less that of their cells.
#[derive(Debug, Clone, Default)]
pub(super) struct Shared {
    /// Variance of each estimate from what rows share.
    variances: Vec<f64>,
}

/// Estimates from the terms of some units, given by their numbers.
pub(super) type Estimate<'a, T> = &'a dyn Fn(&[T], &[usize]) -> Vec<f64>;

impl Shared {
    /// From the terms of every unit with all replicates, and with each left out;
    /// without any left out, nothing is known and added.
    pub(super) fn of<T>(whole: &[T], fewer: &[Vec<T>], estimate: Estimate<'_, T>) -> Self {
        let units: Vec<usize> = (0..whole.len()).collect();
        let values = estimate(whole, &units);
        let n = fewer.len() as f64;
        if fewer.is_empty() {
            return Self { variances: vec![0.0; values.len()] };
        }
        let spread = |of: &dyn Fn(&[T]) -> Vec<f64>| -> Vec<f64> {
            let each: Vec<Vec<f64>> = fewer.iter().map(|terms| of(terms)).collect();
            let variance = |at: usize| {
                let mean = each.iter().map(|values| values[at]).sum::<f64>() / n;
                each.iter().map(|values| (values[at] - mean) * (values[at] - mean)).sum::<f64>() * (n - 1.0) / n
            };
            (0..values.len()).map(variance).collect()
        };
        let over_all = spread(&|terms| estimate(terms, &units));
        // Halves of the rows share no noise of their own: the covariance of their
        // two estimates over the replicates left out is what rows share.
        let (even, odd): (Vec<usize>, Vec<usize>) = units.iter().partition(|&&unit| unit % 2 == 0);
        let between = spread(&|terms| {
            let halves = [estimate(terms, &even), estimate(terms, &odd)];
            halves[0].iter().zip(&halves[1]).map(|(a, b)| (a - b) / 2.0).collect()
        });
        // Mean of halves: shared + own / 2 each; half their difference: own alone.
        let variances = over_all.iter().zip(&between).map(|(all, own)| (all - own).max(0.0));
        Self { variances: variances.map(|variance| if variance.is_finite() { variance } else { 0.0 }).collect() }
    }

    /// How far the ends of the interval of an estimate move from its value, given
    /// the variance over resampled rows.
    pub(super) fn stretch(&self, at: usize, variance: f64) -> f64 {
        let shared = self.variances.get(at).copied().unwrap_or(0.0);
        if variance > 0.0 { (1.0 + shared / variance).sqrt() } else { 1.0 }
    }
}
