//! What the summary of a run keeps of each replicate: a few kilobytes, taken
//! once from its record.

use crate::exits::exits_among;
use crate::observe::ReportedEvent;
use crate::placed::DeathsBySide;
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::setup::Setup;
use allegiance_model::tables::{Allegiance, AllegianceKind, Cause, Incident, IncidentKind, Outcome, Records};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// One group in one replicate.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct GroupOutcome {
    /// Members on the first day, from the scenario.
    pub members_start: u32,
    /// Active members at the end of each week, and of the last day.
    pub members_by_week: Vec<u32>,
    /// Active members at the end.
    pub members_end: u32,
    /// Of these, foreign ones.
    pub foreign_end: u32,
    /// Members killed.
    pub dead: u32,
    /// Of the killed, in combat: those of no other class.
    pub dead_combat: u32,
    /// Of the killed, by strikes.
    pub dead_strikes: u32,
    /// Of the killed, from wounds.
    pub dead_wounds: u32,
    /// Of the killed, executed as prisoners.
    pub executed_by_enemy: u32,
    /// Of the killed, executed by their own group for leaving.
    pub executed_by_own: u32,
    /// Joined.
    pub joined: u32,
    /// Deserted.
    pub deserted: u32,
    /// Defected.
    pub defected: u32,
    /// Left the country.
    pub departed: u32,
    /// Taken in from another group.
    pub arrived: u32,
    /// Caught while leaving.
    pub captured: u32,
    /// Civilians killed by the group.
    pub civilians_killed: u32,
}

/// Who controls a governorate, by share of its population.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GovernorateControl {
    /// Its name.
    pub name: String,
    /// Share of each group at the start. Shape: `(n_groups,)`.
    pub start: Vec<f64>,
    /// Share of each group at the end. Shape: `(n_groups,)`.
    pub end: Vec<f64>,
}

/// Defections from one group to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switch {
    /// Position of the group left.
    pub from: u8,
    /// Position of the group turned to.
    pub to: u8,
    /// How many.
    pub n: u32,
}

/// How often something happened for some reason, or with some outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// What happened.
    pub kind: String,
    /// The reason, or the outcome; empty where none is recorded.
    pub by: String,
    /// How often.
    pub n: u32,
}

/// What the summary keeps of one replicate.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReplicateSummary {
    /// The groups, in the order of the scenario.
    pub groups: Vec<GroupOutcome>,
    /// Deaths of members and civilians on each day. Shape: `(n_days,)`.
    pub deaths_by_day: Vec<u32>,
    /// Control by governorate, in alphabetic order.
    pub governorates: Vec<GovernorateControl>,
    /// Defections by pair of groups, without those who were turned away.
    pub switches: Vec<Switch>,
    /// Joins and exits by cause, each exit once, as what it became.
    pub causes: Vec<Tally>,
    /// Complaints, answers, settlements and arrivals by outcome.
    pub outcomes: Vec<Tally>,
    /// Places where people were killed in incidents, the deadliest first: position and number of deaths.
    pub deadliest_places: Vec<(u32, u32)>,
    /// People away from home at the end.
    pub people_away_end: u32,
    /// Incidents with at least one dead.
    pub n_deadly_incidents: u32,
    /// Events reported.
    pub n_reported: u32,
    /// Deaths reported (best).
    pub deaths_reported: u32,
    /// In observed mode, the deaths of the record that were placed.
    #[serde(default)]
    pub replayed: Option<DeathsBySide>,
}

/// What a join or an exit is counted under: the word of its cause.
pub fn strongest_factor(row: &Allegiance) -> &'static str {
    row.cause.map_or("", Cause::word)
}

impl ReplicateSummary {
    /// The summary of a record and of what was reported of it.
    pub fn of(records: &Records, setup: &Setup, reported: &[ReportedEvent]) -> Self {
        let joins_and_exits = exits_among(records, |kind| kind == AllegianceKind::Join);
        let with_outcome = records.allegiance.rows().filter(|row| has_outcome(row.kind));
        Self {
            groups: group_outcomes(records, setup),
            deaths_by_day: deaths_by_day(records, setup),
            governorates: governorates(records, setup),
            switches: switches(&joins_and_exits),
            causes: tally(joins_and_exits.iter().map(|row| (row.kind, strongest_factor(row)))),
            outcomes: tally(with_outcome.map(|row| (row.kind, row.outcome.map_or("", Outcome::word)))),
            deadliest_places: deadliest_places(records),
            people_away_end: people_away_end(records),
            n_deadly_incidents: records.incidents.rows().filter(|incident| n_dead(incident) > 0).count() as u32,
            n_reported: reported.len() as u32,
            deaths_reported: reported.iter().map(ReportedEvent::best).sum(),
            replayed: DeathsBySide::replayed(records, setup),
        }
    }

    /// All deaths of the replicate: of members, in combat, by strikes, of wounds
    /// or executed by either side, and of civilians killed by a group.
    pub fn deaths(&self) -> u32 {
        self.deaths_by_day.iter().sum()
    }

    /// Deaths on some days, as far as the run has them.
    pub fn deaths_in(&self, days: std::ops::Range<usize>) -> u32 {
        let until = days.end.min(self.deaths_by_day.len());
        self.deaths_by_day[days.start.min(until)..until].iter().sum()
    }

    /// How often a kind of turn happened, whatever its cause or outcome.
    pub fn n_of(&self, kind: AllegianceKind) -> u32 {
        let of_kind = |tallies: &[Tally]| -> u32 {
            tallies.iter().filter(|tally| tally.kind == kind.word()).map(|tally| tally.n).sum()
        };
        of_kind(&self.causes) + of_kind(&self.outcomes)
    }
}

fn n_dead(incident: &Incident) -> u32 {
    incident.dead_perpetrator + incident.dead_target + incident.dead_civilians
}

fn has_outcome(kind: AllegianceKind) -> bool {
    matches!(
        kind,
        AllegianceKind::Voice | AllegianceKind::Answer | AllegianceKind::Settlement | AllegianceKind::Arrival
    )
}

fn group_outcomes(records: &Records, setup: &Setup) -> Vec<GroupOutcome> {
    let mut groups: Vec<GroupOutcome> = setup
        .groups
        .iter()
        .map(|group| GroupOutcome {
            members_start: group.members,
            members_end: group.members,
            ..GroupOutcome::default()
        })
        .collect();
    let last_day = setup.n_days.saturating_sub(1);
    for row in records.groups.rows() {
        let group = &mut groups[row.group.idx()];
        if row.day.0 % 7 == 6 || row.day.0 == last_day {
            group.members_by_week.push(row.n_members);
        }
        group.members_end = row.n_members;
        group.foreign_end = row.n_foreign;
        group.dead = row.dead;
        group.executed_by_enemy = row.executed_by_enemy;
        group.executed_by_own = row.executed_by_own;
        group.joined = row.joined;
        group.deserted = row.deserted;
        group.defected = row.defected;
        group.departed = row.departed;
        group.arrived = row.arrived;
        group.civilians_killed = row.civilians_killed;
    }
    for incident in records.incidents.rows().filter(|incident| incident.kind == IncidentKind::Strike) {
        if let Some(target) = incident.target {
            groups[target.idx()].dead_strikes += incident.dead_target;
        }
    }
    for row in records.allegiance.rows() {
        let Some(group) = row.group else { continue };
        let group = &mut groups[group.idx()];
        match (row.kind, row.outcome) {
            (AllegianceKind::Death, Some(Outcome::Wounds)) => group.dead_wounds += 1,
            (AllegianceKind::Capture, _) => group.captured += 1,
            _ => {}
        }
    }
    for group in &mut groups {
        let elsewhere = group.dead_strikes + group.dead_wounds + group.executed_by_enemy + group.executed_by_own;
        group.dead_combat = group.dead.saturating_sub(elsewhere);
    }
    groups
}

/// Daily steps of the cumulative counts of the table `groups`.
fn deaths_by_day(records: &Records, setup: &Setup) -> Vec<u32> {
    let mut cumulative_before = vec![0_u32; setup.n_groups()];
    let mut deaths = vec![0_u32; setup.n_days as usize];
    for row in records.groups.rows() {
        let cumulative = row.dead + row.civilians_killed;
        let before = std::mem::replace(&mut cumulative_before[row.group.idx()], cumulative);
        if let Some(day) = deaths.get_mut(row.day.0 as usize) {
            *day += cumulative.saturating_sub(before);
        }
    }
    deaths
}

fn governorates(records: &Records, setup: &Setup) -> Vec<GovernorateControl> {
    let n_groups = setup.n_groups();
    let start: Vec<Vec<f64>> = setup.places.iter().map(|place| place.control.clone()).collect();
    let mut end = start.clone();
    for row in records.control.rows() {
        if let Some(share) = end[row.place.idx()].get_mut(row.group.idx()) {
            *share = row.share;
        }
    }
    let mut sums: BTreeMap<&str, (f64, Vec<f64>, Vec<f64>)> = BTreeMap::new();
    for (idx, place) in setup.places.iter().enumerate() {
        let people = f64::from(place.population);
        let (total, at_start, at_end) =
            sums.entry(&place.governorate).or_insert_with(|| (0.0, vec![0.0; n_groups], vec![0.0; n_groups]));
        *total += people;
        for group in 0..n_groups {
            at_start[group] += people * start[idx].get(group).copied().unwrap_or(0.0);
            at_end[group] += people * end[idx].get(group).copied().unwrap_or(0.0);
        }
    }
    sums.into_iter()
        .map(|(name, (total, start, end))| {
            let shares = |sums: Vec<f64>| sums.into_iter().map(|sum| sum / total.max(1.0)).collect();
            GovernorateControl { name: name.to_owned(), start: shares(start), end: shares(end) }
        })
        .collect()
}

fn switches(exits: &[Allegiance]) -> Vec<Switch> {
    let mut counts: BTreeMap<(GroupId, GroupId), u32> = BTreeMap::new();
    for row in exits.iter().filter(|row| row.kind == AllegianceKind::Defection) {
        if let (Some(from), Some(to)) = (row.group, row.to_group) {
            *counts.entry((from, to)).or_default() += 1;
        }
    }
    counts.into_iter().map(|((from, to), n)| Switch { from: from.0, to: to.0, n }).collect()
}

/// Counts turns by kind and reason, or outcome.
fn tally(turns: impl Iterator<Item = (AllegianceKind, &'static str)>) -> Vec<Tally> {
    let mut counts: BTreeMap<(AllegianceKind, &'static str), u32> = BTreeMap::new();
    for turn in turns {
        *counts.entry(turn).or_default() += 1;
    }
    counts.into_iter().map(|((kind, by), n)| Tally { kind: kind.word().to_owned(), by: by.to_owned(), n }).collect()
}

fn deadliest_places(records: &Records) -> Vec<(u32, u32)> {
    let mut dead: BTreeMap<PlaceId, u32> = BTreeMap::new();
    for incident in records.incidents.rows().filter(|incident| n_dead(incident) > 0) {
        *dead.entry(incident.place).or_default() += n_dead(&incident);
    }
    let mut ranked: Vec<(u32, u32)> = dead.into_iter().map(|(place, n)| (place.0, n)).collect();
    ranked.sort_by_key(|&(place, n)| (std::cmp::Reverse(n), place));
    ranked
}

fn people_away_end(records: &Records) -> u32 {
    let mut away: BTreeMap<PlaceId, u32> = BTreeMap::new();
    for row in records.displacement.rows() {
        away.insert(row.place, row.people_away);
    }
    away.into_values().sum()
}

/// What a summary is made from.
#[derive(Debug, Clone, Copy)]
pub struct SummaryInput<'a> {
    /// Title of the scenario.
    pub title: &'a str,
    /// Identifier of the scenario.
    pub scenario_id: &'a str,
    /// What the engine was given.
    pub setup: &'a Setup,
    /// What it would have been given without the changes of the user; none
    /// where there are none.
    pub unchanged: Option<&'a Setup>,
    /// The replicates, in their order.
    pub replicates: &'a [ReplicateSummary],
    /// Where the run lies when it is finished; none for a run without a folder.
    pub folder: Option<&'a Path>,
    /// The tables that were written, by name; none for all.
    pub tables: Option<&'a [String]>,
}

impl SummaryInput<'_> {
    /// A count of each replicate.
    pub fn each<'s>(&'s self, value: impl Fn(&ReplicateSummary) -> u32 + 's) -> impl Iterator<Item = f64> + 's {
        self.replicates.iter().map(move |replicate| f64::from(value(replicate)))
    }
}
