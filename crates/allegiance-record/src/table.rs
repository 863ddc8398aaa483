//! Tables on their way to a file: columns of typed cells with their meaning.
//!
//! The engine's tables, the reported table and the places all become a
//! [`TableData`]; digests and Parquet files are made from nothing else.

use allegiance_model::setup::Setup;
use allegiance_model::tables::{CellKind, Cells, Records};
use std::borrow::Cow;
use std::sync::Arc;

/// What the cells of an output column are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutputKind {
    /// A day counted from the start; the file also gets its date.
    Day,
    /// A calendar date, in days since 1970.
    Date,
    /// A signed whole number.
    Index,
    /// A whole number from 0; signed in files and Arrow, so that differences are right.
    Count,
    /// A real number.
    Real,
    /// True or false.
    Flag,
    /// A position in a list of words, written as the word. The text names the
    /// list: `place`, `group` or `word`.
    Coded(&'static str, Arc<[String]>),
    /// Free text.
    Text,
}

impl OutputKind {
    /// The word that digests and metadata use for this kind.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Date => "date",
            Self::Index => "index",
            Self::Count => "count",
            Self::Real => "real",
            Self::Flag => "flag",
            Self::Coded(list, _) => list,
            Self::Text => "text",
        }
    }
}

/// The cells of one output column, one a row.
#[derive(Debug, Clone, PartialEq)]
pub enum OutputCells {
    /// Days, dates and other signed numbers.
    Signed(Vec<Option<i32>>),
    /// Counts and codes.
    Whole(Vec<Option<u32>>),
    /// Real numbers.
    Real(Vec<Option<f64>>),
    /// Flags.
    Flag(Vec<Option<bool>>),
    /// Free text.
    Text(Vec<Option<String>>),
}

impl OutputCells {
    /// Number of cells.
    pub fn len(&self) -> usize {
        match self {
            Self::Signed(cells) => cells.len(),
            Self::Whole(cells) => cells.len(),
            Self::Real(cells) => cells.len(),
            Self::Flag(cells) => cells.len(),
            Self::Text(cells) => cells.len(),
        }
    }

    /// Whether there are no cells.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputColumn {
    /// Column name.
    pub name: Cow<'static, str>,
    /// Unit; `1` for counts, identifiers and words.
    pub unit: &'static str,
    /// What it means.
    pub meaning: Cow<'static, str>,
    /// What its cells are.
    pub kind: OutputKind,
    /// Whether a cell may be empty.
    pub nullable: bool,
    /// The cells.
    pub cells: OutputCells,
}

/// One table of one replicate, or of the whole run.
#[derive(Debug, Clone, PartialEq)]
pub struct TableData {
    /// The table's name, which is also its file's stem.
    pub name: &'static str,
    /// What a row is.
    pub meaning: &'static str,
    /// The columns.
    pub columns: Vec<OutputColumn>,
}

impl TableData {
    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.cells.len())
    }

    /// The columns as they stand in a file: the replicate first, where there is
    /// one, and a date after each day.
    #[must_use]
    pub fn with_file_columns(self, replicate: Option<u32>, start_days_since_1970: i32) -> Self {
        let n_rows = self.n_rows();
        let mut columns = Vec::with_capacity(self.columns.len() + 2);
        if let Some(replicate) = replicate {
            columns.push(OutputColumn {
                name: "replicate".into(),
                unit: "1",
                meaning: "Replicate number, 0 for the first.".into(),
                kind: OutputKind::Index,
                nullable: false,
                cells: OutputCells::Signed(vec![Some(replicate as i32); n_rows]),
            });
        }
        for column in self.columns {
            let date = date_of(&column, start_days_since_1970);
            columns.push(column);
            columns.extend(date);
        }
        Self { columns, ..self }
    }
}

/// The date column that follows a day column.
fn date_of(column: &OutputColumn, start_days_since_1970: i32) -> Option<OutputColumn> {
    let (OutputKind::Day, OutputCells::Signed(days)) = (&column.kind, &column.cells) else {
        return None;
    };
    let name = match column.name.as_ref() {
        "day" => "date".into(),
        other => format!("{other}_date").into(),
    };
    Some(OutputColumn {
        name,
        unit: "date",
        meaning: format!("The date of `{}`.", column.name).into(),
        kind: OutputKind::Date,
        nullable: column.nullable,
        cells: OutputCells::Signed(days.iter().map(|day| day.map(|d| start_days_since_1970 + d)).collect()),
    })
}

/// The identifiers that codes of places and groups stand for.
#[derive(Debug, Clone)]
pub struct Names {
    /// Identifier of each place.
    pub places: Arc<[String]>,
    /// Identifier of each group.
    pub groups: Arc<[String]>,
}

impl Names {
    /// The identifiers of a setup.
    pub fn of(setup: &Setup) -> Self {
        Self {
            places: setup.places.iter().map(|place| place.id.clone()).collect(),
            groups: setup.groups.iter().map(|group| group.id.clone()).collect(),
        }
    }
}

/// The tables of a record, in the order of [`Records::dictionary`].
pub fn tables_of(records: &Records, names: &Names) -> Vec<TableData> {
    Records::dictionary()
        .into_iter()
        .zip(records.tables())
        .map(|(info, columns)| TableData {
            name: info.name,
            meaning: info.meaning.trim(),
            columns: columns
                .into_iter()
                .map(|column| OutputColumn {
                    name: column.info.name.into(),
                    unit: column.info.unit,
                    meaning: column.info.meaning.trim().into(),
                    kind: kind_of(column.info.kind, names),
                    nullable: column.info.nullable,
                    cells: cells_of(column.info.kind, column.cells),
                })
                .collect(),
        })
        .collect()
}

fn kind_of(kind: CellKind, names: &Names) -> OutputKind {
    match kind {
        CellKind::Day => OutputKind::Day,
        CellKind::Count => OutputKind::Count,
        CellKind::Real => OutputKind::Real,
        CellKind::Flag => OutputKind::Flag,
        CellKind::Place => OutputKind::Coded("place", Arc::clone(&names.places)),
        CellKind::Group => OutputKind::Coded("group", Arc::clone(&names.groups)),
        CellKind::Word(words) => OutputKind::Coded("word", words.iter().map(|&word| word.to_owned()).collect()),
    }
}

fn cells_of(kind: CellKind, cells: Cells) -> OutputCells {
    match (kind, cells) {
        (CellKind::Day, Cells::Whole(days)) => {
            OutputCells::Signed(days.into_iter().map(|day| day.map(|d| d as i32)).collect())
        }
        (_, Cells::Whole(values)) => OutputCells::Whole(values),
        (_, Cells::Real(values)) => OutputCells::Real(values),
        (_, Cells::Flag(values)) => OutputCells::Flag(values),
    }
}
