//! Whose draw of exit is low enough to look at his hazard today.
//!
//! Nearly every member stays on nearly every day, and his draw says so at
//! once: it lies above anything that his hazard could be. A member has a
//! ceiling for his chance to leave that holds until something touches him; a
//! unit has the highest of its members, and factors for what moves it as a
//! whole. Where the two together stay below [`LOW_DRAW`], only members with a
//! lower draw are looked at, and these are found for four days at a time.
//! None of this changes who leaves: whoever passes has his full hazard
//! computed, and the same draw decides.

use crate::exits::{Decision, ceiling, choose, claim_factor, factor_limit, hazards, unit_factors};
use crate::ids::{Row, UnitId};
use crate::maths::daily_probability;
use crate::model::Model;
use crate::muster;
use crate::random::{Purpose, narrow_unit_interval};
use crate::tables::Standing;

/// Days that share one block of draws.
const BLOCK_DAYS: u32 = 4;

/// The draw below which a member is looked at whatever his unit's ceiling.
const LOW_DRAW: f64 = 1.0 / 16.0;

/// The low draws of exit of four days.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct LowDraws {
    /// The block of days, from 1; 0 before the first.
    block: u32,
    /// Members with a low draw and the draw, by day of the block.
    by_day: [Vec<(Row, f64)>; BLOCK_DAYS as usize],
    /// Members who came since the block was drawn.
    newcomers: Vec<Row>,
}

impl LowDraws {
    /// Takes note of a new member, whose draws aren't known yet.
    pub(crate) fn admit(&mut self, row: Row) {
        self.newcomers.push(row);
    }
}

/// The members who decide to leave today, in order of unit and of joining it.
pub(crate) fn decisions(model: &mut Model<'_>) -> Vec<Decision> {
    let mut low_draws = std::mem::take(&mut model.low_draws);
    draw_ahead(model, &mut low_draws);
    let limits: Vec<f64> = model.groups.ids().map(|group| factor_limit(model, group)).collect();
    let mut found = Vec::new();
    let mut unit_limit = vec![0.0; model.units.list.len()];
    for unit in model.units.ids() {
        if model.units.at(unit).n_active == 0 {
            continue;
        }
        let state = model.units.at(unit);
        let limit = limits[state.group.idx()] * claim_factor(model, unit);
        if state.exit_ceiling * limit <= LOW_DRAW {
            unit_limit[unit.idx()] = limit;
        } else {
            look_at_all(model, unit, &mut found);
        }
    }
    for &(row, u) in &low_draws.by_day[(model.day % BLOCK_DAYS) as usize] {
        let state = model.people.at(row);
        let Some(unit) = state.unit.filter(|_| state.standing == Standing::Active) else { continue };
        let bound = model.people.exit_ceiling[row.idx()] * unit_limit[unit.idx()];
        if u < bound {
            look_at(model, row, unit, u, bound, &mut found);
        }
    }
    model.low_draws = low_draws;
    let position = |decision: &(UnitId, Decision)| {
        let members = &model.units.at(decision.0).members;
        (decision.0, members.iter().position(|&row| row == decision.1.row))
    };
    found.sort_by_cached_key(position);
    found.dedup_by_key(|(_, decision)| decision.row);
    found.into_iter().map(|(_, decision)| decision).collect()
}

/// Draws four days at once for everyone in a unit, and what is left of the
/// block for those who came since.
fn draw_ahead(model: &Model<'_>, low_draws: &mut LowDraws) {
    let block = 1 + model.day / BLOCK_DAYS;
    let newcomers = std::mem::take(&mut low_draws.newcomers);
    if low_draws.block == block {
        note_low_draws(model, &newcomers, &mut low_draws.by_day);
        return;
    }
    low_draws.block = block;
    low_draws.by_day.iter_mut().for_each(Vec::clear);
    for unit in &model.units.list {
        note_low_draws(model, &unit.members, &mut low_draws.by_day);
    }
}

fn note_low_draws(model: &Model<'_>, members: &[Row], by_day: &mut [Vec<(Row, f64)>; BLOCK_DAYS as usize]) {
    for &row in members {
        let words = model.draws.daily_block(Purpose::Exit, model.people.number[row.idx()].0, model.day);
        for (list, word) in by_day.iter_mut().zip(words) {
            let u = narrow_unit_interval(word);
            if u < LOW_DRAW {
                list.push((row, u));
            }
        }
    }
}

/// Looks at every member of a unit, and renews the ceilings that are out of
/// date.
fn look_at_all(model: &mut Model<'_>, unit: UnitId, found: &mut Vec<(UnitId, Decision)>) {
    let is_stale = model.units.at(unit).is_stale;
    if is_stale {
        let state = model.units.at_mut(unit);
        state.claim_slack = 0.0;
        state.is_stale = false;
    }
    let [on_duty, on_leave] = unit_factors(model, unit);
    let mut highest = 0.0_f64;
    for at in 0..model.units.at(unit).members.len() {
        let row = model.units.at(unit).members[at];
        if is_stale || model.people.exit_ceiling[row.idx()] == f64::INFINITY {
            model.people.exit_ceiling[row.idx()] = ceiling(model, row);
        }
        let ceiling = model.people.exit_ceiling[row.idx()];
        highest = highest.max(ceiling);
        let factor = if muster::rota_has_leave(model, row) { on_leave } else { on_duty };
        let bound = ceiling * factor;
        if bound > 0.0 {
            let u = model.draws.daily_uniform(Purpose::Exit, model.people.number[row.idx()].0, model.day);
            if u < bound {
                look_at(model, row, unit, u, bound, found);
            }
        }
    }
    model.units.at_mut(unit).exit_ceiling = highest;
}

/// Decides with the full hazard of a member.
fn look_at(model: &Model<'_>, row: Row, unit: UnitId, u: f64, bound: f64, found: &mut Vec<(UnitId, Decision)>) {
    let hazards = hazards(model, row, unit);
    let p_exit = daily_probability(hazards.per_month.iter().sum());
    debug_assert!(p_exit <= bound * (1.0 + 1e-9) || bound >= 1.0, "exit bound {bound} below {p_exit}");
    if u < p_exit {
        found.push((unit, choose(model, row, unit, hazards)));
    }
}
