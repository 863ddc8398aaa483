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
use super::bounds::{audit_member, audited, check_hazards, check_renewed, have_homogeneity};
use super::hazards::{Hazards, ceiling, hazards, limit_today, unit_factor};
use super::leaving::{Decision, choose};
use crate::crew::{Crew, in_parts};
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
    by_day: ByDay,
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
pub(crate) fn decisions(model: &mut Model<'_>, crew: &dyn Crew) -> Vec<Decision> {
    let mut low_draws = std::mem::take(&mut model.low_draws);
    draw_ahead(model, crew, &mut low_draws);
    renew_stale_units(model, &mut low_draws);
    renew_touched(model, crew, &mut low_draws);
    let limits: Vec<DayLimit> = model.groups.ids().map(|group| limit_today(model, group)).collect();
    let mut looked_at = Vec::new();
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
                looked_at.extend(look_at(model, row, u, limit));
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
            looked_at.extend(look_at(model, row, u, unit_limits[unit.idx()]));
        }
    }
    model.low_draws = low_draws;
    let mut found = decide_each(model, crew, &looked_at);
    found.sort_by_key(|(position, _)| *position);
    found.dedup_by_key(|(position, _)| *position);
    found.into_iter().map(|(_, decision)| decision).collect()
}

/// Members whose draw may be low enough, and the draw, by day of the block.
type ByDay = [Vec<(Row, f64)>; BLOCK_DAYS as usize];

/// Units whose draws are worth a part of their own.
const LEAST_UNITS: usize = 64;
/// Members whose ceilings are.
const LEAST_MEMBERS: usize = 128;

/// Draws four days at once for everyone in a unit.
fn draw_ahead(model: &Model<'_>, crew: &dyn Crew, low_draws: &mut LowDraws) {
    let block = 1 + model.day / BLOCK_DAYS;
    if low_draws.block == block {
        return;
    }
    low_draws.block = block;
    low_draws.by_day.iter_mut().for_each(Vec::clear);
    let units = &model.units.list;
    let found = in_parts(crew, (units.len(), LEAST_UNITS), |part| {
        note_low_draws(model, units[part].iter().flat_map(|unit| unit.members.iter().copied()))
    });
    add(low_draws, found);
}

/// The days of the block on which members' draws may be low enough for their
/// ceilings; one that is out of date counts once renewed.
fn note_low_draws(model: &Model<'_>, members: impl Iterator<Item = Row>) -> ByDay {
    let mut by_day = ByDay::default();
    for row in members {
        let ceiling = model.people.exit_ceiling[row.idx()];
        if ceiling <= 0.0 || ceiling == f64::INFINITY {
            continue;
        }
        let words = model.draws.daily_block(Purpose::Exit, model.people.number[row.idx()].0, model.day);
        for (list, word) in by_day.iter_mut().zip(words) {
            let u = narrow_unit_interval(word);
            if u < ceiling * MAX_FACTOR {
                list.push((row, u));
            }
        }
    }
    by_day
}

/// Puts together what was found in parts.
fn add(low_draws: &mut LowDraws, found: Vec<ByDay>) {
    for part in found {
        for (list, mut more) in low_draws.by_day.iter_mut().zip(part) {
            list.append(&mut more);
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
fn renew_touched(model: &mut Model<'_>, crew: &dyn Crew, low_draws: &mut LowDraws) {
    let mut touched = std::mem::take(&mut low_draws.touched);
    // Each once: the first time, his ceiling is marked as out of date.
    touched.retain(|row| {
        let ceiling = &mut model.people.exit_ceiling[row.idx()];
        let is_due = *ceiling == f64::INFINITY;
        if is_due {
            *ceiling = 0.0;
        }
        is_due
    });
    for &row in &touched {
        if let Some(member) = active_member(model, row) {
            check_renewed(model, member);
        }
    }
    let n = (touched.len(), LEAST_MEMBERS);
    let ceilings = in_parts(crew, n, |part| {
        let ceiling = |&row: &Row| active_member(model, row).map_or(0.0, |member| ceiling(model, member).min(f64::MAX));
        touched[part].iter().map(ceiling).collect::<Vec<f64>>()
    });
    for (row, ceiling) in touched.iter().zip(ceilings.into_iter().flatten()) {
        model.people.exit_ceiling[row.idx()] = ceiling;
    }
    let found = in_parts(crew, n, |part| note_low_draws(model, touched[part].iter().copied()));
    add(low_draws, found);
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

/// An active member whose draw is below what his chance to leave can be.
#[derive(Debug, Clone, Copy)]
struct LookedAt {
    member: Member,
    u: f64,
    most: f64,
}

/// Whether an active member's draw is below what his chance can be.
fn look_at(model: &mut Model<'_>, row: Row, u: f64, limit: DayLimit) -> Option<LookedAt> {
    let most = most_today(model, row, limit);
    if u >= most {
        return None;
    }
    let member = active_member(model, row)?;
    have_homogeneity(model, member.unit);
    Some(LookedAt { member, u, most })
}

/// Members whose full hazards are worth a part of their own.
const LEAST_LOOKED_AT: usize = 32;

/// Decides with the full hazards of those who are looked at.
fn decide_each(model: &mut Model<'_>, crew: &dyn Crew, looked_at: &[LookedAt]) -> Vec<(Position, Decision)> {
    let known: Vec<Vec<Hazards>> = in_parts(crew, (looked_at.len(), LEAST_LOOKED_AT), |part| {
        looked_at[part].iter().map(|looked_at| hazards(model, looked_at.member)).collect()
    });
    let mut found = Vec::new();
    for (&LookedAt { member, u, most }, hazards) in looked_at.iter().zip(known.iter().flatten()) {
        check_hazards(model, member, most, hazards);
        if u < daily_probability(hazards.total()) {
            let position = model.units.at(member.unit).members.iter().position(|&other| other == member.row);
            found.push(((member.unit, position.unwrap_or(usize::MAX)), choose(model, member, hazards)));
        }
    }
    found
}
