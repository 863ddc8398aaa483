//! Splits: a commander who doubts his group founds one of his own, with those of his men who doubt.
//!
//! # Form
//! A scenario names the group that may come to be: one without members on the first day, with its cause,
//! kind and relations. Its parent is the group of its constituency whose cause is nearest, among those that
//! have members. Once a week a commander of the parent on duty, whose conviction is below 0, breaks away with the hazard
//!
//! ```text
//! b_0 exp(b_d (D - 1/2))     a month, if at least b_n of his men doubt, or the new group exists already
//! ```
//!
//! with `D` the share of his unit's active members whose conviction is below 0. They come with him and
//! serve the new group where they stand; the others stay.
//!
//! # Source
//! Schubiger (2023) on cohesion under violence, Duursma & Fliervoet (2021) on factions that form over what
//! the group is for. Neither gives a rate; the form and all magnitudes are judgement.

use crate::belief::conviction_now;
use crate::exits::hand_over;
use crate::ids::{GroupId, Row, UnitId};
use crate::maths::{exp, weekly_probability};
use crate::model::Model;
use crate::muster::active_members;
use crate::parameters::parameters;
use crate::random::Purpose;
use crate::relations::group_sizes;
use crate::setup::Mechanism;

parameters! {
    /// Commanders who found a group of their own.
    pub struct SplitParameters = "splits" {
        /// Hazard that a commander breaks away of whose men half doubt.
        per_month: "b_0", "1/month", 0.05 in 0.01..0.2 off 0.0, Judgement, "no number exists";
        /// Rise of the log-hazard from none to all of his men doubting.
        doubt_weight: "b_d", "log-hazard", 3.0 in 1.0..6.0 off 0.0, Judgement, "no number exists";
        /// Men who doubt that it takes to found a group.
        founders: "b_n", "persons", 10.0 in 5.0..40.0, Judgement, "no number exists";
    }
}

/// Once a week, commanders break away or don't.
pub(crate) fn review(model: &mut Model<'_>) {
    if !model.runs(Mechanism::Splits) || !model.ends_week() {
        return;
    }
    for new_group in model.groups.ids().filter(|group| model.world.setup.groups[group.idx()].members == 0) {
        let Some(parent) = parent(model, new_group) else { continue };
        let units: Vec<UnitId> = model.units.of_group[parent.idx()].clone();
        for unit in units {
            break_away(model, unit, new_group);
        }
    }
}

/// The group of the same constituency with members whose cause is nearest, the first on a tie.
fn parent(model: &Model<'_>, new_group: GroupId) -> Option<GroupId> {
    let sizes = group_sizes(model);
    let mut nearest: Option<(GroupId, f64)> = None;
    for group in model.groups.ids() {
        if group == new_group || sizes[group.idx()] == 0 || !model.world.setup.share_constituency(group, new_group) {
            continue;
        }
        let distance = model.world.setup.cause_distance(group, new_group);
        if nearest.is_none_or(|(_, least)| distance < least) {
            nearest = Some((group, distance));
        }
    }
    nearest.map(|(group, _)| group)
}

fn break_away(model: &mut Model<'_>, unit: UnitId, new_group: GroupId) {
    let members: Vec<Row> = active_members(model, unit).collect();
    let Some(commander) = model.units.at(unit).commander.filter(|commander| members.contains(commander)) else {
        return;
    };
    if conviction_now(model, commander) >= 0.0 {
        return;
    }
    let doubters: Vec<Row> = members.iter().copied().filter(|&row| conviction_now(model, row) < 0.0).collect();
    let parameters = &model.world.setup.parameters.splits;
    let founders = model.world.setup.scaled_down(parameters.founders);
    if !model.groups.is_alive[new_group.idx()] && (doubters.len() as f64) < founders {
        return;
    }
    let share = doubters.len() as f64 / members.len() as f64;
    let hazard = parameters.per_month * exp(parameters.doubt_weight * (share - 0.5));
    let p = weekly_probability(hazard);
    if model.draws.chance(p, Purpose::Split, unit.0, model.day, u32::from(new_group.0)) {
        model.groups.is_alive[new_group.idx()] = true;
        hand_over(model, unit, new_group, &doubters);
    }
}
