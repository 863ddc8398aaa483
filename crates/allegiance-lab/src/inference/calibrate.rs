//! Calibration: which parameters give the patterns of a case.

use crate::inference::adjust::{Adjusted, adjust};
use crate::inference::draw_table::{DrawColumn, DrawFolder, DrawTableError, simulate_all, write_rows};
use crate::inference::prior::Prior;
use crate::inference::reference::{setup_with, simulate_war_asked};
use crate::inference::smc::{BLOCK, Ending, Generation, Particle, Smc, SmcSettings, pick};
use crate::inference::targets::{Aims, Target, distance, offsets, values_of};
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
        let mut observation = Hasher::default();
        for (path, value) in self.setup.observation.pairs() {
            observation.text(&path);
            observation.real(value);
        }
        DrawFolder::open(
            path,
            &CalibrationIdentity {
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
            },
        )
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

    fn columns(&self, targets: &[Target]) -> Vec<DrawColumn> {
        let column = |name: String, meaning: &str| DrawColumn { name, meaning: meaning.to_owned() };
        let mut columns: Vec<DrawColumn> = self
            .priors
            .iter()
            .map(|prior| column(format!("position.{}", prior.path), "Position in the prior, 0 to 1."))
            .collect();
        columns.push(column("distance".to_owned(), "Weighted distance from the bands of all patterns, 0 to 1."));
        columns.extend(targets.iter().map(|target| column(target.id.clone(), "The pattern in this war.")));
        columns
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
        progress: &dyn Progress,
    ) -> Result<(Calibration, CalibrationEffort), DrawTableError> {
        let targets = self.aims.targets.clone();
        let columns = self.columns(&targets);
        let simulate = |positions: &[f64], replicate: u32| {
            let values = self.values_at(positions, replicate)?;
            Ok((distance(&targets, &values), values))
        };
        let smc = Smc::new(settings, folder, &columns, self.priors.len(), &simulate);
        let (generations, n_simulations, ending) = smc.run(progress)?;
        let last = generations.last().expect("generation 0 always ends");
        let rows: Vec<Vec<f64>> = last.particles.iter().map(|particle| offsets(&targets, &particle.kept)).collect();
        let adjusted = adjust(last, &rows);
        self.write_particles(folder, ("posterior", &last.particles), &targets)?;
        let number = generations.len();
        let fresh =
            self.predict(folder, ("predictive", &last.particles, number), &targets, (settings.threads, progress))?;
        let fresh_adjusted = match &adjusted {
            None => None,
            Some(Adjusted { particles, .. }) => {
                self.write_particles(folder, ("adjusted", particles), &targets)?;
                let from = ("predictive-adjusted", particles.as_slice(), number);
                Some(self.predict(folder, from, &targets, (settings.threads, progress))?)
            }
        };
        let calibration = Calibration {
            scenario: self.scenario_id.clone(),
            belief: self.setup.belief_theory().to_owned(),
            exit: self.setup.exit_theory().to_owned(),
            seed: self.setup.seed,
            generations: generations.iter().map(line_of).collect(),
            parameters: self.moved(&last.particles, adjusted.as_ref()),
            case: self.aims.words.clone(),
            patterns: predicted(
                &self.aims.bands,
                &targets,
                &generations[0],
                &fresh,
                adjusted.as_ref().zip(fresh_adjusted.as_deref()),
            ),
            left_out: self.aims.left_out.clone(),
        };
        let json = serde_json::to_vec_pretty(&calibration).map_err(std::io::Error::from)?;
        folder.put("calibration.json", &json)?;
        Ok((calibration, CalibrationEffort { n_simulations, ending }))
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
    fn predict(
        &self,
        folder: &DrawFolder,
        (name, particles, n_generations): (&str, &[Particle], usize),
        targets: &[Target],
        (threads, progress): (usize, &dyn Progress),
    ) -> Result<Vec<Vec<f64>>, DrawTableError> {
        let draws = Draws::of_population(self.setup.seed);
        let columns = self.columns(targets);
        let table = format!("{name}-{n_generations:02}");
        let rows: Vec<Vec<f64>> = if let Some(values) = folder.read_chunk(&table, 0, &columns, N_PREDICTIVE as usize) {
            values.chunks(columns.len()).map(<[f64]>::to_vec).collect()
        } else {
            let rows = simulate_all(threads, 0..N_PREDICTIVE, progress, &|war| {
                let u = draws.uniform(Purpose::Particle, war, u32::MAX, 0);
                let mut row = pick(particles, u).positions.clone();
                let values = self.values_at(&row, FIRST_PREDICTIVE + war)?;
                row.push(distance(targets, &values));
                row.extend(values);
                Ok(row)
            })?;
            let rows = rows.ok_or_else(|| DrawTableError::Cancelled { path: folder.path().to_owned() })?;
            folder.write_chunk(&table, 0, &columns, &rows)?;
            rows
        };
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
