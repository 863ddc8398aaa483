//! A folder that is safe to kill at any moment, and complete once it has its
//! name: what a run's folder and those of work in many pieces have in common.
//!
//! Everything lies in `<out>.partial/` until the end, beside `partial.json`,
//! which says what it is, so that nothing else resumes it, and `lock`, held by
//! the process that writes there. The head file (`run.json`, `design.json`) is
//! the last one written: where it exists, only clearing away the parts and the
//! renaming are left to do.

use fs_err as fs;
use parquet::errors::ParquetError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What makes two pieces of work the same.
pub trait Identity: PartialEq + Serialize + DeserializeOwned {
    /// What it consists of: the name of each part for people, and its value.
    fn parts(&self) -> Vec<(&'static str, String)>;

    /// In what this differs from another, for people.
    fn differences(&self, other: &Self) -> Vec<String> {
        let pairs = self.parts().into_iter().zip(other.parts());
        pairs
            .filter(|((_, mine), (_, theirs))| mine != theirs)
            .map(|((what, mine), (_, theirs))| format!("{what} {} there, {} now", shorten(&theirs), shorten(&mine)))
            .collect()
    }
}

/// The first digits of a digest; other words as they are.
fn shorten(word: &str) -> &str {
    if word.len() > 20 && word.is_ascii() { &word[..12] } else { word }
}

/// Why a run folder couldn't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFolderError {
    /// A finished run is there.
    #[error("{} exists already; choose another folder, or overwrite it", path.display())]
    Exists {
        /// The folder.
        path: PathBuf,
    },
    /// An unfinished run is there.
    #[error(
        "{} holds an unfinished run; resume it, or remove it by overwriting",
        path.display()
    )]
    Unfinished {
        /// The partial folder.
        path: PathBuf,
    },
    /// The unfinished run isn't this one.
    #[error(
        "{} holds another unfinished run and can't be resumed: {}; choose another folder, or overwrite it",
        path.display(),
        differences.join("; ")
    )]
    Foreign {
        /// The partial folder.
        path: PathBuf,
        /// What differs.
        differences: Vec<String>,
    },
    /// Overwriting would remove something that no run has written.
    #[error("{} isn't a run folder, so it isn't overwritten; choose another folder", path.display())]
    NotARunFolder {
        /// The folder or file.
        path: PathBuf,
    },
    /// Another process writes there.
    #[error("another process is writing to {}", path.display())]
    Locked {
        /// The partial folder.
        path: PathBuf,
    },
    /// The folder can't be read, made or written.
    #[error("can't prepare the run folder")]
    Io(#[from] io::Error),
}

/// Why something couldn't be written to a run folder.
#[derive(Debug, thiserror::Error)]
pub enum WriteFolderError {
    /// The file can't be written: a full disk, for one; the message names it.
    #[error("can't write to the run folder")]
    Io(#[from] io::Error),
    /// The format's library failed.
    #[error("can't write {}", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the library said.
        source: ParquetError,
    },
}

/// An open partial folder; no other process can open it meanwhile.
#[derive(Debug)]
pub struct PartialFolder {
    out: PathBuf,
    partial: PathBuf,
    lock: fs::File,
}

impl PartialFolder {
    /// Opens the partial folder of some work, new or to be resumed. `head` is
    /// the file that tells a finished folder.
    ///
    /// # Errors
    /// See [`OpenFolderError`].
    pub fn open<I: Identity>(
        out: &Path,
        head: &str,
        identity: &I,
        overwrite: bool,
        resume: bool,
    ) -> Result<Self, OpenFolderError> {
        let partial = sibling(out, ".partial");
        check_replaceable(out, head, overwrite)?;
        if !is_fresh(&partial)? {
            check_partial(&partial, head, identity, overwrite, resume)?;
        }
        fs::create_dir_all(&partial)?;
        let lock = lock(&partial)?;
        let keep = resume && read_identity::<I>(&partial, head).is_some_and(|found| found == *identity);
        if !keep {
            clear(&partial)?;
        }
        let folder = Self { out: out.to_owned(), partial, lock };
        if !keep {
            let json = serde_json::to_vec_pretty(identity).map_err(io::Error::from)?;
            folder.put("partial.json", &json)?;
        }
        Ok(folder)
    }

    /// Where the work lies until it is finished.
    pub fn path(&self) -> &Path {
        &self.partial
    }

    /// Writes a file at once: under another name first, then renamed.
    pub fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.partial.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        write_then_rename(&sibling(&path, ".tmp"), &path, &[bytes])
    }

    /// A file of the folder, where it is there already.
    pub fn get(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.partial.join(name)).ok()
    }

    /// Ends the work: clears away what only served on the way and gives the
    /// folder its name. An older folder of that name is replaced only now.
    pub fn publish(self, leftovers: &[&str]) -> Result<PathBuf, WriteFolderError> {
        for leftover in leftovers {
            remove(&self.partial.join(leftover))?;
        }
        remove(&self.partial.join("partial.json"))?;
        drop(self.lock);
        remove(&self.partial.join("lock"))?;
        sync_folder(&self.partial)?;
        let replaced = sibling(&self.out, ".replaced");
        remove(&replaced)?;
        if self.out.exists() {
            fs::rename(&self.out, &replaced)?;
        }
        fs::rename(&self.partial, &self.out)?;
        if let Some(parent) = self.out.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            sync_folder(parent)?;
        }
        remove(&replaced)?;
        Ok(self.out)
    }
}

/// Writes a file under another name first, makes sure that it is on the disk,
/// and renames it.
pub fn write_then_rename(staging: &Path, path: &Path, pieces: &[&[u8]]) -> io::Result<()> {
    let mut file = fs::File::create(staging)?;
    for piece in pieces {
        file.write_all(piece)?;
    }
    file.sync_all()?;
    drop(file);
    fs::rename(staging, path)
}

/// The path with something put after its last name.
pub(super) fn sibling(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    path.with_file_name(name)
}

/// Removes a file or folder, if it is there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
    }
}

/// Removes everything in a partial folder but its lock.
fn clear(partial: &Path) -> io::Result<()> {
    for entry in fs::read_dir(partial)? {
        let entry = entry?;
        if entry.file_name() != "lock" {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

/// Whether a folder is missing, or holds nothing that a run has written yet.
fn is_fresh(folder: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
        Ok(found) if !found.is_dir() => return Ok(false),
        Ok(_) => {}
    }
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if name != "lock" && name != "partial.json.tmp" {
            return Ok(false);
        }
    }
    Ok(true)
}

fn check_replaceable(out: &Path, head: &str, overwrite: bool) -> Result<(), OpenFolderError> {
    let path = out.to_owned();
    if out.file_name().is_none() {
        return Err(OpenFolderError::NotARunFolder { path });
    }
    if is_fresh(out)? {
        return Ok(());
    }
    if !overwrite {
        return Err(OpenFolderError::Exists { path });
    }
    if !out.join(head).is_file() {
        return Err(OpenFolderError::NotARunFolder { path });
    }
    Ok(())
}

fn check_partial<I: Identity>(
    partial: &Path,
    head: &str,
    identity: &I,
    overwrite: bool,
    resume: bool,
) -> Result<(), OpenFolderError> {
    let path = partial.to_owned();
    let Some(found) = read_identity::<I>(partial, head) else {
        return Err(OpenFolderError::NotARunFolder { path });
    };
    if overwrite || (resume && found == *identity) {
        Ok(())
    } else if resume {
        Err(OpenFolderError::Foreign { path, differences: identity.differences(&found) })
    } else {
        Err(OpenFolderError::Unfinished { path })
    }
}

/// What work a partial folder belongs to. While a finished one is being given
/// its name, the head file is all that is left to tell.
fn read_identity<I: Identity>(partial: &Path, head: &str) -> Option<I> {
    ["partial.json", head].iter().find_map(|name| identity_in(&partial.join(name)))
}

/// The identity that a file tells.
pub(super) fn identity_in<I: Identity>(path: &Path) -> Option<I> {
    serde_json::from_str(&fs::read_to_string(path).ok()?).ok()
}

fn lock(partial: &Path) -> Result<fs::File, OpenFolderError> {
    let file = fs::OpenOptions::new().create(true).truncate(false).write(true).open(partial.join("lock"))?;
    match file.file().try_lock() {
        Err(std::fs::TryLockError::WouldBlock) => Err(OpenFolderError::Locked { path: partial.to_owned() }),
        // Some network file systems know no locks; the run goes on without.
        Ok(()) | Err(std::fs::TryLockError::Error(_)) => Ok(file),
    }
}

/// Makes sure that the entries of a folder are on the disk.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        fs::File::open(path)?.sync_all()?;
    }
    Ok(())
}
