//! Conviction moves to the mean of those around: the unit and the kin in the
//! same group. What a member saw himself shifts his own conviction at once,
//! and spreads from there; claims do nothing.
//!
//! # Form
//! ```text
//! L = L0 - E + S
//! S <- S + day(lambda) ((1 - w_kin) mean of the unit + w_kin mean of kin in the group - L)
//! ```
//!
//! with the means of the convictions of this evening, the unit's over its active members; a member
//! without kin in the group has the unit alone.
//!
//! # Source
//! `DeGroot` (1974), Reaching a consensus.

use super::{TheoryOfBelief, conviction_now};
use crate::ids::Row;
use crate::maths::daily_probability;
use crate::model::Model;
use crate::muster;
use crate::state::UnitState;
use crate::tables::Standing;

pub(super) const THEORY: TheoryOfBelief = TheoryOfBelief {
    conviction: |_, heard| heard.prior_conviction - heard.evidence + heard.social,
    daily: Some(move_to_means),
    ..TheoryOfBelief::CLAIMS_DO_NOTHING
};

/// Moves every member's conviction towards the mean of his unit and kin, all
/// at once: nobody follows what another only came to think today.
fn move_to_means(model: &mut Model<'_>) {
    let parameters = &model.world.setup.parameters.belief;
    let pull = daily_probability(parameters.averaging_per_month);
    let w_kin = parameters.averaging_kin_weight;
    let now: Vec<f64> = (0..model.people.list.len()).map(|row| conviction_now(model, Row(row as u32))).collect();
    let mut moves: Vec<(Row, f64)> = Vec::new();
    for unit in &model.units.list {
        let Some(of_unit) = mean_of_unit(model, unit, &now) else { continue };
        for &row in &unit.members {
            let target = match mean_of_kin(model, row, &now) {
                Some((kin, _)) => (1.0 - w_kin) * of_unit + w_kin * kin,
                None => of_unit,
            };
            moves.push((row, pull * (target - now[row.idx()])));
        }
    }
    for (row, step) in moves {
        model.people.mind_mut(row).hearing.social += step;
        muster::touch(model, row);
    }
}

/// Mean conviction of a unit's active members; none where it has none.
pub(super) fn mean_of_unit(model: &Model<'_>, unit: &UnitState, now: &[f64]) -> Option<f64> {
    let active = unit.members.iter().copied().filter(|&row| model.people.at(row).standing == Standing::Active);
    let (total, n) = active.fold((0.0, 0.0), |(total, n), row| (total + now[row.idx()], n + 1.0));
    (n > 0.0).then(|| total / n)
}

/// Mean conviction of the other members of the clan in the same group, and how many they are.
#[inline]
pub(super) fn mean_of_kin(model: &Model<'_>, row: Row, now: &[f64]) -> Option<(f64, f64)> {
    let state = model.people.at(row);
    let (clan, group) = (state.clan?, state.group?);
    let kin = model.people.of_clan(clan).filter(|&other| {
        let other_state = model.people.at(other);
        other != row && other_state.group == Some(group) && other_state.standing != Standing::Dead
    });
    let (total, n) = kin.fold((0.0, 0.0), |(total, n), other| (total + now[other.idx()], n + 1.0));
    (n > 0.0).then(|| (total / n, n))
}
