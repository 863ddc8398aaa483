//! Sensitivity of an outcome to the factors of a finished sweep.
//!
//! Sobol's indices come from a `saltelli` design, Morris' elementary effects
//! from a `morris` one. Both look at the mean over the replicates of a row;
//! what part of its variance is noise that more replicates would lower is
//! reported beside them.

mod effects;
mod indices;
mod noise;
mod report;

pub use effects::{Effect, elementary_effects};
pub use indices::{SobolIndex, sobol_indices};
pub use noise::noise_share;
pub use report::{FactorSensitivity, OutcomeSensitivity, Sensitivity, SensitivityError, Verdict, sensitivity};

use serde::Serialize;

/// An estimate with its 95% percentile bootstrap interval.
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
/// resampling the units; `estimate` is given the positions of the units and
/// gives several numbers at once.
///
/// # Source
/// Archer, Saltelli & Sobol (1997), Sensitivity measures, ANOVA-like
/// techniques and the use of bootstrap, section 4.
fn bootstrap(n_units: usize, seed: u64, estimate: impl Fn(&[usize]) -> Vec<f64>) -> Vec<Estimate> {
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
        let end = |p| quantile(&sorted, p).unwrap_or(f64::NAN);
        Estimate { value, low: end(0.025), high: end(0.975) }
    };
    values.into_iter().enumerate().map(|(at, value)| interval(at, value)).collect()
}

#[cfg(test)]
mod tests;
