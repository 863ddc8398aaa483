//! Sieges: a cut-off town that holds out, starves, and may come to a truce of its own.
//!
//! # Form
//! Once a week each place of `N_s` people and more is looked at. It is besieged where the group that controls it has
//! members in it, no chain of places of its side leads to that group's main body (see settlement), the places that
//! such chains lead to have at most `N_p` people, and enemies stand within `operations.reach_km`; the strongest of
//! them besieges it. A larger pocket feeds itself. While a town is besieged,
//!
//! ```text
//! defenders count  1 + (d_s - 1) (enemy control share)     in place of d, where d_s is more
//! assaults on it   f_s times as often
//! hunger           Poisson deaths of civilians at h_s a month for 1,000 people at home
//! truce            with probability 1 - (1 - p_s)^(7/30) a week
//! ```
//!
//! The dead of a week are one incident of repression by the besieger. Under a truce of the town
//! nobody attacks it, its garrison attacks nobody, and nobody starves; it lasts as long as the siege would.
//!
//! # Source
//! Yarmouk, July 2013 to February 2014: 128 dead of hunger among some 20,000 people (Amnesty International 2014, from
//! memory). Local truces of besieged towns around Damascus and Homs, 2013-2014. Few towns under siege were taken by assault; the
//! multiplier and the rate are judgement.

use crate::branch;
use crate::harm::{self, Harm};
use crate::ids::{GroupId, PlaceId};
use crate::maths::{DAYS_PER_MONTH, DAYS_PER_WEEK, powf};
use crate::model::Model;
use crate::parameters::parameters;
use crate::random::Purpose;
use crate::records::{self, Course, NewIncident};
use crate::settlement;
use crate::setup::Mechanism;
use crate::tables::IncidentKind;

parameters! {
    /// Sieges of towns that are cut off.
    pub struct SiegeParameters = "sieges" {
        /// People of the smallest town that is besieged and not stormed like any other.
        least_people: "N_s", "persons", 20000.0 in 10000.0..50000.0 within 0.0..1_000_000.0, Judgement, "no number exists";
        /// People of the largest pocket that can be besieged; a larger one feeds itself.
        most_people: "N_p", "persons", 200_000.0 in 100_000.0..400_000.0 within 0.0..1e9, Derived, "the largest of the besieged areas that the United Nations counted in Syria in 2014, the eastern Ghouta, had some 160,000 of their 240,000 people (from memory)";
        /// Fighting value of a defender of a besieged town.
        defender_multiplier: "d_s", "1", 6.0 in 3.0..8.0 within 0.01..80.0, Judgement, "no number exists; twice the 3:1 rule of a prepared attack (evidence A12)";
        /// Factor of the rate of assaults on a besieged town.
        assaults: "f_s", "1", 0.2 in 0.05..0.5 within 0.0..1.0 off 1.0, Judgement, "no number exists";
        /// Civilians who starve, a month and for 1,000 people at home.
        hunger_per_1000: "h_s", "1/month", 0.9 in 0.2..3.0 within 0.0..100.0 off 0.0, Derived, "Yarmouk: 128 of some 20,000 in seven to eight months (Amnesty International 2014, from memory)";
        /// Probability a month that a besieged town comes to a truce.
        truce_per_month: "p_s", "probability", 0.03 in 0.01..0.1 off 0.0, Judgement, "no number exists";
    }
}

/// People to whom hunger is stated.
const HUNGRY_PEOPLE: f64 = 1_000.0;

/// The siege of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Siege {
    /// The group shut in.
    besieged: GroupId,
    /// Its strongest enemy around.
    besieger: GroupId,
    /// Whether the town has come to a truce.
    is_truce: bool,
}

/// Sieges begin, go on and end; their people starve or come to a truce.
#[inline(never)]
pub(crate) fn review(model: &mut Model<'_>) {
    if !model.runs(Mechanism::Sieges) || !model.day.is_multiple_of(DAYS_PER_WEEK) {
        return;
    }
    let setup = &model.world.setup;
    let least_people = setup.scaled_down(setup.parameters.sieges.least_people);
    let mut linked: Vec<Option<Vec<bool>>> = vec![None; model.groups.n_groups()];
    for place_idx in 0..model.places.n_places() {
        let place = PlaceId::from_idx(place_idx);
        if f64::from(setup.places[place_idx].population) < least_people {
            continue;
        }
        let besieged = model.places.controller(place);
        let of_group = linked[besieged.idx()].get_or_insert_with(|| settlement::linked(model, besieged));
        let besieger = besieger_of(model, besieged, place, of_group);
        let before = model.places.sieges[place_idx].filter(|siege| siege.besieged == besieged);
        let siege = besieger.map(|besieger| {
            let is_truce = before.is_some_and(|before| before.is_truce || comes_to_truce(model, place));
            Siege { besieged, besieger, is_truce }
        });
        model.places.sieges[place_idx] = siege;
        if let Some(siege) = siege.filter(|siege| before.is_some() && !siege.is_truce) {
            starve(model, siege, place);
        }
    }
}

/// Who besieges a place, if anybody.
fn besieger_of(model: &Model<'_>, besieged: GroupId, place: PlaceId, linked: &[bool]) -> Option<GroupId> {
    if model.places.force_of(place, besieged) == 0 || !settlement::is_cut_off_from(model, linked, place) {
        return None;
    }
    settlement::strongest_enemy(model, &model.musters.reach, besieged, place)
        .filter(|_| people_of_pocket(model, besieged, place) <= model.world.setup.parameters.sieges.most_people)
}

/// People of the places that chains of places of a group's side lead to.
fn people_of_pocket(model: &Model<'_>, group: GroupId, place: PlaceId) -> f64 {
    let setup = &model.world.setup;
    let people = |place: PlaceId| setup.scaled_up(f64::from(setup.places[place.idx()].population));
    settlement::chained(model, group, place).into_iter().map(people).sum()
}

fn comes_to_truce(model: &Model<'_>, place: PlaceId) -> bool {
    let weeks = f64::from(DAYS_PER_WEEK) / DAYS_PER_MONTH;
    let p_truce = 1.0 - powf(1.0 - model.world.setup.parameters.sieges.truce_per_month, weeks);
    model.draws.chance(p_truce, Purpose::SiegeTruce, place.0, model.day, 0)
}

/// The dead of a week of hunger.
fn starve(model: &mut Model<'_>, siege: Siege, place: PlaceId) {
    let setup = &model.world.setup;
    let people = f64::from(setup.places[place.idx()].population) * harm::present_share(model, place);
    let weeks = f64::from(DAYS_PER_WEEK) / DAYS_PER_MONTH;
    let mean = setup.parameters.sieges.hunger_per_1000 * weeks * people / HUNGRY_PEOPLE;
    let n_dead = model.draws.stream(Purpose::Hunger, place.0, model.day, 0).poisson(mean);
    if n_dead == 0 || branch::takes_out_next(model) {
        return;
    }
    let incident = records::open_incident(model, IncidentKind::Repression, siege.besieger, place);
    let victims = harm::kill_civilians(model, Harm { incident, perpetrator: siege.besieger, place }, n_dead);
    let new = NewIncident { victims, course: Course::unopposed(0), ..NewIncident::default() };
    records::close_incident(model, incident, new);
}

/// The fighting value of a defender in a place that its holders control.
pub(crate) fn defender_multiplier(model: &Model<'_>, attacker: GroupId, place: PlaceId) -> f64 {
    let parameters = &model.world.setup.parameters;
    let usual = parameters.combat.defender_multiplier;
    if siege_by(model, attacker, place).is_some() { usual.max(parameters.sieges.defender_multiplier) } else { usual }
}

/// The factor of a group's rate of assaults on a place, from another.
pub(crate) fn pace(model: &Model<'_>, group: GroupId, from: PlaceId, to: PlaceId) -> f64 {
    let shut_in = model.places.sieges[from.idx()].is_some_and(|siege| siege.is_truce && siege.besieged == group);
    match siege_by(model, group, to) {
        _ if shut_in => 0.0,
        Some(siege) if siege.is_truce => 0.0,
        Some(_) => model.world.setup.parameters.sieges.assaults,
        None => 1.0,
    }
}

/// The siege of a place, for the enemies of who is shut in.
fn siege_by(model: &Model<'_>, attacker: GroupId, place: PlaceId) -> Option<Siege> {
    model.places.sieges[place.idx()].filter(|siege| model.groups.at_war_at(place, attacker, siege.besieged))
}
