//! Sensitivity of an outcome to the factors of a finished sweep.
//!
//! Sobol's indices come from a `saltelli` design, Morris' elementary effects
//! from a `morris` one. Both are about the expectation of an outcome at a row:
//! products over different replicates keep their noise out of the estimates, and
//! intervals hold what is left of it.

mod effects;
mod indices;
mod noise;
mod replicated;
mod report;

pub use effects::{Effect, elementary_effects};
pub use indices::{Indices, SobolIndex, sobol_indices};
pub use noise::noise_share;
pub use report::{
    Analysis, FactorSensitivity, OutcomeSensitivity, Sensitivity, SensitivityError, Verdict, sensitivity,
};

use serde::Serialize;

/// An estimate with its 95% interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// Resamples of the bootstrap.
const N_RESAMPLES: u32 = 1_000;

/// Estimates over units (base rows, trajectories), with intervals from
/// resampling the units, made wider by what all units share of their replicates'
/// draws; `estimate` is given the positions of the units and gives several numbers
/// at once. Also the share of resamples in which there is no first number.
///
/// # Source
/// Archer, Saltelli & Sobol (1997), Sensitivity measures, ANOVA-like
/// techniques and the use of bootstrap, section 4.
fn bootstrap(
    n_units: usize,
    seed: u64,
    shared: &replicated::Shared,
    estimate: impl Fn(&[usize]) -> Vec<f64>,
) -> (Vec<Estimate>, f64) {
    use allegiance_model::random::{Draws, Purpose};
    use allegiance_record::intervals::quantile;
    let values = estimate(&(0..n_units).collect::<Vec<_>>());
    let draws = Draws::of_population(seed);
    let resamples: Vec<Vec<f64>> = (0..N_RESAMPLES)
        .map(|resample| {
            let mut stream = draws.stream(Purpose::Bootstrap, resample, 0, 0);
            let units: Vec<usize> = (0..n_units).map(|_| stream.below(n_units as u32) as usize).collect();
            estimate(&units)
        })
        .collect();
    let interval = |at: usize, value: f64| {
        let mut sorted: Vec<f64> = resamples.iter().map(|resample| resample[at]).filter(|v| v.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let mean = sorted.iter().sum::<f64>() / sorted.len().max(1) as f64;
        let variance = sorted.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / sorted.len().max(1) as f64;
        let stretch = shared.stretch(at, variance);
        let end = |p| value + stretch * (quantile(&sorted, p).unwrap_or(f64::NAN) - value);
        Estimate { value, low: end(0.025), high: end(0.975) }
    };
    let n_failed = resamples.iter().filter(|resample| resample.first().is_none_or(|value| !value.is_finite())).count();
    let estimates = values.into_iter().enumerate().map(|(at, value)| interval(at, value)).collect();
    (estimates, n_failed as f64 / f64::from(N_RESAMPLES))
}

#[cfg(test)]
mod tests;
