//! The places of the scenario: those of the table near enough to the fighting,
//! those that only events name, and the countryside.

use std::collections::BTreeMap;

use allegiance_model::setup::PlaceKind;

use super::period::Period;
use super::places::{Gazetteer, Layout, Listed};
use super::population::{self, Spread};
use super::slug::Slugs;
use super::{BuildError, BuildRequest};
use allegiance_scenario::event_rows::distance_km;

/// An event farther than this from every place is at a place of its own.
pub(super) const OWN_PLACE_KM: f64 = 5.0;
/// From so many inhabitants on a place is a town, and a city.
pub(super) const TOWN: u32 = 10_000;
pub(super) const CITY: u32 = 100_000;
/// Tables that lie farther than this from the events are of another country.
const ELSEWHERE_KM: f64 = 1_000.0;
/// Exchanged coordinates bring tables as near as this.
const NEAR_KM: f64 = 500.0;

/// Where a place comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The table of places.
    Table,
    /// Events, which alone name it.
    Events,
    /// The people whom the table doesn't list.
    Countryside,
}

/// A place of the scenario.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: PlaceKind,
    /// Degrees north and east.
    pub(super) point: (f64, f64),
    pub(super) population: u32,
    pub(super) origin: Origin,
    /// Whether its population is the table's, or follows from a rule.
    pub(super) is_population_known: bool,
    /// Administrative levels, the widest first; names of events where it is
    /// theirs; filled by `districts`.
    pub(super) admin: [String; 3],
}

/// The places, and how they were found.
#[derive(Debug)]
pub(super) struct Map {
    pub(super) table_name: String,
    pub(super) layout: Layout,
    pub(super) places: Vec<Place>,
    pub(super) n_listed: usize,
    pub(super) n_passed_over: usize,
    /// Places of the table and the countryside left out for their distance,
    /// and their inhabitants.
    pub(super) n_far: usize,
    pub(super) population_far: u64,
    pub(super) spread: Spread,
    /// How districts were told; filled by `districts`.
    pub(super) districts: String,
    /// Places whose district is that of a neighbour, or a cell of the grid.
    pub(super) n_district_guessed: usize,
}

impl Map {
    /// All inhabitants.
    pub(super) fn population(&self) -> u64 {
        self.places.iter().map(|place| u64::from(place.population)).sum()
    }

    /// The nearest place, the first of equals.
    pub(super) fn nearest(&self, point: (f64, f64)) -> Option<usize> {
        let distances = self.places.iter().enumerate().map(|(at, place)| (at, distance_km(point, place.point)));
        distances.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(at, _)| at)
    }
}

/// Makes the places of the scenario.
pub(super) fn settle(request: &BuildRequest, period: &Period<'_>, gazetteer: Gazetteer) -> Result<Map, BuildError> {
    check_where(request, period, &gazetteer)?;
    let Gazetteer { name, layout, places: listed, n_passed_over } = gazetteer;
    let n_listed = listed.len();
    let mut drafts: Vec<Draft> = listed.into_iter().map(Draft::of_table).collect();
    let points = event_points(period);
    add_event_places(&mut drafts, &points);
    let spread = population::spread(request, &mut drafts)?;
    let n_before = drafts.len();
    let is_near = |draft: &Draft| points.iter().any(|point| distance_km(point.at, draft.point) <= request.within_km);
    let (near, far): (Vec<Draft>, Vec<Draft>) = drafts.into_iter().partition(is_near);
    let population_far = far.iter().map(|draft| u64::from(draft.population)).sum();
    let mut slugs = Slugs::default();
    let places = near.into_iter().map(|draft| draft.into_place(&mut slugs)).collect::<Vec<_>>();
    Ok(Map {
        table_name: name,
        layout,
        n_listed,
        n_passed_over,
        n_far: n_before - places.len(),
        population_far,
        spread,
        districts: String::new(),
        n_district_guessed: 0,
        places,
    })
}

/// A place on its way.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) point: (f64, f64),
    /// As the table has it, and as it becomes.
    pub(super) known: Option<u32>,
    pub(super) population: u32,
    pub(super) origin: Origin,
    pub(super) admin: [String; 3],
}

impl Draft {
    fn of_table(listed: Listed) -> Self {
        let Listed { name, point, population, admin } = listed;
        Self { name, point, known: population, population: 0, origin: Origin::Table, admin }
    }

    fn into_place(self, slugs: &mut Slugs) -> Place {
        let kind = match (self.origin, self.population) {
            (Origin::Countryside, _) => PlaceKind::Rural,
            (_, CITY..) => PlaceKind::City,
            (_, TOWN..) => PlaceKind::Town,
            _ => PlaceKind::Village,
        };
        Place {
            id: slugs.of(&self.name, "place"),
            is_population_known: self.known.is_some(),
            name: self.name,
            kind,
            point: self.point,
            population: self.population,
            origin: self.origin,
            admin: self.admin,
        }
    }
}

/// A location of events.
struct EventPoint<'a> {
    at: (f64, f64),
    n_events: usize,
    name: &'a str,
    adm: &'a [String; 2],
}

/// The locations of the located events, the most frequent first.
fn event_points<'a>(period: &Period<'a>) -> Vec<EventPoint<'a>> {
    let mut by_point: BTreeMap<(i64, i64), EventPoint<'a>> = BTreeMap::new();
    let key = |degrees: f64| (degrees * 1e6).round() as i64;
    for event in period.events.iter().chain(&period.before).filter(|event| event.is_located()) {
        let at = event.point();
        let fresh = EventPoint { at, n_events: 0, name: &event.place_name, adm: &event.adm };
        by_point.entry((key(at.0), key(at.1))).or_insert(fresh).n_events += 1;
    }
    let mut points: Vec<EventPoint<'a>> = by_point.into_values().collect();
    points.sort_by(|a, b| b.n_events.cmp(&a.n_events).then(a.at.0.total_cmp(&b.at.0)).then(a.at.1.total_cmp(&b.at.1)));
    points
}

/// Adds a place at every location without a place near it.
fn add_event_places(drafts: &mut Vec<Draft>, points: &[EventPoint<'_>]) {
    let n_listed = drafts.len();
    for point in points {
        let is_settled = drafts.iter().any(|draft| distance_km(point.at, draft.point) <= OWN_PLACE_KM);
        if is_settled {
            continue;
        }
        let name =
            if point.name.is_empty() { name_by_town(&drafts[..n_listed], point.at) } else { point.name.to_owned() };
        let [adm_1, adm_2] = point.adm.clone();
        drafts.push(Draft {
            name,
            point: point.at,
            known: None,
            population: 0,
            origin: Origin::Events,
            admin: [adm_1, adm_2, String::new()],
        });
    }
}

/// The slope of an eighth of the circle, so that no arctangent is needed.
const EIGHTH: f64 = 0.414_213_562;

/// A location by its direction from the nearest place of the table.
fn name_by_town(listed: &[Draft], at: (f64, f64)) -> String {
    const DIRECTIONS: [&str; 8] =
        ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"];
    let distances = listed.iter().map(|draft| (distance_km(at, draft.point), draft));
    let Some((distance, town)) = distances.min_by(|a, b| a.0.total_cmp(&b.0)) else {
        return format!("Place at {:.2} north {:.2} east", at.0, at.1);
    };
    let (north, east) = (at.0 - town.point.0, at.1 - town.point.1);
    let east = east * allegiance_model::maths::cos(at.0.to_radians());
    let sector = if east.abs() <= EIGHTH * north.abs() {
        if north >= 0.0 { 0 } else { 4 }
    } else if north.abs() <= EIGHTH * east.abs() {
        if east >= 0.0 { 2 } else { 6 }
    } else {
        match (north > 0.0, east > 0.0) {
            (true, true) => 1,
            (false, true) => 3,
            (false, false) => 5,
            (true, false) => 7,
        }
    };
    format!("Place {distance:.0} km {} of {}", DIRECTIONS[sector], town.name)
}

/// Refuses a table of another country, or exchanged coordinates.
fn check_where(request: &BuildRequest, period: &Period<'_>, gazetteer: &Gazetteer) -> Result<(), BuildError> {
    let events: Vec<(f64, f64)> =
        period.events.iter().filter(|event| event.is_located()).map(|event| event.point()).collect();
    let centre = middle(events.iter().copied());
    let towns = middle(gazetteer.places.iter().map(|place| place.point));
    let apart = distance_km(centre, towns);
    if apart <= ELSEWHERE_KM {
        return Ok(());
    }
    let (places, record) = (request.places.display(), request.events.display());
    let swapped = distance_km(centre, (towns.1.clamp(-90.0, 90.0), towns.0));
    let fix = if swapped <= NEAR_KM {
        "with latitude and longitude of one of them exchanged they would lie together: exchange the columns of the table that is wrong".to_owned()
    } else {
        format!("is it the table of another country than {}?", request.country)
    };
    Err(BuildError::Question(format!(
        "{places} has its middle at {:.1} north {:.1} east, and the events of {record} at {:.1} north {:.1} east, {apart:.0} km apart; {fix}",
        towns.0, towns.1, centre.0, centre.1
    )))
}

/// The median of each coordinate.
fn middle(points: impl Iterator<Item = (f64, f64)>) -> (f64, f64) {
    let (mut north, mut east): (Vec<f64>, Vec<f64>) = points.unzip();
    let median = |numbers: &mut Vec<f64>| {
        numbers.sort_by(f64::total_cmp);
        numbers.get(numbers.len() / 2).copied().unwrap_or_default()
    };
    (median(&mut north), median(&mut east))
}
