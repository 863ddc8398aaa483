//! What units and groups lost of late: members killed in assaults and by
//! strikes, and members wounded.

use crate::ids::{GroupId, UnitId};
use crate::model::Model;
use crate::setup::Mechanism;
use crate::theory::{self, StateEvent};

/// Days for which a loss is remembered.
pub(crate) const LOSS_DAYS: u32 = 30;

/// A member of a unit was killed or wounded.
pub(crate) fn note_loss(model: &mut Model<'_>, unit: UnitId) {
    let day = model.day;
    let losses = &mut model.units.at_mut(unit).losses;
    losses.retain(|&(then, _)| day - then < LOSS_DAYS);
    match losses.last_mut() {
        Some((last, n)) if *last == day => *n += 1,
        _ => losses.push((day, 1)),
    }
    theory::note_in_unit(model, unit, StateEvent::ComradeLost);
}

/// Losses of a unit that are remembered.
fn n_lost(model: &Model<'_>, unit: UnitId) -> u32 {
    let losses = model.units.at(unit).losses.iter();
    losses.filter(|&&(day, _)| model.day - day < LOSS_DAYS).map(|&(_, n)| n).sum()
}

/// Losses as a share of them and of those who are left.
fn share(n_lost: u32, n_active: u32) -> f64 {
    f64::from(n_lost) / f64::from((n_lost + n_active).max(1))
}

/// Share of a unit that was killed or wounded.
pub(crate) fn of_unit(model: &Model<'_>, unit: UnitId) -> f64 {
    share(n_lost(model, unit), model.units.at(unit).n_active)
}

/// Share of a group that was killed or wounded, as of when its members decide.
pub(crate) fn of_group(model: &Model<'_>, group: GroupId) -> f64 {
    model.today.losses.get(group.idx()).copied().unwrap_or(0.0)
}

/// Counts the losses of every group, for those who decide today.
pub(super) fn count(model: &mut Model<'_>) {
    if !model.runs(Mechanism::Protection) && model.world.own.is_none() {
        return;
    }
    model.today.losses = of_groups(model);
}

/// Share of each group that was killed or wounded. Shape: `(n_groups,)`.
pub(crate) fn of_groups(model: &Model<'_>) -> Vec<f64> {
    let mut counts = vec![(0, 0); model.groups.n_groups()];
    for unit in model.units.ids() {
        let state = model.units.at(unit);
        let (lost, active) = &mut counts[state.group.idx()];
        *lost += n_lost(model, unit);
        *active += state.n_active;
    }
    counts.into_iter().map(|(lost, active)| share(lost, active)).collect()
}
