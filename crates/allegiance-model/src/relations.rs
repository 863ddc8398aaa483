//! Relations between groups: the monthly chance that two groups which leave
//! each other alone, or fight side by side, start to fight.
//!
//! # Source
//! Gade, Hafez & Gabbay (2019), Fratricide in rebel movements, for the signs
//! of ideological distance and of asymmetry in size; evidence A11.

use crate::ids::GroupId;
use crate::maths::{ln, logistic};
use crate::model::Model;
use crate::parameters::parameters;
use crate::random::Purpose;
use crate::setup::{Mechanism, RelationKind};
use crate::support::same_constituency;

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
    }
}

/// Days between reviews.
const REVIEW_DAYS: u32 = 30;

/// Once a month, groups of one constituency may turn on each other.
pub(crate) fn review(model: &mut Model<'_>) {
    if !model.runs(Mechanism::Infighting) || !(model.day + 1).is_multiple_of(REVIEW_DAYS) {
        return;
    }
    let sizes = group_sizes(model);
    for a in model.groups.ids() {
        for b in model.groups.ids().filter(|&b| b > a) {
            let kind = |group: GroupId| model.world.setup.groups[group.idx()].kind;
            let is_candidate = !model.groups.at_war(a, b)
                && same_constituency(kind(a), kind(b))
                && sizes[a.idx()] > 0
                && sizes[b.idx()] > 0;
            if !is_candidate {
                continue;
            }
            let p = p_infighting(model, a, b, &sizes);
            if model.draws.chance(p, Purpose::Infighting, u32::from(a.0), model.day, u32::from(b.0)) {
                model.groups.set_relation(a, b, RelationKind::War);
            }
        }
    }
}

fn group_sizes(model: &Model<'_>) -> Vec<u32> {
    let mut sizes = vec![0; model.groups.n_groups()];
    for unit in &model.units.list {
        sizes[unit.group.idx()] += unit.n_active;
    }
    sizes
}

/// `sig(b0 + b1 distance + b2 |ln(S_a / S_b)| - b3 [allied])`, with the mean
/// absolute difference of the ideology scores over their range as distance.
fn p_infighting(model: &Model<'_>, a: GroupId, b: GroupId, sizes: &[u32]) -> f64 {
    let setup = &model.world.setup;
    let parameters = &setup.parameters.relations;
    let (cause_a, cause_b) = (setup.groups[a.idx()].cause, setup.groups[b.idx()].cause);
    let distance = ((cause_a.revisionism - cause_b.revisionism).abs()
        + (cause_a.islamism - cause_b.islamism).abs()
        + (cause_a.sectarianism - cause_b.sectarianism).abs())
        / 12.0;
    let asymmetry = ln(f64::from(sizes[a.idx()]) / f64::from(sizes[b.idx()])).abs();
    let allied = if model.groups.allied(a, b) { parameters.alliance_weight } else { 0.0 };
    logistic(
        parameters.infighting_intercept + parameters.ideology_weight * distance + parameters.asymmetry_weight * asymmetry - allied,
    )
}
