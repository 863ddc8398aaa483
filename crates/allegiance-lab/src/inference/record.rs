//! A reported record as an outsider reads it: the columns of UCDP GED that
//! inference may use, and nothing of what lies behind them.
//!
//! A synthetic record and one read from a file pass through the same columns,
//! so that inference can't see more of a synthetic war than of a real one.

use crate::output::table::{OutputCells, TableData};
use allegiance_model::calendar::Date;

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

/// The columns of UCDP GED that a record is read from: whole numbers.
pub(crate) const WHOLE_COLUMNS: [&str; 10] = [
    "type_of_violence",
    "side_a_new_id",
    "side_b_new_id",
    "where_prec",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "low",
    "high",
];

/// The cells of a record, column by column: [`WHOLE_COLUMNS`] in order,
/// latitude and longitude in degrees, first and last possible date.
#[derive(Debug, Default)]
pub(crate) struct RecordColumns {
    pub(crate) whole: [Vec<u32>; 10],
    pub(crate) degrees: [Vec<f64>; 2],
    pub(crate) dates: [Vec<Date>; 2],
}

impl RecordColumns {
    /// The events, in order.
    pub(crate) fn events(&self, start: Date) -> Vec<SeenEvent> {
        let micro = |degrees: f64| (degrees * 1e6).round() as i64;
        (0..self.whole[0].len())
            .map(|row| {
                let whole = |column: usize| self.whole[column][row];
                let day = |column: usize| f64::from(self.dates[column][row].days_since(start));
                SeenEvent {
                    violence: whole(0),
                    side_a: whole(1),
                    side_b: whole(2),
                    day: f64::midpoint(day(0), day(1)),
                    point: [micro(self.degrees[0][row]), micro(self.degrees[1][row])],
                    where_prec: whole(3),
                    deaths_a: whole(4),
                    deaths_b: whole(5),
                    deaths_civilians: whole(6),
                    deaths_unknown: whole(7),
                    low: whole(8),
                    high: whole(9),
                }
            })
            .collect()
    }
}

/// Reads the table `reported` of a simulated war.
///
/// # Panics
/// Where the table lacks a column of UCDP GED, which is a bug.
pub fn read_reported(table: &TableData, start: Date) -> Vec<SeenEvent> {
    let cells = |name: &str| {
        let column = table.columns.iter().find(|column| column.name == name);
        &column.expect("the reported table has every column of UCDP GED").cells
    };
    let whole = |name: &str| match cells(name) {
        OutputCells::Whole(cells) => cells.iter().map(|cell| cell.unwrap_or(0)).collect(),
        _ => unreachable!("{name} holds whole numbers"),
    };
    let degrees = |name: &str| match cells(name) {
        OutputCells::Real(cells) => cells.iter().map(|cell| cell.unwrap_or(0.0)).collect(),
        _ => unreachable!("{name} holds real numbers"),
    };
    let dates = |name: &str| match cells(name) {
        OutputCells::Text(cells) => {
            let parse = |cell: &Option<String>| parse_date(cell.as_deref().unwrap_or_default());
            cells.iter().map(|cell| parse(cell).expect("a reported date is a date")).collect()
        }
        _ => unreachable!("{name} holds dates"),
    };
    let columns = RecordColumns {
        whole: WHOLE_COLUMNS.map(whole),
        degrees: ["latitude", "longitude"].map(degrees),
        dates: ["date_start", "date_end"].map(dates),
    };
    columns.events(start)
}

/// A date written as year, month and day with hyphens.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    Date::from_ymd(year, month, parts.next()?.parse().ok()?)
}
