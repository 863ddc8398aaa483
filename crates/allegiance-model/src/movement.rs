//! Movement of units: from quiet places to threatened ones, and away from a
//! place that was lost.
//!
//! # Form
//! On a day a free unit marches with probability `p_r`, if fewer than one enemy in reach for every two
//! of its own threatens its place, to the place within `d_r` that its group holds and where enemies in
//! reach outnumber it most. Beaten units fall back to the nearest place of their side where it is no
//! weaker than its enemies, else to their group's strongest place. Local defenders never move.

use crate::control::HELD_SHARE;
use crate::geography::Geography;
use crate::ids::{GroupId, PlaceId, UnitId};
use crate::model::Model;
use crate::musters::Musters;
use crate::operations::enemy_force;
use crate::parameters::parameters;
use crate::random::Purpose;
use crate::setup::Mechanism;

parameters! {
    /// Movement of units between places.
    pub struct MovementParameters = "movement" {
        /// Probability that a unit in a quiet place marches to a threatened place of its side on a day.
        p_reinforce: "p_r", "probability", 0.08 in 0.02..0.3, Judgement, "no number exists";
        /// Distance that a unit marches in a day.
        march_km: "d_r", "km", 40.0 in 15.0..100.0, Judgement, "road vehicles, checkpoints";
    }
}

/// Enemies for each own member up to which a place counts as quiet.
const QUIET_THREAT: f64 = 0.5;

/// Units in quiet places march to the most threatened place of their side.
pub(crate) fn reinforce(model: &mut Model<'_>, musters: &Musters) {
    if !model.runs(Mechanism::Movement) {
        return;
    }
    let p_reinforce = model.world.setup.parameters.movement.p_reinforce;
    for unit in model.units.ids() {
        let state = model.units.at(unit);
        let is_fixed = model.world.setup.kind_of(state.group).stays_home;
        if !state.is_free(model.day) || is_fixed {
            continue;
        }
        if model.draws.daily_uniform(Purpose::Movement, unit.0, model.day) >= p_reinforce {
            continue;
        }
        let (group, from) = (state.group, state.place);
        if threat(model, musters, group, from) > QUIET_THREAT {
            continue;
        }
        if let Some(to) = most_threatened(model, musters, group, from) {
            model.units.move_to(unit, to);
            model.units.at_mut(unit).acted_day = Some(model.day);
        }
    }
}

/// Enemies who could attack a place for each own member there.
fn threat(model: &Model<'_>, musters: &Musters, group: GroupId, place: PlaceId) -> f64 {
    let enemies: f64 = model.groups.enemies_at(place, group).map(|other| musters.of(place, other)).sum();
    enemies / (1.0 + f64::from(model.places.force_of(place, group)))
}

/// Whether a group has members stationed within a distance of a place.
pub(crate) fn stands_within(model: &Model<'_>, group: GroupId, place: PlaceId, km: f64) -> bool {
    model.world.geography.in_turn(place, km).any(|near| model.places.force_of(near.place, group) > 0)
}

/// Whether a group stands in a place or holds it.
pub(crate) fn holds(model: &Model<'_>, group: GroupId, place: PlaceId) -> bool {
    model.places.force_of(place, group) > 0 || model.places.share(place, group) >= HELD_SHARE
}

/// The place in marching distance, held by the group and under threat, where
/// enemies outnumber it most.
fn most_threatened(model: &Model<'_>, musters: &Musters, group: GroupId, from: PlaceId) -> Option<PlaceId> {
    let march_km = model.world.setup.parameters.movement.march_km.min(Geography::RADIUS_KM);
    let mut best = None;
    for near in &model.world.geography.within(from, march_km)[1..] {
        if !holds(model, group, near.place) {
            continue;
        }
        let value = threat(model, musters, group, near.place);
        if value > 1.0 && best.is_none_or(|(_, best_value)| value > best_value) {
            best = Some((near.place, value));
        }
    }
    best.map(|(place, _)| place)
}

/// Where a unit of a group can fall back to from a place: the nearest other
/// place held by its side and free of stronger enemies.
pub(crate) fn line_of_retreat(model: &Model<'_>, group: GroupId, from: PlaceId) -> Option<PlaceId> {
    if model.world.setup.kind_of(group).stays_home {
        return None;
    }
    let near = model.world.geography.in_turn(from, Geography::RADIUS_KM).skip(1);
    near.map(|near| near.place).find(|&place| {
        let (own, share) = side_in(model, group, place);
        (own > 0 || share >= HELD_SHARE) && f64::from(own) >= enemy_force(model, group, place)
    })
}

/// The members of a group and its allies stationed in a place this morning, and their
/// control share.
pub(crate) fn side_in(model: &Model<'_>, group: GroupId, place: PlaceId) -> (u32, f64) {
    let force = model.groups.side_at(place, group).map(|other| model.places.force_of(place, other)).sum();
    (force, model.groups.side_at(place, group).map(|other| model.places.share(place, other)).sum())
}

/// Moves beaten units to where they fall back; a unit without a line of
/// retreat goes to its group's strongest place, or stays if there is none.
pub(crate) fn retreat(model: &mut Model<'_>, units: &[UnitId], from: PlaceId) {
    for &unit in units {
        let group = model.units.at(unit).group;
        if model.world.setup.kind_of(group).stays_home {
            continue;
        }
        let refuge = line_of_retreat(model, group, from).or_else(|| strongest_place(model, group, Some(from)));
        if let Some(place) = refuge {
            model.units.move_to(unit, place);
        }
        model.units.at_mut(unit).acted_day = Some(model.day);
    }
}

/// The place with most of a group's members this morning, the first on a tie, but for one.
pub(crate) fn strongest_place(model: &Model<'_>, group: GroupId, besides: Option<PlaceId>) -> Option<PlaceId> {
    let mut best = None;
    for place_idx in 0..model.places.n_places() {
        let place = PlaceId::from_idx(place_idx);
        let force = model.places.force_of(place, group);
        if Some(place) != besides && force > 0 && best.is_none_or(|(_, most)| force > most) {
            best = Some((place, force));
        }
    }
    best.map(|(place, _)| place)
}
