//! Coordinates that are in doubt: a table of another country, events far from every
//! place, and latitude and longitude exchanged.

use super::events::Event;
use super::near::{Points, is_as_far_north};
use super::period::Period;
use super::places::{Gazetteer, Listed};
use super::{BuildError, BuildRequest};
use allegiance_record::Fix;
use allegiance_scenario::csv_table::{count, first_names, thousands};
use allegiance_scenario::event_rows::distance_km;

/// An event farther than this from every place of the table is told.
pub(super) const FAR_KM: f64 = 100.0;
/// A table is asked about where fewer of the events than this have a place
/// that near.
const FEW: f64 = 0.1;
/// Coordinates are exchanged where that brings them as near as this.
const EXCHANGED_KM: f64 = 25.0;

/// What is in doubt, each a sentence.
#[derive(Debug, Default)]
pub(super) struct Doubts {
    /// Sentences with identifiers and lines.
    pub(super) told: Vec<String>,
    /// Events and rows that they are about.
    pub(super) n_rows: usize,
}

/// Looks at the located events of the period and the days before, and at the
/// places; refuses a table that is hardly anywhere near.
pub(super) fn look(request: &BuildRequest, period: &Period<'_>, gazetteer: &Gazetteer) -> Result<Doubts, BuildError> {
    let places = &gazetteer.places;
    let all = period.events.iter().chain(&period.before).copied();
    let located: Vec<&Event> = all.filter(|event| event.is_located()).collect();
    let far: Vec<&Event> =
        located.iter().copied().filter(|event| !is_near_any(event.point(), places, FAR_KM)).collect();
    let share_near = 1.0 - far.len() as f64 / located.len().max(1) as f64;
    if share_near < FEW && !request.accept_far {
        return Err(refuse(request, &far, located.len(), places));
    }
    let mut doubts = Doubts::default();
    tell_events(&far, gazetteer, &mut doubts);
    tell_places(&located, gazetteer, &mut doubts);
    Ok(doubts)
}

/// Exchanges latitude and longitude, where both are of the earth.
fn exchanged((latitude, longitude): (f64, f64)) -> Option<(f64, f64)> {
    (longitude.abs() <= 90.0).then_some((longitude, latitude))
}

/// The places within a distance, and how far they are.
fn near(point: (f64, f64), places: &[Listed], within_km: f64) -> impl Iterator<Item = (&Listed, f64)> {
    let close = places.iter().filter(move |place| is_as_far_north(place.point, point, within_km));
    let distances = close.map(move |place| (place, distance_km(point, place.point)));
    distances.filter(move |(_, distance)| *distance <= within_km)
}

fn is_near_any(point: (f64, f64), places: &[Listed], within_km: f64) -> bool {
    near(point, places, within_km).next().is_some()
}

fn refuse(request: &BuildRequest, far: &[&Event], n_located: usize, places: &[Listed]) -> BuildError {
    let (table, record) = (request.places.display(), request.events.display());
    let n_exchanged = far
        .iter()
        .filter_map(|event| exchanged(event.point()))
        .filter(|point| is_near_any(*point, places, FAR_KM))
        .count();
    let first = far.first().map_or(1, |event| event.row.spot.line);
    let found = format!(
        "{record}:{first}: {} of {} without a place of {table} within {FAR_KM} km",
        far.len(),
        count(n_located, "located event")
    );
    if 2 * n_exchanged > far.len() {
        return BuildError::Fixable {
            text: format!(
                "{found}; with latitude and longitude of one of them exchanged they would lie together: exchange the columns of the table that is wrong"
            ),
            fix: Fix::AcceptFarPlaces,
        };
    }
    let text = format!("{found}; is it the table of another country than {}?", request.country);
    BuildError::Fixable { text, fix: Fix::AcceptFarPlaces }
}

fn tell_events(far: &[&Event], gazetteer: &Gazetteer, doubts: &mut Doubts) {
    let places = &gazetteer.places;
    let (mut swapped, mut lone) = (Vec::new(), Vec::new());
    for event in far {
        let (id, line) = (event.row.id, event.row.spot.line);
        let near = exchanged(event.point())
            .and_then(|point| near(point, places, EXCHANGED_KM).min_by(|a, b| a.1.total_cmp(&b.1)));
        if let Some((place, distance)) = near {
            swapped.push(format!("{id} (line {line}, then {distance:.0} km from {})", place.name));
        } else {
            let distances = places.iter().map(|place| distance_km(event.point(), place.point));
            let distance = distances.min_by(f64::total_cmp).unwrap_or(f64::INFINITY);
            lone.push(format!("{id} (line {line}, {} km)", thousands(distance.round() as u64)));
        }
    }
    doubts.n_rows += swapped.len() + lone.len();
    let events = |n: usize| count(n, "event");
    if !swapped.is_empty() {
        doubts.told.push(format!(
            "{} would lie near a place with latitude and longitude exchanged, and nowhere near one as they are: {}",
            events(swapped.len()),
            first_names(&swapped)
        ));
    }
    if !lone.is_empty() {
        doubts.told.push(format!(
            "{} farther than {FAR_KM} km from every place of {}: {}",
            events(lone.len()),
            gazetteer.name,
            first_names(&lone)
        ));
    }
}

/// Places that lie where the events are only with their coordinates exchanged.
fn tell_places(located: &[&Event], gazetteer: &Gazetteer, doubts: &mut Doubts) {
    let points = Points::of(located.iter().map(|event| event.point()));
    let is_among = |point: (f64, f64), within_km: f64| points.within(point, within_km).next().is_some();
    let is_exchanged = |place: &&Listed| {
        exchanged(place.point).is_some_and(|point| is_among(point, EXCHANGED_KM))
            && !is_among(place.point, 5.0 * FAR_KM)
    };
    let rows: Vec<String> = gazetteer
        .places
        .iter()
        .filter(is_exchanged)
        .map(|place| format!("{} (line {})", place.name, place.line))
        .collect();
    if !rows.is_empty() {
        doubts.n_rows += rows.len();
        doubts.told.push(format!(
            "{} of {} would lie among the events with latitude and longitude exchanged, and far from all as they are: {}",
            count(rows.len(), "place"),
            gazetteer.name,
            first_names(&rows)
        ));
    }
}
