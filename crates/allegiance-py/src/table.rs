//! A table for Python: batches of Arrow that any library takes.

use arrow_array::cast::AsArray as _;
use arrow_array::ffi::FFI_ArrowSchema;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::Int32Type;
use arrow_array::{RecordBatch, RecordBatchIterator};
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// A table in memory, given to other libraries without a copy.
#[pyclass(frozen, module = "allegiance._native")]
pub(crate) struct Table {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Table {
    pub(crate) fn new(schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self { schema, batches }
    }

    /// The batches of one table, one or more.
    pub(crate) fn of_batches(batches: Vec<RecordBatch>) -> Option<Self> {
        Some(Self { schema: batches.first()?.schema(), batches })
    }
}

/// What Arrow refuses is a bug of ours.
pub(crate) fn refused(error: &ArrowError) -> PyErr {
    PyRuntimeError::new_err(format!("Arrow refuses a table of Allegiance, which is a bug; please report it: {error}"))
}

#[pymethods]
impl Table {
    /// Number of rows.
    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// Names of the columns, in order.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// Name, type, unit and meaning of each column.
    fn columns(&self) -> Vec<(String, String, String, String)> {
        let about = |field: &arrow_schema::FieldRef, key: &str| field.metadata().get(key).cloned().unwrap_or_default();
        let fields = self.schema.fields().iter();
        fields.map(|f| (f.name().clone(), f.data_type().to_string(), about(f, "unit"), about(f, "meaning"))).collect()
    }

    /// What the table says about itself.
    #[getter]
    fn metadata(&self) -> std::collections::BTreeMap<String, String> {
        self.schema.metadata().iter().map(|(key, text)| (key.clone(), text.clone())).collect()
    }

    /// The rows of one replicate, without a copy.
    fn replicate(&self, replicate: i32) -> PyResult<Self> {
        let at = self.schema.index_of("replicate").map_err(|_missing| {
            pyo3::exceptions::PyKeyError::new_err("this table has no replicates: it is one of the whole run")
        })?;
        let is_wanted = |batch: &&RecordBatch| {
            let numbers = batch.column(at).as_primitive::<Int32Type>();
            numbers.values().first() == Some(&replicate)
        };
        Ok(Self::new(SchemaRef::clone(&self.schema), self.batches.iter().filter(is_wanted).cloned().collect()))
    }

    /// The table as a stream of Arrow, through the `PyCapsule` interface.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface lets a producer disregard a schema that it can't give.
        let _ = requested_schema;
        let batches: Vec<Result<RecordBatch, ArrowError>> = self.batches.iter().cloned().map(Ok).collect();
        let reader = RecordBatchIterator::new(batches, SchemaRef::clone(&self.schema));
        let stream = FFI_ArrowArrayStream::new(Box::new(reader));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }

    /// The table's schema, through the `PyCapsule` interface.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(self.schema.as_ref()).map_err(|error| refused(&error))?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }
}
