//! Which place is worth an assault, what falls without one, and how many come to grips over it.
//!
//! # Form
//! A place with `G` enemies stationed in it is worth
//!
//! ```text
//! V = sqrt(population) (1 + g_t G / 60)
//! ```
//!
//! and is chosen with weight `V min(odds, O_t)^k_o` in place of `odds^k_o` (see operations); what the best
//! target tempts a unit to is bounded likewise. A place that enemies hold and nobody of theirs defends
//! takes no assault from a unit within `d_t`. It falls to a group that stands within `d_t` of it, at nightfall and without
//! an incident, with the hazard
//!
//! ```text
//! r_t tempo F / (F + F_enemies)      a month
//! ```
//!
//! with the forces `F` within `d_t` this morning; of several groups one takes it, with the odds of their
//! hazards, and none on a day of an assault on the place. How many of a side come to grips follows from what is at stake: `n_f (V / V_0)^e_t`
//! in place of `n_f` (see combat), with `V` as it stands at contact and `V_0` that of an undefended village of 2,000.
//!
//! # Source
//! Force ratios say little of who attacks where; what a place is worth counts (Biddle 2004 against counting
//! odds). That a front grows with the root of the population is the geometry of a settlement of given density. Sizes of
//! clashes have a heavy tail with an exponent near 2.5 (Bohorquez and others 2009). Magnitudes are judgement.

use crate::control::HELD_SHARE;
use crate::geography::Neighbour;
use crate::ids::{GroupId, PlaceId};
use crate::local_infighting;
use crate::maths::{daily_probability, powf, sqrt};
use crate::model::Model;
use crate::musters::Musters;
use crate::operations::{enemy_force, enemy_share};
use crate::parameters::parameters;
use crate::random::Purpose;
use crate::setup::Mechanism;

parameters! {
    /// What a place is worth, and what falls without an assault.
    pub struct TargetParameters = "targets" {
        /// Odds of winning beyond which a target is no better for them.
        most_odds: "O_t", "1", 10.0 in 3.0..30.0 within 0.01..1000.0, Judgement, "no number exists";
        /// Rise of a place's worth for 60 enemies stationed in it.
        garrison_weight: "g_t", "1", 1.0 in 0.0..3.0, Judgement, "no number exists";
        /// Growth with a place's worth of how many come to grips over it: by this power of it.
        front_growth: "e_t", "1", 0.25 in 0.0..0.5 within 0.0..1.0, Derived, "a tenth of the clashes then has half of the dead, as in the located events of UCDP GED, Syria, July 2013 to June 2014 (48%)";
        /// Distance from a unit within which an undefended place falls by presence and takes no assault.
        presence_km: "d_t", "km", 5.0 in 2.0..10.0 within 0.0..60.0, Judgement, "an hour on foot; no number exists";
        /// Rate at which an undefended place falls to a presence that nobody contests.
        presence_per_month: "r_t", "1/month", 6.0 in 2.0..20.0 within 0.0..60.0, Judgement, "within days, as most of the countryside of Idlib in January 2014; no number exists";
    }
}

/// Members of a usual unit, in which a garrison is counted.
const UNIT_MEMBERS: f64 = 60.0;
/// Population of the village whose worth is the unit in which a front grows.
const VILLAGE_POPULATION: f64 = 2_000.0;

/// What a place is worth to a group: its people, and the enemies stationed there.
pub(crate) fn value(model: &Model<'_>, group: GroupId, place: PlaceId) -> f64 {
    let setup = &model.world.setup;
    let garrison = setup.scaled_up(enemy_force(model, group, place)) / UNIT_MEMBERS;
    sqrt(setup.scaled_up(f64::from(setup.places[place.idx()].population)))
        * (1.0 + setup.parameters.targets.garrison_weight * garrison)
}

/// What the weight of a target is multiplied by; 1 with the mechanism off.
pub(crate) fn worth(model: &Model<'_>, group: GroupId, place: PlaceId) -> f64 {
    if model.runs(Mechanism::Targets) { value(model, group, place) } else { 1.0 }
}

/// The odds that count of those of winning; all with the mechanism off.
pub(crate) fn counted_odds(model: &Model<'_>, odds: f64) -> f64 {
    if model.runs(Mechanism::Targets) { odds.min(model.world.setup.parameters.targets.most_odds) } else { odds }
}

/// Whether a place near a unit takes no assault from it, because nobody
/// defends it.
pub(crate) fn falls_by_presence(model: &Model<'_>, group: GroupId, near: &Neighbour) -> bool {
    model.runs(Mechanism::Targets)
        && near.distance_km <= model.world.setup.parameters.targets.presence_km
        && enemy_force(model, group, near.place) <= 0.0
}

/// How many members of a side can come to grips in an assault on a place.
pub(crate) fn front_members(model: &Model<'_>, group: GroupId, place: PlaceId) -> f64 {
    let front = model.world.setup.scaled_down(model.world.setup.parameters.combat.front_members);
    if !model.runs(Mechanism::Targets) {
        return front;
    }
    let stake = value(model, group, place) / sqrt(VILLAGE_POPULATION);
    front * powf(stake, model.world.setup.parameters.targets.front_growth)
}

/// Undefended places fall to the groups that stand beside them; control passes
/// at nightfall.
#[inline(never)]
pub(crate) fn fall(model: &mut Model<'_>) {
    if !model.runs(Mechanism::Targets) || !model.runs(Mechanism::Operations) {
        return;
    }
    let mut presence = std::mem::take(&mut model.musters.presence);
    presence.renew(model, model.world.setup.parameters.targets.presence_km);
    for place_idx in 0..model.places.n_places() {
        let place = PlaceId::from_idx(place_idx);
        if model.places.assault_day[place_idx] == Some(model.day) {
            continue;
        }
        if let Some(group) = taker(model, &presence, place) {
            model.today.captures.push((place, group));
        }
    }
    model.musters.presence = presence;
}

/// The group that a place falls to today, if any.
fn taker(model: &Model<'_>, presence: &Musters, place: PlaceId) -> Option<GroupId> {
    let mut total = 0.0;
    let mut takers = Vec::new();
    for group in model.groups.ids() {
        let rate_per_month = rate_of_falling(model, presence, group, place);
        if rate_per_month > 0.0 {
            total += rate_per_month;
            takers.push((group, total));
        }
    }
    if takers.is_empty() {
        return None;
    }
    let mut stream = model.draws.stream(Purpose::Presence, place.0, model.day, 0);
    if stream.uniform() >= daily_probability(total) {
        return None;
    }
    let at = stream.uniform() * total;
    takers.iter().find(|&&(_, cumulative)| cumulative >= at).map(|&(group, _)| group)
}

/// The rate at which a place falls to a group; none where somebody defends it.
fn rate_of_falling(model: &Model<'_>, presence: &Musters, group: GroupId, place: PlaceId) -> f64 {
    let setup = &model.world.setup;
    let (own, tempo) = (presence.of(place, group), setup.groups[group.idx()].offensive_tempo);
    if own <= 0.0
        || tempo <= 0.0
        || enemy_share(model, group, place) <= HELD_SHARE
        || enemy_force(model, group, place) > 0.0
    {
        return 0.0;
    }
    let enemies = model.groups.enemies_at(place, group);
    let against: f64 = enemies.map(|other| presence.of(place, other)).sum();
    let pace = local_infighting::pace(model, group, place);
    setup.parameters.targets.presence_per_month * tempo * pace * (own / (own + against))
}
