//! Coordinates that are in doubt: a table of another country, events far from every
//! place, and latitude and longitude exchanged.

use super::events::Event;
use super::period::Period;
use super::places::{Gazetteer, Listed};
use super::{BuildError, BuildRequest};
use allegiance_record::Fix;
use allegiance_scenario::csv_table::{count, thousands};
use allegiance_scenario::event_rows::distance_km;

/// An event farther than this from every place of the table is told.
pub(super) const FAR_KM: f64 = 100.0;
/// A table is asked about where fewer of the events than this have a place
/// that near.
const FEW: f64 = 0.1;
/// Coordinates are exchanged where that brings them as near as this.
const EXCHANGED_KM: f64 = 25.0;
/// Rows that are named; the others are counted.
const MOST_NAMED: usize = 10;
/// Kilometres of a degree of latitude, to leave out early what is far.
const KM_PER_DEGREE: f64 = 111.0;

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

fn is_near_any(point: (f64, f64), places: &[Listed], within_km: f64) -> bool {
    let is_close = |place: &&Listed| (place.point.0 - point.0).abs() <= within_km / KM_PER_DEGREE;
    places.iter().filter(is_close).any(|place| distance_km(point, place.point) <= within_km)
}

/// The nearest place within a distance, and how far it is.
fn nearest(point: (f64, f64), places: &[Listed], within_km: f64) -> Option<(&Listed, f64)> {
    let is_close = |place: &&Listed| (place.point.0 - point.0).abs() <= within_km / KM_PER_DEGREE;
    let distances = places.iter().filter(is_close).map(|place| (place, distance_km(point, place.point)));
    distances.filter(|(_, distance)| *distance <= within_km).min_by(|a, b| a.1.total_cmp(&b.1))
}

fn refuse(request: &BuildRequest, far: &[&Event], n_located: usize, places: &[Listed]) -> BuildError {
    let (table, record) = (request.places.display(), request.events.display());
    let n_exchanged = far
        .iter()
        .filter_map(|event| exchanged(event.point()))
        .filter(|point| is_near_any(*point, places, FAR_KM))
        .count();
    let found = format!(
        "{table} has a place within {FAR_KM} km of {} of the {} of {record}",
        n_located - far.len(),
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

/// Names some, and counts the others.
fn named(mut texts: Vec<String>) -> String {
    let n_more = texts.len().saturating_sub(MOST_NAMED);
    texts.truncate(MOST_NAMED);
    let more = if n_more > 0 { format!(", and {} more", thousands(n_more as u64)) } else { String::new() };
    texts.join(", ") + &more
}

fn tell_events(far: &[&Event], gazetteer: &Gazetteer, doubts: &mut Doubts) {
    let places = &gazetteer.places;
    let (mut swapped, mut lone) = (Vec::new(), Vec::new());
    for event in far {
        let (id, line) = (event.row.id, event.row.spot.line);
        let near = exchanged(event.point()).and_then(|point| nearest(point, places, EXCHANGED_KM));
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
            named(swapped)
        ));
    }
    if !lone.is_empty() {
        doubts.told.push(format!(
            "{} farther than {FAR_KM} km from every place of {}: {}",
            events(lone.len()),
            gazetteer.name,
            named(lone)
        ));
    }
}

/// Places that lie where the events are only with their coordinates exchanged.
fn tell_places(located: &[&Event], gazetteer: &Gazetteer, doubts: &mut Doubts) {
    let mut points: Vec<(f64, f64)> = located.iter().map(|event| event.point()).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    points.dedup();
    let is_among = |point: (f64, f64), within_km: f64| {
        let margin = within_km / KM_PER_DEGREE;
        let first = points.partition_point(|other| other.0 < point.0 - margin);
        let close = points[first..].iter().take_while(|other| other.0 <= point.0 + margin);
        close.into_iter().any(|other| distance_km(point, *other) <= within_km)
    };
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
            named(rows)
        ));
    }
}
