//! Whose draw of exit is low enough to look at his hazard today.
//!
//! Nearly every member stays on nearly every day, and his draw says so at
//! once: it lies above anything that his hazard could be. A member has a
//! ceiling for his chance to leave, which holds until something touches him,
//! and his group has a limit for what can raise the chances of all its members.
//! Draws that are low enough for the ceiling are found for four days at a time,
//! and only these are looked at. None of this changes who leaves: whoever
//! passes has his full hazard computed, and the same draw decides.

use super::blocks::{DayLimit, Member};
use super::bounds::{audit_member, audited, check_member, check_renewed};
use super::hazards::{ceiling, limit_today, unit_factor};
use super::leaving::{Decision, choose};
use crate::ids::{Row, UnitId};
use crate::maths::daily_probability;
use crate::model::Model;
use crate::muster;
use crate::random::{Purpose, narrow_unit_interval};
use crate::tables::Standing;

/// Days that share one block of draws.
const BLOCK_DAYS: u32 = 4;
/// The factor above a ceiling that low draws allow for.
const MAX_FACTOR: f64 = 60.0;

/// What is known ahead of the draws of exit.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct LowDraws {
    /// The block of days, from 1; 0 before the first.
    block: u32,
    /// Members whose draw may be low enough for their ceilings, and the draw,
    /// by day of the block.
    by_day: [Vec<(Row, f64)>; BLOCK_DAYS as usize],
    /// Members whose ceilings are out of date.
    touched: Vec<Row>,
}

impl LowDraws {
    /// Takes note that a member's ceiling is out of date.
    pub(crate) fn touch(&mut self, row: Row) {
        self.touched.push(row);
    }
}

/// A member's place in the order of decisions: his unit, and where he stands
/// in its list.
type Position = (UnitId, usize);

/// The members who decide to leave today, in order of unit and of joining it.
pub(crate) fn decisions(model: &mut Model<'_>) -> Vec<Decision> {
    let mut low_draws = std::mem::take(&mut model.low_draws);
    draw_ahead(model, &mut low_draws);
    renew_stale_units(model, &mut low_draws);
    renew_touched(model, &mut low_draws);
    let limits: Vec<DayLimit> = model.groups.ids().map(|group| limit_today(model, group)).collect();
    let mut found = Vec::new();
    let mut unit_limits = vec![DayLimit::default(); model.units.list.len()];
    let mut most_by_unit = 1.0_f64;
    for unit in model.units.ids() {
        let state = model.units.at(unit);
        let by_unit = unit_factor(model, unit);
        most_by_unit = most_by_unit.max(by_unit);
        let limit = times(limits[state.group.idx()], by_unit);
        unit_limits[unit.idx()] = limit;
        if limit.on_leave > MAX_FACTOR {
            // The whole unit may leave in numbers: no draw is high enough.
            for at in 0..state.members.len() {
                let row = model.units.at(unit).members[at];
                let u = model.draws.daily_uniform(Purpose::Exit, model.people.number[row.idx()].0, model.day);
                look_at(model, row, u, limit, &mut found);
            }
        }
    }
    audit(model, &unit_limits);
    let most = limits.iter().fold(0.0, |most: f64, limit| most.max(limit.on_leave)) * most_by_unit;
    for &(row, u) in &low_draws.by_day[(model.day % BLOCK_DAYS) as usize] {
        // The ceiling is at hand; the person's unit would have to be fetched.
        if u < model.people.exit_ceiling[row.idx()] * most
            && let Some(unit) = model.people.at(row).unit
        {
            look_at(model, row, u, unit_limits[unit.idx()], &mut found);
        }
    }
    model.low_draws = low_draws;
    found.sort_by_key(|(position, _)| *position);
    found.dedup_by_key(|(position, _)| *position);
    found.into_iter().map(|(_, decision)| decision).collect()
}

/// Draws four days at once for everyone in a unit.
fn draw_ahead(model: &Model<'_>, low_draws: &mut LowDraws) {
    let block = 1 + model.day / BLOCK_DAYS;
    if low_draws.block == block {
        return;
    }
    low_draws.block = block;
    low_draws.by_day.iter_mut().for_each(Vec::clear);
    for unit in &model.units.list {
        for &row in &unit.members {
            note_low_draws(model, row, &mut low_draws.by_day);
        }
    }
}

/// Notes on which days of the block a member's draw may be low enough for his
/// ceiling; a ceiling that is out of date is noted once renewed.
fn note_low_draws(model: &Model<'_>, row: Row, by_day: &mut [Vec<(Row, f64)>; BLOCK_DAYS as usize]) {
    let ceiling = model.people.exit_ceiling[row.idx()];
    if ceiling <= 0.0 || ceiling == f64::INFINITY {
        return;
    }
    let words = model.draws.daily_block(Purpose::Exit, model.people.number[row.idx()].0, model.day);
    for (list, word) in by_day.iter_mut().zip(words) {
        let u = narrow_unit_interval(word);
        if u < ceiling * MAX_FACTOR {
            list.push((row, u));
        }
    }
}

/// Computes the ceilings anew of all members of the units that claims or
/// dated changes have moved too far.
fn renew_stale_units(model: &mut Model<'_>, low_draws: &mut LowDraws) {
    for unit in &mut model.units.list {
        if std::mem::take(&mut unit.is_stale) {
            unit.claim_slack = 0.0;
            for &row in &unit.members {
                model.people.exit_ceiling[row.idx()] = f64::INFINITY;
                low_draws.touched.push(row);
            }
        }
    }
}

/// Computes the ceilings anew that are out of date, and finds the draws that
/// are low enough for them.
fn renew_touched(model: &mut Model<'_>, low_draws: &mut LowDraws) {
    for row in std::mem::take(&mut low_draws.touched) {
        if model.people.exit_ceiling[row.idx()] == f64::INFINITY {
            model.people.exit_ceiling[row.idx()] = match active_member(model, row) {
                Some(member) => {
                    check_renewed(model, member);
                    ceiling(model, member).min(f64::MAX)
                }
                None => 0.0,
            };
            note_low_draws(model, row, &mut low_draws.by_day);
        }
    }
}

/// A person who may leave today.
fn active_member(model: &Model<'_>, row: Row) -> Option<Member> {
    if model.people.at(row).standing == Standing::Active { Member::of(model, row) } else { None }
}

/// A limit with a further factor.
fn times(limit: DayLimit, factor: f64) -> DayLimit {
    DayLimit { on_duty: limit.on_duty * factor, on_leave: limit.on_leave * factor }
}

/// The most that a member's chance to leave can be today.
fn most_today(model: &Model<'_>, row: Row, limit: DayLimit) -> f64 {
    let is_on_leave = muster::rota_has_leave(model, row);
    model.people.exit_ceiling[row.idx()] * if is_on_leave { limit.on_leave } else { limit.on_duty }
}

/// Looks at a few members whatever their draws, so that a bound that is too
/// low is found also where it keeps everybody from being looked at.
fn audit(model: &mut Model<'_>, unit_limits: &[DayLimit]) {
    for row in audited(model) {
        if let Some(member) = active_member(model, row) {
            let most = most_today(model, row, unit_limits[member.unit.idx()]);
            audit_member(model, member, most);
        }
    }
}

/// Decides with the full hazard of an active member, if his draw is below what
/// it can be.
fn look_at(model: &mut Model<'_>, row: Row, u: f64, limit: DayLimit, found: &mut Vec<(Position, Decision)>) {
    let most = most_today(model, row, limit);
    if u >= most {
        return;
    }
    let Some(member) = active_member(model, row) else { return };
    let unit = member.unit;
    let hazards = check_member(model, member, most);
    if u < daily_probability(hazards.total()) {
        let position = model.units.at(unit).members.iter().position(|&other| other == row);
        found.push(((unit, position.unwrap_or(usize::MAX)), choose(model, member, &hazards)));
    }
}
