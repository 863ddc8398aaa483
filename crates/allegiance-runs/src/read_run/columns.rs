//! Columns of numbers of any table that this program has written.

use super::ReadRunError;
use super::cells::Rows;
use crate::parquet_table::open_file;
use fs_err as fs;
use parquet::file::reader::FileReader;
use std::path::Path;
use std::sync::Arc;

/// The cells of a column of numbers, in the order of the table's rows.
pub struct Columns<'a> {
    rows: Rows<'a>,
}

impl Columns<'_> {
    /// Opens a table.
    pub fn open(path: &Path) -> Result<Self, ReadRunError> {
        let (file, _) = fs::File::open(path)?.into_parts();
        let damaged = |source| ReadRunError::Damaged { path: path.to_owned(), source };
        let reader: Arc<dyn FileReader> = Arc::new(open_file(file).map_err(damaged)?);
        Ok(Self { rows: Rows::of(path.to_owned(), reader, None, [&[], &[]])? })
    }

    /// A column of whole numbers that are never empty.
    pub fn whole(&self, column: &str) -> Result<Vec<u32>, ReadRunError> {
        self.rows.column(column)
    }

    /// A column of real numbers.
    pub fn real(&self, column: &str) -> Result<Vec<Option<f64>>, ReadRunError> {
        self.rows.column(column)
    }
}
