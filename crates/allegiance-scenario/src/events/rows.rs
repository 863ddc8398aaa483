//! Rows of an event table as they stand, cell by cell.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use allegiance_model::calendar::Date;

use super::dates::is_time;
use super::official::OfficialRow;
use super::table::{Asked, EventFile, RowRange};
use crate::csv_table::{self, number_hint, whole_hint, with_hint};
use crate::places::TableFile;
use crate::problem::{Problems, Spot};

/// More dead than any event of the data set has.
pub const MAX_DEATHS: u64 = 1_000_000;
/// Mistakes in one column that are listed; the others are counted.
const MOST_LISTED: usize = 3;
/// The side that one-sided violence is directed at.
pub const CIVILIANS: &str = "Civilians";
/// The type of one-sided violence.
const ONE_SIDED: u8 = 3;

/// One event as its row states it.
#[derive(Debug)]
pub struct EventRow {
    /// Where it stands.
    pub spot: Spot,
    /// Identifier.
    pub id: u64,
    /// 1 state-based, 2 non-state, 3 one-sided.
    pub type_of_violence: u8,
    /// Name of side A.
    pub side_a: Arc<str>,
    /// Name of side B.
    pub side_b: Arc<str>,
    /// Precision of the location, 1 the point itself to 7; 0 where not stated.
    pub where_prec: u64,
    /// The location in words; may be empty.
    pub place_name: Arc<str>,
    /// Degrees north.
    pub latitude_deg: f64,
    /// Degrees east.
    pub longitude_deg: f64,
    /// The middle of the days on which it may have happened.
    pub date: Date,
    /// Dead of side A.
    pub deaths_a: u32,
    /// Dead of side B.
    pub deaths_b: u32,
    /// Dead civilians.
    pub deaths_civilians: u32,
    /// Dead of unknown side.
    pub deaths_unknown: u32,
}

impl EventRow {
    /// Whether civilians alone are the target.
    pub fn is_one_sided(&self) -> bool {
        self.type_of_violence == ONE_SIDED
    }
}

/// Reads every row that is right, adding what is wrong with the others.
pub(crate) fn read_rows(file: &TableFile, problems: &mut Problems) -> Vec<EventRow> {
    let asked = Asked { is_of_one_country: true, ..Asked::default() };
    let Some(file) = EventFile::read(Cow::Borrowed(file.text.as_str()), None, file.file_idx, asked, problems) else {
        return Vec::new();
    };
    let mut reader = RowReader::new(problems);
    let mut rows: Vec<EventRow> = Vec::new();
    let mut seen = Seen::default();
    let mut records = file.rows();
    let mut is_bare = true;
    while records.advance(&mut reader) {
        is_bare = false;
        let mut record = records.official();
        record.complete();
        let Some(row) = reader.read(&record) else {
            continue;
        };
        if seen.is_new(row.id, records.range(), &file, &mut reader) {
            rows.push(row);
        }
    }
    reader.count_more();
    let spot = Spot { file_idx: file.file_idx(), line: 0 };
    if let Some(note) = seen.note() {
        problems.warning(spot, "", note);
    }
    if is_bare && !problems.has_errors() {
        problems.error(Spot { file_idx: file.file_idx(), line: 1 }, "", "has a header but no rows");
    }
    rows
}

/// The identifiers that were read, each with its row.
#[derive(Debug, Default)]
pub struct Seen {
    rows: BTreeMap<u64, RowRange>,
    /// Rows that say again what an earlier one says, cell by cell.
    pub n_again: usize,
}

impl Seen {
    /// Whether a row is the first of its identifier. One that equals the first is counted, and
    /// one that doesn't is a mistake.
    pub fn is_new(&mut self, id: u64, at: RowRange, file: &EventFile<'_>, reader: &mut RowReader<'_>) -> bool {
        let Some(&first) = self.rows.get(&id) else {
            self.rows.insert(id, at);
            return true;
        };
        let is_same = file.is_same_text(first, at)
            || file.with_row(first, |first| file.with_row(at, |again| first.cells().eq(again.cells())));
        if is_same {
            self.n_again += 1;
        } else {
            let found = format!("is {id}, which line {} has too", first.line());
            reader.refuse(Spot { file_idx: file.file_idx(), line: at.line() }, "id", found, "must be unique");
        }
        false
    }

    /// What to say of rows that came again.
    pub fn note(&self) -> Option<String> {
        let rows = csv_table::count(self.n_again, "row");
        (self.n_again > 0).then(|| format!("{rows} like an earlier one, cell by cell, passed over"))
    }
}

/// Reads cells, and adds a problem for each that is wrong.
#[derive(Debug)]
pub struct RowReader<'p> {
    /// By column: how many cells are wrong, and where the first unlisted is.
    mistakes: BTreeMap<&'static str, (usize, Spot)>,
    /// Texts that come again in many rows.
    texts: BTreeSet<Arc<str>>,
    problems: &'p mut Problems,
}

impl<'p> RowReader<'p> {
    /// A reader that tells of what is wrong.
    pub fn new(problems: &'p mut Problems) -> Self {
        Self { mistakes: BTreeMap::new(), texts: BTreeSet::new(), problems }
    }

    /// The row, unless something is wrong with it.
    pub fn read(&mut self, row: &OfficialRow<'_>) -> Option<EventRow> {
        let id = self.whole(row, "id", (0, u64::MAX));
        let kind = self.whole(row, "type_of_violence", (1, 3));
        let side_a = self.text(row, "side_a");
        let side_b = self.text(row, "side_b");
        let where_prec = match row.cell("where_prec") {
            "" => Some(0),
            _ => self.whole(row, "where_prec", (1, 7)),
        };
        let latitude_deg = self.number(row, "latitude", 90.0);
        let longitude_deg = self.number(row, "longitude", 180.0);
        let date = self.middle_day(row);
        let deaths_a = self.deaths(row, "deaths_a");
        let deaths_b = self.deaths(row, "deaths_b");
        let deaths_civilians = self.deaths(row, "deaths_civilians");
        let deaths_unknown = self.deaths(row, "deaths_unknown");
        let place_name = self.shared(row.cell("where_coordinates"));
        let type_of_violence = kind? as u8;
        let is_one_sided = type_of_violence == ONE_SIDED;
        let (side_a, side_b) = (side_a?, side_b?);
        if is_one_sided != (&*side_b == CIVILIANS) {
            let found = format!("is {side_b:?} where type_of_violence is {type_of_violence}");
            let allowed = "must be Civilians where it is 3, and only there";
            self.refuse(row.spot, "side_b", found, allowed);
            return None;
        }
        Some(EventRow {
            spot: row.spot,
            id: id?,
            type_of_violence,
            side_a,
            side_b,
            where_prec: where_prec?,
            place_name,
            latitude_deg: latitude_deg?,
            longitude_deg: longitude_deg?,
            date: date?,
            deaths_a: deaths_a?,
            deaths_b: deaths_b?,
            deaths_civilians: deaths_civilians?,
            deaths_unknown: deaths_unknown?,
        })
    }

    /// Adds a problem, unless its column has had its share of them.
    pub fn refuse(&mut self, spot: Spot, column: &'static str, found: String, allowed: &str) {
        let (n_before, first_unlisted) = self.mistakes.entry(column).or_insert((0, spot));
        *n_before += 1;
        if *n_before <= MOST_LISTED {
            self.problems.error(spot, column, found).allowed(allowed);
        } else if *n_before == MOST_LISTED + 1 {
            *first_unlisted = spot;
        }
    }

    /// Says how many mistakes weren't listed.
    pub fn count_more(&mut self) {
        for (&column, &(n_all, spot)) in &self.mistakes {
            if n_all > MOST_LISTED {
                let n_more = n_all - MOST_LISTED;
                let rows = csv_table::count(n_more, "more row");
                self.problems.error(spot, column, format!("is wrong in {rows} from here on"));
            }
        }
    }

    /// A text, shared with all rows that have the same.
    pub fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.texts.insert(Arc::clone(&new));
        new
    }

    fn text(&mut self, row: &OfficialRow<'_>, column: &'static str) -> Option<Arc<str>> {
        let cell = row.cell(column);
        if cell.is_empty() {
            let allowed = "must be the name of a side";
            self.refuse(row.spot, column, "is empty".to_owned(), allowed);
            return None;
        }
        Some(self.shared(cell))
    }

    /// Reads a whole number, which the data set may write with a fraction of
    /// zero, such as `300380.0`.
    pub fn whole(&mut self, row: &OfficialRow<'_>, column: &'static str, (low, high): (u64, u64)) -> Option<u64> {
        let cell = row.cell(column);
        match whole_of(cell) {
            Some(whole) if (low..=high).contains(&whole) => Some(whole),
            _ => {
                let allowed = if high == u64::MAX {
                    "must be a whole number".to_owned()
                } else {
                    format!("must be a whole number from {low} to {high}")
                };
                self.refuse(row.spot, column, describe(cell), &with_hint(allowed, whole_hint(cell)));
                None
            }
        }
    }

    /// A count of deaths, at most [`MAX_DEATHS`].
    pub fn deaths(&mut self, row: &OfficialRow<'_>, column: &'static str) -> Option<u32> {
        let deaths = self.whole(row, column, (0, MAX_DEATHS))?;
        Some(deaths as u32)
    }

    fn number(&mut self, row: &OfficialRow<'_>, column: &'static str, high: f64) -> Option<f64> {
        let cell = row.cell(column);
        match cell.parse::<f64>() {
            Ok(number) if (-high..=high).contains(&number) => Some(number),
            _ => {
                let allowed = format!("must be a number from -{high} to {high}");
                self.refuse(row.spot, column, describe(cell), &with_hint(allowed, number_hint(cell)));
                None
            }
        }
    }

    /// The middle of the days from `date_start` to `date_end`, the earlier of
    /// two.
    fn middle_day(&mut self, row: &OfficialRow<'_>) -> Option<Date> {
        let (start, end) = (self.date(row, "date_start"), self.date(row, "date_end"));
        let (start, end) = (start?, end?);
        let n_nights = end.days_since(start);
        if n_nights < 0 {
            let found = format!("is {end}, before date_start, {start}");
            self.refuse(row.spot, "date_end", found, "must be that day or later");
            return None;
        }
        Some(start.plus_days(n_nights as u32 / 2))
    }

    /// Reads a date; a time after it is ignored.
    pub fn date(&mut self, row: &OfficialRow<'_>, column: &'static str) -> Option<Date> {
        let cell = row.cell(column);
        let date = parse_date(cell);
        if date.is_none() {
            let allowed = "must be a date of the calendar such as 2014-01-12";
            self.refuse(row.spot, column, describe(cell), allowed);
        }
        date
    }
}

/// A whole number, which some programs write with a fraction of zero, and R as `1e+05`. What may
/// be thousands, such as `12.000`, is none.
pub fn whole_of(cell: &str) -> Option<u64> {
    if cell.contains(['e', 'E']) {
        let number: f64 = cell.parse().ok()?;
        return (number.fract() == 0.0 && (0.0..=MOST_EXACT).contains(&number)).then_some(number as u64);
    }
    let Some((digits, zeros)) = cell.split_once('.') else { return cell.parse().ok() };
    let is_zero = zeros.bytes().all(|byte| byte == b'0');
    let may_be_thousands = zeros.len() == 3 && digits.len() <= 3 && digits != "0";
    digits.parse().ok().filter(|_| is_zero && !may_be_thousands)
}

/// Up to here every whole number is one of the floating-point numbers.
const MOST_EXACT: f64 = 9e15;

fn describe(cell: &str) -> String {
    if cell.is_empty() { "is empty".to_owned() } else { format!("is {cell:?}") }
}

/// A date at the head of a cell.
pub fn parse_date(cell: &str) -> Option<Date> {
    let (date, rest) = cell.split_at_checked(10)?;
    if !is_time(rest) {
        return None;
    }
    let mut parts = date.split('-');
    let mut part = |n_digits: usize| {
        parts
            .next()
            .filter(|part| part.len() == n_digits && part.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|part| part.parse::<u32>().ok())
    };
    let (year, month, day) = (part(4)?, part(2)?, part(2)?);
    Date::from_ymd(year as i32, month, day)
}

#[cfg(test)]
mod tests {
    use super::{parse_date, whole_of};

    #[test]
    fn whole_numbers_as_programs_write_them() {
        for (cell, number) in [("0", 0), ("17", 17), ("300380.0", 300_380), ("300380.000", 300_380), ("5.", 5)] {
            assert_eq!(whole_of(cell), Some(number), "{cell}");
        }
        for (cell, number) in [("1e+05", 100_000), ("2E3", 2_000), ("1.5e1", 15), ("0.000", 0)] {
            assert_eq!(whole_of(cell), Some(number), "{cell}");
        }
        for cell in ["", "1.000", "12.000", "1.5", "-1", "1e-1", "1,000", "1e400", "e", "nan", "1e", "inf"] {
            assert_eq!(whole_of(cell), None, "{cell}");
        }
    }

    #[test]
    fn dates_with_and_without_a_time() {
        let date = |text| parse_date(text).map(|date| date.to_string());
        let new_year = Some("2014-01-01".to_owned());
        assert_eq!(date("2014-01-01"), new_year);
        assert_eq!(date("2014-01-01 00:00:00.000"), new_year);
        assert_eq!(date("2014-01-01T00:00:00Z"), new_year);
        for text in ["", "2014", "2014-02-30", "2014-1-01x", "2014-01-01x", "01/02/2014", "+014-01-01", "2014-01-0é"] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
