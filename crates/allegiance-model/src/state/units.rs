//! Units: where they are, who is in them, and what they have heard together.

use crate::belief::{ByClaim, Told};
use crate::ids::{GroupId, PlaceId, Row, UnitId};
use crate::maths::half_life_factor;
use crate::tables::Standing;

/// One unit.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct UnitState {
    /// Its group.
    pub group: GroupId,
    /// Where it is.
    pub place: PlaceId,
    /// Its commander, if it has one.
    pub commander: Option<Row>,
    /// Its members, the wounded and captured included.
    pub members: Vec<Row>,
    /// Members whose standing is active.
    pub n_active: u32,
    /// Of the active members, those who are foreign.
    pub n_foreign: u32,
    /// Members who recover from wounds.
    pub n_wounded: u32,
    /// Members held by enemies or by their own group.
    pub n_held: u32,
    /// The last day on which it fought or marched; none before the first.
    pub acted_day: Option<u32>,
    /// What it was told of each claim of its group.
    pub told: ByClaim<Told>,
    /// Known exits that succeeded, fading with a half-life.
    pub exits_known: f64,
    /// Known captures of leavers, not fading.
    pub captures_known: f64,
    /// Known executions of leavers, fading.
    pub executions_known: f64,
    /// The day up to which they have faded.
    pub executions_day: u32,
    /// Known exits that succeeded, not fading.
    pub successes_known: f64,
    /// The day up to which `exits_known` has faded.
    pub faded_day: u32,
    /// The most that claims can have lowered members' convictions since their
    /// exit ceilings were computed.
    pub claim_slack: f64,
    /// Whether the members' exit ceilings must be computed anew.
    pub is_stale: bool,
    /// Groups that somebody who came over told of it, and when last.
    pub known_to: Vec<(GroupId, u32)>,
    /// Members killed or wounded on days of the last weeks.
    pub losses: Vec<(u32, u32)>,
    /// How homogeneous it is, where computed since its members last changed.
    pub homogeneity: Option<f64>,
}

impl UnitState {
    /// Half-life, in days, with which the exits of peers fade from attention.
    pub(crate) const EXIT_MEMORY_DAYS: f64 = 30.0;

    /// A unit without members.
    pub(crate) fn new(group: GroupId, place: PlaceId) -> Self {
        Self {
            group,
            place,
            commander: None,
            members: Vec::new(),
            n_active: 0,
            n_foreign: 0,
            n_wounded: 0,
            n_held: 0,
            acted_day: None,
            told: ByClaim::default(),
            exits_known: 0.0,
            captures_known: 0.0,
            executions_known: 0.0,
            executions_day: 0,
            successes_known: 0.0,
            faded_day: 0,
            claim_slack: 0.0,
            is_stale: true,
            known_to: Vec::new(),
            losses: Vec::new(),
            homogeneity: None,
        }
    }

    /// Counts a member of a standing in, or out.
    pub(crate) fn count(&mut self, standing: Standing, is_foreign: bool, is_in: bool) {
        let count = |n: &mut u32| if is_in { *n += 1 } else { *n -= 1 };
        match standing {
            Standing::Active => {
                count(&mut self.n_active);
                if is_foreign {
                    count(&mut self.n_foreign);
                }
            }
            Standing::Wounded => count(&mut self.n_wounded),
            Standing::Prisoner | Standing::Detained => count(&mut self.n_held),
            Standing::Deserter | Standing::Departed | Standing::Dead | Standing::Civilian => {}
        }
    }

    /// Known exits as remembered on a day.
    pub(crate) fn exits_remembered(&self, day: u32) -> f64 {
        if self.exits_known <= 0.0 {
            return 0.0;
        }
        self.exits_known * half_life_factor(f64::from(day - self.faded_day), Self::EXIT_MEMORY_DAYS)
    }

    /// Takes note of an exit that succeeded.
    pub(crate) fn note_exit(&mut self, day: u32) {
        self.exits_known = self.exits_remembered(day) + 1.0;
        self.faded_day = day;
        self.successes_known += 1.0;
    }

    /// Share of known exits among the members and those who left.
    pub(crate) fn exit_share(&self, day: u32) -> f64 {
        let exits = self.exits_remembered(day);
        exits / (exits + f64::from(self.n_active)).max(1.0)
    }

    /// Whether it may act on a day.
    pub(crate) fn is_free(&self, day: u32) -> bool {
        self.n_active > 0 && self.acted_day != Some(day)
    }
}

/// A unit gave up or lost its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Setback {
    /// When.
    pub day: u32,
    /// Where it stood.
    pub place: PlaceId,
    /// Its group then.
    pub group: GroupId,
}

/// All units, those without members included.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Units {
    /// Every unit.
    pub list: Vec<UnitState>,
    /// The units of each place, in order of number. Shape: `(n_places,)`.
    pub of_place: Vec<Vec<UnitId>>,
    /// The units of each group, in order of number. Shape: `(n_groups,)`.
    pub of_group: Vec<Vec<UnitId>>,
    /// Setbacks of the last weeks, in order of day.
    pub setbacks: Vec<Setback>,
}

impl Units {
    /// No units yet, for a number of places and groups.
    pub(crate) fn new(n_places: usize, n_groups: usize) -> Self {
        Self {
            list: Vec::new(),
            of_place: vec![Vec::new(); n_places],
            of_group: vec![Vec::new(); n_groups],
            setbacks: Vec::new(),
        }
    }

    /// A unit.
    #[inline]
    pub(crate) fn at(&self, unit: UnitId) -> &UnitState {
        &self.list[unit.idx()]
    }

    /// A unit, to change.
    #[inline]
    pub(crate) fn at_mut(&mut self, unit: UnitId) -> &mut UnitState {
        &mut self.list[unit.idx()]
    }

    /// Adds a unit.
    pub(crate) fn add(&mut self, unit: UnitState) -> UnitId {
        let id = UnitId::from_idx(self.list.len());
        self.of_place[unit.place.idx()].push(id);
        self.of_group[unit.group.idx()].push(id);
        self.list.push(unit);
        id
    }

    /// Makes the exit ceilings of a group's members out of date.
    pub(crate) fn mark_stale(&mut self, group: GroupId) {
        for unit in &self.of_group[group.idx()] {
            self.list[unit.idx()].is_stale = true;
        }
    }

    /// Moves a unit to a place.
    pub(crate) fn move_to(&mut self, unit: UnitId, place: PlaceId) {
        let from = self.at(unit).place;
        if from == place {
            return;
        }
        self.of_place[from.idx()].retain(|&other| other != unit);
        let arrived = &mut self.of_place[place.idx()];
        let at = arrived.partition_point(|&other| other < unit);
        arrived.insert(at, unit);
        self.at_mut(unit).place = place;
    }

    /// Identifiers of all units.
    pub(crate) fn ids(&self) -> impl Iterator<Item = UnitId> + use<> {
        (0..self.list.len()).map(UnitId::from_idx)
    }
}
