//! Units that give up without a fight: they withdraw, go home together, or join
//! the enemy before them.
//!
//! # Form
//! A unit is pressed where its place was attacked in the last `u_t` days or enemies stand in it. The daily
//! hazard of a unit that is pressed, and what it does then:
//!
//! ```text
//! lambda = l_0 exp(u_f [ln(F_enemies / F_own)]+ + u_c [cut off] + u_p precedent - u_x (foreign share)
//!              + u_w (1/2 - W))     a day
//! P(i) proportional to exp(v_i)     v_withdraw = v_g [cut off or no line of retreat]     v_home = v_h
//!                                   v_join = v_j - 2 (distance of causes) - 2 (prisoners executed by the host)
//! ```
//!
//! A unit that nobody presses gives up nothing: a garrison that is surrounded and left alone can hold for
//! years, and the sources below are all about units in battle. `F` are the forces of both sides within
//! `r_u`, allies included. A unit is cut off where no chain of places that its side holds or stands in, each
//! within `d_l` of the next, leads to the main body of its group. Precedent is the share of its side's units
//! within twice `r_u` that gave up or lost their place in the last 30 days, among these and the units still
//! there. `W` is the expectation of victory (`u_w` is 0 where the mechanism `expectation` doesn't run). Local
//! defenders have nowhere to withdraw to. The strongest enemy within `r_u` is joined; it takes
//! all who can come and holds them suspect. Foreigners never go home or over: they leave the country. Nobody
//! dies, nobody is caught, and a place that nobody of its side is left in falls to that enemy at nightfall.
//! It happens between the watches of an assault: a unit that gave up is missing in the second.
//!
//! # Source
//! McQuie (1987): of 52 broken forces a third by envelopment, 13% since a neighbour withdrew, 10% by
//! losses; Lehmann & Zhukov (2019): surrender spreads across battles; Reiter & Stam (1997): the treatment
//! expected. All magnitudes are judgement.

use crate::combat;
use crate::control::HELD_SHARE;
use crate::exits;
use crate::expectation;
use crate::ids::{GroupId, PlaceId, Row, UnitId};
use crate::maths::{exp, ln};
use crate::model::Model;
use crate::movement;
use crate::muster;
use crate::musters::Musters;
use crate::operations::enemy_force;
use crate::parameters::parameters;
use crate::random::Purpose;
use crate::setup::Mechanism;
use crate::state::Setback;

parameters! {
    /// Units that give up without a fight.
    pub struct SettlementParameters = "settlement" {
        /// Hazard that a pressed unit gives up on a day, facing an enemy no stronger than its side.
        per_day: "l_0", "1/d", 0.001 in 0.0002..0.005 within 0.0..1.0 off 0.0, Judgement, "no number exists";
        /// Days after an attack on its place for which a unit is pressed.
        pressed_days: "u_t", "d", 7.0 in 2.0..30.0 within 1.0..365.0, Judgement, "no number exists";
        /// Distance within which forces count.
        reach_km: "r_u", "km", 20.0 in 10.0..30.0 within 1.0..30.0, Judgement, "a day's way; no number exists";
        /// Rise of the log-hazard for one log-unit that the enemy is stronger.
        force_weight: "u_f", "log-hazard", 1.0 in 0.5..2.0 off 0.0, Judgement, "sign: McQuie 1987";
        /// Rise for a unit that is cut off.
        cut_off_weight: "u_c", "log-hazard", 1.5 in 0.7..3.0 off 0.0, Judgement, "sign: McQuie 1987: a third by envelopment";
        /// Rise from none to all of the units around having given up or lost their place.
        precedent_weight: "u_p", "log-hazard", 2.0 in 1.0..4.0 off 0.0, Judgement, "sign: Lehmann & Zhukov 2019";
        /// Fall from no foreign members to foreign members alone.
        foreign_weight: "u_x", "log-hazard", 1.0 in 0.0..2.0 off 0.0, Judgement, "no number exists";
        /// Distance between two places that a chain to the main body can bridge.
        link_km: "d_l", "km", 12.0 in 8.0..20.0 within 0.0..60.0, Judgement, "no number exists";
        /// Log-odds of withdrawing to the main body through a gap or under a truce, over a withdrawal along an open line.
        through_gap: "v_g", "log-odds", 0.0 in -2.0..1.0, Judgement, "ISIS left Idlib and Latakia in convoys, March 2014 (evidence S12); no number exists";
        /// Log-odds of going home over withdrawing.
        home: "v_h", "log-odds", -1.5 in -3.0..0.0, Judgement, "most of ISIS' posts in Idlib, Latakia and Azaz withdrew (evidence B1, S11, S12); no number exists";
        /// Log-odds of joining an enemy of the same cause, who spares prisoners, over withdrawing.
        join: "v_j", "log-odds", -0.5 in -2.0..1.0, Judgement, "as for going home";
    }
}

/// Days for which a setback is a precedent.
const PRECEDENT_DAYS: u32 = 30;
/// Fall of the log-odds of joining from no to full distance of causes, and from
/// no to all prisoners executed.
const JOIN_SLOPE: f64 = 2.0;

/// What a unit that gives up does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WayOut {
    Withdraw(PlaceId),
    GoHome,
    Join(GroupId),
}

/// Units give up or don't, in order of number.
#[inline(never)]
pub(crate) fn settle(model: &mut Model<'_>) {
    if !model.runs(Mechanism::Settlement) {
        return;
    }
    let mut forces = std::mem::take(&mut model.musters.settlement);
    forces.renew(model, model.world.setup.parameters.settlement.reach_km);
    // Which places are linked with a group's main body, until a unit gives up and moves or goes.
    let mut links: Vec<Option<Vec<bool>>> = vec![None; model.groups.n_groups()];
    for unit in model.units.ids() {
        if gives_up(model, unit, &forces, &mut links) {
            give_up(model, unit, &forces);
            links.fill(None);
        }
    }
    model.musters.settlement = forces;
}

/// A unit that gave up or lost its place is a precedent for those around it.
pub(crate) fn note_setback(model: &mut Model<'_>, group: GroupId, place: PlaceId) {
    let day = model.day;
    model.units.setbacks.retain(|setback| day - setback.day < PRECEDENT_DAYS);
    model.units.setbacks.push(Setback { day, place, group });
}

/// Forces of a group's own side and of its enemies around a place.
fn balance(model: &Model<'_>, forces: &Musters, group: GroupId, place: PlaceId) -> (f64, f64) {
    let own = model.groups.side_at(place, group).map(|other| forces.of(place, other)).sum();
    (own, model.groups.enemies_at(place, group).map(|other| forces.of(place, other)).sum())
}

fn gives_up(model: &Model<'_>, unit: UnitId, forces: &Musters, links: &mut [Option<Vec<bool>>]) -> bool {
    let parameters = &model.world.setup.parameters.settlement;
    let state = model.units.at(unit);
    if state.n_active == 0 || !is_pressed(model, state.group, state.place) {
        return false;
    }
    let (own, enemies) = balance(model, forces, state.group, state.place);
    if enemies <= 0.0 {
        return false;
    }
    let u = model.draws.daily_uniform(Purpose::UnitGivesUp, unit.0, model.day);
    let by_force = parameters.force_weight * ln(enemies / own.max(1.0)).max(0.0);
    let by_foreigners = parameters.foreign_weight * f64::from(state.n_foreign) / f64::from(state.n_active);
    let by_outlook = expectation::of_settlement(model, state.group);
    let p = |is_cut_off: f64, precedent: f64| {
        parameters.per_day
            * exp(by_force + parameters.cut_off_weight * is_cut_off + parameters.precedent_weight * precedent
                - by_foreigners
                + by_outlook)
    };
    // Most draws decide without a look at the map, and most others without its chains.
    if u >= p(1.0, 1.0) {
        return false;
    }
    let precedent = precedent(model, state.group, state.place);
    let mut is_cut_off = || {
        let linked = links[state.group.idx()].get_or_insert_with(|| linked(model, state.group));
        is_cut_off_from(model, linked, state.place)
    };
    u < p(0.0, precedent) || (u < p(1.0, precedent) && is_cut_off())
}

/// Whether a group's place was attacked lately, or enemies stand in it.
fn is_pressed(model: &Model<'_>, group: GroupId, place: PlaceId) -> bool {
    let pressed_days = model.world.setup.parameters.settlement.pressed_days;
    let attacked = model.places.assault_day[place.idx()];
    attacked.is_some_and(|day| f64::from(model.day - day) < pressed_days) || enemy_force(model, group, place) > 0.0
}

/// Whether a side stands in a place or holds it.
fn has_ground(model: &Model<'_>, group: GroupId, place: PlaceId) -> bool {
    let (force, share) = movement::side_in(model, group, place);
    force > 0 || share >= HELD_SHARE
}

/// Whether no chain of places of its side leads from a place to the main body
/// of a group.
fn is_cut_off(model: &Model<'_>, group: GroupId, place: PlaceId) -> bool {
    is_cut_off_from(model, &linked(model, group), place)
}

/// Whether no link leads from a place to those linked with a main body.
pub(crate) fn is_cut_off_from(model: &Model<'_>, linked: &[bool], place: PlaceId) -> bool {
    let link_km = model.world.setup.parameters.settlement.link_km;
    !model.world.geography.in_turn(place, link_km).any(|near| linked[near.place.idx()])
}

/// The places from which a chain of places of its side leads to the main body of
/// a group. Shape: `(n_places,)`.
pub(crate) fn linked(model: &Model<'_>, group: GroupId) -> Vec<bool> {
    let mut is_reached = vec![false; model.places.n_places()];
    for place in movement::strongest_place(model, group, None).into_iter().flat_map(|body| chained(model, group, body))
    {
        is_reached[place.idx()] = true;
    }
    is_reached
}

/// The places that chains of places of a group's side lead to from one, with it.
pub(crate) fn chained(model: &Model<'_>, group: GroupId, from: PlaceId) -> Vec<PlaceId> {
    let link_km = model.world.setup.parameters.settlement.link_km;
    model.world.geography.chained(from, link_km, |place| has_ground(model, group, place))
}

/// Share of a side's units around a place that gave up or lost their place.
fn precedent(model: &Model<'_>, group: GroupId, place: PlaceId) -> f64 {
    let reach_km = 2.0 * model.world.setup.parameters.settlement.reach_km;
    let geography = &model.world.geography;
    let is_near = |other: PlaceId| geography.distance_km(place, other).is_some_and(|km| km <= reach_km);
    let setbacks = model.units.setbacks.iter().filter(|setback| {
        model.day - setback.day < PRECEDENT_DAYS
            && model.groups.allied_at(place, group, setback.group)
            && is_near(setback.place)
    });
    let n_setbacks = setbacks.count() as f64;
    let near = geography.within(place, reach_km);
    let units = near.iter().flat_map(|near| &model.units.of_place[near.place.idx()]);
    let is_there = |&&unit: &&UnitId| {
        let state = model.units.at(unit);
        state.n_active > 0 && model.groups.allied_at(place, group, state.group)
    };
    n_setbacks / (n_setbacks + units.filter(is_there).count() as f64).max(1.0)
}

/// The enemy of a group with the most force around a place, the first on a tie.
pub(crate) fn strongest_enemy(model: &Model<'_>, forces: &Musters, group: GroupId, place: PlaceId) -> Option<GroupId> {
    let mut best: Option<(GroupId, f64)> = None;
    for enemy in model.groups.enemies_at(place, group) {
        let force = forces.of(place, enemy);
        if force > 0.0 && best.is_none_or(|(_, most)| force > most) {
            best = Some((enemy, force));
        }
    }
    best.map(|(enemy, _)| enemy)
}

fn choose(model: &Model<'_>, unit: UnitId, enemy: GroupId) -> WayOut {
    let parameters = &model.world.setup.parameters.settlement;
    let (group, place) = (model.units.at(unit).group, model.units.at(unit).place);
    let (refuge, withdraw) = refuge(model, group, place);
    let home = exp(parameters.home);
    let treatment = model.world.setup.cause_distance(group, enemy) + combat::executed_share(model, enemy);
    let join = if model.groups.is_alive[enemy.idx()] { exp(parameters.join - JOIN_SLOPE * treatment) } else { 0.0 };
    let at = model.draws.uniform(Purpose::UnitOutcome, unit.0, model.day, 0) * (withdraw + home + join);
    match refuge {
        Some(refuge) if at < withdraw => WayOut::Withdraw(refuge),
        _ if at < withdraw + home => WayOut::GoHome,
        _ => WayOut::Join(enemy),
    }
}

/// Where a unit can withdraw to, and the weight of doing so.
fn refuge(model: &Model<'_>, group: GroupId, place: PlaceId) -> (Option<PlaceId>, f64) {
    let open_line = movement::line_of_retreat(model, group, place).filter(|_| !is_cut_off(model, group, place));
    if open_line.is_some() {
        return (open_line, 1.0);
    }
    let stays_home = model.world.setup.kind_of(group).stays_home;
    let main_body = movement::strongest_place(model, group, Some(place)).filter(|_| !stays_home);
    let weight = if main_body.is_some() { exp(model.world.setup.parameters.settlement.through_gap) } else { 0.0 };
    (main_body, weight)
}

fn give_up(model: &mut Model<'_>, unit: UnitId, forces: &Musters) {
    let (group, place) = (model.units.at(unit).group, model.units.at(unit).place);
    let Some(enemy) = strongest_enemy(model, forces, group, place) else { return };
    let way_out = choose(model, unit, enemy);
    note_setback(model, group, place);
    model.today.gave_up.push(unit);
    model.units.at_mut(unit).acted_day = Some(model.day);
    match way_out {
        WayOut::Withdraw(refuge) => model.units.move_to(unit, refuge),
        WayOut::GoHome => disband(model, unit),
        WayOut::Join(host) => join(model, unit, host),
    }
    if !is_held_still(model, group, place) {
        model.today.captures.push((place, enemy));
    }
}

/// Whether anybody of a group's side is left in a place.
fn is_held_still(model: &Model<'_>, group: GroupId, place: PlaceId) -> bool {
    let units = model.units.of_place[place.idx()].iter();
    units
        .map(|&unit| model.units.at(unit))
        .any(|unit| unit.n_active > 0 && model.groups.allied_at(place, group, unit.group))
}

/// The members go home; foreigners leave the country.
fn disband(model: &mut Model<'_>, unit: UnitId) {
    for row in muster::active_members(model, unit).collect::<Vec<_>>() {
        exits::leave_with_unit(model, row, None);
    }
}

/// The members serve an enemy from now on; foreigners leave the country.
fn join(model: &mut Model<'_>, unit: UnitId, host: GroupId) {
    let (foreign, local): (Vec<Row>, Vec<Row>) =
        muster::active_members(model, unit).partition(|&row| model.people.at(row).is_foreign);
    for row in foreign {
        exits::leave_with_unit(model, row, None);
    }
    exits::hand_over(model, unit, host, &local);
}
