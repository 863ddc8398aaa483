//! Checkpoints: a replicate in progress, written down between two days.
//!
//! A file holds a line that says what it is, the version of this layout, a
//! header that says of which run, replicate and day it is, and the state of the
//! model with its digest. It appears by one rename, so a killed process leaves
//! the one before it. A state is read by the engine that wrote it only: its
//! version is part of the run's identity.

use crate::disk::put_through;
use crate::partial_folder::Identity as _;
use crate::run_folder::RunIdentity;
use allegiance_model::{Model, SavedModel, World};
use allegiance_record::digest::digest_of_bytes;
use fs_err as fs;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};

/// Version of the layout of a checkpoint.
pub const CHECKPOINT_VERSION: u32 = 2;

const MAGIC: &[u8] = b"Allegiance checkpoint\n";
const VERSION_BYTES: usize = 4;
const LENGTH_BYTES: usize = 8;

/// What a checkpoint says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    run: RunIdentity,
    replicate: u32,
    day: u32,
    n_bytes: u64,
    digest: String,
}

/// Why a checkpoint can't be taken up.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The file can't be read or written; the message names it.
    #[error("can't use a checkpoint")]
    Io(#[from] io::Error),
    /// Something else is in the file.
    #[error("{} isn't a checkpoint of Allegiance; remove it to restart replicate {replicate}", path.display())]
    NotACheckpoint {
        /// The file.
        path: PathBuf,
        /// The replicate that it should hold.
        replicate: u32,
    },
    /// The file is of another version.
    #[error(
        "{} has checkpoint version {found}, this program reads {CHECKPOINT_VERSION}; \
         resume with the program that wrote it, or remove it to restart replicate {replicate}",
        path.display()
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The replicate.
        replicate: u32,
    },
    /// The file ends early.
    #[error("{} is cut off: {n_bytes} bytes of {n_expected}; remove it to restart replicate {replicate}", path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Bytes that are there.
        n_bytes: u64,
        /// Bytes that should be.
        n_expected: u64,
        /// The replicate.
        replicate: u32,
    },
    /// The bytes aren't those that were written.
    #[error("{} is damaged: {what}; remove it to restart replicate {replicate}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What doesn't fit.
        what: String,
        /// The replicate.
        replicate: u32,
    },
    /// The checkpoint is of another run.
    #[error("{} is of another run: {}; remove it to restart replicate {replicate}", path.display(), differences.join("; "))]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What differs.
        differences: Vec<String>,
        /// The replicate.
        replicate: u32,
    },
}

/// A model written down and taken up again, without a file.
///
/// # Errors
/// Where the state can't be written or read, which would be a bug.
pub fn through_bytes<'w>(model: &Model<'_>, world: &'w World, replicate: u32) -> io::Result<Model<'w>> {
    let bytes = postcard::to_stdvec(&model.save()).map_err(io::Error::other)?;
    let saved: SavedModel<'_> = postcard::from_bytes(&bytes).map_err(io::Error::other)?;
    Model::restore(world, replicate, saved).map_err(io::Error::other)
}

/// Writes the state of a replicate between two days. The file appears at once.
///
/// # Errors
/// Where the file can't be written.
pub fn write_checkpoint(path: &Path, run: &RunIdentity, replicate: u32, model: &Model<'_>) -> io::Result<()> {
    let state = postcard::to_stdvec(&model.save()).map_err(io::Error::other)?;
    let header = Header {
        run: run.clone(),
        replicate,
        day: model.day(),
        n_bytes: state.len() as u64,
        digest: digest_of_bytes(&state),
    };
    let header = serde_json::to_vec(&header)?;
    let length = (header.len() as u64).to_le_bytes();
    let pieces = [MAGIC, &CHECKPOINT_VERSION.to_le_bytes(), &length, &header, &state];
    put_through(&path.with_extension("tmp"), path, &pieces)
}

/// Takes a replicate up where its checkpoint was written; `None` where there
/// is none.
///
/// # Errors
/// See [`CheckpointError`].
pub fn read_checkpoint<'w>(
    path: &Path,
    run: &RunIdentity,
    replicate: u32,
    world: &'w World,
) -> Result<Option<Model<'w>>, CheckpointError> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    let (header, state) = split(path, replicate, &bytes)?;
    let damaged = |what: String| CheckpointError::Damaged { path: path.to_owned(), what, replicate };
    let mut differences = run.differences(&header.run);
    if header.replicate != replicate {
        differences.push(format!("replicate {} there, {replicate} now", header.replicate));
    }
    if !differences.is_empty() {
        return Err(CheckpointError::Foreign { path: path.to_owned(), differences, replicate });
    }
    if digest_of_bytes(state) != header.digest {
        return Err(damaged("its digest doesn't match".to_owned()));
    }
    let saved: SavedModel<'_> =
        postcard::from_bytes(state).map_err(|error| damaged(format!("its state can't be read: {error}")))?;
    Model::restore(world, replicate, saved).map(Some).map_err(|error| damaged(error.to_string()))
}

/// The header and the bytes of the state, which are as many as they should be.
fn split<'b>(path: &Path, replicate: u32, bytes: &'b [u8]) -> Result<(Header, &'b [u8]), CheckpointError> {
    let truncated = |n_expected: usize| CheckpointError::Truncated {
        path: path.to_owned(),
        n_bytes: bytes.len() as u64,
        n_expected: n_expected as u64,
        replicate,
    };
    let Some(rest) = bytes.strip_prefix(MAGIC) else {
        return Err(if MAGIC.starts_with(bytes) {
            truncated(MAGIC.len())
        } else {
            CheckpointError::NotACheckpoint { path: path.to_owned(), replicate }
        });
    };
    let fixed = MAGIC.len() + VERSION_BYTES + LENGTH_BYTES;
    let (version, rest) = rest.split_first_chunk::<VERSION_BYTES>().ok_or_else(|| truncated(fixed))?;
    let found = u32::from_le_bytes(*version);
    if found != CHECKPOINT_VERSION {
        return Err(CheckpointError::Version { path: path.to_owned(), found, replicate });
    }
    let (length, rest) = rest.split_first_chunk::<LENGTH_BYTES>().ok_or_else(|| truncated(fixed))?;
    let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let (header, state) = rest.split_at_checked(length).ok_or_else(|| truncated(fixed.saturating_add(length)))?;
    let header: Header = serde_json::from_slice(header).map_err(|error| CheckpointError::Damaged {
        path: path.to_owned(),
        what: format!("its header can't be read: {error}"),
        replicate,
    })?;
    let n_expected = usize::try_from(header.n_bytes).unwrap_or(usize::MAX);
    if state.len() != n_expected {
        return Err(truncated((fixed + length).saturating_add(n_expected)));
    }
    Ok((header, state))
}
