//! The table `reported`: the 49 columns of UCDP GED v25.1, in their order.

use crate::observe::gazetteer::{Gazetteer, priogrid_gid};
use crate::observe::record::RecordRow;
use crate::observe::row::Row;
use crate::observe::{ReportedEvent, Violence};
use crate::table::{OutputCells, OutputColumn, OutputKind, TableData};
use allegiance_model::calendar::Date;
use allegiance_model::ids::GroupId;
use allegiance_model::setup::Setup;
use std::collections::BTreeMap;

/// A dyad in one year.
type DyadYear = (Violence, GroupId, Option<GroupId>, i32);

/// The reported events as a table.
///
/// `id` is the number of the true incident, so that the two can be joined
/// within a replicate. Identifiers of sides are positions in the scenario
/// counted from 2, not those of UCDP; civilians have UCDP's 1, and 9999 in the
/// older series.
pub fn reported_table(events: &[ReportedEvent], setup: &Setup, gazetteer: &Gazetteer) -> TableData {
    let rows = rows_of(events, setup, gazetteer);
    TableData {
        name: "reported",
        meaning: "What observers would have reported, in the columns of UCDP GED v25.1.",
        columns: COLUMNS.iter().map(|column| column_of(column, &rows)).collect(),
    }
}

/// The reported events as a record that is scored or inferred from: what
/// reading the table back from a run's folder gives.
pub fn reported_rows(events: &[ReportedEvent], setup: &Setup, gazetteer: &Gazetteer) -> Vec<RecordRow> {
    rows_of(events, setup, gazetteer).iter().map(Row::record).collect()
}

fn rows_of<'a>(events: &'a [ReportedEvent], setup: &'a Setup, gazetteer: &'a Gazetteer) -> Vec<Row<'a>> {
    let mut dead_of_dyad: BTreeMap<DyadYear, u32> = BTreeMap::new();
    for event in events {
        *dead_of_dyad.entry(dyad_year(event, setup)).or_default() += event.best();
    }
    let row = |event| {
        let (start, end) = dates(event, setup);
        Row {
            event,
            setup,
            point: gazetteer.point(event.place, event.where_prec),
            start,
            end,
            is_active_year: dead_of_dyad[&dyad_year(event, setup)] >= 25,
        }
    };
    events.iter().map(row).collect()
}

fn true_date(event: &ReportedEvent, setup: &Setup) -> Date {
    setup.start.plus_days(event.day)
}

fn dyad_year(event: &ReportedEvent, setup: &Setup) -> DyadYear {
    let (year, _, _) = true_date(event, setup).ymd();
    (event.violence, event.side_a, event.side_b, year)
}

/// First and last possible date. An event belongs to one year, so a span that
/// would cross into another is moved back into its own.
fn dates(event: &ReportedEvent, setup: &Setup) -> (Date, Date) {
    let day = true_date(event, setup);
    let (year, _, _) = day.ymd();
    let span = event.n_days_before + event.n_days_after;
    let day_of = |month, day| Date::from_ymd(year, month, day).expect("every year has these days");
    let days_left_before = day.days_since(day_of(1, 1)) as u32;
    let days_left_after = day_of(12, 31).days_since(day) as u32;
    let before = event.n_days_before.min(days_left_before).max(span.saturating_sub(days_left_after));
    let first = day_of(1, 1).plus_days(days_left_before - before);
    (first, first.plus_days(span))
}

/// How the cells of a column are made.
#[derive(Clone, Copy)]
enum Cell {
    Text(fn(&Row<'_>) -> String),
    /// A number, identifier or code.
    Whole(fn(&Row<'_>) -> u32),
    /// A number that may be missing.
    Maybe(fn(&Row<'_>) -> Option<u32>),
    Persons(fn(&ReportedEvent) -> u32),
    Degrees(fn(&Row<'_>) -> f64),
}

fn column_of(&(name, meaning, cell): &(&'static str, &'static str, Cell), rows: &[Row<'_>]) -> OutputColumn {
    let (unit, kind, cells) = match cell {
        Cell::Text(of) => ("1", OutputKind::Text, OutputCells::Text(rows.iter().map(|row| Some(of(row))).collect())),
        Cell::Whole(of) => ("1", OutputKind::Count, OutputCells::Whole(rows.iter().map(|row| Some(of(row))).collect())),
        Cell::Maybe(of) => ("1", OutputKind::Count, OutputCells::Whole(rows.iter().map(of).collect())),
        Cell::Persons(of) => {
            ("persons", OutputKind::Count, OutputCells::Whole(rows.iter().map(|row| Some(of(row.event))).collect()))
        }
        Cell::Degrees(of) => {
            ("deg", OutputKind::Real, OutputCells::Real(rows.iter().map(|row| Some(of(row))).collect()))
        }
    };
    OutputColumn {
        name: name.into(),
        unit,
        meaning: meaning.into(),
        kind,
        nullable: matches!(cell, Cell::Maybe(_)),
        cells,
    }
}

/// The columns in the order of UCDP GED: name, meaning, cell.
#[rustfmt::skip]
#[expect(clippy::redundant_closure_for_method_calls, reason = "a method's path fits one lifetime of Row only")]
const COLUMNS: &[(&str, &str, Cell)] = &[
    ("id", "Number of the true incident in its replicate.", Cell::Whole(|row| row.event.incident)),
    ("relid", "Identifier made of year, type, dyad and incident.", Cell::Text(|row| row.relid())),
    ("year", "Year.", Cell::Whole(|row| row.year())),
    ("active_year", "1 where the dyad has 25 reported deaths in the year.", Cell::Whole(|row| u32::from(row.is_active_year))),
    ("code_status", "Always Clear.", Cell::Text(|_| "Clear".to_owned())),
    ("type_of_violence", "1 state-based, 2 non-state, 3 one-sided.", Cell::Whole(|row| row.event.violence as u32)),
    ("conflict_dset_id", "As conflict_new_id.", Cell::Whole(|row| row.conflict_id())),
    ("conflict_new_id", "Conflict, numbered by this program.", Cell::Whole(|row| row.conflict_id())),
    ("conflict_name", "Conflict.", Cell::Text(|row| row.conflict_name())),
    ("dyad_dset_id", "As dyad_new_id.", Cell::Whole(|row| row.dyad_id())),
    ("dyad_new_id", "Dyad, numbered by this program.", Cell::Whole(|row| row.dyad_id())),
    ("dyad_name", "The two sides.", Cell::Text(|row| row.dyad_name())),
    ("side_a_dset_id", "As side_a_new_id.", Cell::Whole(|row| row.side_a_id())),
    ("side_a_new_id", "Side A: position of the group in the scenario, from 2.", Cell::Whole(|row| row.side_a_id())),
    ("side_a", "Side A.", Cell::Text(|row| row.side_a().to_owned())),
    ("side_b_dset_id", "As side_b_new_id; 9999 for civilians.", Cell::Whole(|row| row.side_b_dset_id())),
    ("side_b_new_id", "Side B, as side A; 1 for civilians.", Cell::Whole(|row| row.side_b_id())),
    ("side_b", "Side B.", Cell::Text(|row| row.side_b().to_owned())),
    ("number_of_sources", "Number of sources.", Cell::Whole(|row| row.event.n_sources)),
    ("source_article", "Says that the event is simulated.", Cell::Text(|_| SOURCE.to_owned())),
    ("source_office", "Always Allegiance.", Cell::Text(|_| "Allegiance".to_owned())),
    ("source_date", "First possible date.", Cell::Text(|row| row.start.to_string())),
    ("source_headline", "Empty.", Cell::Text(|_| String::new())),
    ("source_original", "Empty.", Cell::Text(|_| String::new())),
    ("where_prec", "1 exact, 2 within 25 km, 3 district, 4 governorate.", Cell::Whole(|row| u32::from(row.event.where_prec))),
    ("where_coordinates", "Name of the point reported.", Cell::Text(|row| row.point.name.clone())),
    ("where_description", "As where_coordinates.", Cell::Text(|row| row.point.name.clone())),
    ("adm_1", "Governorate.", Cell::Text(|row| row.governorate())),
    ("adm_2", "District; empty where only the governorate is known.", Cell::Text(|row| row.district())),
    ("latitude", "Latitude of the point reported.", Cell::Degrees(|row| row.point.latitude_deg)),
    ("longitude", "Longitude of the point reported.", Cell::Degrees(|row| row.point.longitude_deg)),
    ("geom_wkt", "The point reported, as well-known text.", Cell::Text(|row| row.well_known_text())),
    ("priogrid_gid", "Cell of PRIO-GRID at the point reported.", Cell::Whole(|row| priogrid_gid(row.point.latitude_deg, row.point.longitude_deg))),
    ("country", "Country; `Unnamed country` where the scenario names none.", Cell::Text(|row| row.country().name.clone())),
    ("country_id", "Gleditsch & Ward number of the country; 0 where the scenario names none.", Cell::Whole(|row| row.country().gw_number)),
    ("region", "Region of the world; `Unnamed region` where the scenario names none.", Cell::Text(|row| row.country().region.clone())),
    ("event_clarity", "2 where the date is no better than a week, else 1.", Cell::Whole(|row| u32::from(row.event_clarity()))),
    ("date_prec", "1 the day, 2 two to six days, 3 a week, 4 eight to 31 days.", Cell::Whole(|row| u32::from(row.event.date_prec))),
    ("date_start", "First possible date.", Cell::Text(|row| row.start.to_string())),
    ("date_end", "Last possible date.", Cell::Text(|row| row.end.to_string())),
    ("deaths_a", "Reported deaths of side A.", Cell::Persons(|event| event.deaths_a)),
    ("deaths_b", "Reported deaths of side B.", Cell::Persons(|event| event.deaths_b)),
    ("deaths_civilians", "Reported deaths of civilians.", Cell::Persons(|event| event.deaths_civilians)),
    ("deaths_unknown", "Reported deaths of unknown side.", Cell::Persons(|event| event.deaths_unknown)),
    ("best", "Best estimate: the sum of the four.", Cell::Persons(ReportedEvent::best)),
    ("high", "Highest claim.", Cell::Persons(|event| event.high)),
    ("low", "Lowest plausible number.", Cell::Persons(|event| event.low)),
    ("gwnoa", "Gleditsch & Ward number of side A, if it is a government.", Cell::Maybe(|row| row.gw_number(Some(row.event.side_a)))),
    ("gwnob", "Gleditsch & Ward number of side B, if it is a government.", Cell::Maybe(|row| row.gw_number(row.event.side_b))),
];

/// The source that every event names.
const SOURCE: &str = "Simulated by Allegiance: not a report of a real event";
