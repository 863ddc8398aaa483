//! The version that a folder's head file states, and the refusal of another.

use serde::Deserialize;
use std::fmt;
use std::path::{Path, PathBuf};

/// A file states another version of its format than this program reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ForeignVersionError {
    /// The file.
    pub path: PathBuf,
    /// The version that it states.
    pub found: u64,
    /// The version that this program reads.
    pub known: u32,
    /// Version of the program that wrote it, where it says so.
    pub written_by: Option<String>,
}

impl fmt::Display for ForeignVersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, found, known, written_by } = self;
        let own = env!("CARGO_PKG_VERSION");
        write!(f, "{} has format version {found}, and Allegiance {own} reads version {known}", path.display())?;
        match written_by {
            Some(writer) => write!(f, "; read it with Allegiance {writer}, which wrote it"),
            None => f.write_str("; read it with the Allegiance that wrote it"),
        }
    }
}

/// What every head file says first, whatever else its version holds.
#[derive(Deserialize)]
struct Head {
    format_version: Option<u64>,
    engine_version: Option<String>,
}

/// Refuses a head file of another version before anything else of it is
/// looked at. One that isn't JSON, or states no version, is left to its reader.
///
/// # Errors
/// [`ForeignVersionError`].
pub fn check_version(path: &Path, text: &str, known: u32) -> Result<(), ForeignVersionError> {
    let Ok(Head { format_version: Some(found), engine_version }) = serde_json::from_str(text) else {
        return Ok(());
    };
    if found == u64::from(known) {
        return Ok(());
    }
    Err(ForeignVersionError { path: path.to_owned(), found, known, written_by: engine_version })
}

#[cfg(test)]
mod tests {
    use super::check_version;
    use std::path::Path;

    fn said(text: &str) -> String {
        check_version(Path::new("there/run.json"), text, 2).map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn a_newer_and_an_older_version_are_refused_with_who_wrote_them() {
        let own = env!("CARGO_PKG_VERSION");
        assert_eq!(
            said(r#"{"format_version": 3, "engine_version": "9.8.7", "of": ["another", "shape"]}"#),
            format!(
                "there/run.json has format version 3, and Allegiance {own} reads version 2; read it with \
                 Allegiance 9.8.7, which wrote it"
            )
        );
        assert_eq!(
            said(r#"{"format_version": 1}"#),
            format!(
                "there/run.json has format version 1, and Allegiance {own} reads version 2; read it with the \
                 Allegiance that wrote it"
            )
        );
    }

    #[test]
    fn the_version_that_is_known_and_a_file_without_one_pass() {
        for text in [r#"{"format_version": 2}"#, "{}", "no JSON", "[]"] {
            assert_eq!(said(text), "");
        }
    }
}
