//! Records of events on their way from the reader to the laboratory.

use std::path::Path;

use allegiance_import::ged::{Asked, ReadGedError, ReadNotes, Wanted, visit_wanted};
use allegiance_record::observe::RecordRow;

/// A file of UCDP GED as the laboratory takes it.
///
/// # Errors
/// See [`ReadGedError`].
pub fn read_record(path: &Path) -> Result<Vec<RecordRow>, ReadGedError> {
    Ok(read_record_as(path, Asked::default())?.0)
}

/// The same with what is asked of the file, and what was made of it.
///
/// # Errors
/// See [`ReadGedError`].
pub fn read_record_as(path: &Path, asked: Asked) -> Result<(Vec<RecordRow>, ReadNotes), ReadGedError> {
    let mut rows = Vec::new();
    let wanted = Wanted { asked, ..Wanted::default() };
    let notes = visit_wanted(path, wanted, |row, _| rows.push(row))?;
    Ok((rows, notes))
}
