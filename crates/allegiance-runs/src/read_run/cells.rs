//! The columns of a stored table as typed cells.

use super::{Named, ReadRunError};
use crate::parquet_table::decoding;
use allegiance_model::tables::{Cell, CellKind, Cells, ReadColumnError, Table};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::FileReader;
use parquet::file::statistics::Statistics;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// The rows of one replicate in a table's file, or all of them.
pub(super) struct Rows<'a> {
    path: PathBuf,
    reader: Arc<dyn FileReader>,
    row_groups: Vec<usize>,
    /// Which rows are wanted, where the row groups hold others too.
    is_wanted: Option<Vec<bool>>,
    names: [&'a [Named]; 2],
}

/// The cells of a column as the file stores them.
pub(super) enum Raw {
    Whole(Vec<Option<i32>>),
    Real(Vec<Option<f64>>),
    Flag(Vec<Option<bool>>),
    Text(Vec<Option<ByteArray>>),
}

impl<'a> Rows<'a> {
    /// The rows of a replicate; row groups whose statistics rule it out are
    /// left unread. `names` are the places and the groups.
    pub(super) fn of(
        path: PathBuf,
        reader: Arc<dyn FileReader>,
        replicate: Option<u32>,
        names: [&'a [Named]; 2],
    ) -> Result<Self, ReadRunError> {
        let mut rows = Self { path, reader, row_groups: Vec::new(), is_wanted: None, names };
        let groups = rows.reader.metadata().row_groups();
        let Some(replicate) = replicate.map(|replicate| replicate as i32) else {
            rows.row_groups = (0..groups.len()).collect();
            return Ok(rows);
        };
        let column = rows.position("replicate")?;
        let spans = groups.iter().map(|group| span_of(group, column));
        let spans: Vec<[i32; 2]> = spans.collect();
        let holds = |&idx: &usize| (spans[idx][0]..=spans[idx][1]).contains(&replicate);
        rows.row_groups = (0..spans.len()).filter(holds).collect();
        let is_alone = |&idx: &usize| spans[idx] == [replicate; 2];
        if !rows.row_groups.iter().all(is_alone) {
            let Raw::Whole(numbers) = rows.raw("replicate")? else {
                return Err(rows.wrong("replicate", "isn't a whole number"));
            };
            let is_wanted = numbers.iter().map(|&number| number == Some(replicate));
            rows.is_wanted = Some(is_wanted.collect());
        }
        Ok(rows)
    }

    fn position(&self, column: &str) -> Result<usize, ReadRunError> {
        let schema = self.reader.metadata().file_metadata().schema_descr();
        let mut columns = schema.columns().iter();
        columns.position(|found| found.name() == column).ok_or_else(|| self.wrong(column, "is missing"))
    }

    pub(super) fn wrong(&self, column: &str, problem: impl Into<String>) -> ReadRunError {
        ReadRunError::Column { path: self.path.clone(), column: column.to_owned(), problem: problem.into() }
    }

    fn damaged(&self, source: ParquetError) -> ReadRunError {
        ReadRunError::Damaged { path: self.path.clone(), source }
    }

    /// Every cell of a column in the row groups, whatever their replicate.
    fn raw(&self, column: &str) -> Result<Raw, ReadRunError> {
        let position = self.position(column)?;
        let mut chunks: Vec<Raw> = Vec::new();
        for &idx in &self.row_groups {
            let chunk = self.chunk(idx, position).map_err(|error| match error {
                Unread::Damaged(source) => self.damaged(source),
                Unread::Type => self.wrong(column, "has a type that no run writes"),
            })?;
            chunks.push(chunk);
        }
        let joined = chunks.into_iter().reduce(|mut all, more| {
            match (&mut all, more) {
                (Raw::Whole(all), Raw::Whole(more)) => all.extend(more),
                (Raw::Real(all), Raw::Real(more)) => all.extend(more),
                (Raw::Flag(all), Raw::Flag(more)) => all.extend(more),
                (Raw::Text(all), Raw::Text(more)) => all.extend(more),
                _ => unreachable!("a column has one type in the whole file"),
            }
            all
        });
        Ok(joined.unwrap_or(Raw::Whole(Vec::new())))
    }

    fn chunk(&self, row_group: usize, column: usize) -> Result<Raw, Unread> {
        chunk_of(self.reader.as_ref(), row_group, column)
    }

    fn wanted<T>(&self, cells: Vec<T>) -> Vec<T> {
        let Some(is_wanted) = &self.is_wanted else {
            return cells;
        };
        let cells = cells.into_iter().zip(is_wanted);
        cells.filter(|(_, is_wanted)| **is_wanted).map(|(cell, _)| cell).collect()
    }

    /// A table of the engine, read column by column.
    pub(super) fn table<T: Table>(&self) -> Result<T, ReadRunError> {
        T::from_columns(|info| self.cells(info.kind, info.name)).map_err(|error| match error {
            ReadColumnError::Read(error) => error,
            ReadColumnError::Value(info) => self.unwritten(info.name),
        })
    }

    /// A column as the values that the engine wrote.
    pub(super) fn column<T: Cell>(&self, column: &str) -> Result<Vec<T>, ReadRunError> {
        T::from_cells(self.cells(T::KIND, column)?).ok_or_else(|| self.unwritten(column))
    }

    fn unwritten(&self, column: &str) -> ReadRunError {
        self.wrong(column, "holds a value that no run writes")
    }

    /// The wanted cells of a column, with words and names as their codes.
    fn cells(&self, kind: CellKind, column: &str) -> Result<Cells, ReadRunError> {
        Ok(match self.raw(column)? {
            // Counts and codes are never negative.
            Raw::Whole(cells) => {
                Cells::Whole(self.wanted(cells).into_iter().map(|cell| cell.map(|value| value as u32)).collect())
            }
            Raw::Real(cells) => Cells::Real(self.wanted(cells)),
            Raw::Flag(cells) => Cells::Flag(self.wanted(cells)),
            Raw::Text(cells) => Cells::Whole(self.codes(kind, column, self.wanted(cells))?),
        })
    }

    /// The codes of the words, places or groups that a column of texts names.
    fn codes(
        &self,
        kind: CellKind,
        column: &str,
        cells: Vec<Option<ByteArray>>,
    ) -> Result<Vec<Option<u32>>, ReadRunError> {
        let words: Vec<&str> = match kind {
            CellKind::Place => self.names[0].iter().map(|named| named.id.as_str()).collect(),
            CellKind::Group => self.names[1].iter().map(|named| named.id.as_str()).collect(),
            CellKind::Word(words) => words.to_vec(),
            _ => return Err(self.wrong(column, "holds text instead of numbers")),
        };
        let code_of: BTreeMap<&[u8], u32> = (0..).zip(words).map(|(code, word)| (word.as_bytes(), code)).collect();
        let decode = |cell: Option<ByteArray>| {
            let Some(text) = cell else {
                return Ok(None);
            };
            let code = code_of.get(text.data()).copied();
            code.map(Some).ok_or_else(|| {
                let text = String::from_utf8_lossy(text.data()).into_owned();
                self.wrong(column, format!("holds {text:?}, which this run doesn't have"))
            })
        };
        cells.into_iter().map(decode).collect()
    }
}

/// A column of texts that are never empty.
pub(super) fn text_column(rows: &Rows<'_>, column: &str) -> Result<Vec<String>, ReadRunError> {
    let wrong = || rows.wrong(column, "doesn't hold texts");
    let cells = match rows.raw(column)? {
        Raw::Text(cells) => rows.wanted(cells),
        Raw::Whole(cells) if cells.is_empty() => Vec::new(),
        _ => return Err(wrong()),
    };
    cells
        .into_iter()
        .map(|cell| {
            let text = cell.and_then(|text| String::from_utf8(text.data().to_vec()).ok());
            text.ok_or_else(wrong)
        })
        .collect()
}

/// The cells of one column in one row group.
pub(super) fn chunk_of(reader: &dyn FileReader, row_group: usize, column: usize) -> Result<Raw, Unread> {
    let raw = decoding(|| {
        let group = reader.get_row_group(row_group)?;
        let n_rows = group.metadata().num_rows() as usize;
        Ok(Some(match group.get_column_reader(column)? {
            ColumnReader::Int32ColumnReader(reader) => Raw::Whole(cells_of(reader, n_rows)?),
            ColumnReader::DoubleColumnReader(reader) => Raw::Real(cells_of(reader, n_rows)?),
            ColumnReader::BoolColumnReader(reader) => Raw::Flag(cells_of(reader, n_rows)?),
            ColumnReader::ByteArrayColumnReader(reader) => Raw::Text(cells_of(reader, n_rows)?),
            _ => return Ok(None),
        }))
    });
    raw?.ok_or(Unread::Type)
}

/// Why a column chunk couldn't be read.
pub(super) enum Unread {
    Damaged(ParquetError),
    Type,
}

impl From<ParquetError> for Unread {
    fn from(source: ParquetError) -> Self {
        Self::Damaged(source)
    }
}

/// The lowest and highest replicate that a row group can hold.
pub(super) fn span_of(group: &RowGroupMetaData, column: usize) -> [i32; 2] {
    match group.column(column).statistics() {
        Some(Statistics::Int32(found)) => {
            [found.min_opt().copied().unwrap_or(i32::MIN), found.max_opt().copied().unwrap_or(i32::MAX)]
        }
        _ => [i32::MIN, i32::MAX],
    }
}

fn cells_of<T: DataType>(mut reader: ColumnReaderImpl<T>, n_rows: usize) -> Result<Vec<Option<T::T>>, ParquetError> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    let mut n_read = 0;
    while n_read < n_rows {
        let (n_records, ..) = reader.read_records(n_rows - n_read, Some(&mut levels), None, &mut values)?;
        if n_records == 0 {
            let found = format!("a column has {n_read} of {n_rows} cells");
            return Err(ParquetError::EOF(found));
        }
        n_read += n_records;
    }
    // A column that can't be empty has no levels.
    if levels.is_empty() {
        return Ok(values.into_iter().map(Some).collect());
    }
    let mut values = values.into_iter();
    Ok(levels.into_iter().map(|level| if level > 0 { values.next() } else { None }).collect())
}
