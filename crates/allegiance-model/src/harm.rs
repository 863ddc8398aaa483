//! Harm to civilians: bystanders of assaults, and repression. Strikes have a file of their own.
//!
//! Every victim is a person of the quarter that was hit; families die
//! together in their houses.
//!
//! # Form
//! Civilians killed, each drawn from a Poisson distribution with the mean
//!
//! ```text
//! assault      c_f (fighters killed) exp(c_b (brutality - 1/2)) (share of households at home)
//! repression   r_r / 30 brutality 4 C (1 - C) (people at home) / 100,000     a day, where C_m <= C < 1 - C_m
//!              and the group has members within d_r
//! strike       c_s (share of households at home);  members: c_m
//! ```
//!
//! An incident hits one quarter of the place (ten clans). The next victim is of the same household as
//! the last with probability `p_hh`, else anyone of the quarter who is at home; members of groups are
//! not among them.

use crate::branch;
use crate::denunciation;
use crate::displacement;
use crate::ids::{GroupId, IncidentId, PersonId, PlaceId, Row};
use crate::maths::{DAYS_PER_MONTH, exp};
use crate::model::Model;
use crate::movement;
use crate::muster;
use crate::parameters::parameters;
use crate::random::{Purpose, Stream};
use crate::records::{self, Course, NewIncident};
use crate::setup::Mechanism;
use crate::tables::{IncidentKind, Standing};
use std::ops::Range;

parameters! {
    /// Harm to civilians.
    pub struct HarmParameters = "harm" {
        /// Civilians killed for each fighter killed in an assault on a place.
        civilians_per_fighter_killed: "c_f", "1", 0.15 in 0.05..0.4, Derived, "evidence A12: 12-17% of the dead in January 2014";
        /// How much an attacker of brutality 1 raises civilian deaths above one of brutality 0, around the mean of 0.5.
        brutality_weight: "c_b", "log", 1.0 in 0.0..2.0, Judgement, "no number exists";
        /// Probability that the next civilian killed is of the same household as the last.
        p_same_household: "p_hh", "probability", 0.4 in 0.1..0.7, Judgement, "families die together in houses; no number exists";
        /// Civilians killed selectively a month, per 100,000 people, by a group of brutality 1 where control is contested most.
        repression_per_month: "r_r", "1/month", 4.0 in 1.0..15.0 within 0.0..3000.0, Judgement, "evidence A13 for the shape (Kalyvas 2006); size after evidence B8";
        /// Control share, from none and from all, within which a place isn't contested and nobody kills selectively there.
        contested_margin: "C_m", "share", 0.05 in 0.0..0.2, Judgement, "evidence A13: little violence at both ends; no number exists";
        /// Distance within which a group must have members to kill selectively in a place.
        repression_reach_km: "d_r", "km", 10.0 in 2.0..30.0, Judgement, "no number exists";
        /// Mean civilians killed by a strike of artillery or unguided bombs.
        civilians_per_strike: "c_s", "persons", 3.0 in 1.0..8.0, Judgement, "no clean number for January 2014";
        /// Mean members killed by such a strike, if there are any in the place.
        fighters_per_strike: "c_m", "persons", 0.7 in 0.2..3.0, Judgement, "no clean number for January 2014";
    }
}

/// Brutality of the group that `civilians_per_fighter_killed` is about.
const MEAN_BRUTALITY: f64 = 0.5;
/// People to whom `repression_per_month` is stated.
const REPRESSED_PEOPLE: f64 = 100_000.0;
/// What the killing of a member's family weighs as a provocation, against 1 for
/// the killing of a member.
const FAMILY_PROVOCATION: f64 = 0.3;

/// Who harms where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Harm {
    pub(crate) incident: IncidentId,
    pub(crate) perpetrator: GroupId,
    pub(crate) place: PlaceId,
}

/// Share of a place's households that are at home.
pub(crate) fn present_share(model: &Model<'_>, place: PlaceId) -> f64 {
    let n_households = f64::from(model.world.kinship.n_households(place));
    1.0 - f64::from(model.places.n_away[place.idx()]) / n_households.max(1.0)
}

/// Kills civilians in the crossfire of an assault.
pub(crate) fn kill_bystanders(model: &mut Model<'_>, harm: Harm, fighters_killed: f64) -> Vec<Row> {
    let setup = &model.world.setup;
    let parameters = &setup.parameters.harm;
    let brutality = setup.groups[harm.perpetrator.idx()].brutality;
    let mean = parameters.civilians_per_fighter_killed
        * fighters_killed
        * exp(parameters.brutality_weight * (brutality - MEAN_BRUTALITY))
        * present_share(model, harm.place);
    let address = model.incident_facts[harm.incident.idx()].address;
    let mut stream = model.draws.stream(Purpose::CivilianDead, address, model.day, 0);
    let n_dead = stream.poisson(mean);
    kill_civilians(model, harm, n_dead)
}

/// Kills a number of civilians of the quarter that the incident hit.
pub(crate) fn kill_civilians(model: &mut Model<'_>, harm: Harm, n_dead: u32) -> Vec<Row> {
    let world = model.world;
    let fact = &model.incident_facts[harm.incident.idx()];
    let (people, address) = (world.kinship.people_of_clans(&fact.quarter), fact.address);
    let p_same = world.setup.parameters.harm.p_same_household;
    let mut stream = model.draws.stream(Purpose::CivilianVictim, address, model.day, 0);
    let mut victims: Vec<Row> = Vec::new();
    for _ in 0..n_dead {
        let household = victims.last().and_then(|&row| model.people.at(row).household);
        let range = match household {
            Some(household) if stream.uniform() < p_same => world.kinship.people_of_household(household),
            _ => people.clone(),
        };
        let found = find_civilian(model, &range, &mut stream).or_else(|| find_civilian(model, &people, &mut stream));
        let Some(person) = found else { break };
        victims.push(kill_civilian(model, person, harm));
    }
    victims
}

/// A person of a range who is at home and no member of a group.
fn find_civilian(model: &Model<'_>, people: &Range<u32>, stream: &mut Stream) -> Option<PersonId> {
    const MAX_TRIES: u32 = 40;
    (0..MAX_TRIES).find_map(|_| {
        let person = PersonId(people.start + stream.below(people.end - people.start));
        let is_civilian = model
            .people
            .row_of(person)
            .is_none_or(|row| matches!(model.people.at(row).standing, Standing::Civilian | Standing::Deserter));
        (is_civilian && displacement::is_at_home(model, person)).then_some(person)
    })
}

/// Kills one civilian and keeps the counts of harm.
pub(crate) fn kill_civilian(model: &mut Model<'_>, person: PersonId, harm: Harm) -> Row {
    let row = muster::materialise_inhabitant(model, person);
    model.people.at_mut(row).standing = Standing::Dead;
    model.groups.tally[harm.perpetrator.idx()].civilians_killed += 1;
    model.places.recent_deaths[harm.place.idx()] += 1.0;
    if let Some(clan) = model.people.at(row).clan {
        model.places.is_bereaved[harm.place.idx()] = true;
        model.places.is_clan_harmed[clan.idx()] = true;
        let entry = model.places.clan_harm.entry((clan, harm.perpetrator)).or_default();
        entry.n_killed += 1;
        entry.last_day = model.day;
    }
    row
}

/// Selective violence by groups whose control is contested.
///
/// # Source
/// Kalyvas (2006): selective violence peaks where control is partial; here
/// the rate is proportional to `4 C (1 - C)`.
#[inline(never)]
pub(crate) fn repress(model: &mut Model<'_>) {
    if !model.runs(Mechanism::Repression) {
        return;
    }
    let setup = &model.world.setup;
    let parameters = &setup.parameters.harm;
    let rate_per_day = parameters.repression_per_month / DAYS_PER_MONTH;
    let contested = parameters.contested_margin..1.0 - parameters.contested_margin;
    for place_idx in 0..model.places.n_places() {
        let place = PlaceId::from_idx(place_idx);
        let people = f64::from(setup.places[place_idx].population) * present_share(model, place);
        for group in model.groups.ids() {
            let control = model.places.share(place, group);
            if !model.groups.is_alive[group.idx()] || !contested.contains(&control) {
                continue;
            }
            let brutality = setup.groups[group.idx()].brutality;
            let mean = rate_per_day * brutality * 4.0 * control * (1.0 - control) * people / REPRESSED_PEOPLE;
            let mut stream = model.draws.stream(Purpose::Repression, place.0, model.day, u32::from(group.0));
            let n_dead = stream.poisson(mean);
            if n_dead > 0
                && movement::stands_within(model, group, place, parameters.repression_reach_km)
                && !branch::takes_out_next(model)
            {
                let incident = records::open_incident(model, IncidentKind::Repression, group, place);
                let victims =
                    kill_selectively(model, Harm { incident, perpetrator: group, place }, n_dead, &mut stream);
                records::close_incident(
                    model,
                    incident,
                    NewIncident { victims, course: Course::unopposed(0), ..NewIncident::default() },
                );
            }
        }
    }
}

/// Kills as many as wanted: the denounced as far as information goes, and
/// whoever is there beyond that.
fn kill_selectively(model: &mut Model<'_>, harm: Harm, n_dead: u32, stream: &mut Stream) -> Vec<Row> {
    let control = model.places.share(harm.place, harm.perpetrator);
    let p_selective = denunciation::selectivity(&model.world.setup.parameters.denunciation, control);
    let quarter = model.incident_facts[harm.incident.idx()].quarter.clone();
    let mut victims = Vec::new();
    for _ in 0..n_dead {
        if stream.uniform() < p_selective
            && let Some(person) = denunciation::denounced(model, harm.perpetrator, (harm.place, &quarter), stream)
        {
            let victim = kill_civilian(model, person, harm);
            if let Some(group) = denunciation::family_group(model, victim, harm.place, harm.perpetrator) {
                let weight = model.world.setup.scaled_up(FAMILY_PROVOCATION);
                model.groups.provoke(group, harm.perpetrator, weight, (model.day, harm.place));
            }
            victims.push(victim);
        }
    }
    let n_blind = n_dead - victims.len() as u32;
    victims.extend(kill_civilians(model, harm, n_blind));
    victims
}
