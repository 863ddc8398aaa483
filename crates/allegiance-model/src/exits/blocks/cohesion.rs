//! The unit's cohesion: homogeneity binds where unit and home agree, and
//! loosens where they diverge.
//!
//! # Form
//! `-b_c z` where they agree, `b_c z` where they don't, where `z` is how many
//! standard deviations the unit is more homogeneous than most.
//!
//! # Source
//! Costa & Kahn (2003) where unit and home agree, Bearman (1991) where they
//! diverge.

use super::{Block, BlockBound, LEAST_SPREAD, Member};
use crate::exits::N_KINDS;
use crate::ids::UnitId;
use crate::model::Model;
use crate::tables::Cause;

/// The largest absolute homogeneity.
const MAX_HOMOGENEITY: f64 = 2.0;

pub(super) const BLOCK: Block = Block {
    cause: Cause::Cohesion,
    moved_by: "whether the unit is of one place, and the home on its side",
    value: |model, member| {
        let z = model.units.at(member.unit).homogeneity.unwrap_or_else(|| homogeneity(model, member.unit));
        let weight = model.world.setup.parameters.exits.cohesion_weight;
        [cohesion(weight, z, is_aligned(model, member)); N_KINDS]
    },
    bound: BlockBound {
        until_touched: |model, _| [model.world.setup.parameters.exits.cohesion_weight * MAX_HOMOGENEITY; N_KINDS],
        ..BlockBound::NEVER_ABOVE_ZERO
    },
    column: |row| &mut row.block_cohesion,
};

/// Whether nothing sets a member's home against his group.
fn is_aligned(model: &Model<'_>, member: Member) -> bool {
    let home = model.people.at(member.row).home;
    let is_hostile = home.is_some_and(|home| model.groups.at_war(member.group, model.places.controller(home)));
    model.people.mind(member.row).grievance.home_attacked.is_none() && !is_hostile
}

/// Log-hazard of a unit `z` standard deviations more homogeneous than most.
fn cohesion(weight: f64, z: f64, is_aligned: bool) -> f64 {
    if is_aligned { -weight * z } else { weight * z }
}

/// Share of the unit from one subdistrict in standard deviations above the mean.
pub(crate) fn homogeneity(model: &Model<'_>, unit: UnitId) -> f64 {
    let parameters = &model.world.setup.parameters.exits;
    let members = &model.units.at(unit).members;
    let homes = members.iter().filter_map(|&row| model.people.at(row).home);
    let mut areas: Vec<u32> = homes.map(|home| model.world.area_of_place[home.idx()]).collect();
    areas.sort_unstable();
    let most = areas.chunk_by(|a, b| a == b).map(<[u32]>::len).max().unwrap_or(0);
    let local_share = most as f64 / members.len().max(1) as f64;
    ((local_share - parameters.homogeneity_mean) / parameters.homogeneity_sd.max(LEAST_SPREAD))
        .clamp(-MAX_HOMOGENEITY, MAX_HOMOGENEITY)
}

#[cfg(test)]
mod tests {
    use super::cohesion;

    #[test]
    fn homogeneous_units_bind_where_home_agrees_and_loosen_where_it_does_not() {
        assert!(cohesion(0.3, 1.0, true) < cohesion(0.3, -1.0, true));
        assert!(cohesion(0.3, 1.0, false) > cohesion(0.3, -1.0, false));
    }
}
