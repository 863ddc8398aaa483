//! Operations in observed mode: incidents come from an event table, and only
//! allegiance is simulated.
//!
//! An event says where and when, which groups, and how many died on each side
//! and among civilians; the model decides who they were. Members are drawn
//! from the nearest units of their group, wounded and all. The dead of an event
//! are all who died of it, so that none of the wounded dies. Control changes
//! only as the timeline dates it and as forces move.

use crate::branch;
use crate::geography::Geography;
use crate::harm::{self, Harm};
use crate::ids::{GroupId, IncidentId, PlaceId, Row};
use crate::model::Model;
use crate::muster::{Event, die};
use crate::random::Purpose;
use crate::records::{self, Course, NewIncident};
use crate::setup::ObservedEvent;
use crate::tables::{IncidentKind, Outcome};
use crate::{combat, muster};

/// Replays today's events.
pub(crate) fn replay(model: &mut Model<'_>) {
    let world = model.world;
    let today = model.day;
    let first = world.setup.events.partition_point(|event| event.day < today);
    for event in world.setup.events[first..].iter().take_while(|event| event.day == today) {
        if branch::takes_out_next(model) {
            continue;
        }
        match event.side_b {
            Some(side_b) => replay_clash(model, event, side_b),
            None => replay_one_sided(model, event),
        }
    }
}

fn replay_one_sided(model: &mut Model<'_>, event: &ObservedEvent) {
    let incident = records::open_incident(model, IncidentKind::Repression, event.side_a, event.place);
    // Those of the perpetrators who died are few, and most events have none.
    let own = match event.deaths_a {
        0 => Losses::default(),
        n_dead => Losses::take(model, event, event.side_a, n_dead, incident),
    };
    let harm = Harm { incident, perpetrator: event.side_a, place: event.place };
    let victims = harm::kill_civilians(model, harm, event.deaths_civilians);
    let course = Course { dead_perpetrator: own.n_dead, n_wounded: own.n_wounded, ..Course::unopposed(0) };
    let n_attackers = own.engaged.len() as u32;
    records::close_incident(model, incident, NewIncident { n_attackers, course, victims, ..NewIncident::default() });
}

fn replay_clash(model: &mut Model<'_>, event: &ObservedEvent, side_b: GroupId) {
    let incident = records::open_incident(model, IncidentKind::Assault, event.side_a, event.place);
    let a = Losses::take(model, event, event.side_a, event.deaths_a, incident);
    let b = Losses::take(model, event, side_b, event.deaths_b, incident);
    let harm = Harm { incident, perpetrator: event.side_a, place: event.place };
    let victims = harm::kill_civilians(model, harm, event.deaths_civilians);
    model.places.assault_day[event.place.idx()] = Some(model.day);
    let new = NewIncident {
        target: Some(side_b),
        n_attackers: a.engaged.len() as u32,
        n_defenders: b.engaged.len() as u32,
        course: Course {
            dead_perpetrator: a.n_dead,
            dead_target: b.n_dead,
            n_wounded: a.n_wounded + b.n_wounded,
            ..Course::default()
        },
        victims,
        participants: a.engaged,
        ..NewIncident::default()
    };
    records::close_incident(model, incident, new);
}

/// Who of one side was engaged in an event, and its losses.
#[derive(Default)]
struct Losses {
    engaged: Vec<Row>,
    n_dead: u32,
    n_wounded: u32,
}

impl Losses {
    /// Kills and wounds members of the units nearest to the event. A side
    /// without enough members in reach loses only those whom it has there.
    fn take(model: &mut Model<'_>, event: &ObservedEvent, group: GroupId, n_dead: u32, incident: IncidentId) -> Self {
        let parameters = &model.world.setup.parameters;
        let wounded = f64::from(n_dead) * parameters.combat.wounded_per_killed;
        let n_wanted = (f64::from(n_dead) / parameters.combat.killed_share_loser.max(0.01)).ceil() as usize;
        let engaged = nearest_members(model, group, event.place, n_wanted.max(1));
        let mut pool = engaged.clone();
        let address = model.incident_facts[incident.idx()].address;
        let mut stream = model.draws.stream(Purpose::ObservedLoss, address, model.day, u32::from(group.0));
        let mut losses = Self { engaged, n_dead: 0, n_wounded: 0 };
        let by = if group == event.side_a { event.side_b } else { Some(event.side_a) };
        let hit = Event { place: Some(event.place), incident: Some(incident), by, ..Event::default() };
        for nth in 0..n_dead + wounded.round() as u32 {
            if pool.is_empty() {
                break;
            }
            let row = pool.swap_remove(stream.below(pool.len() as u32) as usize);
            if nth < n_dead {
                losses.n_dead += 1;
                die(model, row, Outcome::Combat, hit);
            } else {
                losses.n_wounded += 1;
                combat::wound(model, row, incident, group != event.side_a, hit);
            }
        }
        losses
    }
}

/// Members on duty of a group's units nearest to a place, whole units until
/// enough are found.
fn nearest_members(model: &Model<'_>, group: GroupId, place: PlaceId, n_wanted: usize) -> Vec<Row> {
    let mut found = Vec::new();
    for near in model.world.geography.in_turn(place, Geography::RADIUS_KM) {
        for &unit in &model.units.of_place[near.place.idx()] {
            if found.len() >= n_wanted {
                return found;
            }
            if model.units.at(unit).group == group {
                found.extend(muster::members_on_duty(model, unit));
            }
        }
    }
    found
}
