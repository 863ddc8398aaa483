//! A tournament: which theory could have produced one record.
//!
//! The reference table holds wars under every pair of theories, parameters
//! drawn from their priors, so that a theory that fits only at a lucky point
//! pays for it. Posterior odds come from the wars nearest to the record; null
//! theories (`fixed`, `constant`) compete like all others, and where nothing
//! reaches the threshold, no theory is named.

use crate::inference::confusion::named;
use crate::inference::record::SeenEvent;
use crate::inference::record_summaries::summarise_record;
use crate::inference::recover::Inference;
use crate::inference::reference::{ReferenceTable, Study};
use allegiance_record::intervals::{Frequency, Interval};
use serde::Serialize;

/// One theory in one slot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contestant {
    /// The theory.
    pub theory: &'static str,
    /// Its posterior probability; all theories of the slot start equal.
    pub posterior: f64,
    /// Lower end of the 95% interval that the number of neighbours allows.
    pub low_95: f64,
    /// Upper end.
    pub high_95: f64,
    /// Posterior odds against the null theory of the slot; 1 for itself.
    pub odds_to_null: f64,
}

/// The tournament of one slot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SlotTournament {
    /// `belief` or `exit`.
    pub slot: &'static str,
    /// The theories, the likeliest first.
    pub contestants: Vec<Contestant>,
    /// The theory named, if any reaches the threshold.
    pub named: Option<&'static str>,
}

/// A tournament on one record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tournament {
    /// Identifier of the scenario.
    pub scenario: String,
    /// Wars in the reference table.
    pub n_draws: usize,
    /// Neighbours of the record.
    pub n_neighbours: usize,
    /// Events in the record.
    pub n_events: usize,
    /// Summaries of the record outside everything that was simulated: where
    /// there are many, no theory here made the record.
    pub unlike: Vec<String>,
    /// Summaries that were compared.
    pub n_summaries: usize,
    /// Posterior of each parameter over all theories, in its own unit.
    pub parameters: Vec<(String, Interval)>,
    /// Belief, then exit.
    pub slots: [SlotTournament; 2],
}

/// Quantiles of the simulated wars beyond which a summary is unlike them.
const EXTREME: f64 = 0.001;
/// If more than this share of the summaries is unlike, no theory is named.
const MOST_UNLIKE: f64 = 0.05;

/// Puts every theory to one record.
pub fn tournament(study: &Study, table: &ReferenceTable, record: &[SeenEvent]) -> Tournament {
    let columns: Vec<usize> = study.layout().record.collect();
    let inference = Inference::new(study, table, &columns);
    let summaries = summarise_record(record, study.setup.n_groups(), study.setup.n_days);
    let inferred = inference.infer(&summaries.values);
    let k = inference.n_neighbours();
    let unlike: Vec<String> = summaries
        .names
        .iter()
        .zip(&summaries.values)
        .zip(&columns)
        .filter(|&((_, value), column)| is_unlike(table, *column, *value))
        .map(|((name, _), _)| name.clone())
        .collect();
    let is_alien = unlike.len() as f64 > MOST_UNLIKE * columns.len() as f64;
    let beliefs: Vec<&str> = study.beliefs.iter().map(|theory| theory.word()).collect();
    let exits: Vec<&str> = study.exits.iter().map(|theory| theory.word()).collect();
    let parameters = study
        .priors
        .iter()
        .zip(&inferred.parameters)
        .filter_map(|(prior, positions)| {
            let interval = Interval::of(positions.iter().map(|&position| prior.value_at(position)))?;
            Some((prior.path.clone(), interval))
        })
        .collect();
    Tournament {
        scenario: study.scenario_id.clone(),
        n_draws: table.n_draws(),
        n_neighbours: k,
        n_events: record.len(),
        n_summaries: columns.len(),
        unlike,
        parameters,
        slots: [
            slot("belief", &beliefs, "fixed", &inferred.beliefs, k, is_alien),
            slot("exit", &exits, "constant", &inferred.exits, k, is_alien),
        ],
    }
}

fn is_unlike(table: &ReferenceTable, column: usize, value: f64) -> bool {
    let n = table.n_draws();
    let n_beyond = |is_beyond: &dyn Fn(f64) -> bool| (0..n).filter(|&draw| is_beyond(table.row(draw)[column])).count();
    let few = EXTREME * n as f64;
    (n_beyond(&|found| found <= value) as f64) < few || (n_beyond(&|found| found >= value) as f64) < few
}

fn slot(
    slot: &'static str,
    words: &[&'static str],
    null: &str,
    posterior: &[f64],
    k: usize,
    is_alien: bool,
) -> SlotTournament {
    let of_null = words.iter().position(|&word| word == null).map(|at| posterior[at]);
    let mut contestants: Vec<Contestant> = words
        .iter()
        .zip(posterior)
        .map(|(&theory, &p)| {
            // The probability was a count among the neighbours and one a theory.
            let n = k + words.len();
            let counted = Frequency::of((p * n as f64).round() as u32, n as u32);
            Contestant {
                theory,
                posterior: p,
                low_95: counted.low_95,
                high_95: counted.high_95,
                odds_to_null: of_null.map_or(f64::NAN, |null| p / null),
            }
        })
        .collect();
    contestants.sort_by(|a, b| b.posterior.total_cmp(&a.posterior).then(a.theory.cmp(b.theory)));
    let named = if is_alien { None } else { named(posterior).map(|at| words[at]) };
    SlotTournament { slot, contestants, named }
}
