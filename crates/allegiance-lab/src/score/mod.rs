//! Scores of a run against a record, next to those of baselines.
//!
//! A run that replays a record (observed mode) was given what it is scored
//! against. It is scored, and headed so, and not compared with any baseline.
//!
//! The replicates' reported records are an ensemble forecast of the dead by
//! unit and month. [`score_run`] scores it as the VIEWS prediction challenge
//! 2023/24 scores its forecasts (CRPS, ignorance over bins, interval score), and
//! scores baselines that need no model the same way. A difference to a baseline
//! has an interval over units, which keeps the months of a unit
//! together.
//!
//! An event counts in the month of the middle of its possible days. The record
//! tells which types of violence and which months it holds; others aren't
//! scored. Events known to a governorate at best are left out on both sides.

mod baselines;
mod counts;
mod crps;
mod ignorance;
mod interval;
mod month;
mod output;
mod units;

pub use baselines::Forecaster;
pub use counts::{Class, Placed, Tally};
pub use crps::crps;
pub use ignorance::ignorance;
pub use interval::interval_score;
pub use month::Month;
pub use output::{WriteScoresError, write_scores};
pub use units::Level;

use allegiance_record::difference::Difference;
use allegiance_record::observe::{RecordRow, Violence};
use allegiance_record::placed::{MissingDeaths, ReplayedSide};
use allegiance_runs::read_run::{FinishedRun, ReadRunError};
use counts::count;
use serde::Serialize;
use units::Units;

/// Why a run couldn't be scored.
#[derive(Debug, thiserror::Error)]
pub enum ScoreError {
    /// The run can't be read.
    #[error(transparent)]
    Run(#[from] ReadRunError),
    /// The run holds no whole month.
    #[error("the run from {start} to {end} holds no whole calendar month; scores need one")]
    NoMonth {
        /// First day of the run.
        start: String,
        /// Last day of the run.
        end: String,
    },
    /// The record holds no event.
    #[error("the record holds no event")]
    NoEvent,
    /// The run and the record share no month.
    #[error("the run holds the months {run}, and the record {record}; they share none")]
    Apart {
        /// The months of the run.
        run: String,
        /// The months of the record.
        record: String,
    },
    /// Months were asked for that aren't there.
    #[error("the months {asked} were asked for; the run and the record share {shared}")]
    Months {
        /// What was asked for.
        asked: String,
        /// What is there.
        shared: String,
    },
    /// No event of the record lies in the scenario.
    #[error(
        "none of the record's events from {months} lies in a {level} of the scenario; is it a record of this country?"
    )]
    Elsewhere {
        /// The months scored.
        months: String,
        /// What a unit is.
        level: &'static str,
    },
}

/// Mean scores over units and months. Lower is better.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Scores {
    /// Continuous ranked probability score, in deaths.
    pub crps: f64,
    /// Ignorance score, in bits.
    pub ignorance: f64,
    /// Interval score at 90%, in deaths.
    pub interval: f64,
}

impl Scores {
    /// The scores of a sorted ensemble.
    fn of(sorted: &[f64], observed: f64) -> Self {
        Self {
            crps: crps(sorted, observed),
            ignorance: ignorance(sorted, observed),
            interval: interval_score(sorted, observed),
        }
    }

    /// The scores in the order of [`SCORE_NAMES`].
    pub fn values(self) -> [f64; 3] {
        [self.crps, self.ignorance, self.interval]
    }

    fn mean(all: &[Self]) -> Self {
        let mean = |part: fn(&Self) -> f64| all.iter().map(part).sum::<f64>() / all.len() as f64;
        Self { crps: mean(|one| one.crps), ignorance: mean(|one| one.ignorance), interval: mean(|one| one.interval) }
    }
}

/// The names of the scores.
pub const SCORE_NAMES: [&str; 3] = ["crps", "ignorance", "interval"];

/// One forecaster on one class of violence at one level.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScoreRow {
    /// What a unit is.
    pub level: Level,
    /// Type of violence.
    pub violence: Class,
    /// Who makes the forecast.
    pub forecaster: Forecaster,
    /// The scores; none where the record's past is too short for the baseline.
    pub scores: Option<Scores>,
    /// Model less baseline for each score, in the order of [`SCORE_NAMES`]:
    /// negative where the model is better. None for the model itself, and for
    /// every baseline of a replay.
    pub model_less_this: Option<[Difference; 3]>,
}

/// One unit in one month under one forecaster.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitMonth {
    /// What a unit is.
    pub level: Level,
    /// Type of violence.
    pub violence: Class,
    /// The month.
    pub month: Month,
    /// The unit: a cell's number, or governorate and district.
    pub unit: String,
    /// Who makes the forecast.
    pub forecaster: Forecaster,
    /// The dead in the record.
    pub observed: f64,
    /// Mean of the ensemble.
    pub mean: f64,
    /// Lower end of its central 90%.
    pub low_90: f64,
    /// Upper end of its central 90%.
    pub high_90: f64,
    /// The scores.
    pub scores: Scores,
}

/// What one level adds up to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LevelSummary {
    /// What a unit is.
    pub level: Level,
    /// Number of units.
    pub n_units: usize,
    /// The events of the record in the months scored, of the types that it holds.
    pub record: Placed,
    /// The reported events of all replicates of the same months and types,
    /// together.
    pub reported: Placed,
}

/// The scores of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunScores {
    /// Whether the run replays a record (mode observed). Its scores then say how
    /// far a replay and the observation model give the record back; they are no
    /// forecast's, and no baseline is compared with them.
    pub is_replay: bool,
    /// By side, the deaths of the replayed record and those that could be placed.
    pub replay: Vec<ReplayedSide>,
    /// The deaths that could not be placed, by side, kind of violence and place.
    pub replay_missing: Vec<MissingDeaths>,
    /// Number of replicates: members of the model's ensemble.
    pub n_replicates: u32,
    /// The first month scored.
    pub first: Month,
    /// The last month scored.
    pub last: Month,
    /// Months of the record before the first one scored.
    pub n_months_before: usize,
    /// Types of violence of which the record holds no event at all.
    #[serde(serialize_with = "as_words")]
    pub absent: Vec<Violence>,
    /// Each level.
    pub levels: Vec<LevelSummary>,
    /// Every score.
    pub rows: Vec<ScoreRow>,
    /// Every unit and month.
    #[serde(skip)]
    pub unit_months: Vec<UnitMonth>,
}

impl RunScores {
    /// What to say before anyone quotes a score.
    pub fn note(&self) -> &'static str {
        if self.is_replay {
            "Not a forecast: the run replays a record (mode observed) and was given its incidents, so baselines aren't \
             compared with it."
        } else {
            "Simulated people: a test of a model against a record, not a forecast."
        }
    }
}

fn as_words<S: serde::Serializer>(types: &[Violence], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(types.iter().map(|violence| violence.word()))
}

/// Scores a run against a record. `from` and `to` narrow the months.
///
/// # Errors
/// See [`ScoreError`].
pub fn score_run(
    run: &FinishedRun,
    record: &[RecordRow],
    from: Option<Month>,
    to: Option<Month>,
) -> Result<RunScores, ScoreError> {
    let (months, record_first) = months_of(run, record, from, to)?;
    let sites = run.sites()?;
    let (types, absent): (Vec<Violence>, Vec<Violence>) =
        Violence::ALL.into_iter().partition(|&violence| record.iter().any(|row| row.violence == violence));
    let mut scores = RunScores {
        is_replay: run.manifest().is_replay(),
        replay: run.manifest().replay.clone(),
        replay_missing: run.manifest().replay_missing.clone(),
        n_replicates: run.manifest().n_replicates,
        first: months.0,
        last: months.1,
        n_months_before: months.0.since(record_first).max(0) as usize,
        absent,
        levels: Vec::new(),
        rows: Vec::new(),
        unit_months: Vec::new(),
    };
    let levels = Level::ALL.map(|level| Units::of(level, &sites));
    let mut panels = Vec::new();
    for units in &levels {
        let mut summary = LevelSummary {
            level: units.level(),
            n_units: units.names().len(),
            record: Placed::default(),
            reported: Placed::default(),
        };
        summary.record.add(record, &types, units, months);
        if summary.record.counted.events == 0 {
            let months = format!("{} to {}", months.0, months.1);
            return Err(ScoreError::Elsewhere { months, level: units.level().word() });
        }
        scores.levels.push(summary);
        let classes = std::iter::once(Class::All).chain(types.iter().map(|&violence| Class::Of(violence)));
        panels.extend(classes.map(|class| Panel {
            class,
            units,
            first: months.0,
            observed: count(record, &types, class, units, months),
            past: count(record, &types, class, units, (record_first, months.0.plus(-1))),
            simulated: Vec::new(),
        }));
    }
    // One replicate at a time is held in memory.
    for replicate in run.replicates() {
        let rows = run.reported(replicate)?;
        for (units, summary) in levels.iter().zip(&mut scores.levels) {
            summary.reported.add(&rows, &types, units, months);
        }
        for panel in &mut panels {
            panel.simulated.push(count(&rows, &types, panel.class, panel.units, months));
        }
    }
    for panel in &panels {
        panel.score(&mut scores);
    }
    Ok(scores)
}

/// The months to score, and the first month of the record.
fn months_of(
    run: &FinishedRun,
    record: &[RecordRow],
    from: Option<Month>,
    to: Option<Month>,
) -> Result<((Month, Month), Month), ScoreError> {
    let (start, end) = (run.date(0), run.date(run.manifest().n_days.saturating_sub(1)));
    let of_run = Month::whole_within(start, end)
        .ok_or_else(|| ScoreError::NoMonth { start: start.to_string(), end: end.to_string() })?;
    let of_rows = || record.iter().map(|row| Month::of(row.middle()));
    let (Some(first), Some(last)) = (of_rows().min(), of_rows().max()) else {
        return Err(ScoreError::NoEvent);
    };
    let text = |(from, to): (Month, Month)| format!("{from} to {to}");
    let shared = (of_run.0.max(first), of_run.1.min(last));
    if shared.0 > shared.1 {
        return Err(ScoreError::Apart { run: text(of_run), record: text((first, last)) });
    }
    let asked = (from.unwrap_or(shared.0), to.unwrap_or(shared.1));
    if asked.0 > asked.1 || asked.0 < shared.0 || asked.1 > shared.1 {
        return Err(ScoreError::Months { asked: text(asked), shared: text(shared) });
    }
    Ok((asked, first))
}

/// Observed and simulated counts of one class at one level.
struct Panel<'a> {
    class: Class,
    units: &'a Units,
    first: Month,
    /// Shape: (month, unit).
    observed: Vec<Vec<f64>>,
    /// Shape: (month, unit), the oldest first.
    past: Vec<Vec<f64>>,
    /// Shape: (replicate, month, unit).
    simulated: Vec<Vec<Vec<f64>>>,
}

impl Panel<'_> {
    /// Scores the model and every baseline.
    fn score(&self, scores: &mut RunScores) {
        let level = self.units.level();
        let model: Vec<Vec<Vec<f64>>> = (0..self.observed.len()).map(|month| self.of_replicates(month)).collect();
        let model = self.score_ensembles(Forecaster::Model, |month, unit| &model[month][unit], scores);
        scores.rows.push(ScoreRow {
            level,
            violence: self.class,
            forecaster: Forecaster::Model,
            scores: Some(Scores::mean(&model)),
            model_less_this: None,
        });
        for forecaster in Forecaster::BASELINES {
            let ensembles = baselines::ensembles(forecaster, &self.past, self.units.names().len());
            let found = ensembles.map(|ensembles| {
                let by_unit = self.score_ensembles(forecaster, |_, unit| &ensembles[unit], scores);
                let differences = [0, 1, 2].map(|at| {
                    let values = |all: &[Scores]| all.iter().map(|one| one.values()[at]).collect::<Vec<f64>>();
                    Difference::between(&values(&by_unit), &values(&model)).expect("a level has units")
                });
                (Scores::mean(&by_unit), differences)
            });
            scores.rows.push(ScoreRow {
                level,
                violence: self.class,
                forecaster,
                scores: found.map(|(mean, _)| mean),
                model_less_this: found.filter(|_| !scores.is_replay).map(|(_, differences)| differences),
            });
        }
    }

    /// The sorted counts of the replicates in a month, by unit.
    fn of_replicates(&self, month: usize) -> Vec<Vec<f64>> {
        let of_unit = |unit: usize| {
            let mut counts: Vec<f64> = self.simulated.iter().map(|replicate| replicate[month][unit]).collect();
            counts.sort_by(f64::total_cmp);
            counts
        };
        (0..self.units.names().len()).map(of_unit).collect()
    }

    /// Mean scores by unit; adds the rows of every unit and month.
    fn score_ensembles<'e>(
        &self,
        forecaster: Forecaster,
        ensemble: impl Fn(usize, usize) -> &'e Vec<f64>,
        scores: &mut RunScores,
    ) -> Vec<Scores> {
        let mut by_unit = Vec::with_capacity(self.units.names().len());
        for (unit, name) in self.units.names().iter().enumerate() {
            let mut of_months = Vec::with_capacity(self.observed.len());
            for (month, observed) in self.observed.iter().enumerate() {
                let members = ensemble(month, unit);
                let found = Scores::of(members, observed[unit]);
                of_months.push(found);
                let end =
                    |p: f64| allegiance_record::intervals::quantile(members, p).expect("an ensemble has a member");
                scores.unit_months.push(UnitMonth {
                    level: self.units.level(),
                    violence: self.class,
                    month: self.first.plus(month as i32),
                    unit: name.clone(),
                    forecaster,
                    observed: observed[unit],
                    mean: members.iter().sum::<f64>() / members.len() as f64,
                    low_90: end(interval::ALPHA / 2.0),
                    high_90: end(1.0 - interval::ALPHA / 2.0),
                    scores: found,
                });
            }
            by_unit.push(Scores::mean(&of_months));
        }
        by_unit
    }
}
