//! But-for: what would have become of a person, and of the war, without one
//! incident or one exposure.
//!
//! The replicate is simulated again up to the day of the incident. From the
//! moment at which the day's incidents have happened and it is settled who
//! hears of them, many futures are drawn: each once with the incident and once
//! without, on the same luck. So the past is that of the run, the future isn't
//! only the one that came about, and the two differ in the incident alone.
//! The person's own decision of that day belongs to the future.
//!
//! # Source
//! Pearl (2009), Causality, chapter 7: keep what led up to it, change one
//! thing, predict. The probability reported is that of leaving in each world,
//! not the probability of causation, which no such pair identifies.

mod text;

pub use text::render_but_for;

use crate::intervals::{Frequency, newcombe_paired};
use crate::outcomes::{Outcome, is_exit, measure_outcomes};
use crate::difference::Difference;
use crate::nothing::NothingDiffers;
use crate::output::digest::digest_of_outcome;
use crate::progress::{Silent, WorkProgress};
use allegiance_model::ids::{IncidentId, PersonId};
use allegiance_model::setup::Setup;
use allegiance_model::tables::{AllegianceKind, Incident, IncidentKind, Records};
use allegiance_model::{Model, World};
use rayon::prelude::*;
use serde::Serialize;

/// What is taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenOut {
    /// The incident.
    Incident(IncidentId),
    /// The incident's reaching this person, first on this day.
    Exposure(IncidentId, u32),
}

/// A question of but-for.
#[derive(Debug)]
pub struct ButForInput<'a> {
    /// What the run's engine was given.
    pub setup: &'a Setup,
    /// The replicate.
    pub replicate: u32,
    /// The person.
    pub person: PersonId,
    /// What is taken out.
    pub taken_out: TakenOut,
    /// The incident, as the run recorded it.
    pub incident: Incident,
    /// Pairs of futures.
    pub n_futures: u32,
    /// What else is measured.
    pub outcomes: &'a [Outcome],
    /// Threads; 0 is one a core.
    pub threads: usize,
}

/// Why the question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ButForError {
    /// The incident can't be taken out alone.
    #[error(
        "incident {incident} is an execution of prisoners, which is part of the assault before it; take that out instead"
    )]
    Execution {
        /// Its number.
        incident: u32,
    },
    /// The history simulated again isn't the run's.
    #[error(
        "the replicate simulated again has another incident {incident} than the run: it was made by another version"
    )]
    OtherHistory {
        /// Its number.
        incident: u32,
    },
    /// The person serves nowhere then.
    #[error("person {person} is no member of a group on day {day}, so there is nothing to leave")]
    NoMember {
        /// The person.
        person: u32,
        /// The day.
        day: u32,
    },
    /// The caller cancelled.
    #[error("cancelled; nothing is kept")]
    Cancelled,
    /// The operating system gave no threads.
    #[error("can't start {threads} threads")]
    Threads {
        /// Number of threads asked for.
        threads: usize,
        /// What the thread pool said.
        source: rayon::ThreadPoolBuildError,
    },
}

/// How often the person left, with and without.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Leaving {
    /// `left`, or how: `deserted`, `defected`, `departed`.
    pub how: &'static str,
    /// Share of the futures with the incident.
    pub with: Frequency,
    /// Share of those without.
    pub without: Frequency,
    /// With minus without.
    pub difference: f64,
    /// Lower end of its 95% interval.
    pub low: f64,
    /// Upper end of its 95% interval.
    pub high: f64,
}

/// What else the incident changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WarChange {
    /// The outcome.
    pub outcome: String,
    /// Its unit.
    pub unit: String,
    /// From without to with, paired; empty where it exists in no pair.
    pub difference: Option<Difference>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ButFor {
    /// Pairs of futures.
    pub n_futures: u32,
    /// The day on which they branch off.
    pub day: u32,
    /// Leaving his group by the end, and how.
    pub leaving: Vec<Leaving>,
    /// Where nothing but the incident itself differs in any pair of futures.
    pub nothing_differs: Option<NothingDiffers>,
    /// Whether he died, with and without.
    pub died: Leaving,
    /// The war.
    pub war: Vec<WarChange>,
}

/// What became of the person and the war in one future.
struct Future {
    left: Option<AllegianceKind>,
    died: bool,
    outcomes: Vec<f64>,
    digest: String,
}

/// Answers a question of but-for.
///
/// # Errors
/// See [`ButForError`].
pub fn but_for(input: &ButForInput<'_>) -> Result<ButFor, ButForError> {
    but_for_followed(input, &Silent)
}

/// The same for a caller who follows the pairs of futures, and may cancel.
///
/// # Errors
/// See [`ButForError`].
pub fn but_for_followed(input: &ButForInput<'_>, progress: &dyn WorkProgress) -> Result<ButFor, ButForError> {
    progress.begin(u64::from(input.n_futures), 0);
    let number = input.incident.incident;
    if input.incident.kind == IncidentKind::Execution {
        return Err(ButForError::Execution { incident: number.0 });
    }
    let world = World::build(input.setup.clone());
    let day = match input.taken_out {
        TakenOut::Incident(_) => input.incident.day.0,
        TakenOut::Exposure(_, day) => day,
    };
    let mut model = Model::new(&world, input.replicate);
    while model.day() < day {
        model.step();
    }
    check_history(input, &model)?;
    let first = turn_day(input, day);
    if !is_member(&model, input.person) {
        return Err(ButForError::NoMember { person: input.person.0, day });
    }
    let live_both = |number: u32| -> Option<[Future; 2]> {
        if progress.is_cancelled() {
            return None;
        }
        let pair = [false, true].map(|is_without| live_on(input, &model, (first, number), is_without));
        progress.piece_done();
        Some(pair)
    };
    let pairs: Option<Vec<[Future; 2]>> = if input.threads == 1 {
        // Without a pool, for hosts that have no threads.
        (1..=input.n_futures).map(live_both).collect()
    } else {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(input.threads)
            .build()
            .map_err(|source| ButForError::Threads { threads: input.threads, source })?;
        pool.install(|| (1..=input.n_futures).into_par_iter().map(live_both).collect())
    };
    let pairs = pairs.ok_or(ButForError::Cancelled)?;
    Ok(answer(input, first, &pairs))
}

/// The incident that a person's question is usually about: the one behind his
/// first exit, or else the first that reached him.
pub fn usual_incident(records: &Records, person: PersonId) -> Option<IncidentId> {
    let mut exits = records.allegiance.rows().filter(|row| row.person == person && is_exit(row.kind));
    let behind = exits.next().and_then(|row| row.incident);
    behind.or_else(|| {
        let mut exposures = records.exposures.rows();
        exposures.find(|row| row.person == person).map(|row| row.incident)
    })
}

/// The day in whose news the futures begin: an incident of the evening is
/// told on the next day.
fn turn_day(input: &ButForInput<'_>, day: u32) -> u32 {
    let is_of_the_evening = input.incident.kind == IncidentKind::Reprisal;
    day + u32::from(is_of_the_evening && matches!(input.taken_out, TakenOut::Incident(_)))
}

/// Whether the history up to here, and the incident, are those of the run.
fn check_history(input: &ButForInput<'_>, model: &Model<'_>) -> Result<(), ButForError> {
    let mut ahead = model.clone();
    if ahead.day() <= input.incident.day.0 {
        ahead.step();
    }
    let records = ahead.into_records();
    let found = records.incidents.rows().find(|row| row.incident == input.incident.incident);
    if found != Some(input.incident) {
        return Err(ButForError::OtherHistory { incident: input.incident.incident.0 });
    }
    Ok(())
}

fn is_member(model: &Model<'_>, person: PersonId) -> bool {
    let records = model.clone().into_records();
    let found = records.persons.rows().find(|row| row.person == person);
    found.is_some_and(|row| row.group.is_some())
}

/// One future to the end.
fn live_on(input: &ButForInput<'_>, model: &Model<'_>, (first, number): (u32, u32), is_without: bool) -> Future {
    let mut model = model.clone();
    let from = model.day();
    if is_without {
        match input.taken_out {
            TakenOut::Incident(incident) => model.take_out_incident(incident),
            TakenOut::Exposure(incident, _) => model.take_out_exposure(input.person, incident),
        }
    }
    model.branch_off(first, number);
    while !model.is_finished() {
        model.step();
    }
    let records = model.into_records();
    Future {
        left: first_exit(&records, input.person, from),
        died: records
            .persons
            .rows()
            .any(|row| row.person == input.person && row.standing == allegiance_model::tables::Standing::Dead),
        outcomes: measure_outcomes(input.outcomes, &records, input.setup, input.replicate),
        digest: digest_of_outcome(&records),
    }
}

/// How the person first left, from a day on.
fn first_exit(records: &Records, person: PersonId, from: u32) -> Option<AllegianceKind> {
    let mut rows = records.allegiance.rows().filter(|row| row.person == person && row.day.0 >= from);
    rows.find(|row| is_exit(row.kind)).map(|row| row.kind)
}

fn answer(input: &ButForInput<'_>, day: u32, pairs: &[[Future; 2]]) -> ButFor {
    let how_often = |how: &'static str, is_so: &dyn Fn(&Future) -> bool| {
        let both: Vec<[bool; 2]> = pairs.iter().map(|[with, without]| [is_so(with), is_so(without)]).collect();
        let n = both.len() as u32;
        let count = |at: usize| both.iter().filter(|pair| pair[at]).count() as u32;
        let (with, without) = (Frequency::of(count(0), n), Frequency::of(count(1), n));
        let (low, high) = newcombe_paired(&both);
        Leaving { how, with, without, difference: with.share - without.share, low, high }
    };
    let left_by = |how, kind| how_often(how, &move |future| future.left == Some(kind));
    let column = |at: usize, outcome: usize| pairs.iter().map(|pair| pair[at].outcomes[outcome]).collect::<Vec<f64>>();
    let digests = |at: usize| pairs.iter().map(|pair| pair[at].digest.clone()).collect::<Vec<String>>();
    ButFor {
        n_futures: input.n_futures,
        day,
        nothing_differs: NothingDiffers::between([&digests(0), &digests(1)], None),
        leaving: vec![
            how_often("left", &|future| future.left.is_some()),
            left_by("deserted", AllegianceKind::Desertion),
            left_by("defected", AllegianceKind::Defection),
            left_by("departed", AllegianceKind::Departure),
        ],
        died: how_often("died", &|future| future.died),
        war: input
            .outcomes
            .iter()
            .enumerate()
            .map(|(at, outcome)| WarChange {
                outcome: outcome.name.clone(),
                unit: outcome.unit.to_owned(),
                difference: Difference::between(&column(1, at), &column(0, at)),
            })
            .collect(),
    }
}
