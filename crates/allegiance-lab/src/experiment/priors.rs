//! How a difference's sign fares over draws of the parameters, and what of it is
//! the noise of few replicates.

use super::results::Pair;
use allegiance_model::random::{Draws, Purpose};
use allegiance_record::intervals::{Interval, quantile};
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF as _, Normal, StudentsT};

/// Resamples of the draws.
const N_RESAMPLES: u32 = 1_000;

/// Draws that must show a sign of their own for a share of signs to be estimated:
/// from draws that are all noise, any share comes out.
pub const LEAST_TOLD: usize = 3;

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
    /// Draws in which no replicate differs at all.
    #[serde(alias = "n_impossible")]
    pub n_same: usize,
    /// Estimated share of the draws with a true difference above zero, among those
    /// in which some pair differs: the noise of the replicates is taken out. Empty
    /// where fewer than [`LEAST_TOLD`] draws show a sign of their own.
    pub share_up: Option<ShareAbove>,
    /// The mean differences over the draws in which some replicate differs, noise
    /// included.
    pub differences: Option<Interval>,
}

impl PriorAgreement {
    /// Over the draws.
    pub(super) fn of(found: impl Iterator<Item = Pair>) -> Self {
        let mut agreement = Self::default();
        let (mut means, mut draws) = (Vec::new(), Vec::new());
        for Pair { difference, any_differs } in found {
            let count = match difference {
                _ if !any_differs => &mut agreement.n_same,
                Some(found) if found.is_above() => &mut agreement.n_up,
                Some(found) if found.is_below() => &mut agreement.n_down,
                _ => &mut agreement.n_unclear,
            };
            *count += 1;
            means.extend(difference.filter(|_| any_differs).map(|found| found.mean));
            let with_spread = difference.filter(|found| found.interval.is_some());
            draws.extend(with_spread.map(|found| (found.mean, found.sd * found.sd / found.n_pairs as f64)));
        }
        let n_told = agreement.n_up + agreement.n_down;
        agreement.share_up = share_with_interval(&draws).filter(|_| n_told >= LEAST_TOLD);
        agreement.differences = Interval::of(means);
        agreement
    }
}

/// The share with its interval; `None` for fewer than three draws.
///
/// # Source
/// Hesterberg (2015), What teachers should know about the bootstrap, The American
/// Statistician 69(4): the percentiles of few draws are taken farther out, as
/// those of Student's distribution lie farther out than those of the normal one.
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
    let n = draws.len() as f64;
    let student = StudentsT::new(0.0, 1.0, n - 1.0).ok()?;
    let tail = Normal::standard().cdf(student.inverse_cdf(0.025) * (n / (n - 1.0)).sqrt());
    Some(ShareAbove { share, low: quantile(&shares, tail)?, high: quantile(&shares, 1.0 - tail)? })
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
    use super::{PriorAgreement, share_above_zero, share_with_interval};
    use crate::experiment::results::Pair;
    use allegiance_model::random::{Draws, Purpose};
    use allegiance_record::difference::Difference;
    use statrs::distribution::{ContinuousCDF as _, Normal};

    /// Draws with true means around `middle`, each seen through four replicates
    /// with a standard deviation of 1.
    fn prior(seed: u64, middle: f64, spread: f64, n_draws: u32) -> Vec<Pair> {
        let draws = Draws::of_population(seed);
        let pair = |draw: u32| {
            let mut stream = draws.stream(Purpose::Bootstrap, draw, 4, 2);
            let truth = middle + spread * stream.normal();
            let seen: Vec<f64> = (0..4).map(|_| truth + stream.normal()).collect();
            Pair { difference: Difference::between(&[0.0; 4], &seen), any_differs: true }
        };
        (0..n_draws).map(pair).collect()
    }

    /// The mean and squared standard error of each draw.
    fn draws_of(pairs: &[Pair]) -> Vec<(f64, f64)> {
        let found = pairs.iter().map(|pair| pair.difference.unwrap());
        found.map(|found| (found.mean, found.sd * found.sd / found.n_pairs as f64)).collect()
    }

    /// The share above zero of a normal prior.
    fn share_of(middle: f64, spread: f64) -> f64 {
        Normal::standard().cdf(middle / spread)
    }

    /// Counting signs gives .6 where .8 is true: the noise is twice the effect.
    #[test]
    fn four_replicates_give_the_share_that_many_would() {
        for middle in [0.2, -0.2, 0.0] {
            let truth = share_of(middle, 0.24);
            let pairs = prior(5, middle, 0.24, 20_000);
            let signs = pairs.iter().filter(|pair| pair.difference.unwrap().mean > 0.0).count() as f64 / 20_000.0;
            let found = share_above_zero(&draws_of(&pairs)).unwrap();
            assert!((found - truth).abs() < 0.02, "{found} instead of {truth}");
            assert!(middle.abs() < 1e-9 || (signs - truth).abs() > 0.1, "{signs} for {truth}");
        }
    }

    /// How often the interval holds the share of the prior, over many samples of it.
    fn coverage(middle: f64, spread: f64, n_draws: u32) -> f64 {
        let truth = share_of(middle, spread);
        let holds = |seed: u64| {
            let found = share_with_interval(&draws_of(&prior(seed, middle, spread, n_draws))).unwrap();
            found.low <= truth && truth <= found.high
        };
        (0..N_SAMPLES).filter(|&seed| holds(seed)).count() as f64 / N_SAMPLES as f64
    }

    const N_SAMPLES: u64 = 400;

    /// Priors that lie on both sides of zero, with noise below, at and above their spread.
    const PRIORS: [(f64, f64); 4] = [(0.2, 0.24), (0.0, 0.24), (-0.5, 0.5), (1.0, 1.0)];

    #[test]
    fn the_interval_of_the_share_holds_it_as_often_as_it_says() {
        // Three standard errors of a coverage of 95% that is counted in so many samples.
        let error = 3.0 * (0.95 * 0.05 / N_SAMPLES as f64).sqrt();
        for (middle, spread) in PRIORS {
            let found = coverage(middle, spread, 100);
            assert!((found - 0.95).abs() < error, "{found} of 100 draws around {middle} with spread {spread}");
        }
    }

    /// With so few draws it is too narrow, by what the how-to says.
    #[test]
    fn twenty_draws_give_an_interval_that_is_a_little_too_narrow() {
        let error = 3.0 * (0.91 * 0.09 / N_SAMPLES as f64).sqrt();
        for (middle, spread) in PRIORS {
            let found = coverage(middle, spread, 20);
            assert!(found > 0.91 - error, "{found} of 20 draws around {middle} with spread {spread}");
        }
    }

    #[test]
    fn a_draw_counts_where_its_own_interval_excludes_zero() {
        let pair = |seen: &[f64], any_differs| Pair {
            difference: Difference::between(&vec![0.0; seen.len()], seen),
            any_differs,
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
        assert_eq!((found.n_up, found.n_down, found.n_unclear, found.n_same), (1, 1, 2, 1));
        // The draw under which nothing could differ is left out.
        assert_eq!(found.differences.unwrap().n, 4);
    }

    /// Draws none of which shows a sign give no share of signs, however alike their means.
    #[test]
    fn a_share_needs_draws_that_show_a_sign() {
        let of =
            |seen: &[f64]| Pair { difference: Difference::between(&vec![0.0; seen.len()], seen), any_differs: true };
        let (open, told) = (|| of(&[1.0, 0.0, 0.0, 0.0]), || of(&[3.0, 3.1, 2.9, 3.0]));
        let found = PriorAgreement::of([open(), open(), open()].into_iter());
        assert_eq!((found.n_unclear, found.share_up), (3, None));
        assert_eq!(PriorAgreement::of([told(), told(), open(), open()].into_iter()).share_up, None);
        let found = PriorAgreement::of([told(), told(), told(), open()].into_iter());
        assert!(found.share_up.is_some_and(|share| share.share > 0.9), "{found:?}");
    }

    /// Of nothing but noise next to no draw is told, and the share is open.
    #[test]
    fn pure_noise_has_no_sign() {
        let found = PriorAgreement::of(prior(5, 0.0, 0.0, 400).into_iter());
        let share = found.share_up.unwrap();
        assert!(share.low < 0.3 && share.high > 0.7, "{share:?}");
        assert!(found.n_up + found.n_down < 30, "{found:?}");
        assert_eq!(share_above_zero(&[(1.0, 0.1), (2.0, 0.1)]), None);
    }
}
