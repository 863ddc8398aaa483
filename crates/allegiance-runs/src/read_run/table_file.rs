//! A table's file as it lies there: any table that this program has written,
//! one row group at a time.

use super::ReadRunError;
use super::cells::{Raw, Unread, chunk_of, span_of};
use crate::parquet_table::open_file;
use allegiance_record::table::OutputCells;
use fs_err as fs;
use parquet::basic::{LogicalType, Repetition, Type as PhysicalType};
use parquet::errors::ParquetError;
use parquet::file::reader::FileReader;
use std::path::{Path, PathBuf};

/// What the cells of a stored column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A whole number, such as a count, or a day counted from the start.
    Signed,
    /// A calendar date, in days since 1970.
    Date,
    /// A real number.
    Real,
    /// True or false.
    Flag,
    /// A text: a word, an identifier, or free text.
    Text,
}

/// A column of a table's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileColumn {
    /// Its name.
    pub name: String,
    /// What its cells are.
    pub kind: FileKind,
    /// Whether a cell may be empty.
    pub nullable: bool,
}

/// An open table's file.
pub struct TableFile {
    path: PathBuf,
    reader: Box<dyn FileReader>,
    columns: Vec<FileColumn>,
}

impl std::fmt::Debug for TableFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TableFile").field("path", &self.path).finish_non_exhaustive()
    }
}

impl TableFile {
    /// Opens a file and reads its footer.
    ///
    /// # Errors
    /// See [`ReadRunError`].
    pub fn open(path: &Path) -> Result<Self, ReadRunError> {
        let (file, _) = fs::File::open(path)?.into_parts();
        let damaged = |source| ReadRunError::Damaged { path: path.to_owned(), source };
        let reader: Box<dyn FileReader> = Box::new(open_file(file).map_err(damaged)?);
        let schema = reader.metadata().file_metadata().schema_descr_ptr();
        let mut columns = Vec::new();
        for column in schema.columns() {
            // Early runs marked their counts as unsigned; none of them is above the largest i32.
            let unsigned = LogicalType::integer(32, false);
            let kind = match (column.physical_type(), column.logical_type_ref()) {
                (PhysicalType::INT32, Some(LogicalType::Date)) => FileKind::Date,
                (PhysicalType::INT32, Some(logical)) if *logical == unsigned => FileKind::Signed,
                (PhysicalType::INT32, None) => FileKind::Signed,
                (PhysicalType::DOUBLE, None) => FileKind::Real,
                (PhysicalType::BOOLEAN, None) => FileKind::Flag,
                (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)) => FileKind::Text,
                _ => {
                    return Err(ReadRunError::Column {
                        path: path.to_owned(),
                        column: column.name().to_owned(),
                        problem: "has a type that no run writes".to_owned(),
                    });
                }
            };
            let nullable = column.self_type().get_basic_info().repetition() != Repetition::REQUIRED;
            columns.push(FileColumn { name: column.name().to_owned(), kind, nullable });
        }
        Ok(Self { path: path.to_owned(), reader, columns })
    }

    pub(super) fn reader(&self) -> &dyn FileReader {
        self.reader.as_ref()
    }

    /// The columns, in the order of the file.
    pub fn columns(&self) -> &[FileColumn] {
        &self.columns
    }

    /// What the file says about itself, such as the dictionary of its columns.
    pub fn metadata(&self) -> Vec<(String, String)> {
        let pairs = self.reader.metadata().file_metadata().key_value_metadata();
        pairs.into_iter().flatten().map(|pair| (pair.key.clone(), pair.value.clone().unwrap_or_default())).collect()
    }

    /// The row groups: all, or those of one replicate.
    ///
    /// # Errors
    /// Where the file has no replicates, or several in one row group.
    pub fn row_groups(&self, replicate: Option<u32>) -> Result<Vec<usize>, ReadRunError> {
        let groups = self.reader.metadata().row_groups();
        let Some(replicate) = replicate.map(|replicate| replicate as i32) else {
            return Ok((0..groups.len()).collect());
        };
        let wrong = |problem: &str| ReadRunError::Column {
            path: self.path.clone(),
            column: "replicate".to_owned(),
            problem: problem.to_owned(),
        };
        let column = self.columns.iter().position(|column| column.name == "replicate");
        let column = column.ok_or_else(|| wrong("is missing"))?;
        let spans: Vec<[i32; 2]> = groups.iter().map(|group| span_of(group, column)).collect();
        if spans.iter().any(|[low, high]| low != high && (*low..=*high).contains(&replicate)) {
            return Err(wrong("has several values in one row group, which no run writes"));
        }
        Ok((0..spans.len()).filter(|&at| spans[at][0] == replicate).collect())
    }

    /// The cells of every column in one row group.
    ///
    /// # Errors
    /// [`ReadRunError::Damaged`].
    pub fn read(&self, row_group: usize) -> Result<Vec<OutputCells>, ReadRunError> {
        (0..self.columns.len()).map(|column| self.cells(row_group, column)).collect()
    }

    fn cells(&self, row_group: usize, column: usize) -> Result<OutputCells, ReadRunError> {
        let damaged = |source| ReadRunError::Damaged { path: self.path.clone(), source };
        let wrong = |problem: &str| ReadRunError::Column {
            path: self.path.clone(),
            column: self.columns[column].name.clone(),
            problem: problem.to_owned(),
        };
        let raw = chunk_of(self.reader.as_ref(), row_group, column).map_err(|error| match error {
            Unread::Damaged(source) => damaged(source),
            Unread::Type => wrong("has a type that no run writes"),
        })?;
        Ok(match raw {
            Raw::Whole(cells) => OutputCells::Signed(cells),
            Raw::Real(cells) => OutputCells::Real(cells),
            Raw::Flag(cells) => OutputCells::Flag(cells),
            Raw::Text(cells) => {
                let text = |bytes: parquet::data_type::ByteArray| match std::str::from_utf8(bytes.data()) {
                    Ok(text) => Ok(text.to_owned()),
                    Err(error) => Err(damaged(ParquetError::General(error.to_string()))),
                };
                OutputCells::Text(cells.into_iter().map(|cell| cell.map(text).transpose()).collect::<Result<_, _>>()?)
            }
        })
    }
}
