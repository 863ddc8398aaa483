//! The rule of belief of a theory in a file: conviction of a claim, what an evening adds
//! to it, and how far a command is believed, as the file says (see `theory::Rule`).
//!
//! # Form
//! ```text
//! L_c = conviction(quantities, states, moved, what he heard of claim c)
//! L = w L_1 + (1 - w) L_2                                                as under every theory of belief
//! moved <- moved + daily(quantities, states, moved, unit_conviction, kin_conviction)
//! ```
//!
//! all members at once, with the means of the convictions of this evening, as in
//! social averaging. Who is in no unit keeps the conviction with which he joined, less
//! the evidence.
//!
//! # Source
//! The theory's own file.

use super::{Heard, conviction_now, heard, social_averaging};
use crate::exits::blocks::Member;
use crate::ids::Row;
use crate::model::Model;
use crate::muster;
use crate::setup::Mechanism;
use crate::theory::{Interval, MOST_SLACK, PreparedTheory, Rule};

/// What the slot offers, in the order of `GIVEN`: what evenings added, the means of
/// unit and kin, and what bears on a claim.
fn given(heard: &Heard, [of_unit, of_kin]: [f64; 2]) -> [f64; 8] {
    [
        heard.social,
        of_unit,
        of_kin,
        heard.evidence,
        f64::from(heard.n_kin),
        f64::from(heard.told.n_rivals),
        f64::from(heard.told.n_outside),
        f64::from(heard.told.n_denials),
    ]
}

/// The part of it that is of no claim, for the rules that may name no other.
fn given_of_evening(model: &Model<'_>, row: Row, [of_unit, of_kin]: [f64; 2]) -> [f64; 3] {
    [model.people.mind(row).hearing.social, of_unit, of_kin]
}

/// Where that can lie until something touches the member or makes his unit stale.
fn until_touched(own: &PreparedTheory, model: &Model<'_>, heard: &Heard) -> [Interval; 8] {
    let mut given = given(heard, [0.0; 2]).map(Interval::of);
    if model.runs(Mechanism::Causes) {
        // What is known of his group may fall in any way, and rises as far as convictions may fall.
        given[3] = Interval { low: f64::NEG_INFINITY, high: heard.evidence + MOST_SLACK };
    }
    for claims in &mut given[5..] {
        claims.high += own.most_unheard();
    }
    given
}

pub(super) fn conviction(own: &PreparedTheory, model: &Model<'_>, row: Row) -> f64 {
    heard(model, row).mean(|heard| conviction_of_claim(own, model, row, heard))
}

pub(super) fn conviction_of_claim(own: &PreparedTheory, model: &Model<'_>, row: Row, heard: &Heard) -> f64 {
    let of_member = |member| own.of_member(Rule::Conviction, model, member, &given(heard, [0.0; 2]));
    Member::of(model, row).and_then(of_member).unwrap_or_else(|| unled(heard))
}

/// The conviction of one who is in no unit.
fn unled(heard: &Heard) -> f64 {
    heard.prior_conviction - heard.evidence
}

pub(super) fn lowest_conviction(own: &PreparedTheory, model: &Model<'_>, row: Row) -> f64 {
    heard(model, row).mean(|heard| lowest_of_claim(own, model, row, heard))
}

pub(super) fn lowest_of_claim(own: &PreparedTheory, model: &Model<'_>, row: Row, heard: &Heard) -> f64 {
    let of_member =
        |member| own.of_member_until_touched(Rule::Conviction, model, member, &until_touched(own, model, heard));
    let range = Member::of(model, row).and_then(of_member);
    range.map_or_else(|| unled(heard), Interval::floor)
}

pub(super) fn trust_in_command(own: &PreparedTheory, model: &Model<'_>, row: Row) -> f64 {
    let given = given_of_evening(model, row, [f64::NAN; 2]);
    let said = Member::of(model, row).and_then(|member| own.of_member(Rule::Trust, model, member, &given));
    said.unwrap_or(0.0)
}

/// Moves the conviction of everybody in a unit with active members by what the
/// evening adds.
pub(super) fn move_daily(model: &mut Model<'_>) {
    let world = model.world;
    let Some(own) = world.own.as_ref().filter(|own| own.has_rule(Rule::Daily)) else { return };
    let now: Vec<f64> = (0..model.people.list.len()).map(|row| conviction_now(model, Row(row as u32))).collect();
    let mut moves: Vec<(Row, f64)> = Vec::new();
    for unit in &model.units.list {
        let Some(of_unit) = social_averaging::mean_of_unit(model, unit, &now) else { continue };
        for &row in &unit.members {
            let (of_kin, n_kin) = social_averaging::mean_of_kin(model, row, &now).unwrap_or((of_unit, 0.0));
            let given = given_of_evening(model, row, [of_unit, of_kin]);
            let now = now[row.idx()];
            let step = Member::of(model, row)
                .and_then(|member| own.of_convinced(Rule::Daily, model, (member, now, n_kin), &given));
            moves.extend(step.filter(|&step| step != 0.0).map(|step| (row, step)));
        }
    }
    for (row, step) in moves {
        model.people.mind_mut(row).hearing.social += step;
        muster::touch(model, row);
    }
}
