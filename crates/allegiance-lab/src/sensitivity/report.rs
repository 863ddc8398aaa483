//! The sensitivity of every outcome of a finished sweep.

use super::{Effect, Indices, SobolIndex, elementary_effects, noise_share, sobol_indices};
use crate::design::{Sampler, points};
use crate::sweep::SweepResults;
use serde::Serialize;

/// Why a sweep gives no sensitivity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "sensitivity needs a design with the sampler saltelli (Sobol's indices) or morris (elementary effects), not {sampler}"
)]
pub struct SensitivityError {
    /// The sampler of the sweep.
    pub sampler: &'static str,
}

/// What is known of one factor.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(untagged)]
pub enum Verdict {
    /// Sobol's indices.
    Index(SobolIndex),
    /// Elementary effects.
    Effect(Effect),
}

/// One factor and one outcome.
#[derive(Debug, Clone, Serialize)]
pub struct FactorSensitivity {
    /// The factor's key.
    pub factor: String,
    /// What is known.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// Whether a sweep tells what an outcome depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Analysis {
    /// It does.
    Told,
    /// What the factors do can't be told from the random draws of the replicates,
    /// and dividing by it gives no interval.
    HiddenByNoise,
    /// The outcome doesn't vary, or exists in too few rows.
    NothingVaries,
}

/// One outcome.
#[derive(Debug, Clone, Serialize)]
pub struct OutcomeSensitivity {
    /// Its name.
    pub outcome: String,
    /// Its unit.
    pub unit: String,
    /// Whether the sweep tells what it depends on.
    pub analysis: Analysis,
    /// Share of the variance of row means that comes from the replicates' random
    /// draws; empty where rows have one replicate.
    pub noise_share: Option<f64>,
    /// Base rows or trajectories used.
    pub n_used: usize,
    /// The factors, in the order of the design; none unless the sweep tells.
    pub factors: Vec<FactorSensitivity>,
}

/// All outcomes of a sweep.
#[derive(Debug, Clone, Serialize)]
pub struct Sensitivity {
    /// Identifier of the design.
    pub design: String,
    /// Title of the design.
    pub title: String,
    /// What every result says of itself.
    pub about: String,
    /// Identifier of the scenario.
    pub scenario: String,
    /// `sobol` or `morris`.
    pub method: &'static str,
    /// Base rows or trajectories of the design.
    pub n_units: usize,
    /// The outcomes.
    pub outcomes: Vec<OutcomeSensitivity>,
}

/// The sensitivity of every outcome of a sweep.
///
/// # Errors
/// [`SensitivityError`] where the design's sampler has no such analysis.
pub fn sensitivity(results: &SweepResults) -> Result<Sensitivity, SensitivityError> {
    let manifest = &results.manifest;
    let design = &manifest.design;
    let (method, n_units) = match design.sampler {
        Sampler::Saltelli { n_base } => ("sobol", n_base as usize),
        Sampler::Morris { n_trajectories, .. } => ("morris", n_trajectories as usize),
        Sampler::Grid { .. } => return Err(SensitivityError { sampler: "grid" }),
        Sampler::Random { .. } => return Err(SensitivityError { sampler: "random" }),
        Sampler::LatinHypercube { .. } => return Err(SensitivityError { sampler: "latin_hypercube" }),
        Sampler::Sobol { .. } => return Err(SensitivityError { sampler: "sobol" }),
    };
    let points = points(design);
    let n_factors = design.factors.len();
    let outcomes = manifest.outcomes.iter().enumerate().map(|(at, outcome)| {
        let by_row = results.by_row(at);
        let (analysis, verdicts, n_used): (Analysis, Vec<Verdict>, usize) = if method == "sobol" {
            match sobol_indices(&by_row, n_factors, design.seed) {
                Indices::Told(indices, n) => (Analysis::Told, indices.into_iter().map(Verdict::Index).collect(), n),
                Indices::Hidden(n) => (Analysis::HiddenByNoise, Vec::new(), n),
                Indices::None => (Analysis::NothingVaries, Vec::new(), 0),
            }
        } else {
            match elementary_effects(&points, &by_row, n_factors, design.seed) {
                Some((effects, n)) => (Analysis::Told, effects.into_iter().map(Verdict::Effect).collect(), n),
                None => (Analysis::NothingVaries, Vec::new(), 0),
            }
        };
        let keys = design.factors.iter().map(|factor| factor.key.clone());
        OutcomeSensitivity {
            outcome: outcome.name.clone(),
            unit: outcome.unit.clone(),
            analysis,
            noise_share: noise_share(&by_row),
            n_used,
            factors: keys.zip(verdicts).map(|(factor, verdict)| FactorSensitivity { factor, verdict }).collect(),
        }
    });
    Ok(Sensitivity {
        design: manifest.id.clone(),
        title: manifest.title.clone(),
        about: manifest.about.split_once(". ").map_or("", |(_, note)| note).to_owned(),
        scenario: manifest.scenario_id.clone(),
        method,
        n_units,
        outcomes: outcomes.collect(),
    })
}
