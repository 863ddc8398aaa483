//! Observed mode: events of a table, placed, dated and given to groups.

pub(crate) mod columns;
pub(crate) mod dates;
pub(crate) mod finder;
pub(crate) mod official;
pub(crate) mod reach;
pub(crate) mod rows;
pub(crate) mod table;

use std::collections::BTreeMap;

use allegiance_model::calendar::Date;
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::maths::{cos, degrees_east, sqrt};
use allegiance_model::setup::{ObservedEvent, OperationsMode, PlaceKind, PlaceSetup};

use crate::csv_table::count;
use crate::format::EVENTS_WITHIN_KM;
use crate::names::Names;
use crate::places::TableFile;
use crate::problem::{Problems, Spot, did_you_mean};
use crate::resolve::{get, items, text};
use crate::shape::quote_key;
use crate::tree::{Node, Table};
use finder::{PlaceFinder, Site};
use rows::EventRow;

/// Kilometres of a degree along a meridian.
const KM_PER_DEGREE: f64 = 111.195;
/// The least `where_prec` of an event that is known to a governorate at best.
pub const VAGUE: u64 = 4;

/// Reads where incidents come from, and the events.
pub(crate) struct EventsReader<'a> {
    pub(crate) places: &'a [PlaceSetup],
    pub(crate) group_names: &'a Names,
    /// Where the scenario states them rightly.
    pub(crate) start: Option<Date>,
    pub(crate) n_days: Option<u32>,
    pub(crate) problems: &'a mut Problems,
}

impl EventsReader<'_> {
    /// The mode, and the events in order of day, then of identifier. They are
    /// read in both modes, so that the mode can still be changed.
    pub(crate) fn read(&mut self, scenario: &Table, file: Option<&TableFile>) -> (OperationsMode, Vec<ObservedEvent>) {
        let nothing = Table::new();
        let inner = |key: &str| get(scenario, key).and_then(Node::as_table).unwrap_or(&nothing);
        let (operations, tables) = (inner("operations"), inner("tables"));
        let mode = OperationsMode::from_word(text(operations, "mode")).unwrap_or(OperationsMode::Endogenous);
        let actors = self.read_actors(inner("actors"));
        let events_spot = tables.get("events").map(|(spot, _)| *spot);
        match (mode, events_spot) {
            (OperationsMode::Observed, None) => {
                if let Some((spot, _)) = operations.get("mode") {
                    self.problems
                        .error(*spot, "operations.mode", "is \"observed\" without events")
                        .allowed("needs [tables] events, a file in the columns of UCDP GED");
                }
            }
            (OperationsMode::Observed, Some(_)) => self.warn_of_idle_entries(scenario),
            (OperationsMode::Endogenous, Some(spot)) => {
                self.problems
                    .warning(spot, "tables.events", "isn't replayed in endogenous mode")
                    .hint("set operations.mode = \"observed\"");
            }
            (OperationsMode::Endogenous, None) => {}
        }
        let within_km = get(operations, "events_within_km").and_then(Node::as_number).unwrap_or(EVENTS_WITHIN_KM);
        let events = file.map_or_else(Vec::new, |file| self.read_events(file, &actors, within_km));
        (mode, events)
    }

    /// Groups by the names of sides; `None` where a side's events are left out
    /// on purpose, or its group is wrong.
    fn read_actors(&mut self, actors: &Table) -> BTreeMap<String, Option<GroupId>> {
        let mut groups = BTreeMap::new();
        for (name, (_, node)) in actors {
            let group = node.as_text().filter(|id| !id.is_empty()).and_then(|id| {
                let key = format!("actors.{}", quote_key(name));
                self.group_names.find(id, node.spot, &key, self.problems)
            });
            groups.insert(name.clone(), group.map(GroupId::from_idx));
        }
        groups
    }

    /// Warns of entries that order what only the table can bring.
    fn warn_of_idle_entries(&mut self, scenario: &Table) {
        let idle: Vec<Spot> = items(scenario, "timeline")
            .filter(|(_, entry, _)| ["assault", "strikes"].contains(&text(entry, "kind")))
            .map(|(_, entry, spot)| entry.get("kind").map_or(spot, |(spot, _)| *spot))
            .collect();
        let Some(&first) = idle.first() else { return };
        let entries = match idle.len() {
            1 => "1 entry".to_owned(),
            n_idle => format!("{n_idle} entries"),
        };
        let verb = if idle.len() == 1 { "does" } else { "do" };
        self.problems
            .warning(
                first,
                "timeline",
                format!("has {entries} of kind assault or strikes, which {verb} nothing in observed mode"),
            )
            .hint("the event table brings the incidents");
    }

    fn read_events(
        &mut self,
        file: &TableFile,
        actors: &BTreeMap<String, Option<GroupId>>,
        within_km: f64,
    ) -> Vec<ObservedEvent> {
        let rows = rows::read_rows(file, self.problems);
        let n_rows = rows.len();
        let (Some(start), Some(n_days)) = (self.start, self.n_days) else {
            return Vec::new();
        };
        let finder = PlaceFinder::new(self.places.iter().map(|place| Site {
            name: &place.name,
            point: (place.latitude_deg, place.longitude_deg),
            population: if place.kind == PlaceKind::Rural { 0 } else { place.population },
        }));
        let mut left_out = LeftOut::default();
        let mut unmapped: BTreeMap<&str, Unmapped<'_>> = BTreeMap::new();
        let mut events: Vec<(u64, ObservedEvent)> = Vec::new();
        for row in &rows {
            let day = row.date.days_since(start);
            if day < 0 || day as u32 >= n_days {
                left_out.undated.add(row);
                continue;
            }
            let Some(found) = finder.find((row.latitude_deg, row.longitude_deg), &row.place_name) else {
                continue;
            };
            let place = PlaceId::from_idx(found.place);
            // A place that the event names is taken however small the distance asked for.
            if !found.is_named && found.outside_km > within_km {
                left_out.far.add(row);
                continue;
            }
            let Some((side_a, side_b)) = sides_of(row, actors, &mut unmapped) else {
                continue;
            };
            if side_b == Some(side_a) {
                left_out.own.add(row);
                continue;
            }
            if row.where_prec >= VAGUE {
                left_out.vague.add(row);
            }
            events.push((row.id, observed(row, day as u32, place, (side_a, side_b))));
        }
        self.report_unmapped(unmapped, actors);
        let last = start.plus_days(n_days - 1);
        self.report(&left_out, (start, last), within_km);
        if events.is_empty() && n_rows > 0 && !self.problems.has_errors() {
            let spot = Spot { file_idx: file.file_idx, line: 0 };
            self.problems.warning(spot, "", "has no event to replay");
        }
        events.sort_by_key(|&(id, event)| (event.day, id));
        events.into_iter().map(|(_, event)| event).collect()
    }

    /// One problem for each name of a side that isn't mapped.
    fn report_unmapped(&mut self, unmapped: BTreeMap<&str, Unmapped<'_>>, actors: &BTreeMap<String, Option<GroupId>>) {
        let names: Vec<&str> = actors.keys().map(String::as_str).collect();
        for (name, Unmapped { column, n_rows, spot }) in unmapped {
            let rows = count(n_rows, "row");
            let found = format!("names {name:?} in {rows}, whom [actors] doesn't map");
            let problem = self
                .problems
                .error(spot, column, found)
                .allowed("map it to a group, or to \"\" to leave its events out");
            problem.hint = did_you_mean(name, &names);
        }
    }

    /// One warning for each reason to leave events out, or to doubt them.
    fn report(&mut self, left_out: &LeftOut, (first, last): (Date, Date), within_km: f64) {
        let reasons = [
            (
                &left_out.undated,
                format!("outside the days {first} to {last}, and left out"),
            ),
            (
                &left_out.far,
                format!("farther than {within_km} km from every place, and left out"),
            ),
            (
                &left_out.own,
                "between two names of one group, and left out".to_owned(),
            ),
            (
                &left_out.vague,
                "known only to a governorate or wider (where_prec 4 or more), and put at the place nearest to its centre"
                    .to_owned(),
            ),
        ];
        for (tally, why) in reasons {
            let Some(spot) = tally.first else { continue };
            let verb = if tally.n_rows == 1 { "is" } else { "are" };
            let (events, deaths) = (count(tally.n_rows, "event"), count(tally.n_dead as usize, "death"));
            self.problems.warning(spot, "", format!("{events} with {deaths} {verb} {why}"));
        }
    }
}

/// Events of one kind: how many, and where the first is.
#[derive(Default)]
struct Tally {
    n_rows: usize,
    n_dead: u64,
    first: Option<Spot>,
}

impl Tally {
    fn add(&mut self, row: &EventRow) {
        self.n_rows += 1;
        self.n_dead +=
            [row.deaths_a, row.deaths_b, row.deaths_civilians, row.deaths_unknown].map(u64::from).iter().sum::<u64>();
        self.first.get_or_insert(row.spot);
    }
}

/// Events that are left out, and those that are kept with a doubt.
#[derive(Default)]
struct LeftOut {
    undated: Tally,
    far: Tally,
    own: Tally,
    vague: Tally,
}

/// A side that no group is given for.
struct Unmapped<'a> {
    column: &'a str,
    n_rows: usize,
    spot: Spot,
}

/// Kilometres between two points given by degrees north and east, on a plane
/// that touches the earth at the first.
pub fn distance_km(from: (f64, f64), to: (f64, f64)) -> f64 {
    stretched_km(from, to, cos(from.0.to_radians()))
}

/// The same with the cosine of the latitude at hand.
fn stretched_km(from: (f64, f64), to: (f64, f64), cosine: f64) -> f64 {
    let turn = degrees_east(to.1, from.1);
    let (dx, dy) = (turn * cosine * KM_PER_DEGREE, (to.0 - from.0) * KM_PER_DEGREE);
    sqrt(dx * dx + dy * dy)
}

/// The groups of both sides; `None` where one is left out or not mapped, which
/// is noted.
fn sides_of<'r>(
    row: &'r EventRow,
    actors: &BTreeMap<String, Option<GroupId>>,
    unmapped: &mut BTreeMap<&'r str, Unmapped<'r>>,
) -> Option<(GroupId, Option<GroupId>)> {
    let mut find = |column, name: &'r str| {
        if let Some(group) = actors.get(name) {
            return *group;
        }
        let noted = unmapped.entry(name).or_insert(Unmapped { column, n_rows: 0, spot: row.spot });
        let is_counted = column == "side_b" && row.side_a == row.side_b;
        noted.n_rows += usize::from(!is_counted);
        None
    };
    let side_a = find("side_a", &row.side_a);
    if row.is_one_sided() {
        return side_a.map(|side_a| (side_a, None));
    }
    let side_b = find("side_b", &row.side_b);
    Some((side_a?, Some(side_b?)))
}

/// The event as the engine takes it. In one-sided violence, whoever died apart
/// from members of the first side was a civilian.
fn observed(row: &EventRow, day: u32, place: PlaceId, (side_a, side_b): (GroupId, Option<GroupId>)) -> ObservedEvent {
    let (more_a, more_b) = share_unknown(row);
    let (deaths_b, deaths_civilians) = if side_b.is_some() {
        (row.deaths_b + more_b, row.deaths_civilians)
    } else {
        let civilians = row.deaths_civilians + row.deaths_b + row.deaths_unknown;
        (0, civilians)
    };
    ObservedEvent {
        day,
        place,
        side_a,
        side_b,
        deaths_a: row.deaths_a + if side_b.is_some() { more_a } else { 0 },
        deaths_b,
        deaths_civilians,
    }
}

/// Shares out the dead of unknown side in proportion to the known dead of the
/// sides, half and half where there are none, by largest remainder. The odd
/// one of an even split falls to the first side where the identifier is odd,
/// so that neither side gets them all.
pub fn share_unknown(row: &EventRow) -> (u32, u32) {
    let [a, b, unknown] = [row.deaths_a, row.deaths_b, row.deaths_unknown].map(u64::from);
    let (a, b) = if a + b == 0 { (1, 1) } else { (a, b) };
    let (whole, rest) = (unknown * a / (a + b), unknown * a % (a + b));
    let is_up = match (2 * rest).cmp(&(a + b)) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => row.id % 2 == 1,
        std::cmp::Ordering::Greater => true,
    };
    let more_a = (whole + u64::from(is_up)) as u32;
    (more_a, row.deaths_unknown - more_a)
}
