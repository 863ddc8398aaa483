//! The folder of a scenario to start from.

use std::path::Path;

use allegiance_runs::new_folder::write_new_folder;
use allegiance_scenario::{NewScenario, extending};

use crate::error::TaskError;

/// What a scenario is to start from.
#[derive(Debug, Clone, PartialEq)]
pub enum StartFrom {
    /// An invented war.
    Invented(NewScenario),
    /// A built-in scenario, which the new one extends.
    Builtin(String),
}

/// Writes the folder of a scenario to start from; its last part is the identifier.
/// The folder appears whole or not at all.
///
/// # Errors
/// [`TaskError::Question`] for a wrong name, group or base; [`TaskError::Folder`] where
/// the folder is there already or can't be written.
pub fn new_scenario(folder: &Path, from: &StartFrom) -> Result<(), TaskError> {
    let id = folder.file_name().unwrap_or_default().to_string_lossy();
    let files = match from {
        StartFrom::Invented(war) => war.files(&id),
        StartFrom::Builtin(base) => extending(&id, base),
    };
    let files = files.map_err(TaskError::question)?;
    let named: Vec<(String, Vec<u8>)> = files.into_iter().map(|file| (file.name, file.text.into_bytes())).collect();
    write_new_folder(folder, &named).map_err(TaskError::Folder)
}
