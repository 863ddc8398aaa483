//! Joins the parts of finished replicates into one file a table.
//!
//! Row groups are copied byte for byte in the order of the replicates; nothing
//! is decoded, so merging costs about as much as copying the files.

use crate::disk::NewFile;
use crate::parquet_table::{open_file, properties_of};
use fs_err::File;
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::reader::FileReader as _;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::TypePtr;
use std::path::{Path, PathBuf};

/// Why parts couldn't be merged.
#[derive(Debug, thiserror::Error)]
pub enum MergePartsError {
    /// A file can't be opened or written; the message names it.
    #[error("can't merge the finished replicates")]
    Io(#[from] std::io::Error),
    /// A part isn't the Parquet file that it was when it was written, or the
    /// merged file has more row groups than the format allows.
    #[error("can't merge {}", path.display())]
    Parquet {
        /// The part, or the merged file.
        path: PathBuf,
        /// What the format's library said.
        source: ParquetError,
    },
}

/// Writes `to` from the row groups of `parts`, in their order; its content is on
/// the disk when this returns.
///
/// # Errors
/// See [`MergePartsError`].
pub fn merge_parts(
    parts: &[PathBuf],
    to: &Path,
    schema: TypePtr,
    metadata: Vec<KeyValue>,
) -> Result<(), MergePartsError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| MergePartsError::Parquet { path, source }
    };
    let mut writer =
        SerializedFileWriter::new(NewFile::create(to)?, schema, properties_of(metadata)).map_err(at(to))?;
    for part in parts {
        append_part(&mut writer, part).map_err(|error| match error {
            AppendError::Io(source) => MergePartsError::Io(source),
            AppendError::Parquet(source) => at(part)(source),
        })?;
    }
    Ok(writer.into_inner().map_err(at(to))?.keep()?)
}

enum AppendError {
    Io(std::io::Error),
    Parquet(ParquetError),
}

impl From<ParquetError> for AppendError {
    fn from(source: ParquetError) -> Self {
        match source {
            ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
                Ok(io) => Self::Io(*io),
                Err(inner) => Self::Parquet(ParquetError::External(inner)),
            },
            other => Self::Parquet(other),
        }
    }
}

fn append_part(writer: &mut SerializedFileWriter<NewFile>, part: &Path) -> Result<(), AppendError> {
    let (file, _) = File::open(part).map_err(AppendError::Io)?.into_parts();
    let copy = file.try_clone().map_err(AppendError::Io)?;
    let reader = open_file(copy)?;
    for row_group in reader.metadata().row_groups() {
        let mut group = writer.next_row_group()?;
        for chunk in row_group.columns() {
            let close = ColumnCloseResult {
                bytes_written: chunk.compressed_size() as u64,
                rows_written: row_group.num_rows() as u64,
                metadata: chunk.clone(),
                bloom_filter: None,
                column_index: None,
                offset_index: None,
            };
            group.append_column(&file, close)?;
        }
        group.close()?;
    }
    Ok(())
}
