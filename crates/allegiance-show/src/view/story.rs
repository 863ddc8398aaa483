//! A person's story with what a drawing needs beside it.

use crate::story::{Story, TellStoryError, stayer_beside, tell};
use allegiance_model::ids::PersonId;
use allegiance_model::tables::{AllegianceKind, Belief, Person, Records};
use allegiance_record::setting::Setting;
use serde::Serialize;
use std::collections::BTreeMap;

/// Conviction at a moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ConvictionPoint {
    /// The day.
    pub day: u32,
    /// Conviction, log-odds.
    pub value: f64,
    /// What shows it: `before_exposure`, `exposure`, `sample`, or the kind of a
    /// turn of allegiance.
    pub kind: &'static str,
}

/// How far a source is trusted at a moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TrustPoint {
    /// The source: `own_command`, `kin`, `rivals` or `outside_media`.
    pub source: &'static str,
    /// Posterior probability that it is honest.
    pub value: f64,
    /// The day.
    pub day: u32,
}

/// What ties people to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Relation {
    /// They are of one household.
    Household,
    /// They are of one clan, and not of one household.
    Clan,
    /// The record names them in the unit that it first names him in.
    Unit,
}

/// How many people of a relation belong to a group at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Tie {
    /// The relation.
    pub relation: Relation,
    /// The group at the end, by its position; none for civilians, leavers and
    /// the dead.
    pub group: Option<u8>,
    /// How many, of those whom history touched.
    pub n: u32,
}

/// A person's story.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StoryView {
    /// The story.
    pub story: Story,
    /// Conviction over time, in order of day.
    pub conviction: Vec<ConvictionPoint>,
    /// Trust in each source over time; the record holds it of sampled members,
    /// and the server works it out for others on request.
    pub trust: Vec<TrustPoint>,
    /// Kin and comrades by the group that they end with.
    pub ties: Vec<Tie>,
    /// A member of the same home and first group who stayed to the end.
    pub stayer: Option<u32>,
}

impl StoryView {
    /// That of a person in a record, which needs all tables but `groups` and
    /// `displacement`.
    ///
    /// # Errors
    /// [`TellStoryError`]: nobody has the number, or history didn't touch the person.
    pub fn of(setting: &Setting, records: &Records, replicate: u32, person: PersonId) -> Result<Self, TellStoryError> {
        Ok(Self {
            story: tell(setting, records, replicate, person)?,
            conviction: conviction(records, person),
            trust: trust(records, person),
            ties: ties(records, person),
            stayer: stayer_beside(records, person).map(|stayer| stayer.0),
        })
    }
}

impl ConvictionPoint {
    /// Whether it's of the moment at which somebody left his group.
    pub fn is_exit(&self) -> bool {
        AllegianceKind::from_word(self.kind).is_some_and(AllegianceKind::is_exit)
    }
}

fn conviction(records: &Records, person: PersonId) -> Vec<ConvictionPoint> {
    let mut points = Vec::new();
    for row in records.exposures.rows().filter(|row| row.person == person) {
        let day = row.day.0;
        points.push(ConvictionPoint { day, value: row.conviction_before, kind: "before_exposure" });
        points.push(ConvictionPoint { day, value: row.conviction_after, kind: "exposure" });
    }
    for row in records.allegiance.rows().filter(|row| row.person == person) {
        let at_turn = row.conviction.map(|value| ConvictionPoint { day: row.day.0, value, kind: row.kind.word() });
        points.extend(at_turn);
    }
    let samples = records.beliefs.rows().filter(|row| row.person == person);
    points.extend(samples.map(|row| ConvictionPoint { day: row.day.0, value: row.conviction, kind: "sample" }));
    // Within a day: news, then decisions, then the sample of the evening.
    points.sort_by_key(|point| point.day);
    points
}

fn trust(records: &Records, person: PersonId) -> Vec<TrustPoint> {
    trust_of(records.beliefs.rows().filter(|row| row.person == person))
}

/// How far somebody trusts each source, from looks at what he believes.
pub fn trust_of(looks: impl Iterator<Item = Belief>) -> Vec<TrustPoint> {
    looks
        .flat_map(|row| {
            [
                ("own_command", row.honesty_own_command),
                ("kin", row.honesty_kin),
                ("rivals", row.honesty_rivals),
                ("outside_media", row.honesty_outside_media),
            ]
            .map(|(source, value)| TrustPoint { source, value, day: row.day.0 })
        })
        .collect()
}

fn ties(records: &Records, person: PersonId) -> Vec<Tie> {
    let Some(own) = records.persons.rows().find(|row| row.person == person) else {
        return Vec::new();
    };
    let is_other = |row: &Person| row.person != person;
    let is_of_household = |row: &Person| own.household.is_some() && row.household == own.household;
    let is_of_clan = |row: &Person| own.clan.is_some() && row.clan == own.clan && !is_of_household(row);
    let comrades = comrades(records, person);
    let mut ties = count(records, Relation::Household, |row| is_other(row) && is_of_household(row));
    ties.extend(count(records, Relation::Clan, |row| is_other(row) && is_of_clan(row)));
    ties.extend(count(records, Relation::Unit, |row| comrades.binary_search(&row.person).is_ok()));
    ties
}

/// Those whom the record names in his first unit, in order of number.
fn comrades(records: &Records, person: PersonId) -> Vec<PersonId> {
    let turns = || records.allegiance.rows();
    let Some(unit) = turns().find(|row| row.person == person && row.unit.is_some()).and_then(|row| row.unit) else {
        return Vec::new();
    };
    let of_unit = turns().filter(|row| row.unit == Some(unit) && row.person != person);
    let mut comrades: Vec<PersonId> = of_unit.map(|row| row.person).collect();
    comrades.sort_unstable();
    comrades.dedup();
    comrades
}

fn count(records: &Records, relation: Relation, is_tied: impl Fn(&Person) -> bool) -> Vec<Tie> {
    let mut by_group: BTreeMap<Option<u8>, u32> = BTreeMap::new();
    for row in records.persons.rows().filter(|row| is_tied(row)) {
        *by_group.entry(row.group.map(|group| group.0)).or_default() += 1;
    }
    by_group.into_iter().map(|(group, n)| Tie { relation, group, n }).collect()
}
