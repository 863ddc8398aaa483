//! Which person a story is told of: the first that fits, never the likeliest.

use super::read_story_records;
use allegiance_model::ids::{PersonId, PlaceId};
use allegiance_model::tables::{AllegianceKind, Outcome, Person, Records, Standing};
use allegiance_record::paths::{LAST_STEP, walks};
use allegiance_record::reading::ReadRun;
use std::collections::{BTreeMap, BTreeSet};

/// The kinds of people that can be picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// Walks steps 4 to 12 of the conformance path.
    Path,
    /// Goes over to another group, which takes him in.
    Defector,
    /// Leaves the war.
    Deserter,
    /// Leaves the country.
    Departed,
    /// Serves with his first group until the end; first of all one whom an
    /// incident by that group reached.
    Stayer,
    /// Tries to leave and is caught.
    Captured,
    /// Joins a group.
    Joiner,
}

impl Pick {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Path, Self::Defector, Self::Deserter, Self::Departed, Self::Stayer, Self::Captured, Self::Joiner];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Defector => "defector",
            Self::Deserter => "deserter",
            Self::Departed => "departed",
            Self::Stayer => "stayer",
            Self::Captured => "captured",
            Self::Joiner => "joiner",
        }
    }

    /// The kind of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pick| pick.word() == word)
    }
}

/// The first person of a kind: of the lowest replicate, then of the earliest
/// day, then of the lowest number. `replicate` and `home` narrow the search.
///
/// # Errors
/// Where a table of the run can't be read.
pub fn pick<R: ReadRun>(
    run: &R,
    what: Pick,
    replicate: Option<u32>,
    home: Option<PlaceId>,
) -> Result<Option<(u32, PersonId)>, R::Error> {
    let replicates = replicate.map_or(run.replicates(), |only| only..only.saturating_add(1));
    for replicate in replicates {
        let records = read_story_records(run, replicate)?;
        let homes: BTreeMap<PersonId, Option<PlaceId>> =
            records.persons.rows().map(|row| (row.person, row.home)).collect();
        let lives_there = |person: &PersonId| home.is_none_or(|home| homes.get(person) == Some(&Some(home)));
        let found = candidates(run.manifest().n_days, &records, what)
            .into_iter()
            .filter(|(_, person)| lives_there(person))
            .min();
        if let Some((_, person)) = found {
            return Ok(Some((replicate, person)));
        }
    }
    Ok(None)
}

/// Everyone of a kind in a replicate, with the day on which it shows.
pub(crate) fn candidates(n_days: u32, records: &Records, what: Pick) -> Vec<(u32, PersonId)> {
    let turns = |kind: AllegianceKind| {
        let rows = records.allegiance.rows();
        let of_kind = rows.filter(move |row| row.kind == kind);
        of_kind.map(|row| (row.day.0, row.person)).collect()
    };
    match what {
        Pick::Path => walks(records, n_days)
            .into_iter()
            .filter(|walk| walk.reached == LAST_STEP)
            .map(|walk| (walk.day, walk.person))
            .collect(),
        Pick::Defector => records
            .allegiance
            .rows()
            .filter(|row| row.kind == AllegianceKind::Arrival)
            .filter(|row| matches!(row.outcome, Some(Outcome::TakenIn | Outcome::Watched)))
            .map(|row| (row.day.0, row.person))
            .collect(),
        Pick::Deserter => turns(AllegianceKind::Desertion),
        Pick::Departed => turns(AllegianceKind::Departure),
        Pick::Captured => turns(AllegianceKind::Capture),
        Pick::Joiner => turns(AllegianceKind::Join),
        Pick::Stayer => {
            let reached = days_reached(records);
            let day = |person: PersonId| reached.get(&person).copied().unwrap_or(u32::MAX);
            let persons = records.persons.rows().filter(is_stayer);
            persons.map(|row| (day(row.person), row.person)).collect()
        }
    }
}

/// Whether a person serves at the end with the group that he first belonged to.
fn is_stayer(person: &Person) -> bool {
    person.first_group.is_some()
        && person.group == person.first_group
        && matches!(person.standing, Standing::Active | Standing::Wounded)
}

/// The first day on which an incident by the own group reached each person.
fn days_reached(records: &Records) -> BTreeMap<PersonId, u32> {
    let mut days = BTreeMap::new();
    for row in records.exposures.rows() {
        days.entry(row.person).or_insert(row.day.0);
    }
    days
}

/// The stayer to set beside a leaver: of the same replicate, home and first
/// group; first of all one who never tried to leave, then one whom the same incident
/// reached, then one whom harm
/// by the group reached earliest, then the lowest number.
pub fn stayer_beside(records: &Records, leaver: PersonId) -> Option<PersonId> {
    let leaver = records.persons.rows().find(|row| row.person == leaver)?;
    let exit = records.allegiance.rows().find(|row| row.kind.is_exit() && row.person == leaver.person);
    let incident = exit.and_then(|exit| exit.incident);
    let of_incident = records.exposures.rows().filter(|row| Some(row.incident) == incident);
    let shared: Vec<PersonId> = of_incident.map(|row| row.person).collect();
    let of_capture = records.allegiance.rows().filter(|row| row.kind == AllegianceKind::Capture);
    let caught: BTreeSet<PersonId> = of_capture.map(|row| row.person).collect();
    let reached = days_reached(records);
    let rank = |person: PersonId| {
        let day = reached.get(&person).copied().unwrap_or(u32::MAX);
        (caught.contains(&person), !shared.contains(&person), day, person)
    };
    records
        .persons
        .rows()
        .filter(|row| is_stayer(row) && row.person != leaver.person)
        .filter(|row| row.home == leaver.home && row.first_group == leaver.first_group)
        .map(|row| row.person)
        .min_by_key(|&person| rank(person))
}
