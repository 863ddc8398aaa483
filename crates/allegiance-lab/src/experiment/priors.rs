//! How a difference's sign fares over draws of the parameters, and what of it is
//! the noise of few replicates.

use super::results::Pair;
use allegiance_model::random::{Draws, Purpose};
use allegiance_record::intervals::{Interval, quantile};
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF as _, Normal};

/// Resamples of the draws.
const N_RESAMPLES: u32 = 200;

/// An estimated share of the draws with its 95% interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ShareAbove {
    /// The share.
    pub share: f64,
    /// Lower end of the interval, over resamples of the draws.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// How a difference fares over draws of the parameters.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PriorAgreement {
    /// Draws whose own interval lies above zero.
    pub n_up: usize,
    /// Draws whose own interval lies below zero.
    pub n_down: usize,
    /// Draws whose interval includes zero, or that have none: their sign can't be
    /// told from their few replicates.
    pub n_unclear: usize,
    /// Draws in which no effect is possible.
    pub n_impossible: usize,
    /// Estimated share of the draws with a true difference above zero, among those
    /// in which some pair differs: the noise of the replicates is taken out. Empty
    /// where fewer than three draws have an interval.
    pub share_up: Option<ShareAbove>,
    /// The mean differences over the draws in which an effect is possible, noise
    /// included.
    pub differences: Option<Interval>,
}

impl PriorAgreement {
    /// Over the draws.
    pub(super) fn of(found: impl Iterator<Item = Pair>) -> Self {
        let mut agreement = Self::default();
        let (mut means, mut draws) = (Vec::new(), Vec::new());
        for Pair { difference, is_possible } in found {
            let count = match difference {
                _ if !is_possible => &mut agreement.n_impossible,
                Some(found) if found.is_above() => &mut agreement.n_up,
                Some(found) if found.is_below() => &mut agreement.n_down,
                _ => &mut agreement.n_unclear,
            };
            *count += 1;
            means.extend(difference.filter(|_| is_possible).map(|found| found.mean));
            let with_spread = difference.filter(|found| found.interval.is_some());
            draws.extend(with_spread.map(|found| (found.mean, found.sd * found.sd / found.n_pairs as f64)));
        }
        agreement.share_up = share_with_interval(&draws);
        agreement.differences = Interval::of(means);
        agreement
    }
}

/// The share with its interval; `None` for fewer than three draws.
fn share_with_interval(draws: &[(f64, f64)]) -> Option<ShareAbove> {
    let share = share_above_zero(draws)?;
    let random = Draws::of_population(0);
    let resample = |number: u32| {
        let mut stream = random.stream(Purpose::Bootstrap, number, 0, 0);
        let picked: Vec<(f64, f64)> =
            (0..draws.len()).map(|_| draws[stream.below(draws.len() as u32) as usize]).collect();
        share_above_zero(&picked).unwrap_or(share)
    };
    let mut shares: Vec<f64> = (0..N_RESAMPLES).map(resample).collect();
    shares.sort_by(f64::total_cmp);
    Some(ShareAbove { share, low: quantile(&shares, 0.025)?, high: quantile(&shares, 0.975)? })
}

/// The estimated share of draws with a true mean above zero, from the mean and
/// squared standard error of each: the true means are taken as normal, around the
/// mean of all, with the variance of the means less that of their noise. `None`
/// for fewer than three draws.
///
/// # Source
/// `DerSimonian` & Laird (1986), Meta-analysis in clinical trials: the moment
/// estimate of the variance between draws, here with equal weights, as four
/// replicates tell little of a draw's own standard error.
fn share_above_zero(draws: &[(f64, f64)]) -> Option<f64> {
    if draws.len() < 3 {
        return None;
    }
    let n = draws.len() as f64;
    let middle = draws.iter().map(|draw| draw.0).sum::<f64>() / n;
    let spread = draws.iter().map(|draw| (draw.0 - middle) * (draw.0 - middle)).sum::<f64>() / (n - 1.0);
    let noise = draws.iter().map(|draw| draw.1).sum::<f64>() / n;
    let between = (spread - noise).max(0.0).sqrt();
    if between > 1e-12 * middle.abs() {
        return Some(Normal::standard().cdf(middle / between));
    }
    Some(if middle > 0.0 {
        1.0
    } else if middle < 0.0 {
        0.0
    } else {
        0.5
    })
}

#[cfg(test)]
mod tests {
    use super::{PriorAgreement, share_above_zero};
    use crate::experiment::results::Pair;
    use allegiance_model::random::{Draws, Purpose};
    use allegiance_record::difference::Difference;

    /// Draws with true means around `middle`, each seen through replicates with a
    /// standard deviation of 1: their pairs, and the true share above zero.
    fn prior(middle: f64, spread: f64, n_draws: u32, n_replicates: u32) -> (Vec<Pair>, f64) {
        let draws = Draws::of_population(5);
        let mut n_above = 0;
        let pairs = (0..n_draws).map(|draw| {
            let mut stream = draws.stream(Purpose::Bootstrap, draw, n_replicates, 2);
            let truth = middle + spread * stream.normal();
            n_above += u32::from(truth > 0.0);
            let seen: Vec<f64> = (0..n_replicates).map(|_| truth + stream.normal()).collect();
            let none = vec![0.0; seen.len()];
            Pair { difference: Difference::between(&none, &seen), is_possible: true }
        });
        let pairs = pairs.collect();
        (pairs, f64::from(n_above) / f64::from(n_draws))
    }

    /// Counting signs gives .6 where .8 is true: the noise is twice the effect.
    #[test]
    fn four_replicates_give_the_share_that_many_would() {
        for (middle, expected) in [(0.2, 0.8), (-0.2, 0.2), (0.0, 0.5)] {
            let (pairs, truth) = prior(middle, 0.24, 2_000, 4);
            let signs = pairs.iter().filter(|pair| pair.difference.unwrap().mean > 0.0).count() as f64 / 2_000.0;
            let estimate = PriorAgreement::of(pairs.into_iter()).share_up.unwrap();
            let found = estimate.share;
            // The interval holds the truth 95 times in 100, so one of three may miss it by a hair.
            assert!(estimate.low - 0.03 < truth && truth < estimate.high + 0.03, "{estimate:?} misses {truth}");
            assert!((truth - expected).abs() < 0.03, "the truth is {truth}");
            assert!((found - truth).abs() < 0.07, "{found} instead of {truth}");
            assert!(
                middle.abs() < 1e-9 || (found - truth).abs() < 0.5 * (signs - truth).abs(),
                "{found}, {signs}, {truth}"
            );
        }
    }

    #[test]
    fn a_draw_counts_where_its_own_interval_excludes_zero() {
        let pair = |seen: &[f64], is_possible| Pair {
            difference: Difference::between(&vec![0.0; seen.len()], seen),
            is_possible,
        };
        let found = PriorAgreement::of(
            [
                pair(&[3.0, 3.1, 2.9, 3.0], true),
                pair(&[-3.0, -3.1, -2.9, -3.0], true),
                pair(&[3.0, -2.0, 1.0, 0.5], true),
                pair(&[0.0, 0.0, 0.0, 0.0], true),
                pair(&[0.0, 0.0, 0.0, 0.0], false),
            ]
            .into_iter(),
        );
        assert_eq!((found.n_up, found.n_down, found.n_unclear, found.n_impossible), (1, 1, 2, 1));
        // The draw under which nothing could differ is left out.
        assert_eq!(found.differences.unwrap().n, 4);
    }

    /// Of nothing but noise next to no draw is told, and the share is open.
    #[test]
    fn pure_noise_has_no_sign() {
        let (pairs, _) = prior(0.0, 0.0, 400, 4);
        let found = PriorAgreement::of(pairs.into_iter());
        let share = found.share_up.unwrap();
        assert!(share.low < 0.3 && share.high > 0.7, "{share:?}");
        assert!(found.n_up + found.n_down < 30, "{found:?}");
        assert_eq!(share_above_zero(&[(1.0, 0.1), (2.0, 0.1)]), None);
    }
}
