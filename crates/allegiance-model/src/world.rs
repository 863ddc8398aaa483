//! The synthetic population of a setup: geography, kin, and the first members.
//!
//! A world depends on the seed and not on the replicate: person 1,234 has the
//! same kin, age and motives in every replicate, and so can be followed
//! through many histories.

use crate::belief::BeliefTable;
use crate::causes;
use crate::exits::PreparedBlocks;
use crate::first_members::{FirstMembers, first_members};
use crate::geography::Geography;
use crate::ids::{ClanId, HouseholdId, PersonId, PlaceId};
use crate::kinship::Kinship;
use crate::random::Draws;
use crate::setup::{PlaceSetup, Setup};
use crate::theory::PreparedTheory;

/// A synthetic population and its geography, shared by all replicates.
#[derive(Debug)]
pub struct World {
    /// What it was built from.
    pub setup: Setup,
    /// Distances.
    pub(crate) geography: Geography,
    /// Households, clans and ties.
    pub(crate) kinship: Kinship,
    /// The draws that make the population.
    pub(crate) population_draws: Draws,
    /// Conviction by look-up.
    pub(crate) belief: BeliefTable,
    /// Where places lie on the axes of cause (see causes).
    pub(crate) place_causes: Vec<f64>,
    /// What the blocks of the exit hazard compute once.
    pub(crate) of_blocks: PreparedBlocks,
    /// Blocks, states and rules of theories that somebody wrote.
    pub(crate) own: Option<PreparedTheory>,
    /// The home area (subdistrict) of each place, as a dense number.
    pub(crate) area_of_place: Vec<u32>,
    /// Members and units on the first day.
    pub(crate) first: FirstMembers,
}

impl World {
    /// Builds the population of a setup.
    pub fn build(setup: Setup) -> Self {
        let geography = Geography::new(&setup.places);
        let kinship = Kinship::new(&setup, &geography);
        let population_draws = Draws::of_population(setup.seed);
        let area_of_place = number_areas(&setup);
        let first = first_members(&setup, &geography, &kinship, population_draws);
        let belief = BeliefTable::new(setup.theory.belief, &setup.parameters.belief);
        let of_blocks = PreparedBlocks::of(&setup.parameters);
        let own = PreparedTheory::of(&setup.own_theories, &setup.parameters);
        let place_causes = causes::place_means(&setup, population_draws);
        Self { setup, geography, kinship, population_draws, belief, place_causes, of_blocks, own, area_of_place, first }
    }

    /// Home, household and clan of an inhabitant.
    pub fn home_of(&self, person: PersonId) -> (PlaceId, HouseholdId, ClanId) {
        let place = self.kinship.place_of(person);
        let household = self.kinship.household_of(person, place);
        (place, household, self.kinship.clan_of(household))
    }

    /// Households, clans and the ties between them.
    pub fn kinship(&self) -> &Kinship {
        &self.kinship
    }

    /// Number of agents on the first day: all inhabitants and all members
    /// from outside the region.
    pub fn n_agents(&self) -> u64 {
        u64::from(self.kinship.n_inhabitants()) + u64::from(self.first.n_outsiders)
    }
}

fn number_areas(setup: &Setup) -> Vec<u32> {
    let name = |place: &'_ PlaceSetup| (place.governorate.clone(), place.district.clone(), place.subdistrict.clone());
    numbered(&setup.places.iter().map(name).collect::<Vec<_>>())
}

/// The place of each name in the order of all that differ.
pub(crate) fn numbered<T: Ord + Clone>(names: &[T]) -> Vec<u32> {
    let mut sorted = names.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    names.iter().map(|name| sorted.partition_point(|other| other < name) as u32).collect()
}
