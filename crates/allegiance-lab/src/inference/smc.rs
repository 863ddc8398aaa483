//! Sequential Monte Carlo for approximate Bayesian computation, on the unit
//! cube of positions in the priors.
//!
//! Generation 0 takes its particles from the prior. Each later one moves
//! particles of the last, and keeps those whose simulated war lies no farther
//! than the median distance of the last generation. Attempts are numbered;
//! what attempt `a` of generation `g` does is a pure function of the seed, `g`,
//! `a` and the generation before, and the particles are the first accepted by
//! number. So neither threads nor a kill move the result: finished blocks of
//! attempts are read back and the others computed.
//!
//! # Source
//! Toni, Welch, Strelkowa, Ipsen & Stumpf (2009), Approximate Bayesian
//! computation scheme for parameter inference and model selection in dynamical
//! systems; kernel of twice the weighted variance of each component: Beaumont,
//! Cornuet, Marin & Robert (2009), Adaptive approximate Bayesian computation;
//! tolerances from quantiles: Del Moral, Doucet & Jasra (2012).

use crate::inference::draw_table::{Cut, DrawColumn, DrawFolder, DrawTableError, simulate_all};
use allegiance_model::maths::{exp, sqrt};
use allegiance_model::random::{Draws, Purpose};
use allegiance_replay::{BrokenRun, Progress};
use std::time::Instant;

/// Attempts a block: the unit that a kill can lose.
pub const BLOCK: u32 = 32;
/// The next tolerance is this quantile of the distances of a generation.
const TOLERANCE_QUANTILE: f64 = 0.5;
/// Sampling ends when fewer attempts than this share are accepted: further
/// simulations would buy little.
pub const LEAST_ACCEPTANCE: f64 = 0.03;
/// A move that leaves the cube is drawn anew, up to this often.
const MOST_REDRAWS: u32 = 10_000;

/// How long to sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SmcSettings {
    /// Seed of the study.
    pub seed: u64,
    /// Particles a generation.
    pub n_particles: usize,
    /// Most simulations in all, those read back among them.
    pub budget: u32,
    /// When to stop, whatever the budget; it decides how many generations
    /// there are, never what a generation holds.
    pub until: Option<Instant>,
    /// Threads; 0 is one a core.
    pub threads: usize,
}

/// What a simulation at a position gives: its distance, then whatever is kept.
pub type SimulateAttempt<'a> = &'a (dyn Fn(&[f64], u32) -> Result<(f64, Vec<f64>), BrokenRun> + Sync);

/// One accepted attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct Particle {
    /// Positions in the priors.
    pub positions: Vec<f64>,
    /// Its weight; they add up to 1.
    pub weight: f64,
    /// Its distance.
    pub distance: f64,
    /// What the simulation kept.
    pub kept: Vec<f64>,
}

/// One finished generation.
#[derive(Debug, Clone, PartialEq)]
pub struct Generation {
    /// Largest distance accepted; infinite in generation 0.
    pub tolerance: f64,
    /// Attempts that it took.
    pub n_attempts: u32,
    /// The particles.
    pub particles: Vec<Particle>,
}

impl Generation {
    /// Effective number of particles: 1 over the sum of squared weights.
    pub fn effective(&self) -> f64 {
        1.0 / self.particles.iter().map(|particle| particle.weight * particle.weight).sum::<f64>()
    }

    /// The tolerance of the next generation.
    fn next_tolerance(&self) -> f64 {
        let mut distances: Vec<f64> = self.particles.iter().map(|particle| particle.distance).collect();
        distances.sort_by(f64::total_cmp);
        distances[((distances.len() - 1) as f64 * TOLERANCE_QUANTILE) as usize]
    }

    /// Standard deviation of the kernel of each component.
    fn kernel(&self) -> Vec<f64> {
        let n = self.particles.first().map_or(0, |particle| particle.positions.len());
        (0..n)
            .map(|at| {
                let mean: f64 = self.particles.iter().map(|particle| particle.weight * particle.positions[at]).sum();
                let variance: f64 = self
                    .particles
                    .iter()
                    .map(|particle| particle.weight * (particle.positions[at] - mean).powi(2))
                    .sum();
                sqrt(2.0 * variance).max(1e-9)
            })
            .collect()
    }
}

/// Why sampling ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The budget of simulations doesn't reach for another generation.
    Budget,
    /// The time is up.
    Time,
    /// Too few attempts are accepted.
    Acceptance,
    /// The tolerance can't fall any more.
    Converged,
}

impl Ending {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Budget => "the budget of simulations is used up",
            Self::Time => "the time is up",
            Self::Acceptance => "fewer than 3 in 100 attempts are accepted",
            Self::Converged => "the tolerance can't fall any more",
        }
    }
}

/// The sampler on a folder.
pub struct Smc<'a> {
    settings: SmcSettings,
    folder: &'a DrawFolder,
    columns: &'a [DrawColumn],
    n_parameters: usize,
    simulate: SimulateAttempt<'a>,
    n_simulated: u32,
}

impl<'a> Smc<'a> {
    /// A sampler; `columns` are the positions, the distance, and what is kept.
    pub fn new(
        settings: SmcSettings,
        folder: &'a DrawFolder,
        columns: &'a [DrawColumn],
        n_parameters: usize,
        simulate: SimulateAttempt<'a>,
    ) -> Self {
        Self { settings, folder, columns, n_parameters, simulate, n_simulated: 0 }
    }

    /// Samples until an ending; the finished generations in order, at least
    /// one, and the number of simulations.
    ///
    /// # Errors
    /// See [`DrawTableError`]; a budget below that of generation 0 is raised to it.
    pub fn run(mut self, progress: &dyn Progress) -> Result<(Vec<Generation>, u32, Ending), DrawTableError> {
        progress.begin(self.settings.budget, 0, 1);
        let mut generations: Vec<Generation> = Vec::new();
        loop {
            let tolerance = generations.last().map_or(f64::INFINITY, Generation::next_tolerance);
            if let Some(last) = generations.last()
                && tolerance >= last.tolerance
            {
                return Ok((generations, self.n_simulated, Ending::Converged));
            }
            match self.generation(generations.len() as u32, generations.last(), tolerance, progress)? {
                Ok(generation) => {
                    let is_exhausted =
                        (generation.particles.len() as f64) < LEAST_ACCEPTANCE * f64::from(generation.n_attempts);
                    generations.push(generation);
                    if is_exhausted {
                        return Ok((generations, self.n_simulated, Ending::Acceptance));
                    }
                }
                Err(ending) => return Ok((generations, self.n_simulated, ending)),
            }
        }
    }

    fn generation(
        &mut self,
        number: u32,
        last: Option<&Generation>,
        tolerance: f64,
        progress: &dyn Progress,
    ) -> Result<Result<Generation, Ending>, DrawTableError> {
        let table = format!("generation-{number:02}");
        let kernel = last.map(Generation::kernel).unwrap_or_default();
        let mut accepted: Vec<(u32, Vec<f64>)> = Vec::new();
        let mut block = 0;
        while accepted.len() < self.settings.n_particles {
            // Generation 0 always runs to its end: without it there is nothing.
            if number > 0 && self.n_simulated + BLOCK > self.settings.budget {
                return Ok(Err(Ending::Budget));
            }
            let read = self.folder.read_chunk(&table, block, self.columns, BLOCK as usize);
            let rows = if let Some(values) = read {
                for attempt in 0..BLOCK {
                    progress.day_done(attempt, 1);
                }
                values.chunks(self.columns.len()).map(<[f64]>::to_vec).collect()
            } else {
                if number > 0 && self.settings.until.is_some_and(|until| Instant::now() >= until) {
                    return Ok(Err(Ending::Time));
                }
                self.compute(number, block, last, &kernel, progress)?
            };
            self.n_simulated += BLOCK;
            let first = block * BLOCK;
            let near = (first..).zip(rows).filter(|(_, row)| row[self.n_parameters] <= tolerance);
            accepted.extend(near);
            block += 1;
        }
        accepted.truncate(self.settings.n_particles);
        let n_attempts = accepted.last().map_or(0, |(attempt, _)| attempt + 1);
        let weights = weights_of(&accepted, self.n_parameters, last, &kernel);
        let particles = accepted.into_iter().zip(weights).map(|((_, row), weight)| Particle {
            positions: row[..self.n_parameters].to_vec(),
            weight,
            distance: row[self.n_parameters],
            kept: row[self.n_parameters + 1..].to_vec(),
        });
        Ok(Ok(Generation { tolerance, n_attempts, particles: particles.collect() }))
    }

    fn compute(
        &self,
        number: u32,
        block: u32,
        last: Option<&Generation>,
        kernel: &[f64],
        progress: &dyn Progress,
    ) -> Result<Vec<Vec<f64>>, DrawTableError> {
        let attempts = Cut { n_draws: u32::MAX, chunk_size: BLOCK }.draws_of(block);
        let rows = simulate_all(self.settings.threads, attempts, progress, &|attempt| {
            let positions = propose(self.settings.seed, number, attempt, last, kernel, self.n_parameters);
            let (distance, kept) = (self.simulate)(&positions, replicate_of(number, attempt))?;
            let mut row = positions;
            row.push(distance);
            row.extend(kept);
            Ok(row)
        })?;
        let rows = rows.ok_or_else(|| DrawTableError::Cancelled { path: self.folder.path().to_owned() })?;
        self.folder.write_chunk(&format!("generation-{number:02}"), block, self.columns, &rows)?;
        Ok(rows)
    }
}

/// A replicate of its own for every attempt: chance is drawn anew each time.
fn replicate_of(generation: u32, attempt: u32) -> u32 {
    generation * 10_000_000 + attempt
}

fn propose(
    seed: u64,
    generation: u32,
    attempt: u32,
    last: Option<&Generation>,
    kernel: &[f64],
    n_parameters: usize,
) -> Vec<f64> {
    let draws = Draws::of_population(seed);
    let Some(last) = last else {
        let mut stream = draws.stream(Purpose::PriorDraw, attempt, 0, generation);
        return (0..n_parameters).map(|_| stream.uniform()).collect();
    };
    for redraw in 0..MOST_REDRAWS {
        let mut stream = draws.stream(Purpose::Particle, attempt, generation, redraw);
        let parent = pick(&last.particles, stream.uniform());
        let moved: Vec<f64> =
            parent.positions.iter().zip(kernel).map(|(position, sd)| position + sd * stream.normal()).collect();
        if moved.iter().all(|position| (0.0..=1.0).contains(position)) {
            return moved;
        }
    }
    // Beyond all plausibility; the particle itself lies in the cube.
    pick(&last.particles, 0.5).positions.clone()
}

/// The particle at a position in the cumulative weights.
pub(crate) fn pick(particles: &[Particle], u: f64) -> &Particle {
    let mut sum = 0.0;
    for particle in particles {
        sum += particle.weight;
        if u < sum {
            return particle;
        }
    }
    &particles[particles.len() - 1]
}

/// Importance weights: the flat prior over the density of the proposal.
fn weights_of(accepted: &[(u32, Vec<f64>)], n: usize, last: Option<&Generation>, kernel: &[f64]) -> Vec<f64> {
    let Some(last) = last else {
        return vec![1.0 / accepted.len() as f64; accepted.len()];
    };
    let raw: Vec<f64> = accepted
        .iter()
        .map(|(_, row)| {
            let density: f64 = last
                .particles
                .iter()
                .map(|parent| {
                    let from = parent.positions.iter().zip(&row[..n]).zip(kernel);
                    let squared: f64 = from.map(|((a, b), sd)| ((a - b) / sd).powi(2)).sum();
                    parent.weight * exp(-0.5 * squared)
                })
                .sum();
            1.0 / density.max(f64::MIN_POSITIVE)
        })
        .collect();
    let total: f64 = raw.iter().sum();
    raw.into_iter().map(|weight| weight / total).collect()
}

#[cfg(test)]
mod tests {
    use super::{Ending, Smc, SmcSettings};
    use crate::inference::draw_table::{DrawColumn, DrawFolder};
    use allegiance_model::random::{Draws, Purpose};
    use allegiance_replay::Silent;

    /// A mean with a flat prior on 0-1, of which 0.4 was seen with normal
    /// error 0.1. The posterior is normal around 0.4 with deviation 0.1, and a
    /// tolerance of epsilon adds epsilon squared over three to its variance.
    /// A second parameter moves nothing and keeps its prior.
    #[test]
    fn the_posterior_of_a_normal_mean_is_the_known_one() {
        let home = std::env::temp_dir().join(format!("allegiance-smc-{}", std::process::id()));
        drop(fs_err::remove_dir_all(&home));
        let folder = DrawFolder::open(&home, &serde_json::json!({ "study": "toy" })).unwrap();
        let columns: Vec<DrawColumn> = ["mean", "idle", "distance"]
            .map(|name| DrawColumn { name: name.to_owned(), meaning: String::new() })
            .to_vec();
        let simulate = |positions: &[f64], replicate: u32| {
            let mut stream = Draws::of_population(5).stream(Purpose::Observation, replicate, 0, 0);
            Ok(((positions[0] + 0.1 * stream.normal() - 0.4).abs(), Vec::new()))
        };
        let settings = SmcSettings { seed: 3, n_particles: 500, budget: 20_000, until: None, threads: 2 };
        let (generations, n, ending) = Smc::new(settings, &folder, &columns, 2, &simulate).run(&Silent).unwrap();
        assert!(n <= 20_000 && matches!(ending, Ending::Budget | Ending::Acceptance));
        let last = generations.last().unwrap();
        assert!(last.tolerance < 0.06, "{}", last.tolerance);
        let moments = |at: usize| {
            let mean: f64 = last.particles.iter().map(|p| p.weight * p.positions[at]).sum();
            let variance: f64 = last.particles.iter().map(|p| p.weight * (p.positions[at] - mean).powi(2)).sum();
            (mean, variance.sqrt())
        };
        let (mean, sd) = moments(0);
        assert!((mean - 0.4).abs() < 0.02, "{mean}");
        assert!((sd - 0.1).abs() < 0.015, "{sd}");
        let (mean, sd) = moments(1);
        assert!((mean - 0.5).abs() < 0.06 && (sd - (1.0_f64 / 12.0).sqrt()).abs() < 0.04, "{mean} {sd}");
        drop(fs_err::remove_dir_all(&home));
    }
}
