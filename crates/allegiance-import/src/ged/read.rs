//! Reads a file of UCDP GED, row by row.

use std::collections::BTreeMap;
use std::path::Path;

use allegiance_record::observe::{RecordRow, Violence};

use allegiance_scenario::EVENTS;
use allegiance_scenario::csv_table::{self, CsvRow};
use allegiance_scenario::event_rows::{CIVILIANS, MAX_DEATHS, RowReader, parse_date};
use allegiance_scenario::problem::{Problem, Problems, Spot};
use allegiance_scenario::text_file::{self, ReadTextError};

/// Why a file couldn't be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadGedError {
    /// It can't be read as text.
    #[error(transparent)]
    Text(#[from] ReadTextError),
    /// Rows or the header are wrong.
    #[error("the table has problems")]
    Invalid(Vec<Problem>),
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

/// Reads a file in the official columns, in any order, plain or gzipped.
///
/// # Errors
/// See [`ReadGedError`]; problems of all rows come together.
pub fn read_ged(path: &Path) -> Result<Vec<GedEvent>, ReadGedError> {
    let text = read_text(path)?;
    let mut problems = Problems::default();
    let file_idx = problems.add_file(path.display().to_string());
    if let Some(found) = other_layout(&text) {
        problems
            .error(Spot { file_idx, line: 1 }, "the header", found)
            .allowed("all 49 columns are needed")
            .hint("rewrite the table in the layout of the data set; bench/scoring/official_layout.py does so for a table that lacks some");
        return Err(ReadGedError::Invalid(problems.into_sorted()));
    }
    let table = csv_table::read(&text, file_idx, &EVENTS, &mut problems);
    let mut reader = RowReader::new(&mut problems);
    let mut lines: BTreeMap<u64, u32> = BTreeMap::new();
    let mut events = Vec::with_capacity(table.rows.len());
    for row in table.rows {
        let spot = row.spot;
        let Some(event) = read_event(&mut reader, row) else { continue };
        if let Some(line) = lines.insert(event.row.id, event.line) {
            reader.refuse(spot, "id", format!("is {}, which line {line} has too", event.row.id), "must be unique");
        }
        events.push(event);
    }
    reader.count_more();
    if problems.has_errors() { Err(ReadGedError::Invalid(problems.into_sorted())) } else { Ok(events) }
}

/// What to say of a header that shares columns with the official one but lacks
/// too many to be listed one by one.
fn other_layout(text: &str) -> Option<String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().ok()?;
    let missing: Vec<&str> =
        EVENTS.names().into_iter().filter(|name| header.iter().all(|found| found.trim() != *name)).collect();
    let n_there = EVENTS.names().len() - missing.len();
    (n_there > 0 && missing.len() > MOST_MISSING).then(|| {
        let first = missing[..MOST_MISSING].join(", ");
        format!("has {n_there} of the columns of UCDP GED v25.1 and lacks {}: {first}, and others", missing.len())
    })
}

/// Missing columns that are still named one by one.
const MOST_MISSING: usize = 5;

/// The text of a table of UCDP GED, or of one that goes with it.
pub(super) fn read_text(path: &Path) -> Result<String, ReadTextError> {
    text_file::read_text(path, "a table of UCDP GED is CSV, plain or gzipped (unpack a zip first)")
}

/// Reads what observed mode reads, and the columns that it passes over.
fn read_event(reader: &mut RowReader<'_>, row: CsvRow) -> Option<GedEvent> {
    let base = reader.read(&row);
    let mut narrow = |column, high| whole(reader, &row, column, (1, high)).map(|value| value as u8);
    let (event_clarity, date_prec) = (narrow("event_clarity", 2), narrow("date_prec", 5));
    let year = whole(reader, &row, "year", (1, 9_999));
    let cell = whole(reader, &row, "priogrid_gid", (1, 259_200));
    let side_a_id = whole(reader, &row, "side_a_new_id", (0, u64::from(u32::MAX)));
    let side_b_id = whole(reader, &row, "side_b_new_id", (0, u64::from(u32::MAX)));
    let [best, high, low] = ["best", "high", "low"].map(|column| whole(reader, &row, column, (0, MAX_DEATHS)));
    let [gwno_a, gwno_b] = ["gwnoa", "gwnob"].map(|column| match reader.cell(&row, column) {
        "" => Some(None),
        _ => whole(reader, &row, column, (1, 9_999)).map(Some),
    });
    let [date_start, date_end] = ["date_start", "date_end"].map(|column| parse_date(reader.cell(&row, column)));
    let base = base?;
    if base.where_prec == 0 {
        reader.refuse(row.spot, "where_prec", "is empty".to_owned(), "must be a whole number from 1 to 7");
    }
    let text = |column: &str| reader.cell(&row, column).to_owned();
    let Spot { line, .. } = row.spot;
    let event = RecordRow {
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
        event_clarity: event_clarity?,
        date_prec: date_prec?,
        date_start: date_start?,
        date_end: date_end?,
        best: best?,
        high: high?,
        low: low?,
        gwno_a: gwno_a?,
        gwno_b: gwno_b?,
        side_a: base.side_a,
        side_b: base.side_b,
        where_prec: base.where_prec as u8,
        latitude_deg: base.latitude_deg,
        longitude_deg: base.longitude_deg,
        deaths_a: base.deaths_a,
        deaths_b: base.deaths_b,
        deaths_civilians: base.deaths_civilians,
        deaths_unknown: base.deaths_unknown,
    };
    Some(GedEvent { row: event, line, cells: row.cells })
}

fn whole(reader: &mut RowReader<'_>, row: &CsvRow, column: &'static str, bounds: (u64, u64)) -> Option<u32> {
    reader.whole(row, column, bounds).map(|value| value as u32)
}
