//! Arrival at a new side: who takes a leaver in, and how far it trusts him.
//!
//! # Form
//! Taken in with probability `p_av` where kin or a co-villager serves in the host, else `p_as`; amnesty
//! moves the second towards the first, a trusted message adds to either. Then, `t` months on,
//!
//! ```text
//! suspicion = S_0 s_v^[voucher] s_k^[kin killed by the old group] s_w^[wounds since] exp(-t / tau_s)
//! ```
//!
//! Suspicion above `S_w` marks him as watched, which guards alone read (see coercion); a newcomer is arrested with the
//! hazard `h_a suspicion`. A man turned away has deserted. Suspicion touches neither rank nor the
//! help that he gets.
//!
//! # Source
//! Kao & Revkin (2021), Godefroidt & Langer (2023) for what counts; evidence
//! A10. MODEL 6 for the need of a reachable host.

use crate::acceptance;
use crate::exits::Leaving;
use crate::ids::{ClanId, GroupId, PlaceId, Row, UnitId};
use crate::information;
use crate::interventions::lever;
use crate::maths::{DAYS_PER_MONTH, daily_probability, exp};
use crate::model::Model;
use crate::muster::{self, Event};
use crate::parameters::parameters;
use crate::random::Purpose;
use crate::setup::{Lever, Mechanism};
use crate::state::{Due, Suspicion};
use crate::tables::{AllegianceKind, Outcome, Rank, Standing};

parameters! {
    /// Arrival at a new side, and suspicion.
    pub struct ArrivalParameters = "arrival" {
        /// Suspicion of a former voluntary fighter on arrival.
        suspicion_voluntary: "S_0", "probability", 0.8 in 0.6..0.95, Judgement, "evidence A10: ordering from Kao & Revkin 2021";
        /// Time in which suspicion falls to 1/e.
        suspicion_months: "tau_s", "month", 18.0 in 6.0..60.0 within 0.1..600.0, Judgement, "evidence A10";
        /// Factor on suspicion for a wound in the service of the new side.
        wound_discount: "s_w", "share", 0.5 in 0.3..0.9, Judgement, "evidence A10";
        /// Factor on suspicion for kin killed by the old group.
        kin_killed_discount: "s_k", "share", 0.5 in 0.3..0.9, Judgement, "evidence A10";
        /// Factor on suspicion for a voucher by kin or co-villager.
        voucher_discount: "s_v", "share", 0.6 in 0.4..0.9, Judgement, "evidence A10";
        /// Probability that a co-villager with a voucher is taken in.
        p_accept_voucher: "p_av", "probability", 0.85 in 0.6..1.0, Judgement, "evidence A10";
        /// Probability that a stranger is taken in.
        p_accept_stranger: "p_as", "probability", 0.4 in 0.1..0.7, Judgement, "evidence A10: Faylaq al-Sham 2016";
        /// Suspicion above which a newcomer is watched.
        watched_above: "S_w", "probability", 0.3 in 0.2..0.6, Judgement, "no number exists";
        /// Hazard that a newcomer of suspicion 1 is arrested.
        arrest_per_month: "h_a", "1/month", 0.03 in 0.0..0.1, Judgement, "no number exists";
    }
}

/// The group that a member can go over to: at war with his own where he is, with a
/// position in reach; one where somebody vouches for him first, then the
/// nearest.
pub(crate) fn find_host(model: &Model<'_>, row: Row, place: PlaceId) -> Option<GroupId> {
    let group = model.people.at(row).group?;
    let reach_km = model.world.setup.parameters.exits.host_reach_km;
    let mut nearest = None;
    for near in model.world.geography.in_turn(place, reach_km) {
        for host in model.groups.ids() {
            let is_host = model.groups.at_war_at(place, group, host)
                && model.groups.is_alive[host.idx()]
                && model.places.force_of(near.place, host) > 0;
            if !is_host {
                continue;
            }
            if has_voucher(model, row, host) {
                return Some(host);
            }
            nearest = nearest.or(Some(host));
        }
    }
    nearest
}

/// Whether kin or co-villagers serve with a group and can vouch for a person.
pub(crate) fn has_voucher(model: &Model<'_>, row: Row, host: GroupId) -> bool {
    let state = model.people.at(row);
    let (Some(clan), Some(home)) = (state.clan, state.home) else { return false };
    let mut neighbours = model.world.kinship.quarter_of(clan, home).flat_map(|clan| model.people.of_clan(ClanId(clan)));
    neighbours.any(|other| {
        let other = model.people.at(other);
        other.group == Some(host) && other.standing == Standing::Active
    })
}

/// Hosts take in today's defectors or turn them away; newcomers under
/// suspicion risk arrest.
#[inline(never)]
pub(crate) fn settle_leavers(model: &mut Model<'_>) {
    for leaving in std::mem::take(&mut model.today.leavings) {
        settle(model, leaving);
    }
    if model.runs(Mechanism::Stigma) {
        arrest_newcomers(model);
    }
}

/// A stranger's chance to be taken in stands for a host that needs men; an
/// amnesty makes him welcome as if vouched for.
fn settle(model: &mut Model<'_>, leaving: Leaving) {
    let parameters = &model.world.setup.parameters.arrival;
    let row = leaving.row;
    let has_stigma = model.runs(Mechanism::Stigma);
    let is_vouched = has_voucher(model, row, leaving.host);
    let p_accept = match (has_stigma, is_vouched) {
        // Without stigma nobody is a stranger.
        (false, _) => 1.0,
        (true, true) => parameters.p_accept_voucher,
        (true, false) => parameters.p_accept_stranger,
    };
    let amnesty = lever(model, Lever::Amnesty, leaving.host).clamp(0.0, 1.0);
    let message = lever(model, Lever::TrustedMessage, leaving.host).clamp(0.0, 1.0);
    let gain = model.world.setup.parameters.interventions.trusted_message_gain * message;
    // An amnesty takes nothing from those who would be taken in anyway.
    let p_accept = (p_accept + amnesty * (parameters.p_accept_voucher - p_accept).max(0.0) + gain).min(1.0);
    let event = Event {
        place: Some(leaving.place),
        incident: leaving.incident,
        to_group: Some(leaving.host),
        ..Event::default()
    };
    if !model.draws.chance(p_accept, Purpose::Arrival, model.people.at(row).person.0, model.day, 0) {
        turn_away(model, row, event);
        return;
    }
    let unit = muster::unit_near(model, leaving.host, leaving.place);
    model.today.entered.push((row, leaving.place));
    receive(model, row, unit, leaving.unit, event);
}

/// A group takes one who leaves another into one of its units; a former enemy is suspect.
pub(crate) fn receive(model: &mut Model<'_>, row: Row, unit: UnitId, old_unit: Option<UnitId>, event: Event) {
    let parameters = &model.world.setup.parameters.arrival;
    let host = model.units.at(unit).group;
    let is_enemy = model.people.at(row).old_group.is_some_and(|old| model.groups.fight_anywhere(old, host));
    let is_suspect = model.runs(Mechanism::Stigma) && is_enemy;
    let is_vouched = has_voucher(model, row, host);
    let on_arrival = expected_suspicion(model, row, is_vouched);
    let is_watched = is_suspect && on_arrival > parameters.watched_above;
    let outcome = if is_watched { Outcome::Watched } else { Outcome::TakenIn };
    let mut entry = muster::allegiance_row(model, row, AllegianceKind::Arrival, Some(outcome), event);
    entry.suspicion = is_suspect.then_some(on_arrival);
    model.records.allegiance.push(entry);
    let lost_kin = model.people.mind(row).grievance.kin_killed.is_some();
    muster::enlist(model, row, unit, Rank::RankAndFile);
    information::tell(model, host, old_unit);
    model.groups.tally[host.idx()].arrived += 1;
    if is_suspect {
        let suspicion = Suspicion { since: model.day, on_arrival, discount: 1.0 };
        model.people.mind_mut(row).suspicion = Some(suspicion);
    }
    if is_enemy {
        acceptance::begin(model, row, is_vouched, lost_kin);
        model.newcomers.push(row);
    }
}

/// The suspicion that a host has of one who comes over to it today.
pub(crate) fn expected_suspicion(model: &Model<'_>, row: Row, is_vouched: bool) -> f64 {
    let parameters = &model.world.setup.parameters.arrival;
    let lost_kin = model.people.mind(row).grievance.kin_killed.is_some();
    parameters.suspicion_voluntary
        * if is_vouched { parameters.voucher_discount } else { 1.0 }
        * if lost_kin { parameters.kin_killed_discount } else { 1.0 }
}

/// A defector without a host is a deserter after all.
fn turn_away(model: &mut Model<'_>, row: Row, event: Event) {
    muster::record(model, row, AllegianceKind::Arrival, Some(Outcome::TurnedAway), event);
    let state = model.people.at_mut(row);
    let stays = !state.is_foreign;
    state.standing = if stays { Standing::Deserter } else { Standing::Departed };
    if let Some(group) = state.old_group {
        // He was counted as a defector when he set out this morning.
        let tally = &mut model.groups.tally[group.idx()];
        tally.defected -= 1;
        if stays { tally.deserted += 1 } else { tally.departed += 1 }
    }
    let kind = if stays { AllegianceKind::Desertion } else { AllegianceKind::Departure };
    muster::record(model, row, kind, None, Event { to_group: None, ..event });
}

/// Suspicion of a newcomer today.
pub(crate) fn suspicion_now(model: &Model<'_>, row: Row) -> f64 {
    model.people.mind(row).suspicion.map_or(0.0, |suspicion| {
        let months = f64::from(model.day - suspicion.since) / DAYS_PER_MONTH;
        let tau = model.world.setup.parameters.arrival.suspicion_months.max(1e-9);
        suspicion.on_arrival * suspicion.discount * exp(-months / tau)
    })
}

/// A wound in the service of the new side is a costly signal.
pub(crate) fn credit_wound(model: &mut Model<'_>, row: Row) {
    let factor = model.world.setup.parameters.arrival.wound_discount;
    if let Some(suspicion) = &mut model.people.mind_mut(row).suspicion {
        suspicion.discount *= factor;
    }
}

fn arrest_newcomers(model: &mut Model<'_>) {
    let parameters = &model.world.setup.parameters;
    let p_most = daily_probability(parameters.arrival.arrest_per_month);
    for at in 0..model.newcomers.len() {
        let row = model.newcomers[at];
        let u = model.draws.uniform(Purpose::Arrest, model.people.number[row.idx()].0, model.day, 0);
        // Suspicion is at most 1: most draws decide without it.
        if u >= p_most {
            continue;
        }
        let state = model.people.at(row);
        if state.standing != Standing::Active || model.people.mind(row).suspicion.is_none() {
            continue;
        }
        let suspicion = suspicion_now(model, row);
        let doubt = 1.0 - acceptance::level(model, row).unwrap_or(0.0);
        let p_arrest = daily_probability(parameters.arrival.arrest_per_month * suspicion * doubt);
        if u >= p_arrest {
            continue;
        }
        let group = state.group;
        let event = Event { to_group: group, ..Event::default() };
        let mut entry = muster::allegiance_row(model, row, AllegianceKind::Arrest, None, event);
        entry.suspicion = Some(suspicion);
        model.records.allegiance.push(entry);
        muster::set_standing(model, row, Standing::Detained);
        model.people.at_mut(row).captor = group;
        let days = parameters.deterrence.detention_days.round() as u32;
        muster::hold_until(model, row, model.day + days.max(1), Due::Release(row));
    }
}
