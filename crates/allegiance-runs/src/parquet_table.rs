//! Writes a table as a Parquet file whose bytes depend on its content alone.
//!
//! Days, counts and other whole numbers are INT32, so that differences of
//! counts can be negative wherever the file is read; dates are INT32 with `DATE`,
//! words and identifiers dictionary-encoded UTF-8 strings. No file carries a time
//! or a host name.

use allegiance_record::table::{OutputCells, OutputColumn, OutputKind, TableData};
use parquet::basic::{Compression, LogicalType, Repetition, Type as PhysicalType};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, RowGroupMetaData};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::reader::{ChunkReader, FileReader as _, SerializedFileReader};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};
use serde::Serialize;
use std::cell::Cell;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Most rows that one row group holds.
pub const MAX_ROWS_PER_GROUP: usize = 1 << 20;

/// Version of how tables are laid out: kinds of columns, and the keys of their
/// metadata. In version 1 counts were unsigned, and levels of a design that are numbers were texts.
pub const TABLE_FORMAT_VERSION: u32 = 2;

/// What every table of a run says about itself, besides its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunLabels {
    /// Version of the engine.
    pub version: String,
    /// Identifier of the scenario.
    pub scenario_id: String,
    /// Hash of the resolved scenario.
    pub scenario_hash: String,
    /// Digest of the setup.
    pub setup_digest: String,
    /// Seed.
    pub seed: u64,
    /// What every result says of itself.
    pub about: &'static str,
}

/// The dictionary entry of a column, as stored in the file's metadata.
#[derive(Serialize)]
struct ColumnEntry<'a> {
    name: &'a str,
    unit: &'a str,
    meaning: &'a str,
}

/// The key-value metadata of a table's file.
pub fn metadata_of(table: &TableData, labels: &RunLabels) -> Vec<KeyValue> {
    let columns: Vec<ColumnEntry<'_>> = table
        .columns
        .iter()
        .map(|column| ColumnEntry { name: &column.name, unit: column.unit, meaning: &column.meaning })
        .collect();
    let columns = serde_json::to_string(&columns).expect("three texts a column are always JSON");
    let pair = |key: &str, value: String| KeyValue::new(format!("allegiance.{key}"), value);
    vec![
        pair("format_version", TABLE_FORMAT_VERSION.to_string()),
        pair("version", labels.version.clone()),
        pair("scenario", labels.scenario_id.clone()),
        pair("scenario_hash", labels.scenario_hash.clone()),
        pair("setup_digest", labels.setup_digest.clone()),
        pair("seed", labels.seed.to_string()),
        pair("table", table.name.to_owned()),
        pair("meaning", table.meaning.to_owned()),
        pair("note", labels.about.to_owned()),
        pair("columns", columns),
    ]
}

/// The Parquet schema of a table.
pub fn schema_of(table: &TableData) -> Result<TypePtr, ParquetError> {
    let fields = table.columns.iter().map(|column| field_of(column).map(Arc::new)).collect::<Result<Vec<_>, _>>()?;
    Ok(Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?))
}

fn field_of(column: &OutputColumn) -> Result<Type, ParquetError> {
    let (physical, logical) = match column.kind {
        OutputKind::Day | OutputKind::Index | OutputKind::Count => (PhysicalType::INT32, None),
        OutputKind::Date => (PhysicalType::INT32, Some(LogicalType::Date)),
        OutputKind::Real => (PhysicalType::DOUBLE, None),
        OutputKind::Flag => (PhysicalType::BOOLEAN, None),
        OutputKind::Coded(..) | OutputKind::Text => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
    };
    let repetition = if column.nullable { Repetition::OPTIONAL } else { Repetition::REQUIRED };
    Type::primitive_type_builder(&column.name, physical).with_repetition(repetition).with_logical_type(logical).build()
}

thread_local! {
    static IS_DECODING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread reads a file whose damage may make the library panic, which is
/// then told as damage.
pub fn is_decoding() -> bool {
    IS_DECODING.get()
}

/// Reads what a file holds. The library takes pages to be what their headers say, and
/// panics where they aren't: a damaged file, and no mistake of this program.
pub fn decoding<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    let before = IS_DECODING.replace(true);
    let found = catch_unwind(AssertUnwindSafe(read));
    IS_DECODING.set(before);
    found.unwrap_or_else(|_panic| Err(ParquetError::General("its pages aren't what their headers say".to_owned())))
}

/// Opens a file for reading. What its footer says of where its columns lie is
/// checked, because the library takes it for granted.
pub fn open_file<R: ChunkReader + 'static>(file: R) -> Result<SerializedFileReader<R>, ParquetError> {
    let n_bytes = file.len();
    let reader = decoding(|| SerializedFileReader::new(file))?;
    let most_rows = 0..=MAX_ROWS_PER_GROUP as i64;
    if reader.metadata().row_groups().iter().any(|group| !most_rows.contains(&group.num_rows())) {
        return Err(ParquetError::General("a row group has more rows than any that is written".to_owned()));
    }
    for chunk in reader.metadata().row_groups().iter().flat_map(RowGroupMetaData::columns) {
        let start = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
        let end = start.checked_add(chunk.compressed_size());
        let lies_within = chunk.data_page_offset() >= 0
            && most_rows.contains(&chunk.num_values())
            && chunk.compressed_size() >= 0
            && chunk.uncompressed_size() >= 0
            && start >= 0
            && end.is_some_and(|end| end as u64 <= n_bytes);
        if !lies_within {
            return Err(ParquetError::General(format!("the column {} lies outside of the file", chunk.column_path())));
        }
    }
    Ok(reader)
}

/// How every file is written: Snappy, statistics per column chunk, no page
/// index, a fixed creator.
pub fn properties_of(metadata: Vec<KeyValue>) -> WriterPropertiesPtr {
    Arc::new(
        WriterProperties::builder()
            .set_created_by("allegiance".to_owned())
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .set_key_value_metadata((!metadata.is_empty()).then_some(metadata))
            .build(),
    )
}

/// Writes a whole file: the table in row groups of at most
/// [`MAX_ROWS_PER_GROUP`] rows; none where the table is empty.
pub fn write_file<W: Write + Send>(to: W, table: &TableData, metadata: Vec<KeyValue>) -> Result<W, ParquetError> {
    let mut writer = SerializedFileWriter::new(to, schema_of(table)?, properties_of(metadata))?;
    let n_rows = table.n_rows();
    let mut from = 0;
    while from < n_rows {
        let until = (from + MAX_ROWS_PER_GROUP).min(n_rows);
        let mut group = writer.next_row_group()?;
        for column in &table.columns {
            let Some(mut chunk) = group.next_column()? else {
                break;
            };
            write_chunk(&mut chunk, column, from..until)?;
            chunk.close()?;
        }
        group.close()?;
        from = until;
    }
    writer.into_inner()
}

fn write_chunk(
    chunk: &mut SerializedColumnWriter<'_>,
    column: &OutputColumn,
    rows: std::ops::Range<usize>,
) -> Result<(), ParquetError> {
    let nullable = column.nullable;
    match &column.cells {
        OutputCells::Signed(cells) => write_cells::<Int32Type, _>(chunk, nullable, &cells[rows], |&v| v),
        OutputCells::Whole(cells) => match &column.kind {
            OutputKind::Coded(_, words) => {
                let words: Vec<ByteArray> = words.iter().map(|word| ByteArray::from(word.as_str())).collect();
                write_cells::<ByteArrayType, _>(chunk, nullable, &cells[rows], |&code| words[code as usize].clone())
            }
            _ => write_cells::<Int32Type, _>(chunk, nullable, &cells[rows], |&v| v as i32),
        },
        OutputCells::Real(cells) => write_cells::<DoubleType, _>(chunk, nullable, &cells[rows], |&v| v),
        OutputCells::Flag(cells) => write_cells::<BoolType, _>(chunk, nullable, &cells[rows], |&v| v),
        OutputCells::Text(cells) => {
            write_cells::<ByteArrayType, _>(chunk, nullable, &cells[rows], |text| ByteArray::from(text.as_str()))
        }
    }
}

fn write_cells<T: DataType, C>(
    chunk: &mut SerializedColumnWriter<'_>,
    nullable: bool,
    cells: &[Option<C>],
    value_of: impl Fn(&C) -> T::T,
) -> Result<(), ParquetError> {
    let values: Vec<T::T> = cells.iter().flatten().map(value_of).collect();
    let levels: Option<Vec<i16>> = nullable.then(|| cells.iter().map(|cell| i16::from(cell.is_some())).collect());
    assert!(
        nullable || values.len() == cells.len(),
        "an empty cell in a column that can't have one: this is a bug, please report it"
    );
    chunk.typed::<T>().write_batch(&values, levels.as_deref(), None)?;
    Ok(())
}
