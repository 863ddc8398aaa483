//! Approximate Bayesian computation by nearest neighbours in learned summaries.
//!
//! For one parameter, the neighbours are the draws whose predictor lies nearest
//! to that of the record; their positions in the prior are moved along a local
//! line to where the record lies. For theories, the neighbours are nearest in
//! the predictors of all theories of the slot, and a theory's posterior
//! probability is its share among them.
//!
//! # Source
//! Beaumont, Zhang & Balding (2002), Approximate Bayesian computation in
//! population genetics: local-linear adjustment, here with even weights; on
//! the logit of the position, so that the prior's bounds hold (Blum & François
//! 2010). One parameter at a time as in Raynal et al. (2019). Shares of
//! theories among neighbours in discriminant scores: Estoup et al. (2012).

use allegiance_model::maths::{exp, ln};

/// Posterior sample of one parameter as positions in its prior.
#[derive(Debug, Clone, PartialEq)]
pub struct PosteriorSample {
    /// Positions in 0-1, in the order of the draws.
    pub positions: Vec<f64>,
}

/// Positions are kept this far from the ends before the logit is taken.
const EDGE: f64 = 1e-6;

pub(super) fn logit(position: f64) -> f64 {
    let inside = position.clamp(EDGE, 1.0 - EDGE);
    ln(inside / (1.0 - inside))
}

pub(super) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

fn check_finite(predictors: &[f64]) {
    let is_finite = predictors.iter().all(|predictor| predictor.is_finite());
    assert!(is_finite, "a predictor isn't a number and is near to nothing: this is a bug, please report it");
}

/// Draws sorted by one predictor.
#[derive(Debug, Clone)]
pub struct SortedDraws {
    /// Predictor and draw, upwards.
    by_predictor: Vec<(f64, u32)>,
    /// Position of the parameter in each draw.
    positions: Vec<f64>,
}

impl SortedDraws {
    /// From the predictor and the position of each draw.
    ///
    /// # Panics
    /// Where a predictor isn't finite: it would have no neighbours.
    pub fn new(predictors: &[f64], positions: Vec<f64>) -> Self {
        check_finite(predictors);
        let mut by_predictor: Vec<(f64, u32)> = predictors.iter().copied().zip(0..).collect();
        by_predictor.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        Self { by_predictor, positions }
    }

    /// The posterior from the `k` draws nearest to a predictor. A draw can be
    /// left out: the truth itself.
    ///
    /// # Panics
    /// As [`SortedDraws::new`].
    pub fn posterior(&self, predictor: f64, k: usize, left_out: Option<u32>) -> PosteriorSample {
        check_finite(&[predictor]);
        let sorted = &self.by_predictor;
        let mut above = sorted.partition_point(|&(value, _)| value < predictor);
        let mut below = above;
        let mut nearest: Vec<(u32, f64)> = Vec::with_capacity(k);
        while nearest.len() < k && (below > 0 || above < sorted.len()) {
            let down = if below > 0 { predictor - sorted[below - 1].0 } else { f64::INFINITY };
            let up = if above < sorted.len() { sorted[above].0 - predictor } else { f64::INFINITY };
            let (value, draw) = if down <= up {
                below -= 1;
                sorted[below]
            } else {
                above += 1;
                sorted[above - 1]
            };
            if Some(draw) != left_out {
                nearest.push((draw, value));
            }
        }
        nearest.sort_by_key(|&(draw, _)| draw);
        self.adjusted(&nearest, predictor)
    }

    fn adjusted(&self, nearest: &[(u32, f64)], predictor: f64) -> PosteriorSample {
        let n = nearest.len() as f64;
        let at = |draw: u32| logit(self.positions[draw as usize]);
        let mean_x = nearest.iter().map(|&(_, x)| x).sum::<f64>() / n;
        let mean_y = nearest.iter().map(|&(draw, _)| at(draw)).sum::<f64>() / n;
        let spread: f64 = nearest.iter().map(|&(_, x)| (x - mean_x) * (x - mean_x)).sum();
        let shared: f64 = nearest.iter().map(|&(draw, x)| (x - mean_x) * (at(draw) - mean_y)).sum();
        let slope = if spread > 0.0 { shared / spread } else { 0.0 };
        let moved = nearest.iter().map(|&(draw, x)| logistic(at(draw) + slope * (predictor - x)));
        PosteriorSample { positions: moved.collect() }
    }
}

/// Posterior probability of each of `n_theories` from the shares among the `k`
/// nearest draws, with one more draw for each theory so that none is excluded
/// by the smallness of the sample. `predictors` has shape (draws, targets);
/// `columns` are the targets of the slot, one a theory.
///
/// # Panics
/// Where a predictor of the record isn't finite: it would have no neighbours.
pub fn theory_posterior(
    predictors: &[Vec<f64>],
    columns: std::ops::Range<usize>,
    theories: &[usize],
    at: &[f64],
    k: usize,
    left_out: Option<usize>,
) -> Vec<f64> {
    check_finite(at);
    let n_theories = columns.len();
    let mut distances: Vec<(f64, u32)> = predictors
        .iter()
        .zip(0..)
        .filter(|&(_, draw)| Some(draw as usize) != left_out)
        .map(|(row, draw)| (row[columns.clone()].iter().zip(at).map(|(a, b)| (a - b) * (a - b)).sum(), draw))
        .collect();
    let k = k.min(distances.len());
    if k > 0 && k < distances.len() {
        distances.select_nth_unstable_by(k - 1, |a: &(f64, u32), b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    }
    let mut counts = vec![1_u32; n_theories];
    for (_, draw) in &distances[..k] {
        counts[theories[*draw as usize]] += 1;
    }
    counts.into_iter().map(|count| f64::from(count) / (k + n_theories) as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::{SortedDraws, theory_posterior};
    use allegiance_model::random::{Draws, Purpose};
    use allegiance_record::intervals::Interval;

    /// A mean with a flat prior on 0-1, seen with normal error 0.1: far from
    /// the ends the posterior is normal around what was seen.
    #[test]
    fn the_posterior_of_a_normal_mean_is_the_known_one() {
        let draws = Draws::of_population(11);
        let noise = 0.1;
        let (mut seen, mut truth) = (Vec::new(), Vec::new());
        for i in 0..60_000 {
            let mut stream = draws.stream(Purpose::PriorDraw, i, 0, 0);
            truth.push(stream.uniform());
            seen.push(truth[truth.len() - 1] + noise * stream.normal());
        }
        let sorted = SortedDraws::new(&seen, truth);
        for at in [0.4, 0.5, 0.6] {
            let posterior = Interval::of(sorted.posterior(at, 1_000, None).positions).unwrap();
            // 1.645 standard deviations; the Monte Carlo error of a quantile is about 0.007.
            assert!((posterior.median - at).abs() < 0.015, "{posterior:?}");
            assert!((posterior.low_90 - (at - 0.1645)).abs() < 0.025, "{posterior:?}");
            assert!((posterior.high_90 - (at + 0.1645)).abs() < 0.025, "{posterior:?}");
        }
    }

    #[test]
    #[should_panic(expected = "a predictor isn't a number")]
    fn what_is_no_number_has_no_neighbours() {
        SortedDraws::new(&[0.0, 1.0], vec![0.1, 0.9]).posterior(f64::NAN, 1, None);
    }

    #[test]
    fn the_draw_that_is_left_out_is_not_its_own_neighbour() {
        let sorted = SortedDraws::new(&[0.0, 1.0, 2.0], vec![0.1, 0.5, 0.9]);
        let with = sorted.posterior(1.0, 1, None).positions;
        assert!((with[0] - 0.5).abs() < 1e-9);
        let without = sorted.posterior(1.0, 1, Some(1)).positions;
        assert!((without[0] - 0.5).abs() > 0.1);
    }

    /// Two theories that give normal data with means 0 and 1 and deviation 1:
    /// the posterior odds at x are exp(x - 1/2).
    #[test]
    fn the_posterior_of_two_theories_is_the_known_one() {
        let draws = Draws::of_population(12);
        let (mut seen, mut theories) = (Vec::new(), Vec::new());
        for i in 0..40_000 {
            let mut stream = draws.stream(Purpose::PriorDraw, i, 0, 0);
            let theory = stream.below(2);
            let x = f64::from(theory) + stream.normal();
            seen.push(vec![x, -x]);
            theories.push(theory as usize);
        }
        for at in [-1.0_f64, 0.5, 2.0] {
            let odds = (at - 0.5).exp();
            let found = theory_posterior(&seen, 0..2, &theories, &[at, -at], 1_000, None);
            assert!((found[1] - odds / (1.0 + odds)).abs() < 0.05, "{at}: {found:?}");
            assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }
}
