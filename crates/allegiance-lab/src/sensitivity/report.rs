//! The sensitivity of every outcome of a finished sweep, and how it reads.

use super::{Effect, Indices, SobolIndex, elementary_effects, noise_share, sobol_indices};
use crate::design::Sampler;
use crate::summary::text::number;
use crate::sweep::{SweepResults, short};
use serde::Serialize;
use std::fmt::Write as _;

/// Base rows below which Sobol's indices aren't worth reading.
const FEW_BASE_ROWS: usize = 64;
/// Noise share above which more replicates are advised.
const MUCH_NOISE: f64 = 0.2;

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
    let points = design.points();
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
        scenario: manifest.scenario_id.clone(),
        method,
        n_units,
        outcomes: outcomes.collect(),
    })
}

/// The sensitivity as text for a terminal, factors by falling strength.
pub fn render_sensitivity(sensitivity: &Sensitivity) -> String {
    let mut text = format!(
        "{}\nSimulated: synthetic people in real places; not a forecast.\n\n{}\n",
        sensitivity.title,
        match sensitivity.method {
            "sobol" =>
                "Sobol's indices: share of the variance that a factor explains alone (first order) and with\nits interactions (total), without the noise of the replicates; 95% interval in brackets.",
            _ =>
                "Elementary effects of a move over a factor's whole range: mean (mu), mean size (mu*) and\nstandard deviation (sigma); 95% interval in brackets. The noise of the replicates adds to\nmu*, by so much as the last column says of a factor that does nothing, and not to the others.",
        }
    );
    for outcome in &sensitivity.outcomes {
        render_outcome(&mut text, sensitivity, outcome);
    }
    text
}

fn render_outcome(text: &mut String, sensitivity: &Sensitivity, outcome: &OutcomeSensitivity) {
    let _ = writeln!(text, "\n{} ({})", outcome.outcome, outcome.unit);
    match outcome.analysis {
        Analysis::NothingVaries => return text.push_str("  doesn't vary, or exists in too few rows\n"),
        Analysis::HiddenByNoise => {
            return text.push_str(
                "  what the factors do can't be told from the random draws of so few replicates: there are no indices to \
                 give;\n  more replicates in each row, or more rows, would help\n",
            );
        }
        Analysis::Told => {}
    }
    let width = outcome.factors.iter().map(|factor| factor.factor.len()).max().unwrap_or(0);
    let mut order: Vec<&FactorSensitivity> = outcome.factors.iter().collect();
    order.sort_by(|a, b| strength(b).total_cmp(&strength(a)));
    let cells =
        |value: &super::Estimate| format!("{} [{}, {}]", short(value.value), short(value.low), short(value.high));
    let header = if sensitivity.method == "sobol" { ["first order", "total", "", ""] } else { ["mu*", "mu", "sigma", "noise"] };
    let _ = writeln!(
        text,
        "{}",
        format!("  {:width$}  {:>24}  {:>24}  {:>24}  {:>8}", "", header[0], header[1], header[2], header[3]).trim_end()
    );
    for factor in order {
        let columns = match &factor.verdict {
            Verdict::Index(index) => [cells(&index.first_order), cells(&index.total), String::new(), String::new()],
            Verdict::Effect(effect) => {
                let noise = effect.mu_star_of_noise.map_or_else(|| "–".to_owned(), short);
                [cells(&effect.mu_star), cells(&effect.mu), cells(&effect.sigma), noise]
            }
        };
        let [first, second, third, fourth] = &columns;
        let line = format!("  {:width$}  {first:>24}  {second:>24}  {third:>24}  {fourth:>8}", factor.factor);
        let _ = writeln!(text, "{}", line.trim_end());
    }
    match outcome.noise_share {
        Some(share) => {
            let _ = writeln!(
                text,
                "  {}% of the variance of row means is the noise of the replicates{}",
                number(100.0 * share, 0),
                if share > MUCH_NOISE { ": more replicates in each row would narrow the intervals" } else { "" }
            );
        }
        None => text.push_str("  rows have one replicate, so that noise counts as an effect; two or more would keep it out\n"),
    }
    if outcome.n_used < sensitivity.n_units {
        let _ = writeln!(text, "  from {} of {} whole sets of rows", outcome.n_used, sensitivity.n_units);
    }
    if sensitivity.method == "sobol" && outcome.n_used < FEW_BASE_ROWS {
        let _ = writeln!(text, "  {} base rows are few: read the intervals, not the values", outcome.n_used);
    }
}

/// By what factors are ordered.
fn strength(factor: &FactorSensitivity) -> f64 {
    match &factor.verdict {
        Verdict::Index(index) => index.total.value,
        Verdict::Effect(effect) => effect.mu_star.value,
    }
}
