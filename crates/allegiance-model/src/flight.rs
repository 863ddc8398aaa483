//! Flight for a reason: from the rule of others and from assaults, and hardly in peace.
//!
//! # Form
//! With the mechanism on, the hazard of flight in `displacement` has another base than `h_f`, and nobody
//! comes back while the rule of others is new:
//!
//! ```text
//! flight  k exp(min(g_1 n, 5)) g_a^[assault in the last 7 days]     a month and household
//!         k = k_c for t_c days from the evening on which a group of another constituency rules; else k_0
//! return  h_b where there was no assault, n < 0.1 and k = k_0
//! ```
//!
//! A place's own constituency is that of the group that rules it when the scenario begins; who rules is who
//! has the largest control share. Households that the scenario has away on the first day are among those
//! who return.
//!
//! # Source
//! Of Mosul's people 25% had left eight months after its capture with little fighting (evidence A14, from
//! Revkin), which is a net 3.5% a month, and so without returns. That peace empties no place is the sense
//! of `k_0`: with the returns of evidence A14 it holds 3% away.

use crate::ids::{GroupId, PlaceId};
use crate::model::Model;
use crate::parameters::parameters;
use crate::setup::{Mechanism, Setup};

parameters! {
    /// Flight for a reason.
    pub struct FlightParameters = "flight" {
        /// Hazard that a household flees where there is no reason to.
        peace_per_month: "k_0", "1/month", 0.002 in 0.0005..0.01 off 0.0, Judgement, "no number exists; evidence A14 has 0.003-0.03 for quiet times of a war";
        /// Hazard that a household flees the new rule of a group of another constituency.
        foreign_rule_per_month: "k_c", "1/month", 0.035 in 0.015..0.07 off 0.0, Derived, "evidence A14: 25% left Mosul in eight months";
        /// Days for which such a rule is new.
        foreign_rule_days: "t_c", "d", 240.0 in 120.0..480.0 off 0.0, Derived, "evidence A14: eight months, the time for which a number exists";
    }
}

/// The households that the scenario has away on the first day.
pub(crate) fn start(model: &mut Model<'_>) {
    if !(model.runs(Mechanism::Flight) && model.runs(Mechanism::Displacement)) {
        return;
    }
    for (place_idx, place) in model.world.setup.places.iter().enumerate() {
        let n_households = model.world.kinship.n_households(PlaceId::from_idx(place_idx));
        model.places.n_away[place_idx] = (place.displaced_share * f64::from(n_households)).round() as u32;
    }
}

/// Notes since when each place is ruled by a group of another constituency.
pub(crate) fn note_rule(model: &mut Model<'_>) {
    if !model.runs(Mechanism::Flight) {
        return;
    }
    let setup = &model.world.setup;
    for place_idx in 0..model.places.n_places() {
        let place = PlaceId::from_idx(place_idx);
        let is_foreign = rules_others(setup, place, model.places.controller(place));
        let since = &mut model.places.foreign_rule_since[place_idx];
        *since = if is_foreign { since.or(Some(model.day)) } else { None };
    }
}

/// Whether a group draws on another constituency than that of a place's people.
pub(crate) fn rules_others(setup: &Setup, place: PlaceId, ruler: GroupId) -> bool {
    !setup.share_constituency(ruler, setup.places[place.idx()].first_holder())
}

/// Whether the people of a place flee a new rule.
pub(crate) fn flee_rule(model: &Model<'_>, place: PlaceId) -> bool {
    let days = model.world.setup.parameters.flight.foreign_rule_days;
    model.places.foreign_rule_since[place.idx()].is_some_and(|since| f64::from(model.day - since) < days)
}

/// The hazard of flight before harm and assaults.
pub(crate) fn base_per_month(model: &Model<'_>, place: PlaceId) -> f64 {
    let parameters = &model.world.setup.parameters;
    match (model.runs(Mechanism::Flight), flee_rule(model, place)) {
        (false, _) => parameters.displacement.flight_per_month,
        (true, false) => parameters.flight.peace_per_month,
        (true, true) => parameters.flight.foreign_rule_per_month,
    }
}
