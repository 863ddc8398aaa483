//! Control of places: shares that sum to one, jump when a place is taken, and
//! relax towards the share of the forces present.
//!
//! # Form
//! Where any force is stationed, control `C` of each group follows its share of the forces:
//!
//! ```text
//! C <- C + day(r) (force share - C)
//! ```
//!
//! The winner of an assault takes at least `c_w` at once; the rest is shared in proportion. Momentum of
//! a group is a sum over days of its relative gain of territory, fading with the half-life
//! `joining.momentum_days` and kept within -0.5 to 0.5; territory is the share of the population under
//! its control, by share.
//!
//! # Source
//! The zones of control of Kalyvas (2006); evidence A13.

use crate::ids::{GroupId, PlaceId};
use crate::maths::{daily_probability, half_life_factor};
use crate::model::Model;
use crate::parameters::parameters;
use crate::tables::{ControlShare, Day};

parameters! {
    /// Control of places.
    pub struct ControlParameters = "control" {
        /// Rate at which control shares move towards the share of forces present.
        relaxation_per_month: "r", "1/month", 0.5 in 0.2..1.0, Judgement, "evidence A13; form after Kalyvas 2006";
        /// Control share that the winner of an assault takes at once.
        capture_share: "c_w", "share", 0.8 in 0.5..1.0, Judgement, "evidence A13: battle jumps";
    }
}

/// A change of share that is recorded.
const RECORDED_CHANGE: f64 = 0.01;
/// Control share from which a side holds a place: half of it.
pub(crate) const HELD_SHARE: f64 = 0.5;
/// Territory of a group below which gains are counted as if it had as much: a
/// group that holds one village doesn't win a war by taking the second.
pub(crate) const LEAST_TERRITORY: f64 = 0.005;
/// Bounds of momentum.
const MAX_MOMENTUM: f64 = 0.5;

/// Records control and territory as they stand before the first day.
pub(crate) fn start(model: &mut Model<'_>) {
    record_changes(model);
    model.groups.territory = territory(model);
}

/// Passes control of the places taken today, lets control follow the forces
/// present, and momentum follow territory.
#[inline(never)]
pub(crate) fn relax(model: &mut Model<'_>) {
    for (place, group) in std::mem::take(&mut model.today.captures) {
        model.places.capture(place, group, model.world.setup.parameters.control.capture_share);
    }
    let pull = daily_probability(model.world.setup.parameters.control.relaxation_per_month);
    let n_groups = model.groups.n_groups();
    for place_idx in 0..model.places.n_places() {
        let cells = place_idx * n_groups..(place_idx + 1) * n_groups;
        let total: u32 = model.places.force[cells.clone()].iter().sum();
        if total == 0 {
            continue;
        }
        for cell in cells {
            let wanted = f64::from(model.places.force[cell]) / f64::from(total);
            model.places.control[cell] += pull * (wanted - model.places.control[cell]);
        }
    }
    record_changes(model);
    update_momentum(model);
}

fn record_changes(model: &mut Model<'_>) {
    let n_groups = model.groups.n_groups();
    let places = &mut model.places;
    for cell in 0..places.control.len() {
        if (places.control[cell] - places.control_recorded[cell]).abs() >= RECORDED_CHANGE {
            places.control_recorded[cell] = places.control[cell];
            model.records.control.push(ControlShare {
                day: Day(model.day),
                place: PlaceId::from_idx(cell / n_groups),
                group: GroupId::from_idx(cell % n_groups),
                share: places.control[cell],
            });
        }
    }
}

/// Share of the population that each group controls. Shape: `(n_groups,)`.
pub(crate) fn territory(model: &Model<'_>) -> Vec<f64> {
    let mut held = vec![0.0; model.groups.n_groups()];
    let mut total = 0.0;
    for (place_idx, place) in model.world.setup.places.iter().enumerate() {
        total += f64::from(place.population);
        for (group_idx, share) in model.places.shares(PlaceId::from_idx(place_idx)).iter().enumerate() {
            held[group_idx] += f64::from(place.population) * share;
        }
    }
    held.iter().map(|people| people / total).collect()
}

/// Momentum is the smoothed relative change of territory a day, summed over
/// its memory.
fn update_momentum(model: &mut Model<'_>) {
    let fading = half_life_factor(1.0, model.world.setup.parameters.joining.momentum_days);
    let territory = territory(model);
    for (group_idx, &now) in territory.iter().enumerate() {
        let before = model.groups.territory[group_idx];
        let gain = (now - before) / before.max(LEAST_TERRITORY);
        let smoothed = model.groups.momentum[group_idx] * fading + gain;
        model.groups.momentum[group_idx] = smoothed.clamp(-MAX_MOMENTUM, MAX_MOMENTUM);
    }
    model.groups.territory = territory;
}
