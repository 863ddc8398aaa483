//! Air and artillery strikes, by kind.
//!
//! # Form
//! A group's strikes of a month are a Poisson number. Each falls on a place that enemies of the striker hold,
//! with weight (enemy control share) times the root of the population, and is of a kind drawn from the
//! group's mix. It kills Poisson numbers with the means
//!
//! ```text
//!                              civilians                              members
//! artillery, unguided bombs    c_s (share of households at home)      c_m
//! barrel bombs                 b_s (share of households at home)      b_m
//! guided bombs                 p_s (share of households at home)      p_m
//! ```
//!
//! as far as members of enemies are on duty there. A scenario that gives no mix has the first kind alone.
//!
//! # Source
//! Evidence A15 for guided bombs: 3.4 to 6.8 civilians killed for each 100 members of the target in the first months
//! of coalition strikes. For the others no clean number exists.

use crate::branch;
use crate::control::HELD_SHARE;
use crate::harm::{Harm, kill_civilians, present_share};
use crate::ids::{GroupId, PlaceId, Row};
use crate::maths::{DAYS_PER_MONTH, sqrt};
use crate::model::Model;
use crate::muster::{self, Event};
use crate::parameters::parameters;
use crate::random::{Purpose, Stream};
use crate::records::{self, Course, NewIncident};
use crate::setup::Mechanism;
use crate::tables::{IncidentKind, Outcome};

parameters! {
    /// Strikes by kind; those of artillery and unguided bombs are `harm.civilians_per_strike` and
    /// `harm.fighters_per_strike`.
    pub struct StrikeParameters = "strikes" {
        /// Mean civilians killed by a barrel bomb.
        civilians_per_barrel: "b_s", "persons", 5.0 in 2.0..12.0, Judgement, "dropped on towns without aim; no clean number exists";
        /// Mean members killed by a barrel bomb, if there are any in the place.
        members_per_barrel: "b_m", "persons", 0.2 in 0.02..1.0, Judgement, "dropped on towns without aim; no clean number exists";
        /// Mean civilians killed by a guided bomb.
        civilians_per_guided: "p_s", "persons", 0.07 in 0.03..0.3, Derived, "evidence A15: 3.4-6.8 civilians for each 100 members of ISIS, times the mean of members";
        /// Mean members killed by a guided bomb, if there are any in the place.
        members_per_guided: "p_m", "persons", 1.5 in 0.5..4.0, Judgement, "evidence A15 has the dead of coalition strikes, not the number of bombs";
    }
}

/// The mean deaths of one strike.
#[derive(Debug, Clone, Copy)]
struct MeanDeaths {
    /// Civilians, were all at home.
    civilians: f64,
    /// Members of enemies.
    members: f64,
}

/// Air and artillery strikes on places held by enemies.
#[inline(never)]
pub(crate) fn strike(model: &mut Model<'_>) {
    if !model.runs(Mechanism::Strikes) {
        return;
    }
    for group in model.groups.ids() {
        let rate_per_day = model.groups.strikes_per_month[group.idx()] / DAYS_PER_MONTH;
        if rate_per_day <= 0.0 || !model.groups.is_alive[group.idx()] {
            continue;
        }
        let mut stream = model.draws.stream(Purpose::Strike, u32::from(group.0), model.day, 0);
        let n_strikes = stream.poisson(rate_per_day);
        if n_strikes == 0 {
            continue;
        }
        let targets = strike_targets(model, group);
        let Some(&(_, total)) = targets.last() else { continue };
        for nth in 0..n_strikes {
            let at = stream.uniform() * total;
            let target = targets.partition_point(|&(_, cumulative)| cumulative < at).min(targets.len() - 1);
            let deaths = mean_deaths(model, group, nth);
            strike_place(model, group, targets[target].0, deaths, &mut stream);
        }
    }
}

/// Places held by enemies, with the cumulative weight of control share times
/// the root of the population.
fn strike_targets(model: &Model<'_>, group: GroupId) -> Vec<(PlaceId, f64)> {
    let mut total = 0.0;
    let mut targets = Vec::new();
    for place_idx in 0..model.places.n_places() {
        let place = PlaceId::from_idx(place_idx);
        let enemies = model.groups.enemies_at(place, group);
        let held: f64 = enemies.map(|other| model.places.share(place, other)).sum();
        if held >= HELD_SHARE {
            total += held * sqrt(f64::from(model.world.setup.places[place_idx].population));
            targets.push((place, total));
        }
    }
    targets
}

/// The kind of a group's nth strike of the day, and what one kills.
fn mean_deaths(model: &Model<'_>, group: GroupId, nth: u32) -> MeanDeaths {
    let setup = &model.world.setup;
    let parameters = &setup.parameters;
    let mix = setup.groups[group.idx()].strike_mix;
    let u = model.draws.uniform(Purpose::StrikeKind, u32::from(group.0), model.day, nth);
    let (civilians, members) = if u < mix.guided {
        let of = &parameters.strikes;
        (of.civilians_per_guided, of.members_per_guided)
    } else if u < mix.guided + mix.barrel {
        let of = &parameters.strikes;
        (of.civilians_per_barrel, of.members_per_barrel)
    } else {
        let of = &parameters.harm;
        (of.civilians_per_strike, of.fighters_per_strike)
    };
    MeanDeaths { civilians: setup.scaled_down(civilians), members: setup.scaled_down(members) }
}

fn strike_place(model: &mut Model<'_>, group: GroupId, place: PlaceId, mean: MeanDeaths, stream: &mut Stream) {
    let n_civilians = stream.poisson(mean.civilians * present_share(model, place));
    let n_fighters = stream.poisson(mean.members);
    if branch::takes_out_next(model) {
        return;
    }
    let incident = records::open_incident(model, IncidentKind::Strike, group, place);
    let address = model.incident_facts[incident.idx()].address;
    let mut present = enemies_stationed(model, group, place);
    let (mut target, mut n_killed) = (None, 0);
    for hit in 0..n_fighters {
        if present.is_empty() {
            break;
        }
        let u = model.draws.uniform(Purpose::StrikeVictim, address, model.day, hit);
        let at = ((u * present.len() as f64) as usize).min(present.len() - 1);
        let row = present.swap_remove(at);
        target = target.or(model.people.at(row).group);
        muster::die(
            model,
            row,
            Outcome::Strike,
            Event { place: Some(place), incident: Some(incident), by: Some(group), ..Event::default() },
        );
        n_killed += 1;
    }
    let victims = kill_civilians(model, Harm { incident, perpetrator: group, place }, n_civilians);
    let new = NewIncident { target, course: Course::unopposed(n_killed), victims, ..NewIncident::default() };
    records::close_incident(model, incident, new);
}

/// Members of a group's enemies who are on duty in a place.
fn enemies_stationed(model: &Model<'_>, group: GroupId, place: PlaceId) -> Vec<Row> {
    let units = model.units.of_place[place.idx()].iter().copied();
    let of_enemies = units.filter(|&unit| model.groups.at_war_at(place, group, model.units.at(unit).group));
    of_enemies.flat_map(|unit| muster::members_on_duty(model, unit)).collect()
}
