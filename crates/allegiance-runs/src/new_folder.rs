//! A folder of a few files, which is whole or isn't there.

use allegiance_record::Fix;
use fs_err as fs;
use std::io;
use std::path::{Path, PathBuf};

/// Why a folder couldn't be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteNewFolderError {
    /// Something is there already.
    #[error("{} exists already", path.display())]
    Exists {
        /// The folder asked for.
        path: PathBuf,
    },
    /// What is there isn't such a folder, and isn't overwritten.
    #[error("{} isn't overwritten: it holds {holds:?}, which this command doesn't write", path.display())]
    Foreign {
        /// The folder asked for.
        path: PathBuf,
        /// The first thing in it that isn't ours.
        holds: String,
    },
    /// A file can't be written; the message names it.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl WriteNewFolderError {
    /// What helps.
    pub fn fix(&self) -> Option<Fix> {
        match self {
            Self::Exists { .. } => Some(Fix::OtherFolderOrRemove),
            Self::Foreign { .. } => Some(Fix::OtherFolder),
            Self::Io(_) => None,
        }
    }
}

/// Writes named files into a new folder, which gets its name once all are there.
///
/// # Errors
/// See [`WriteNewFolderError`].
pub fn write_new_folder(out: &Path, files: &[(String, Vec<u8>)]) -> Result<(), WriteNewFolderError> {
    if out.exists() {
        return Err(WriteNewFolderError::Exists { path: out.to_owned() });
    }
    fs::rename(write_partial(out, files)?, out)?;
    Ok(())
}

/// As [`write_new_folder`], but replaces a folder that holds none but files of
/// the same names.
///
/// # Errors
/// See [`WriteNewFolderError`].
pub fn replace_folder(out: &Path, files: &[(String, Vec<u8>)]) -> Result<(), WriteNewFolderError> {
    if !out.exists() {
        return write_new_folder(out, files);
    }
    if !out.is_dir() {
        return Err(WriteNewFolderError::Exists { path: out.to_owned() });
    }
    for entry in fs::read_dir(out)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if files.iter().all(|(ours, _)| *ours != name) {
            return Err(WriteNewFolderError::Foreign { path: out.to_owned(), holds: name });
        }
    }
    let partial = write_partial(out, files)?;
    let old = beside(out, ".old");
    if old.exists() {
        fs::remove_dir_all(&old)?;
    }
    fs::rename(out, &old)?;
    fs::rename(&partial, out)?;
    fs::remove_dir_all(&old)?;
    Ok(())
}

/// Writes the files into a folder beside the one they are for.
fn write_partial(out: &Path, files: &[(String, Vec<u8>)]) -> Result<PathBuf, io::Error> {
    let partial = beside(out, ".partial");
    if partial.exists() {
        fs::remove_dir_all(&partial)?;
    }
    fs::create_dir_all(&partial)?;
    for (name, bytes) in files {
        fs::write(partial.join(name), bytes)?;
    }
    Ok(partial)
}

fn beside(out: &Path, suffix: &str) -> PathBuf {
    let mut path = out.as_os_str().to_owned();
    path.push(suffix);
    PathBuf::from(path)
}
