//! Morris' elementary effects.

use super::replicated::{Shared, products};
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
    /// Standard deviation: curvature and interactions, without the noise of the
    /// replicates where there are two or more.
    pub sigma: Estimate,
    /// What `mu_star` would be for a factor that does nothing, from the noise of
    /// the replicates alone; empty where they are single.
    pub mu_star_of_noise: Option<f64>,
}

/// The effects of one trajectory: each factor's in every replicate. Shape:
/// `(n_factors, n_replicates)`.
type Moves = Vec<Vec<f64>>;

/// The effects of every factor from the coordinates and the outcome at each
/// row of a `morris` design, and the number of trajectories used. Shape of
/// `outcomes`: `(n_rows, n_replicates)`; trajectories in which a row has fewer
/// replicates than most are left out. `None` where fewer than two are whole.
///
/// # Source
/// Morris (1991), Factorial sampling plans for preliminary computational
/// experiments, section 2; `mu_star`: Campolongo, Cariboni & Saltelli (2007),
/// An effective screening design for sensitivity analysis of large models.
pub fn elementary_effects(
    points: &[Vec<f64>],
    outcomes: &[Vec<f64>],
    n_factors: usize,
    seed: u64,
) -> Option<(Vec<Effect>, usize)> {
    let length = n_factors + 1;
    let n_replicates = outcomes.iter().map(Vec::len).max().filter(|&n| n > 0)?;
    let trajectories: Vec<Moves> = points
        .chunks_exact(length)
        .zip(outcomes.chunks_exact(length))
        .filter(|(_, outcomes)| outcomes.iter().all(|row| row.len() == n_replicates))
        .filter_map(|(points, outcomes)| effects_of(points, outcomes, n_factors))
        .collect();
    if trajectories.len() < 2 {
        return None;
    }
    let fewer: Vec<Vec<Moves>> = if n_replicates < 3 {
        Vec::new()
    } else {
        let without = |at: usize, moves: &Vec<f64>| [&moves[..at], &moves[at + 1..]].concat();
        let of_trajectory = |at: usize, moves: &Moves| moves.iter().map(|of_factor| without(at, of_factor)).collect();
        (0..n_replicates).map(|at| trajectories.iter().map(|moves| of_trajectory(at, moves)).collect()).collect()
    };
    let shared = Shared::of(&trajectories, &fewer, &estimate);
    let (estimates, _) = bootstrap(trajectories.len(), seed, &shared, |units| estimate(&trajectories, units));
    let effects = estimates.chunks_exact(3).enumerate().map(|(factor, three)| Effect {
        mu: three[0],
        mu_star: three[1],
        sigma: three[2],
        mu_star_of_noise: (n_replicates >= 2).then(|| of_noise(&trajectories, factor)),
    });
    Some((effects.collect(), trajectories.len()))
}

/// Mean, mean size and standard deviation of each factor's effects over some
/// trajectories.
fn estimate(trajectories: &[Moves], units: &[usize]) -> Vec<f64> {
    let n = units.len() as f64;
    let n_factors = trajectories.first().map_or(0, Vec::len);
    let mut values = Vec::with_capacity(3 * n_factors);
    #[expect(clippy::needless_range_loop, reason = "the number is that of a factor in every trajectory")]
    for factor in 0..n_factors {
        let effects = || units.iter().map(|&unit| &trajectories[unit][factor]);
        let mean = |effect: &Vec<f64>| effect.iter().sum::<f64>() / effect.len() as f64;
        let mu = effects().map(mean).sum::<f64>() / n;
        let sizes = effects().map(|effect| mean(effect).abs()).sum::<f64>() / n;
        let about = |effect: &Vec<f64>| effect.iter().map(|value| value - mu).collect::<Vec<f64>>();
        let squares: f64 = effects().map(|effect| products(&about(effect), &about(effect))).sum();
        values.extend([mu, sizes, (squares.max(0.0) / (n - 1.0)).sqrt()]);
    }
    values
}

/// The mean size of a normal mean of replicates that scatters by their noise.
fn of_noise(trajectories: &[Moves], factor: usize) -> f64 {
    let variances = trajectories.iter().map(|moves| {
        let effects = &moves[factor];
        let mean = effects.iter().sum::<f64>() / effects.len() as f64;
        mean * mean - products(effects, effects)
    });
    let variance = variances.sum::<f64>().max(0.0) / trajectories.len() as f64;
    (variance * 2.0 / std::f64::consts::PI).sqrt()
}

/// The effect of each factor along one trajectory, in every replicate.
fn effects_of(points: &[Vec<f64>], outcomes: &[Vec<f64>], n_factors: usize) -> Option<Moves> {
    let mut effects = vec![Vec::new(); n_factors];
    for (pair, outcome) in points.windows(2).zip(outcomes.windows(2)) {
        let moved = (0..n_factors).max_by(|&a, &b| {
            let size = |at: usize| (pair[1][at] - pair[0][at]).abs();
            size(a).total_cmp(&size(b))
        })?;
        let step = pair[1][moved] - pair[0][moved];
        effects[moved] = outcome[0].iter().zip(&outcome[1]).map(|(from, to)| (to - from) / step).collect();
    }
    Some(effects)
}
