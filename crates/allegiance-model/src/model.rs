//! One run of the model. Placeholder until the engine lands: it keeps the
//! signatures that the other crates use.

use crate::ids::GroupId;
use crate::setup::Setup;
use crate::tables::{Day, GroupDay, Records};

/// A synthetic population and its geography, shared by all replicates of a setup.
#[derive(Debug)]
pub struct World {
    /// What it was built from.
    pub setup: Setup,
}

impl World {
    /// Builds the population of a setup.
    pub fn build(setup: Setup) -> Self {
        Self { setup }
    }
}

/// One replicate of a world in progress.
#[derive(Debug)]
pub struct Model<'w> {
    world: &'w World,
    replicate: u32,
    day: u32,
    records: Records,
}

impl<'w> Model<'w> {
    /// The state at the start of the first day.
    pub fn new(world: &'w World, replicate: u32) -> Self {
        Self { world, replicate, day: 0, records: Records::default() }
    }

    /// Days simulated so far.
    pub fn day(&self) -> u32 {
        self.day
    }

    /// Whether all days of the setup are done.
    pub fn is_finished(&self) -> bool {
        self.day >= self.world.setup.n_days
    }

    /// Simulates one day.
    pub fn step(&mut self) {
        for group_idx in 0..self.world.setup.groups.len() {
            self.records.groups.push(GroupDay {
                day: Day(self.day),
                group: GroupId::from_idx(group_idx),
                n_members: self.world.setup.groups[group_idx].members + self.replicate,
                n_foreign: 0, n_wounded: 0, n_held: 0, n_units: 1, n_places_controlled: 0,
                population_share: 0.0, dead: self.day, executed_by_enemy: 0, executed_by_own: 0,
                joined: 0, deserted: 0, defected: 0, departed: 0, arrived: 0,
                civilians_killed: 0, momentum: 0.0,
            });
        }
        self.day += 1;
    }

    /// Ends the run and gives its record.
    pub fn into_records(self) -> Records {
        self.records
    }
}
