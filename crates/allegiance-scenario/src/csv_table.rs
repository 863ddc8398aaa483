//! Reads a CSV table into rows that know their line.

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

/// Reads a table. The columns may come in any order; none may be missing,
/// unknown or repeated. A row with the wrong number of cells is a problem and
/// is left out.
pub fn read(text: &str, file_idx: usize, shape: &CsvShape, problems: &mut Problems) -> Vec<CsvRow> {
    let start = Spot { file_idx, line: 1 };
    let expected = shape.expected();
    if text.trim().is_empty() {
        problems.error(Spot { file_idx, line: 0 }, "", "is empty").allowed(expected);
        return Vec::new();
    }
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut records = reader.records();
    let Some(Ok(header)) = records.next() else {
        problems.error(start, "", "can't be read as CSV").allowed(expected);
        return Vec::new();
    };
    let header: Vec<&str> = header.iter().collect();
    let Some(order) = order_of_columns(&header, shape, start, problems) else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    let mut is_bare = true;
    for record in records {
        is_bare = false;
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                problems.error(start, "", format!("can't be read as CSV: {error}"));
                break;
            }
        };
        let line = record.position().map_or(0, |position| position.line() as u32);
        let spot = Spot { file_idx, line };
        if record.len() != header.len() {
            let found = format!("has {}", count(record.len(), "field"));
            problems
                .error(spot, "the row", found)
                .allowed(format!("the header has {}", header.len()))
                .hint("put a text that contains a comma in double quotes");
            continue;
        }
        rows.push(CsvRow { spot, cells: order.iter().map(|&at| record[at].to_owned()).collect() });
    }
    if is_bare {
        problems.error(start, "", "has a header but no rows");
    }
    rows
}

/// The position in the file of each expected column.
fn order_of_columns(header: &[&str], shape: &CsvShape, spot: Spot, problems: &mut Problems) -> Option<Vec<usize>> {
    let columns = shape.names();
    let expected = shape.expected();
    if !header.iter().any(|name| columns.contains(name)) {
        problems
            .error(spot, "the header", format!("is missing; the first line is {:?}", header.join(",")))
            .allowed(expected);
        return None;
    }
    let mut is_good = true;
    for (at, name) in header.iter().enumerate() {
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
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).expect("memory takes any row of one length");
    }
    String::from_utf8(writer.into_inner().expect("memory can be flushed")).expect("texts make a text")
}

/// A count with its noun.
pub fn count(n: usize, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(n as u64))
}

/// A whole number with its thousands apart, such as `20,200`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let first = (digits.len() - 1) % 3 + 1;
    let rest = digits.as_bytes()[first..].chunks(3).map(String::from_utf8_lossy);
    rest.fold(digits[..first].to_owned(), |text, three| text + "," + &three)
}
