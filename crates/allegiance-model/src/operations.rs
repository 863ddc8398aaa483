//! The choice of operations: which group attacks which place, with whom.
//!
//! A rested unit goes on the offensive now and then. It looks at every enemy
//! place in reach, weighs the force that its group can gather there against
//! the defenders by the contest function of `combat`, prefers good odds, and
//! gathers its group and allies for the assault. What happens thus grows with
//! the forces in contact, not with the number of places around them.
//!
//! # Form
//! A unit that has rested `t_o` days sets out with the hazard
//!
//! ```text
//! r_o tempo c_o^[enemies stationed in the same place]      a month
//! ```
//!
//! It looks at every place within `d_o` that enemies hold or stand in. The odds of each are those of
//! the contest (see combat) between the force that its group could gather there (90% of what is in
//! reach, at most `n_o` times the defenders) and the defenders. It stays with probability
//! `1 / (1 + best odds^k_o)`; else it picks a place with weight `odds^k_o`, times `c_o` for its own.
//! The group then gathers rested units, the nearest first, up to `n_o` attackers a defender, and allied
//! units at war with the target join with probability `p_a` each.

use crate::campaign;
use crate::coercion;
use crate::combat::{Side, contest};
use crate::control::HELD_SHARE;
use crate::ids::{GroupId, PlaceId, UnitId};
use crate::local_infighting;
use crate::maths::{DAYS_PER_MONTH, daily_probability, powf};
use crate::model::Model;
use crate::movement;
use crate::musters::Musters;
use crate::parameters::parameters;
use crate::random::Purpose;
use crate::setup::Mechanism;
use crate::sieges;
use crate::targets;
use crate::watches::{self, Assault};

parameters! {
    /// The choice of operations.
    pub struct OperationParameters = "operations" {
        /// Distance within which a group can attack from its positions and gather units.
        reach_km: "d_o", "km", 20.0 in 10.0..40.0, Judgement, "evidence A12 gives no distances";
        /// Assaults a month that a rested unit sets out for where the odds are good.
        attacks_per_month: "r_o", "1/month", 0.05 in 0.01 .. 0.3 within 0.0 .. 8.0, Derived, "between what the 1,395 dead of evidence B4 (0.055) and the 8,400 combatants whom UCDP GED has dead in the scenario's governorates from January to March 2014 (0.04) ask for, with targets and campaigns";
        /// How much more often a unit sets out, and how much rather for its own place, when enemies are stationed in the same place.
        contact_factor: "c_o", "1", 10.0 in 3.0 .. 30.0, Judgement, "garrisons of two sides at war can't share a town for long; no number exists";
        /// Days of rest between two assaults by the same unit.
        rest_days: "t_o", "d", 5.0 in 1.0 .. 14.0, Judgement, "no number exists";
        /// How steeply the choice of targets rises with the log-odds of winning.
        odds_slope: "k_o", "1", 1.0 in 0.3..2.0, Judgement, "no number exists";
        /// Attackers per effective defender that a group gathers if it can.
        force_ratio_sought: "n_o", "1", 3.0 in 1.5..5.0, Sourced, "3:1 rule of a prepared attack (evidence A12)";
        /// Probability that an allied unit in reach joins an assault.
        p_join_ally: "p_a", "probability", 0.3 in 0.0..0.8, Judgement, "no number exists; joint operations among rebels were common (Gade et al. 2019)";
    }
}

/// Share of the force in reach that a group can spare for an assault.
const SPARED_SHARE: f64 = 0.9;
/// Keeps the odds finite where nobody defends, and their powers above 0 where
/// nobody attacks.
const LEAST_P_LOSE: f64 = 1e-6;
const LEAST_ODDS: f64 = 1e-9;

/// Active members of a group's enemies stationed in a place.
pub(crate) fn enemy_force(model: &Model<'_>, group: GroupId, place: PlaceId) -> f64 {
    force_of(model, place, model.groups.enemies_at(place, group))
}

/// Control share of a group's enemies in a place.
pub(crate) fn enemy_share(model: &Model<'_>, group: GroupId, place: PlaceId) -> f64 {
    share_of(model, place, model.groups.enemies_at(place, group))
}

fn force_of(model: &Model<'_>, place: PlaceId, groups: impl Iterator<Item = GroupId>) -> f64 {
    groups.map(|group| f64::from(model.places.force_of(place, group))).sum()
}

fn share_of(model: &Model<'_>, place: PlaceId, groups: impl Iterator<Item = GroupId>) -> f64 {
    groups.map(|group| model.places.share(place, group)).sum()
}

/// How much a defender counts in a place: the full multiplier where the
/// defenders control it, 1 where they are as much intruders as the attackers.
pub(crate) fn defender_multiplier(model: &Model<'_>, attacker: GroupId, place: PlaceId) -> f64 {
    let full = sieges::defender_multiplier(model, attacker, place);
    1.0 + (full - 1.0) * enemy_share(model, attacker, place)
}

/// Units march to where they are needed.
#[inline(never)]
pub(crate) fn march(model: &mut Model<'_>) {
    let mut musters = std::mem::take(&mut model.musters.reach);
    musters.renew(model, model.world.setup.parameters.operations.reach_km);
    movement::reinforce(model, &musters);
    model.musters.reach = musters;
}

/// Units choose and carry out the assaults of the day.
#[inline(never)]
pub(crate) fn assault(model: &mut Model<'_>) {
    if !model.runs(Mechanism::Operations) {
        return;
    }
    let setup = &model.world.setup;
    let mut plans = std::mem::take(&mut model.today.orders);
    let musters = std::mem::take(&mut model.musters.reach);
    plans.extend(campaign::opening_blows(model, &musters));
    for unit in model.units.ids() {
        let state = model.units.at(unit);
        let tempo = setup.groups[state.group.idx()].offensive_tempo;
        let contact = contact_factor(model, state.group, state.place);
        let usual = setup.parameters.operations.attacks_per_month * tempo * contact;
        let pace = coercion::initiative(model, state.group) * campaign::most_pace(model, state.group);
        let rate_per_month = usual * pace;
        let u = model.draws.daily_uniform(Purpose::Attack, unit.0, model.day);
        // The first condition follows from the second, and spares most units an
        // exponential.
        if u < rate_per_month / DAYS_PER_MONTH
            && u < daily_probability(rate_per_month)
            && is_rested(model, unit)
            && let Some(place) = choose_target(model, &musters, unit)
        {
            plans.push((state.group, place));
        }
    }
    model.musters.reach = musters;
    for (group, place) in plans {
        carry_out(model, group, place);
    }
}

/// How much more a unit minds a place for enemies stationed beside it.
fn contact_factor(model: &Model<'_>, group: GroupId, place: PlaceId) -> f64 {
    let is_in_contact = model.places.force_of(place, group) > 0 && enemy_force(model, group, place) > 0.0;
    if is_in_contact { model.world.setup.parameters.operations.contact_factor } else { 1.0 }
}

/// Whether a unit may go on the offensive.
pub(crate) fn is_rested(model: &Model<'_>, unit: UnitId) -> bool {
    let state = model.units.at(unit);
    let rest_days = model.world.setup.parameters.operations.rest_days;
    let has_rested = state.acted_day.is_none_or(|day| f64::from(model.day - day) >= rest_days);
    state.n_active > 0 && has_rested
}

/// Enemy places, with the weights by which a unit chooses among them.
#[derive(Debug, Default)]
pub(crate) struct Weights {
    /// Each with the sum of the weights so far.
    cumulative: Vec<(PlaceId, f64)>,
    total: f64,
    /// The best odds.
    best: f64,
}

impl Weights {
    /// The place at a position of the unit interval.
    pub(crate) fn pick(&self, u: f64) -> Option<PlaceId> {
        let at = u * self.total;
        let nth = self.cumulative.partition_point(|&(_, cumulative)| cumulative < at);
        self.cumulative.get(nth.min(self.cumulative.len().saturating_sub(1))).map(|&(place, _)| place)
    }
}

/// The enemy place in reach that a unit sets out for; none where even the best
/// odds don't tempt it.
fn choose_target(model: &Model<'_>, musters: &Musters, unit: UnitId) -> Option<PlaceId> {
    let group = model.units.at(unit).group;
    let reach_km = model.world.setup.parameters.operations.reach_km;
    let weights = weights_of_targets(model, musters, unit, reach_km, &|_| true);
    let mut stream = model.draws.stream(Purpose::Target, unit.0, model.day, 0);
    if stream.uniform() >= weights.best / (1.0 + weights.best) {
        return None;
    }
    let place = weights.pick(stream.uniform())?;
    // It has set out at the highest rate that any place has.
    let from = model.units.at(unit).place;
    let pace = campaign::pace(model, group, place)
        * sieges::pace(model, group, from, place)
        * local_infighting::pace(model, group, place);
    (stream.uniform() * campaign::most_pace(model, group) < pace).then_some(place)
}

/// The enemy places within a distance of a unit among which it chooses.
pub(crate) fn weights_of_targets(
    model: &Model<'_>,
    musters: &Musters,
    unit: UnitId,
    radius_km: f64,
    is_candidate: &dyn Fn(PlaceId) -> bool,
) -> Weights {
    let parameters = &model.world.setup.parameters.operations;
    let state = model.units.at(unit);
    let mut weights = Weights::default();
    for near in &model.world.geography.within(state.place, radius_km) {
        if faces_enemy(model, state.group, near.place)
            && !targets::falls_by_presence(model, state.group, near)
            && is_candidate(near.place)
        {
            let p_win = p_win(model, musters, state.group, near.place);
            let odds = (p_win / (1.0 - p_win).max(LEAST_P_LOSE)).max(LEAST_ODDS);
            let odds = powf(targets::counted_odds(model, odds), parameters.odds_slope);
            // Contact has raised how often the unit sets out; here it moves where it
            // goes, and not whether.
            weights.best = weights.best.max(odds);
            let is_own = near.place == state.place;
            let weight = odds * targets::worth(model, state.group, near.place);
            weights.total += if is_own { weight * contact_factor(model, state.group, near.place) } else { weight };
            weights.cumulative.push((near.place, weights.total));
        }
    }
    weights
}

/// The chance of taking a place with the force that a group can gather.
pub(crate) fn p_win(model: &Model<'_>, musters: &Musters, group: GroupId, place: PlaceId) -> f64 {
    let setup = &model.world.setup;
    let discipline = |g: GroupId| model.groups.discipline[g.idx()];
    let enemies = model.groups.enemies_at(place, group);
    let resistance: f64 = enemies.map(|other| f64::from(model.places.force_of(place, other)) * discipline(other)).sum();
    let wanted = setup.parameters.operations.force_ratio_sought * enemy_force(model, group, place).max(1.0);
    let strength = (musters.of(place, group) * SPARED_SHARE).min(wanted) * discipline(group);
    contest(strength, resistance * defender_multiplier(model, group, place), setup.parameters.combat.decisiveness)
}

/// Gathers both sides for one assault, and lets them meet.
fn carry_out(model: &mut Model<'_>, group: GroupId, place: PlaceId) {
    let defenders = gather_defenders(model, group, place);
    let target = strongest_group(model, group, &defenders, place);
    let attackers = gather_attackers(model, group, place, target, defenders.engaged.len());
    if attackers.engaged.is_empty() {
        return;
    }
    // Nobody to fight: taken by somebody else since this morning, or ordered too late.
    if defenders.engaged.is_empty() && enemy_share(model, group, place) <= HELD_SHARE {
        return;
    }
    watches::meet(model, Assault { group, target, place }, attackers, defenders);
}

/// The units of enemies of the attacker in a place.
pub(crate) fn gather_defenders(model: &Model<'_>, attacker: GroupId, place: PlaceId) -> Side {
    let mut side = Side::default();
    for &unit in &model.units.of_place[place.idx()] {
        if model.groups.at_war_at(place, attacker, model.units.at(unit).group) {
            side.add(model, unit);
        }
    }
    side
}

/// The nearest free units of the group, then of allies at war with the target
/// who join, up to the force ratio sought; nobody without a unit of its own.
fn gather_attackers(model: &Model<'_>, group: GroupId, place: PlaceId, target: GroupId, n_defenders: usize) -> Side {
    let world = model.world;
    let parameters = &world.setup.parameters.operations;
    let wanted = (parameters.force_ratio_sought * n_defenders as f64).max(1.0);
    let mut side = Side::default();
    let joins = |unit: UnitId, ally: GroupId| {
        model.groups.allied_at(place, group, ally)
            && model.groups.at_war_at(place, ally, target)
            && world.setup.groups[ally.idx()].offensive_tempo > 0.0
            && model.draws.chance(parameters.p_join_ally, Purpose::Ally, unit.0, model.day, place.0)
    };
    // Own units first, wherever they are: allies come to help, not to lead.
    for is_own in [true, false] {
        for near in world.geography.in_turn(place, parameters.reach_km) {
            for &unit in &model.units.of_place[near.place.idx()] {
                if side.engaged.len() as f64 >= wanted {
                    return side;
                }
                let other = model.units.at(unit).group;
                if (other == group) == is_own && is_rested(model, unit) && (is_own || joins(unit, other)) {
                    side.add(model, unit);
                }
            }
        }
        if side.engaged.is_empty() {
            return side;
        }
    }
    side
}

/// Whether enemies of a group stand in a place or hold it.
pub(crate) fn faces_enemy(model: &Model<'_>, group: GroupId, place: PlaceId) -> bool {
    some_face(model, place, || model.groups.enemies_at(place, group))
}

/// Whether some groups stand in a place or hold it together.
pub(crate) fn some_face<I: Iterator<Item = GroupId>>(
    model: &Model<'_>,
    place: PlaceId,
    groups: impl Fn() -> I,
) -> bool {
    force_of(model, place, groups()) > 0.0 || share_of(model, place, groups()) > HELD_SHARE
}

/// The group with the most defenders, or the strongest enemy in control.
fn strongest_group(model: &Model<'_>, attacker: GroupId, defenders: &Side, place: PlaceId) -> GroupId {
    let n_engaged =
        |group: GroupId| defenders.engaged.iter().filter(|&&row| model.people.at(row).group == Some(group)).count();
    let mut best: Option<(GroupId, usize, f64)> = None;
    for group in model.groups.enemies_at(place, attacker) {
        let (n, share) = (n_engaged(group), model.places.share(place, group));
        if best.is_none_or(|(_, most, most_share)| n > most || (n == most && share > most_share)) {
            best = Some((group, n, share));
        }
    }
    best.map_or(attacker, |(group, _, _)| group)
}
