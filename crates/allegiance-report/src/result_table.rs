//! A result as a table for other programs and papers.

use crate::sweep::short;
use allegiance_lab::paired::Told;
use allegiance_record::difference::Difference;
use allegiance_record::intervals::{Frequency, Interval};
use allegiance_show::text::markdown_table;

/// A table of results: numbers as they are for programs, rounded in print.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultTable {
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Text,
    Number,
    /// A number with the ends of its interval.
    Range,
}

/// A column of a [`ResultTable`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    name: &'static str,
    holds: Holds,
    is_printed: bool,
    is_data: bool,
}

impl Column {
    /// Of words.
    pub const fn text(name: &'static str) -> Self {
        Self { name, holds: Holds::Text, is_printed: true, is_data: true }
    }

    /// Of numbers.
    pub const fn number(name: &'static str) -> Self {
        Self { holds: Holds::Number, ..Self::text(name) }
    }

    /// Of numbers with intervals; for programs these are three columns, of which the ends are
    /// called `NAME_low` and `NAME_high`.
    pub const fn range(name: &'static str) -> Self {
        Self { holds: Holds::Range, ..Self::text(name) }
    }

    /// Of numbers that are put into words for print.
    pub const fn number_in_words(name: &'static str) -> Self {
        Self::number(name).printed()
    }

    /// The same, in print alone.
    #[must_use]
    pub const fn printed(self) -> Self {
        Self { is_data: false, ..self }
    }

    /// The same, for programs alone.
    #[must_use]
    pub const fn data(self) -> Self {
        Self { is_printed: false, ..self }
    }
}

/// A cell of a [`ResultTable`].
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number; empty where there is none.
    Number(Option<f64>),
    /// A number and the ends of its interval, which aren't numbers where it has none.
    Range(Option<[f64; 3]>),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Option<f64>> for Cell {
    fn from(value: Option<f64>) -> Self {
        Self::Number(value.filter(|value| value.is_finite()))
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Some(value).into()
    }
}

impl From<u32> for Cell {
    fn from(value: u32) -> Self {
        f64::from(value).into()
    }
}

impl From<usize> for Cell {
    fn from(value: usize) -> Self {
        (value as f64).into()
    }
}

/// The median with the 90% interval.
impl From<Option<Interval>> for Cell {
    fn from(found: Option<Interval>) -> Self {
        Self::Range(found.map(|found| [found.median, found.low_90, found.high_90]))
    }
}

/// The share with its 95% interval.
impl From<Frequency> for Cell {
    fn from(found: Frequency) -> Self {
        Self::Range(Some([found.share, found.low_95, found.high_95]))
    }
}

/// The mean with its 95% interval.
impl From<Option<&Difference>> for Cell {
    fn from(found: Option<&Difference>) -> Self {
        let ends = |found: &Difference| found.interval.map_or([f64::NAN; 2], |of| [of.low, of.high]);
        Self::Range(found.map(|found| {
            let [low, high] = ends(found);
            [found.mean, low, high]
        }))
    }
}

impl Cell {
    /// As it is printed.
    fn in_print(&self) -> String {
        match *self {
            Self::Text(ref text) => text.clone(),
            Self::Number(Some(value)) => plain_or_short(value),
            Self::Range(Some([value, low, high])) if low.is_finite() && high.is_finite() => {
                format!("{} [{}, {}]", short(value), short(low), short(high))
            }
            Self::Range(Some([value, ..])) => short(value),
            Self::Number(None) | Self::Range(None) => "–".to_owned(),
        }
    }

    /// For programs: as many texts as its column has names.
    fn as_data(&self) -> Vec<String> {
        let number = |value: f64| if value.is_finite() { value.to_string() } else { String::new() };
        match self {
            Self::Text(text) => vec![text.clone()],
            Self::Number(value) => vec![value.map_or_else(String::new, number)],
            Self::Range(values) => values.map_or_else(|| vec![String::new(); 3], |values| values.map(number).to_vec()),
        }
    }
}

/// A whole number without its thousands apart, as steps and seeds are; others rounded.
fn plain_or_short(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1_000.0 { value.to_string() } else { short(value) }
}

impl ResultTable {
    /// A table whose caption says in a sentence or two what the numbers are.
    pub fn new<const N: usize>(
        caption: impl Into<String>,
        columns: [Column; N],
        rows: impl IntoIterator<Item = [Cell; N]>,
    ) -> Self {
        Self { caption: caption.into(), columns: columns.to_vec(), rows: rows.into_iter().map(Vec::from).collect() }
    }

    /// Numbers as comma-separated values, with full precision.
    pub fn csv(&self) -> String {
        let line = |cells: Vec<String>| {
            let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
            format!("{}\n", cells.join(","))
        };
        let names = self.columns.iter().filter(|column| column.is_data).flat_map(|column| match column.holds {
            Holds::Range => ["", "_low", "_high"].map(|end| format!("{}{end}", column.name)).to_vec(),
            Holds::Text | Holds::Number => vec![column.name.to_owned()],
        });
        self.rows.iter().fold(line(names.collect()), |text, row| {
            let cells = row.iter().zip(&self.columns).filter(|(_, column)| column.is_data);
            text + &line(cells.flat_map(|(cell, _)| cell.as_data()).collect())
        })
    }

    /// In every form, beside the words of a study.
    pub fn told(&self, text: String) -> Told {
        Told { text, csv: self.csv(), markdown: self.markdown(), latex: self.latex() }
    }

    /// As a table of Markdown.
    pub fn markdown(&self) -> String {
        let names: Vec<&str> = self.printed().map(|(_, column)| column.name).collect();
        format!("{}\n\n{}", self.caption, markdown_table(&names, self.printed_rows()))
    }

    /// As a table of LaTeX, for the package booktabs.
    pub fn latex(&self) -> String {
        let line = |cells: Vec<String>| {
            let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
            format!("  {} \\\\\n", cells.join(" & "))
        };
        let aligned: String =
            self.printed().map(|(_, column)| if column.holds == Holds::Text { 'l' } else { 'r' }).collect();
        let names = line(self.printed().map(|(_, column)| column.name.to_owned()).collect());
        let rows: String = self.printed_rows().map(line).collect();
        format!(
            "\\begin{{table}}\n\\caption{{{}}}\n\\begin{{tabular}}{{{aligned}}}\n  \\toprule\n{names}  \\midrule\n{rows}  \
             \\bottomrule\n\\end{{tabular}}\n\\end{{table}}\n",
            escaped(&self.caption),
        )
    }

    /// Positions and columns that are printed.
    fn printed(&self) -> impl Iterator<Item = (usize, &Column)> {
        self.columns.iter().enumerate().filter(|(_, column)| column.is_printed)
    }

    fn printed_rows(&self) -> impl Iterator<Item = Vec<String>> {
        self.rows.iter().map(|row| self.printed().map(|(at, _)| row[at].in_print()).collect())
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

/// A text whose characters mean nothing to LaTeX.
fn escaped(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '\\' => "\\textbackslash{}".to_owned(),
            '~' => "\\textasciitilde{}".to_owned(),
            '^' => "\\textasciicircum{}".to_owned(),
            '–' => "--".to_owned(),
            '−' => "$-$".to_owned(),
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => format!("\\{letter}"),
            other => other.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Cell, Column, ResultTable, escaped};

    fn table() -> ResultTable {
        ResultTable::new(
            "50% of a_b",
            [
                Column::text("arm"),
                Column::text("words").printed(),
                Column::number("n").data(),
                Column::range("deaths_civilians"),
            ],
            [
                ["a,\"b\"".into(), "x|y & z".into(), 4_000_u32.into(), Cell::Range(Some([12.34, 10.0, 14.5]))],
                ["c".into(), "".into(), Cell::Number(None), Cell::Range(Some([0.5, f64::NAN, f64::NAN]))],
                ["d".into(), "".into(), f64::NAN.into(), Cell::Range(None)],
            ],
        )
    }

    #[test]
    fn programs_get_numbers_as_they_are_and_no_cell_breaks_its_table() {
        let wanted = "arm,n,deaths_civilians,deaths_civilians_low,deaths_civilians_high\n\"a,\"\"b\"\"\",4000,12.34,10,14.5\nc,,0.5,,\nd,,,,\n";
        assert_eq!(table().csv(), wanted);
    }

    #[test]
    fn people_get_numbers_with_their_intervals() {
        let markdown = table().markdown();
        assert!(
            markdown.contains("| a,\"b\" | x\\|y & z | 12.3 [10.0, 14.5] |\n| c | | 0.500 |\n| d | | – |"),
            "{markdown}"
        );
        let latex = table().latex();
        assert!(latex.contains("{tabular}{llr}") && latex.contains("x|y \\& z & 12.3 [10.0, 14.5] \\\\\n"), "{latex}");
        assert!(latex.contains("deaths\\_civilians \\\\\n") && latex.contains("50\\% of a\\_b"), "{latex}");
        assert_eq!(escaped("\\~^"), "\\textbackslash{}\\textasciitilde{}\\textasciicircum{}");
    }
}
