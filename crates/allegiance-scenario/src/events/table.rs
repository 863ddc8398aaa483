//! Reads event files in the layouts in which their publishers and common
//! programs hand them out.
//!
//! A file may have more columns than the 49 official ones, or fewer; a row of
//! HXL tags below its header; an empty cell at the end of every row; row
//! numbers in front, with or without a name; no header at all, where its columns
//! are in the official order; semicolons, tabs or bars for commas; dates with
//! the month or the day first; and `NA` where nothing is known. Whatever was made of it is
//! told by [`EventRows::notes`].

use std::borrow::Cow;
use std::ops::Range;

use super::columns::{NEEDED, STAND_INS, official, other_data, plain_name, position};
use super::dates::{DateOrder, YearLast, year_first};
use super::official::OfficialRow;
use super::rows::{RowReader, parse_date, whole_of};
use crate::csv_rows::{CsvRows, Opening, RowSplitter};
use crate::csv_table::{count, first_names, no_table, other_length};
use crate::format::EVENTS;
use crate::problem::{Problems, Spot, one_line};

/// Official names that make a first row a header.
const ENOUGH_NAMES: usize = 3;
/// Row numbers in front of rows without a header, at most.
const MOST_IN_FRONT: usize = 2;
/// Columns that a file without a header may lack at its end, which are those of country codes.
const MOST_LACKING: usize = 2;
/// Positions of official columns, as they are written into rows.
const N_COLUMNS: usize = EVENTS.columns.len();
/// What stands for nothing in tables of R and Python.
const NOTHING: &[&str] = &["NA", "N/A", "NaN", "nan", "<NA>", "NULL", "null", "None", "NaT"];

/// What a reader asks of an event file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked {
    /// The order of day and month, where the file doesn't tell it.
    pub dates: Option<DateOrder>,
    /// Whether the column of the country isn't needed.
    pub is_of_one_country: bool,
    /// Whether events count of which only the year is known, as of all its days.
    pub takes_years: bool,
}

/// An event file in memory, and how its rows become official ones.
#[derive(Debug)]
pub struct EventFile<'t> {
    text: Cow<'t, str>,
    opening: Opening,
    file_idx: usize,
    /// Where each official column stands.
    columns: Vec<Option<usize>>,
    /// How many cells a row has.
    n_cells: usize,
    has_header: bool,
    /// Cells in front of every row that the header doesn't name.
    n_in_front: usize,
    /// Whether rows end in a separator, behind which an empty cell follows.
    may_end_empty: bool,
    /// Columns of the file that are no official ones.
    unknown: Vec<String>,
    dates: Option<DateOrder>,
    encoding: Option<&'static str>,
}

/// Where a row stands in the text of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowRange {
    start: usize,
    len: u32,
    line: u32,
}

impl RowRange {
    /// The line on which the row begins.
    pub fn line(self) -> u32 {
        self.line
    }

    fn range(self) -> Range<usize> {
        self.start..self.start + self.len as usize
    }
}

impl<'t> EventFile<'t> {
    /// Finds the layout of a file; what is wrong with it is added to the problems.
    pub fn read(
        text: Cow<'t, str>,
        encoding: Option<&'static str>,
        file_idx: usize,
        asked: Asked,
        problems: &mut Problems,
    ) -> Option<Self> {
        if text.trim().is_empty() {
            problems
                .error(Spot { file_idx, line: 0 }, "", "is empty")
                .allowed("must be a table of UCDP GED with a header");
            return None;
        }
        if let Some(found) = no_table(&text) {
            let line = text.lines().take_while(|line| line.trim().is_empty()).count() as u32 + 1;
            problems.error(Spot { file_idx, line }, "", found).allowed("must be a table of UCDP GED with a header");
            return None;
        }
        let opening = Opening::of(&text, |cell| official(cell).is_some());
        let mut file = Self {
            text,
            opening,
            file_idx,
            columns: vec![None; N_COLUMNS],
            n_cells: 0,
            has_header: true,
            n_in_front: 0,
            may_end_empty: false,
            unknown: Vec::new(),
            dates: None,
            encoding,
        };
        file.read_header(asked, problems)?;
        file.find_rows_in_front();
        file.find_dates(asked, problems)?;
        Some(file)
    }

    /// Its position among the files of a document.
    pub(super) fn file_idx(&self) -> usize {
        self.file_idx
    }

    /// The line on which the table begins.
    pub fn first_line(&self) -> u32 {
        let mut rows = self.csv_rows();
        rows.advance();
        self.line_of(&rows)
    }

    /// Whether the file has an official column.
    pub fn has(&self, column: &str) -> bool {
        self.columns[position(column)].is_some()
    }

    /// The useful columns that the file lacks, and what stands in for each.
    pub fn lacking(&self) -> Vec<(&'static str, &'static str)> {
        STAND_INS.iter().copied().filter(|(name, _)| !self.has(name)).collect()
    }

    /// The rows, from the first.
    pub fn rows(&self) -> EventRows<'_> {
        EventRows { file: self, rows: self.csv_rows(), is_first: self.has_header, n_tags: 0, n_headers: 0, n_blank: 0 }
    }

    /// Does something with a row that was read before.
    ///
    /// # Panics
    /// Where the range is none of this file.
    pub fn with_row<R>(&self, at: RowRange, use_row: impl FnOnce(OfficialRow<'_>) -> R) -> R {
        use_row(self.again().row(at))
    }

    /// Reads rows again, one after the other.
    pub fn again(&self) -> RowsAgain<'_> {
        RowsAgain { file: self, splitter: RowSplitter::new(self.opening.separator) }
    }

    /// Forgets the text but for some rows, which are moved together, so that a
    /// large file leaves the memory. [`Self::with_row`] alone may be used after that.
    pub fn keep_only<'r>(&mut self, ranges: impl Iterator<Item = &'r mut RowRange>) {
        let mut text = std::mem::take(&mut self.text).into_owned().into_bytes();
        let mut n_kept = 0;
        // In their order each row moves towards the beginning, so that no second text is needed.
        for range in ranges {
            debug_assert!(n_kept <= range.start, "rows in the order of the file");
            text.copy_within(range.range(), n_kept);
            range.start = n_kept;
            n_kept += range.len as usize;
        }
        text.truncate(n_kept);
        text.shrink_to_fit();
        self.text = Cow::Owned(String::from_utf8(text).expect("whole rows of a text are text"));
    }

    /// Whether two rows are the same text, byte by byte.
    pub(super) fn is_same_text(&self, a: RowRange, b: RowRange) -> bool {
        self.text[a.range()] == self.text[b.range()]
    }

    fn csv_rows(&self) -> CsvRows<'_> {
        CsvRows::new(&self.text[self.opening.start..], self.opening.separator)
    }

    /// Finds the columns by the first row, or by the kinds of its cells.
    fn read_header(&mut self, asked: Asked, problems: &mut Problems) -> Option<()> {
        let mut rows = self.csv_rows();
        rows.advance();
        let header: Vec<String> = rows.cells().map(str::to_owned).collect();
        let spot = Spot { file_idx: self.file_idx, line: self.line_of(&rows) };
        if let Some(found) = other_data(&header) {
            problems.error(spot, "the header", found);
            return None;
        }
        let mut columns = vec![None; N_COLUMNS];
        for (at, name) in header.iter().enumerate() {
            if let Some(column) = official(name) {
                // The official name wins over another of the same column, and the first over a second.
                let is_own = plain_name(name) == EVENTS.columns[column].name;
                if columns[column].is_none_or(|first: usize| is_own && official_name(&header[first]) != Some(column)) {
                    columns[column] = Some(at);
                }
            }
        }
        let n_named = columns.iter().flatten().count();
        if n_named < ENOUGH_NAMES {
            let Some(n_in_front) = (0..=MOST_IN_FRONT).find(|&front| is_row_of_events(&header, front)) else {
                refuse_header(&header, n_named, spot, problems);
                return None;
            };
            let is_there = |at: usize| (n_in_front + at < header.len()).then_some(n_in_front + at);
            self.columns = (0..N_COLUMNS).map(is_there).collect();
            self.n_cells = header.len();
            self.has_header = false;
            return Some(());
        }
        let unknown = header.iter().filter(|name| official(name).is_none() && !name.is_empty());
        self.unknown = unknown.map(|name| one_line(name).into_owned()).collect();
        self.columns = columns;
        self.n_cells = header.len();
        self.refuse_missing(asked, spot, problems)
    }

    fn refuse_missing(&self, asked: Asked, spot: Spot, problems: &mut Problems) -> Option<()> {
        let is_needed = |name: &&&str| !(asked.is_of_one_country && **name == "country");
        let needed: Vec<&str> = NEEDED.iter().filter(is_needed).copied().collect();
        let mut missing: Vec<String> =
            needed.iter().filter(|name| !self.has(name)).map(|name| format!("{name:?}")).collect();
        if !self.has("date_start") && !self.has("year") {
            missing.push("\"date_start\" (or at least \"year\")".to_owned());
        }
        if missing.is_empty() {
            return Some(());
        }
        let noun = if missing.len() == 1 { "column" } else { "columns" };
        problems
            .error(spot, "the header", format!("lacks the {noun} {}", missing.join(", ")))
            .allowed(format!("needed are {}, and date_start and date_end or year, named as in UCDP GED", needed.join(", ")))
            .hint("rename the columns of the file, or add what is missing; deaths that nobody counted apart are 0 in deaths_a and deaths_b and stand in deaths_unknown");
        None
    }

    /// Finds row numbers that the header doesn't name: every row is longer by
    /// one, and reads as an event only from its second cell on.
    fn find_rows_in_front(&mut self) {
        if !self.has_header {
            return;
        }
        let ends_empty = self.csv_rows().ends_empty(self.n_cells);
        let mut rows = self.csv_rows();
        rows.advance();
        let n_in_front = usize::from(rows.has_row_names(self.n_cells, |rows, front| self.n_right(rows, front)));
        (self.may_end_empty, self.n_in_front) = (ends_empty, n_in_front);
    }

    /// How many cells of a row are what their column says, where so many stand in front.
    fn n_right(&self, rows: &CsvRows<'_>, n_in_front: usize) -> usize {
        let cell = |column: &str| self.columns[position(column)].map_or("", |at| rows.cell(at + n_in_front));
        let within = |column: &str, bound: f64| cell(column).parse::<f64>().is_ok_and(|number| number.abs() <= bound);
        let is_date = || parse_date(cell("date_start")).is_some() || YearLast::read(cell("date_start")).is_some();
        let is_id = whole_of(cell("id")).is_some();
        let is_year = whole_of(cell("year")).is_some_and(|year| (1900..2200).contains(&year));
        [is_id, is_year, within("latitude", 90.0), within("longitude", 180.0), is_date()]
            .into_iter()
            .map(usize::from)
            .sum()
    }

    /// Finds in which order dates are written that don't begin with the year.
    fn find_dates(&mut self, asked: Asked, problems: &mut Problems) -> Option<()> {
        let Some(at) = self.columns[position("date_start")] else { return Some(()) };
        let at = at + self.n_in_front;
        let mut rows = self.csv_rows();
        if self.has_header {
            rows.advance();
        }
        let (mut first, mut by_order) = (None, [None, None]);
        while rows.advance() {
            let cell = rows.cell(at);
            if cell.len() >= 4 && cell.as_bytes()[..4].iter().all(u8::is_ascii_digit) {
                // A file that has the year first anywhere is read so everywhere.
                return Some(());
            }
            let Some(date) = YearLast::read(cell) else { continue };
            let spot = Spot { file_idx: self.file_idx, line: self.line_of(&rows) };
            first.get_or_insert_with(|| (spot, cell.to_owned()));
            match date.order() {
                Some(DateOrder::MonthFirst) => by_order[0].get_or_insert(spot),
                Some(DateOrder::DayFirst) => by_order[1].get_or_insert(spot),
                None => continue,
            };
        }
        let Some((spot, cell)) = first else { return Some(()) };
        self.dates = match (asked.dates, by_order) {
            (Some(order), _) => Some(order),
            (None, [Some(_), None]) => Some(DateOrder::MonthFirst),
            (None, [None, Some(_)]) => Some(DateOrder::DayFirst),
            (None, [Some(month), Some(day)]) => {
                problems
                    .error(day, "date_start", format!("has the day first, and line {} the month", month.line))
                    .allowed("must be in one order in the whole file, best year-month-day");
                return None;
            }
            (None, [None, None]) => {
                problems
                    .error(spot, "date_start", format!("is {cell:?}, and no row tells whether the day or the month comes first, for no number is above 12"))
                    .allowed("must be told")
                    .hint("ask for dates month-first or day-first, or write the year first; UCDP's website writes the month first");
                return None;
            }
        };
        Some(())
    }

    /// The line of the file; a first line that names the separator counts.
    fn line_of(&self, rows: &CsvRows<'_>) -> u32 {
        rows.line() + self.opening.n_lines
    }

    /// A cell by its official column.
    fn cell<'r>(&self, column: usize, cell_at: &impl Fn(usize) -> &'r str) -> Cow<'r, str> {
        let Some(at) = self.columns[column] else { return Cow::Borrowed("") };
        let cell = cell_at(at + self.n_in_front);
        match EVENTS.columns[column].name {
            "side_a" | "side_b" | "country" => with_plain_blanks(cell),
            _ if NOTHING.contains(&cell) => Cow::Borrowed(""),
            "date_start" | "date_end" => year_first(cell, self.dates),
            "latitude" | "longitude" => self.opening.with_point(cell),
            _ => Cow::Borrowed(cell),
        }
    }

    fn official<'r>(&self, cell_at: impl Fn(usize) -> &'r str, spot: Spot) -> OfficialRow<'r> {
        OfficialRow::new(spot, (0..N_COLUMNS).map(|column| self.cell(column, &cell_at)).collect())
    }
}

/// A name with blanks for those that don't break lines, which web pages have.
fn with_plain_blanks(cell: &str) -> Cow<'_, str> {
    let is_odd = |letter: char| matches!(letter, '\u{a0}' | '\u{202f}' | '\n' | '\r' | '\t');
    if cell.contains(is_odd) { Cow::Owned(cell.replace(is_odd, " ")) } else { Cow::Borrowed(cell) }
}

fn official_name(cell: &str) -> Option<usize> {
    official(cell).filter(|at| EVENTS.columns[*at].name == plain_name(cell))
}

/// Whether cells are those of an event in the official order, behind some others.
fn is_row_of_events(cells: &[String], n_in_front: usize) -> bool {
    let cell = |column: &str| cells.get(n_in_front + position(column)).map_or("", String::as_str);
    let n_cells = cells.len().saturating_sub(n_in_front);
    let within = |column: &str, bound: f64| cell(column).parse::<f64>().is_ok_and(|number| number.abs() <= bound);
    (N_COLUMNS - MOST_LACKING..=N_COLUMNS + 1).contains(&n_cells)
        && whole_of(cell("id")).is_some()
        && whole_of(cell("year")).is_some_and(|year| (1900..2200).contains(&year))
        && whole_of(cell("type_of_violence")).is_some_and(|kind| (1..=3).contains(&kind))
        && within("latitude", 90.0)
        && within("longitude", 180.0)
}

/// Says what a first row is that names too few columns.
fn refuse_header(header: &[String], n_named: usize, spot: Spot, problems: &mut Problems) {
    let is_number = |cell: &&String| cell.parse::<f64>().is_ok();
    if n_named > 0 && header.iter().filter(is_number).count() == 0 {
        let found = format!("has {} of UCDP GED", count(n_named, "column"));
        problems.error(spot, "the header", found).allowed(format!("needed are {}", NEEDED.join(", ")));
        return;
    }
    let first: String = header.join(",").chars().take(200).collect();
    problems
        .error(spot, "the header", format!("is missing; the first line is {first:?}"))
        .allowed("must name the columns of UCDP GED")
        .hint("a file without a header is read where it has all 49 columns in the official order");
}

/// Rows of an event file that were read before, to be read again.
#[derive(Debug)]
pub struct RowsAgain<'f> {
    file: &'f EventFile<'f>,
    splitter: RowSplitter,
}

impl RowsAgain<'_> {
    /// A row in the official columns.
    ///
    /// # Panics
    /// Where the range is none of the file.
    pub fn row(&mut self, at: RowRange) -> OfficialRow<'_> {
        self.splitter.split(&self.file.text[at.range()]);
        let spot = Spot { file_idx: self.file.file_idx, line: at.line };
        self.file.official(|at| self.splitter.cell(at), spot)
    }

    /// One cell of a row, by its official column.
    ///
    /// # Panics
    /// Where the range is none of the file, or there is no such column.
    pub fn cell(&mut self, at: RowRange, column: &str) -> Cow<'_, str> {
        self.splitter.split(&self.file.text[at.range()]);
        self.file.cell(position(column), &|at| self.splitter.cell(at))
    }
}

/// The rows of an event file, one after the other.
#[derive(Debug)]
pub struct EventRows<'f> {
    file: &'f EventFile<'f>,
    rows: CsvRows<'f>,
    /// Whether the header is still to come.
    is_first: bool,
    /// Rows of HXL tags, further headers and blank rows that were passed over.
    n_tags: usize,
    n_headers: usize,
    n_blank: usize,
}

impl EventRows<'_> {
    /// Goes on to the next row of an event; false at the end. Rows of another
    /// length are told to the reader and passed over.
    pub fn advance(&mut self, reader: &mut RowReader<'_>) -> bool {
        while self.rows.advance() {
            if std::mem::take(&mut self.is_first) {
                continue;
            }
            if self.is_other() {
                continue;
            }
            let n_cells = self.file.n_cells + self.file.n_in_front;
            let is_longer = self.rows.len() == n_cells + 1;
            let is_ended = self.file.may_end_empty && is_longer && self.rows.cell(n_cells).is_empty();
            if self.rows.len() == n_cells || is_ended {
                return true;
            }
            let (found, allowed) = other_length(self.rows.len(), n_cells);
            reader.refuse(self.spot(), "the row", found, &allowed);
        }
        false
    }

    /// Whether the row is of tags, a header again, or blank; it is counted.
    fn is_other(&mut self) -> bool {
        if self.rows.is_empty() {
            self.n_blank += 1;
            return true;
        }
        if self.rows.is_tags() {
            self.n_tags += 1;
            return true;
        }
        let id = self.peek("id");
        let is_header = !id.starts_with(|c: char| c.is_ascii_digit()) && official(id) == Some(position("id"));
        self.n_headers += usize::from(is_header);
        is_header
    }

    fn spot(&self) -> Spot {
        Spot { file_idx: self.file.file_idx, line: self.file.line_of(&self.rows) }
    }

    /// A cell of the row by its official column, before anything else is read.
    pub fn peek(&self, column: &str) -> &str {
        self.file.columns[position(column)].map_or("", |at| self.rows.cell(at + self.file.n_in_front))
    }

    /// The row in the official columns.
    pub fn official(&self) -> OfficialRow<'_> {
        self.file.official(|at| self.rows.cell(at), self.spot())
    }

    /// Where the row stands, to find it again.
    pub fn range(&self) -> RowRange {
        let Range { start, end } = self.rows.range();
        RowRange { start: self.file.opening.start + start, len: (end - start) as u32, line: self.spot().line }
    }

    /// What was made of the file and isn't as in the official one, each a
    /// clause.
    pub fn notes(&self) -> Vec<String> {
        let file = self.file;
        let mut notes = Vec::new();
        notes.extend(file.encoding.map(|encoding| format!("read as {encoding}")));
        notes.extend(file.opening.note_of_above());
        if file.opening.separator != b',' {
            notes.push(format!("columns separated by {}", file.opening.word));
        }
        if !file.has_header {
            notes.push("no header: columns taken in the official order".to_owned());
        }
        if file.n_in_front > 0 {
            notes.push("the first cell of every row has no name in the header, and is passed over".to_owned());
        }
        if !file.unknown.is_empty() {
            notes.push(format!("columns passed over: {}", first_names(&file.unknown)));
        }
        for (n, what, behind) in [
            (self.n_tags, "row", " of HXL tags"),
            (self.n_headers, "further header", ""),
            (self.n_blank, "blank row", ""),
        ] {
            if n > 0 {
                notes.push(format!("{}{behind} passed over", count(n, what)));
            }
        }
        notes.extend(file.dates.map(|order| format!("dates read as {}", order.words())));
        notes
    }
}
