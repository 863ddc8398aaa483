//! Calibration: which parameters give the patterns of a case.

use crate::inference::adjust::{Adjusted, adjust};
use crate::inference::draw_table::{DrawColumn, DrawFolder, DrawTableError, digest_of_study, write_rows};
use crate::inference::prior::Prior;
use crate::inference::reference::{setup_with, simulate_war_asked};
use crate::inference::smc::{BLOCK, Ending, Generation, Next, Particle, Smc, SmcSettings, pick};
use crate::inference::targets::{Aims, Target, distance, offsets, values_of};
use crate::inference::workers::{Filling, SimulateWar, WantedChunk, WantedWar, Workers};
use allegiance_model::random::{Draws, Purpose};
use allegiance_model::setup::Setup;
use allegiance_record::digest::{Hasher, digest_of_setup};
use allegiance_record::evidence::shape_of;
use allegiance_record::intervals::Interval;
use allegiance_record::observe::{Gazetteer, observe};
use allegiance_record::patterns::{Band, CaseWords, PatternValue, PatternValues, PatternVerdict, measure, verdicts_on};
use allegiance_replay::{BrokenRun, Progress};
use parquet::file::metadata::KeyValue;
use serde::Serialize;
use std::path::Path;

/// Fresh wars simulated from the posterior for the predictive checks.
const N_PREDICTIVE: u32 = 96;
/// Their first replicate: no attempt reaches it.
const FIRST_PREDICTIVE: u32 = 4_000_000_000;

/// What is calibrated.
#[derive(Debug, Clone)]
pub struct Calibrated {
    /// Identifier of the scenario.
    pub scenario_id: String,
    /// The scenario with its theory.
    pub setup: Setup,
    /// What is aimed at.
    pub aims: Aims,
    /// Version of the program.
    pub version: String,
    /// What is moved.
    pub priors: Vec<Prior>,
    /// Particles a generation.
    pub n_particles: usize,
}

#[derive(Serialize)]
struct CalibrationIdentity<'a> {
    kind: &'static str,
    version: &'a str,
    scenario: &'a str,
    setup_digest: String,
    observation_digest: String,
    seed: u64,
    belief: &'a str,
    exit: &'a str,
    priors: &'a [Prior],
    targets: &'a [Target],
    n_particles: usize,
    block: u32,
}

/// One parameter before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    /// Its prior.
    #[serde(flatten)]
    pub prior: Prior,
    /// Its posterior as it was sampled.
    #[serde(flatten)]
    pub sampled: Marginal,
    /// The same particles adjusted; empty where they are too few.
    pub adjusted: Option<Marginal>,
}

impl Moved {
    /// The contraction that says whether the patterns move it: after the
    /// adjustment, where there is one.
    pub fn contraction(&self) -> f64 {
        self.adjusted.unwrap_or(self.sampled).contraction
    }
}

/// The posterior of one parameter alone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Marginal {
    /// Posterior median.
    pub median: f64,
    /// Lower end of the posterior's 90% interval.
    pub low_90: f64,
    /// Upper end.
    pub high_90: f64,
    /// One minus the variance of its position over that of the prior.
    pub contraction: f64,
}

/// One pattern before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Predicted {
    /// The verdict on fresh wars from the posterior.
    pub posterior: PatternVerdict,
    /// Share of these wars within the band.
    pub posterior_within: f64,
    /// Whether the adjustment goes by this pattern; false where the posterior's
    /// wars don't reach its band, or all lie within it.
    pub adjusts: bool,
    /// Values in fresh wars from the adjusted posterior.
    pub adjusted: Option<Interval>,
    /// Share of these within the band.
    pub adjusted_within: Option<f64>,
    /// Values under the prior.
    pub prior: Option<Interval>,
    /// Share of wars from the prior within the band.
    pub prior_within: f64,
}

/// One generation in a line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GenerationLine {
    /// Largest distance accepted; empty in the first, which takes all.
    pub tolerance: Option<f64>,
    /// Simulations that it took.
    pub n_attempts: u32,
    /// Effective number of particles.
    pub effective: f64,
    /// Least distance of a particle.
    pub least_distance: f64,
}

/// A calibration.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// Identifier of the scenario.
    pub scenario: String,
    /// Theory of belief.
    pub belief: String,
    /// Theory of exit.
    pub exit: String,
    /// Seed.
    pub seed: u64,
    /// The generations.
    pub generations: Vec<GenerationLine>,
    /// Each parameter.
    pub parameters: Vec<Moved>,
    /// The case that is aimed at.
    pub case: CaseWords,
    /// Each pattern.
    pub patterns: Vec<Predicted>,
    /// Patterns of the case that no run can show, with the reason.
    pub left_out: Vec<(String, String)>,
}

/// How a calibration came to its end; not part of its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CalibrationEffort {
    /// Simulations, those of earlier sessions and of unfinished generations
    /// among them.
    pub n_simulations: u32,
    /// Why it ended.
    pub ending: Ending,
}

/// A line of the register: what a session tried, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RegisterEntry {
    /// Version of the program.
    pub version: String,
    /// Scenario, belief and exit.
    pub model: [String; 3],
    /// Seed.
    pub seed: u64,
    /// What was moved.
    pub parameters: Vec<String>,
    /// Particles a generation.
    pub n_particles: usize,
    /// Simulations so far and why the session ended.
    #[serde(flatten)]
    pub effort: CalibrationEffort,
    /// Finished generations.
    pub n_generations: usize,
    /// Tolerance of the last; empty where there is only the first.
    pub tolerance: Option<f64>,
    /// Verdict on each pattern.
    pub verdicts: Vec<(String, &'static str)>,
}

impl Calibrated {
    /// The session's line in the register.
    pub fn entry(&self, calibration: &Calibration, effort: CalibrationEffort) -> RegisterEntry {
        let verdict = |found: &Predicted| (found.posterior.id.clone(), found.posterior.verdict.word());
        RegisterEntry {
            version: self.version.clone(),
            model: [self.scenario_id.as_str(), &calibration.belief, &calibration.exit].map(str::to_owned),
            seed: calibration.seed,
            parameters: self.priors.iter().map(|prior| prior.path.clone()).collect(),
            n_particles: self.n_particles,
            effort,
            n_generations: calibration.generations.len(),
            tolerance: calibration.generations.last().and_then(|line| line.tolerance),
            verdicts: calibration.patterns.iter().map(verdict).collect(),
        }
    }

    /// Opens the folder of the calibration.
    ///
    /// # Errors
    /// See [`DrawTableError`].
    pub fn open(&self, path: &Path) -> Result<DrawFolder, DrawTableError> {
        DrawFolder::open(path, &self.identity())
    }

    fn identity(&self) -> CalibrationIdentity<'_> {
        let mut observation = Hasher::default();
        for (path, value) in self.setup.observation.pairs() {
            observation.text(&path);
            observation.real(value);
        }
        CalibrationIdentity {
            kind: "calibration",
            version: &self.version,
            scenario: &self.scenario_id,
            setup_digest: digest_of_setup(&self.setup),
            observation_digest: observation.finish(),
            seed: self.setup.seed,
            belief: self.setup.belief_theory(),
            exit: self.setup.exit_theory(),
            priors: &self.priors,
            targets: &self.aims.targets,
            n_particles: self.n_particles,
            block: BLOCK,
        }
    }

    /// The values of the targets in a war at a position; not a number where it has none.
    fn values_at(&self, positions: &[f64], replicate: u32) -> Result<Vec<f64>, BrokenRun> {
        let values: Vec<f64> =
            self.priors.iter().zip(positions).map(|(prior, &position)| prior.value_at(position)).collect();
        let (setup, observation) = setup_with(self.setup.clone(), &self.setup.observation, &self.priors, &values);
        let (records, interviews, world) = simulate_war_asked(setup, replicate, &self.aims.evidence)?;
        let draws = Draws::of_replicate(world.setup.seed, replicate);
        let mut values = if self.aims.is_of_case {
            let events = observe(&records, &world.setup, &Gazetteer::of(&world.setup), &observation, replicate);
            values_of(&self.aims.targets, &measure(&records, &world.setup, &events))
        } else {
            Vec::new()
        };
        for evidence in &self.aims.evidence {
            let measured = evidence.measure(&records, &interviews, shape_of(&world.setup), draws);
            values.extend(measured.iter().map(|aggregate| aggregate.value));
        }
        Ok(values)
    }

    /// The columns of its tables of simulations: positions, distance, patterns.
    pub fn columns(&self) -> Vec<DrawColumn> {
        let column = |name: String, meaning: &str| DrawColumn { name, meaning: meaning.to_owned() };
        let mut columns: Vec<DrawColumn> = self
            .priors
            .iter()
            .map(|prior| column(format!("position.{}", prior.path), "Position in the prior, 0 to 1."))
            .collect();
        columns.push(column("distance".to_owned(), "Weighted distance from the bands of all patterns, 0 to 1."));
        columns.extend(self.aims.targets.iter().map(|target| column(target.id.clone(), "The pattern in this war.")));
        columns
    }

    /// A course from its beginning; what the folder holds is read as it is come to.
    pub fn begin(&self, settings: SmcSettings) -> CalibrationCourse {
        CalibrationCourse { smc: Smc::new(settings, self.priors.len()), ended: None }
    }

    /// The chunks that a course wants next, in their order; none once all are there, and
    /// [`Calibrated::conclude`] has the rest to do.
    pub fn wants(
        &self,
        folder: &DrawFolder,
        course: &mut CalibrationCourse,
        progress: &dyn Progress,
    ) -> Vec<WantedChunk> {
        let columns = self.columns();
        if course.ended.is_none() {
            let ending = match course.smc.next(folder, &columns, progress) {
                Next::Wants(wants) => return wants,
                Next::Ended(ending) => ending,
            };
            let last = course.last();
            let rows = last.particles.iter().map(|particle| offsets(&self.aims.targets, &particle.kept));
            let adjusted = adjust(last, &rows.collect::<Vec<_>>());
            course.ended = Some(Ended { ending, adjusted });
        }
        let is_missing = |wanted: &WantedChunk| {
            folder.read_chunk(&wanted.table, wanted.chunk, &columns, wanted.wars.len()).is_none()
        };
        course.posteriors().map(|(name, particles)| self.fresh(course, name, particles)).filter(is_missing).collect()
    }

    /// Samples the posterior, adjusts it, checks both on fresh wars, and writes
    /// `posterior.parquet`, `predictive.parquet`, `adjusted.parquet`,
    /// `predictive-adjusted.parquet` and `calibration.json`.
    ///
    /// # Errors
    /// See [`DrawTableError`].
    pub fn run(
        &self,
        folder: &DrawFolder,
        settings: SmcSettings,
        workers: &dyn Workers,
        progress: &dyn Progress,
    ) -> Result<(Calibration, CalibrationEffort), DrawTableError> {
        progress.begin(settings.budget, 0, 1);
        let columns = self.columns();
        let filling = Filling { folder, columns: &columns, simulate: self };
        let mut course = self.begin(settings);
        loop {
            let wants = self.wants(folder, &mut course, progress);
            if wants.is_empty() {
                return self.conclude(folder, &course);
            }
            workers.compute(filling, &wants, progress)?;
        }
    }

    /// Writes what a course has found, once it wants nothing more.
    ///
    /// # Errors
    /// [`DrawTableError::Incomplete`] where it still does.
    pub fn conclude(
        &self,
        folder: &DrawFolder,
        course: &CalibrationCourse,
    ) -> Result<(Calibration, CalibrationEffort), DrawTableError> {
        let incomplete = || DrawTableError::Incomplete { path: folder.path().to_owned(), found: 0, wanted: 1 };
        let Ended { ending, adjusted } = course.ended.as_ref().ok_or_else(incomplete)?;
        let targets = &self.aims.targets;
        let mut checks = Vec::new();
        for (name, particles) in course.posteriors() {
            self.write_particles(folder, (name, particles), targets)?;
            checks.push(self.read_fresh(folder, &self.fresh(course, name, particles), predictive(name))?);
        }
        let mut checks = checks.into_iter();
        let fresh = checks.next().ok_or_else(incomplete)?;
        let fresh_adjusted = checks.next();
        let calibration = Calibration {
            scenario: self.scenario_id.clone(),
            belief: self.setup.belief_theory().to_owned(),
            exit: self.setup.exit_theory().to_owned(),
            seed: self.setup.seed,
            generations: course.smc.generations().iter().map(line_of).collect(),
            parameters: self.moved(&course.last().particles, adjusted.as_ref()),
            case: self.aims.words.clone(),
            patterns: predicted(
                &self.aims.bands,
                targets,
                &course.smc.generations()[0],
                &fresh,
                adjusted.as_ref().zip(fresh_adjusted.as_deref()),
            ),
            left_out: self.aims.left_out.clone(),
        };
        let json = serde_json::to_vec_pretty(&calibration).map_err(std::io::Error::from)?;
        folder.put("calibration.json", &json)?;
        Ok((calibration, CalibrationEffort { n_simulations: course.smc.n_simulated(), ending: *ending }))
    }

    fn write_particles(
        &self,
        folder: &DrawFolder,
        (name, particles): (&str, &[Particle]),
        targets: &[Target],
    ) -> Result<(), DrawTableError> {
        let mut columns = vec![
            DrawColumn { name: "weight".to_owned(), meaning: "Weight of the particle; they add up to 1.".to_owned() },
            DrawColumn { name: "distance".to_owned(), meaning: "Distance from the bands of all patterns.".to_owned() },
        ];
        columns.extend(
            self.priors
                .iter()
                .map(|prior| DrawColumn { name: prior.path.clone(), meaning: "Value of the parameter.".to_owned() }),
        );
        columns.extend(targets.iter().map(|target| DrawColumn {
            name: target.id.clone(),
            meaning: "The pattern in the war that was accepted.".to_owned(),
        }));
        let rows: Vec<Vec<f64>> = particles
            .iter()
            .map(|particle| {
                let values = self.priors.iter().zip(&particle.positions).map(|(prior, &at)| prior.value_at(at));
                let mut row = vec![particle.weight, particle.distance];
                row.extend(values);
                row.extend(&particle.kept);
                row
            })
            .collect();
        write_rows(&folder.path().join(format!("{name}.parquet")), &columns, &rows, note())
    }

    /// Fresh wars from a posterior: those that were accepted fit because they
    /// were chosen to.
    fn fresh(&self, course: &CalibrationCourse, name: &str, particles: &[Particle]) -> WantedChunk {
        let draws = Draws::of_population(self.setup.seed);
        let war = |war: u32| {
            let u = draws.uniform(Purpose::Particle, war, u32::MAX, 0);
            WantedWar { number: FIRST_PREDICTIVE + war, positions: pick(particles, u).positions.clone() }
        };
        let table = format!("{}-{:02}", predictive(name), course.smc.generations().len());
        WantedChunk { table, chunk: 0, wars: (0..N_PREDICTIVE).map(war).collect() }
    }

    /// Reads fresh wars, writes them as a table of the folder, and gives the values of the targets.
    fn read_fresh(
        &self,
        folder: &DrawFolder,
        wanted: &WantedChunk,
        name: &str,
    ) -> Result<Vec<Vec<f64>>, DrawTableError> {
        let columns = self.columns();
        let values = folder.read_chunk(&wanted.table, wanted.chunk, &columns, wanted.wars.len());
        let incomplete = || DrawTableError::Incomplete { path: folder.path().to_owned(), found: 0, wanted: 1 };
        let values = values.ok_or_else(incomplete)?;
        let rows: Vec<Vec<f64>> = values.chunks(columns.len()).map(<[f64]>::to_vec).collect();
        write_rows(&folder.path().join(format!("{name}.parquet")), &columns, &rows, note())?;
        let first = self.priors.len() + 1;
        Ok(rows.iter().map(|row| row[first..].to_vec()).collect())
    }

    fn moved(&self, sampled: &[Particle], adjusted: Option<&Adjusted>) -> Vec<Moved> {
        let parameter = |(at, prior): (usize, &Prior)| Moved {
            prior: prior.clone(),
            sampled: marginal(prior, sampled, at),
            adjusted: adjusted.map(|adjusted| marginal(prior, &adjusted.particles, at)),
        };
        self.priors.iter().enumerate().map(parameter).collect()
    }
}

impl SimulateWar for Calibrated {
    fn row_of(&self, war: &WantedWar) -> Result<Vec<f64>, BrokenRun> {
        let values = self.values_at(&war.positions, war.number)?;
        let mut row = war.positions.clone();
        row.push(distance(&self.aims.targets, &values));
        row.extend(values);
        Ok(row)
    }

    fn digest(&self) -> Result<String, DrawTableError> {
        digest_of_study(&self.identity())
    }
}

/// How far a calibration has come.
#[derive(Debug)]
pub struct CalibrationCourse {
    smc: Smc,
    /// Once there are all generations.
    ended: Option<Ended>,
}

/// The end of the sampling.
#[derive(Debug)]
struct Ended {
    ending: Ending,
    adjusted: Option<Adjusted>,
}

impl CalibrationCourse {
    /// The number of simulations so far, those that the folder had kept among them.
    pub fn n_simulated(&self) -> u32 {
        self.smc.n_simulated()
    }

    fn last(&self) -> &Generation {
        self.smc.generations().last().expect("generation 0 always ends")
    }

    /// The posteriors by the names of their tables: as it was sampled, and adjusted where it is.
    fn posteriors(&self) -> impl Iterator<Item = (&'static str, &[Particle])> {
        let ended = self.ended.as_ref();
        let sampled = ended.map(|_| ("posterior", self.last().particles.as_slice()));
        let adjusted = ended.and_then(|ended| ended.adjusted.as_ref());
        sampled.into_iter().chain(adjusted.map(|adjusted| ("adjusted", adjusted.particles.as_slice())))
    }
}

/// The table of fresh wars from a posterior.
fn predictive(posterior: &str) -> &'static str {
    if posterior == "adjusted" { "predictive-adjusted" } else { "predictive" }
}

fn marginal(prior: &Prior, particles: &[Particle], at: usize) -> Marginal {
    let mut weighted: Vec<(f64, f64)> =
        particles.iter().map(|particle| (particle.positions[at], particle.weight)).collect();
    weighted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mean: f64 = weighted.iter().map(|(position, weight)| position * weight).sum();
    let variance: f64 = weighted.iter().map(|(position, weight)| weight * (position - mean) * (position - mean)).sum();
    let quantile = |p: f64| prior.value_at(weighted_quantile(&weighted, p));
    Marginal {
        median: quantile(0.5),
        low_90: quantile(0.05),
        high_90: quantile(0.95),
        contraction: 1.0 - 12.0 * variance,
    }
}

fn note() -> Vec<KeyValue> {
    vec![KeyValue::new("allegiance.note".to_owned(), "Simulated: synthetic people; not a forecast.".to_owned())]
}

/// The value at which the cumulative weight reaches `p`, of values sorted upwards.
fn weighted_quantile(sorted: &[(f64, f64)], p: f64) -> f64 {
    let mut sum = 0.0;
    for &(value, weight) in sorted {
        sum += weight;
        if sum >= p {
            return value;
        }
    }
    sorted.last().map_or(f64::NAN, |&(value, _)| value)
}

fn line_of(generation: &Generation) -> GenerationLine {
    GenerationLine {
        tolerance: generation.tolerance.is_finite().then_some(generation.tolerance),
        n_attempts: generation.n_attempts,
        effective: generation.effective(),
        least_distance: generation.particles.iter().map(|particle| particle.distance).fold(1.0, f64::min),
    }
}

fn predicted(
    bands: &[Band],
    targets: &[Target],
    prior: &Generation,
    fresh: &[Vec<f64>],
    adjusted: Option<(&Adjusted, &[Vec<f64>])>,
) -> Vec<Predicted> {
    let as_patterns = |values: &[f64]| PatternValues {
        values: targets
            .iter()
            .zip(values)
            .map(|(target, &value)| PatternValue {
                id: target.id.clone(),
                value: (!value.is_nan()).then_some(value),
                beside: None,
                reason: value.is_nan().then(|| "no value in this war".to_owned()),
            })
            .collect(),
    };
    let found = verdicts_on(bands, &fresh.iter().map(|values| as_patterns(values)).collect::<Vec<_>>());
    let within = |target: &Target, values: &mut dyn Iterator<Item = f64>| {
        let (mut n, mut n_within) = (0_u32, 0_u32);
        for value in values {
            n += 1;
            n_within += u32::from((target.low..=target.high).contains(&value));
        }
        f64::from(n_within) / f64::from(n.max(1))
    };
    found
        .into_iter()
        .enumerate()
        .map(|(at, posterior)| {
            let before = || prior.particles.iter().map(|particle| particle.kept[at]);
            let after = || adjusted.map(|(_, fresh)| fresh.iter().map(move |values| values[at]));
            Predicted {
                posterior,
                posterior_within: within(&targets[at], &mut fresh.iter().map(|values| values[at])),
                adjusts: adjusted.is_some_and(|(adjusted, _)| adjusted.takes_part[at]),
                adjusted: after().and_then(Interval::of),
                adjusted_within: after().map(|mut values| within(&targets[at], &mut values)),
                prior: Interval::of(before()),
                prior_within: within(&targets[at], &mut before()),
            }
        })
        .collect()
}
