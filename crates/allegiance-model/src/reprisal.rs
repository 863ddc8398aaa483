//! Reprisal: the old group's violence against those who left it, and against
//! their kin where it still reaches.
//!
//! # Form
//! On a day each leaver in reach (a force of his old group within `d_q`) is killed with probability
//! `day(h_r)`; else one of his household at home is killed with `day(h_q) C(home)`, where
//! the group's policy `kin_reprisals_per_month` takes the place of `h_q` if it has one. Those who left the
//! country are safe, their kin are too.
//!
//! # Source
//! Evidence A8; McLauchlin (2014) for collective punishment.

use crate::acceptance;
use crate::branch;
use crate::geography::Geography;
use crate::ids::{GroupId, PersonId, PlaceId, Row};
use crate::maths::daily_probability;
use crate::model::Model;
use crate::muster::{self, Event};
use crate::parameters::parameters;
use crate::random::{Purpose, unit_interval};
use crate::records::{self, Course, NewIncident};
use crate::setup::{Mechanism, Policy};
use crate::tables::{AllegianceKind, IncidentKind, Outcome, Standing};

parameters! {
    /// Reprisal against leavers and their kin.
    pub struct ReprisalParameters = "reprisal" {
        /// Hazard that a leaver in reach of the old group is killed by it.
        leaver_per_month: "h_r", "1/month", 0.005 in 0.001..0.02, Judgement, "evidence A8";
        /// Hazard that kin of a leaver who live under the old group are harmed.
        kin_per_month: "h_q", "1/month", 0.003 in 0.0..0.01, Judgement, "evidence A8";
        /// Distance from a place of the old group within which its killers reach.
        reach_km: "d_q", "km", 20.0 in 5.0..60.0, Judgement, "no number exists";
    }
}

/// Days between two prunings of the list of leavers.
const PRUNING_DAYS: u32 = 16;

/// Whether a leaver is out of reach for good.
fn is_out_of_reach(standing: Standing) -> bool {
    matches!(standing, Standing::Dead | Standing::Departed)
}

/// The old groups pursue those who left them.
#[inline(never)]
pub(crate) fn pursue(model: &mut Model<'_>) {
    if !model.runs(Mechanism::Reprisal) {
        return;
    }
    let parameters = &model.world.setup.parameters.reprisal;
    let p_leaver = daily_probability(parameters.leaver_per_month);
    let p_kin_of: Vec<f64> = model.groups.ids().map(|group| daily_probability(kin_hazard(model, group))).collect();
    let p_kin_most = p_kin_of.iter().fold(0.0, |most: f64, &p| most.max(p));
    if model.day.is_multiple_of(PRUNING_DAYS) {
        let people = &model.people;
        model.leavers.retain(|&row| !is_out_of_reach(people.at(row).standing));
    }
    for at in 0..model.leavers.len() {
        let row = model.leavers[at];
        let words = model.draws.block(Purpose::Reprisal, model.people.number[row.idx()].0, model.day, 0);
        let (on_leaver, on_kin) = (unit_interval(words[0], words[1]), unit_interval(words[2], words[3]));
        if on_leaver >= p_leaver && on_kin >= p_kin_most {
            continue;
        }
        let state = model.people.at(row);
        // Today his old group doesn't know yet that he is gone.
        if is_out_of_reach(state.standing) || state.left_day == Some(model.day) {
            continue;
        }
        // Nobody pursues who came back.
        let pursuer = state.old_group.filter(|&old| state.group != Some(old) && model.groups.is_alive[old.idx()]);
        let Some(group) = pursuer else { continue };
        let home = state.home;
        if on_leaver < p_leaver
            && let Some(place) = muster::whereabouts(model, row).filter(|&place| reaches(model, group, place))
        {
            kill_leaver(model, row, group, place);
            continue;
        }
        let p_kin = p_kin_of[group.idx()];
        let exposure = acceptance::exposure_of_kin(model, row);
        if let Some(home) = home.filter(|&home| on_kin < p_kin * model.places.share(home, group) * exposure) {
            harm_kin(model, row, group, home);
        }
    }
}

/// Hazard that a group harms kin of a leaver who live under it.
fn kin_hazard(model: &Model<'_>, group: GroupId) -> f64 {
    let usual = model.world.setup.parameters.reprisal.kin_per_month;
    model.groups.policy(group, Policy::KinReprisals).unwrap_or(usual)
}

fn reaches(model: &Model<'_>, group: GroupId, place: PlaceId) -> bool {
    let reach_km = model.world.setup.parameters.reprisal.reach_km.min(Geography::RADIUS_KM);
    let mut near = model.world.geography.in_turn(place, reach_km);
    near.any(|near| model.places.force_of(near.place, group) > 0)
}

fn kill_leaver(model: &mut Model<'_>, row: Row, group: GroupId, place: PlaceId) {
    if branch::takes_out_next(model) {
        return;
    }
    let state = model.people.at(row);
    let incident = match (state.clan, state.home) {
        (Some(clan), Some(home)) if home == place => {
            let quarter = model.world.kinship.quarter_of(clan, home);
            records::open_incident_in(model, IncidentKind::Reprisal, group, place, quarter)
        }
        _ => records::open_incident(model, IncidentKind::Reprisal, group, place),
    };
    let event = Event { place: Some(place), incident: Some(incident), to_group: Some(group), ..Event::default() };
    let target = model.people.at(row).group;
    muster::record(model, row, AllegianceKind::Reprisal, Some(Outcome::Executed), event);
    let mut new = NewIncident { target, course: Course::unopposed(0), ..NewIncident::default() };
    if let Some(new_group) = target {
        model.groups.provoke(new_group, group, model.world.setup.scaled_up(1.0), (model.day, place));
        muster::die(model, row, Outcome::Executed, event);
        new.course.dead_target = 1;
    } else {
        let harm = crate::harm::Harm { incident, perpetrator: group, place };
        let person = model.people.at(row).person;
        new.victims = vec![crate::harm::kill_civilian(model, person, harm)];
    }
    records::close_incident(model, incident, new);
}

/// Kills one of the leaver's household who is at home.
fn harm_kin(model: &mut Model<'_>, row: Row, group: GroupId, home: PlaceId) {
    let (Some(household), Some(clan)) = (model.people.at(row).household, model.people.at(row).clan) else { return };
    let kin = model.world.kinship.people_of_household(household).map(PersonId).find(|&person| {
        let is_civilian =
            model.people.row_of(person).is_none_or(|row| model.people.at(row).standing == Standing::Civilian);
        person != model.people.at(row).person && is_civilian && crate::displacement::is_at_home(model, person)
    });
    let Some(person) = kin else { return };
    if branch::takes_out_next(model) {
        return;
    }
    let quarter = model.world.kinship.quarter_of(clan, home);
    let cell = model.places.cell(home, group);
    model.places.kin_reprisals[cell] += 1;
    let incident = records::open_incident_in(model, IncidentKind::Reprisal, group, home, quarter);
    let harm = crate::harm::Harm { incident, perpetrator: group, place: home };
    let victim = crate::harm::kill_civilian(model, person, harm);
    records::close_incident(
        model,
        incident,
        NewIncident { victims: vec![victim], course: Course::unopposed(0), ..NewIncident::default() },
    );
}
