//! Adjustment of accepted particles by a regression: the tolerance that a budget
//! of simulations reaches accepts wars off the targets, and what their offsets
//! say about the parameters is taken out along a line.
//!
//! Each particle has, for each target, the signed offset of its war from the
//! target's band: 0 inside it. The logits of the positions are regressed on the
//! offsets, near particles counting more, and every particle is moved to where
//! the line says it would be at offset 0. Logits keep the bounds of the priors.
//!
//! A target that the wars don't reach takes no part. Beyond what was simulated a
//! line is only a guess, and a model that can't give a pattern has no parameters
//! that do.
//!
//! # Source
//! Beaumont, Zhang & Balding (2002), Approximate Bayesian computation in
//! population genetics: local-linear regression with Epanechnikov weights; on
//! the logit: Blum & François (2010), Non-linear regression models for
//! approximate Bayesian computation. That regression adjustment can't be trusted
//! for summaries outside the model's reach: Frazier, Robert & Rousseau (2020),
//! Model misspecification in approximate Bayesian computation.

use crate::inference::cholesky::Cholesky;
use crate::inference::neighbours::{logistic, logit};
use crate::inference::smc::{Generation, Particle};
use allegiance_model::maths::sqrt;

/// A target takes part where the particles' central share of this size reaches
/// its band.
const REACH: f64 = 0.9;
/// Fewest effective particles for each coefficient of the regression.
const FEWEST_A_COEFFICIENT: f64 = 4.0;
/// Ridge penalty on standardised offsets, as a share of the total weight.
const PENALTY: f64 = 1e-3;

/// A generation after the adjustment.
#[derive(Debug, Clone, PartialEq)]
pub struct Adjusted {
    /// The particles, moved and weighted anew.
    pub particles: Vec<Particle>,
    /// Which targets took part.
    pub takes_part: Vec<bool>,
}

/// Adjusts a generation by the offsets of its particles from every target, NaN
/// where a war has no value. Shape of `offsets`: (particle, target). `None` where
/// too few particles are left for a regression, or no target takes part.
pub fn adjust(generation: &Generation, offsets: &[Vec<f64>]) -> Option<Adjusted> {
    let weights = kernel_weights(generation)?;
    let offsets = &filled(offsets, &weights);
    let n_targets = offsets.first()?.len();
    let takes_part: Vec<bool> = (0..n_targets).map(|target| is_reached(offsets, &weights, target)).collect();
    let design = Design::of(offsets, &weights, &takes_part);
    let effective = 1.0 / weights.iter().map(|weight| weight * weight).sum::<f64>();
    let n_coefficients = design.n as f64;
    if design.n < 2 || effective < FEWEST_A_COEFFICIENT * n_coefficients {
        return None;
    }
    let factored = design.factored(&weights)?;
    // Residuals of a fit are too small by the freedom that it used up, and the
    // line itself is known only so well where it is read off.
    let at_target = design.at_target();
    let leverage: f64 = at_target.iter().zip(factored.solve(&at_target)).map(|(a, b)| a * b).sum();
    let spread = sqrt(effective / (effective - n_coefficients) * (1.0 + leverage / effective));
    let mut particles: Vec<Particle> = generation
        .particles
        .iter()
        .zip(&weights)
        .map(|(particle, &weight)| Particle { weight, ..particle.clone() })
        .collect();
    for parameter in 0..particles.first()?.positions.len() {
        let y: Vec<f64> = particles.iter().map(|particle| logit(particle.positions[parameter])).collect();
        let coefficients = factored.solve(&design.right_side(&weights, &y));
        let on_line = |row: &[f64]| row.iter().zip(&coefficients).map(|(x, b)| x * b).sum::<f64>();
        let middle = on_line(&at_target);
        for ((row, y), particle) in design.rows.iter().zip(&y).zip(&mut particles) {
            particle.positions[parameter] = logistic(middle + spread * (y - on_line(row)));
        }
    }
    Some(Adjusted { particles, takes_part })
}

/// The offsets with the mean of a target's others where a war has no value.
fn filled(offsets: &[Vec<f64>], weights: &[f64]) -> Vec<Vec<f64>> {
    let mean = |target: usize| {
        let finite = || offsets.iter().map(|row| row[target]).zip(weights).filter(|(offset, _)| offset.is_finite());
        let total: f64 = finite().map(|(_, weight)| weight).sum();
        let sum: f64 = finite().map(|(offset, weight)| offset * weight).sum();
        if total > 0.0 { sum / total } else { 0.0 }
    };
    let means: Vec<f64> = (0..offsets.first().map_or(0, Vec::len)).map(mean).collect();
    let fill = |(&offset, &mean): (&f64, &f64)| if offset.is_finite() { offset } else { mean };
    offsets.iter().map(|row| row.iter().zip(&means).map(fill).collect()).collect()
}

/// Weights of the particles times Epanechnikov's kernel of their distance over
/// the tolerance, or over the largest distance where everything was accepted.
fn kernel_weights(generation: &Generation) -> Option<Vec<f64>> {
    let particles = &generation.particles;
    let largest = particles.iter().map(|particle| particle.distance).fold(0.0, f64::max);
    let width = if generation.tolerance.is_finite() { generation.tolerance } else { largest };
    let kernel = |distance: f64| if width > 0.0 { (1.0 - (distance / width).powi(2)).max(0.0) } else { 1.0 };
    let raw: Vec<f64> = particles.iter().map(|particle| particle.weight * kernel(particle.distance)).collect();
    let total: f64 = raw.iter().sum();
    (total > 0.0).then(|| raw.into_iter().map(|weight| weight / total).collect())
}

/// Whether offset 0 lies within the central share [`REACH`] of a target's
/// offsets, and these differ at all.
fn is_reached(offsets: &[Vec<f64>], weights: &[f64], target: usize) -> bool {
    let share = |is_it: fn(f64) -> bool| -> f64 {
        offsets.iter().zip(weights).filter(|(row, _)| is_it(row[target])).map(|(_, weight)| weight).sum()
    };
    let most = 0.5 + 0.5 * REACH;
    let (below, above) = (share(|offset| offset < 0.0), share(|offset| offset > 0.0));
    below < most && above < most && below + above > 0.0
}

/// The regressors: 1 and the standardised offsets of the targets that take part.
struct Design {
    /// Columns.
    n: usize,
    /// By particle.
    rows: Vec<Vec<f64>>,
    /// Mean and standard deviation of each offset.
    scale: Vec<(f64, f64)>,
}

impl Design {
    fn of(offsets: &[Vec<f64>], weights: &[f64], takes_part: &[bool]) -> Self {
        let used: Vec<usize> = (0..takes_part.len()).filter(|&target| takes_part[target]).collect();
        let scale: Vec<(f64, f64)> = used
            .iter()
            .map(|&target| {
                let column = || offsets.iter().map(|row| row[target]).zip(weights);
                let mean: f64 = column().map(|(offset, weight)| weight * offset).sum();
                let variance: f64 = column().map(|(offset, weight)| weight * (offset - mean) * (offset - mean)).sum();
                (mean, sqrt(variance))
            })
            .collect();
        let row = |row: &Vec<f64>| {
            let standard = used.iter().zip(&scale).map(|(&target, (mean, sd))| (row[target] - mean) / sd);
            std::iter::once(1.0).chain(standard).collect()
        };
        Self { n: 1 + used.len(), rows: offsets.iter().map(row).collect(), scale }
    }

    /// The row of a war on every target.
    fn at_target(&self) -> Vec<f64> {
        std::iter::once(1.0).chain(self.scale.iter().map(|(mean, sd)| -mean / sd)).collect()
    }

    fn factored(&self, weights: &[f64]) -> Option<Cholesky> {
        let mut left = vec![0.0; self.n * self.n];
        for (row, weight) in self.rows.iter().zip(weights) {
            for (line, x) in left.chunks_mut(self.n).zip(row) {
                line.iter_mut().zip(row).for_each(|(sum, y)| *sum += weight * x * y);
            }
        }
        for at in 1..self.n {
            left[at * self.n + at] += PENALTY;
        }
        Cholesky::of(left, self.n)
    }

    fn right_side(&self, weights: &[f64], y: &[f64]) -> Vec<f64> {
        let mut right = vec![0.0; self.n];
        for ((row, weight), y) in self.rows.iter().zip(weights).zip(y) {
            right.iter_mut().zip(row).for_each(|(sum, x)| *sum += weight * x * y);
        }
        right
    }
}

#[cfg(test)]
mod tests {
    use super::{Adjusted, adjust};
    use crate::inference::draw_table::{DrawColumn, DrawFolder};
    use crate::inference::smc::{Generation, Particle, SmcSettings, sample};
    use crate::inference::targets::{Target, distance, offsets};
    use crate::inference::workers::WantedWar;
    use allegiance_model::random::{Draws, Purpose};
    use statrs::distribution::{ContinuousCDF as _, Normal};

    /// Parameters of the toy, each seen by a target of its own with normal error.
    const N: usize = 4;
    const ERROR: f64 = 0.2;
    /// Half the width of every band.
    const HALF: f64 = 0.1;

    fn bands(around: &[f64]) -> Vec<Target> {
        around
            .iter()
            .map(|at| Target { id: "toy".to_owned(), weight: 1.0, is_log: false, low: at - HALF, high: at + HALF })
            .collect()
    }

    fn seen(positions: &[f64], (seed, replicate): (u64, u32)) -> Vec<f64> {
        let mut stream = Draws::of_population(seed).stream(Purpose::Observation, replicate, 0, 0);
        positions.iter().map(|position| position + ERROR * stream.normal()).collect()
    }

    fn of_all(targets: &[Target], generation: &Generation) -> Vec<Vec<f64>> {
        generation.particles.iter().map(|particle| offsets(targets, &particle.kept)).collect()
    }

    /// The nearest 256 of 1,440 wars from the prior.
    fn nearest(targets: &[Target], seed: u64) -> Generation {
        let draws = Draws::of_population(seed);
        let mut particles: Vec<Particle> = (0..1_440)
            .map(|i| {
                let mut stream = draws.stream(Purpose::PriorDraw, i, 0, 0);
                let positions: Vec<f64> = targets.iter().map(|_| stream.uniform()).collect();
                let kept = seen(&positions, (seed, i));
                Particle { distance: distance(targets, &kept), positions, weight: 1.0 / 256.0, kept }
            })
            .collect();
        particles.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        particles.truncate(256);
        let tolerance = particles[255].distance;
        Generation { tolerance, n_attempts: 1_440, particles }
    }

    fn contraction(particles: &[Particle], at: usize) -> f64 {
        let mean: f64 = particles.iter().map(|p| p.weight * p.positions[at]).sum();
        1.0 - 12.0 * particles.iter().map(|p| p.weight * (p.positions[at] - mean).powi(2)).sum::<f64>()
    }

    /// Mean and contraction of the known posterior: the chance that a position
    /// gives a war within the band, over a flat prior.
    fn known(target: &Target) -> (f64, f64) {
        let normal = Normal::new(0.0, 1.0).unwrap();
        let likelihood = |at: f64| normal.cdf((target.high - at) / ERROR) - normal.cdf((target.low - at) / ERROR);
        let grid: Vec<(f64, f64)> =
            (0..4_000).map(|i| (f64::from(i) + 0.5) / 4_000.0).map(|at| (at, likelihood(at))).collect();
        let total: f64 = grid.iter().map(|(_, p)| p).sum();
        let mean: f64 = grid.iter().map(|(at, p)| at * p).sum::<f64>() / total;
        (mean, 1.0 - 12.0 * grid.iter().map(|(at, p)| p * (at - mean).powi(2)).sum::<f64>() / total)
    }

    /// At 1,440 simulations the sampler alone contracts by less than a quarter where
    /// the posterior contracts by more than a half; adjusted, its particles come
    /// near to that.
    #[test]
    fn the_same_particles_adjusted_come_near_the_known_posterior() {
        let home = std::env::temp_dir().join(format!("allegiance-adjust-{}", std::process::id()));
        drop(fs_err::remove_dir_all(&home));
        let folder = DrawFolder::open(&home, &serde_json::json!({ "study": "toy" })).unwrap();
        let targets = bands(&[0.2, 0.4, 0.6, 0.8]);
        let columns: Vec<DrawColumn> =
            (0..=2 * N).map(|at| DrawColumn { name: format!("column {at}"), meaning: String::new() }).collect();
        let simulate = |war: &WantedWar| {
            let values = seen(&war.positions, (5, war.number));
            [vec![distance(&targets, &values)], values].concat()
        };
        let settings = SmcSettings { seed: 3, n_particles: 256, budget: 1_440, until: None };
        let (smc, _) = sample(settings, (&folder, &columns), N, &simulate);
        drop(fs_err::remove_dir_all(&home));
        let last = smc.generations().last().unwrap();
        let Adjusted { particles, takes_part } = adjust(last, &of_all(&targets, last)).unwrap();
        assert_eq!(takes_part, [true; N]);
        let mean = |of: &dyn Fn(usize) -> f64| (0..N).map(of).sum::<f64>() / N as f64;
        let sampled = mean(&|at| contraction(&last.particles, at));
        let adjusted = mean(&|at| contraction(&particles, at));
        let contracted = mean(&|at| known(&targets[at]).1);
        assert!((0.58..0.66).contains(&contracted), "{contracted}");
        assert!(sampled < 0.3, "{sampled}");
        assert!(adjusted > sampled + 0.2 && adjusted < contracted + 0.05, "{sampled} {adjusted} {contracted}");
        for (at, target) in targets.iter().enumerate() {
            let middle: f64 = particles.iter().map(|p| p.weight * p.positions[at]).sum();
            let (mean, _) = known(target);
            assert!((middle - mean).abs() < 0.08, "{at}: {middle} {mean}");
        }
    }

    #[test]
    fn adjusted_intervals_cover_the_truth() {
        let mut n_covered = 0;
        let n_truths = 150;
        for truth in 0..n_truths {
            let mut stream = Draws::of_population(77).stream(Purpose::PriorDraw, truth, 1, 0);
            let positions: Vec<f64> = (0..N).map(|_| stream.uniform()).collect();
            let targets = bands(&seen(&positions, (78, truth)));
            let near = nearest(&targets, 1_000 + u64::from(truth));
            let Some(found) = adjust(&near, &of_all(&targets, &near)) else {
                panic!("256 particles are enough");
            };
            for (at, position) in positions.iter().enumerate() {
                let below: f64 = found.particles.iter().filter(|p| p.positions[at] < *position).map(|p| p.weight).sum();
                n_covered += u32::from((0.05..=0.95).contains(&below));
            }
        }
        // 600 intervals of 90%: three standard errors are 0.037.
        let share = f64::from(n_covered) / f64::from(n_truths * N as u32);
        assert!((0.86..=0.94).contains(&share), "{share}");
    }

    /// A target that no war comes near would be followed out of what was simulated.
    #[test]
    fn a_target_out_of_reach_takes_no_part_and_idle_parameters_stay_as_wide_as_their_prior() {
        let mut targets = bands(&[0.5, 0.5, 0.5]);
        let far = bands(&[4.0]).remove(0);
        targets.push(far);
        let near = nearest(&targets, 9);
        let found = adjust(&near, &of_all(&targets, &near)).unwrap();
        assert_eq!(found.takes_part, [true, true, true, false]);
        // The sampler already took the nearest to it: the rest is the prior.
        let [sampled, adjusted] = [&near.particles, &found.particles].map(|particles| contraction(particles, 3));
        assert!((sampled - adjusted).abs() < 0.15, "{sampled} {adjusted}");
        assert!(contraction(&found.particles, 0) > 0.4);
    }

    #[test]
    fn positions_stay_in_the_prior_and_a_war_without_a_value_moves_nothing_by_it() {
        let targets = bands(&[0.02, 0.98, 0.5, 0.5]);
        let near = nearest(&targets, 10);
        let mut rows = of_all(&targets, &near);
        let found = adjust(&near, &rows).unwrap();
        let is_inside = |p: &Particle| p.positions.iter().all(|position| (0.0..=1.0).contains(position));
        assert!(found.particles.iter().all(is_inside));
        rows[0][0] = f64::NAN;
        let without = adjust(&near, &rows).unwrap();
        assert!(without.particles.iter().all(|p| is_inside(p) && p.weight.is_finite()));
    }

    #[test]
    fn too_few_particles_are_not_adjusted() {
        let targets = bands(&[0.5; N]);
        let mut few = nearest(&targets, 11);
        few.particles.truncate(10);
        assert_eq!(adjust(&few, &of_all(&targets, &few)), None);
    }
}
