//! A list of people to browse, in order of number: never a ranking.

use crate::story::{Pick, candidates};
use crate::text::sex_and_age;
use allegiance_model::ids::PersonId;
use allegiance_model::tables::{AllegianceKind, Person, Records, Standing};
use allegiance_record::setting::Setting;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The most people that one list gives.
pub const MAX_PERSONS: usize = 500;

/// What a person is listed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum PersonKind {
    /// Goes over to another group, which takes him in.
    Defector,
    /// Leaves the war.
    Deserter,
    /// Leaves the country.
    Departer,
    /// Serves with his first group until the end.
    Stayer,
    /// Joins a group.
    Joiner,
    /// Is taken prisoner.
    Prisoner,
    /// Dies.
    Dead,
}

impl PersonKind {
    /// Every kind; the first that fits is what somebody is listed as.
    pub const ALL: [Self; 7] =
        [Self::Defector, Self::Deserter, Self::Departer, Self::Dead, Self::Prisoner, Self::Joiner, Self::Stayer];

    /// The kind that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Defector => "defector",
            Self::Deserter => "deserter",
            Self::Departer => "departer",
            Self::Stayer => "stayer",
            Self::Joiner => "joiner",
            Self::Prisoner => "prisoner",
            Self::Dead => "dead",
        }
    }

    /// Everyone of the kind, with the day on which it shows.
    fn people(self, n_days: u32, records: &Records) -> BTreeMap<PersonId, Option<u32>> {
        let of_kind = |kind: AllegianceKind| -> Vec<(u32, PersonId)> {
            let rows = records.allegiance.rows().filter(|row| row.kind == kind);
            rows.map(|row| (row.day.0, row.person)).collect()
        };
        let found = match self {
            Self::Defector => candidates(n_days, records, Pick::Defector),
            Self::Deserter => candidates(n_days, records, Pick::Deserter),
            Self::Departer => candidates(n_days, records, Pick::Departed),
            Self::Stayer => candidates(n_days, records, Pick::Stayer),
            Self::Joiner => candidates(n_days, records, Pick::Joiner),
            Self::Prisoner => of_kind(AllegianceKind::Imprisonment),
            Self::Dead => of_kind(AllegianceKind::Death),
        };
        let mut people: BTreeMap<PersonId, Option<u32>> = BTreeMap::new();
        for (day, person) in found {
            // A stayer's day is that on which an incident by his group first reached
            // him, and none where it never did.
            let day = (day != u32::MAX).then_some(day);
            let first = people.entry(person).or_insert(day);
            *first = (*first).min(day);
        }
        people
    }
}

/// Who is listed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Only people from this place, by its position.
    pub home: Option<u32>,
    /// Only people of this kind.
    pub kind: Option<PersonKind>,
    /// Only people whose first group is this one, by its position.
    pub group: Option<u8>,
    /// Only people of whom it shows on this day or later.
    pub since: Option<u32>,
    /// Only people of whom it shows on this day or earlier.
    pub until: Option<u32>,
    /// Only people of this age on the first day, or older.
    pub from_age: Option<u32>,
    /// Only people of this age on the first day, or younger.
    pub to_age: Option<u32>,
    /// Only foreign people, or only others.
    pub is_foreign: Option<bool>,
    /// Only people of whom the record ever names this rank, a word of the table `allegiance`.
    pub rank: Option<String>,
    /// Only people whose first exit had this strongest factor, a word of the table `allegiance`.
    pub cause: Option<String>,
    /// How many to leave out at the start.
    pub offset: Option<usize>,
    /// At most so many, and never more than [`MAX_PERSONS`].
    pub limit: Option<usize>,
}

/// Some of the people that a filter lets through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct People {
    /// How many it lets through.
    pub n: usize,
    /// Of these, how many are listed as each kind.
    pub by_kind: Vec<(PersonKind, usize)>,
    /// Those that are listed, in order of number.
    pub rows: Vec<PersonRow>,
}

/// A person in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PersonRow {
    /// Number in the replicate.
    pub person: u32,
    /// Home, by its position; none for foreign members.
    pub home: Option<u32>,
    /// Whether the person is foreign.
    pub is_foreign: bool,
    /// First group, by its position.
    pub first_group: Option<u8>,
    /// What the person is listed as.
    pub kind: PersonKind,
    /// The day on which that shows.
    pub day: Option<u32>,
    /// The person in a line.
    pub line: String,
}

/// The people of a replicate that a filter lets through, in order of number.
/// Needs the tables `persons`, `allegiance` and `exposures`.
pub fn persons(setting: &Setting, records: &Records, filter: &Filter) -> People {
    let kinds: Vec<PersonKind> = filter.kind.map_or_else(|| PersonKind::ALL.to_vec(), |kind| vec![kind]);
    let people: Vec<_> = kinds.iter().map(|&kind| (kind, kind.people(setting.n_days, records))).collect();
    let turned = TurnedOut::of(records, filter);
    let mut rows: Vec<Person> =
        records.persons.rows().filter(|row| filter.fits(row) && turned.lets_through(row.person)).collect();
    rows.sort_by_key(|row| row.person);
    let found: Vec<(Person, PersonKind, Option<u32>)> = rows
        .into_iter()
        .filter_map(|row| {
            let (kind, of_kind) = people.iter().find(|(_, of_kind)| of_kind.contains_key(&row.person))?;
            let day = of_kind.get(&row.person).copied().flatten();
            filter.fits_day(day).then_some((row, *kind, day))
        })
        .collect();
    let n_of = |kind: PersonKind| found.iter().filter(|(_, of, _)| *of == kind).count();
    let limit = filter.limit.unwrap_or(MAX_PERSONS).min(MAX_PERSONS);
    let listed = found.iter().skip(filter.offset.unwrap_or(0)).take(limit);
    People {
        n: found.len(),
        by_kind: kinds.iter().map(|&kind| (kind, n_of(kind))).filter(|(_, n)| *n > 0).collect(),
        rows: listed
            .map(|(row, kind, day)| PersonRow {
                person: row.person.0,
                home: row.home.map(|home| home.0),
                is_foreign: row.is_foreign,
                first_group: row.first_group.map(|group| group.0),
                kind: *kind,
                day: *day,
                line: line(setting, row, *kind, *day),
            })
            .collect(),
    }
}

impl Filter {
    fn fits(&self, row: &Person) -> bool {
        self.home.is_none_or(|home| row.home.map(|home| home.0) == Some(home))
            && self.group.is_none_or(|group| row.first_group.map(|group| group.0) == Some(group))
            && self.from_age.is_none_or(|age| row.age >= age)
            && self.to_age.is_none_or(|age| row.age <= age)
            && self.is_foreign.is_none_or(|is_foreign| row.is_foreign == is_foreign)
    }

    /// Somebody of whom nothing shows on a day is in no span of days.
    fn fits_day(&self, day: Option<u32>) -> bool {
        let is_any = self.since.is_none() && self.until.is_none();
        is_any
            || day.is_some_and(|day| {
                self.since.is_none_or(|since| day >= since) && self.until.is_none_or(|until| day <= until)
            })
    }
}

/// What the table `allegiance` says of people, as far as a filter asks.
struct TurnedOut {
    /// Whom the record names with the rank; none where any will do.
    ranked: Option<BTreeSet<PersonId>>,
    /// Whose first exit had the strongest factor; none where any will do.
    moved: Option<BTreeSet<PersonId>>,
}

impl TurnedOut {
    fn of(records: &Records, filter: &Filter) -> Self {
        let with_rank = |word: &String| {
            let rows = records.allegiance.rows().filter(|row| row.rank.is_some_and(|rank| rank.word() == word));
            rows.map(|row| row.person).collect()
        };
        let with_cause = |word: &String| {
            let mut first: BTreeMap<PersonId, bool> = BTreeMap::new();
            for row in records.allegiance.rows().filter(|row| row.kind.is_exit()) {
                first.entry(row.person).or_insert(row.cause.is_some_and(|cause| cause.word() == word));
            }
            first.into_iter().filter(|(_, is_it)| *is_it).map(|(person, _)| person).collect()
        };
        Self { ranked: filter.rank.as_ref().map(with_rank), moved: filter.cause.as_ref().map(with_cause) }
    }

    fn lets_through(&self, person: PersonId) -> bool {
        let is_in = |set: &Option<BTreeSet<PersonId>>| set.as_ref().is_none_or(|set| set.contains(&person));
        is_in(&self.ranked) && is_in(&self.moved)
    }
}

fn line(setting: &Setting, row: &Person, kind: PersonKind, day: Option<u32>) -> String {
    let who = sex_and_age(row.is_female, row.age);
    let from = row.home.map_or_else(|| "foreign".to_owned(), |home| format!("from {}", setting.place(home).name));
    let group = row.first_group.map(|group| setting.group(group).name.as_str());
    let first = group.map_or_else(String::new, |group| format!(", first with {group}"));
    let on = day.map_or_else(String::new, |day| format!(" on {}", setting.date(day)));
    let deed = match kind {
        PersonKind::Defector => format!("goes over to another group{on}"),
        PersonKind::Deserter => format!("leaves the war{on}"),
        PersonKind::Departer => format!("leaves the country{on}"),
        PersonKind::Stayer => match day {
            Some(_) => format!("serves to the end; an incident by the group first reaches this person{on}"),
            None => "serves to the end; no incident by the group reaches this person".to_owned(),
        },
        PersonKind::Joiner => format!("joins{on}"),
        PersonKind::Prisoner => format!("is taken prisoner{on}"),
        PersonKind::Dead => format!("dies{on}"),
    };
    let is_dead_too = row.standing == Standing::Dead && kind != PersonKind::Dead;
    let end = if is_dead_too { "; dead at the end" } else { "" };
    format!("{who}, {from}{first}; {deed}{end}.")
}
