//! Flight and return of households.
//!
//! The households of a place flee in a keyed order: those whose rank is below
//! the place's count are away. Who is away thus costs one number a place.
//!
//! # Form
//! ```text
//! flight  h_f exp(min(g_1 n, 5)) g_a^[assault in the last 7 days]     a month and household
//! return  h_b where there was no assault and n < 0.1
//! ```
//!
//! with `n` the civilian deaths per 1,000 people, fading over 30 days. The mechanism `flight` gives `h_f`
//! its reasons. Households flee in a fixed
//! random order and the last to leave come back first. Where they go is not modelled.
//!
//! # Source
//! Doocy et al. (2015), Adhikari (2013); evidence A14.

use crate::flight;
use crate::ids::{PersonId, PlaceId};
use crate::maths::{DAYS_PER_MONTH, daily_probability, exp};
use crate::model::Model;
use crate::parameters::parameters;
use crate::random::{Permutation, Purpose};
use crate::setup::Mechanism;
use crate::tables::{Day, Displacement};

parameters! {
    /// Flight and return of households.
    pub struct DisplacementParameters = "displacement" {
        /// Hazard that a household flees in quiet times.
        flight_per_month: "h_f", "1/month", 0.01 in 0.003..0.03, Judgement, "evidence A14";
        /// Rise of the log-hazard for one civilian death per 1,000 people in the last 30 days.
        deaths_weight: "g_1", "log-hazard", 0.3 in 0.1..0.8, Judgement, "evidence A14";
        /// Factor on the hazard in the week after a ground assault.
        assault_factor: "g_a", "1", 10.0 in 4.0..30.0, Judgement, "evidence A14";
        /// Hazard that a household returns when its place is quiet.
        return_per_month: "h_b", "1/month", 0.06 in 0.02..0.15, Sourced, "evidence A14: Doocy et al. 2015, long spells";
    }
}

/// Days after an assault in which its effect on flight lasts.
const ASSAULT_DAYS: u32 = 7;
/// The most that deaths add to the log-hazard of flight.
const MAX_LOG_FACTOR: f64 = 5.0;
/// Civilian deaths a month per 1,000 people below which a place is quiet.
const QUIET_DEATHS: f64 = 0.1;

/// Whether a person's household is at home.
pub(crate) fn is_at_home(model: &Model<'_>, person: PersonId) -> bool {
    let kinship = &model.world.kinship;
    let place = kinship.place_of(person);
    let n_away = model.places.n_away[place.idx()];
    if n_away == 0 {
        return true;
    }
    let n_households = kinship.n_households(place);
    let order = Permutation::new(&model.world.population_draws, Purpose::FlightOrder, place.0, n_households);
    let local = kinship.household_of(person, place).0 - kinship.first_household_of(place);
    order.rank(local) >= n_away
}

/// Households flee violence and return to quiet places.
#[inline(never)]
pub(crate) fn flee_and_return(model: &mut Model<'_>) {
    let fading = exp(-1.0 / DAYS_PER_MONTH);
    flight::note_rule(model);
    if model.runs(Mechanism::Displacement) {
        for place_idx in 0..model.places.n_places() {
            move_households(model, PlaceId::from_idx(place_idx));
        }
    }
    for deaths in &mut model.places.recent_deaths {
        *deaths *= fading;
    }
}

fn move_households(model: &mut Model<'_>, place: PlaceId) {
    let setup = &model.world.setup;
    let parameters = &setup.parameters.displacement;
    let n_households = model.world.kinship.n_households(place);
    let n_away = model.places.n_away[place.idx()];
    let people = f64::from(setup.places[place.idx()].population);
    let deaths_per_1000 = model.places.recent_deaths[place.idx()] * 1_000.0 / people;
    let is_assaulted = model.places.assault_day[place.idx()].is_some_and(|day| model.day - day < ASSAULT_DAYS);
    let factor = exp((parameters.deaths_weight * deaths_per_1000).min(MAX_LOG_FACTOR));
    let hazard =
        flight::base_per_month(model, place) * factor * if is_assaulted { parameters.assault_factor } else { 1.0 };
    let mut flight = model.draws.stream(Purpose::Flight, place.0, model.day, 0);
    let fled = flight.binomial(n_households - n_away, daily_probability(hazard));
    let is_quiet = !is_assaulted && deaths_per_1000 < QUIET_DEATHS && !flight::flee_rule(model, place);
    let returned = if is_quiet && n_away > 0 {
        let mut stream = model.draws.stream(Purpose::Return, place.0, model.day, 0);
        stream.binomial(n_away, daily_probability(parameters.return_per_month))
    } else {
        0
    };
    // Those who were away before the first day are told on it.
    if fled + returned == 0 && (model.day > 0 || n_away == 0) {
        return;
    }
    let now_away = n_away + fled - returned;
    model.places.n_away[place.idx()] = now_away;
    let share = f64::from(now_away) / f64::from(n_households.max(1));
    model.records.displacement.push(Displacement {
        day: Day(model.day),
        place,
        households_fled: fled,
        households_returned: returned,
        households_away: now_away,
        people_away: (share * people).round() as u32,
    });
}
