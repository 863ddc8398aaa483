//! Records of events on their way from the reader to the laboratory.

use std::path::Path;

use allegiance_import::ged::{ReadGedError, read_ged};
use allegiance_record::observe::RecordRow;

/// A file of UCDP GED as the laboratory takes it.
///
/// # Errors
/// See [`ReadGedError`].
pub fn read_record(path: &Path) -> Result<Vec<RecordRow>, ReadGedError> {
    Ok(read_ged(path)?.into_iter().map(|event| event.row).collect())
}
