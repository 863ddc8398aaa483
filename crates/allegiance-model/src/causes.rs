//! What a group is for: two claims that its members hold it to, and how far
//! its cause is from theirs.
//!
//! *It fights the enemy that I joined against*, and *it rules over us*. Each claim has a conviction of its
//! own, `L_1` and `L_2`, by what is said of it (see belief); the conviction of the other mechanisms is their sum,
//! weighted by the member's own values.
//!
//! # Form
//! A person's position on an axis of cause, and the share `v` of its range that it is at:
//!
//! ```text
//! p = mean of the axis + sd_c z(place) + sd_p z(person)     kept within 1-5; v = (p - 1) / 4
//! ```
//!
//! Foreigners stand around the profile of the group that they first joined. What is publicly known of a group,
//! renewed once a week:
//!
//! ```text
//! s_x  <-  s_x + (1 - 2^(-7 / tau_c)) (u_r idle_x + (1 - u_r) diverted_x - s_x)     for each axis against somebody
//! harm = K / (K + h N)                   command = mean over the ranks of the foreign share of commanders
//! ```
//!
//! with `idle` the share of the axis's enemies with whom the group isn't at war, `diverted` the share of its
//! assaults that went against others, `K` the civilians that it killed where its own constituency rules, and
//! `N` its members; assaults and dead fade with the half-life `tau_m`. What that adds to the evidence of a member
//! against each claim, and his conviction:
//!
//! ```text
//! E_1 = k_f (mean of s_x by v v_g)       E_2 = k_h harm + k_c command [local] + k_d (distance - 1/2)
//! L = w L_1 + (1 - w) L_2
//! w = F / (F + R)        F = mean of v v_g over axes against others     R = mean of v over axes of home rule, or 1/2
//! ```
//!
//! with `v_g` the group's own score, for nobody is disappointed in what it never promised, and the distance that of
//! his positions from its profile. The log-hazard of joining falls by `a_g (distance - 1/2)`. Where leavers choose
//! (see destination) the distance of causes is `1/2 + (distance from the host - distance from his own) / 2`, and groups
//! of one constituency fall out over what they did to its civilians (see relations).
//!
//! # Source
//! No number exists. Signs: Oppenheim, Steele, Vargas & Weintraub (2015) on a group that breaks its word; Lyall, Blair &
//! Imai (2013) on harm; resentment of the posts that foreigners held (evidence B3); Gade, Hafez & Gabbay (2019)
//! on distance.

use crate::axes::{self, AxisSetup, LEAST_SCORE, MOST_SCORE, share_of_range};
use crate::ids::{GroupId, PersonId, PlaceId, Row};
use crate::maths::{DAYS_PER_WEEK, half_life_factor};
use crate::model::Model;
use crate::parameters::parameters;
use crate::random::{Draws, Purpose};
use crate::relations::group_sizes;
use crate::setup::{Mechanism, Setup};
use crate::tables::{IncidentKind, Rank};
use crate::world::World;

parameters! {
    /// What a group is for, and how far its cause is from a person's own.
    pub struct CauseParameters = "causes" {
        /// Standard deviation of positions between the people of a place.
        person_sd: "sd_p", "score", 1.0 in 0.5..1.5, Judgement, "no number exists";
        /// Standard deviation of positions between places.
        place_sd: "sd_c", "score", 0.5 in 0.0..1.0, Judgement, "no number exists";
        /// Evidence against a group that leaves alone all those whom its men joined against.
        fight_weight: "k_f", "log-odds", 2.0 in 1.0..4.0 off 0.0, Judgement, "sign: Oppenheim et al. 2015; less than seeing an attack on one's home";
        /// Share of that which follows from relations; the rest follows from whom it attacks.
        relations_share: "u_r", "share", 0.5 in 0.2..0.8, Judgement, "no number exists";
        /// Evidence against a group whose harm to its own constituency is without bound.
        harm_weight: "k_h", "log-odds", 2.0 in 1.0..4.0 off 0.0, Judgement, "sign: Lyall, Blair & Imai 2013";
        /// Dead of its own constituency, as a share of a group's members, at which half of that counts.
        harm_half: "h", "share", 0.02 in 0.005..0.1, Judgement, "no number exists";
        /// Evidence against a group under foreign command alone, to its local members.
        command_weight: "k_c", "log-odds", 1.0 in 0.3..2.0 off 0.0, Judgement, "evidence B3: resentment over foreigners' posts; no number exists";
        /// Evidence from no to full distance between a member's positions and his group's profile.
        distance_weight: "k_d", "log-odds", 1.0 in 0.0..2.0 off 0.0, Judgement, "no number exists";
        /// Half-life of what was thought of a group's enemies before.
        hearing_days: "tau_c", "d", 30.0 in 10.0..90.0, Judgement, "no number exists";
        /// Half-life of assaults and dead in public memory.
        memory_days: "tau_m", "d", 60.0 in 30.0..180.0, Judgement, "between strangers and kin (evidence A5)";
        /// Fall of the log-hazard of joining from no to full distance between a man's positions and the group's profile.
        joining_weight: "a_g", "log-hazard", 1.0 in 0.0..2.0 off 0.0, Judgement, "evidence A1: ideology secondary";
    }
}

/// What counts for home rule in a scenario without an axis about it.
const UNASKED: f64 = 0.5;
/// The distance of causes that moves nobody.
pub(crate) const NEUTRAL_DISTANCE: f64 = 0.5;
/// Fall of conviction by what is known after which exit ceilings are computed anew.
const MAX_SLACK: f64 = 0.5;

/// What is publicly known of the groups' doings.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Deeds {
    /// Assaults, fading. Shape: `(n_groups, n_groups)`, row-major: by whom, on whom.
    assaults: Vec<f64>,
    /// Civilians killed, fading. Shape: `(n_groups, n_constituencies)`, row-major.
    killed: Vec<f64>,
    /// How far each group leaves alone those whom an axis is against. Shape:
    /// `(n_groups, n_axes)`, row-major.
    spared: Vec<f64>,
    /// Harm to its own constituency. Shape: `(n_groups,)`.
    harm: Vec<f64>,
    /// Foreign share of its command. Shape: `(n_groups,)`.
    command: Vec<f64>,
}

impl Deeds {
    /// Nothing is known.
    pub(crate) fn new(setup: &Setup) -> Self {
        let n_groups = setup.n_groups();
        Self {
            assaults: vec![0.0; n_groups * n_groups],
            killed: vec![0.0; n_groups * setup.constituencies.len()],
            spared: vec![0.0; n_groups * setup.axes.len()],
            harm: vec![0.0; n_groups],
            command: vec![0.0; n_groups],
        }
    }
}

/// A claim that its members hold a group to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It fights those whom they joined against.
    Fight,
    /// It rules over their own.
    Rule,
}

/// What a member makes of the two claims of his group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Claims {
    /// Weight of the claim that it fights those whom he joined against; the
    /// rest is the weight of the claim that it rules over his own.
    pub fight_weight: f64,
    /// Evidence against the first claim, log-odds.
    pub against_fight: f64,
    /// Evidence against the second.
    pub against_rule: f64,
}

/// What of a place's mean lies beside the scenario's, on each axis. Shape:
/// `(n_places, n_axes)`, row-major; empty where the mechanism doesn't run.
pub(crate) fn place_means(setup: &Setup, draws: Draws) -> Vec<f64> {
    if !setup.switches.is_on(Mechanism::Causes) {
        return Vec::new();
    }
    let spread = setup.parameters.causes.place_sd;
    let cells = (0..setup.places.len()).flat_map(|place| (0..setup.axes.len()).map(move |axis| (place, axis)));
    cells
        .map(|(place, axis)| spread * draws.stream(Purpose::PlaceCause, place as u32, 0, axis as u32).normal())
        .collect()
}

/// A person's positions on the axes; a foreigner's around the profile of the
/// group that he first joined. None where the mechanism doesn't run.
pub(crate) fn positions(world: &World, person: PersonId, home: Option<PlaceId>, profile: Option<GroupId>) -> Vec<f64> {
    let setup = &world.setup;
    if !setup.switches.is_on(Mechanism::Causes) {
        return Vec::new();
    }
    let position = |(at, axis): (usize, &AxisSetup)| {
        let mean = profile.map_or(axis.mean, |group| setup.groups[group.idx()].cause[at]);
        let of_place = home.map_or(0.0, |home| world.place_causes[home.idx() * setup.axes.len() + at]);
        let z = world.population_draws.stream(Purpose::PersonCause, person.0, 0, at as u32).normal();
        (mean + of_place + setup.parameters.causes.person_sd * z).clamp(LEAST_SCORE, MOST_SCORE)
    };
    setup.axes.iter().enumerate().map(position).collect()
}

/// Whether an axis of cause sets a group against somebody else.
pub(crate) fn is_against_somebody(setup: &Setup, group: GroupId) -> bool {
    setup.axes.iter().any(|axis| is_against_another(axis, group))
}

fn is_against_another(axis: &AxisSetup, group: GroupId) -> bool {
    axis.against.iter().any(|&enemy| enemy != group)
}

/// The distance of positions from a group's profile, 0-1.
pub(crate) fn distance_from(setup: &Setup, positions: &[f64], group: GroupId) -> f64 {
    axes::distance(&setup.axes, positions, &setup.groups[group.idx()].cause)
}

/// How far from a leaver's own positions a host is, against his own group:
/// 0-1, and 1/2 where both are as far.
pub(crate) fn distance_of_host(model: &Model<'_>, row: Row, own: GroupId, host: GroupId) -> f64 {
    let (setup, positions) = (&model.world.setup, &model.people.mind(row).positions);
    let farther = distance_from(setup, positions, host) - distance_from(setup, positions, own);
    NEUTRAL_DISTANCE + 0.5 * farther
}

/// What a distance from a group's profile adds to the log-hazard of joining it.
pub(crate) fn appeal(setup: &Setup, positions: &[f64], group: GroupId) -> f64 {
    -setup.parameters.causes.joining_weight * (distance_from(setup, positions, group) - NEUTRAL_DISTANCE)
}

/// The most that it can add for any group and man.
pub(crate) fn most_appeal(setup: &Setup) -> f64 {
    setup.parameters.causes.joining_weight.max(0.0) * NEUTRAL_DISTANCE
}

/// What a member makes of the two claims of his group; nothing where the
/// mechanism doesn't run or he has no group.
pub(crate) fn claims_of(model: &Model<'_>, row: Row) -> Option<Claims> {
    let group = model.people.at(row).group.filter(|_| model.runs(Mechanism::Causes))?;
    let setup = &model.world.setup;
    let (parameters, deeds) = (&setup.parameters.causes, &model.groups.deeds);
    let profile = &setup.groups[group.idx()].cause;
    let positions = &model.people.mind(row).positions;
    let (mut promised, mut spared, mut n_against) = (0.0, 0.0, 0.0);
    let (mut home_rule, mut n_home_rule) = (0.0, 0.0);
    for (at, axis) in setup.axes.iter().enumerate() {
        let own = share_of_range(positions[at]);
        if is_against_another(axis, group) {
            let stake = own * share_of_range(profile[at]);
            promised += stake;
            spared += stake * deeds.spared[group.idx() * setup.axes.len() + at];
            n_against += 1.0;
        }
        if axis.is_home_rule {
            home_rule += own;
            n_home_rule += 1.0;
        }
    }
    let fight = if promised > 0.0 { promised / n_against } else { 0.0 };
    let rule = if n_home_rule > 0.0 { home_rule / n_home_rule } else { UNASKED };
    let command = if model.people.at(row).is_foreign { 0.0 } else { deeds.command[group.idx()] };
    Some(Claims {
        fight_weight: if fight > 0.0 { fight / (fight + rule) } else { 0.0 },
        against_fight: if promised > 0.0 { parameters.fight_weight * (spared / promised) } else { 0.0 },
        against_rule: parameters.harm_weight * deeds.harm[group.idx()]
            + parameters.command_weight * command
            + parameters.distance_weight * (distance_from(setup, positions, group) - NEUTRAL_DISTANCE),
    })
}

/// What a member's group is blamed for by another of its constituency, or the
/// other by it: the larger share of the civilians known killed there, 0-1.
pub(crate) fn blame_between(model: &Model<'_>, a: GroupId, b: GroupId, n_members: f64) -> f64 {
    if !model.runs(Mechanism::Causes) {
        return 0.0;
    }
    let all: f64 = model.groups.ids().map(|group| killed_where(model, group, a)).sum();
    let unknown = model.world.setup.parameters.causes.harm_half * n_members;
    let share = |group: GroupId| share_of(killed_where(model, group, a), all + unknown);
    share(a).max(share(b))
}

/// A part of a whole; none of it where the part is nothing.
fn share_of(part: f64, whole: f64) -> f64 {
    if part > 0.0 { part / whole } else { 0.0 }
}

/// Civilians that a group killed where the constituency of another rules.
fn killed_where(model: &Model<'_>, killer: GroupId, of: GroupId) -> f64 {
    let setup = &model.world.setup;
    model.groups.deeds.killed[killer.idx() * setup.constituencies.len() + setup.kind_of(of).constituency.idx()]
}

/// On the first day relations and commanders are known.
pub(crate) fn start(model: &mut Model<'_>) {
    if model.runs(Mechanism::Causes) {
        renew(model, 1.0);
    }
}

/// Takes note of today's incidents; once a week, what is known of the groups
/// follows.
#[inline(never)]
pub(crate) fn follow(model: &mut Model<'_>) {
    if !model.runs(Mechanism::Causes) {
        return;
    }
    note_incidents(model);
    if model.ends_week() {
        let hearing_days = model.world.setup.parameters.causes.hearing_days;
        renew(model, 1.0 - half_life_factor(f64::from(DAYS_PER_WEEK), hearing_days));
    }
}

fn note_incidents(model: &mut Model<'_>) {
    let setup = &model.world.setup;
    let (n_groups, n_constituencies) = (setup.n_groups(), setup.constituencies.len());
    let fading = half_life_factor(1.0, setup.parameters.causes.memory_days);
    let deeds = &mut model.groups.deeds;
    for value in deeds.assaults.iter_mut().chain(&mut deeds.killed) {
        *value *= fading;
    }
    for today in &model.today.incidents {
        let fact = &model.incident_facts[today.incident.idx()];
        let perpetrator = fact.perpetrator.idx();
        let constituency = setup.kind_of(fact.holder).constituency.idx();
        deeds.killed[perpetrator * n_constituencies + constituency] += f64::from(fact.dead_civilians);
        if let (IncidentKind::Assault, Some(target)) = (fact.kind, model.records.incidents.target[today.incident.idx()])
        {
            deeds.assaults[perpetrator * n_groups + target.idx()] += 1.0;
        }
    }
}

/// Lets what is known of each group follow what it does, by a share of the way.
fn renew(model: &mut Model<'_>, step: f64) {
    let world = model.world;
    let n_axes = world.setup.axes.len();
    let parameters = &world.setup.parameters.causes;
    let sizes = group_sizes(model);
    for group in model.groups.ids() {
        let mut risen = 0.0_f64;
        for (at, axis) in world.setup.axes.iter().enumerate() {
            let change = step * (spares(model, group, axis) - model.groups.deeds.spared[group.idx() * n_axes + at]);
            model.groups.deeds.spared[group.idx() * n_axes + at] += change;
            risen = risen.max(change);
        }
        let killed = killed_where(model, group, group);
        let harm = share_of(killed, killed + parameters.harm_half * f64::from(sizes[group.idx()]));
        let command = foreign_command(model, group);
        let deeds = &mut model.groups.deeds;
        let worse = parameters.harm_weight * (harm - deeds.harm[group.idx()]).max(0.0)
            + parameters.command_weight * (command - deeds.command[group.idx()]).max(0.0);
        deeds.harm[group.idx()] = harm;
        deeds.command[group.idx()] = command;
        lower_convictions(model, group, worse.max(parameters.fight_weight * risen));
    }
}

/// How far a group leaves alone those whom an axis is against: by relations and
/// by whom it attacks.
fn spares(model: &Model<'_>, group: GroupId, axis: &AxisSetup) -> f64 {
    let enemies = axis.against.iter().copied();
    let (mut n_enemies, mut n_at_war, mut on_enemies) = (0.0, 0.0, 0.0);
    for enemy in enemies.filter(|&enemy| enemy != group && model.groups.is_alive[enemy.idx()]) {
        n_enemies += 1.0;
        n_at_war += if model.groups.at_general_war(group, enemy) { 1.0 } else { 0.0 };
        on_enemies += assaults(model, group, enemy);
    }
    if n_enemies <= 0.0 {
        return 0.0;
    }
    let on_all: f64 = model.groups.ids().map(|other| assaults(model, group, other)).sum();
    let diverted = if on_all > 0.0 { 1.0 - on_enemies / on_all } else { 0.0 };
    let by_relations = model.world.setup.parameters.causes.relations_share;
    by_relations * (1.0 - n_at_war / n_enemies) + (1.0 - by_relations) * diverted
}

fn assaults(model: &Model<'_>, by: GroupId, on: GroupId) -> f64 {
    model.groups.deeds.assaults[by.idx() * model.groups.n_groups() + on.idx()]
}

/// The foreign share of a group's commanders: the mean over the ranks in which
/// it has any.
fn foreign_command(model: &Model<'_>, group: GroupId) -> f64 {
    let ranks = [Rank::UnitCommander, Rank::FieldCommander, Rank::Leadership];
    let mut n_foreign = [0.0; 3];
    let mut n_all = [0.0; 3];
    let units = model.units.of_group[group.idx()].iter().map(|&unit| model.units.at(unit));
    for commander in units.filter(|unit| unit.n_active > 0).filter_map(|unit| unit.commander) {
        let state = model.people.at(commander);
        if let Some(at) = ranks.iter().position(|&rank| rank == state.rank) {
            n_all[at] += 1.0;
            n_foreign[at] += if state.is_foreign { 1.0 } else { 0.0 };
        }
    }
    let (mut sum, mut n_ranks) = (0.0, 0.0);
    for (foreign, all) in n_foreign.into_iter().zip(n_all).filter(|&(_, all)| all > 0.0) {
        sum += foreign / all;
        n_ranks += 1.0;
    }
    if n_ranks > 0.0 { sum / n_ranks } else { 0.0 }
}

/// Convictions in a group may have fallen so far: its units keep how far, and
/// their members' exit ceilings are computed again once it's much.
fn lower_convictions(model: &mut Model<'_>, group: GroupId, most: f64) {
    if most <= 0.0 {
        return;
    }
    for at in 0..model.units.of_group[group.idx()].len() {
        let unit = model.units.of_group[group.idx()][at];
        let state = model.units.at_mut(unit);
        state.claim_slack += most;
        state.is_stale |= state.claim_slack > MAX_SLACK;
    }
}
