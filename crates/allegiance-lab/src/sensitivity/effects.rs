//! Morris' elementary effects.

use super::{Estimate, bootstrap};
use serde::Serialize;

/// The elementary effects of one factor, in the outcome's unit for a move
/// over the factor's whole range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Effect {
    /// Mean of the effects: the direction, where it doesn't change sign.
    pub mu: Estimate,
    /// Mean of their sizes: the strength.
    pub mu_star: Estimate,
    /// Standard deviation: curvature and interactions.
    pub sigma: Estimate,
}

/// The effects of every factor from the coordinates and the outcome at each
/// row of a `morris` design, and the number of trajectories used; trajectories
/// with a missing outcome are left out. `None` where fewer than two are whole.
///
/// # Source
/// Morris (1991), Factorial sampling plans for preliminary computational
/// experiments, section 2; `mu_star`: Campolongo, Cariboni & Saltelli (2007),
/// An effective screening design for sensitivity analysis of large models.
pub fn elementary_effects(
    points: &[Vec<f64>],
    outcomes: &[Option<f64>],
    n_factors: usize,
    seed: u64,
) -> Option<(Vec<Effect>, usize)> {
    let length = n_factors + 1;
    let trajectories: Vec<Vec<f64>> = points
        .chunks_exact(length)
        .zip(outcomes.chunks_exact(length))
        .filter_map(|(points, outcomes)| effects_of(points, outcomes, n_factors))
        .collect();
    if trajectories.len() < 2 {
        return None;
    }
    let by_factor: Vec<Vec<f64>> =
        (0..n_factors).map(|factor| trajectories.iter().map(|effects| effects[factor]).collect()).collect();
    let estimates = bootstrap(trajectories.len(), seed, |units| {
        let n = units.len() as f64;
        let mut values = Vec::with_capacity(3 * n_factors);
        for of_factor in &by_factor {
            let effects = || units.iter().map(|&unit| of_factor[unit]);
            let mu = effects().sum::<f64>() / n;
            let squares: f64 = effects().map(|effect| (effect - mu) * (effect - mu)).sum();
            values.extend([mu, effects().map(f64::abs).sum::<f64>() / n, (squares / (n - 1.0)).sqrt()]);
        }
        values
    });
    let effects = estimates.chunks_exact(3).map(|three| Effect { mu: three[0], mu_star: three[1], sigma: three[2] });
    Some((effects.collect(), trajectories.len()))
}

/// The effect of each factor along one trajectory.
fn effects_of(points: &[Vec<f64>], outcomes: &[Option<f64>], n_factors: usize) -> Option<Vec<f64>> {
    let outcomes: Vec<f64> = outcomes.iter().copied().collect::<Option<_>>()?;
    let mut effects = vec![0.0; n_factors];
    for (pair, outcome) in points.windows(2).zip(outcomes.windows(2)) {
        let moved = (0..n_factors).max_by(|&a, &b| {
            let size = |at: usize| (pair[1][at] - pair[0][at]).abs();
            size(a).total_cmp(&size(b))
        })?;
        effects[moved] = (outcome[1] - outcome[0]) / (pair[1][moved] - pair[0][moved]);
    }
    Some(effects)
}
