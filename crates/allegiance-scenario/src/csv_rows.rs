//! Rows of a separated text, each with its line as an editor shows it.

use std::borrow::Cow;
use std::ops::Range;

/// Reads one row after the other.
///
/// Lines are counted from the bytes: the reader's own count is one less after
/// Windows line ends, and leaves empty lines out.
#[derive(Debug)]
pub struct CsvRows<'t> {
    text: &'t str,
    reader: csv::Reader<&'t [u8]>,
    record: csv::StringRecord,
    /// Bytes whose line ends are counted, and the line there.
    counted: usize,
    line: u32,
    start: usize,
}

impl<'t> CsvRows<'t> {
    /// Rows of a text whose cells stand apart by a byte; texts in quotes may
    /// hold it.
    pub fn new(text: &'t str, separator: u8) -> Self {
        Self::with_quotes(text, separator, true)
    }

    /// The same, where a quote may be a letter like others.
    pub fn with_quotes(text: &'t str, separator: u8, has_quotes: bool) -> Self {
        let mut builder = csv::ReaderBuilder::new();
        builder.delimiter(separator).has_headers(false).quoting(has_quotes).flexible(true);
        Self {
            text,
            reader: builder.from_reader(text.as_bytes()),
            record: csv::StringRecord::new(),
            counted: 0,
            line: 1,
            start: 0,
        }
    }

    /// Goes on to the next row; false at the end.
    pub fn advance(&mut self) -> bool {
        let position = self.reader.position().byte() as usize;
        // A text can't fail to be read: it is in memory, and rows may have any length.
        if !self.reader.read_record(&mut self.record).unwrap_or(false) {
            return false;
        }
        let bytes = self.text.as_bytes();
        let n_skipped = bytes[position..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.start = position + n_skipped;
        self.line += count_lines(&bytes[self.counted..self.start]);
        self.counted = self.start;
        true
    }

    /// The line on which the row begins, from 1.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// The bytes of the row in the text.
    pub fn range(&self) -> Range<usize> {
        self.start..self.reader.position().byte() as usize
    }

    /// How many cells the row has.
    pub fn len(&self) -> usize {
        self.record.len()
    }

    /// Whether all cells are empty, as in a line of separators.
    pub fn is_empty(&self) -> bool {
        self.cells().all(str::is_empty)
    }

    /// A cell without the blanks around it; empty beyond the last.
    pub fn cell(&self, at: usize) -> &str {
        self.record.get(at).unwrap_or_default().trim()
    }

    /// The cells without the blanks around them.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.record.iter().map(str::trim)
    }
}

/// Splits single rows into cells. Making a reader costs more than most rows, so one serves many;
/// a copy of one wouldn't, for csv-core 0.1.13 copies its tables in part.
#[derive(Debug)]
pub struct RowSplitter {
    reader: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl RowSplitter {
    /// For cells that stand apart by a byte.
    pub fn new(separator: u8) -> Self {
        let reader = csv_core::ReaderBuilder::new().delimiter(separator).build();
        Self { reader, text: Vec::new(), ends: Vec::new() }
    }

    /// Takes the cells of the first row of a text.
    pub fn split(&mut self, row: &str) {
        self.reader.reset();
        // With room left, so that the end of the last cell is never waited for.
        self.text.resize(row.len() + 1, 0);
        self.ends.resize(row.len() + 2, 0);
        let (mut n_text, mut n_ends, mut left) = (0, 0, row.as_bytes());
        loop {
            let (found, n_read, n_written, n_ended) =
                self.reader.read_record(left, &mut self.text[n_text..], &mut self.ends[n_ends..]);
            (n_text, n_ends, left) = (n_text + n_written, n_ends + n_ended, &left[n_read..]);
            if !matches!(found, csv_core::ReadRecordResult::InputEmpty) {
                break;
            }
        }
        self.ends.truncate(n_ends);
    }

    /// A cell without the blanks around it; empty beyond the last.
    pub fn cell(&self, at: usize) -> &str {
        let Some(&end) = self.ends.get(at) else { return "" };
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        std::str::from_utf8(&self.text[start..end]).unwrap_or_default().trim()
    }
}

impl CsvRows<'_> {
    /// Whether the row is one of HXL tags, which humanitarian tables have below their header.
    pub fn is_tags(&self) -> bool {
        let is_bare = |cell: &str| cell.is_empty() || cell.starts_with('#') || cell.bytes().all(|b| b.is_ascii_digit());
        self.cells().filter(|cell| cell.starts_with('#')).count() > 1 && self.cells().all(is_bare)
    }

    /// Whether most rows, of the first fifty below the header, have an empty cell more than the
    /// header, as the website of UCDP writes a comma behind the last cell.
    pub fn ends_empty(mut self, n_cells: usize) -> bool {
        self.advance();
        let (mut n_rows, mut n_ended) = (0, 0);
        while n_rows < ROWS_LOOKED_AT && self.advance() {
            n_rows += 1;
            n_ended += usize::from(self.len() == n_cells + 1 && self.cell(n_cells).is_empty());
        }
        2 * n_ended > n_rows
    }

    /// Whether every row, of the first fifty, is longer than the header by one cell, and more of
    /// its cells are right where that one stands in front, as R's `write.table` has row names
    /// without a name of their own. The header must have been read.
    pub fn has_row_names(mut self, n_cells: usize, n_right: impl Fn(&Self, usize) -> usize) -> bool {
        let (mut n_plain, mut n_shifted) = (0, 0);
        for _ in 0..ROWS_LOOKED_AT {
            if !self.advance() {
                break;
            }
            if self.len() == n_cells + 1 {
                n_plain += n_right(&self, 0);
                n_shifted += n_right(&self, 1);
            } else if !self.is_empty() {
                return false;
            }
        }
        n_shifted > n_plain
    }
}

/// Rows that tell whether row names stand in front.
const ROWS_LOOKED_AT: usize = 50;
/// What separates cells, with its name.
const SEPARATORS: [(u8, &str); 4] = [(b',', "commas"), (b';', "semicolons"), (b'\t', "tabs"), (b'|', "bars")];

/// How a table begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// What separates its cells.
    pub separator: u8,
    /// The name of that.
    pub word: &'static str,
    /// Where the table begins, below a line that names the separator.
    pub start: usize,
    /// Lines above that.
    pub n_lines: u32,
    /// Of these, lines that say something else, such as a title.
    pub n_above: u32,
}

/// A table may begin so many lines below a title.
const MOST_ABOVE: usize = 20;
/// Known names of columns that make a header of a line below others.
const ENOUGH_KNOWN: usize = 3;

impl Opening {
    /// Of a table with commas, from its first line.
    pub fn usual() -> Self {
        let (separator, word) = SEPARATORS[0];
        Self { separator, word, start: 0, n_lines: 0, n_above: 0 }
    }

    /// What to say of lines above the table.
    pub fn note_of_above(&self) -> Option<String> {
        let lines = if self.n_above == 1 { "1 line".to_owned() } else { format!("{} lines", self.n_above) };
        (self.n_above > 0).then(|| format!("{lines} above the header passed over"))
    }

    /// A cell that is a number with a comma before its fraction, as programs that separate by
    /// something else write it, with a point; any other as it is.
    pub fn with_point<'c>(&self, cell: &'c str) -> Cow<'c, str> {
        let has_comma = || self.separator != b',' && cell.matches(',').count() == 1 && !cell.contains('.');
        if !has_comma() {
            return Cow::Borrowed(cell);
        }
        let pointed = cell.replace(',', ".");
        if pointed.parse::<f64>().is_ok() { Cow::Owned(pointed) } else { Cow::Borrowed(cell) }
    }

    /// Looks at the first lines of a table: one such as `sep=;`, which Excel writes, names the
    /// separator, else it is the one that sets apart most known names of columns,
    /// or most cells. Lines above the first that names some columns are passed over.
    pub fn of(text: &str, is_known: impl Fn(&str) -> bool) -> Self {
        let end = text.find(['\r', '\n']).unwrap_or(text.len());
        let told = text[..end].trim().trim_matches('"').strip_prefix("sep=").filter(|rest| rest.len() == 1);
        let n_end = if text[end..].starts_with("\r\n") { 2 } else { usize::from(end < text.len()) };
        let (start, n_lines) = if told.is_some() { (end + n_end, 1) } else { (0, 0) };
        let n_known_at = |start: usize, separator: u8| {
            let mut rows = CsvRows::new(&text[start..], separator);
            rows.advance();
            (rows.cells().filter(|cell| is_known(cell)).count(), rows.len())
        };
        if told.is_none()
            && let Some(below) = Self::below_others(text, n_known_at)
        {
            return below;
        }
        let n_known = |separator: u8| n_known_at(start, separator);
        let is_told = |(separator, _): &&(u8, &str)| told.is_some_and(|told| told.as_bytes() == [*separator]);
        // Of equals the last of these, which is the comma.
        let best = || SEPARATORS.iter().rev().max_by_key(|(separator, _)| n_known(*separator));
        let (separator, word) = SEPARATORS.iter().find(is_told).or_else(best).copied().unwrap_or(SEPARATORS[0]);
        Self { separator, word, start, n_lines, n_above: 0 }
    }

    /// Of a table whose first line names hardly a column, and one below does.
    fn below_others(text: &str, n_known_at: impl Fn(usize, u8) -> (usize, usize)) -> Option<Self> {
        let n_known = |start: usize| SEPARATORS.map(|(separator, _)| n_known_at(start, separator).0);
        let mut start = 0;
        for n_lines in 0..=MOST_ABOVE as u32 {
            let known = n_known(start);
            let (at, most) = known.iter().enumerate().rev().max_by_key(|(_, n)| **n)?;
            if *most >= ENOUGH_KNOWN {
                let (separator, word) = SEPARATORS[at];
                return (n_lines > 0).then_some(Self { separator, word, start, n_lines, n_above: n_lines });
            }
            start += text[start..].find('\n')? + 1;
        }
        None
    }
}

/// Ends of lines, of whichever kind.
fn count_lines(bytes: &[u8]) -> u32 {
    let ends = bytes.iter().enumerate().filter(|&(at, byte)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    ends.count() as u32
}

#[cfg(test)]
mod tests {
    use super::{CsvRows, RowSplitter};

    #[test]
    fn a_row_alone_has_the_cells_that_it_has_among_others() {
        let text = "a, b ,\"c, \"\"d\"\"\r\ne\",\u{e9}\n,,,\n\"x\"y,\"\",1;2,\n\"open,1\n2";
        let mut rows = CsvRows::new(text, b',');
        let mut splitter = RowSplitter::new(b',');
        let mut n_rows = 0;
        while rows.advance() {
            n_rows += 1;
            splitter.split(&text[rows.range()]);
            let cells: Vec<&str> = (0..=rows.len()).map(|at| splitter.cell(at)).collect();
            let expected: Vec<&str> = (0..=rows.len()).map(|at| rows.cell(at)).collect();
            assert_eq!(cells, expected);
        }
        assert_eq!(n_rows, 4);
    }

    fn lines(text: &str) -> Vec<(u32, String)> {
        let mut rows = CsvRows::new(text, b',');
        let mut found = Vec::new();
        while rows.advance() {
            found.push((rows.line(), rows.cell(0).to_owned()));
        }
        found
    }

    #[test]
    fn lines_are_those_that_an_editor_shows() {
        let text = "a,b\n1,2\n\n\n5,\"x\ny\"\n7,8";
        let expected = [(1, "a"), (2, "1"), (5, "5"), (7, "7")].map(|(line, cell)| (line, cell.to_owned()));
        assert_eq!(lines(text), expected);
        assert_eq!(lines(&text.replace('\n', "\r\n")), expected);
        assert_eq!(lines(&text.replace('\n', "\r")), expected);
        assert_eq!(lines(&format!("\n{text}"))[0], (2, "a".to_owned()));
        assert_eq!(lines(""), []);
    }

    #[test]
    fn a_row_is_found_again_by_its_bytes() {
        let text = "a,b\r\n1,\"x,\r\ny\"\r\n\r\n3,4\r\n";
        let mut rows = CsvRows::new(text, b',');
        let mut ranges = Vec::new();
        while rows.advance() {
            ranges.push(rows.range());
        }
        let mut again = CsvRows::new(&text[ranges[1].clone()], b',');
        assert!(again.advance());
        assert_eq!((again.cell(0), again.cell(1), again.len()), ("1", "x,\r\ny", 2));
        assert_eq!(text[ranges[2].clone()].trim_end(), "3,4");
    }
}
