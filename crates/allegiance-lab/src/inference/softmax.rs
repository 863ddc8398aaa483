//! Multinomial logistic regression: the posterior probability of each of several theories as a smooth function of
//! what was asked.
//!
//! # Form
//! ```text
//! p_k proportional to exp(a w_k x)      w maximises sum ln p - lambda |w|^2 at a = 1
//! ```
//!
//! The scale `a`, 0 to 3, is found on wars that taught nothing to `w`: where there is nothing to learn, it goes to
//! 0, and the posterior to the prior.
//!
//! # Source
//! Böhning (1992), Multinomial logistic regression algorithm: the Hessian is bounded by that of even probabilities,
//! so that one factorisation serves every step. Platt (1999), for the scale.

use crate::inference::cholesky::Cholesky;
use allegiance_model::maths::{exp, ln};

/// Ridge penalty on standardised features, as a share of the number of rows.
const PENALTY: f64 = 0.01;
/// Steps at most; far from the end each gains least.
const MOST_STEPS: usize = 60;
/// The fit ends where a step gains less than this a row, in nats.
const LEAST_GAIN: f64 = 1e-5;
/// Scales that are tried, from 0 to the most: the penalty makes weights too small where much is known.
const N_SCALES: usize = 61;
const MOST_SCALE: f64 = 3.0;

/// A posterior over theories, learned.
#[derive(Debug, Clone, PartialEq)]
pub struct Softmax {
    /// Mean and standard deviation of each column.
    scale: Vec<(f64, f64)>,
    /// Weights over the features, by theory.
    weights: Vec<Vec<f64>>,
    /// How far the logits are trusted.
    trust: f64,
}

/// Standardised values are cut off here.
const FAR: f64 = 4.0;

impl Softmax {
    /// Learns from rows, each of one of `n_theories`; two thirds teach the weights, the last the scale.
    pub fn learn(rows: &[Vec<f64>], theories: &[usize], n_theories: usize) -> Self {
        let is_for_scale = |at: usize| at % 3 == 2;
        let teaching: Vec<usize> = (0..rows.len()).filter(|&at| !is_for_scale(at)).collect();
        let n_columns = rows.first().map_or(0, Vec::len);
        let scale = (0..n_columns).map(|column| spread(teaching.iter().map(|&at| rows[at][column]))).collect();
        let mut learned = Self { scale, weights: Vec::new(), trust: 1.0 };
        let features: Vec<Vec<f64>> = teaching.iter().map(|&at| learned.features(&rows[at])).collect();
        let truths: Vec<usize> = teaching.iter().map(|&at| theories[at]).collect();
        learned.weights = fit(&features, &truths, n_theories);
        let judged: Vec<(Vec<f64>, usize)> = (0..rows.len())
            .filter(|&at| is_for_scale(at))
            .map(|at| (learned.logits(&rows[at]), theories[at]))
            .collect();
        let score = |trust: f64| judged.iter().map(|(logits, truth)| ln(posterior(logits, trust)[*truth])).sum::<f64>();
        let scales = (0..N_SCALES).map(|at| MOST_SCALE * at as f64 / (N_SCALES - 1) as f64);
        learned.trust = scales.max_by(|&a, &b| score(a).total_cmp(&score(b))).unwrap_or(0.0);
        learned
    }

    /// The posterior probability of each theory for a row.
    pub fn posterior(&self, row: &[f64]) -> Vec<f64> {
        posterior(&self.logits(row), self.trust)
    }

    fn logits(&self, row: &[f64]) -> Vec<f64> {
        let features = self.features(row);
        self.weights.iter().map(|weights| weights.iter().zip(&features).map(|(w, x)| w * x).sum()).collect()
    }

    /// 1, the standardised columns, their squares less one.
    fn features(&self, row: &[f64]) -> Vec<f64> {
        let standard: Vec<f64> = row
            .iter()
            .zip(&self.scale)
            .map(|(value, (mean, sd))| if *sd > 1e-12 { ((value - mean) / sd).clamp(-FAR, FAR) } else { 0.0 })
            .collect();
        let squares = standard.iter().map(|x| 0.5 * (x * x - 1.0));
        std::iter::once(1.0).chain(standard.iter().copied()).chain(squares).collect()
    }
}

/// Mean and standard deviation.
fn spread(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = values.clone().count().max(1) as f64;
    let mean = values.clone().sum::<f64>() / n;
    (mean, (values.map(|value| (value - mean) * (value - mean)).sum::<f64>() / n).sqrt())
}

/// Probabilities from logits of which a share is trusted.
fn posterior(logits: &[f64], trust: f64) -> Vec<f64> {
    let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logits.iter().map(|logit| exp(trust * (logit - most))).collect();
    let total: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / total).collect()
}

/// The weights by theory that fit best.
fn fit(features: &[Vec<f64>], truths: &[usize], n_theories: usize) -> Vec<Vec<f64>> {
    let n_features = features.first().map_or(1, Vec::len);
    let mut weights = vec![vec![0.0; n_features]; n_theories];
    let penalty = PENALTY * features.len() as f64;
    let mut bound = vec![0.0; n_features * n_features];
    for row in features {
        for (at, &x) in row.iter().enumerate().filter(|(_, x)| **x != 0.0) {
            let line = &mut bound[at * n_features..][..=at];
            line.iter_mut().zip(row).for_each(|(sum, y)| *sum += 0.5 * x * y);
        }
    }
    for at in 0..n_features {
        for other in at + 1..n_features {
            bound[at * n_features + other] = bound[other * n_features + at];
        }
        // The constant isn't held back, but must not be singular.
        bound[at * n_features + at] += if at == 0 { 1e-9 } else { penalty };
    }
    let Some(factored) = Cholesky::of(bound, n_features) else { return weights };
    let mut before = f64::NEG_INFINITY;
    for _ in 0..MOST_STEPS {
        let mut gradient = vec![vec![0.0; n_features]; n_theories];
        let mut score = 0.0;
        for (row, &truth) in features.iter().zip(truths) {
            let logits: Vec<f64> =
                weights.iter().map(|weights| weights.iter().zip(row).map(|(w, x)| w * x).sum()).collect();
            let p = posterior(&logits, 1.0);
            score += ln(p[truth].max(1e-300));
            for (theory, gradient) in gradient.iter_mut().enumerate() {
                let off = f64::from(u8::from(theory == truth)) - p[theory];
                gradient.iter_mut().zip(row).for_each(|(sum, x)| *sum += off * x);
            }
        }
        for (gradient, weights) in gradient.iter_mut().zip(&weights) {
            gradient.iter_mut().zip(weights).skip(1).for_each(|(sum, w)| *sum -= penalty * w);
            score -= 0.5 * penalty * weights[1..].iter().map(|w| w * w).sum::<f64>();
        }
        if score - before < LEAST_GAIN * features.len() as f64 {
            break;
        }
        before = score;
        for (weights, gradient) in weights.iter_mut().zip(&gradient) {
            weights.iter_mut().zip(factored.solve(gradient)).for_each(|(w, step)| *w += step);
        }
    }
    weights
}

/// How much rows tell about theories, in nats: the mean log posterior of the truth above that of the shares alone, each
/// half judged by what the other taught. Wars of even and odd numbers are the halves.
///
/// # Source
/// A lower bound on the mutual information: Barber & Agakov (2003); Foster et al. (2019) for designs.
pub fn information(rows: &[Vec<f64>], theories: &[usize], n_theories: usize) -> (f64, Vec<Vec<f64>>) {
    let half = |first: usize| -> Vec<usize> { (first..rows.len()).step_by(2).collect() };
    let mut posteriors = vec![Vec::new(); rows.len()];
    for (teachers, judged) in [(half(0), half(1)), (half(1), half(0))] {
        let taught: Vec<Vec<f64>> = teachers.iter().map(|&at| rows[at].clone()).collect();
        let truths: Vec<usize> = teachers.iter().map(|&at| theories[at]).collect();
        let learned = Softmax::learn(&taught, &truths, n_theories);
        for at in judged {
            posteriors[at] = learned.posterior(&rows[at]);
        }
    }
    let mut shares = vec![0.0; n_theories];
    for &theory in theories {
        shares[theory] += 1.0 / theories.len() as f64;
    }
    let gain = |(posterior, &truth): (&Vec<f64>, &usize)| ln(posterior[truth].max(1e-300)) - ln(shares[truth]);
    let total: f64 = posteriors.iter().zip(theories).map(gain).sum();
    (total / rows.len().max(1) as f64, posteriors)
}

#[cfg(test)]
mod tests {
    use super::{Softmax, information};
    use allegiance_model::random::{Draws, Purpose};

    /// Two theories that give normal data around 0 and `apart`, with noise columns besides.
    fn toy(apart: f64, n: u32, seed: u64) -> (Vec<Vec<f64>>, Vec<usize>) {
        let draws = Draws::of_population(seed);
        let of = |war: u32| {
            let mut stream = draws.stream(Purpose::PriorDraw, war, 0, 0);
            let theory = stream.below(2) as usize;
            let row = vec![apart * theory as f64 + stream.normal(), stream.normal(), stream.normal()];
            (row, theory)
        };
        (0..n).map(of).unzip()
    }

    /// Mutual information of the toy, by integration over the mixture.
    fn known(apart: f64) -> f64 {
        let density = |x: f64| (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt();
        let step = 0.001;
        (-8_000..12_000)
            .map(|at| f64::from(at) * step)
            .map(|x| {
                let (a, b) = (density(x), density(x - apart));
                let mixed = 0.5 * (a + b);
                let part = |p: f64| if p > 0.0 { 0.5 * p * (p / mixed).ln() } else { 0.0 };
                (part(a) + part(b)) * step
            })
            .sum()
    }

    #[test]
    fn the_information_of_a_normal_toy_is_met_and_that_of_nothing_is_none() {
        for apart in [0.5, 1.0, 2.0, 4.0] {
            let (rows, theories) = toy(apart, 8_000, 5);
            let (found, _) = information(&rows, &theories, 2);
            assert!((found - known(apart)).abs() < 0.02, "{apart}: {found}, known {}", known(apart));
        }
        for seed in 0..8 {
            let (rows, theories) = toy(0.0, 2_000, 100 + seed);
            let (found, _) = information(&rows, &theories, 2);
            assert!(found.abs() < 0.01, "{found}");
        }
    }

    #[test]
    fn posteriors_are_the_known_ones() {
        let (rows, theories) = toy(1.0, 20_000, 6);
        let learned = Softmax::learn(&rows, &theories, 2);
        for x in [-1.0_f64, 0.5, 2.0] {
            let odds = (x - 0.5).exp();
            let found = learned.posterior(&[x, 0.0, 0.0])[1];
            assert!((found - odds / (1.0 + odds)).abs() < 0.03, "{x}: {found}");
        }
    }
}
