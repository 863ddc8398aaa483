//! Reads a file of UCDP GED, row by row.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use allegiance_model::calendar::Date;
use allegiance_record::observe::{RecordRow, Violence};

use allegiance_scenario::csv_table::{count, first_names};
use allegiance_scenario::event_rows::{
    Asked, CIVILIANS, EventFile, MAX_DEATHS, OfficialRow, RowReader, Seen, parse_date, whole_of,
};
use allegiance_scenario::problem::{Problem, Problems, did_you_mean, list_choices};
use allegiance_scenario::text_file::{ReadTextError, read_text};

/// Why a file couldn't be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadGedError {
    /// It can't be read as text.
    #[error(transparent)]
    Text(#[from] ReadTextError),
    /// Rows or the header are wrong.
    #[error("the table has problems")]
    Invalid(Vec<Problem>),
    /// The file has nothing of what is asked for; the message says what it has.
    #[error("{0}")]
    Nothing(String),
}

/// Which events of a file are meant, and how it is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// Only events of this country, as the file spells it.
    pub country: Option<&'a str>,
    /// Only events whose middle day is this or later.
    pub from: Option<Date>,
    /// Only events whose middle day is this or earlier.
    pub to: Option<Date>,
    /// What is asked of the file.
    pub asked: Asked,
}

/// One event as its row states it.
#[derive(Debug, Clone, PartialEq)]
pub struct GedEvent {
    /// The event.
    pub row: RecordRow,
    /// Line in the file.
    pub line: u32,
    /// All 49 cells, in the official order.
    pub cells: Vec<String>,
}

impl GedEvent {
    /// Whether civilians alone are the target.
    pub fn is_one_sided(&self) -> bool {
        self.row.side_b == CIVILIANS
    }
}

/// What a file was, beside the events wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadNotes {
    /// What was made of the file and isn't as in the official one, each a
    /// clause.
    pub notes: Vec<String>,
    /// Events of another country or time.
    pub n_elsewhere: usize,
}

/// Reads every event of a file, in any layout in which the data set is handed
/// out, plain or gzipped.
///
/// # Errors
/// See [`ReadGedError`]; problems of all rows come together.
pub fn read_ged(path: &Path) -> Result<Vec<GedEvent>, ReadGedError> {
    Ok(read_wanted(path, Wanted::default())?.0)
}

/// Reads the events that are wanted, with their cells, and what else there was.
///
/// # Errors
/// See [`ReadGedError`].
pub fn read_wanted(path: &Path, wanted: Wanted<'_>) -> Result<(Vec<GedEvent>, ReadNotes), ReadGedError> {
    let mut events = Vec::new();
    let notes = visit_wanted(path, wanted, |row, cells| {
        let line = cells.spot.line;
        events.push(GedEvent { row, line, cells: cells.cells().map(str::to_owned).collect() });
    })?;
    Ok((events, notes))
}

/// Gives every event that is wanted, one after the other, so that a large file needs little memory.
///
/// # Errors
/// See [`ReadGedError`]; events that were given before one are then worth
/// nothing.
pub fn visit_wanted(
    path: &Path,
    wanted: Wanted<'_>,
    mut take: impl FnMut(RecordRow, &OfficialRow<'_>),
) -> Result<ReadNotes, ReadGedError> {
    let text = read_text(path)?;
    let mut problems = Problems::default();
    let file_idx = problems.add_file(path.display().to_string());
    let Some(file) = EventFile::read(Cow::Owned(text.text), text.encoding, file_idx, wanted.asked, &mut problems)
    else {
        return Err(ReadGedError::Invalid(problems.into_sorted()));
    };
    let mut reader = RowReader::new(&mut problems);
    let mut seen = Seen::default();
    let mut met = Met { first_line: file.first_line(), ..Met::default() };
    let mut rows = file.rows();
    while rows.advance(&mut reader) {
        met.n_rows += 1;
        let line = rows.range().line();
        if wanted.country.is_some_and(|country| met.is_elsewhere(rows.peek("country"), country, line)) {
            continue;
        }
        let mut row = rows.official();
        if wanted.asked.takes_years {
            met.n_undated += usize::from(take_year(&mut row));
        }
        row.complete();
        let Some(event) = read_event(&mut reader, &row) else { continue };
        if !seen.is_new(event.id, rows.range(), &file, &mut reader) {
            continue;
        }
        if met.is_in(event.middle(), wanted, line) {
            met.n_imprecise += usize::from(row.cell("where_prec").is_empty());
            if event.latitude_deg == 0.0 && event.longitude_deg == 0.0 {
                met.nowhere.push(format!("{} (line {})", event.id, row.spot.line));
            }
            take(event, &row);
        }
    }
    reader.count_more();
    if problems.has_errors() {
        return Err(ReadGedError::Invalid(problems.into_sorted()));
    }
    if let Some(nothing) = met.nothing(path, wanted) {
        return Err(ReadGedError::Nothing(nothing));
    }
    let mut notes = rows.notes();
    notes.extend(seen.note());
    notes.extend(met.note_of_nowhere());
    if met.n_undated > 0 {
        notes.push(format!("{} without a date: taken as of the whole year", count(met.n_undated, "event")));
    }
    if met.n_imprecise > 0 && file.has("where_prec") {
        notes.push(format!(
            "{} without where_prec: every such location counts as exact",
            count(met.n_imprecise, "event")
        ));
    }
    notes.extend(file.lacking().into_iter().map(|(name, instead)| format!("without {name}: {instead}")));
    Ok(ReadNotes { notes, n_elsewhere: met.n_elsewhere })
}

/// Gives a row with a year alone the first and the last day of it.
fn take_year(row: &mut OfficialRow<'_>) -> bool {
    let year = whole_of(row.cell("year")).filter(|year| (1..=9_999).contains(year));
    let Some(year) = year.filter(|_| row.cell("date_start").is_empty()) else { return false };
    row.set("date_start", format!("{year:04}-01-01"));
    row.set("date_end", format!("{year:04}-12-31"));
    if row.cell("date_prec").is_empty() {
        row.set("date_prec", "5".to_owned());
    }
    true
}

/// What a file was found to hold, wanted or not.
#[derive(Debug, Default)]
struct Met {
    n_rows: usize,
    n_elsewhere: usize,
    n_wanted: usize,
    countries: BTreeSet<String>,
    /// Events at latitude and longitude 0.
    nowhere: Vec<String>,
    /// Events of which only the year is known.
    n_undated: usize,
    /// Events with an empty `where_prec`.
    n_imprecise: usize,
    /// The first and last day of the country, and the line of its first row.
    days: Option<(Date, Date, u32)>,
    /// The line on which the table begins.
    first_line: u32,
    /// The line of the first row of another country.
    first_elsewhere: u32,
}

impl Met {
    fn note_of_nowhere(&self) -> Option<String> {
        let n_events = self.nowhere.len();
        (n_events > 0).then(|| {
            let named = first_names(&self.nowhere);
            format!("{} at latitude and longitude 0, off Africa: {named}", count(n_events, "event"))
        })
    }

    fn is_elsewhere(&mut self, found: &str, wanted: &str, line: u32) -> bool {
        let is_elsewhere = found != wanted;
        self.n_elsewhere += usize::from(is_elsewhere);
        if is_elsewhere && self.countries.is_empty() {
            self.first_elsewhere = line;
        }
        if is_elsewhere && !self.countries.contains(found) {
            self.countries.insert(found.to_owned());
        }
        is_elsewhere
    }

    fn is_in(&mut self, day: Date, wanted: Wanted<'_>, line: u32) -> bool {
        let alone = (day, day, line);
        self.days = Some(self.days.map_or(alone, |(first, last, line)| (first.min(day), last.max(day), line)));
        let is_in = wanted.from.is_none_or(|from| from <= day) && wanted.to.is_none_or(|to| day <= to);
        *(if is_in { &mut self.n_wanted } else { &mut self.n_elsewhere }) += 1;
        is_in
    }

    /// What to say where nothing is wanted of what is there.
    fn nothing(&self, path: &Path, wanted: Wanted<'_>) -> Option<String> {
        let shown = path.display();
        match (wanted.country, self.days) {
            _ if self.n_wanted > 0 => None,
            _ if self.n_rows == 0 => Some(format!("{shown}:{}: has a header but no rows", self.first_line)),
            (Some(country), None) => Some(no_such_country(path, self.first_elsewhere, country, &self.countries)),
            (_, Some((first, last, line))) => {
                let of = wanted.country.map_or_else(String::new, |country| format!(" of {country}"));
                let from = wanted.from.map_or_else(String::new, |from| format!(" from {from}"));
                let to = wanted.to.map_or_else(String::new, |to| format!(" to {to}"));
                Some(format!("{shown}:{line}: has no event{of}{from}{to}; it has them from {first} to {last}"))
            }
            (None, None) => None,
        }
    }
}

/// What to say of a country that a file doesn't have; `line` is that of the first row of another.
pub(crate) fn no_such_country(path: &Path, line: u32, country: &str, countries: &BTreeSet<String>) -> String {
    let names: Vec<&str> = countries.iter().map(String::as_str).collect();
    let hint = did_you_mean(country, &names).map_or_else(String::new, |hint| format!("; {hint}"));
    format!(
        "{}:{line}: has no event of the country {country:?}; {}{hint}",
        path.display(),
        list_choices("its countries", &names)
    )
}

/// Reads what observed mode reads, and the columns that it passes over.
fn read_event(reader: &mut RowReader<'_>, row: &OfficialRow<'_>) -> Option<RecordRow> {
    let base = reader.read(row);
    let mut whole = |column, low, high| reader.whole(row, column, (low, high)).map(|value| value as u32);
    let (event_clarity, date_prec) = (whole("event_clarity", 1, 2), whole("date_prec", 1, 5));
    let year = whole("year", 1, 9_999);
    let cell = whole("priogrid_gid", 1, 259_200);
    let [side_a_id, side_b_id] = ["side_a_new_id", "side_b_new_id"].map(|column| whole(column, 0, u64::from(u32::MAX)));
    let [best, high, low] = ["best", "high", "low"].map(|column| whole(column, 0, MAX_DEATHS));
    let [gwno_a, gwno_b] = ["gwnoa", "gwnob"].map(|column| match row.cell(column) {
        "" => Some(None),
        _ => whole(column, 1, 9_999).map(Some),
    });
    let [date_start, date_end] = ["date_start", "date_end"].map(|column| parse_date(row.cell(column)));
    let base = base?;
    let text = |column: &str| row.cell(column).to_owned();
    Some(RecordRow {
        id: base.id,
        relid: text("relid"),
        year: year?,
        violence: Violence::from_code(u32::from(base.type_of_violence))?,
        dyad_name: text("dyad_name"),
        side_a_id: side_a_id?,
        side_b_id: side_b_id?,
        adm_1: text("adm_1"),
        adm_2: text("adm_2"),
        priogrid_gid: cell?,
        country: text("country"),
        region: text("region"),
        event_clarity: event_clarity? as u8,
        date_prec: date_prec? as u8,
        date_start: date_start?,
        date_end: date_end?,
        best: best?,
        high: high?,
        low: low?,
        gwno_a: gwno_a?,
        gwno_b: gwno_b?,
        side_a: base.side_a.to_string(),
        side_b: base.side_b.to_string(),
        // Where nothing is said, locations are exact as far as anyone knows.
        where_prec: base.where_prec.max(1) as u8,
        latitude_deg: base.latitude_deg,
        longitude_deg: base.longitude_deg,
        deaths_a: base.deaths_a,
        deaths_b: base.deaths_b,
        deaths_civilians: base.deaths_civilians,
        deaths_unknown: base.deaths_unknown,
    })
}
