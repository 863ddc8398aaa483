//! The unit's cohesion: homogeneity binds where unit and home agree, and
//! loosens where they diverge.
//!
//! # Form
//! ```text
//! -b_c z     where unit and home agree
//! +b_c z     where his group attacked his home, or an enemy of it holds the home
//! + b_a (1 - a)     of one who came over from another group (see acceptance)
//! z = (share of the unit from its commonest subdistrict - z_m) / z_s, kept within -2 to 2
//! ```
//!
//! # Source
//! Costa & Kahn (2003) where unit and home agree, Bearman (1991) where they
//! diverge.

use super::{BlockBound, BlockRules, BlockWords, LEAST_SPREAD, Member};
use crate::acceptance;
use crate::exits::N_KINDS;
use crate::ids::UnitId;
use crate::model::Model;
use crate::parameters::parameters;
use crate::setup::ExitTheory;

/// The largest absolute homogeneity.
const MAX_HOMOGENEITY: f64 = 2.0;

parameters! {
    /// The cohesion of the unit, as a block of the hazard of exit.
    pub struct OwnParameters = "exits" {
        /// Change of the log-hazard for a unit one standard deviation more homogeneous: down where unit and home agree, up where they diverge.
        cohesion_weight: "b_c", "log-hazard", 0.3 in 0.1..0.6 off 0.0, Sourced, "evidence A9: Costa & Kahn 2003, Bearman 1991 for the signs";
        /// Share of a unit from one subdistrict at which homogeneity changes nothing.
        homogeneity_mean: "z_m", "share", 0.5 in 0.3..0.7, Judgement, "no number exists";
        /// Standard deviation of that share between units.
        homogeneity_sd: "z_s", "share", 0.25 in 0.1..0.4, Judgement, "no number exists";
    }
}

pub(crate) type OwnPrepared = ();

pub(crate) const BLOCK: BlockRules = BlockRules {
    words: BlockWords {
        meaning: "The unit's cohesion; the strongest factor of an exit where it is weak, or home is on the other side.",
        moved_by: "whether the unit is of one place, and the home on its side",
        factor: "weak cohesion",
        towards: "a loose unit",
        against: "a close unit",
        factor_explained: Some(
            "Weak cohesion: the unit held him less than others do, or his home was on the other side.",
        ),
    },
    theories: &[ExitTheory::Cascade, ExitTheory::Full],
    value: |model, member| {
        let z = model.units.at(member.unit).homogeneity.unwrap_or_else(|| homogeneity(model, member.unit));
        let weight = model.world.setup.parameters.exits.blocks.cohesion.cohesion_weight;
        [cohesion(weight, z, is_aligned(model, member)) + acceptance::rejection(model, member.row); N_KINDS]
    },
    bound: BlockBound {
        // He is accepted more and more while he stays.
        until_touched: |model, member| {
            let weight = model.world.setup.parameters.exits.blocks.cohesion.cohesion_weight;
            [weight * MAX_HOMOGENEITY + acceptance::rejection(model, member.row); N_KINDS]
        },
        ..BlockBound::NEVER_ABOVE_ZERO
    },
};

/// Whether nothing sets a member's home against his group.
fn is_aligned(model: &Model<'_>, member: Member) -> bool {
    let home = model.people.at(member.row).home;
    let is_hostile = home.is_some_and(|home| model.groups.at_war_at(home, member.group, model.places.controller(home)));
    model.people.mind(member.row).grievance.home_attacked.is_none() && !is_hostile
}

/// Log-hazard of a unit `z` standard deviations more homogeneous than most.
fn cohesion(weight: f64, z: f64, is_aligned: bool) -> f64 {
    if is_aligned { -weight * z } else { weight * z }
}

/// Share of the unit from one subdistrict in standard deviations above the mean.
pub(crate) fn homogeneity(model: &Model<'_>, unit: UnitId) -> f64 {
    let parameters = &model.world.setup.parameters.exits.blocks.cohesion;
    let local_share = share_from_one_area(model, unit);
    ((local_share - parameters.homogeneity_mean) / parameters.homogeneity_sd.max(LEAST_SPREAD))
        .clamp(-MAX_HOMOGENEITY, MAX_HOMOGENEITY)
}

/// Share of the unit from the subdistrict that most of it comes from.
pub(crate) fn share_from_one_area(model: &Model<'_>, unit: UnitId) -> f64 {
    let members = &model.units.at(unit).members;
    let homes = members.iter().filter_map(|&row| model.people.at(row).home);
    let mut areas: Vec<u32> = homes.map(|home| model.world.area_of_place[home.idx()]).collect();
    areas.sort_unstable();
    let most = areas.chunk_by(|a, b| a == b).map(<[u32]>::len).max().unwrap_or(0);
    most as f64 / members.len().max(1) as f64
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
