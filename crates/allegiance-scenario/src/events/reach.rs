//! Whether a replay can place the deaths of its record: who is stationed near
//! enough on the first day, and how many live where civilians die.

use allegiance_model::ids::PlaceId;
use allegiance_model::setup::{OperationsMode, Setup};

use super::distance_km;
use crate::csv_table::thousands;
use crate::problem::{Problems, Spot};

/// A replay draws a side's dead from its units within this distance.
const REACH_KM: f64 = 60.0;

/// Warns of deaths of the record that can't be placed unless members or
/// civilians come from elsewhere.
pub(crate) fn warn(setup: &Setup, file_idx: usize, problems: &mut Problems) {
    if setup.mode != OperationsMode::Observed || problems.has_errors() {
        return;
    }
    let mut sides: Vec<String> = Vec::new();
    for group in 0..setup.n_groups() {
        let missing = missing_members(setup, group);
        if missing > 0 {
            sides.push(format!("{} {}", setup.groups[group].id, thousands(missing)));
        }
    }
    let civilians = missing_civilians(setup);
    if civilians > 0 {
        sides.push(format!("civilians {}", thousands(civilians)));
    }
    if !sides.is_empty() {
        let spot = Spot { file_idx, line: 0 };
        let found = format!("deaths of the record that can't be replayed, at least: {}", sides.join(", "));
        problems
            .warning(spot, "", found)
            .hint(format!("station these groups within {REACH_KM} km of their deaths and with as many members, or give the places more inhabitants"));
    }
}

/// Deaths of a group with none of its garrisons in reach, and those beyond the
/// members in garrisons that are.
fn missing_members(setup: &Setup, group: usize) -> u64 {
    let mut deaths = vec![0_u64; setup.places.len()];
    for event in &setup.events {
        if event.side_a.idx() == group {
            deaths[event.place.idx()] += u64::from(event.deaths_a);
        }
        if event.side_b.is_some_and(|side| side.idx() == group) {
            deaths[event.place.idx()] += u64::from(event.deaths_b);
        }
    }
    let stationed = || setup.garrisons.iter().filter(|garrison| garrison.group.idx() == group);
    let is_near = |a: usize, b: PlaceId| distance_km(point(setup, a), point(setup, b.idx())) <= REACH_KM;
    let places = deaths.iter().enumerate().filter(|(_, dead)| **dead > 0);
    let (near, far): (Vec<_>, Vec<_>) =
        places.partition(|(place, _)| stationed().any(|garrison| is_near(*place, garrison.place)));
    let sum = |of: &[(usize, &u64)]| of.iter().map(|(_, dead)| **dead).sum::<u64>();
    let members: u64 = stationed().map(|garrison| u64::from(garrison.members)).sum();
    sum(&far) + sum(&near).saturating_sub(members)
}

/// Civilian deaths beyond the inhabitants of their places.
fn missing_civilians(setup: &Setup) -> u64 {
    let mut deaths = vec![0_u64; setup.places.len()];
    for event in &setup.events {
        deaths[event.place.idx()] += u64::from(event.deaths_civilians);
    }
    let each = deaths.iter().zip(&setup.places);
    each.map(|(deaths, place)| deaths.saturating_sub(u64::from(place.population))).sum()
}

fn point(setup: &Setup, place: usize) -> (f64, f64) {
    (setup.places[place].latitude_deg, setup.places[place].longitude_deg)
}
