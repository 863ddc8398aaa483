//! Reads a CSV table into rows that know their line.

use crate::csv_rows::{CsvRows, Opening};
use crate::format::CsvShape;
use crate::problem::{Problems, Spot, did_you_mean};

/// One row: its line and the cells in the order of the expected columns.
#[derive(Debug)]
pub struct CsvRow {
    /// Where it stands.
    pub spot: Spot,
    /// Its cells, in the order of the shape's columns.
    pub cells: Vec<String>,
}

/// What was read of a table.
#[derive(Debug, Default)]
pub struct CsvTable {
    /// The rows with the right number of cells.
    pub rows: Vec<CsvRow>,
    /// Whether no row had to be left out, so that what no row says is missing.
    pub is_whole: bool,
}

/// Reads a table. The columns may come in any order; none may be missing,
/// unknown or repeated. A row with the wrong number of cells is a problem and
/// is left out.
pub fn read(text: &str, file_idx: usize, shape: &CsvShape, problems: &mut Problems) -> CsvTable {
    let start = Spot { file_idx, line: 1 };
    let expected = shape.expected();
    if text.trim().is_empty() {
        problems.error(Spot { file_idx, line: 0 }, "", "is empty").allowed(expected);
        return CsvTable::default();
    }
    if refuse_separator(text, &shape.names(), start, problems) {
        return CsvTable::default();
    }
    read_opened(text, (Opening::usual(), false), file_idx, shape, problems)
}

/// Reads a table that people fill in a program of their own, which may write semicolons, tabs or
/// bars, a line that names them, and columns without a name.
pub fn read_filled(text: &str, file_idx: usize, shape: &CsvShape, problems: &mut Problems) -> CsvTable {
    if text.trim().is_empty() {
        problems.error(Spot { file_idx, line: 0 }, "", "is empty").allowed(shape.expected());
        return CsvTable::default();
    }
    let names = shape.names();
    let opening = Opening::of(text, |cell| names.contains(&cell));
    read_opened(text, (opening, true), file_idx, shape, problems)
}

fn read_opened(
    text: &str,
    (opening, is_filled): (Opening, bool),
    file_idx: usize,
    shape: &CsvShape,
    problems: &mut Problems,
) -> CsvTable {
    let mut rows = CsvRows::new(&text[opening.start..], opening.separator);
    if !rows.advance() {
        let start = Spot { file_idx, line: 1 };
        problems.error(start, "", "can't be read as CSV").allowed(shape.expected());
        return CsvTable::default();
    }
    let start = Spot { file_idx, line: rows.line() + opening.n_lines };
    let header: Vec<String> = rows.cells().map(str::to_owned).collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let Some(order) = order_of_columns(&header, shape, is_filled, start, problems) else {
        return CsvTable::default();
    };
    let mut table = CsvTable { rows: Vec::new(), is_whole: true };
    let mut is_bare = true;
    while rows.advance() {
        if is_filled && rows.is_empty() {
            continue;
        }
        is_bare = false;
        let spot = Spot { file_idx, line: rows.line() + opening.n_lines };
        if rows.len() != header.len() {
            let (found, allowed) = other_length(rows.len(), header.len());
            problems.error(spot, "the row", found).allowed(allowed);
            table.is_whole = false;
            continue;
        }
        table.rows.push(CsvRow { spot, cells: order.iter().map(|&at| rows.cell(at).to_owned()).collect() });
    }
    if is_bare {
        problems.error(start, "", "has a header but no rows");
    }
    table
}

/// What is found and what is allowed where a row is longer or shorter than its
/// header.
pub fn other_length(n_cells: usize, n_columns: usize) -> (String, String) {
    let allowed = if n_cells > n_columns {
        format!(
            "the header has {n_columns}; put a text that contains a comma in double quotes, and write a point, not a \
             comma, before a fraction"
        )
    } else {
        format!("the header has {n_columns}")
    };
    (format!("has {}", count(n_cells, "field")), allowed)
}

/// Separators that programs write in place of commas, with their names.
const SEPARATORS: [(char, &str); 3] = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")];

/// Whether the first line names some of the columns, but separates them by
/// something else than commas, which is then told.
fn refuse_separator(text: &str, columns: &[&str], spot: Spot, problems: &mut Problems) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let n_named = |separator: char| {
        let cells = first.split(separator).map(|cell| cell.trim().trim_matches('"').to_lowercase());
        cells.filter(|cell| columns.iter().any(|column| column.to_lowercase() == *cell)).count()
    };
    let n_by_commas = n_named(',');
    let Some((_, word)) = SEPARATORS.into_iter().find(|(separator, _)| n_named(*separator) > n_by_commas.max(1)) else {
        return false;
    };
    problems
        .error(spot, "the table", format!("separates its columns by {word}"))
        .allowed("columns are separated by commas, and a point stands before a fraction")
        .hint("save it from the spreadsheet as CSV with commas (in LibreOffice: field delimiter; in Excel: CSV UTF-8 under English settings)");
    true
}

/// What is allowed, with a hint where there is one.
pub fn with_hint(allowed: String, hint: Option<&str>) -> String {
    match hint {
        Some(hint) => format!("{allowed}; {hint}"),
        None => allowed,
    }
}

/// What a text is that can't be a table, by its first letter.
pub fn no_table(text: &str) -> Option<&'static str> {
    match text.trim_start().chars().next()? {
        '<' => Some(
            "is a web page or XML, as servers send where a file isn't found; get the file again, or save the table as CSV",
        ),
        '{' | '[' => Some("is JSON; save the table as CSV"),
        _ => None,
    }
}

/// The hint where a cell that should be a number has a comma.
pub fn number_hint(cell: &str) -> Option<&'static str> {
    if cell.ends_with('%') {
        return Some("write a share of 1, such as 0.85 for 85%");
    }
    let is_number = |text: &str| text.replacen(',', ".", 1).parse::<f64>().is_ok();
    match cell.split_once(',') {
        Some((before, after)) if after.len() == 3 && after.bytes().all(|b| b.is_ascii_digit()) && before != "0" => {
            Some("use a point, not a comma, before a fraction, and nothing between thousands")
        }
        Some(_) if is_number(cell) => Some("use a point, not a comma, before a fraction"),
        Some(_) => Some("use a point before a fraction, and nothing between thousands"),
        None => None,
    }
}

/// The hint where a cell that should be a whole number isn't one.
pub fn whole_hint(cell: &str) -> Option<&'static str> {
    let digits: String =
        cell.chars().filter(|c| !matches!(c, '.' | ',' | ' ' | '\'' | '\u{a0}' | '\u{202f}')).collect();
    let is_grouped = digits.len() < cell.len() && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    is_grouped.then_some("write the digits alone, with nothing between thousands and no fraction")
}

/// The position in the file of each expected column.
fn order_of_columns(
    header: &[&str],
    shape: &CsvShape,
    is_filled: bool,
    spot: Spot,
    problems: &mut Problems,
) -> Option<Vec<usize>> {
    let columns = shape.names();
    let expected = shape.expected();
    if !header.iter().any(|name| columns.contains(name)) {
        problems
            .error(spot, "the header", format!("is missing; the first line is {:?}", header.join(",")))
            .allowed(expected);
        return None;
    }
    let mut is_good = true;
    for (at, name) in header.iter().enumerate().filter(|(_, name)| !(is_filled && name.is_empty())) {
        if !columns.contains(name) {
            let missing: Vec<&str> = columns.iter().copied().filter(|column| !header.contains(column)).collect();
            let problem = problems
                .error(spot, "the header", format!("has the unknown column {name:?}"))
                .allowed(expected.clone());
            problem.hint = did_you_mean(name, &missing);
            is_good = false;
        } else if header[..at].contains(name) {
            problems.error(spot, "the header", format!("has the column {name:?} twice")).allowed(expected.clone());
            is_good = false;
        }
    }
    let mut order = Vec::new();
    let mut missing = Vec::new();
    for column in &columns {
        match header.iter().position(|name| name == column) {
            Some(at) => order.push(at),
            None => missing.push(format!("{column:?}")),
        }
    }
    if !missing.is_empty() {
        let noun = if missing.len() == 1 { "column" } else { "columns" };
        let found = format!("lacks the {noun} {}", missing.join(", "));
        problems.error(spot, "the header", found).allowed(expected.clone());
        is_good = false;
    }
    is_good.then_some(order)
}

/// Rows of one length as a CSV text.
pub fn csv_text<R>(rows: impl Iterator<Item = R>) -> String
where
    R: IntoIterator<Item: AsRef<[u8]>>,
{
    let mut text = CsvText { writer: csv::Writer::from_writer(Vec::new()) };
    rows.for_each(|row| text.add(row));
    text.finish()
}

/// A CSV text on its way, row by row.
#[derive(Debug)]
pub struct CsvText {
    writer: csv::Writer<Vec<u8>>,
}

impl CsvText {
    /// Begins with a row, such as a header.
    pub fn of(row: impl IntoIterator<Item: AsRef<[u8]>>) -> Self {
        let mut text = Self { writer: csv::Writer::from_writer(Vec::new()) };
        text.add(row);
        text
    }

    /// Adds a row of the same length.
    ///
    /// # Panics
    /// Where its length is another.
    pub fn add(&mut self, row: impl IntoIterator<Item: AsRef<[u8]>>) {
        self.writer.write_record(row).expect("memory takes any row of one length");
    }

    /// The text.
    ///
    /// # Panics
    /// Where a cell was no text.
    pub fn finish(self) -> String {
        String::from_utf8(self.writer.into_inner().expect("memory can be flushed")).expect("texts make a text")
    }
}

/// A count with its noun.
pub fn count(n: usize, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(n as u64))
}

/// Names that are listed; the others are counted.
const MOST_NAMED: usize = 10;

/// The first ten names, and how many more there are.
pub fn first_names(names: &[String]) -> String {
    let n_more = names.len().saturating_sub(MOST_NAMED);
    let more = if n_more > 0 { format!(", and {} more", thousands(n_more as u64)) } else { String::new() };
    names[..names.len() - n_more].join(", ") + &more
}

/// A whole number with its thousands apart, such as `20,200`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let first = (digits.len() - 1) % 3 + 1;
    let rest = digits.as_bytes()[first..].chunks(3).map(String::from_utf8_lossy);
    rest.fold(digits[..first].to_owned(), |text, three| text + "," + &three)
}
