//! Flight and return of households: those whose rank in their place's keyed
//! order is below the number that is away are away.

use super::Dense;
use crate::ids::{PersonId, PlaceId};
use crate::maths::{daily_probability, exp};
use crate::random::{Permutation, Purpose};
use crate::setup::Mechanism;
use crate::tables::{Day, Displacement};

/// Days after an assault in which its effect on flight lasts.
const ASSAULT_DAYS: u32 = 7;
/// Civilian deaths a month per 1,000 people below which a place is quiet.
const QUIET_DEATHS: f64 = 0.1;
/// The most that recent deaths add to the log-hazard of flight.
const MAX_LOG_FACTOR: f64 = 5.0;

impl Dense<'_> {
    /// Whether the household of an inhabitant is at home.
    pub(super) fn is_at_home(&self, person: PersonId) -> bool {
        let state = self.person(person);
        let (Some(place), Some(household)) = (state.home, state.household) else { return false };
        let local = household.0 - self.world.kinship.first_household_of(place);
        !self.places[place.idx()].is_away[local as usize]
    }

    pub(super) fn flee_and_return(&mut self) {
        self.note_rulers();
        if self.runs(Mechanism::Displacement) {
            for place in self.place_ids() {
                self.move_households(place);
                self.see_who_is_away(place);
            }
        }
        for place in &mut self.places {
            place.recent_deaths *= exp(-1.0 / 30.0);
        }
    }

    fn move_households(&mut self, place: PlaceId) {
        let parameters = &self.world.setup.parameters.displacement;
        let population = f64::from(self.world.setup.places[place.idx()].population);
        let n_households = self.world.kinship.n_households(place);
        let state = &self.places[place.idx()];
        let n_away = state.n_away;
        let deaths_per_1000 = state.recent_deaths * 1_000.0 / population;
        let is_assaulted = state.assault_day.is_some_and(|day| self.day - day < ASSAULT_DAYS);
        let is_quiet = !is_assaulted && deaths_per_1000 < QUIET_DEATHS && !self.flees_rule(place);
        let factor = exp((parameters.deaths_weight * deaths_per_1000).min(MAX_LOG_FACTOR));
        let assault = if is_assaulted { parameters.assault_factor } else { 1.0 };
        let p_flight = daily_probability(self.base_of_flight(place) * factor * assault);
        let p_return = if is_quiet { daily_probability(parameters.return_per_month) } else { 0.0 };
        let fled = self.draws.stream(Purpose::Flight, place.0, self.day, 0).binomial(n_households - n_away, p_flight);
        let returned = self.draws.stream(Purpose::Return, place.0, self.day, 0).binomial(n_away, p_return);
        let now_away = n_away + fled - returned;
        self.places[place.idx()].n_away = now_away;
        if fled > 0 || returned > 0 || self.day == 0 && n_away > 0 {
            let share = f64::from(now_away) / f64::from(n_households);
            self.records.displacement.push(Displacement {
                day: Day(self.day),
                place,
                households_fled: fled,
                households_returned: returned,
                households_away: now_away,
                people_away: (share * population).round() as u32,
            });
        }
    }

    pub(super) fn see_who_is_away(&mut self, place: PlaceId) {
        let n_households = self.world.kinship.n_households(place);
        let order = Permutation::new(&self.world.population_draws, Purpose::FlightOrder, place.0, n_households);
        let state = &mut self.places[place.idx()];
        for local in 0..n_households {
            state.is_away[local as usize] = order.rank(local) < state.n_away;
        }
    }
}
