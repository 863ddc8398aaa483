//! Exits: desertion, defection and departure as competing hazards.
//!
//! `h_k = h0_k exp(sum of the active blocks)` a month, drawn daily. A theory
//! of exit is the set of blocks that are active.
//!
//! # Source
//! Nussio & Ugarriza (2021) for the base rate; McLauchlin (2014), Bearman
//! (1991), Costa & Kahn (2003), Oppenheim et al. (2015), Granovetter (1978)
//! for the signs of the blocks; see evidence A7 to A9.

use crate::arrival;
use crate::belief;
use crate::deterrence::{self, perceived_risk};
use crate::exit_draws;
use crate::ids::{GroupId, IncidentId, PlaceId, Row, UnitId};
use crate::interventions::{self, pay_usd};
use crate::maths::{DAYS_PER_MONTH, exp, half_life_factor, ln, logistic};
use crate::model::Model;
use crate::muster::{self, Event, is_on_leave};
use crate::parameters::{Parameters, parameters};
use crate::random::Purpose;
use crate::setup::{ExitTheory, Mechanism};
use crate::state::Due;
use crate::tables::{AllegianceKind, Cause, Standing};

parameters! {
    /// Hazards of desertion, defection and departure.
    pub struct ExitParameters = "exits" {
        /// Baseline hazard of desertion.
        desertion_per_month: "h_d", "1/month", 0.008 in 0.003..0.02 within 0.0..2.0, Derived, "evidence A7: FARC, Nussio & Ugarriza 2021";
        /// Baseline hazard of defection.
        defection_per_month: "h_s", "1/month", 0.002 in 0.0005..0.008 within 0.0..2.0, Derived, "evidence A7";
        /// Baseline hazard of leaving the country.
        departure_per_month: "h_l", "1/month", 0.001 in 0.0003..0.004 within 0.0..2.0, Judgement, "no number exists for early 2014";
        /// Hazard ratio of leaving for one more unit of conviction.
        conviction_hazard_ratio: "HR_L", "share", 0.45 in 0.3..0.7 within 0.05..1.0, Judgement, "evidence A7";
        /// Hazard ratio of an ideologue against others while the group keeps its word.
        ideologue_odds_kept: "OR_0", "1", 0.6 in 0.4..0.9, Judgement, "evidence A2: sign from Oppenheim et al. 2015";
        /// The same once the group broke it.
        ideologue_odds_broken: "OR_1", "1", 1.7 in 1.2..3.0, Judgement, "evidence A2: sign from Oppenheim et al. 2015";
        /// Hazard ratio of desertion after the own group attacked the home place.
        home_attacked_desertion: "HR_hd", "1", 10.0 in 4.0..30.0, Judgement, "evidence A7";
        /// Hazard ratio of defection after the own group attacked the home place.
        home_attacked_defection: "HR_hs", "1", 15.0 in 5.0..40.0, Judgement, "evidence A7";
        /// Half-life of the effect of an attack on the home.
        home_memory_days: "tau_h", "d", 30.0 in 14.0..90.0, Judgement, "evidence A5: memory of strangers";
        /// Hazard ratio of desertion after the own group killed kin.
        kin_killed_desertion: "HR_kd", "1", 4.0 in 2.0..10.0, Judgement, "evidence A7";
        /// Hazard ratio of defection after the own group killed kin.
        kin_killed_defection: "HR_ks", "1", 6.0 in 2.0..15.0, Judgement, "evidence A7";
        /// Half-life of the effect of kin killed.
        kin_memory_days: "tau_k", "d", 730.0 in 365.0..3650.0, Judgement, "evidence A5";
        /// Hazard ratio of desertion while on leave at home.
        leave_desertion: "HR_ld", "1", 3.0 in 2.0..6.0, Judgement, "evidence A7: McLauchlin";
        /// Hazard ratio of defection while on leave at home.
        leave_defection: "HR_ls", "1", 2.0 in 1.0..4.0, Judgement, "evidence A7";
        /// Hazard ratio of desertion of a foreign member.
        foreign_desertion: "HR_fd", "1", 0.5 in 0.2..1.0, Judgement, "evidence A7";
        /// Hazard ratio of defection of a foreign member.
        foreign_defection: "HR_fs", "1", 0.3 in 0.1..0.8, Judgement, "evidence A7";
        /// Hazard ratio of desertion where the own group fully controls the home.
        home_held_desertion: "HR_cd", "1", 0.4 in 0.2..0.8, Judgement, "evidence A7: McLauchlin";
        /// Hazard ratio of defection where the own group fully controls the home.
        home_held_defection: "HR_cs", "1", 0.3 in 0.1..0.8, Judgement, "evidence A7";
        /// Distance within which another group can be reached.
        host_reach_km: "d_max", "km", 20.0 in 5.0..50.0, Judgement, "no number exists";
        /// Fall of the log-hazard from no to certain perceived capture, around the initial perception.
        fear_weight: "F", "log-hazard", 2.0 in 0.5..4.0, Judgement, "evidence A8; Becker 1968";
        /// Fall of the log-hazard for one log-unit of pay above the alternative, at the mean material motive.
        pay_weight: "a_w", "log-hazard", 0.4 in 0.0..0.8, Judgement, "evidence A1, A2";
        /// Monthly income outside.
        alternative_pay_usd: "w_0", "USD/month", 100.0 in 50.0..200.0, Judgement, "evidence B6: minimum wage before the war, halved";
        /// Hazard ratio of leaving when the group lost a quarter of its territory in 60 days.
        decline_hazard_ratio: "HR_t", "1", 2.0 in 1.3..4.0, Sourced, "evidence A7: sign from FARC";
        /// Rise of the log-hazard once known exits among ties pass the threshold.
        peer_weight: "b_p", "log-hazard", 1.0 in 0.3..2.0, Judgement, "evidence A9";
        /// Change of the log-hazard for a unit one standard deviation more homogeneous: down where unit and home agree, up where they diverge.
        cohesion_weight: "b_c", "log-hazard", 0.3 in 0.1..0.6, Sourced, "evidence A9: Costa & Kahn 2003, Bearman 1991 for the signs";
        /// Probability that a commander who defects takes his unit along: those of its members who doubt the group.
        p_commander_takes_unit: "p_u", "probability", 0.4 in 0.1..0.8, Judgement, "evidence A9: whole FSA units moved";
        /// Days until the unit knows of an exit.
        exit_visible_days: "t_v", "d", 1.0 in 1.0..7.0, Judgement, "evidence A9";
        /// Rise of the log-hazard for one log-unit of pay lost against the pay on the first day, at the mean material motive.
        pay_cut_weight: "a_x", "log-hazard", 1.0 in 0.3 .. 2.0, Derived, "evidence A7: pay halved doubles the hazard (1.3-4)";
        /// Fall of the log-hazard from none to certain perceived reprisal on kin, where the own group holds the home, beyond the first perception.
        kin_fear_weight: "K", "log-hazard", 2.0 in 0.0 .. 4.0, Judgement, "evidence A8; McLauchlin 2014";
    }
}

/// Number of blocks.
const N_BLOCKS: usize = 8;
/// Number of kinds of exit: desertion, defection, departure.
const N_KINDS: usize = 3;
/// The blocks, in the order of their columns.
const BLOCKS: [Cause; N_BLOCKS] = [
    Cause::Belief,
    Cause::KinAndHome,
    Cause::Opportunity,
    Cause::Deterrence,
    Cause::Material,
    Cause::Prospects,
    Cause::Cascade,
    Cause::Cohesion,
];

/// Which blocks move the hazards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActiveBlocks {
    is_on: [bool; N_BLOCKS],
}

impl ActiveBlocks {
    /// The blocks of a theory of exit.
    pub fn of(theory: ExitTheory) -> Self {
        let named: &[Cause] = match theory {
            ExitTheory::Conviction => &[Cause::Belief],
            ExitTheory::KinAndHome => &[Cause::KinAndHome, Cause::Opportunity],
            ExitTheory::ControlAndFear => &[Cause::Opportunity, Cause::Deterrence],
            ExitTheory::Material => &[Cause::Material, Cause::Prospects],
            ExitTheory::Cascade => &[Cause::Cascade, Cause::Cohesion],
            ExitTheory::Full => &BLOCKS,
            ExitTheory::Constant => &[],
        };
        Self { is_on: BLOCKS.map(|block| named.contains(&block)) }
    }

    /// The active blocks, in the order of their columns.
    pub fn blocks(self) -> impl Iterator<Item = Cause> {
        BLOCKS.into_iter().filter(move |&block| self.has(block))
    }

    fn has(self, block: Cause) -> bool {
        self.is_on[block as usize]
    }
}

/// The hazards of one member on one day, split by block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hazards {
    /// Hazard a month of each kind: desertion, defection, departure.
    pub per_month: [f64; N_KINDS],
    /// Contribution of each block to the log-hazard of each kind.
    pub blocks: [[f64; N_BLOCKS]; N_KINDS],
}

/// A member's decision to leave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Decision {
    pub(crate) row: Row,
    pub(crate) kind: usize,
    pub(crate) place: PlaceId,
    pub(crate) is_on_leave: bool,
    pub(crate) incident: Option<IncidentId>,
    pub(crate) hazards: Hazards,
    pub(crate) cause: Cause,
}

impl Decision {
    /// Writes a row of the table `allegiance` with the hazards.
    pub(crate) fn record(&self, model: &mut Model<'_>, kind: AllegianceKind, event: Event) {
        let mut entry = muster::allegiance_row(model, self.row, kind, None, event);
        let [desertion, defection, departure] = self.hazards.per_month;
        let blocks = self.hazards.blocks[self.kind];
        entry.cause = Some(self.cause);
        entry.hazard = Some(desertion);
        entry.hazard_defection = Some(defection);
        entry.hazard_departure = Some(departure);
        entry.block_belief = Some(blocks[0]);
        entry.block_kin_and_home = Some(blocks[1]);
        entry.block_opportunity = Some(blocks[2]);
        entry.block_deterrence = Some(blocks[3]);
        entry.block_material = Some(blocks[4]);
        entry.block_prospects = Some(blocks[5]);
        entry.block_cascade = Some(blocks[6]);
        entry.block_cohesion = Some(blocks[7]);
        model.records.allegiance.push(entry);
    }
}

/// A member who got away to another group, waiting to be taken in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Leaving {
    pub(crate) row: Row,
    pub(crate) host: GroupId,
    pub(crate) place: PlaceId,
    pub(crate) incident: Option<IncidentId>,
}

/// Every active member stays or leaves.
#[inline(never)]
pub(crate) fn decide(model: &mut Model<'_>) {
    if !model.runs(Mechanism::Exits) {
        return;
    }
    for decision in exit_draws::decisions(model) {
        if model.people.at(decision.row).standing == Standing::Active {
            carry_out(model, &decision);
        }
    }
}

/// How far the members of a group can be above their ceilings today, but for
/// what claims did since.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct FactorLimit {
    /// Of those with their units.
    pub(crate) on_duty: f64,
    /// Of those on leave.
    pub(crate) on_leave: f64,
}

impl FactorLimit {
    /// The limits with a further factor.
    pub(crate) fn times(self, factor: f64) -> Self {
        Self { on_duty: self.on_duty * factor, on_leave: self.on_leave * factor }
    }
}

/// The limits of a group: prospects, no fear at all, peers who left, and the
/// chance that leave gives.
pub(crate) fn factor_limit(model: &Model<'_>, group: GroupId) -> FactorLimit {
    let all = &model.world.setup.parameters;
    let on = |block: Cause, value: f64| if model.active_blocks.has(block) { value.max(0.0) } else { 0.0 };
    let shared = prospects(model, group)
        + on(Cause::Cascade, all.exits.peer_weight)
        + on(Cause::Deterrence, all.exits.fear_weight * all.deterrence.perceived_risk);
    let most_for_leave = model.world.exit_logs.leave.iter().fold(0.0, |most: f64, &value| most.max(value));
    FactorLimit { on_duty: exp(shared), on_leave: exp(shared + on(Cause::Opportunity, most_for_leave)) }
}

/// How far the members of a unit can be above their ceilings for the claims
/// that it heard since these were computed.
pub(crate) fn claim_factor(model: &Model<'_>, unit: UnitId) -> f64 {
    let slack = model.units.at(unit).claim_slack;
    if slack > 0.0 && model.active_blocks.has(Cause::Belief) {
        exp(model.world.exit_logs.belief_slope() * slack)
    } else {
        1.0
    }
}

/// Logarithms of the hazard ratios, computed once for a setup.
#[derive(Debug, Clone)]
pub(crate) struct ExitLogs {
    conviction: f64,
    ideologue_kept: f64,
    ideologue_broken: f64,
    home_attacked: [f64; N_KINDS],
    kin_killed: [f64; N_KINDS],
    leave: [f64; N_KINDS],
    home_held: [f64; N_KINDS],
    foreign: [f64; N_KINDS],
    decline: f64,
}

impl ExitLogs {
    /// The logarithms of a setup's parameters.
    pub(crate) fn new(all: &Parameters) -> Self {
        let p = &all.exits;
        let log = |ratio: f64| ln(ratio.max(1e-9));
        let harm = |desertion: f64, defection: f64| {
            let (desertion, defection) = (ln(desertion.max(1.0)), ln(defection.max(1.0)));
            [desertion, defection, desertion]
        };
        let chance = |desertion: f64, defection: f64| [log(desertion), log(defection), log(desertion)];
        Self {
            conviction: log(p.conviction_hazard_ratio),
            ideologue_kept: log(p.ideologue_odds_kept),
            ideologue_broken: log(p.ideologue_odds_broken),
            home_attacked: harm(p.home_attacked_desertion, p.home_attacked_defection),
            kin_killed: harm(p.kin_killed_desertion, p.kin_killed_defection),
            leave: chance(p.leave_desertion, p.leave_defection),
            home_held: chance(p.home_held_desertion, p.home_held_defection),
            foreign: [log(p.foreign_desertion), log(p.foreign_defection), 0.0],
            decline: log(p.decline_hazard_ratio),
        }
    }

    /// Log-hazard of a conviction `above` its mean on joining, and of the
    /// motive weight of ideology: an ideologue leaves less while the group
    /// keeps its word, and more once he thinks that it broke it.
    ///
    /// `ln HR_L (L - L0) + (m_I - 0.3) / 0.5 [sig(L) ln OR_0 + sig(-L) ln OR_1]`
    ///
    /// # Source
    /// Oppenheim, Steele, Vargas & Weintraub (2015) for the interaction.
    fn of_belief(&self, above: f64, mean: f64, ideology: f64) -> f64 {
        let broken = logistic(-(above + mean));
        let odds = (1.0 - broken) * self.ideologue_kept + broken * self.ideologue_broken;
        self.conviction * above + (ideology - 0.3) / 0.5 * odds
    }

    /// The most that [`Self::of_belief`] can be for a conviction at or above
    /// the lowest.
    fn most_of_belief(&self, lowest_above: f64, mean: f64, ideology: f64) -> f64 {
        let full_trust = self.conviction * lowest_above + (ideology - 0.3) / 0.5 * self.ideologue_kept;
        self.of_belief(lowest_above, mean, ideology).max(full_trust)
    }

    /// The most that the log-hazard can rise for each unit that conviction falls.
    fn belief_slope(&self) -> f64 {
        self.conviction.abs() + 0.25 * 1.4 * (self.ideologue_broken - self.ideologue_kept).abs()
    }
}

/// What the loss of territory adds to the log-hazard of a group's members.
fn prospects(model: &Model<'_>, group: GroupId) -> f64 {
    if !model.active_blocks.has(Cause::Prospects) {
        return 0.0;
    }
    let decline = (-model.groups.momentum[group.idx()] / 0.25).clamp(-1.0, 2.0);
    model.world.exit_logs.decline * decline
}

/// Conviction and ideology of a member.
fn belief_block(model: &Model<'_>, row: Row) -> f64 {
    let mean = model.world.setup.parameters.belief.conviction_mean;
    let ideology = model.people.mind(row).motives.ideology;
    model.world.exit_logs.of_belief(belief::conviction_now(model, row) - mean, mean, ideology)
}

/// The most that conviction and ideology can be of a member's log-hazard
/// until something but a claim heard by his unit touches him.
fn most_of_belief_block(model: &Model<'_>, row: Row) -> f64 {
    let mean = model.world.setup.parameters.belief.conviction_mean;
    let ideology = model.people.mind(row).motives.ideology;
    let lowest = model.world.belief.lowest_conviction(&belief::heard(model, row));
    model.world.exit_logs.most_of_belief(lowest - mean, mean, ideology)
}

/// Harm by the own group to home and kin, fading; `is_bound` gives the value
/// before any fading or settlement.
fn kin_and_home_block(model: &Model<'_>, row: Row, is_bound: bool) -> [f64; N_KINDS] {
    let grievance = model.people.mind(row).grievance;
    if grievance.home_attacked.is_none() && grievance.kin_killed.is_none() {
        return [0.0; N_KINDS];
    }
    let parameters = &model.world.setup.parameters.exits;
    let logs = &model.world.exit_logs;
    let strength = |since: Option<(u32, IncidentId)>, half_life_days: f64| match since {
        None => 0.0,
        Some(_) if is_bound => 1.0,
        Some((day, _)) => half_life_factor(f64::from(model.day - day), half_life_days),
    };
    let is_settled = !is_bound && grievance.settled_until > model.day;
    let eased = if is_settled { 1.0 - model.world.setup.parameters.voice.settled_share } else { 1.0 };
    let home = eased * strength(grievance.home_attacked, parameters.home_memory_days);
    let kin = eased * strength(grievance.kin_killed, parameters.kin_memory_days);
    std::array::from_fn(|kind| logs.home_attacked[kind] * home + logs.kin_killed[kind] * kin)
}

/// The chance to go: on leave at home, under whose control the home is, the
/// foreigner's lack of a home to go to, and radio that calls members home.
fn opportunity_block(model: &Model<'_>, row: Row) -> [f64; N_KINDS] {
    let logs = &model.world.exit_logs;
    let state = model.people.at(row);
    let Some(home) = state.home else {
        let mut blocks = if state.is_foreign { logs.foreign } else { [0.0; N_KINDS] };
        blocks[0] += state.group.map_or(0.0, |group| interventions::radio(model, group));
        return blocks;
    };
    let held = state.group.map_or(0.0, |group| model.places.share(home, group));
    let on_leave = f64::from(u8::from(is_on_leave(model, row)));
    let radio = [state.group.map_or(0.0, |group| interventions::radio(model, group)), 0.0, 0.0];
    std::array::from_fn(|kind| logs.leave[kind] * on_leave + logs.home_held[kind] * held + radio[kind])
}

/// Fear of capture: perceived risk where the member is, around the initial
/// perception in deep territory.
fn deterrence_block(model: &Model<'_>, unit: UnitId, place: PlaceId) -> f64 {
    if !model.runs(Mechanism::Deterrence) {
        return 0.0;
    }
    let all = &model.world.setup.parameters;
    let group = model.units.at(unit).group;
    let here = deterrence::p_capture(model, group, place) / all.deterrence.p_capture_deep.max(1e-9);
    let passage = interventions::safe_passage(model, group, all.interventions.safe_passage_perceived)
        / interventions::safe_passage(model, group, all.interventions.safe_passage_capture).max(1e-9);
    let risk = perceived_risk(model, Some(unit)) * here * passage;
    -all.exits.fear_weight * (risk - all.deterrence.perceived_risk)
}

/// Fear for kin who live under the own group: what reprisals known at home
/// add to the first perception.
fn kin_fear_block(model: &Model<'_>, row: Row) -> f64 {
    let state = model.people.at(row);
    let (Some(home), Some(group)) = (state.home, state.group) else { return 0.0 };
    if !model.runs(Mechanism::Deterrence) {
        return 0.0;
    }
    let known = f64::from(model.places.kin_reprisals[model.places.cell(home, group)]);
    let risk = deterrence::kin_risk(model, known) - deterrence::kin_risk(model, 0.0);
    -model.world.setup.parameters.exits.kin_fear_weight * model.places.share(home, group) * risk
}

/// Pay against the alternative, and pay lost, by material motive.
fn material_block(model: &Model<'_>, row: Row) -> f64 {
    let setup = &model.world.setup;
    let parameters = &setup.parameters.exits;
    let state = model.people.at(row);
    let Some(group) = state.group else { return 0.0 };
    let spec = &setup.groups[group.idx()];
    let pay = pay_usd(model, group);
    let cut = ln((spec.pay_usd_per_month.max(10.0) / pay.max(10.0)).max(1.0));
    let pay = if state.is_foreign && spec.pay_usd_per_month > 0.0 {
        pay * spec.pay_foreign_usd_per_month / spec.pay_usd_per_month
    } else {
        pay
    };
    let log_ratio = ln(pay.max(10.0) / parameters.alternative_pay_usd.max(10.0));
    (parameters.pay_cut_weight * cut - parameters.pay_weight * log_ratio) * model.people.mind(row).motives.material
        / 0.3
}

/// Whether the share of known exits passes the member's threshold.
fn cascade_block(model: &Model<'_>, row: Row, unit: UnitId) -> f64 {
    let passed = model.units.at(unit).exit_share(model.day) >= model.people.mind(row).exit_threshold;
    if passed { model.world.setup.parameters.exits.peer_weight } else { 0.0 }
}

/// Homogeneity binds where unit and home agree, and loosens where they
/// diverge.
fn cohesion_block(model: &Model<'_>, row: Row, unit: UnitId) -> f64 {
    let z = model.units.at(unit).homogeneity.unwrap_or_else(|| homogeneity(model, unit));
    let state = model.people.at(row);
    let home_is_hostile = match (state.home, state.group) {
        (Some(home), Some(group)) => model.groups.at_war(group, model.places.controller(home)),
        _ => false,
    };
    let is_aligned = model.people.mind(row).grievance.home_attacked.is_none() && !home_is_hostile;
    cohesion(model.world.setup.parameters.exits.cohesion_weight, z, is_aligned)
}

/// Log-hazard of a unit `z` standard deviations more homogeneous than most.
///
/// # Source
/// Costa & Kahn (2003) where unit and home agree, Bearman (1991) where they
/// diverge.
fn cohesion(weight: f64, z: f64, is_aligned: bool) -> f64 {
    if is_aligned { -weight * z } else { weight * z }
}

/// The largest absolute homogeneity.
const MAX_HOMOGENEITY: f64 = 2.0;

/// Share of the unit from one subdistrict in standard deviations above a half.
pub(crate) fn homogeneity(model: &Model<'_>, unit: UnitId) -> f64 {
    let members = &model.units.at(unit).members;
    let homes = members.iter().filter_map(|&row| model.people.at(row).home);
    let mut areas: Vec<u32> = homes.map(|home| model.world.area_of_place[home.idx()]).collect();
    areas.sort_unstable();
    let most = areas.chunk_by(|a, b| a == b).map(<[u32]>::len).max().unwrap_or(0);
    let local_share = most as f64 / members.len().max(1) as f64;
    ((local_share - 0.5) / 0.25).clamp(-MAX_HOMOGENEITY, MAX_HOMOGENEITY)
}

/// The base hazards a month.
fn base_hazards(model: &Model<'_>) -> [f64; N_KINDS] {
    let parameters = &model.world.setup.parameters.exits;
    [parameters.desertion_per_month, parameters.defection_per_month, parameters.departure_per_month]
}

/// The hazards of a member today, split by block.
pub(crate) fn hazards(model: &Model<'_>, row: Row, unit: UnitId) -> Hazards {
    let place = muster::whereabouts(model, row).unwrap_or(model.units.at(unit).place);
    let same = |value: f64| [value; N_KINDS];
    let group = model.units.at(unit).group;
    let by_block: [[f64; N_KINDS]; N_BLOCKS] = [
        same(belief_block(model, row)),
        kin_and_home_block(model, row, false),
        opportunity_block(model, row),
        same(deterrence_block(model, unit, place) + kin_fear_block(model, row)),
        same(material_block(model, row)),
        same(prospects(model, group)),
        same(cascade_block(model, row, unit)),
        same(cohesion_block(model, row, unit)),
    ];
    let mut hazards = Hazards { per_month: base_hazards(model), blocks: [[0.0; N_BLOCKS]; N_KINDS] };
    for (kind, blocks) in hazards.blocks.iter_mut().enumerate() {
        for ((value, by_kind), is_on) in blocks.iter_mut().zip(by_block).zip(model.active_blocks.is_on) {
            *value = if is_on { by_kind[kind] } else { 0.0 };
        }
        hazards.per_month[kind] *= exp(blocks.iter().sum());
    }
    hazards
}

/// An upper bound of the daily probability of an exit until something touches
/// the member; what moves the whole unit is in [`unit_factors`].
pub(crate) fn ceiling(model: &Model<'_>, row: Row) -> f64 {
    let state = model.people.at(row);
    if state.standing != Standing::Active {
        return 0.0;
    }
    let all = &model.world.setup.parameters;
    let parameters = &all.exits;
    let on = |block: Cause, value: f64| if model.active_blocks.has(block) { value } else { 0.0 };
    let logs = &model.world.exit_logs;
    let shared = on(Cause::Belief, most_of_belief_block(model, row))
        + on(Cause::Material, material_block(model, row))
        + on(Cause::Cohesion, parameters.cohesion_weight * MAX_HOMOGENEITY);
    let harm = kin_and_home_block(model, row, true);
    let chance: [f64; N_KINDS] = if state.home.is_some() {
        let radio = state.group.map_or(0.0, |group| interventions::radio(model, group)).max(0.0);
        std::array::from_fn(|kind| logs.home_held[kind].max(0.0) + radio)
    } else {
        opportunity_block(model, row)
    };
    let base = base_hazards(model);
    let total: f64 = (0..N_KINDS)
        .map(|kind| base[kind] * exp(shared + on(Cause::KinAndHome, harm[kind]) + on(Cause::Opportunity, chance[kind])))
        .sum();
    total / DAYS_PER_MONTH
}

/// Picks the kind of exit in proportion to its hazard.
pub(crate) fn choose(model: &Model<'_>, row: Row, unit: UnitId, hazards: Hazards) -> Decision {
    let state = model.people.at(row);
    let total: f64 = hazards.per_month.iter().sum();
    let mut u = model.draws.uniform(Purpose::ExitKind, state.person.0, model.day, 0) * total;
    let mut kind = 0;
    while kind + 1 < N_KINDS && u >= hazards.per_month[kind] {
        u -= hazards.per_month[kind];
        kind += 1;
    }
    let blocks = &hazards.blocks[kind];
    let mut cause = Cause::Baseline;
    let mut most = 0.0;
    for (block, &value) in BLOCKS.iter().zip(blocks) {
        if value > most {
            (cause, most) = (*block, value);
        }
    }
    let grievance = model.people.mind(row).grievance;
    Decision {
        row,
        kind,
        place: muster::whereabouts(model, row).unwrap_or(model.units.at(unit).place),
        is_on_leave: is_on_leave(model, row),
        incident: grievance.kin_killed.or(grievance.home_attacked).map(|(_, incident)| incident),
        hazards,
        cause,
    }
}

/// A member tries to get away; where a defector finds no host, he deserts,
/// and a foreign deserter leaves the country.
fn carry_out(model: &mut Model<'_>, decision: &Decision) {
    if !deterrence::escape(model, decision) {
        return;
    }
    let row = decision.row;
    let host = if decision.kind == 1 { arrival::find_host(model, row, decision.place) } else { None };
    if let Some(host) = host {
        let was_commander = model.people.at(row).unit.filter(|&unit| model.units.at(unit).commander == Some(row));
        defect(model, decision, host);
        if let Some(unit) = was_commander {
            take_unit_along(model, unit, host);
        }
        return;
    }
    let (kind, standing) = if decision.kind == 2 || model.people.at(row).is_foreign {
        (AllegianceKind::Departure, Standing::Departed)
    } else {
        (AllegianceKind::Desertion, Standing::Deserter)
    };
    leave(model, decision, kind, standing, None);
}

fn defect(model: &mut Model<'_>, decision: &Decision, host: GroupId) {
    leave(model, decision, AllegianceKind::Defection, Standing::Civilian, Some(host));
    let leaving = Leaving { row: decision.row, host, place: decision.place, incident: decision.incident };
    model.today.leavings.push(leaving);
}

fn leave(model: &mut Model<'_>, decision: &Decision, kind: AllegianceKind, standing: Standing, host: Option<GroupId>) {
    let row = decision.row;
    let event = Event {
        place: Some(decision.place),
        incident: decision.incident,
        to_group: host,
        is_on_leave: decision.is_on_leave,
    };
    decision.record(model, kind, event);
    let state = model.people.at(row);
    let (group, unit, has_left_before) = (state.group, state.unit, state.left_day.is_some());
    if let Some(group) = group {
        let tally = &mut model.groups.tally[group.idx()];
        match kind {
            AllegianceKind::Defection => tally.defected += 1,
            AllegianceKind::Departure => tally.departed += 1,
            _ => tally.deserted += 1,
        }
    }
    muster::leave_group(model, row, standing);
    if !has_left_before {
        model.leavers.push(row);
    }
    let visible_days = model.world.setup.parameters.exits.exit_visible_days.round() as u32;
    if let Some(unit) = unit {
        model.standing_due.add(model.day + visible_days.max(1), Due::ExitKnown(unit));
    }
}

/// A defecting commander takes his unit along or doesn't; if he does, each
/// member goes with his doubt, `P(predator)`, under the theories in which
/// peers matter.
fn take_unit_along(model: &mut Model<'_>, unit: UnitId, host: GroupId) {
    if !model.active_blocks.has(Cause::Cascade) {
        return;
    }
    let place = model.units.at(unit).place;
    let p_taken = model.world.setup.parameters.exits.p_commander_takes_unit;
    if !model.draws.chance(p_taken, Purpose::UnitFollows, unit.0, model.day, 0) {
        return;
    }
    for row in model.units.at(unit).members.clone() {
        let state = model.people.at(row);
        if state.standing != Standing::Active || is_on_leave(model, row) {
            continue;
        }
        let p_follows = logistic(-belief::conviction_now(model, row));
        if model.draws.chance(p_follows, Purpose::Follow, state.person.0, model.day, 0) {
            let hazards = hazards(model, row, unit);
            let follower =
                Decision { row, hazards, cause: Cause::Cascade, kind: 1, place, is_on_leave: false, incident: None };
            defect(model, &follower, host);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ActiveBlocks, Cause, ExitLogs, cohesion};
    use crate::maths::ln;
    use crate::parameters::Parameters;
    use crate::setup::ExitTheory;

    #[test]
    fn ideologues_leave_less_without_a_violation_and_more_after_one() {
        let logs = ExitLogs::new(&Parameters::default());
        let gap =
            |conviction: f64| logs.of_belief(conviction - 1.6, 1.6, 0.8) - logs.of_belief(conviction - 1.6, 1.6, 0.3);
        assert!((gap(20.0) - ln(0.6)).abs() < 1e-6, "keeps its word: odds ratio .6");
        assert!((gap(-20.0) - ln(1.7)).abs() < 1e-6, "broke it: odds ratio 1.7");
        assert!(gap(1.6) < 0.0 && gap(-2.5) > 0.0);
    }

    #[test]
    fn homogeneous_units_bind_where_home_agrees_and_loosen_where_it_does_not() {
        assert!(cohesion(0.3, 1.0, true) < cohesion(0.3, -1.0, true));
        assert!(cohesion(0.3, 1.0, false) > cohesion(0.3, -1.0, false));
    }

    #[test]
    fn theories_differ_in_the_blocks_they_name() {
        assert!(ActiveBlocks::of(ExitTheory::Full).is_on.iter().all(|&on| on));
        assert!(ActiveBlocks::of(ExitTheory::Constant).is_on.iter().all(|&on| !on));
        let conviction = ActiveBlocks::of(ExitTheory::Conviction);
        assert!(conviction.has(Cause::Belief) && !conviction.has(Cause::Material));
    }
}
