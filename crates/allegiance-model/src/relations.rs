//! Relations between groups: infighting within one constituency starts and
//! ends, third groups take sides, and groups without members dissolve.
//!
//! # Form
//! Once in 30 days, for each pair of groups of one constituency that are not at war,
//!
//! ```text
//! P(war) = sig(b_0 + b_1 distance + b_2 |ln(size ratio)| + b_5 min(provocation, 1) + b_6 blame - b_3 [allied])
//! ```
//!
//! with the distance of causes (see axes). Allies of either side who are closer to it in cause join it with probability `p_3`. A war within one constituency
//! ends in a truce with probability `p_t` a review. Where `local_infighting` runs, what starts here is fought in one district alone. Provocation counts killings of a group's leavers
//! turned members (1) and of its members' families by denunciation (0.3), fading with a half-life of 30
//! days. Killings in battle do not count. Where `causes` runs, blame is the larger of the two groups' shares of the
//! civilians killed where their constituency rules, `K / (K_all + h (N_a + N_b))` with the terms of causes; else it
//! is 0. A group without members is gone for good.
//!
//! # Source
//! Gade, Hafez & Gabbay (2019), Fratricide in rebel movements, for the signs
//! of ideological distance and of asymmetry in size; evidence A11.

use crate::causes;
use crate::ids::GroupId;
use crate::local_infighting::{self, DistrictId};
use crate::maths::{half_life_factor, ln, logistic};
use crate::model::Model;
use crate::parameters::parameters;
use crate::random::Purpose;
use crate::setup::{Mechanism, RelationKind};

parameters! {
    /// Infighting between groups in truce or alliance.
    pub struct RelationParameters = "relations" {
        /// Log-odds a month that two groups start to fight, before the other terms.
        infighting_intercept: "b_0", "log-odds", -5.0 in -7.0..-3.0, Judgement, "evidence A11";
        /// Rise of the log-odds from no to full ideological distance.
        ideology_weight: "b_1", "log-odds", 2.5 in 1.0..4.0, Sourced, "evidence A11: sign from Gade, Hafez & Gabbay 2019";
        /// Rise of the log-odds for one log-unit of difference in size.
        asymmetry_weight: "b_2", "log-odds", 0.5 in 0.0..1.0, Sourced, "evidence A11: sign from Gade, Hafez & Gabbay 2019";
        /// Fall of the log-odds between allies.
        alliance_weight: "b_3", "log-odds", 2.0 in 0.5..4.0, Judgement, "no number exists";
        /// Rise of the log-odds for one recent killing of a member by the other group, at most one counted.
        provocation_weight: "b_5", "log-odds", 2.0 in 1.0 .. 4.0, Judgement, "evidence A11: the killing of a commander, December 2013";
        /// Rise of the log-odds from no to all of the killing of the constituency's civilians being known for the doing of one of the two, where the mechanism `causes` runs.
        blame_weight: "b_6", "log-odds", 2.0 in 0.5 .. 4.0 off 0.0, Judgement, "evidence A11: the rising of January 2014; no number exists";
        /// Probability that a third group joins the ideologically closer side of a new war.
        p_third_party: "p_3", "probability", 0.3 in 0.0 .. 0.8, Judgement, "evidence A11: Christia 2012 for the direction";
        /// Probability a month that a war within one constituency ends in a truce.
        truce_per_month: "p_t", "probability", 0.02 in 0.0 .. 0.1, Judgement, "no number exists";
    }
}

/// Days between reviews.
const REVIEW_DAYS: u32 = 30;
/// Half-life of a provocation, in days.
const PROVOCATION_DAYS: f64 = 30.0;

/// Groups without members dissolve; once a month, groups of one constituency
/// may turn on each other or make peace.
pub(crate) fn review(model: &mut Model<'_>) {
    let fading = half_life_factor(1.0, PROVOCATION_DAYS);
    for value in &mut model.groups.provocation {
        *value *= fading;
    }
    dissolve_empty_groups(model);
    local_infighting::end(model);
    if !model.runs(Mechanism::Infighting) || !(model.day + 1).is_multiple_of(REVIEW_DAYS) {
        return;
    }
    let sizes = group_sizes(model);
    for a in model.groups.ids() {
        for b in model.groups.ids().filter(|&b| b > a) {
            if !is_rival_pair(model, a, b, &sizes) {
                continue;
            }
            let (entity, index) = (u32::from(a.0), u32::from(b.0));
            let parameters = &model.world.setup.parameters.relations;
            if model.groups.at_general_war(a, b) {
                if model.draws.chance(parameters.truce_per_month, Purpose::Truce, entity, model.day, index) {
                    model.groups.set_relation(a, b, RelationKind::Truce);
                }
            } else if model.draws.chance(
                p_infighting(model, a, b, &sizes),
                Purpose::Infighting,
                entity,
                model.day,
                index,
            ) {
                fall_out(model, a, b, &sizes);
            }
        }
    }
}

/// A group that has lost its last member is gone.
fn dissolve_empty_groups(model: &mut Model<'_>) {
    let mut n_members = vec![0; model.groups.n_groups()];
    for unit in &model.units.list {
        n_members[unit.group.idx()] += unit.members.len();
    }
    for group in model.groups.ids() {
        model.groups.is_alive[group.idx()] &= n_members[group.idx()] > 0;
    }
}

fn is_rival_pair(model: &Model<'_>, a: GroupId, b: GroupId, sizes: &[u32]) -> bool {
    model.world.setup.share_constituency(a, b) && sizes[a.idx()] > 0 && sizes[b.idx()] > 0
}

/// Two groups start to fight, in a district or everywhere.
fn fall_out(model: &mut Model<'_>, a: GroupId, b: GroupId, sizes: &[u32]) {
    let arena = if model.runs(Mechanism::LocalInfighting) {
        let Some(district) = local_infighting::district_of_clash(model, a, b, REVIEW_DAYS) else { return };
        Arena::District(district)
    } else {
        Arena::Everywhere
    };
    start_war(model, arena, a, b);
    take_sides(model, arena, a, b, sizes);
}

/// Where two groups fight.
#[derive(Debug, Clone, Copy)]
enum Arena {
    Everywhere,
    District(DistrictId),
}

fn start_war(model: &mut Model<'_>, arena: Arena, a: GroupId, b: GroupId) {
    match arena {
        Arena::Everywhere => model.groups.set_relation(a, b, RelationKind::War),
        Arena::District(district) => model.groups.local_wars.set(district, a, b, true),
    }
}

/// Allies of either side may join it against the other, if it's closer to
/// them in ideology; where the two fight in a district, if they stand there.
fn take_sides(model: &mut Model<'_>, arena: Arena, a: GroupId, b: GroupId, sizes: &[u32]) {
    let world = model.world;
    let setup = &world.setup;
    let p_third = setup.parameters.relations.p_third_party;
    for third in model.groups.ids().filter(|&third| third != a && third != b) {
        let is_closer_to_a = setup.cause_distance(third, a) < setup.cause_distance(third, b);
        let (friend, foe) = if is_closer_to_a { (a, b) } else { (b, a) };
        let is_free = match arena {
            Arena::Everywhere => model.groups.allied(third, friend),
            Arena::District(district) => {
                model.groups.allied(third, friend)
                    && !model.groups.local_wars.are_foes(district, third, friend)
                    && !model.groups.local_wars.are_foes(district, third, foe)
                    && local_infighting::members_in(model, district, third) > 0
            }
        } && !model.groups.at_general_war(third, foe)
            && is_rival_pair(model, third, foe, sizes);
        let index = u32::from(a.0) << 8 | u32::from(b.0);
        if is_free && model.draws.chance(p_third, Purpose::ThirdParty, u32::from(third.0), model.day, index) {
            start_war(model, arena, third, foe);
        }
    }
}

/// Active members of each group. Shape: `(n_groups,)`.
pub(crate) fn group_sizes(model: &Model<'_>) -> Vec<u32> {
    let mut sizes = vec![0; model.groups.n_groups()];
    for unit in &model.units.list {
        sizes[unit.group.idx()] += unit.n_active;
    }
    sizes
}

/// The chance that two groups of one constituency start to fight at a review.
fn p_infighting(model: &Model<'_>, a: GroupId, b: GroupId, sizes: &[u32]) -> f64 {
    let parameters = &model.world.setup.parameters.relations;
    let asymmetry = ln(f64::from(sizes[a.idx()]) / f64::from(sizes[b.idx()])).abs();
    let n_members = f64::from(sizes[a.idx()]) + f64::from(sizes[b.idx()]);
    let allied = if model.groups.allied(a, b) { parameters.alliance_weight } else { 0.0 };
    logistic(
        parameters.infighting_intercept
            + parameters.ideology_weight * model.world.setup.cause_distance(a, b)
            + parameters.asymmetry_weight * asymmetry
            + parameters.provocation_weight * model.groups.provocation_between(a, b).min(1.0)
            + parameters.blame_weight * causes::blame_between(model, a, b, n_members)
            - allied,
    )
}
