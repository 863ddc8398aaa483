//! The outcome measures, with their units and meanings.

use super::OutcomeInput;
use crate::summary::GroupOutcome;
use allegiance_model::ids::GroupId;
use allegiance_model::tables::{AllegianceKind, Cause, IncidentKind};

/// A measure of the whole war.
#[derive(Debug)]
pub struct WarMeasure {
    /// Its name.
    pub name: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Its value in a replicate.
    pub value: fn(&OutcomeInput<'_>) -> f64,
}

/// A measure of one group.
#[derive(Debug)]
pub struct GroupMeasure {
    /// Its name, which follows `groups.ID.`.
    pub name: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Its value in a replicate.
    pub value: fn(&OutcomeInput<'_>, GroupId) -> f64,
}

const fn war(
    name: &'static str,
    unit: &'static str,
    meaning: &'static str,
    value: fn(&OutcomeInput<'_>) -> f64,
) -> WarMeasure {
    WarMeasure { name, unit, meaning, value }
}

const fn group(
    name: &'static str,
    unit: &'static str,
    meaning: &'static str,
    value: fn(&OutcomeInput<'_>, GroupId) -> f64,
) -> GroupMeasure {
    GroupMeasure { name, unit, meaning, value }
}

/// The measures of the whole war, beside those of exits.
pub const WAR_MEASURES: &[WarMeasure] = &[
    war("deaths", "persons", "deaths of members and civilians", |v| f64::from(v.summary.deaths())),
    war("deaths_civilians", "persons", "civilians killed by the groups", |v| total(v, |g| g.civilians_killed)),
    war("deaths_members", "persons", "members killed", |v| total(v, |g| g.dead)),
    war("joins", "persons", "times that somebody joined a group", |v| total(v, |g| g.joined)),
    war("desertions", "persons", "members who deserted", |v| total(v, |g| g.deserted)),
    war("defections", "persons", "members who defected to another group", |v| total(v, |g| g.defected)),
    war("departures", "persons", "members who left the country", |v| total(v, |g| g.departed)),
    war("complaints", "complaints", "complaints of members to their commanders", |v| {
        f64::from(v.summary.n_of(AllegianceKind::Voice))
    }),
    war("assaults", "incidents", "assaults on places", |v| incidents(v, IncidentKind::Assault, None)),
    war("reprisals", "incidents", "reprisals against leavers and their kin", |v| {
        incidents(v, IncidentKind::Reprisal, None)
    }),
    war("people_away_end", "persons", "inhabitants away from home at the end", |v| {
        f64::from(v.summary.people_away_end)
    }),
];

/// The measures of one group, beside those of exits.
pub const GROUP_MEASURES: &[GroupMeasure] = &[
    group("members_end", "persons", "active members at the end", |v, g| f64::from(of(v, g).members_end)),
    group("members_kept", "share", "active members at the end over those at the start", |v, g| {
        f64::from(of(v, g).members_end) / f64::from(of(v, g).members_start)
    }),
    group("ended", "share", "1 where it has no active members at the end, else 0", |v, g| {
        if of(v, g).members_end == 0 { 1.0 } else { 0.0 }
    }),
    group("foreign_end", "persons", "active foreign members at the end", |v, g| f64::from(of(v, g).foreign_end)),
    group("dead", "persons", "members killed", |v, g| f64::from(of(v, g).dead)),
    group("joined", "persons", "joined", |v, g| f64::from(of(v, g).joined)),
    group("deserted", "persons", "deserted", |v, g| f64::from(of(v, g).deserted)),
    group("defected", "persons", "defected to another group", |v, g| f64::from(of(v, g).defected)),
    group("departed", "persons", "left the country", |v, g| f64::from(of(v, g).departed)),
    group(
        "left_with_unit",
        "persons",
        "of those who deserted, defected and left the country, those who did because their unit did",
        with_unit,
    ),
    group("arrived", "persons", "taken in from another group", |v, g| f64::from(of(v, g).arrived)),
    group("civilians_killed", "persons", "civilians that it killed", |v, g| f64::from(of(v, g).civilians_killed)),
    group("assaults", "incidents", "assaults that it made", |v, g| incidents(v, IncidentKind::Assault, Some(g))),
    group("control_end", "share", "share of control at the end, weighted by population", |v, g| {
        control(v, g, |governorate| &governorate.end)
    }),
    group("control_change", "share", "share of control at the end less that at the start", |v, g| {
        control(v, g, |governorate| &governorate.end) - control(v, g, |governorate| &governorate.start)
    }),
    group("conviction_end", "log-odds", "mean conviction of its sampled members on the last sampled day", conviction),
];

fn of<'a>(view: &'a OutcomeInput<'_>, group: GroupId) -> &'a GroupOutcome {
    &view.summary.groups[group.idx()]
}

fn total(view: &OutcomeInput<'_>, value: fn(&GroupOutcome) -> u32) -> f64 {
    f64::from(view.summary.groups.iter().map(value).sum::<u32>())
}

fn incidents(view: &OutcomeInput<'_>, kind: IncidentKind, by: Option<GroupId>) -> f64 {
    let rows = view.records.incidents.rows();
    rows.filter(|row| row.kind == kind && by.is_none_or(|group| row.perpetrator == group)).count() as f64
}

/// Share of control over all places, weighted by their population.
fn control(
    view: &OutcomeInput<'_>,
    group: GroupId,
    shares: fn(&crate::summary::GovernorateControl) -> &Vec<f64>,
) -> f64 {
    let (mut people, mut held) = (0.0, 0.0);
    for governorate in &view.summary.governorates {
        let places = view.setup.places.iter().filter(|place| place.governorate == governorate.name);
        let population: f64 = places.map(|place| f64::from(place.population)).sum();
        people += population;
        held += population * shares(governorate)[group.idx()];
    }
    held / people
}

/// Members who left a group because their unit gave up, passed to an ally or broke away.
fn with_unit(view: &OutcomeInput<'_>, group: GroupId) -> f64 {
    let rows = view.records.allegiance.rows();
    rows.filter(|row| row.group == Some(group) && row.cause == Some(Cause::WithUnit)).count() as f64
}

fn conviction(view: &OutcomeInput<'_>, group: GroupId) -> f64 {
    let last = view.records.beliefs.day.iter().max();
    let rows = view.records.beliefs.rows().filter(|row| row.group == group && Some(&row.day) == last);
    let convictions: Vec<f64> = rows.map(|row| row.conviction).collect();
    convictions.iter().sum::<f64>() / convictions.len() as f64
}
