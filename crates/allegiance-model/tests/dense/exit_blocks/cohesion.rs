//! Homogeneity binds where unit and home agree, and loosens where they diverge.

use super::{Block, same};
use crate::dense::Dense;
use crate::ids::PersonId;
use crate::setup::ExitTheory;

/// The largest absolute homogeneity.
const MAX_HOMOGENEITY: f64 = 2.0;

pub(super) const BLOCK: Block = Block {
    theories: &[ExitTheory::Cascade, ExitTheory::Full],
    value: |dense, person, members| same(dense.cohesion_block(person, members)),
};

impl Dense<'_> {
    /// Homogeneity binds where unit and home agree, and loosens where they
    /// diverge.
    fn cohesion_block(&self, person: PersonId, members: &[PersonId]) -> f64 {
        let state = self.person(person);
        let is_home_hostile =
            state.home.is_some_and(|home| self.at_war(home, self.group_of(person), self.controller(home)));
        let is_aligned = state.home_attacked.is_none() && !is_home_hostile;
        let weighted = self.world.setup.parameters.exits.blocks.cohesion.cohesion_weight * self.homogeneity(members);
        let by_unit = if is_aligned { -weighted } else { weighted };
        by_unit + self.rejection(person)
    }

    /// The largest share of a unit from one subdistrict, in standard
    /// deviations above the mean.
    fn homogeneity(&self, members: &[PersonId]) -> f64 {
        let area = |person: PersonId| self.person(person).home.map(|home| self.world.area_of_place[home.idx()]);
        let homes: Vec<u32> = members.iter().filter_map(|&person| area(person)).collect();
        let n_from_there = |there: u32| homes.iter().filter(|&&area| area == there).count();
        let n_areas = self.world.setup.places.len() as u32;
        let most = (0..n_areas).map(n_from_there).max().unwrap_or(0);
        let local_share = most as f64 / members.len().max(1) as f64;
        let p = &self.world.setup.parameters.exits.blocks.cohesion;
        ((local_share - p.homogeneity_mean) / p.homogeneity_sd.max(0.01)).clamp(-MAX_HOMOGENEITY, MAX_HOMOGENEITY)
    }
}
