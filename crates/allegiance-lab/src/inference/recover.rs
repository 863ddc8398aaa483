//! Recovery: what could be learned from a record of this kind if the model
//! were true.
//!
//! Truths are draws of the reference table itself: each is left out in turn
//! and inferred from the others. The predictors are learned from the even
//! draws; truths and their neighbours are odd ones, so that no truth has
//! helped to make its own yardstick.

use crate::inference::confusion::{Confusion, PairOfTheories};
use crate::inference::coverage::Calibration;
use crate::inference::instruments::Instrument;
use crate::inference::learned::LearnedSummaries;
use crate::inference::neighbours::{SortedDraws, theory_posterior};
use crate::inference::prior::Prior;
use crate::inference::reference::{ReferenceTable, Study};
use crate::inference::tournament::{TournamentCheck, check_tournament};
use crate::inference::verdict::Identifiability;
use allegiance_model::maths::ln;
use allegiance_record::Fix;
use allegiance_record::Spread as _;
use allegiance_record::intervals::Interval;
use allegiance_replay::BrokenRun;
use allegiance_runs::Threads;
use serde::Serialize;

/// Neighbours as a share of the reference half, within [`FEWEST`] and [`MOST`].
const NEIGHBOUR_SHARE: f64 = 0.02;
/// Fewest neighbours.
const FEWEST: usize = 100;
/// Most neighbours.
const MOST: usize = 500;

/// Why a recovery can't be computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RecoverError {
    /// The table holds too few wars of some pair of theories.
    #[error("the table holds {found} usable wars under {belief} and {exit}, and {wanted} were asked for")]
    FewTruths {
        /// Theory of belief.
        belief: String,
        /// Theory of exit.
        exit: String,
        /// How many there are.
        found: u32,
        /// How many were asked for.
        wanted: u32,
    },
    /// A fresh war couldn't be simulated.
    #[error(transparent)]
    Broken(#[from] BrokenRun),
}

impl RecoverError {
    /// What helps.
    pub fn fix(&self) -> Option<Fix> {
        match self {
            Self::FewTruths { .. } => Some(Fix::MoreDraws),
            Self::Broken(_) => None,
        }
    }
}

/// A kind of evidence: the record, alone or with instruments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What it is called.
    pub name: String,
    /// Its columns of the table.
    pub columns: Vec<usize>,
}

/// The record alone; with each instrument; with all.
pub fn evidences(study: &Study) -> Vec<Evidence> {
    let layout = study.layout();
    let record: Vec<usize> = layout.record.clone().collect();
    let mut all = record.clone();
    let mut evidences = vec![Evidence { name: "reported record".to_owned(), columns: record.clone() }];
    let with_spans = study.instruments.iter().zip(&layout.instruments);
    for (instrument, span) in with_spans.filter(|of| *of.0 != Instrument::EveryIncident) {
        let columns = record.iter().copied().chain(span.clone()).collect();
        evidences.push(Evidence { name: instrument.name().to_owned(), columns });
        all.extend(span.clone());
    }
    if evidences.len() > 2 {
        evidences.push(Evidence { name: "all instruments".to_owned(), columns: all });
    }
    evidences.extend(of_people(study));
    evidences
}

/// What bounds a record from above, which is no instrument that anybody could add; none where
/// the study doesn't measure it.
fn bound_of(study: &Study) -> Option<Evidence> {
    let at = study.instruments.iter().position(|&instrument| instrument == Instrument::EveryIncident)?;
    let columns = study.layout().instruments[at].clone().collect();
    Some(Evidence { name: Instrument::EveryIncident.name().to_owned(), columns })
}

/// Each evidence of people and groups alone, with the record, and without what reads the
/// reasons for leaving; all of it with the record.
fn of_people(study: &Study) -> Vec<Evidence> {
    let layout = study.layout();
    let record = || layout.record.clone();
    let mut evidences = Vec::new();
    for (evidence, span) in study.evidence.iter().zip(&layout.evidence) {
        evidences.push(Evidence { name: format!("{} alone", evidence.id), columns: span.clone().collect() });
        let facts = || span.clone().zip(&evidence.items).filter(|(_, item)| !item.is_circular()).map(|(at, _)| at);
        if facts().count() < span.len() {
            let name = format!("{} without reasons", evidence.id);
            evidences.push(Evidence { name, columns: record().chain(facts()).collect() });
        }
        evidences.push(Evidence { name: evidence.id.clone(), columns: record().chain(span.clone()).collect() });
    }
    if study.evidence.len() > 1 {
        let columns = record().chain(layout.evidence.iter().cloned().flatten()).collect();
        evidences.push(Evidence { name: "all evidence".to_owned(), columns });
    }
    evidences
}

/// Everything inferred from one kind of evidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EvidenceResult {
    /// The evidence.
    pub evidence: String,
    /// Each parameter, in the order of the study.
    pub parameters: Vec<ParameterResult>,
    /// The theories of belief.
    pub belief: SlotResult,
    /// The theories of exit.
    pub exit: SlotResult,
}

/// One parameter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ParameterResult {
    /// Its name.
    pub path: String,
    /// How its posteriors fared.
    pub calibration: Calibration,
    /// What that amounts to.
    pub verdict: Identifiability,
}

/// The theories of one slot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SlotResult {
    /// Truths against what was named.
    pub confusion: Confusion,
    /// Every pair.
    pub pairs: Vec<PairResult>,
    /// What the evidence tells of the true theory, in nats: the mean logarithm of its posterior
    /// probability beside that of an even guess. At most `ln(n theories)`; 0 where it tells
    /// nothing, and below where it misleads.
    pub gained: f64,
}

/// One pair of theories.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairResult {
    /// The pair.
    #[serde(flatten)]
    pub pair: PairOfTheories,
    /// What it amounts to.
    pub verdict: Identifiability,
}

/// A recovery.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recovery {
    /// Identifier of the scenario.
    pub scenario: String,
    /// Seed of the study.
    pub seed: u64,
    /// Draws of the reference table.
    pub n_draws: usize,
    /// Neighbours of each truth.
    pub n_neighbours: usize,
    /// Synthetic truths for each pair of theories.
    pub truths_a_pair: u32,
    /// Synthetic truths.
    pub n_truths: usize,
    /// The priors.
    pub priors: Vec<Prior>,
    /// Days of the scenario.
    pub n_days: u32,
    /// Events in the records of its wars.
    pub n_events: Interval,
    /// What each kind of evidence tells; the record alone comes first.
    pub results: Vec<EvidenceResult>,
    /// What a record could tell at most: every incident with dead, as it happened. Empty where
    /// it wasn't measured.
    pub bound: Option<EvidenceResult>,
    /// How a tournament fares on fresh wars; empty where none was simulated.
    pub tournament: Option<TournamentCheck>,
}

/// Number of neighbours for a reference half of `n` draws.
fn n_neighbours(n: usize) -> usize {
    ((n as f64 * NEIGHBOUR_SHARE) as usize).clamp(FEWEST, MOST).min(n)
}

/// The reference half of a table with its learned predictors for one kind of
/// evidence.
pub struct Inference {
    /// Predictors of each reference draw: parameters, beliefs, exits.
    predictors: Vec<Vec<f64>>,
    learned: LearnedSummaries,
    sorted: Vec<SortedDraws>,
    theories: [Vec<usize>; 2],
    n_of: [usize; 3],
    k: usize,
}

/// What is inferred from one record.
#[derive(Debug, Clone, PartialEq)]
pub struct Inferred {
    /// A posterior sample of each parameter, as positions in the prior.
    pub parameters: Vec<Vec<f64>>,
    /// Posterior probabilities of the theories of belief.
    pub beliefs: Vec<f64>,
    /// And of exit.
    pub exits: Vec<f64>,
}

fn select(row: &[f64], columns: &[usize]) -> Vec<f64> {
    columns.iter().map(|&column| row[column]).collect()
}

impl Inference {
    /// Learns from the even draws of a table and keeps the odd ones.
    pub fn new(study: &Study, table: &ReferenceTable, columns: &[usize]) -> Self {
        let n_of = [study.priors.len(), study.belief_names().len(), study.exit_names().len()];
        let positions = |row: &[f64]| -> Vec<f64> {
            study.priors.iter().zip(&row[2..]).map(|(prior, &value)| prior.position_of(value)).collect()
        };
        let target = |row: &[f64]| {
            let mut target = positions(row);
            let indicator = |at: usize, n: usize| (0..n).map(move |theory| f64::from(u8::from(theory == at)));
            target.extend(indicator(row[0] as usize, n_of[1]));
            target.extend(indicator(row[1] as usize, n_of[2]));
            target
        };
        let even: Vec<usize> = (0..table.n_draws()).step_by(2).collect();
        let rows: Vec<Vec<f64>> = even.iter().map(|&draw| select(table.row(draw), columns)).collect();
        let targets: Vec<Vec<f64>> = even.iter().map(|&draw| target(table.row(draw))).collect();
        let views: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
        let learned = LearnedSummaries::learn(&views, &targets);
        let odd: Vec<usize> = (1..table.n_draws()).step_by(2).collect();
        let predictors = Threads(0).each(odd.len(), |at| learned.predict(&select(table.row(odd[at]), columns)));
        let sorted = (0..n_of[0])
            .map(|parameter| {
                let of_draw: Vec<f64> = predictors.iter().map(|row| row[parameter]).collect();
                let prior = &study.priors[parameter];
                let at = odd.iter().map(|&draw| prior.position_of(table.row(draw)[2 + parameter])).collect();
                SortedDraws::new(&of_draw, at)
            })
            .collect();
        let theories = [0, 1].map(|slot| odd.iter().map(|&draw| table.row(draw)[slot] as usize).collect());
        let k = n_neighbours(odd.len());
        Self { predictors, learned, sorted, theories, n_of, k }
    }

    /// Neighbours used.
    pub fn n_neighbours(&self) -> usize {
        self.k
    }

    /// Infers from the summaries of a record.
    pub fn infer(&self, summaries: &[f64]) -> Inferred {
        self.infer_at(&self.learned.predict(summaries), None)
    }

    /// Infers a reference draw, the `at`-th odd one, from all others.
    fn infer_left_out(&self, at: usize) -> Inferred {
        self.infer_at(&self.predictors[at], Some(at))
    }

    fn infer_at(&self, predictor: &[f64], left_out: Option<usize>) -> Inferred {
        let [n_parameters, n_beliefs, n_exits] = self.n_of;
        let parameters = (0..n_parameters)
            .map(|parameter| {
                let left_out = left_out.map(|at| at as u32);
                self.sorted[parameter].posterior(predictor[parameter], self.k, left_out).positions
            })
            .collect();
        let slot = |first: usize, n: usize, theories: &[usize]| {
            theory_posterior(
                &self.predictors,
                first..first + n,
                theories,
                &predictor[first..first + n],
                self.k,
                left_out,
            )
        };
        Inferred {
            parameters,
            beliefs: slot(n_parameters, n_beliefs, &self.theories[0]),
            exits: slot(n_parameters + n_beliefs, n_exits, &self.theories[1]),
        }
    }
}

/// Recovers the truths of a table from each kind of evidence, and puts `n_fresh`
/// fresh wars to a tournament.
///
/// # Errors
/// See [`RecoverError`].
pub fn recover(
    study: &Study,
    table: &ReferenceTable,
    truths_a_pair: u32,
    n_fresh: u32,
) -> Result<Recovery, RecoverError> {
    let truths = choose_truths(study, table, truths_a_pair)?;
    let results = evidences(study).iter().map(|evidence| recover_from(study, table, evidence, &truths)).collect();
    Ok(Recovery {
        scenario: study.scenario_id.clone(),
        seed: study.setup.seed,
        n_draws: table.n_draws(),
        n_neighbours: n_neighbours(table.n_draws() / 2),
        truths_a_pair,
        n_truths: truths.len(),
        priors: study.priors.clone(),
        n_days: study.setup.n_days,
        n_events: table.n_events(),
        results,
        bound: bound_of(study).map(|evidence| recover_from(study, table, &evidence, &truths)),
        tournament: if n_fresh > 0 { Some(check_tournament(study, table, n_fresh)?) } else { None },
    })
}

/// The first odd draws of each pair of theories, as positions among the odd.
fn choose_truths(study: &Study, table: &ReferenceTable, wanted: u32) -> Result<Vec<usize>, RecoverError> {
    let (beliefs, exits) = (study.belief_names(), study.exit_names());
    let mut n_of = vec![0_u32; beliefs.len() * exits.len()];
    let mut truths = Vec::new();
    for at in 0..table.n_draws() / 2 {
        let row = table.row(2 * at + 1);
        let pair = &mut n_of[row[0] as usize * exits.len() + row[1] as usize];
        if *pair < wanted {
            *pair += 1;
            truths.push(at);
        }
    }
    match n_of.iter().position(|&n| n < wanted) {
        Some(pair) => Err(RecoverError::FewTruths {
            belief: beliefs[pair / exits.len()].to_owned(),
            exit: exits[pair % exits.len()].to_owned(),
            found: n_of[pair],
            wanted,
        }),
        None => Ok(truths),
    }
}

/// The mean logarithm of the true theory's posterior probability, less that of an even guess;
/// each theory has one neighbour more than it has, or a theory that none of them has would count
/// as impossible.
fn gained(cases: &[(usize, Vec<f64>)], n_neighbours: usize) -> f64 {
    let k = n_neighbours as f64;
    let of = |(truth, posterior): &(usize, Vec<f64>)| {
        let n = posterior.len() as f64;
        ln(n * (k * posterior[*truth] + 1.0) / (k + n))
    };
    cases.iter().map(of).sum::<f64>() / cases.len().max(1) as f64
}

fn recover_from(study: &Study, table: &ReferenceTable, evidence: &Evidence, truths: &[usize]) -> EvidenceResult {
    let inference = Inference::new(study, table, &evidence.columns);
    let inferred: Vec<Inferred> = Threads(0).each(truths.len(), |at| inference.infer_left_out(truths[at]));
    let truth_of = |at: usize| table.row(2 * at + 1);
    let parameters = study.priors.iter().enumerate().map(|(parameter, prior)| {
        let cases: Vec<(f64, Vec<f64>)> = truths
            .iter()
            .zip(&inferred)
            .map(|(&at, found)| (prior.position_of(truth_of(at)[2 + parameter]), found.parameters[parameter].clone()))
            .collect();
        let calibration = Calibration::of(&cases);
        let verdict = Identifiability::of_parameter(&calibration);
        ParameterResult { path: prior.path.clone(), calibration, verdict }
    });
    let slot = |slot: usize, words: &[&str], posterior: fn(&Inferred) -> &Vec<f64>| {
        let cases: Vec<(usize, Vec<f64>)> = truths
            .iter()
            .zip(&inferred)
            .map(|(&at, found)| (truth_of(at)[slot] as usize, posterior(found).clone()))
            .collect();
        let pairs = (0..words.len()).flat_map(|a| (a + 1..words.len()).map(move |b| (a, b)));
        let pairs = pairs.map(|pair| {
            let pair = PairOfTheories::of(words, pair, &cases);
            let verdict = Identifiability::of_pair(&pair);
            PairResult { pair, verdict }
        });
        let gained = gained(&cases, inference.n_neighbours());
        SlotResult { confusion: Confusion::of(words, &cases), pairs: pairs.collect(), gained }
    };
    EvidenceResult {
        evidence: evidence.name.clone(),
        parameters: parameters.collect(),
        belief: slot(0, &study.belief_names(), |found| &found.beliefs),
        exit: slot(1, &study.exit_names(), |found| &found.exits),
    }
}
