//! Campaigns: the axis on which a group attacks for weeks, and the blow with which a war opens.
//!
//! # Form
//! Every `D_x` days, when a war of its own opens, and when nothing of its axis is left to take, a group
//! chooses the place in its reach around which there is most to win:
//!
//! ```text
//! axis = argmax over c of  sum over enemy places q within d_x of c of  V_q P_q
//! ```
//!
//! with the worth `V` of targets and the chance `P` of operations; `c` is an enemy place too, with force of
//! the group within `operations.reach_km`. A free unit within `d_y` of the axis, and not within reach
//! of it, marches with probability `p_x` a day to the place of its group within `movement.march_km` that lies nearest to it, if another
//! unit of the group stays behind. Units attack places within `d_x` of the axis at `f_a` times the rate of
//! operations, and others at `f_e` times.
//!
//! In the first three days of a war each rested unit in contact attacks once with probability `p_b`, on one of the
//! three at random, whatever the odds. It is in contact with the new enemies stationed within `d_b`,
//! and goes for one of these places with the weights of operations. Wars from before the first day
//! have opened already; groups that never attack have neither axis nor blow.
//!
//! # Source
//! That wars are fought in campaigns with an operational objective is their textbook description; deaths
//! persist in places from one fortnight to the next. That most of a countryside changed hands within days is
//! evidence B1. No number exists for any of it.

use crate::ids::{GroupId, PlaceId, UnitId};
use crate::local_infighting;
use crate::model::Model;
use crate::movement;
use crate::musters::Musters;
use crate::operations::{faces_enemy, is_rested, p_win, weights_of_targets};
use crate::parameters::parameters;
use crate::random::Purpose;
use crate::setup::{Mechanism, Setup};
use crate::sieges;
use crate::targets;

parameters! {
    /// Axes of advance, and the opening of a war.
    pub struct CampaignParameters = "campaigns" {
        /// Days after which a group chooses its axis anew.
        review_days: "D_x", "d", 45.0 in 30.0..90.0 within 1.0..900.0, Judgement, "no number exists";
        /// Distance around the axis within which places belong to it.
        cluster_km: "d_x", "km", 10.0 in 5.0..20.0 within 0.0..60.0, Judgement, "no number exists";
        /// Distance within which units drift towards the axis.
        drift_km: "d_y", "km", 60.0 in 30.0..60.0 within 0.0..60.0, Judgement, "no number exists";
        /// Probability that a unit that can be spared marches towards the axis on a day.
        p_drift: "p_x", "probability", 0.3 in 0.1..0.6, Judgement, "no number exists";
        /// Factor of the rate of assaults on the axis.
        on_axis: "f_a", "1", 3.0 in 2.0..5.0 within 0.0..50.0 off 1.0, Judgement, "no number exists";
        /// Factor of the rate of assaults elsewhere.
        elsewhere: "f_e", "1", 0.5 in 0.2..1.0 within 0.0..10.0 off 1.0, Judgement, "no number exists";
        /// Probability that a unit in contact attacks in the first three days of a war.
        p_opening: "p_b", "probability", 0.1 in 0.0..0.5 off 0.0, Judgement, "the first five days of January 2014 had no more dead a day than the thirteen (evidence B4)";
        /// Distance within which new enemies are in contact.
        contact_km: "d_b", "km", 5.0 in 1.0..10.0 within 0.0..60.0, Judgement, "no number exists";
    }
}

/// Days for which a war opens.
const OPENING_DAYS: u32 = 3;

/// Axes of the groups, and when wars opened.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Campaigns {
    /// Centre of each group's axis. Shape: `(n_groups,)`.
    axes: Vec<Option<PlaceId>>,
    /// When each group chose last. Shape: `(n_groups,)`.
    chosen: Vec<Option<u32>>,
    /// Which pairs were at war when it was looked at last. Shape: `(n_groups, n_groups)`.
    was_at_war: Vec<bool>,
    /// When the war of each pair opened, if there is one that opened since the first
    /// day. Same shape.
    opened: Vec<Option<u32>>,
}

impl Campaigns {
    /// No axes, and the wars of the first day.
    pub(crate) fn new(setup: &Setup) -> Self {
        let n_groups = setup.n_groups();
        Self {
            axes: vec![None; n_groups],
            chosen: vec![None; n_groups],
            was_at_war: setup.relations.iter().map(|&relation| relation == crate::setup::RelationKind::War).collect(),
            opened: vec![None; n_groups * n_groups],
        }
    }
}

fn runs(model: &Model<'_>) -> bool {
    model.runs(Mechanism::Campaigns) && model.runs(Mechanism::Operations)
}

fn attacks(model: &Model<'_>, group: GroupId) -> bool {
    model.world.setup.groups[group.idx()].offensive_tempo > 0.0
}

/// Groups choose axes, and units drift towards them.
#[inline(never)]
pub(crate) fn plan(model: &mut Model<'_>) {
    if !runs(model) {
        return;
    }
    note_wars(model);
    for group in model.groups.ids() {
        if attacks(model, group) && is_due(model, group) {
            let axis = best_axis(model, group);
            model.groups.campaigns.axes[group.idx()] = axis;
            model.groups.campaigns.chosen[group.idx()] = Some(model.day);
        }
    }
    drift(model);
}

/// Notes which wars opened since it was looked at last.
fn note_wars(model: &mut Model<'_>) {
    let n_groups = model.groups.n_groups();
    for a in model.groups.ids() {
        for b in model.groups.ids() {
            let (pair, is_war) = (a.idx() * n_groups + b.idx(), model.groups.at_general_war(a, b));
            let campaigns = &mut model.groups.campaigns;
            match (campaigns.was_at_war[pair], is_war) {
                (false, true) => campaigns.opened[pair] = Some(model.day),
                (_, false) => campaigns.opened[pair] = None,
                (true, true) => {}
            }
            campaigns.was_at_war[pair] = is_war;
        }
    }
}

/// The wars of a group: when each other group's with it opened.
fn openings<'m>(model: &'m Model<'_>, group: GroupId) -> &'m [Option<u32>] {
    let n_groups = model.groups.n_groups();
    &model.groups.campaigns.opened[group.idx() * n_groups..(group.idx() + 1) * n_groups]
}

fn is_due(model: &Model<'_>, group: GroupId) -> bool {
    let campaigns = &model.groups.campaigns;
    let Some(chosen) = campaigns.chosen[group.idx()] else { return true };
    let cluster_km = model.world.setup.parameters.campaigns.cluster_km;
    let is_won = campaigns.axes[group.idx()].is_some_and(|axis| {
        let mut near = model.world.geography.in_turn(axis, cluster_km);
        !near.any(|near| faces_enemy(model, group, near.place))
    });
    is_won
        || f64::from(model.day - chosen) >= model.world.setup.parameters.campaigns.review_days
        || openings(model, group).contains(&Some(model.day))
}

/// The place in reach around which there is most to win, the first on a tie.
fn best_axis(model: &Model<'_>, group: GroupId) -> Option<PlaceId> {
    let musters = &model.musters.reach;
    let cluster_km = model.world.setup.parameters.campaigns.cluster_km;
    let places = || (0..model.places.n_places()).map(PlaceId::from_idx);
    let prize = |place: PlaceId| {
        let is_prize = musters.of(place, group) > 0.0 && faces_enemy(model, group, place);
        if !is_prize {
            return 0.0;
        }
        let pace = local_infighting::pace(model, group, place);
        targets::value(model, group, place) * p_win(model, musters, group, place) * pace
    };
    let prizes: Vec<f64> = places().map(prize).collect();
    let mut best: Option<(PlaceId, f64)> = None;
    for place in places().filter(|place| prizes[place.idx()] > 0.0) {
        let near = model.world.geography.within(place, cluster_km);
        let around: f64 = near.iter().map(|near| prizes[near.place.idx()]).sum();
        if best.is_none_or(|(_, most)| around > most) {
            best = Some((place, around));
        }
    }
    best.map(|(place, _)| place)
}

/// Units that can be spared march towards their group's axis.
fn drift(model: &mut Model<'_>) {
    if !model.runs(Mechanism::Movement) {
        return;
    }
    let p_drift = model.world.setup.parameters.campaigns.p_drift;
    for unit in model.units.ids() {
        let state = model.units.at(unit);
        let Some(axis) = model.groups.campaigns.axes[state.group.idx()] else { continue };
        if !state.is_free(model.day)
            || model.world.setup.kind_of(state.group).stays_home
            || model.draws.daily_uniform(Purpose::Drift, unit.0, model.day) >= p_drift
            || !is_spared(model, unit)
        {
            continue;
        }
        if let Some(to) = next_stage(model, unit, axis) {
            model.units.move_to(unit, to);
            model.units.at_mut(unit).acted_day = Some(model.day);
        }
    }
}

/// Whether another unit of the group stays in the place.
fn is_spared(model: &Model<'_>, unit: UnitId) -> bool {
    let state = model.units.at(unit);
    let mut others = model.units.of_place[state.place.idx()].iter().filter(|&&other| other != unit);
    others.any(|&other| model.units.at(other).group == state.group && model.units.at(other).n_active > 0)
}

/// Where a unit marches next, nearer to an axis out of its reach; none where no place of its
/// group in a day's march is nearer.
fn next_stage(model: &Model<'_>, unit: UnitId, axis: PlaceId) -> Option<PlaceId> {
    let (setup, geography) = (&model.world.setup, &model.world.geography);
    let (group, from) = (model.units.at(unit).group, model.units.at(unit).place);
    let to_axis = |place: PlaceId| geography.distance_km(axis, place);
    let mut nearest = to_axis(from)
        .filter(|&km| km <= setup.parameters.campaigns.drift_km && km > setup.parameters.operations.reach_km)?;
    let mut stage = None;
    for near in &geography.within(from, setup.parameters.movement.march_km) {
        if movement::holds(model, group, near.place)
            && let Some(km) = to_axis(near.place).filter(|&km| km < nearest)
        {
            (stage, nearest) = (Some(near.place), km);
        }
    }
    stage
}

/// The highest factor of a group's rate of assaults; 1 with the mechanism off
/// or without an axis.
pub(crate) fn most_pace(model: &Model<'_>, group: GroupId) -> f64 {
    let parameters = &model.world.setup.parameters.campaigns;
    if runs(model) && model.groups.campaigns.axes[group.idx()].is_some() {
        parameters.on_axis.max(parameters.elsewhere)
    } else {
        1.0
    }
}

/// The factor of a group's rate of assaults on a place.
pub(crate) fn pace(model: &Model<'_>, group: GroupId, place: PlaceId) -> f64 {
    let parameters = &model.world.setup.parameters.campaigns;
    let Some(axis) = model.groups.campaigns.axes[group.idx()].filter(|_| runs(model)) else { return 1.0 };
    let km = model.world.geography.distance_km(axis, place);
    if km.is_some_and(|km| km <= parameters.cluster_km) { parameters.on_axis } else { parameters.elsewhere }
}

/// The assaults with which wars open today.
pub(crate) fn opening_blows(model: &Model<'_>, musters: &Musters) -> Vec<(GroupId, PlaceId)> {
    let is_opening = |&opened: &Option<u32>| opened.is_some_and(|opened| model.day - opened < OPENING_DAYS);
    if !runs(model) || !model.groups.campaigns.opened.iter().any(is_opening) {
        return Vec::new();
    }
    let blow = |unit| Some((model.units.at(unit).group, opening_blow(model, musters, unit)?));
    model.units.ids().filter_map(blow).collect()
}

/// The place that a unit attacks today because a war has opened.
fn opening_blow(model: &Model<'_>, musters: &Musters, unit: UnitId) -> Option<PlaceId> {
    let parameters = &model.world.setup.parameters.campaigns;
    let group = model.units.at(unit).group;
    let opened = (0..OPENING_DAYS).filter_map(|nth| model.day.checked_sub(nth)).find(|&opened| {
        let u = model.draws.uniform(Purpose::OpeningBlow, unit.0, opened, 0);
        let nth_day = (u / parameters.p_opening * f64::from(OPENING_DAYS)) as u32;
        u < parameters.p_opening && nth_day == model.day - opened && openings(model, group).contains(&Some(opened))
    })?;
    if !attacks(model, group) || !is_rested(model, unit) {
        return None;
    }
    let is_new_enemy = |other: GroupId| openings(model, group)[other.idx()] == Some(opened);
    let from = model.units.at(unit).place;
    let weights = weights_of_targets(model, musters, unit, parameters.contact_km, &|place| {
        sieges::pace(model, group, from, place) > 0.0
            && model.groups.ids().any(|other| is_new_enemy(other) && model.places.force_of(place, other) > 0)
    });
    let mut stream = model.draws.stream(Purpose::OpeningTarget, unit.0, model.day, 0);
    weights.pick(stream.uniform())
}
