//! What designs, experiments, theories and evidence share on the command line.

use std::path::{Path, PathBuf};

use allegiance_record::shell_word;
use allegiance_runs::disk::{Existing, put_for_user};
use allegiance_scenario::{LoadDocumentError, is_id};

use crate::failure::Failure;

/// A design or experiment that couldn't be loaded.
pub(crate) fn failure_of_load(error: LoadDocumentError) -> Failure {
    match error {
        LoadDocumentError::Invalid { what, problems } => Failure::Document { what, problems },
        error => Failure::Input(error.into()),
    }
}

/// Refuses what can't be the name of a file to start.
pub(crate) fn check_name(name: &str) -> Result<(), Failure> {
    if is_id(name) {
        return Ok(());
    }
    Err(Failure::Input(anyhow::anyhow!("{name:?} is no name; must be of letters, digits, _ and -")))
}

/// Refuses files that are there, before long work for them.
pub(crate) fn check_new<'p>(mut paths: impl Iterator<Item = &'p PathBuf>) -> Result<(), Failure> {
    paths.find(|path| path.exists()).map_or(Ok(()), |path| {
        let text = format!("{} is there already; name another file, or remove it", path.display());
        Err(Failure::Output(anyhow::anyhow!(text)))
    })
}

/// Writes a file that isn't there.
pub(crate) fn put_new(path: &Path, content: &[u8]) -> Result<(), Failure> {
    put_for_user(path, content, Existing::Refuse).map_err(|error| Failure::Output(error.into()))
}

/// Writes a file to start from, at `out` or under its name, where nothing is; gives its path as it
/// is printed, and as a word of a command.
pub(crate) fn put_start(name: &str, out: Option<PathBuf>, text: &str) -> Result<(String, String), Failure> {
    let path = out.unwrap_or_else(|| PathBuf::from(format!("{name}.toml")));
    if path.exists() {
        return Err(Failure::Output(anyhow::anyhow!(
            "{} is there already; name another file with --out, or remove it",
            path.display()
        )));
    }
    put_new(&path, text.as_bytes())?;
    let path = path.display().to_string();
    let word = shell_word(&path).to_string();
    Ok((path, word))
}
