//! A reported record as an outsider reads it: the columns of UCDP GED that
//! inference may use, and nothing of what lies behind them.
//!
//! A synthetic record and one read from a file pass through the same columns,
//! so that inference can't see more of a synthetic war than of a real one.

use allegiance_model::calendar::Date;
use allegiance_model::setup::{GroupSetup, Setup};
use allegiance_record::observe::{RecordRow, Violence};
use allegiance_record::table::{OutputCells, TableData};
use std::collections::BTreeSet;

/// One reported event.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenEvent {
    /// Type of violence: 1 state-based, 2 non-state, 3 one-sided.
    pub violence: u32,
    /// Side A: position of the group in the scenario, from 1.
    pub side_a: u32,
    /// Side B, as side A; [`CIVILIANS`] where it is civilians.
    pub side_b: u32,
    /// Middle of the possible dates, in days from the start of the scenario.
    pub day: f64,
    /// The point reported, in millionths of a degree of latitude and longitude.
    pub point: [i64; 2],
    /// Precision of the location, 1 to 4.
    pub where_prec: u32,
    /// Reported dead of side A.
    pub deaths_a: u32,
    /// Reported dead of side B.
    pub deaths_b: u32,
    /// Reported dead civilians.
    pub deaths_civilians: u32,
    /// Reported dead of unknown side.
    pub deaths_unknown: u32,
    /// Lowest plausible number of dead.
    pub low: u32,
    /// Highest claimed number of dead.
    pub high: u32,
}

/// UCDP's number of civilians as a side.
pub const CIVILIANS: u32 = 9_999;

impl SeenEvent {
    /// Best estimate of the number of dead.
    pub fn best(&self) -> f64 {
        f64::from(self.deaths_a + self.deaths_b + self.deaths_civilians + self.deaths_unknown)
    }
}

/// Why the rows of a record can't be compared with a scenario's wars.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadRecordError {
    /// Sides that the scenario doesn't have.
    #[error(
        "the record names sides that the scenario doesn't have: {}; its groups are {}",
        unknown.join(", "), groups.join(", ")
    )]
    UnknownSides {
        /// The sides.
        unknown: Vec<String>,
        /// The scenario's groups.
        groups: Vec<String>,
    },
    /// No event falls into the scenario's days.
    #[error("none of the record's {n_rows} events falls into the scenario's days, {first} to {last}")]
    NoEvents {
        /// Rows of the record.
        n_rows: usize,
        /// First day of the scenario.
        first: Date,
        /// Last day.
        last: Date,
    },
}

/// The events of a record within a scenario's days, sides found by the names or
/// identifiers of its groups.
///
/// # Errors
/// See [`ReadRecordError`].
pub fn read_rows(rows: &[RecordRow], setup: &Setup) -> Result<Vec<SeenEvent>, ReadRecordError> {
    let group_of = |side: &str| {
        let is_it = |group: &GroupSetup| group.name.eq_ignore_ascii_case(side) || group.id.eq_ignore_ascii_case(side);
        setup.groups.iter().position(is_it).map(|at| at as u32 + 1)
    };
    let mut unknown = BTreeSet::new();
    let mut side = |name: &str| {
        group_of(name).unwrap_or_else(|| {
            unknown.insert(name.to_owned());
            0
        })
    };
    let mut events = Vec::new();
    for row in rows {
        let day = |date: Date| f64::from(date.days_since(setup.start));
        let middle = f64::midpoint(day(row.date_start), day(row.date_end));
        if !(0.0..f64::from(setup.n_days)).contains(&middle) {
            continue;
        }
        let micro = |degrees: f64| (degrees * 1e6).round() as i64;
        events.push(SeenEvent {
            violence: row.violence as u32,
            side_a: side(&row.side_a),
            side_b: if row.violence == Violence::OneSided { CIVILIANS } else { side(&row.side_b) },
            day: middle,
            point: [micro(row.latitude_deg), micro(row.longitude_deg)],
            where_prec: u32::from(row.where_prec),
            deaths_a: row.deaths_a,
            deaths_b: row.deaths_b,
            deaths_civilians: row.deaths_civilians,
            deaths_unknown: row.deaths_unknown,
            low: row.low,
            high: row.high,
        });
    }
    if !unknown.is_empty() {
        let groups = setup.groups.iter().map(|group| group.name.clone()).collect();
        return Err(ReadRecordError::UnknownSides { unknown: unknown.into_iter().collect(), groups });
    }
    if events.is_empty() && !rows.is_empty() {
        let last = setup.start.plus_days(setup.n_days.saturating_sub(1));
        return Err(ReadRecordError::NoEvents { n_rows: rows.len(), first: setup.start, last });
    }
    Ok(events)
}

/// Reads the table `reported` of a simulated war.
///
/// # Panics
/// Where the table lacks a column of UCDP GED, which is a bug.
pub fn read_reported(table: &TableData, setup: &Setup) -> Vec<SeenEvent> {
    let cells = |name: &str| {
        let column = table.columns.iter().find(|column| column.name == name);
        &column.expect("the reported table has every column of UCDP GED").cells
    };
    let whole = |name: &str| match cells(name) {
        OutputCells::Whole(cells) => cells.iter().map(|cell| cell.unwrap_or(0)).collect::<Vec<u32>>(),
        _ => unreachable!("{name} holds whole numbers"),
    };
    let micro = |name: &str| match cells(name) {
        OutputCells::Real(cells) => cells.iter().map(|cell| (cell.unwrap_or(0.0) * 1e6).round() as i64).collect(),
        _ => unreachable!("{name} holds real numbers"),
    };
    let days = |name: &str| match cells(name) {
        OutputCells::Text(cells) => {
            let date = |cell: &Option<String>| parse_date(cell.as_deref().unwrap_or_default());
            let day = |cell| f64::from(date(cell).expect("a reported date is a date").days_since(setup.start));
            cells.iter().map(day).collect::<Vec<f64>>()
        }
        _ => unreachable!("{name} holds dates"),
    };
    let [violence, side_a, side_b, where_prec] =
        ["type_of_violence", "side_a_new_id", "side_b_new_id", "where_prec"].map(whole);
    let [deaths_a, deaths_b, deaths_civilians, deaths_unknown, low, high] =
        ["deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "low", "high"].map(whole);
    let [latitude, longitude]: [Vec<i64>; 2] = ["latitude", "longitude"].map(micro);
    let [start, end] = ["date_start", "date_end"].map(days);
    let last_day = f64::from(setup.n_days);
    (0..violence.len())
        .map(|row| SeenEvent {
            violence: violence[row],
            side_a: side_a[row],
            side_b: side_b[row],
            day: f64::midpoint(start[row], end[row]),
            point: [latitude[row], longitude[row]],
            where_prec: where_prec[row],
            deaths_a: deaths_a[row],
            deaths_b: deaths_b[row],
            deaths_civilians: deaths_civilians[row],
            deaths_unknown: deaths_unknown[row],
            low: low[row],
            high: high[row],
        })
        .filter(|event| (0.0..last_day).contains(&event.day))
        .collect()
}

/// A date written as year, month and day with hyphens.
fn parse_date(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    Date::from_ymd(year, month, parts.next()?.parse().ok()?)
}
