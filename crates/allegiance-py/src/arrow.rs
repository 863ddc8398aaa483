//! Columns of the laboratory as Arrow arrays.
//!
//! Types are those of the Parquet files: days, dates, indices and counts are
//! 32-bit and signed, words and identifiers UTF-8.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use allegiance_record::table::{OutputCells, OutputColumn, OutputKind, TableData};
use allegiance_runs::parquet_table::{RunLabels, metadata_of};
use allegiance_runs::read_run::{FileColumn, FileKind, TableFile};
use arrow_array::{ArrayRef, BooleanArray, Date32Array, Float64Array, Int32Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use serde_json::Value;

/// The metadata key under which a table's columns are described.
const COLUMNS_KEY: &str = "allegiance.columns";

/// A table of a replicate as one batch, described as its file would be.
pub(crate) fn batch_of(table: TableData, labels: &RunLabels) -> Result<RecordBatch, ArrowError> {
    let metadata = metadata_of(&table, labels).into_iter();
    let metadata: HashMap<String, String> = metadata.map(|pair| (pair.key, pair.value.unwrap_or_default())).collect();
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    for column in table.columns {
        let about = [("unit", column.unit.to_owned()), ("meaning", column.meaning.clone().into_owned())];
        let about: HashMap<String, String> = about.into_iter().map(|(key, text)| (key.to_owned(), text)).collect();
        let nullable = column.nullable;
        let name = column.name.clone().into_owned();
        let array = array_of(column);
        fields.push(Field::new(name, array.data_type().clone(), nullable).with_metadata(about));
        arrays.push(array);
    }
    RecordBatch::try_new(Arc::new(Schema::new_with_metadata(fields, metadata)), arrays)
}

fn array_of(column: OutputColumn) -> ArrayRef {
    match (column.cells, column.kind) {
        (OutputCells::Signed(cells), OutputKind::Date) => Arc::new(Date32Array::from(cells)),
        (OutputCells::Whole(cells), OutputKind::Coded(_, words)) => {
            let word = |code: u32| words[code as usize].as_str();
            Arc::new(cells.into_iter().map(|code| code.map(word)).collect::<StringArray>())
        }
        (cells, _) => plain_array(cells),
    }
}

fn plain_array(cells: OutputCells) -> ArrayRef {
    match cells {
        OutputCells::Signed(cells) => Arc::new(Int32Array::from(cells)),
        // Signed like the files, so that differences of counts can be negative.
        OutputCells::Whole(cells) => {
            Arc::new(cells.into_iter().map(|cell| cell.map(|count| count as i32)).collect::<Int32Array>())
        }
        OutputCells::Real(cells) => Arc::new(Float64Array::from(cells)),
        OutputCells::Flag(cells) => Arc::new(BooleanArray::from(cells)),
        OutputCells::Text(cells) => Arc::new(StringArray::from(cells)),
    }
}

/// The schema of a table's file.
pub(crate) fn schema_of_file(file: &TableFile) -> SchemaRef {
    let metadata: HashMap<String, String> = file.metadata().into_iter().collect();
    let described = metadata.get(COLUMNS_KEY).and_then(|text| serde_json::from_str::<Vec<Value>>(text).ok());
    let about: BTreeMap<String, HashMap<String, String>> = described
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let text = |key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
            let about = ["unit", "meaning"].into_iter().filter_map(|key| Some((key.to_owned(), text(key)?)));
            Some((text("name")?, about.collect()))
        })
        .collect();
    let field = |column: &FileColumn| {
        let about = about.get(&column.name).cloned().unwrap_or_default();
        Field::new(&column.name, type_of(column.kind), column.nullable).with_metadata(about)
    };
    let fields: Vec<Field> = file.columns().iter().map(field).collect();
    Arc::new(Schema::new_with_metadata(fields, metadata))
}

fn type_of(kind: FileKind) -> DataType {
    match kind {
        FileKind::Signed => DataType::Int32,
        FileKind::Date => DataType::Date32,
        FileKind::Real => DataType::Float64,
        FileKind::Flag => DataType::Boolean,
        FileKind::Text => DataType::Utf8,
    }
}

/// A row group of a table's file as one batch.
pub(crate) fn batch_of_file(
    file: &TableFile,
    schema: &SchemaRef,
    cells: Vec<OutputCells>,
) -> Result<RecordBatch, ArrowError> {
    let arrays = cells.into_iter().zip(file.columns()).map(|(cells, column)| match (cells, column.kind) {
        (OutputCells::Signed(cells), FileKind::Date) => Arc::new(Date32Array::from(cells)) as ArrayRef,
        (cells, _) => plain_array(cells),
    });
    RecordBatch::try_new(Arc::clone(schema), arrays.collect())
}
