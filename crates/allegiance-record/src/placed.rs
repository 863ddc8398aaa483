//! What a replay (observed mode) could place of the deaths that its record holds.
//!
//! The engine draws the members who die in an event from the units of their
//! side within 60 km, and civilians from those who live in the place. Where a
//! side has nobody in reach, or nobody is left, the record's deaths can't be
//! placed; and one-sided events kill civilians only. Whoever reads a replay
//! must know how many deaths are missing from it.

use allegiance_model::setup::{OperationsMode, Setup};
use allegiance_model::tables::{IncidentKind, Records};
use serde::{Deserialize, Serialize};

/// The side of civilians, where groups are given by their identifiers.
pub const CIVILIANS: &str = "civilians";

/// Deaths by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeathsBySide {
    /// Members of each group. Shape: `(n_groups,)`.
    pub members: Vec<u32>,
    /// Civilians.
    pub civilians: u32,
}

impl DeathsBySide {
    fn none(setup: &Setup) -> Self {
        Self { members: vec![0; setup.n_groups()], civilians: 0 }
    }

    /// The deaths of the record that a setup replays; none where it replays none.
    pub fn of_record(setup: &Setup) -> Option<Self> {
        let mut deaths = Self::replays(setup)?;
        for event in setup.events.iter().filter(|event| event.day < setup.n_days) {
            deaths.members[event.side_a.idx()] += event.deaths_a;
            match event.side_b {
                Some(side_b) => deaths.members[side_b.idx()] += event.deaths_b,
                None => deaths.civilians += event.deaths_b,
            }
            deaths.civilians += event.deaths_civilians;
        }
        Some(deaths)
    }

    /// The deaths that a replicate placed; none where it replays no record. In
    /// observed mode assaults and repression come from the record alone.
    pub fn replayed(records: &Records, setup: &Setup) -> Option<Self> {
        let mut deaths = Self::replays(setup)?;
        let is_of_record = |kind: IncidentKind| matches!(kind, IncidentKind::Assault | IncidentKind::Repression);
        for incident in records.incidents.rows().filter(|incident| is_of_record(incident.kind)) {
            deaths.members[incident.perpetrator.idx()] += incident.dead_perpetrator;
            if let Some(target) = incident.target {
                deaths.members[target.idx()] += incident.dead_target;
            }
            deaths.civilians += incident.dead_civilians;
        }
        Some(deaths)
    }

    fn replays(setup: &Setup) -> Option<Self> {
        (setup.mode == OperationsMode::Observed).then(|| Self::none(setup))
    }

    fn sides(&self) -> impl Iterator<Item = u32> + '_ {
        self.members.iter().copied().chain([self.civilians])
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
        f64::from(self.deaths_in_record) - self.deaths_replayed
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
pub const WHY_NOT_PLACED: &str = "A side without members within 60 km of an event loses nobody in it, civilians run out \
where few live, and one-sided events kill civilians only. To place more, station the groups where the record has their \
deaths.";
