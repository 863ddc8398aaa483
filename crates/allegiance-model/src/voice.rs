//! Voice: a complaint to the commander, his answer, and a settlement.
//!
//! # Form
//! A member complains on the day he learns that his group attacked his home or killed his kin, with
//! probability
//!
//! ```text
//! sig(logit(v) + v_L (L before - L_0) + v_c [commander of the same place] - v_f (risk - p_hat))
//! ```
//!
//! with `v` being `v_k` where kin died, else `v_h`. The answer is drawn from his group's mix (ignore,
//! offer, punish). An offer is accepted with probability `1 - s_k` where kin died, else `s_o`; accepted,
//! it eases the grievance by `s_g` for 180 days. Punishment adds `w_p` to the evidence. A theory in a file may
//! say both chances in its own words.
//!
//! # Source
//! Hirschman (1970), Exit, voice, and loyalty; Ginges, Atran, Medin & Shikaki
//! (2007) for offers that can't settle a sacred loss.

use crate::deterrence::perceived_risk;
use crate::exits::blocks::Member;
use crate::ids::{IncidentId, Row};
use crate::maths::{logistic, logit};
use crate::model::{ExposureToday, Model};
use crate::muster::{self, Event, is_on_leave, record, whereabouts};
use crate::parameters::parameters;
use crate::random::Purpose;
use crate::setup::Mechanism;
use crate::tables::{AllegianceKind, Channel, Outcome, Standing};
use crate::theory::{Rule, flag};
use std::collections::BTreeMap;

parameters! {
    /// Complaints to the commander, answers and settlements.
    pub struct VoiceParameters = "voice" {
        /// Probability that a member of mean conviction complains when his kin were killed by his group.
        p_voice_kin_killed: "v_k", "probability", 0.3 in 0.1..0.6, Judgement, "evidence A6";
        /// The same when his home was attacked but no kin killed.
        p_voice_home_attacked: "v_h", "probability", 0.1 in 0.02..0.3, Judgement, "a third of the case with kin";
        /// Change of the log-odds of a complaint for one unit of conviction before the incident.
        conviction_slope: "v_L", "1", 0.3 in 0.0..1.0, Judgement, "Hirschman 1970: loyalty raises voice";
        /// Change of the log-odds of a complaint from no to full perceived risk.
        fear_slope: "v_f", "1", 1.0 in 0.0..3.0, Judgement, "evidence A6";
        /// Probability that an offer is refused when own kin were killed.
        p_refuse_kin: "s_k", "probability", 0.85 in 0.6..1.0, Judgement, "evidence A6; Ginges et al. 2007 for the sacred";
        /// Probability that an offer is accepted when no kin were killed.
        p_accept_other: "s_o", "probability", 0.6 in 0.3..0.9, Judgement, "evidence A6";
        /// Share of the grievance that an accepted offer removes for six months.
        settled_share: "s_g", "share", 0.2 in 0.05..0.4, Sourced, "evidence A6: Lyall 2016, ACAP II";
        /// Direct evidence against the group of being punished for a complaint.
        punished_evidence: "w_p", "log-odds", 0.8 in 0.2..2.0, Judgement, "two documented paths (evidence A6)";
        /// Change of the log-odds of a complaint where the commander is from the same place.
        commander_tie_slope: "v_c", "1", 0.5 in 0.0 .. 1.5, Judgement, "evidence A6: voice rises with the tie to the commander";
    }
}

/// Days for which an accepted settlement eases a grievance.
const SETTLEMENT_DAYS: u32 = 180;

/// A member with a new grievance against his own group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Aggrieved {
    row: Row,
    incident: IncidentId,
    conviction_before: f64,
    lost_kin: bool,
}

/// Notes a member whom an exposure gave a reason to complain.
pub(crate) fn consider(model: &mut Model<'_>, exposure: ExposureToday, conviction_before: f64) {
    if !model.runs(Mechanism::Voice) {
        return;
    }
    let lost_kin = exposure.channel == Channel::KinKilled;
    let home_attacked = model.people.mind(exposure.row).grievance.home_attacked;
    if !lost_kin && home_attacked != Some((model.day, exposure.incident)) {
        return;
    }
    model.today.aggrieved.push(Aggrieved {
        row: exposure.row,
        incident: exposure.incident,
        conviction_before,
        lost_kin,
    });
}

/// Each member once, by his first grievance of the day, in the order of these; who lost kin in any has lost kin.
fn once_each(aggrieved: Vec<Aggrieved>) -> Vec<Aggrieved> {
    let mut once: Vec<Aggrieved> = Vec::new();
    let mut known: BTreeMap<Row, usize> = BTreeMap::new();
    for member in aggrieved {
        let at = *known.entry(member.row).or_insert(once.len());
        match once.get_mut(at) {
            Some(known) => known.lost_kin |= member.lost_kin,
            None => once.push(member),
        }
    }
    once
}

/// Aggrieved members complain or keep silent; commanders answer.
pub(crate) fn complain(model: &mut Model<'_>) {
    for member in once_each(std::mem::take(&mut model.today.aggrieved)) {
        let state = model.people.at(member.row);
        let can_speak = state.standing == Standing::Active;
        let p = p_voice(model, &member);
        if can_speak && model.draws.chance(p, Purpose::Voice, state.person.0, model.day, 0) {
            speak_up(model, &member);
        }
    }
}

/// What a theory in a file says of the aggrieved member; none where it says nothing.
fn own_rule(model: &Model<'_>, rule: Rule, aggrieved: &Aggrieved) -> Option<f64> {
    let own = model.world.own.as_ref()?;
    let member = Member::of(model, aggrieved.row)?;
    let is_tied = is_tied_to_commander(model, aggrieved.row);
    own.of_member(rule, model, member, &[aggrieved.conviction_before, flag(aggrieved.lost_kin), flag(is_tied)])
}

/// The chance that a member complains, from the conviction that he had before the
/// incident.
fn p_voice(model: &Model<'_>, member: &Aggrieved) -> f64 {
    if let Some(said) = own_rule(model, Rule::Complain, member) {
        return said;
    }
    let all = &model.world.setup.parameters;
    let parameters = &all.voice;
    let base = if member.lost_kin { parameters.p_voice_kin_killed } else { parameters.p_voice_home_attacked };
    if base <= 0.0 || base >= 1.0 {
        return base;
    }
    let loyalty = member.conviction_before - all.belief.conviction_mean;
    let fear = perceived_risk(model, model.people.at(member.row).unit) - all.deterrence.perceived_risk;
    let tie = f64::from(u8::from(is_tied_to_commander(model, member.row)));
    logistic(
        logit(base) + parameters.conviction_slope * loyalty + parameters.commander_tie_slope * tie
            - parameters.fear_slope * fear,
    )
}

/// Whether a member's commander comes from the same place.
fn is_tied_to_commander(model: &Model<'_>, row: Row) -> bool {
    let state = model.people.at(row);
    let commander = state.unit.and_then(|unit| model.units.at(unit).commander).filter(|&commander| commander != row);
    commander.is_some_and(|commander| state.home.is_some() && model.people.at(commander).home == state.home)
}

fn speak_up(model: &mut Model<'_>, member: &Aggrieved) {
    let row = member.row;
    let event = Event {
        place: whereabouts(model, row),
        incident: Some(member.incident),
        is_on_leave: is_on_leave(model, row),
        ..Event::default()
    };
    record(model, row, AllegianceKind::Voice, None, event);
    let Some(group) = model.people.at(row).group else { return };
    let mix = model.world.setup.groups[group.idx()].answers;
    let answer = model.draws.uniform(Purpose::Answer, model.people.at(row).person.0, model.day, 0);
    if answer < mix.ignore {
        record(model, row, AllegianceKind::Answer, Some(Outcome::Ignored), event);
    } else if answer < mix.ignore + mix.offer {
        record(model, row, AllegianceKind::Answer, Some(Outcome::Offered), event);
        settle(model, member, event);
    } else {
        punish(model, row);
        record(model, row, AllegianceKind::Answer, Some(Outcome::Punished), event);
    }
}

/// The complainant accepts the offer or refuses it.
fn settle(model: &mut Model<'_>, member: &Aggrieved, event: Event) {
    let parameters = &model.world.setup.parameters.voice;
    let usual = if member.lost_kin { 1.0 - parameters.p_refuse_kin } else { parameters.p_accept_other };
    let p_accept = own_rule(model, Rule::Accept, member).unwrap_or(usual);
    let person = model.people.at(member.row).person;
    let accepts = model.draws.chance(p_accept, Purpose::Settlement, person.0, model.day, 0);
    if accepts {
        model.people.mind_mut(member.row).grievance.settled_until = model.day + SETTLEMENT_DAYS;
    }
    model.people.mind_mut(member.row).grievance.offer_refused = !accepts;
    let outcome = if accepts { Outcome::Accepted } else { Outcome::Refused };
    record(model, member.row, AllegianceKind::Settlement, Some(outcome), event);
}

/// Being punished for a complaint is evidence against the group.
fn punish(model: &mut Model<'_>, row: Row) {
    let weight = model.world.setup.parameters.voice.punished_evidence;
    model.people.mind_mut(row).hearing.evidence += weight;
    muster::touch(model, row);
}
