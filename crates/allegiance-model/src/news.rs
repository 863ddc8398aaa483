//! News: how an incident reaches members of the group that did it, as
//! witnesses, by kin, from the home village, and as claims that units hear.
//!
//! # Form
//! Only news about the member's own group is followed. An assault or strike on his quarter, or any
//! incident there with civilian deaths, reaches him as a witness if he is on leave in it; attackers see
//! civilian deaths with probability `p_s`. Members who lost people of their clan or in-laws learn of it
//! with probability `p_k` within 3 days, in-laws in the quarter likewise; co-villagers away hear with
//! `p_v` within 7 days. A unit hears rivals' accusations of an incident with civilian deaths with `p_r`,
//! outside media with `p_o`; if it heard any, its command denies with `p_d`. While a group fights others
//! of its constituency, each unit also hears `n_a` accusations a month (times brutality) and `n_j`
//! justifications, which are of whom the group fights; all others are of how it rules (see causes). At second hand a member blames his group with probability
//!
//! ```text
//! sig(b_0 - b_3 [denials were heard] (honesty of the command))
//! ```
//!
//! with the honesty that his theory of belief makes of the command; 0 under a theory that makes nothing of
//! denials.

use crate::belief::{self, SourceJudgement, Told};
use crate::causes::Claim;
use crate::exits;
use crate::ids::{ClanId, GroupId, IncidentId, Row, UnitId};
use crate::interventions::lever;
use crate::maths::{daily_probability, logistic};
use crate::model::{ExposureToday, IncidentFact, IncidentToday, Model};
use crate::muster::{self, is_on_leave, whereabouts};
use crate::parameters::parameters;
use crate::random::{Purpose, narrow_unit_interval};
use crate::setup::{Lever, Mechanism};
use crate::state::Due;
use crate::tables::{Channel, Day, Exposure, IncidentKind, Standing};
use crate::theory::{self, StateEvent};
use crate::voice;
use std::ops::Range;

parameters! {
    /// How an incident reaches people.
    pub struct NewsParameters = "news" {
        /// Probability that kin of the dead hear of it within three days.
        p_call_kin: "p_k", "probability", 0.7 in 0.3..0.9, Judgement, "evidence A4";
        /// Probability that a member hears within a week of an incident in his home village.
        p_village: "p_v", "probability", 0.6 in 0.2..0.9, Judgement, "evidence A4: .3 per tie and day, one hop";
        /// Probability that a member of the attacking force sees civilians killed by his own side.
        p_attacker_sees: "p_s", "probability", 0.3 in 0.05..0.8, Judgement, "no number exists";
        /// Probability that a unit hears the accusation that a rival makes of an incident with civilian dead.
        p_rival_claim: "p_r", "probability", 0.3 in 0.05..0.6, Judgement, "evidence A4: .05 from other villages a day, days to a week";
        /// Probability that a unit hears what outside media say of an incident with civilian dead.
        p_outside_claim: "p_o", "probability", 0.1 in 0.02..0.4, Judgement, "no number exists";
        /// Probability that the command explains away an accusation that its unit heard.
        p_command_denies: "p_d", "probability", 0.8 in 0.3..1.0, Judgement, "source case: commanders had an answer";
        /// Justifications a month by which a command frames its war on other rebels, whatever is said.
        framing_per_month: "n_j", "1/month", 2.0 in 0.0..8.0, Judgement, "no number exists";
        /// Accusations a month that rivals spread about a group of brutality 1 at war with them, apart from single incidents.
        background_accusations_per_month: "n_a", "1/month", 2.0 in 0.0..8.0, Judgement, "no number exists";
        /// Log-odds that second-hand news is blamed on the own group when the command is silent.
        blame_intercept: "b_0", "log-odds", 2.0 in 0.0 .. 4.0, Judgement, "evidence A3: blame depends on testimony";
        /// Fall of these log-odds when the command, fully believed, denies it.
        blame_denial: "b_3", "log-odds", 3.0 in 0.0 .. 6.0, Judgement, "evidence A3";
    }
}

/// Fall of conviction by claims after which exit ceilings are computed anew.
const MAX_CLAIM_SLACK: f64 = 0.5;
/// Days over which kin hear of a death.
const KIN_DAYS: u32 = 3;
/// Days over which the home village's news reaches a member.
const VILLAGE_DAYS: u32 = 7;

/// Spreads word of today's incidents.
#[inline(never)]
pub(crate) fn spread(model: &mut Model<'_>) {
    let incidents = std::mem::take(&mut model.today.incidents);
    for today in &incidents {
        if model.runs(Mechanism::News) {
            tell_members(model, today);
        }
        if model.runs(Mechanism::Claims) && model.incident_facts[today.incident.idx()].dead_civilians > 0 {
            tell_units(model, today.incident);
        }
    }
    if model.runs(Mechanism::Claims) {
        frame(model);
    }
    model.today.n_told = incidents.len();
    model.today.incidents = incidents;
}

fn is_member_of(model: &Model<'_>, row: Row, group: GroupId) -> bool {
    let state = model.people.at(row);
    state.group == Some(group) && matches!(state.standing, Standing::Active | Standing::Wounded)
}

/// Finds the members of the perpetrator whom an incident reaches in person or
/// through kin and village, now or within days.
fn tell_members(model: &mut Model<'_>, today: &IncidentToday) {
    let fact = model.incident_facts[today.incident.idx()].clone();
    let strikes_home = matches!(fact.kind, IncidentKind::Assault | IncidentKind::Strike);
    if !strikes_home && fact.dead_civilians == 0 {
        return;
    }
    let (mut witnesses, away) = co_villagers(model, &fact.quarter, fact.perpetrator);
    let (taking_part, absent): (Vec<Row>, Vec<Row>) =
        away.into_iter().partition(|row| today.participants.contains(row));
    // Who attacks his own quarter sees whose home it is, as those at home do.
    witnesses.extend(taking_part);
    for &row in &witnesses {
        expose_now(model, row, today.incident, Channel::Witnessed);
    }
    if fact.dead_civilians > 0 {
        show_participants(model, today, &witnesses);
    }
    let bereaved = bereaved_members(model, today, fact.perpetrator);
    for &row in &bereaved {
        if witnesses.contains(&row) {
            expose_now(model, row, today.incident, Channel::KinKilled);
        } else {
            expose_later(model, row, today.incident, Channel::KinKilled);
        }
    }
    for row in absent {
        if !bereaved.contains(&row) {
            expose_later(model, row, today.incident, Channel::Village);
        }
    }
    for row in in_laws(model, &fact.quarter, fact.perpetrator) {
        if !bereaved.contains(&row) && !witnesses.contains(&row) {
            expose_later(model, row, today.incident, Channel::Kin);
        }
    }
}

/// Members of a group who come from a quarter: those on leave there, and
/// those with their units.
fn co_villagers(model: &Model<'_>, quarter: &Range<u32>, group: GroupId) -> (Vec<Row>, Vec<Row>) {
    let members = quarter.clone().flat_map(|clan| model.people.of_clan(ClanId(clan)));
    members.filter(|&row| is_member_of(model, row, group)).partition(|&row| is_on_leave(model, row))
}

/// Attackers see what their own side does to civilians; those from the
/// quarter itself have seen it already.
fn show_participants(model: &mut Model<'_>, today: &IncidentToday, witnesses: &[Row]) {
    let p_sees = model.world.setup.parameters.news.p_attacker_sees;
    let IncidentFact { perpetrator, address, .. } = model.incident_facts[today.incident.idx()];
    for &row in &today.participants {
        let person = model.people.at(row).person;
        if is_member_of(model, row, perpetrator)
            && !witnesses.contains(&row)
            && model.draws.chance(p_sees, Purpose::AttackerSees, person.0, model.day, address)
        {
            expose_now(model, row, today.incident, Channel::Witnessed);
        }
    }
}

/// Members of a group who lost people of their clan, or in-laws, in an
/// incident; each once.
fn bereaved_members(model: &Model<'_>, today: &IncidentToday, group: GroupId) -> Vec<Row> {
    let mut bereaved: Vec<Row> = Vec::new();
    let mut add = |row: Row| {
        if is_member_of(model, row, group) && !bereaved.contains(&row) {
            bereaved.push(row);
        }
    };
    for &victim in &today.victims {
        let (Some(clan), Some(household)) = (model.people.at(victim).clan, model.people.at(victim).household) else {
            continue;
        };
        model.people.of_clan(clan).for_each(&mut add);
        for tie in model.world.kinship.ties_of(clan).iter().filter(|tie| tie.household == household) {
            let is_in_law = |row: &Row| model.people.at(*row).household == Some(tie.in_laws);
            model.people.of_clan(tie.in_laws_clan).filter(is_in_law).for_each(&mut add);
        }
    }
    bereaved
}

/// Members of a group with in-laws in a quarter; each once.
fn in_laws(model: &Model<'_>, quarter: &Range<u32>, group: GroupId) -> Vec<Row> {
    let mut found: Vec<Row> = Vec::new();
    for clan in quarter.clone() {
        for tie in model.world.kinship.ties_of(ClanId(clan)) {
            for row in model.people.of_clan(tie.in_laws_clan) {
                let is_in_law = model.people.at(row).household == Some(tie.in_laws);
                if is_in_law && is_member_of(model, row, group) && !found.contains(&row) {
                    found.push(row);
                }
            }
        }
    }
    found
}

fn expose_now(model: &mut Model<'_>, row: Row, incident: IncidentId, channel: Channel) {
    model.today.exposures.push(ExposureToday { row, incident, channel });
}

/// Lets news reach a member on one of the next days, or never; who lost kin
/// and missed the call may still hear of it from the village.
fn expose_later(model: &mut Model<'_>, row: Row, incident: IncidentId, channel: Channel) {
    let parameters = &model.world.setup.parameters.news;
    let (purpose, p_hears, n_days) = match channel {
        Channel::Village => (Purpose::VillageNews, parameters.p_village, VILLAGE_DAYS),
        _ => (Purpose::KinNews, parameters.p_call_kin, KIN_DAYS),
    };
    let address = model.incident_facts[incident.idx()].address;
    let mut stream = model.draws.stream(purpose, model.people.at(row).person.0, model.day, address);
    let delay = if stream.uniform() < p_hears {
        stream.below(n_days)
    } else if channel == Channel::KinKilled && stream.uniform() < parameters.p_village {
        n_days + stream.below(VILLAGE_DAYS)
    } else {
        return;
    };
    match delay {
        0 => expose_now(model, row, incident, channel),
        delay => model.news_due.add(model.day + delay, Due::News { row, incident, channel }),
    }
}

/// Units of the perpetrator hear what rivals and outside media say, and what
/// their command answers.
fn tell_units(model: &mut Model<'_>, incident: IncidentId) {
    let parameters = &model.world.setup.parameters.news;
    let IncidentFact { perpetrator: group, address, .. } = model.incident_facts[incident.idx()];
    for at in 0..model.units.of_group[group.idx()].len() {
        let unit = model.units.of_group[group.idx()][at];
        if model.units.at(unit).n_active == 0 {
            continue;
        }
        let words = model.draws.block(Purpose::Claim, unit.0, model.day, address);
        let [from_rivals, from_outside, denied, _] = words.map(narrow_unit_interval);
        let n_rivals = u32::from(from_rivals < parameters.p_rival_claim);
        let n_outside = u32::from(from_outside < parameters.p_outside_claim);
        let is_denied = n_rivals + n_outside > 0 && denied < parameters.p_command_denies;
        hear(model, unit, Claim::Rule, Told { n_rivals, n_outside, n_denials: u32::from(is_denied) });
    }
}

/// A unit is told something of a claim of its group.
fn hear(model: &mut Model<'_>, unit: UnitId, claim: Claim, told: Told) {
    if told == Told::default() {
        return;
    }
    let claim = belief::claim_at_stake(model, model.units.at(unit).group, claim);
    // Claims lower the convictions of the whole unit: rather than touch every member, the
    // unit keeps how far, and its members' ceilings are computed again once it's much.
    let slack = belief::slack_of_claims(model, told, MAX_CLAIM_SLACK);
    exits::check_claims(model, unit, slack, |model| {
        let state = model.units.at_mut(unit);
        let of_claim = state.told.of_mut(claim);
        *of_claim = of_claim.plus(told);
        state.claim_slack += slack;
        state.is_stale |= state.claim_slack > MAX_CLAIM_SLACK;
    });
}

/// While a group fights others of its own constituency, rivals accuse it and
/// its command frames the war, whatever happens on the day; outside messages
/// come on top where somebody sends them.
fn frame(model: &mut Model<'_>) {
    let setup = &model.world.setup;
    let parameters = &setup.parameters.news;
    let is_fratricidal =
        |group: GroupId| model.groups.general_enemies_of(group).any(|enemy| setup.share_constituency(group, enemy));
    let in_general: Vec<bool> = model.groups.ids().map(is_fratricidal).collect();
    for unit in model.units.ids() {
        let (group, place) = (model.units.at(unit).group, model.units.at(unit).place);
        let messages = lever(model, Lever::OutsideMessaging, group);
        // Local foes are of one constituency.
        let in_fratricide = in_general[group.idx()] || model.groups.has_local_foes(place, group);
        if model.units.at(unit).n_active == 0 || !(in_fratricide || messages > 0.0) {
            continue;
        }
        let words = model.draws.block(Purpose::Framing, unit.0, model.day, 0);
        let [accused, framed, messaged, _] = words.map(narrow_unit_interval);
        let n_outside = u32::from(messaged < daily_probability(messages));
        hear(model, unit, Claim::Rule, Told { n_outside, ..Told::default() });
        if !in_fratricide {
            continue;
        }
        let brutality = setup.groups[group.idx()].brutality;
        let p_accused = daily_probability(parameters.background_accusations_per_month * brutality);
        let p_framed = daily_probability(parameters.framing_per_month);
        let (n_rivals, n_denials) = (u32::from(accused < p_accused), u32::from(framed < p_framed));
        hear(model, unit, Claim::Fight, Told { n_rivals, n_denials, ..Told::default() });
    }
}

/// Brings today's news to its members and lets their convictions follow.
#[inline(never)]
pub(crate) fn reach_members(model: &mut Model<'_>) {
    let mut exposures = std::mem::take(&mut model.today.exposures);
    for due in model.news_due.take(model.day) {
        if let Due::News { row, incident, channel } = due {
            exposures.push(ExposureToday { row, incident, channel });
        }
    }
    for exposure in exposures {
        let perpetrator = model.incident_facts[exposure.incident.idx()].perpetrator;
        if is_member_of(model, exposure.row, perpetrator) {
            take_in(model, exposure);
        }
    }
}

/// One member takes in one exposure.
fn take_in(model: &mut Model<'_>, exposure: ExposureToday) {
    let fact = model.incident_facts[exposure.incident.idx()].clone();
    let row = exposure.row;
    let heard = belief::heard(model, row);
    let before = belief::conviction_of_heard(model, row, &heard);
    // Asked for by the record and where a denial is weighed.
    let judged = (model.records_exposures || heard.told().n_denials > 0).then(|| model.world.belief.judge(&heard));
    let blames_group = blames(model, exposure, judged.as_ref().filter(|_| heard.told().n_denials > 0));
    let is_home = model.people.at(row).clan.is_some_and(|clan| fact.quarter.contains(&clan.0));
    let harms_home = is_home && matches!(fact.kind, IncidentKind::Assault | IncidentKind::Strike);
    change_mind(model, exposure, (&fact, heard.told().n_denials), (harms_home, blames_group));
    muster::touch(model, row);
    if let Some(judged) = judged.filter(|_| model.records_exposures) {
        // Credence of the same accusations before and after: the one that came today would
        // change what the mean is over.
        let heard_after = belief::heard(model, row);
        let mut old_claims = heard_after;
        old_claims.by_claim.rule.n_kin = heard.by_claim.rule.n_kin;
        let is_as_before = old_claims == heard;
        let credence_after = if is_as_before { judged } else { model.world.belief.judge(&old_claims) }.credence;
        let row_of_table = Exposure {
            day: Day(model.day),
            person: model.people.at(row).person,
            incident: exposure.incident,
            channel: exposure.channel,
            group: fact.perpetrator,
            place: whereabouts(model, row).unwrap_or(fact.place),
            is_on_leave: is_on_leave(model, row),
            is_home,
            blames_group,
            dead_civilians: fact.dead_civilians,
            n_accusations: heard.n_accusations(),
            n_denials: heard.told().n_denials,
            conviction_before: before,
            conviction_after: belief::conviction_of_heard(model, row, &heard_after),
            credence_before: judged.credence,
            credence_after,
        };
        model.records.exposures.push(row_of_table);
    }
    voice::consider(model, exposure, before);
}

/// What an exposure is to a member: evidence, an accusation, a grievance.
fn change_mind(
    model: &mut Model<'_>,
    exposure: ExposureToday,
    (fact, n_denials): (&IncidentFact, u32),
    (harms_home, blames_group): (bool, bool),
) {
    let parameters = &model.world.setup.parameters.belief;
    let (row, day) = (exposure.row, model.day);
    let mind = model.people.mind_mut(row);
    match exposure.channel {
        Channel::Witnessed => {
            let full = if harms_home { parameters.witness_home_attack } else { parameters.witness_other };
            mind.hearing.evidence +=
                if fact.dead_civilians > 0 { full } else { parameters.witness_no_dead_share * full };
            if n_denials > 0 && fact.dead_civilians > 0 {
                mind.hearing.n_contradictions += 1;
                mind.hearing.released = 1.0 - (1.0 - mind.hearing.released) * (1.0 - parameters.release);
            }
        }
        Channel::KinKilled => {
            mind.hearing.evidence += parameters.kin_killed;
            mind.grievance.kin_killed = Some((day, exposure.incident));
        }
        Channel::Kin | Channel::Village => mind.hearing.n_kin += u32::from(blames_group),
    }
    // Who was told that somebody else did it has no grievance, though his home was hit.
    if harms_home && blames_group {
        mind.grievance.home_attacked = Some((day, exposure.incident));
        theory::note(model, row, StateEvent::HomeAttacked);
    }
    match exposure.channel {
        Channel::Witnessed => theory::note(model, row, StateEvent::Witnessed),
        Channel::KinKilled => theory::note(model, row, StateEvent::KinKilled),
        Channel::Kin | Channel::Village => {}
    }
}

/// Whether a member holds his own group to blame: always for what he saw or
/// lost himself; at second hand by chance, less if he trusts a command that
/// denied it. How far he does is up to his theory of belief, given what he makes
/// of his sources; none where nothing was denied.
fn blames(model: &Model<'_>, exposure: ExposureToday, denied: Option<&SourceJudgement>) -> bool {
    if matches!(exposure.channel, Channel::Witnessed | Channel::KinKilled) {
        return true;
    }
    let parameters = &model.world.setup.parameters.news;
    let denial = denied.map_or(0.0, |judged| belief::honesty_of_command(model, exposure.row, judged));
    let p_blames = logistic(parameters.blame_intercept - parameters.blame_denial * denial);
    let person = model.people.at(exposure.row).person;
    let address = model.incident_facts[exposure.incident.idx()].address;
    model.draws.chance(p_blames, Purpose::Blame, person.0, model.day, address)
}
