//! Sequential Monte Carlo for approximate Bayesian computation, on the unit
//! cube of positions in the priors.
//!
//! Generation 0 takes its particles from the prior. Each later one moves
//! particles of the last, and keeps those whose simulated war lies no farther
//! than the median distance of the last generation. Attempts are numbered;
//! what attempt `a` of generation `g` does is a pure function of the seed, `g`,
//! `a` and the generation before, and the particles are the first accepted by
//! number. So neither threads nor a kill move the result: finished blocks of
//! attempts are read back and the others computed, by whoever is asked.
//!
//! # Source
//! Toni, Welch, Strelkowa, Ipsen & Stumpf (2009), Approximate Bayesian
//! computation scheme for parameter inference and model selection in dynamical
//! systems; kernel of twice the weighted variance of each component: Beaumont,
//! Cornuet, Marin & Robert (2009), Adaptive approximate Bayesian computation;
//! tolerances from quantiles: Del Moral, Doucet & Jasra (2012).

use crate::inference::draw_table::{Cut, DrawColumn, DrawFolder};
use crate::inference::workers::{WantedChunk, WantedWar};
use allegiance_model::maths::{exp, sqrt};
use allegiance_model::random::{Draws, Purpose};
use allegiance_replay::Progress;
use std::collections::{BTreeMap, BTreeSet};
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
}

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

/// What a sampler is at.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// It wants these blocks, in their order: none of them can turn out to be one too many.
    Wants(Vec<WantedChunk>),
    /// It has ended.
    Ended(Ending),
}

/// The sampler, from one block that is missing to the next.
#[derive(Debug)]
pub struct Smc {
    settings: SmcSettings,
    n_parameters: usize,
    generations: Vec<Generation>,
    current: Unfinished,
    n_simulated: u32,
}

/// A generation that lacks particles.
#[derive(Debug, Default)]
struct Unfinished {
    tolerance: f64,
    kernel: Vec<f64>,
    /// Numbers and rows of what was accepted.
    accepted: Vec<(u32, Vec<f64>)>,
    /// The block that is looked at next.
    block: u32,
    /// Later blocks that are there already.
    ahead: BTreeMap<u32, Vec<f64>>,
    /// Blocks that were wanted: whoever computed them has told the progress.
    wanted: BTreeSet<u32>,
}

impl Smc {
    /// A sampler of so many parameters. The columns of its tables are the positions, the
    /// distance, and whatever else is kept of a simulation.
    ///
    /// A budget below that of generation 0 is raised to it.
    pub fn new(settings: SmcSettings, n_parameters: usize) -> Self {
        let current = Unfinished { tolerance: f64::INFINITY, ..Unfinished::default() };
        Self { settings, n_parameters, generations: Vec::new(), current, n_simulated: 0 }
    }

    /// The finished generations in order, once it has ended: at least one.
    pub fn generations(&self) -> &[Generation] {
        &self.generations
    }

    /// The number of simulations so far.
    pub fn n_simulated(&self) -> u32 {
        self.n_simulated
    }

    /// Goes on with the blocks that the folder holds, as far as they reach.
    pub fn next(&mut self, folder: &DrawFolder, columns: &[DrawColumn], progress: &dyn Progress) -> Next {
        loop {
            if self.current.accepted.len() >= self.settings.n_particles {
                if let Some(ending) = self.close(columns.len()) {
                    return Next::Ended(ending);
                }
                continue;
            }
            // Generation 0 always runs to its end: without it there is nothing.
            let is_first = self.generations.is_empty();
            if !is_first && self.n_simulated + BLOCK > self.settings.budget {
                return Next::Ended(Ending::Budget);
            }
            let block = self.current.block;
            let Some(values) = self.read(block, folder, columns) else {
                if !is_first && self.settings.until.is_some_and(|until| Instant::now() >= until) {
                    return Next::Ended(Ending::Time);
                }
                return Next::Wants(self.wants(folder, columns));
            };
            if !self.current.wanted.remove(&block) {
                (0..BLOCK).for_each(|attempt| progress.day_done(attempt, 1));
            }
            self.n_simulated += BLOCK;
            let rows = values.chunks(columns.len()).map(<[f64]>::to_vec);
            let near = (block * BLOCK..).zip(rows).filter(|(_, row)| row[self.n_parameters] <= self.current.tolerance);
            self.current.accepted.extend(near);
            self.current.block += 1;
        }
    }

    fn table(&self) -> String {
        format!("generation-{:02}", self.generations.len())
    }

    fn read(&mut self, block: u32, folder: &DrawFolder, columns: &[DrawColumn]) -> Option<Vec<f64>> {
        let ahead = self.current.ahead.remove(&block);
        ahead.or_else(|| folder.read_chunk(&self.table(), block, columns, BLOCK as usize))
    }

    /// The blocks that are missing for certain: even if all their attempts were accepted, there
    /// would be too few without them.
    fn wants(&mut self, folder: &DrawFolder, columns: &[DrawColumn]) -> Vec<WantedChunk> {
        let n_lacking = (self.settings.n_particles - self.current.accepted.len()) as u32;
        let mut n_certain = n_lacking.div_ceil(BLOCK);
        if !self.generations.is_empty() {
            n_certain = n_certain.min((self.settings.budget - self.n_simulated) / BLOCK);
        }
        let mut wants = Vec::new();
        for block in self.current.block..self.current.block + n_certain {
            match self.read(block, folder, columns) {
                Some(values) => drop(self.current.ahead.insert(block, values)),
                None => wants.push(self.wanted(block)),
            }
        }
        self.current.wanted.extend(wants.iter().map(|wanted| wanted.chunk));
        wants
    }

    fn wanted(&self, block: u32) -> WantedChunk {
        let number = self.generations.len() as u32;
        let attempts = Cut { n_draws: u32::MAX, chunk_size: BLOCK }.draws_of(block);
        let (last, kernel) = (self.generations.last(), &self.current.kernel);
        let war = |attempt| WantedWar {
            number: replicate_of(number, attempt),
            positions: propose(self.settings.seed, number, attempt, last, kernel, self.n_parameters),
        };
        WantedChunk { table: self.table(), chunk: block, wars: attempts.map(war).collect() }
    }

    /// Ends a generation that has its particles and begins the next, unless there is none.
    fn close(&mut self, n_columns: usize) -> Option<Ending> {
        let Unfinished { tolerance, kernel, mut accepted, .. } = std::mem::take(&mut self.current);
        accepted.truncate(self.settings.n_particles);
        let n_attempts = accepted.last().map_or(0, |(attempt, _)| attempt + 1);
        let weights = weights_of(&accepted, self.n_parameters, self.generations.last(), &kernel);
        let particles = accepted.into_iter().zip(weights).map(|((_, row), weight)| Particle {
            positions: row[..self.n_parameters].to_vec(),
            weight,
            distance: row[self.n_parameters],
            kept: row[self.n_parameters + 1..n_columns].to_vec(),
        });
        let generation = Generation { tolerance, n_attempts, particles: particles.collect() };
        let is_exhausted = (generation.particles.len() as f64) < LEAST_ACCEPTANCE * f64::from(generation.n_attempts);
        let (next, kernel) = (generation.next_tolerance(), generation.kernel());
        self.generations.push(generation);
        if is_exhausted {
            return Some(Ending::Acceptance);
        }
        if next >= tolerance {
            return Some(Ending::Converged);
        }
        self.current = Unfinished { tolerance: next, kernel, ..Unfinished::default() };
        None
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

/// Samples to the end, with what `seen` of a war gives: its distance, and what is kept. Blocks
/// that are wanted together are computed from the last to the first.
#[cfg(test)]
pub(super) fn sample(
    settings: SmcSettings,
    (folder, columns): (&DrawFolder, &[DrawColumn]),
    n_parameters: usize,
    seen: &dyn Fn(&WantedWar) -> Vec<f64>,
) -> (Smc, Ending) {
    let mut smc = Smc::new(settings, n_parameters);
    loop {
        let wants = match smc.next(folder, columns, &allegiance_replay::Silent) {
            Next::Ended(ending) => return (smc, ending),
            Next::Wants(wants) => wants,
        };
        for wanted in wants.iter().rev() {
            let row = |war: &WantedWar| [war.positions.clone(), seen(war)].concat();
            let rows: Vec<Vec<f64>> = wanted.wars.iter().map(row).collect();
            folder.write_chunk(&wanted.table, wanted.chunk, columns, &rows).unwrap();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ending, SmcSettings, sample};
    use crate::inference::draw_table::{DrawColumn, DrawFolder};
    use crate::inference::workers::WantedWar;
    use allegiance_model::random::{Draws, Purpose};

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
        let simulate = |war: &WantedWar| {
            let mut stream = Draws::of_population(5).stream(Purpose::Observation, war.number, 0, 0);
            vec![(war.positions[0] + 0.1 * stream.normal() - 0.4).abs()]
        };
        let settings = SmcSettings { seed: 3, n_particles: 500, budget: 20_000, until: None };
        let (smc, ending) = sample(settings, (&folder, &columns), 2, &simulate);
        let (generations, n) = (smc.generations(), smc.n_simulated());
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
