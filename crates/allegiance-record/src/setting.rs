//! What the tables don't say of themselves: names, dates, and whose they are.

use allegiance_model::calendar::Date;
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::setup::Setup;
use allegiance_model::theory::{OwnTheory, Slot};

/// A place or group, as people and tables call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The identifier that the tables use.
    pub id: String,
    /// The name shown to people.
    pub name: String,
}

/// What turns the codes and days of a record into names and dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Identifier of the scenario.
    pub scenario_id: String,
    /// Seed.
    pub seed: u64,
    /// The first day.
    pub start: Date,
    /// Number of days.
    pub n_days: u32,
    /// Inhabitants of all places, who are the persons from 0 on; outsiders follow.
    pub n_inhabitants: u64,
    /// The places, in the order of the engine.
    pub places: Vec<Named>,
    /// The groups, in the order of the engine.
    pub groups: Vec<Named>,
    /// What the own blocks of its theory of exit are called together; none where it has none.
    pub own_blocks: Option<String>,
}

impl Setting {
    /// That of what the engine is given.
    pub fn of(scenario_id: &str, setup: &Setup) -> Self {
        let named = |id: &str, name: &str| Named { id: id.to_owned(), name: name.to_owned() };
        Self {
            scenario_id: scenario_id.to_owned(),
            seed: setup.seed,
            start: setup.start,
            n_days: setup.n_days,
            n_inhabitants: setup.n_inhabitants(),
            places: setup.places.iter().map(|place| named(&place.id, &place.name)).collect(),
            groups: setup.groups.iter().map(|group| named(&group.id, &group.name)).collect(),
            own_blocks: setup.own_in(Slot::Exit).map(OwnTheory::words).filter(|words| !words.is_empty()),
        }
    }

    /// The date of a day.
    pub fn date(&self, day: u32) -> Date {
        self.start.plus_days(day)
    }

    /// Identifier and name of a place.
    pub fn place(&self, place: PlaceId) -> &Named {
        &self.places[place.idx()]
    }

    /// Identifier and name of a group.
    pub fn group(&self, group: GroupId) -> &Named {
        &self.groups[group.idx()]
    }

    /// The place that an identifier or a name means.
    pub fn find_place(&self, word: &str) -> Option<PlaceId> {
        let by = |part: fn(&Named) -> &str| {
            let mut places = self.places.iter();
            places.position(|place| part(place).eq_ignore_ascii_case(word))
        };
        by(|place| &place.id).or_else(|| by(|place| &place.name)).map(PlaceId::from_idx)
    }
}
