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

use allegiance_model::ids::{IncidentId, PersonId};
use allegiance_model::setup::Setup;
use allegiance_model::tables::{AllegianceKind, Incident, IncidentKind, Records};
use allegiance_model::{Model, SavedModel, World};
use allegiance_record::but_for::{ButFor, ButForInput, Leaving, TakenOut, WarChange, usual_incident};
use allegiance_record::difference::Difference;
use allegiance_record::digest::digest_of_outcome;
use allegiance_record::exits::exits;
use allegiance_record::intervals::{Frequency, newcombe_paired};
use allegiance_record::nothing::NothingDiffers;
use allegiance_record::outcomes::measure_outcomes;
use allegiance_record::spread::Spread;

use crate::history::{BrokenRun, record_of};
use crate::progress::{Silent, WorkProgress};

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
    /// A bound of the engine didn't hold.
    #[error("the engine stopped with a bug")]
    Broken(#[from] BrokenRun),
}

/// What became of the person and the war in one future.
#[derive(Debug)]
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
pub fn but_for(input: &ButForInput<'_>, spread: &impl Spread) -> Result<ButFor, ButForError> {
    but_for_followed(input, spread, &Silent)
}

/// The same for a caller who follows the pairs of futures, and may cancel.
///
/// # Errors
/// See [`ButForError`].
pub fn but_for_followed(
    input: &ButForInput<'_>,
    spread: &impl Spread,
    progress: &dyn WorkProgress,
) -> Result<ButFor, ButForError> {
    progress.begin(u64::from(input.n_futures), 0);
    let world = World::build(input.setup.clone());
    let (model, first) = past(input, &world, progress)?;
    let live_both = |at: usize| pair(input, &model, (first, at), progress);
    let pairs: Result<Vec<[Future; 2]>, ButForError> =
        spread.each(input.n_futures as usize, live_both).into_iter().collect();
    Ok(answer(input, first, &pairs?))
}

/// The replicate up to the incident, checked against the run's, and the day in whose news the futures begin.
fn past<'w>(
    input: &ButForInput<'_>,
    world: &'w World,
    progress: &dyn WorkProgress,
) -> Result<(Model<'w>, u32), ButForError> {
    let number = input.incident.incident;
    if input.incident.kind == IncidentKind::Execution {
        return Err(ButForError::Execution { incident: number.0 });
    }
    let day = match input.taken_out {
        TakenOut::Incident(_) => input.incident.day.0,
        TakenOut::Exposure(_, day) => day,
    };
    let mut model = Model::new(world, input.replicate);
    while model.day() < day {
        if progress.is_cancelled() {
            return Err(ButForError::Cancelled);
        }
        model.step();
    }
    check_history(input, &model)?;
    if !is_member(&model, input)? {
        return Err(ButForError::NoMember { person: input.person.0, day });
    }
    Ok((model, turn_day(input, day)))
}

/// The pair of futures of a position, with the incident and without it.
fn pair(
    input: &ButForInput<'_>,
    model: &Model<'_>,
    (first, at): (u32, usize),
    progress: &dyn WorkProgress,
) -> Result<[Future; 2], ButForError> {
    let number = 1 + at as u32;
    let with = live_on(input, model, (first, number), false, progress)?;
    let without = live_on(input, model, (first, number), true, progress)?;
    progress.piece_done();
    Ok([with, without])
}

/// A question whose futures are drawn some at a time, for a caller on one thread who shows how far it is. Each call is
/// given the same input.
#[derive(Debug)]
pub struct ButForInSteps {
    world: World,
    /// The replicate up to the incident.
    past: SavedModel<'static>,
    first: u32,
    pairs: Vec<[Future; 2]>,
}

impl ButForInSteps {
    /// Simulates up to the incident.
    ///
    /// # Errors
    /// See [`ButForError`].
    pub fn begin(input: &ButForInput<'_>) -> Result<Self, ButForError> {
        let world = World::build(input.setup.clone());
        let (model, first) = past(input, &world, &Silent)?;
        let past = model.into_saved();
        Ok(Self { world, past, first, pairs: Vec::new() })
    }

    /// Pairs of futures drawn so far.
    pub fn n_done(&self) -> usize {
        self.pairs.len()
    }

    /// Draws some more pairs of futures, at most those that are left.
    ///
    /// # Errors
    /// See [`ButForError`].
    pub fn go_on(&mut self, input: &ButForInput<'_>, n: usize) -> Result<(), ButForError> {
        let model = Model::restore(&self.world, input.replicate, self.past.clone());
        let model = model.expect("the state was set aside with its world");
        let last = (self.pairs.len() + n).min(input.n_futures as usize);
        for at in self.pairs.len()..last {
            self.pairs.push(pair(input, &model, (self.first, at), &Silent)?);
        }
        Ok(())
    }

    /// The answer of the pairs drawn; that of [`but_for`] once all are.
    pub fn answer(&self, input: &ButForInput<'_>) -> ButFor {
        answer(input, self.first, &self.pairs)
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum UnansweredError {
    /// The replicate has no such incident.
    #[error("replicate {replicate} has no incident {incident}; it has {n_incidents}, numbered from 0")]
    UnknownIncident {
        /// The incident asked for.
        incident: u32,
        /// The replicate.
        replicate: u32,
        /// How many there are.
        n_incidents: usize,
    },
    /// No incident is behind anything that the person did.
    #[error(
        "no incident of his own group reached person {person} in replicate {replicate}; name the incident to take out"
    )]
    NoIncident {
        /// The person.
        person: u32,
        /// The replicate.
        replicate: u32,
    },
    /// The question can't be simulated.
    #[error(transparent)]
    ButFor(#[from] ButForError),
}

/// Simulates what would have become of a person without an incident, by default
/// the one that his question is usually about; gives the incident, too.
///
/// # Errors
/// See [`UnansweredError`].
pub fn ask_but_for(
    setup: &Setup,
    (records, replicate): (&Records, u32),
    person: PersonId,
    incident: Option<IncidentId>,
    n_futures: u32,
    (spread, progress): (&impl Spread, &dyn WorkProgress),
) -> Result<(Incident, ButFor), UnansweredError> {
    let incident = incident_asked((records, replicate), person, incident)?;
    let found = but_for_followed(&input_of(setup, replicate, person, &incident, n_futures), spread, progress)?;
    Ok((incident, found))
}

/// The incident that a question is about: by default the one that a question about the person usually is.
///
/// # Errors
/// [`UnansweredError`] where there is none.
pub fn incident_asked(
    (records, replicate): (&Records, u32),
    person: PersonId,
    incident: Option<IncidentId>,
) -> Result<Incident, UnansweredError> {
    let number = incident
        .or_else(|| usual_incident(records, person))
        .ok_or(UnansweredError::NoIncident { person: person.0, replicate })?;
    let mut incidents = records.incidents.rows();
    incidents.find(|row| row.incident == number).ok_or(UnansweredError::UnknownIncident {
        incident: number.0,
        replicate,
        n_incidents: records.incidents.incident.len(),
    })
}

/// The question what would have become of a person without an incident.
pub fn input_of<'i>(
    setup: &'i Setup,
    replicate: u32,
    person: PersonId,
    incident: &Incident,
    n_futures: u32,
) -> ButForInput<'i> {
    let taken_out = TakenOut::Incident(incident.incident);
    ButForInput { setup, replicate, person, taken_out, incident: *incident, n_futures, outcomes: &[] }
}

/// The day in whose news the futures begin: an incident of the evening is
/// told on the next day.
fn turn_day(input: &ButForInput<'_>, day: u32) -> u32 {
    let is_of_the_evening = input.incident.kind == IncidentKind::Reprisal;
    day + u32::from(is_of_the_evening && matches!(input.taken_out, TakenOut::Incident(_)))
}

/// Whether an incident as it stands on its day is that of a whole run, which counts those who died of its
/// wounds later.
fn is_same(on_its_day: Incident, in_the_run: Incident) -> bool {
    let Incident { dead_perpetrator, dead_target, .. } = in_the_run;
    on_its_day.dead_perpetrator <= dead_perpetrator
        && on_its_day.dead_target <= dead_target
        && Incident { dead_perpetrator, dead_target, ..on_its_day } == in_the_run
}

/// Whether the history up to here, and the incident, are those of the run.
fn check_history(input: &ButForInput<'_>, model: &Model<'_>) -> Result<(), ButForError> {
    let mut ahead = model.clone();
    if ahead.day() <= input.incident.day.0 {
        ahead.step();
    }
    let records = record_of(ahead, input.replicate)?;
    let found = records.incidents.rows().find(|row| row.incident == input.incident.incident);
    if !found.is_some_and(|found| is_same(found, input.incident)) {
        return Err(ButForError::OtherHistory { incident: input.incident.incident.0 });
    }
    Ok(())
}

fn is_member(model: &Model<'_>, input: &ButForInput<'_>) -> Result<bool, ButForError> {
    let records = record_of(model.clone(), input.replicate)?;
    let found = records.persons.rows().find(|row| row.person == input.person);
    Ok(found.is_some_and(|row| row.group.is_some()))
}

/// One future to the end.
fn live_on(
    input: &ButForInput<'_>,
    model: &Model<'_>,
    (first, number): (u32, u32),
    is_without: bool,
    progress: &dyn WorkProgress,
) -> Result<Future, ButForError> {
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
        if progress.is_cancelled() {
            return Err(ButForError::Cancelled);
        }
        model.step();
    }
    let records = record_of(model, input.replicate)?;
    Ok(Future {
        left: first_exit(&records, input.person, from),
        died: records
            .persons
            .rows()
            .any(|row| row.person == input.person && row.standing == allegiance_model::tables::Standing::Dead),
        outcomes: measure_outcomes(input.outcomes, &records, input.setup, input.replicate),
        digest: digest_of_outcome(&records),
    })
}

/// How the person first left, from a day on.
fn first_exit(records: &Records, person: PersonId, from: u32) -> Option<AllegianceKind> {
    let first = exits(records).into_iter().find(|row| row.person == person && row.day.0 >= from);
    first.map(|row| row.kind)
}

fn answer(input: &ButForInput<'_>, day: u32, pairs: &[[Future; 2]]) -> ButFor {
    let digests = |at: usize| pairs.iter().map(|pair| pair[at].digest.clone()).collect::<Vec<String>>();
    let nothing_differs = NothingDiffers::between([&digests(0), &digests(1)], None);
    let how_often = |how: &'static str, is_so: &dyn Fn(&Future) -> bool| {
        let both: Vec<[bool; 2]> = pairs.iter().map(|[with, without]| [is_so(with), is_so(without)]).collect();
        let n = both.len() as u32;
        let count = |at: usize| both.iter().filter(|pair| pair[at]).count() as u32;
        let (with, without) = (Frequency::of(count(0), n), Frequency::of(count(1), n));
        let (low, high) = nothing_differs.is_none().then(|| newcombe_paired(&both)).unzip();
        Leaving { how, with, without, difference: with.share - without.share, low, high }
    };
    let left_by = |how, kind| how_often(how, &move |future| future.left == Some(kind));
    let column = |at: usize, outcome: usize| pairs.iter().map(|pair| pair[at].outcomes[outcome]).collect::<Vec<f64>>();
    let leaving = vec![
        how_often("left", &|future| future.left.is_some()),
        left_by("deserted", AllegianceKind::Desertion),
        left_by("defected", AllegianceKind::Defection),
        left_by("departed", AllegianceKind::Departure),
    ];
    let died = how_often("died", &|future| future.died);
    ButFor {
        n_futures: input.n_futures,
        day,
        leaving,
        nothing_differs,
        died,
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
