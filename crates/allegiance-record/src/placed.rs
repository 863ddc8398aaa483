//! What a replay (observed mode) could place of the deaths that its record holds.
//!
//! The engine draws the members who die in an event from the units of their
//! side within 60 km, and civilians from those who live in the place. Where a
//! side has nobody in reach, or nobody is left, the record's deaths can't be
//! placed. Whoever reads a replay must know how many deaths are missing from it, of
//! whom, in which kind of violence and where.

use std::collections::BTreeMap;

use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::setup::{ObservedEvent, OperationsMode, Setup};
use allegiance_model::tables::{Incident, IncidentKind, Records};
use serde::{Deserialize, Serialize};

use crate::observe::Violence;

/// The side of civilians, where groups are given by their identifiers.
pub const CIVILIANS: &str = "civilians";

/// Deaths by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeathsBySide {
    /// Members of each group. Shape: `(n_groups,)`.
    pub members: Vec<u32>,
    /// Civilians.
    pub civilians: u32,
    /// The same by kind of violence and place too, in their order.
    #[serde(default)]
    pub parts: Vec<PartDeaths>,
}

/// Deaths of one side in violence of one kind at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartDeaths {
    /// The side: position of the group, and the number of groups for civilians.
    pub side: u32,
    /// The kind of violence, 1 state-based, 2 non-state, 3 one-sided.
    pub violence: u8,
    /// Position of the place.
    pub place: u32,
    /// Deaths.
    pub deaths: u32,
    /// Events that couldn't be replayed as a whole; none in a record.
    pub n_short: u32,
}

/// Side, kind of violence and place.
type Part = (u32, u8, u32);

/// Collects parts.
#[derive(Default)]
struct Parts(BTreeMap<Part, (u32, u32)>);

impl Parts {
    fn add(&mut self, part: Part, deaths: u32, is_short: bool) {
        if deaths > 0 || is_short {
            let (sum, n_short) = self.0.entry(part).or_default();
            *sum += deaths;
            *n_short += u32::from(is_short);
        }
    }

    fn finish(self, deaths: &mut DeathsBySide) {
        for ((side, violence, place), (sum, n_short)) in self.0 {
            match deaths.members.get_mut(side as usize) {
                Some(members) => *members += sum,
                None => deaths.civilians += sum,
            }
            deaths.parts.push(PartDeaths { side, violence, place, deaths: sum, n_short });
        }
    }
}

/// The kind of violence between two sides; one-sided where there is no second.
fn violence_of(setup: &Setup, side_a: GroupId, side_b: Option<GroupId>) -> Violence {
    let is_state = |group: GroupId| setup.kind_of(group).is_state;
    match side_b {
        None => Violence::OneSided,
        Some(side_b) if is_state(side_a) || is_state(side_b) => Violence::StateBased,
        Some(_) => Violence::NonState,
    }
}

/// The deaths of an event, or of the incident that replays it: of the first side, of the
/// second, and of civilians.
fn parts_of(
    setup: &Setup,
    (side_a, side_b): (GroupId, Option<GroupId>),
    place: PlaceId,
    deaths: [u32; 3],
) -> impl Iterator<Item = (Part, u32)> {
    let violence = violence_of(setup, side_a, side_b) as u8;
    let civilians = setup.n_groups() as u32;
    let side_b = side_b.map_or(civilians, |side_b| u32::from(side_b.0));
    let part = move |side: u32| (side, violence, place.0);
    [u32::from(side_a.0), side_b, civilians].into_iter().map(part).zip(deaths)
}

fn of_event(event: &ObservedEvent) -> [u32; 3] {
    [event.deaths_a, event.deaths_b, event.deaths_civilians]
}

fn of_incident(incident: &Incident) -> [u32; 3] {
    [incident.dead_perpetrator, incident.dead_target, incident.dead_civilians]
}

impl DeathsBySide {
    fn none(setup: &Setup) -> Self {
        Self { members: vec![0; setup.n_groups()], civilians: 0, parts: Vec::new() }
    }

    /// The deaths of the record that a setup replays; none where it replays none.
    pub fn of_record(setup: &Setup) -> Option<Self> {
        let mut deaths = Self::replays(setup)?;
        let mut parts = Parts::default();
        for event in events(setup) {
            for (part, dead) in parts_of(setup, (event.side_a, event.side_b), event.place, of_event(event)) {
                parts.add(part, dead, false);
            }
        }
        parts.finish(&mut deaths);
        Some(deaths)
    }

    /// The deaths that a replicate placed; none where it replays no record. In
    /// observed mode assaults and repression come from the record alone.
    pub fn replayed(records: &Records, setup: &Setup) -> Option<Self> {
        let mut deaths = Self::replays(setup)?;
        let is_of_record = |kind: IncidentKind| matches!(kind, IncidentKind::Assault | IncidentKind::Repression);
        let incidents: Vec<Incident> =
            records.incidents.rows().filter(|incident| is_of_record(incident.kind)).collect();
        let record: Vec<&ObservedEvent> = events(setup).collect();
        // Each event is one incident, in order, unless some were taken out.
        let is_whole = record.len() == incidents.len();
        let mut parts = Parts::default();
        for (at, incident) in incidents.iter().enumerate() {
            let wanted = record.get(at).filter(|_| is_whole).map(|event| of_event(event));
            let placed = of_incident(incident);
            let sides = (incident.perpetrator, incident.target);
            for (side, (part, dead)) in parts_of(setup, sides, incident.place, placed).enumerate() {
                let is_short = wanted.is_some_and(|wanted| wanted[side] > dead);
                parts.add(part, dead, is_short);
            }
        }
        parts.finish(&mut deaths);
        Some(deaths)
    }

    fn replays(setup: &Setup) -> Option<Self> {
        (setup.mode == OperationsMode::Observed).then(|| Self::none(setup))
    }

    fn sides(&self) -> impl Iterator<Item = u32> + '_ {
        self.members.iter().copied().chain([self.civilians])
    }
}

/// The events of a setup that fall on its days, in order.
fn events(setup: &Setup) -> impl Iterator<Item = &ObservedEvent> {
    setup.events.iter().filter(|event| event.day < setup.n_days)
}

/// Deaths of a record that are missing from its replay.
fn missing(deaths_in_record: u32, deaths_replayed: f64) -> f64 {
    f64::from(deaths_in_record) - deaths_replayed
}

/// Deaths of a record that a replay couldn't place: of one side, in violence of
/// one kind, at one place; means over the replicates of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MissingDeaths {
    /// Identifier of the group, or `civilians`.
    pub side: String,
    /// The kind of violence: `state-based`, `non-state` or `one-sided`.
    pub violence: String,
    /// Identifier of the place.
    pub place: String,
    /// Deaths in the record, on the days of the run.
    pub deaths_in_record: u32,
    /// Of these, the deaths that the replay placed.
    pub deaths_replayed: f64,
    /// Events some of whose deaths of the side couldn't be placed.
    pub events_not_whole: f64,
}

impl MissingDeaths {
    /// Deaths that are missing from the replay.
    pub fn not_placed(&self) -> f64 {
        missing(self.deaths_in_record, self.deaths_replayed)
    }

    /// All that is missing, the most deaths first; nothing where no record is
    /// replayed.
    pub fn all<'a>(setup: &Setup, replicates: impl Iterator<Item = &'a DeathsBySide>) -> Vec<Self> {
        let Some(record) = DeathsBySide::of_record(setup) else {
            return Vec::new();
        };
        let replicates: Vec<&DeathsBySide> = replicates.collect();
        let mut placed: BTreeMap<Part, (u64, u64)> = BTreeMap::new();
        for part in replicates.iter().flat_map(|one| &one.parts) {
            let (deaths, n_short) = placed.entry((part.side, part.violence, part.place)).or_default();
            *deaths += u64::from(part.deaths);
            *n_short += u64::from(part.n_short);
        }
        let n = replicates.len().max(1) as f64;
        let mut missing: Vec<Self> = record
            .parts
            .iter()
            .map(|part| {
                let (deaths, n_short) =
                    placed.get(&(part.side, part.violence, part.place)).copied().unwrap_or_default();
                let group = setup.groups.get(part.side as usize);
                Self {
                    side: group.map_or(CIVILIANS, |group| group.id.as_str()).to_owned(),
                    violence: Violence::from_code(u32::from(part.violence)).map_or("", Violence::word).to_owned(),
                    place: setup.places[part.place as usize].id.clone(),
                    deaths_in_record: part.deaths,
                    deaths_replayed: deaths as f64 / n,
                    events_not_whole: n_short as f64 / n,
                }
            })
            .filter(|part| part.not_placed() > 0.0)
            .collect();
        missing.sort_by(|a, b| b.not_placed().total_cmp(&a.not_placed()));
        missing
    }

    /// What is missing by one of its properties, the most deaths first.
    pub fn by(missing: &[Self], property: impl Fn(&Self) -> &str) -> Vec<(&str, f64)> {
        let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
        for part in missing {
            *sums.entry(property(part)).or_default() += part.not_placed();
        }
        let mut sums: Vec<(&str, f64)> = sums.into_iter().collect();
        sums.sort_by(|a, b| b.1.total_cmp(&a.1));
        sums
    }
}

/// One side of a replayed record, over the replicates of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReplayedSide {
    /// Identifier of the group, or `civilians`.
    pub side: String,
    /// Deaths in the record, on the days of the run.
    pub deaths_in_record: u32,
    /// Of these, the deaths that the replay placed: mean over replicates.
    pub deaths_replayed: f64,
}

impl ReplayedSide {
    /// Deaths of the record that are missing from the replay: mean over replicates.
    pub fn not_placed(&self) -> f64 {
        missing(self.deaths_in_record, self.deaths_replayed)
    }

    /// Every side of a replayed record: the groups in their order, then civilians;
    /// nothing where no record is replayed.
    pub fn all<'a>(setup: &Setup, replicates: impl Iterator<Item = &'a DeathsBySide>) -> Vec<Self> {
        let Some(record) = DeathsBySide::of_record(setup) else {
            return Vec::new();
        };
        let replicates: Vec<&DeathsBySide> = replicates.collect();
        let names = setup.groups.iter().map(|group| group.id.as_str()).chain([CIVILIANS]);
        let sides = names.zip(record.sides()).enumerate();
        sides
            .map(|(at, (side, deaths_in_record))| {
                let placed: u64 = replicates.iter().filter_map(|one| one.sides().nth(at)).map(u64::from).sum();
                Self {
                    side: side.to_owned(),
                    deaths_in_record,
                    deaths_replayed: placed as f64 / replicates.len().max(1) as f64,
                }
            })
            .collect()
    }

    /// What the sides add up to.
    pub fn total(sides: &[Self]) -> Self {
        Self {
            side: "all".to_owned(),
            deaths_in_record: sides.iter().map(|side| side.deaths_in_record).sum(),
            deaths_replayed: sides.iter().map(|side| side.deaths_replayed).sum(),
        }
    }
}

/// Why deaths can't be placed, for whoever reads how many.
pub const WHY_NOT_PLACED: &str = "A side without members within 60 km of an event loses nobody in it, and civilians \
run out where few live. To place more, station the groups where the record has their deaths.";
