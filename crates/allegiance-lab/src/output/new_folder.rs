//! A folder of a few files, which is whole or isn't there.

use fs_err as fs;
use std::io;
use std::path::{Path, PathBuf};

/// Why a folder couldn't be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteNewFolderError {
    /// Something is there already.
    #[error("{} exists already; name another folder with --out, or remove it", path.display())]
    Exists {
        /// The folder asked for.
        path: PathBuf,
    },
    /// A file can't be written; the message names it.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Writes named files into a new folder, which gets its name once all are there.
///
/// # Errors
/// See [`WriteNewFolderError`].
pub fn write_new_folder(out: &Path, files: &[(String, Vec<u8>)]) -> Result<(), WriteNewFolderError> {
    if out.exists() {
        return Err(WriteNewFolderError::Exists { path: out.to_owned() });
    }
    let mut partial = out.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    if partial.exists() {
        fs::remove_dir_all(&partial)?;
    }
    fs::create_dir_all(&partial)?;
    for (name, bytes) in files {
        fs::write(partial.join(name), bytes)?;
    }
    fs::rename(&partial, out)?;
    Ok(())
}
