//! The state of a model in progress, to be written down and taken up again.
//!
//! Between two days a model is its state: everything else follows from the
//! world, the seed and the replicate. How the state is written is up to the
//! caller; the order of its parts is that of [`SavedModel`], and changes with
//! the engine.

use crate::exits::{BoundWatch, LowDraws};
use crate::ids::Row;
use crate::model::{IncidentFact, IncidentToday, Model, Today};
use crate::state::{Groups, People, Places, Schedule, Units};
use crate::tables::Records;
use crate::world::World;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The state of a model between two days.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SavedModel<'m> {
    day: u32,
    groups: Cow<'m, Groups>,
    places: Cow<'m, Places>,
    units: Cow<'m, Units>,
    people: Cow<'m, People>,
    n_outsiders: u32,
    standing_due: Cow<'m, Schedule>,
    news_due: Cow<'m, Schedule>,
    incident_facts: Cow<'m, [IncidentFact]>,
    leavers: Cow<'m, [Row]>,
    newcomers: Cow<'m, [Row]>,
    low_draws: Cow<'m, LowDraws>,
    bounds: BoundWatch,
    late_incidents: Cow<'m, [IncidentToday]>,
    records: Cow<'m, Records>,
}

impl SavedModel<'_> {
    /// Days simulated so far.
    pub fn day(&self) -> u32 {
        self.day
    }

    /// What was recorded so far; who the people are is listed at the end alone.
    pub fn records(&self) -> &Records {
        &self.records
    }
}

/// Why a saved state can't be taken up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SavedElsewhere;

impl core::fmt::Display for SavedElsewhere {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the saved state belongs to another world")
    }
}

impl core::error::Error for SavedElsewhere {}

impl<'w> Model<'w> {
    /// The state between two days.
    pub fn save(&self) -> SavedModel<'_> {
        SavedModel {
            day: self.day,
            groups: Cow::Borrowed(&self.groups),
            places: Cow::Borrowed(&self.places),
            units: Cow::Borrowed(&self.units),
            people: Cow::Borrowed(&self.people),
            n_outsiders: self.n_outsiders,
            standing_due: Cow::Borrowed(&self.standing_due),
            news_due: Cow::Borrowed(&self.news_due),
            incident_facts: Cow::Borrowed(&self.incident_facts),
            leavers: Cow::Borrowed(&self.leavers),
            newcomers: Cow::Borrowed(&self.newcomers),
            low_draws: Cow::Borrowed(&self.low_draws),
            bounds: self.bounds.clone(),
            late_incidents: Cow::Borrowed(&self.today.incidents),
            records: Cow::Borrowed(&self.records),
        }
    }

    /// The same without a copy, for whoever sets it aside with the world that it needs.
    pub fn into_saved(self) -> SavedModel<'static> {
        SavedModel {
            day: self.day,
            groups: Cow::Owned(self.groups),
            places: Cow::Owned(self.places),
            units: Cow::Owned(self.units),
            people: Cow::Owned(self.people),
            n_outsiders: self.n_outsiders,
            standing_due: Cow::Owned(self.standing_due),
            news_due: Cow::Owned(self.news_due),
            incident_facts: Cow::Owned(self.incident_facts),
            leavers: Cow::Owned(self.leavers),
            newcomers: Cow::Owned(self.newcomers),
            low_draws: Cow::Owned(self.low_draws),
            bounds: self.bounds,
            late_incidents: Cow::Owned(self.today.incidents),
            records: Cow::Owned(self.records),
        }
    }

    /// A replicate of a world, taken up where it was saved.
    ///
    /// # Errors
    /// Where the state can't be of this world. A state of another seed, setup
    /// or replicate of the same size isn't noticed: who keeps states must know
    /// which is which.
    pub fn restore(world: &'w World, replicate: u32, saved: SavedModel<'_>) -> Result<Self, SavedElsewhere> {
        let setup = &world.setup;
        let has_size = saved.places.n_places() == setup.places.len()
            && saved.groups.n_groups() == setup.n_groups()
            && saved.places.is_clan_harmed.len() == world.kinship.n_clans() as usize;
        if !has_size || saved.day > setup.n_days {
            return Err(SavedElsewhere);
        }
        Ok(Self {
            day: saved.day,
            groups: saved.groups.into_owned(),
            places: saved.places.into_owned(),
            units: saved.units.into_owned(),
            people: saved.people.into_owned(),
            n_outsiders: saved.n_outsiders,
            standing_due: saved.standing_due.into_owned(),
            news_due: saved.news_due.into_owned(),
            incident_facts: saved.incident_facts.into_owned(),
            leavers: saved.leavers.into_owned(),
            newcomers: saved.newcomers.into_owned(),
            low_draws: saved.low_draws.into_owned(),
            bounds: saved.bounds,
            today: Today { incidents: saved.late_incidents.into_owned(), ..Today::default() },
            records: saved.records.into_owned(),
            ..Self::blank(world, replicate)
        })
    }
}
