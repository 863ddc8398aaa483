//! A tournament: which theory could have produced one record.
//!
//! The reference table holds wars under every pair of theories, parameters
//! drawn from their priors, so that a theory that fits only at a lucky point
//! pays for it. Posterior odds come from the wars nearest to the record; null
//! theories (`fixed`, `constant`) compete like all others, and where nothing
//! reaches the threshold, no theory is named.

use crate::inference::confusion::named;
use crate::inference::coverage::interval_90;
use crate::inference::log_score::{LogScores, log_scores};
use crate::inference::prior::Prior;
use crate::inference::record::{SeenEvent, seen_events};
use crate::inference::record_summaries::{Summaries, summarise_record};
use crate::inference::recover::Inference;
use crate::inference::reference::{ReferenceTable, Study, War};
use allegiance_record::Spread as _;
use allegiance_record::evidence::Evidence;
use allegiance_record::intervals::{Frequency, Interval};
use allegiance_replay::BrokenRun;
use allegiance_runs::Threads;
use serde::Serialize;

/// One theory in one slot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contestant {
    /// The theory.
    pub theory: String,
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
    pub named: Option<String>,
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
    /// Events in the record; empty where evidence alone decides.
    pub n_events: Option<usize>,
    /// Events in the records of the simulated wars.
    pub n_events_simulated: Interval,
    /// Titles of the evidence of people and groups that was put to them.
    pub evidence: Vec<String>,
    /// Summaries outside everything that was simulated: where
    /// there are many, no theory here made the record.
    pub unlike: Vec<String>,
    /// Summaries that were compared.
    pub n_summaries: usize,
    /// Whether so many are unlike that no theory is named.
    pub is_refused: bool,
    /// Posterior of each parameter over all theories, in its own unit.
    pub parameters: Vec<(String, Interval)>,
    /// How well the theories of exit predict who answers yes, where the evidence has a joint table.
    pub log_scores: Option<LogScores>,
    /// Belief, then exit.
    pub slots: [SlotTournament; 2],
}

/// Quantiles of the simulated wars beyond which a summary is unlike them.
const EXTREME: f64 = 0.001;
/// If more than this share of the summaries is unlike, no theory is named.
const MOST_UNLIKE: f64 = 0.05;

/// A study's table with everything learned from it, ready for records.
pub struct Contest<'a> {
    study: &'a Study,
    table: &'a ReferenceTable,
    columns: Vec<usize>,
    inference: Inference,
}

impl<'a> Contest<'a> {
    /// Learns from a study's table what the study's evidence tells, with the record or without.
    pub fn new(study: &'a Study, table: &'a ReferenceTable, has_record: bool) -> Self {
        let layout = study.layout();
        let record = if has_record { layout.record } else { 0..0 };
        let columns: Vec<usize> = record.chain(layout.evidence.into_iter().flatten()).collect();
        Self { study, table, inference: Inference::new(study, table, &columns), columns }
    }

    /// Puts every theory to one war: its record, if one is known, and what each evidence finds
    /// in it, item by item, as it is compared.
    pub fn of(&self, record: Option<&[SeenEvent]>, evidence: &[Vec<f64>]) -> Tournament {
        let study = self.study;
        let mut summaries = record.map_or_else(Summaries::default, |record| summarise_record(record, &study.setup));
        for (evidence, values) in study.evidence.iter().zip(evidence) {
            for (item, &value) in evidence.items.iter().zip(values) {
                summaries.push(format!("{}: {}", evidence.id, item.id), value);
            }
        }
        let inferred = self.inference.infer(&summaries.values);
        let k = self.inference.n_neighbours();
        let unlike: Vec<String> = summaries
            .names
            .iter()
            .zip(&summaries.values)
            .zip(&self.columns)
            .filter(|&((_, value), column)| is_unlike(self.table, *column, *value))
            .map(|((name, _), _)| name.clone())
            .collect();
        let is_refused = unlike.len() as f64 > MOST_UNLIKE * self.columns.len() as f64;
        let parameters = study
            .priors
            .iter()
            .zip(&inferred.parameters)
            .filter_map(|(prior, positions)| Some((prior.path.clone(), posterior_interval(prior, positions)?)))
            .collect();
        Tournament {
            scenario: study.scenario_id.clone(),
            n_draws: self.table.n_draws(),
            n_neighbours: k,
            n_events: record.map(<[SeenEvent]>::len),
            evidence: study.evidence.iter().map(|evidence| evidence.title.clone()).collect(),
            n_events_simulated: self.table.n_events(),
            n_summaries: self.columns.len(),
            unlike,
            is_refused,
            log_scores: None,
            parameters,
            slots: [
                slot("belief", &study.belief_names(), "fixed", &inferred.beliefs, k, is_refused),
                slot("exit", &study.exit_names(), "constant", &inferred.exits, k, is_refused),
            ],
        }
    }
}

/// Puts every theory to what is known of one war: its record, and what the study's evidence found in it.
pub fn tournament(study: &Study, table: &ReferenceTable, record: Option<&[SeenEvent]>) -> Tournament {
    let found: Vec<Vec<f64>> = study.evidence.iter().map(Evidence::found_as_compared).collect();
    let verdict = Contest::new(study, table, record.is_some()).of(record, &found);
    Tournament { log_scores: log_scores(study, table), ..verdict }
}

/// The posterior of a parameter in its own unit; its 90% interval is the one
/// whose coverage a recovery reports.
fn posterior_interval(prior: &Prior, positions: &[f64]) -> Option<Interval> {
    let interval = Interval::of(positions.iter().map(|&position| prior.value_at(position)))?;
    let (low, high) = interval_90(positions);
    Some(Interval { low_90: prior.value_at(low), high_90: prior.value_at(high), ..interval })
}

/// How tournaments fare on wars whose truth is known and which their table
/// doesn't hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TournamentCheck {
    /// Wars of which so many summaries are unlike the table's that no theory is
    /// named; it should be few, for they come from the same priors.
    pub refused: Frequency,
    /// How often the 90% interval of each parameter held the truth.
    pub coverage_90: Vec<(String, Frequency)>,
    /// Of all wars, those for which a theory of belief, and of exit, is named.
    pub named: [Frequency; 2],
    /// Of those, how often it is the true one.
    pub right: [Frequency; 2],
}

/// Simulates fresh wars from the study's priors and puts each one's record, as
/// it would be given, to a tournament.
///
/// # Errors
/// Where a bound of the engine didn't hold.
pub fn check_tournament(study: &Study, table: &ReferenceTable, n_wars: u32) -> Result<TournamentCheck, BrokenRun> {
    let contest = Contest::new(study, table, true);
    let judge = |number: usize| -> Result<(War, Tournament), BrokenRun> {
        let war = study.fresh_war(number as u32)?;
        let seen = seen_events(&war.record, &study.setup).expect("a simulated record names the scenario's groups");
        let tournament = contest.of(Some(&seen), &war.evidence);
        Ok((war, tournament))
    };
    let judged: Vec<(War, Tournament)> =
        Threads(0).each(n_wars as usize, judge).into_iter().collect::<Result<_, BrokenRun>>()?;
    let count = |is_it: &dyn Fn(&War, &Tournament) -> bool| {
        judged.iter().filter(|(war, tournament)| is_it(war, tournament)).count() as u32
    };
    let coverage = study.priors.iter().enumerate().map(|(at, prior)| {
        let holds = |war: &War, tournament: &Tournament| {
            let interval = &tournament.parameters[at].1;
            (interval.low_90..=interval.high_90).contains(&war.values[at])
        };
        (prior.path.clone(), Frequency::of(count(&holds), n_wars))
    });
    let n_named = [0, 1].map(|slot| count(&|_, tournament| tournament.slots[slot].named.is_some()));
    let (beliefs, exits) = (study.belief_names(), study.exit_names());
    let n_right = [
        count(&|war, tournament| tournament.slots[0].named.as_deref() == Some(beliefs[war.belief])),
        count(&|war, tournament| tournament.slots[1].named.as_deref() == Some(exits[war.exit])),
    ];
    Ok(TournamentCheck {
        refused: Frequency::of(count(&|_, tournament| tournament.is_refused), n_wars),
        coverage_90: coverage.collect(),
        named: n_named.map(|n| Frequency::of(n, n_wars)),
        right: [0, 1].map(|slot| Frequency::of(n_right[slot], n_named[slot])),
    })
}

fn is_unlike(table: &ReferenceTable, column: usize, value: f64) -> bool {
    let n = table.n_draws();
    let n_beyond = |is_beyond: &dyn Fn(f64) -> bool| (0..n).filter(|&draw| is_beyond(table.row(draw)[column])).count();
    let few = EXTREME * n as f64;
    (n_beyond(&|found| found <= value) as f64) < few || (n_beyond(&|found| found >= value) as f64) < few
}

fn slot(slot: &'static str, words: &[&str], null: &str, posterior: &[f64], k: usize, is_alien: bool) -> SlotTournament {
    let of_null = words.iter().position(|&word| word == null).map(|at| posterior[at]);
    let mut contestants: Vec<Contestant> = words
        .iter()
        .zip(posterior)
        .map(|(&theory, &p)| {
            // The probability was a count among the neighbours and one a theory.
            let n = k + words.len();
            let counted = Frequency::of((p * n as f64).round() as u32, n as u32);
            Contestant {
                theory: theory.to_owned(),
                posterior: p,
                low_95: counted.low_95,
                high_95: counted.high_95,
                odds_to_null: of_null.map_or(f64::NAN, |null| p / null),
            }
        })
        .collect();
    contestants.sort_by(|a, b| b.posterior.total_cmp(&a.posterior).then(a.theory.cmp(&b.theory)));
    let named = if is_alien { None } else { named(posterior).map(|at| words[at].to_owned()) };
    SlotTournament { slot, contestants, named }
}
