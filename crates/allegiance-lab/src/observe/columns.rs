//! The table `reported`: the 49 columns of UCDP GED v25.1, in their order.

use crate::observe::gazetteer::{Gazetteer, Point, priogrid_gid};
use crate::observe::{ReportedEvent, Violence};
use crate::output::table::{OutputCells, OutputColumn, OutputKind, TableData};
use allegiance_model::calendar::Date;
use allegiance_model::ids::GroupId;
use allegiance_model::setup::{GroupKind, Setup};
use std::collections::BTreeMap;

/// The country of the reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Country {
    /// Its name in UCDP GED.
    pub name: String,
    /// Its Gleditsch & Ward number.
    pub gw_number: u32,
    /// Its region in UCDP GED.
    pub region: String,
}

impl Default for Country {
    /// Syria.
    fn default() -> Self {
        Self {
            name: "Syria".to_owned(),
            gw_number: 652,
            region: "Middle East".to_owned(),
        }
    }
}

/// A reported event with everything that its row is made of.
struct Row<'a> {
    event: &'a ReportedEvent,
    setup: &'a Setup,
    country: &'a Country,
    point: &'a Point,
    start: Date,
    end: Date,
    is_active_year: bool,
}

/// A dyad in one year.
type DyadYear = (Violence, GroupId, Option<GroupId>, i32);

/// The reported events as a table.
///
/// `id` is the number of the true incident, so that the two can be joined
/// within a replicate. Identifiers of sides are positions in the scenario
/// counted from 1 (civilians have UCDP's 9999), not those of UCDP.
pub fn reported_table(
    events: &[ReportedEvent],
    setup: &Setup,
    gazetteer: &Gazetteer,
    country: &Country,
) -> TableData {
    let mut dead_of_dyad: BTreeMap<DyadYear, u32> = BTreeMap::new();
    for event in events {
        *dead_of_dyad.entry(dyad_year(event, setup)).or_default() += event.best();
    }
    let rows: Vec<Row<'_>> = events
        .iter()
        .map(|event| {
            let (start, end) = dates(event, setup);
            Row {
                event,
                setup,
                country,
                point: gazetteer.point(event.place, event.where_prec),
                start,
                end,
                is_active_year: dead_of_dyad[&dyad_year(event, setup)] >= 25,
            }
        })
        .collect();
    let mut columns = identity_columns(&rows);
    columns.extend(source_columns(&rows));
    columns.extend(place_columns(&rows));
    columns.extend(death_columns(&rows));
    TableData {
        name: "reported",
        meaning: "What observers would have reported, in the columns of UCDP GED v25.1.",
        columns,
    }
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

fn text<'a>(
    rows: &[Row<'a>],
    name: &'static str,
    meaning: &'static str,
    cell: impl Fn(&Row<'a>) -> String,
) -> OutputColumn {
    column(name, meaning, "1", OutputKind::Text, OutputCells::Text(rows.iter().map(|row| Some(cell(row))).collect()))
}

fn whole<'a>(
    rows: &[Row<'a>],
    name: &'static str,
    unit: &'static str,
    meaning: &'static str,
    cell: impl Fn(&Row<'a>) -> u32,
) -> OutputColumn {
    column(name, meaning, unit, OutputKind::Count, OutputCells::Whole(rows.iter().map(|row| Some(cell(row))).collect()))
}

fn column(
    name: &'static str,
    meaning: &'static str,
    unit: &'static str,
    kind: OutputKind,
    cells: OutputCells,
) -> OutputColumn {
    OutputColumn {
        name: name.into(),
        unit,
        meaning: meaning.into(),
        kind,
        nullable: false,
        cells,
    }
}

impl Row<'_> {
    fn side_a_id(&self) -> u32 {
        u32::from(self.event.side_a.0) + 1
    }

    /// Number of side B; UCDP's number of civilians where there is none.
    fn side_b_id(&self) -> u32 {
        self.event.side_b.map_or(9_999, |group| u32::from(group.0) + 1)
    }

    fn side_a(&self) -> &str {
        &self.setup.groups[self.event.side_a.idx()].name
    }

    fn side_b(&self) -> &str {
        self.event.side_b.map_or("Civilians", |group| &self.setup.groups[group.idx()].name)
    }

    fn dyad_id(&self) -> u32 {
        let side_b = self.event.side_b.map_or(99, |group| u32::from(group.0) + 1);
        self.event.violence as u32 * 10_000 + self.side_a_id() * 100 + side_b
    }

    fn dyad_name(&self) -> String {
        format!("{} - {}", self.side_a(), self.side_b())
    }

    /// All state-based violence belongs to one conflict over government; every
    /// other dyad is a conflict of its own.
    fn conflict_id(&self) -> u32 {
        match self.event.violence {
            Violence::StateBased => 10_000,
            Violence::NonState | Violence::OneSided => self.dyad_id(),
        }
    }

    fn conflict_name(&self) -> String {
        match self.event.violence {
            Violence::StateBased => format!("{}: Government", self.country.name),
            Violence::NonState | Violence::OneSided => self.dyad_name(),
        }
    }

    fn year(&self) -> u32 {
        self.start.ymd().0 as u32
    }

    fn gw_number(&self, group: Option<GroupId>) -> Option<u32> {
        let group = group?;
        (self.setup.groups[group.idx()].kind == GroupKind::State).then_some(self.country.gw_number)
    }
}

fn identity_columns(rows: &[Row<'_>]) -> Vec<OutputColumn> {
    vec![
        whole(rows, "id", "1", "Number of the true incident in its replicate.", |row| row.event.incident),
        text(rows, "relid", "Identifier made of year, type, dyad and incident.", |row| {
            let (kind, dyad) = (row.event.violence as u32, row.dyad_id());
            format!("SIM-{}-{kind}-{dyad}-{}", row.year(), row.event.incident)
        }),
        whole(rows, "year", "a", "Year.", Row::year),
        whole(rows, "active_year", "1", "1 where the dyad has 25 reported dead in the year.", |row| {
            u32::from(row.is_active_year)
        }),
        text(rows, "code_status", "Always Clear.", |_| "Clear".to_owned()),
        whole(rows, "type_of_violence", "1", "1 state-based, 2 non-state, 3 one-sided.", |row| {
            row.event.violence as u32
        }),
        whole(rows, "conflict_dset_id", "1", "As conflict_new_id.", Row::conflict_id),
        whole(rows, "conflict_new_id", "1", "Conflict, numbered by this program.", Row::conflict_id),
        text(rows, "conflict_name", "Conflict.", Row::conflict_name),
        whole(rows, "dyad_dset_id", "1", "As dyad_new_id.", Row::dyad_id),
        whole(rows, "dyad_new_id", "1", "Dyad, numbered by this program.", Row::dyad_id),
        text(rows, "dyad_name", "The two sides.", Row::dyad_name),
        whole(rows, "side_a_dset_id", "1", "As side_a_new_id.", Row::side_a_id),
        whole(rows, "side_a_new_id", "1", "Side A: position of the group in the scenario, from 1.", Row::side_a_id),
        text(rows, "side_a", "Side A.", |row| row.side_a().to_owned()),
        whole(rows, "side_b_dset_id", "1", "As side_b_new_id.", Row::side_b_id),
        whole(rows, "side_b_new_id", "1", "Side B, as side A; 9999 for civilians.", Row::side_b_id),
        text(rows, "side_b", "Side B.", |row| row.side_b().to_owned()),
    ]
}

fn source_columns(rows: &[Row<'_>]) -> Vec<OutputColumn> {
    vec![
        whole(rows, "number_of_sources", "1", "Number of sources.", |row| row.event.n_sources),
        text(rows, "source_article", "Says that the event is simulated.", |_| {
            "Simulated by Allegiance: not a report of a real event".to_owned()
        }),
        text(rows, "source_office", "Always Allegiance.", |_| "Allegiance".to_owned()),
        text(rows, "source_date", "First possible date.", |row| row.start.to_string()),
        text(rows, "source_headline", "Empty.", |_| String::new()),
        text(rows, "source_original", "Empty.", |_| String::new()),
    ]
}

fn place_columns(rows: &[Row<'_>]) -> Vec<OutputColumn> {
    fn place<'a>(row: &Row<'a>) -> &'a allegiance_model::setup::PlaceSetup {
        &row.setup.places[row.event.place.idx()]
    }
    let real = |name, meaning, cell: fn(&Row<'_>) -> f64| {
        let cells = OutputCells::Real(rows.iter().map(|row| Some(cell(row))).collect());
        column(name, meaning, "deg", OutputKind::Real, cells)
    };
    vec![
        whole(rows, "where_prec", "1", "1 exact, 2 within 25 km, 3 district, 4 governorate.", |row| {
            u32::from(row.event.where_prec)
        }),
        text(rows, "where_coordinates", "Name of the point reported.", |row| row.point.name.clone()),
        text(rows, "where_description", "As where_coordinates.", |row| row.point.name.clone()),
        text(rows, "adm_1", "Governorate.", |row| format!("{} governorate", place(row).governorate)),
        text(rows, "adm_2", "District; empty where the location is known by governorate only.", |row| {
            if row.event.where_prec == 4 {
                String::new()
            } else {
                format!("{} district", place(row).district)
            }
        }),
        real("latitude", "Latitude of the point reported.", |row| row.point.latitude_deg),
        real("longitude", "Longitude of the point reported.", |row| row.point.longitude_deg),
        text(rows, "geom_wkt", "The point reported, as well-known text.", |row| {
            format!("POINT ({} {})", row.point.longitude_deg, row.point.latitude_deg)
        }),
        whole(rows, "priogrid_gid", "1", "Cell of PRIO-GRID at the point reported.", |row| {
            priogrid_gid(row.point.latitude_deg, row.point.longitude_deg)
        }),
        text(rows, "country", "Country.", |row| row.country.name.clone()),
        whole(rows, "country_id", "1", "Gleditsch & Ward number of the country.", |row| row.country.gw_number),
        text(rows, "region", "Region.", |row| row.country.region.clone()),
    ]
}

fn death_columns(rows: &[Row<'_>]) -> Vec<OutputColumn> {
    let state = |name, meaning, side: fn(&Row<'_>) -> Option<GroupId>| OutputColumn {
        nullable: true,
        ..column(
            name,
            meaning,
            "1",
            OutputKind::Count,
            OutputCells::Whole(rows.iter().map(|row| row.gw_number(side(row))).collect()),
        )
    };
    let persons = |name, meaning, cell: fn(&ReportedEvent) -> u32| {
        whole(rows, name, "persons", meaning, move |row| cell(row.event))
    };
    vec![
        whole(rows, "event_clarity", "1", "2 where the date is no better than a month, else 1.", |row| {
            1 + u32::from(row.event.date_prec >= 3)
        }),
        whole(rows, "date_prec", "1", "1 day, 2 within a week, 3 within a month.", |row| {
            u32::from(row.event.date_prec)
        }),
        text(rows, "date_start", "First possible date.", |row| row.start.to_string()),
        text(rows, "date_end", "Last possible date.", |row| row.end.to_string()),
        persons("deaths_a", "Reported dead of side A.", |event| event.deaths_a),
        persons("deaths_b", "Reported dead of side B.", |event| event.deaths_b),
        persons("deaths_civilians", "Reported dead civilians.", |event| event.deaths_civilians),
        persons("deaths_unknown", "Reported dead of unknown side.", |event| event.deaths_unknown),
        persons("best", "Best estimate: the sum of the four.", ReportedEvent::best),
        persons("high", "Highest claim.", |event| event.high),
        persons("low", "Lowest plausible number.", |event| event.low),
        state("gwnoa", "Gleditsch & Ward number of side A, if it is a government.", |row| Some(row.event.side_a)),
        state("gwnob", "Gleditsch & Ward number of side B, if it is a government.", |row| row.event.side_b),
    ]
}
