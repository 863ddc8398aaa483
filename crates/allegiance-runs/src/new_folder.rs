//! A folder of a few files, which is whole or isn't there.

use crate::partial_folder::{OpenFolderError, Opening, Ours, PartialFolder, WriteFolderError};
use crate::work_folder::{WORK_FORMAT_VERSION, WorkIdentity};
use allegiance_record::Fix;
use allegiance_record::digest::Hasher;
use std::collections::BTreeSet;
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
    /// The folder can't be used; the message says why.
    #[error(transparent)]
    Open(OpenFolderError),
    /// A file can't be written; the message names it.
    #[error(transparent)]
    Write(WriteFolderError),
}

impl WriteNewFolderError {
    /// What helps.
    pub fn fix(&self) -> Option<Fix> {
        match self {
            Self::Exists { .. } => Some(Fix::OtherFolderOrRemove),
            Self::Foreign { .. } => Some(Fix::OtherFolder),
            Self::Open(_) | Self::Write(_) => None,
        }
    }
}

/// Writes named files into a new folder, which gets its name once all are there.
/// The first one is its head: where it is, the others are.
///
/// # Errors
/// See [`WriteNewFolderError`].
pub fn write_new_folder(out: &Path, files: &[(String, impl AsRef<[u8]>)]) -> Result<(), WriteNewFolderError> {
    write(out, files, false)
}

/// As [`write_new_folder`], but replaces a folder that holds none but files of
/// the same names.
///
/// # Errors
/// See [`WriteNewFolderError`].
pub fn replace_folder(out: &Path, files: &[(String, impl AsRef<[u8]>)]) -> Result<(), WriteNewFolderError> {
    write(out, files, true)
}

fn write(out: &Path, files: &[(String, impl AsRef<[u8]>)], overwrite: bool) -> Result<(), WriteNewFolderError> {
    let names: BTreeSet<String> = files.iter().map(|(name, _)| name.clone()).collect();
    let Some(((head, content), others)) = files.split_first() else { return Ok(()) };
    let mut hasher = Hasher::default();
    for (name, bytes) in files {
        hasher.text(name);
        hasher.text(&String::from_utf8_lossy(bytes.as_ref()));
    }
    let identity = WorkIdentity {
        format_version: WORK_FORMAT_VERSION,
        engine_version: env!("CARGO_PKG_VERSION").to_owned(),
        work_digest: hasher.finish(),
        shard: None,
    };
    let opening = Opening { out, ours: Ours::Named(&names), head, overwrite, resume: false, is_brief: true };
    let told = |error: OpenFolderError| match error {
        OpenFolderError::Holds { path, holds } => WriteNewFolderError::Foreign { path, holds },
        // Or a file, not a folder.
        OpenFolderError::Exists { path } | OpenFolderError::NotARunFolder { path } => {
            WriteNewFolderError::Exists { path }
        }
        error => WriteNewFolderError::Open(error),
    };
    let failed = |error: io::Error| WriteNewFolderError::Write(error.into());
    let folder = PartialFolder::open(opening, &identity, &[]).map_err(told)?;
    for (name, bytes) in others {
        folder.put(name, bytes.as_ref()).map_err(failed)?;
    }
    folder.seal(content.as_ref()).map_err(failed)?;
    folder.publish(&[]).map(drop).map_err(WriteNewFolderError::Write)
}
