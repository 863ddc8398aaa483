//! Persuasion: a man about to go asks those closest to him in his unit. They go
//! together, or keep him.
//!
//! # Form
//! ```text
//! P(asks)    = p_q                                he asks at most n_q who are where he is
//! P(j goes)  = sig(q_0 + q_1 ln(h_j / h_0))       h_j: the hazard of j; h_0: h_d + h_s + h_l
//! P(is kept) = p_k                                where he asked, and nobody agreed
//! ```
//!
//! Those of his clan come first, then those of his section: the unit in tens, in the order in which they came
//! to it. Who agrees sets out with him on the same day, to where he goes, and is caught or not for himself;
//! a foreigner who agrees to go home leaves the country. Nobody is denounced for having asked, and who agreed asks nobody.
//! It runs under the theories in which peers matter.
//!
//! # Source
//! Albrecht, Koehler & Ohl (2016): deserters leave in twos and threes with those whom they trust most. The
//! form is judgement.

use super::blocks::Member;
use super::hazards::{Hazards, baseline, hazards};
use super::leaving::Decision;
use crate::ids::Row;
use crate::maths::{ln, logistic};
use crate::model::Model;
use crate::muster;
use crate::parameters::parameters;
use crate::random::Purpose;
use crate::setup::Mechanism;
use crate::tables::{Cause, Standing};

parameters! {
    /// Going together, or being kept.
    pub struct PersuasionParameters = "persuasion" {
        /// Probability that a man about to go asks others.
        p_ask: "p_q", "probability", 0.5 in 0.2..0.8 off 0.0, Judgement, "no number exists; asking is a risk";
        /// How many he asks at most.
        most_asked: "n_q", "persons", 2.0 in 1.0..4.0, Judgement, "in twos and threes: Albrecht, Koehler & Ohl 2016";
        /// Log-odds that one agrees whose hazard of leaving is the baseline.
        agree_at_baseline: "q_0", "log-odds", -1.0 in -2.5..0.0, Judgement, "no number exists";
        /// Rise of these for one log-unit of his hazard above the baseline.
        agree_slope: "q_1", "log-odds", 1.0 in 0.5..2.0, Judgement, "no number exists";
        /// Probability that he stays where nobody agreed.
        p_kept: "p_k", "probability", 0.3 in 0.0..0.6, Judgement, "no number exists";
    }
}

/// Members of a section.
const SECTION_MEMBERS: usize = 10;
/// The lowest hazard whose logarithm is taken.
const LEAST_HAZARD: f64 = 1e-12;

/// What came of asking.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Asked {
    /// He stays for today.
    Kept,
    /// He goes, with those who agreed and the hazards that they had.
    Goes(Vec<(Row, Hazards)>),
}

/// A man about to go asks others, or doesn't.
pub(super) fn ask(model: &Model<'_>, decision: &Decision) -> Asked {
    let parameters = &model.world.setup.parameters.persuasion;
    let (row, day) = (decision.row, model.day);
    let person = model.people.at(row).person;
    let runs = model.runs(Mechanism::Persuasion) && model.active_blocks.has(Cause::Cascade);
    if !runs || !model.draws.chance(parameters.p_ask, Purpose::Ask, person.0, day, 0) {
        return Asked::Goes(Vec::new());
    }
    let asked = closest(model, decision);
    let mut party = Vec::new();
    for &other in &asked {
        let Some(member) = Member::of(model, other) else { continue };
        let hazards = hazards(model, member);
        let above = ln(hazards.total().max(LEAST_HAZARD) / baseline(model).max(LEAST_HAZARD));
        let p_agrees = logistic(parameters.agree_at_baseline + parameters.agree_slope * above);
        if model.draws.chance(p_agrees, Purpose::Agree, model.people.at(other).person.0, day, person.0) {
            party.push((other, hazards));
        }
    }
    let is_refused = !asked.is_empty() && party.is_empty();
    if is_refused && model.draws.chance(parameters.p_kept, Purpose::Kept, person.0, day, 0) {
        Asked::Kept
    } else {
        Asked::Goes(party)
    }
}

/// His closest ties in the unit who are where he is: his clan, then his section.
fn closest(model: &Model<'_>, decision: &Decision) -> Vec<Row> {
    let state = model.people.at(decision.row);
    let Some(unit) = state.unit else { return Vec::new() };
    let members = &model.units.at(unit).members;
    let is_here = |&other: &Row| {
        other != decision.row
            && model.people.at(other).standing == Standing::Active
            && muster::whereabouts(model, other) == Some(decision.place)
    };
    let is_kin = |other: Row| state.clan.is_some() && model.people.at(other).clan == state.clan;
    let kin = members.iter().copied().filter(|&other| is_kin(other));
    let section = members.chunks(SECTION_MEMBERS).find(|section| section.contains(&decision.row)).unwrap_or_default();
    let others = section.iter().copied().filter(|&other| !is_kin(other));
    let n_most = model.world.setup.parameters.persuasion.most_asked.round() as usize;
    kin.chain(others).filter(is_here).take(n_most).collect()
}
