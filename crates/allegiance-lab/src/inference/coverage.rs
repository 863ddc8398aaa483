//! Does a posterior mean what it says: coverage of intervals and
//! simulation-based calibration.
//!
//! # Source
//! Talts, Betancourt, Simpson, Vehtari & Gelman (2018), Validating Bayesian
//! inference algorithms with simulation-based calibration: the rank of the
//! truth among posterior draws is even over synthetic truths from the prior.

use allegiance_record::intervals::{Frequency, median};
use serde::Serialize;
use statrs::function::gamma::gamma_ur;

/// Posterior draws among which the truth is ranked; ranks run from 0 to this.
pub const N_RANKED: usize = 19;

/// How one parameter's posteriors fared over synthetic truths.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// How often the 90% interval held the truth.
    pub coverage_90: Frequency,
    /// How often each rank of the truth occurred, 0 to [`N_RANKED`].
    pub ranks: Vec<u32>,
    /// Probability of ranks at least as uneven where all is well.
    pub p_uniform: f64,
    /// Mean rank over its expectation minus one: positive where posteriors lie
    /// too low.
    pub rank_bias: f64,
    /// One minus the mean posterior variance over that of the prior.
    pub contraction: f64,
    /// Correlation of the posterior median with the truth.
    pub correlation: f64,
}

/// Variance of a position under the prior.
const PRIOR_VARIANCE: f64 = 1.0 / 12.0;

impl Calibration {
    /// From the truth and the posterior sample of each synthetic war, as
    /// positions in the prior. Samples are in an order that has nothing to do
    /// with their values.
    pub fn of(cases: &[(f64, Vec<f64>)]) -> Self {
        let mut n_covered = 0;
        let mut ranks = vec![0_u32; N_RANKED + 1];
        let mut variance = 0.0;
        let mut medians = Vec::with_capacity(cases.len());
        for (truth, sample) in cases {
            let (low, high) = interval_90(sample);
            n_covered += u32::from(low <= *truth && *truth <= high);
            ranks[rank_of(*truth, sample)] += 1;
            variance += variance_of(sample) / cases.len() as f64;
            medians.push(median(sample.iter().copied()).expect("a posterior sample isn't empty"));
        }
        let truths: Vec<f64> = cases.iter().map(|(truth, _)| *truth).collect();
        let total: f64 = ranks.iter().enumerate().map(|(rank, &n)| rank as f64 * f64::from(n)).sum();
        let expected = 0.5 * N_RANKED as f64 * cases.len() as f64;
        Self {
            coverage_90: Frequency::of(n_covered, cases.len() as u32),
            p_uniform: p_uniform(&ranks),
            rank_bias: total / expected - 1.0,
            ranks,
            contraction: 1.0 - variance / PRIOR_VARIANCE,
            correlation: correlation(&medians, &truths),
        }
    }
}

/// The central 90% interval of a posterior from `n` draws of it, by the
/// definition (6 of Hyndman & Fan 1996) that holds a further draw in 90% of
/// cases whatever `n`; the more usual one (7) holds it in 88% where `n` is 100.
pub fn interval_90(sample: &[f64]) -> (f64, f64) {
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |p: f64| {
        let last = sorted.len() - 1;
        let position = (p * (sorted.len() + 1) as f64 - 1.0).clamp(0.0, last as f64);
        let below = position as usize;
        let above = (below + 1).min(last);
        sorted[below] + (position - below as f64) * (sorted[above] - sorted[below])
    };
    (at(0.05), at(0.95))
}

/// Rank of the truth among [`N_RANKED`] draws spread evenly over the sample.
fn rank_of(truth: f64, sample: &[f64]) -> usize {
    (0..N_RANKED).filter(|draw| sample[draw * sample.len() / N_RANKED] < truth).count()
}

fn variance_of(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let shared: f64 = a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)).sum::<f64>() / n;
    let spread = (variance_of(a) * variance_of(b)).sqrt();
    if spread > 0.0 { shared / spread } else { 0.0 }
}

/// The p-value of Pearson's test that counts are even.
pub fn p_uniform(counts: &[u32]) -> f64 {
    let n: u32 = counts.iter().sum();
    if n == 0 || counts.len() < 2 {
        return 1.0;
    }
    let expected = f64::from(n) / counts.len() as f64;
    let chi_squared: f64 = counts.iter().map(|&count| (f64::from(count) - expected).powi(2) / expected).sum();
    let degrees = (counts.len() - 1) as f64;
    if chi_squared <= 0.0 { 1.0 } else { gamma_ur(0.5 * degrees, 0.5 * chi_squared) }
}

#[cfg(test)]
mod tests {
    use super::{Calibration, p_uniform};
    use allegiance_model::random::{Draws, Purpose};

    /// Truths that are normal around what is known, and posteriors whose
    /// middle and spread are those of the truth times and plus something.
    fn cases(shift: f64, spread: f64) -> Vec<(f64, Vec<f64>)> {
        let draws = Draws::of_population(21);
        (0..1_000)
            .map(|case| {
                let mut stream = draws.stream(Purpose::PriorDraw, case, 0, 0);
                let known = 0.3 + 0.4 * stream.uniform();
                let truth = known + 0.05 * stream.normal();
                (truth, (0..400).map(|_| known + shift + 0.05 * spread * stream.normal()).collect())
            })
            .collect()
    }

    #[test]
    fn a_calibrated_posterior_covers_and_ranks_evenly() {
        let found = Calibration::of(&cases(0.0, 1.0));
        assert!((0.87..=0.93).contains(&found.coverage_90.share), "{found:?}");
        assert!(found.p_uniform > 0.01, "{found:?}");
        assert!(found.rank_bias.abs() < 0.05, "{found:?}");
        assert!(found.contraction > 0.9 && found.correlation > 0.8, "{found:?}");
    }

    #[test]
    fn a_biased_posterior_is_found_out_and_its_direction_told() {
        let too_high = Calibration::of(&cases(0.03, 1.0));
        assert!(too_high.p_uniform < 1e-6 && too_high.rank_bias < -0.2, "{too_high:?}");
        let too_low = Calibration::of(&cases(-0.03, 1.0));
        assert!(too_low.p_uniform < 1e-6 && too_low.rank_bias > 0.2, "{too_low:?}");
    }

    #[test]
    fn too_narrow_and_too_wide_posteriors_are_found_out() {
        let narrow = Calibration::of(&cases(0.0, 0.5));
        assert!(narrow.coverage_90.high_95 < 0.8 && narrow.p_uniform < 1e-6, "{narrow:?}");
        let wide = Calibration::of(&cases(0.0, 2.0));
        assert!(wide.coverage_90.low_95 > 0.95 && wide.p_uniform < 1e-6, "{wide:?}");
    }

    #[test]
    fn the_test_of_evenness_equals_that_of_r() {
        // R: chisq.test(c(10, 20, 30, 40))$p.value
        assert!((p_uniform(&[10, 20, 30, 40]) - 0.000_169_742_4).abs() < 1e-9);
        assert!((p_uniform(&[5, 5, 5]) - 1.0).abs() < 1e-12);
    }
}
