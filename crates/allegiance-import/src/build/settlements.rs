//! The places of the scenario: those of the table near enough to the fighting,
//! those that only events name, and the countryside.

use std::collections::{BTreeMap, BTreeSet};

use allegiance_model::setup::PlaceKind;

use super::doubts::{self, Doubts};
use super::events::Event;
use super::garrisons::{MEMBERS_PER_DEATH, MOST_SHARE, REACH_KM};
use super::period::Period;
use super::places::{Gazetteer, Layout, Listed};
use super::population::{self, Spread};
use super::slug::Slugs;
use super::{BuildError, BuildRequest};
use allegiance_scenario::event_rows::{Found, PlaceFinder, Site, distance_km};

/// An event farther than this from every place is at a place of its own.
pub(super) const OWN_PLACE_KM: f64 = 5.0;
/// From so many inhabitants on a place is a town, and a city.
pub(super) const TOWN: u32 = 10_000;
pub(super) const CITY: u32 = 100_000;

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
    /// The line of the first of the table's places.
    pub(super) first_line: u32,
    pub(super) layout: Layout,
    pub(super) places: Vec<Place>,
    pub(super) n_listed: usize,
    pub(super) n_passed_over: usize,
    /// Rows of the table without a location.
    pub(super) n_unlocated: usize,
    /// Whether the widest administrative level of the table has codes, not names.
    pub(super) has_codes: bool,
    /// Names of rows that were one place with another.
    pub(super) merged: Vec<String>,
    /// What was made of the table, each a clause.
    pub(super) notes: Vec<String>,
    /// What of the coordinates is in doubt.
    pub(super) doubts: Doubts,
    finder: PlaceFinder,
    /// Places of the table and the countryside left out for their distance,
    /// and their inhabitants.
    pub(super) n_far: usize,
    pub(super) population_far: u64,
    pub(super) spread: Spread,
    /// How districts were told; filled by `districts`.
    pub(super) districts: String,
    /// Places of unknown size that were given more inhabitants, so that those whom the record
    /// has killed can live there.
    pub(super) n_raised: usize,
    /// Places whose district is that of a neighbour, or a cell of the grid.
    pub(super) n_district_guessed: usize,
}

impl Map {
    /// All inhabitants.
    pub(super) fn population(&self) -> u64 {
        self.places.iter().map(|place| u64::from(place.population)).sum()
    }

    /// The place of an event, as a scenario finds it.
    pub(super) fn find(&self, event: &Event) -> Option<Found> {
        self.finder.find(event.point(), &event.row.place_name)
    }

    /// A listed place farther off that has the name which an event gives.
    pub(super) fn namesake(&self, event: &Event) -> Option<(usize, f64)> {
        self.finder.nearest_of_name(event.point(), &event.row.place_name)
    }

    /// Gives places of unknown size the inhabitants that the deaths of a
    /// record need: first the civilians, then homes for the members who have to stand near.
    pub(super) fn hold(&mut self, civilians: &[u32], members: &[u32]) {
        let before: Vec<u32> = self.places.iter().map(|place| place.population).collect();
        for (place, &dead) in self.places.iter_mut().zip(civilians) {
            if !place.is_population_known {
                place.population = place.population.max(dead.saturating_mul(INHABITANTS_PER_DEATH));
            }
        }
        let is_raised = |at: &usize| members[*at] > 0 && !self.places[*at].is_population_known;
        let mut order: Vec<usize> = (0..members.len()).filter(is_raised).collect();
        order.sort_by_key(|&at| (std::cmp::Reverse(members[at]), at));
        for at in order {
            let near: Vec<usize> = (0..self.places.len())
                .filter(|&other| distance_km(self.places[at].point, self.places[other].point) <= REACH_KM)
                .collect();
            let room: f64 = near.iter().map(|&other| MOST_SHARE * f64::from(self.places[other].population)).sum();
            let wanted: u32 = near.iter().map(|&other| members[other]).sum::<u32>() * MEMBERS_PER_DEATH;
            let lacking = (f64::from(wanted) - room) / MOST_SHARE;
            if lacking > 0.0 {
                self.places[at].population += lacking.ceil() as u32;
            }
        }
        self.n_raised = self.places.iter().zip(&before).filter(|(place, before)| place.population > **before).count();
        self.finder = finder_of(&self.places);
    }
}

/// A finder among places.
fn finder_of(places: &[Place]) -> PlaceFinder {
    PlaceFinder::new(places.iter().map(|place| Site {
        name: &place.name,
        point: place.point,
        population: if place.kind == PlaceKind::Rural { 0 } else { place.population },
    }))
}

/// A place of unknown size has as many inhabitants for each civilian whom the
/// record has killed there, at least.
pub(super) const INHABITANTS_PER_DEATH: u32 = 10;

/// Makes the places of the scenario.
pub(super) fn settle(request: &BuildRequest, period: &Period<'_>, gazetteer: Gazetteer) -> Result<Map, BuildError> {
    let points = event_points(period);
    let doubts = doubts::look(request, period, &gazetteer)?;
    let Gazetteer { name, layout, places: listed, n_passed_over, n_unlocated, has_codes, merged, notes } = gazetteer;
    let n_listed = listed.len();
    let first_line = listed.first().map_or(1, |place| place.line);
    let mut drafts: Vec<Draft> = listed.into_iter().map(Draft::of_table).collect();
    add_event_places(&mut drafts, &points);
    let spread = population::spread(request, &mut drafts)?;
    let n_before = drafts.len();
    // The place of an event stays, however far its middle is from the event.
    let finder = PlaceFinder::new(drafts.iter().map(|draft| draft.site_with(draft.population)));
    let used: BTreeSet<usize> =
        points.iter().filter_map(|point| finder.find(point.at, point.name)).map(|found| found.place).collect();
    let is_near = |draft: &Draft| points.iter().any(|point| distance_km(point.at, draft.point) <= request.within_km);
    let mut slugs = Slugs::default();
    let (mut places, mut population_far) = (Vec::new(), 0);
    for (at, draft) in drafts.into_iter().enumerate() {
        if used.contains(&at) || is_near(&draft) {
            places.push(draft.into_place(&mut slugs));
        } else {
            population_far += u64::from(draft.population);
        }
    }
    Ok(Map {
        table_name: name,
        first_line,
        layout,
        n_listed,
        n_passed_over,
        n_unlocated,
        has_codes,
        merged,
        notes,
        doubts,
        finder: finder_of(&places),
        n_raised: 0,
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
        let Listed { name, point, population, admin, .. } = listed;
        Self { name, point, known: population, population: 0, origin: Origin::Table, admin }
    }

    fn site(&self) -> Site<'_> {
        self.site_with(self.known.unwrap_or(0))
    }

    /// As the scenario will look for it.
    fn site_with(&self, population: u32) -> Site<'_> {
        let population = if self.origin == Origin::Countryside { 0 } else { population };
        Site { name: &self.name, point: self.point, population }
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
    adm: [&'a str; 2],
}

/// The locations of the located events, the most frequent first.
fn event_points<'a>(period: &Period<'a>) -> Vec<EventPoint<'a>> {
    let mut by_point: BTreeMap<(i64, i64, &str), EventPoint<'a>> = BTreeMap::new();
    let key = |degrees: f64| (degrees * 1e6).round() as i64;
    for event in period.events.iter().chain(&period.before).filter(|event| event.is_located()) {
        let at = event.point();
        let name: &str = &event.row.place_name;
        let fresh = || EventPoint { at, n_events: 0, name, adm: event.adm.each_ref().map(|adm| &**adm) };
        by_point.entry((key(at.0), key(at.1), name)).or_insert_with(fresh).n_events += 1;
    }
    let mut points: Vec<EventPoint<'a>> = by_point.into_values().collect();
    points.sort_by(|a, b| b.n_events.cmp(&a.n_events).then(a.at.0.total_cmp(&b.at.0)).then(a.at.1.total_cmp(&b.at.1)));
    points
}

/// Adds a place at every location without a place near it.
fn add_event_places(drafts: &mut Vec<Draft>, points: &[EventPoint<'_>]) {
    let n_listed = drafts.len();
    let mut finder = PlaceFinder::new(drafts.iter().map(Draft::site));
    for point in points {
        let is_settled = |found: Found| found.is_named || found.outside_km <= OWN_PLACE_KM;
        if finder.find(point.at, point.name).is_some_and(is_settled) {
            continue;
        }
        let name =
            if point.name.is_empty() { name_by_town(&drafts[..n_listed], point.at) } else { point.name.to_owned() };
        let [adm_1, adm_2] = point.adm.map(str::to_owned);
        let draft = Draft {
            name,
            point: point.at,
            known: None,
            population: 0,
            origin: Origin::Events,
            admin: [adm_1, adm_2, String::new()],
        };
        finder.add(draft.site());
        drafts.push(draft);
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
