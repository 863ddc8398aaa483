//! A folder that is safe to kill at any moment, and complete once it has its
//! name: what a run's folder and those of work in many pieces have in common.
//!
//! Everything lies in `<out>.partial/` until the end. `lock` is its mark: it says
//! whose folder this is, and is held by the process that writes there until the
//! folder has its name. `partial.json` says what work this is, so that nothing
//! else resumes it; until it is there, nothing worth keeping is. The head file
//! (`run.json`, `design.json`) is the last one written, after `SHA256SUMS`: where
//! it exists, only clearing away the parts and the renaming are left to do.
//!
//! Nothing that this program didn't write is removed. A folder without mark and
//! identity is refused, and so is an older result with anything beside it. What is
//! replaced is moved into the folder that replaces it, as `replaced`, and goes
//! when that has its name: no other name is ever used.

use crate::disk::{self, make_folder, remove, rename, sibling, sync_folder};
use crate::sums::{CheckFileError, SUMS_FILE, Sums, changed_files, files_below, put_sums};
use fs_err as fs;
use parquet::errors::ParquetError;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

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
    /// What is finished there isn't what was to be resumed.
    #[error(
        "{} is finished, and isn't what was to be resumed: {}; choose another folder, or overwrite it",
        path.display(),
        differences.join("; ")
    )]
    Other {
        /// The folder.
        path: PathBuf,
        /// What differs.
        differences: Vec<String>,
    },
    /// What was to be resumed is finished there, and its files don't hold what was written.
    #[error("{} is finished, and can't be taken for what was asked for", path.display())]
    Changed {
        /// The folder.
        path: PathBuf,
        /// The first file at fault.
        source: CheckFileError,
    },
    /// What was to be resumed is finished there, and nothing tells whether its files hold what was written.
    #[error("{} is finished, and has no {SUMS_FILE} to check it by; choose another folder, or overwrite it", path.display())]
    Unsummed {
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
    /// Overwriting would remove something that isn't part of what was written there.
    #[error(
        "{} isn't overwritten: it holds {holds:?}, which isn't part of what was written there; move it away, or choose \
         another folder",
        path.display()
    )]
    Holds {
        /// The folder.
        path: PathBuf,
        /// The first thing in it that isn't the program's own.
        holds: String,
    },
    /// The folder in progress has a name that is needed, and something else is in it.
    #[error("{} isn't touched: it holds no unfinished work of Allegiance; move it away, or choose another folder", path.display())]
    NotPartial {
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
    /// Something appeared where the folder was to get its name.
    #[error(
        "{} was made by someone else meanwhile and is left alone; what was finished is whole in {}: move the other away, \
         and resume",
        path.display(), partial.display()
    )]
    Appeared {
        /// The name that was asked for.
        path: PathBuf,
        /// Where the finished work lies.
        partial: PathBuf,
    },
    /// What was to be replaced has changed.
    #[error("what was finished is whole in {}, and waits for its name", partial.display())]
    NotReplaced {
        /// Where the finished work lies.
        partial: PathBuf,
        /// Why the older one isn't replaced.
        source: Box<OpenFolderError>,
    },
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

/// What the file `lock` says, which makes a folder one of ours.
const MARK: &str = "Allegiance works here; the folder gets its name when it is finished.\n";

/// Names in a folder in progress that only serve on the way.
const ON_THE_WAY: [&str; 7] =
    ["lock", "partial.json", "resume.json", "replaced", "replicates", "checkpoints", "pieces"];

/// What a finished folder that may be replaced looks like.
#[derive(Debug, Clone, Copy)]
pub enum Ours<'a> {
    /// Its head file is there, and all else is named by its `SHA256SUMS`.
    Summed {
        /// The name of the head file.
        head: &'a str,
    },
    /// It holds none but files of these names.
    Named(&'a BTreeSet<String>),
}

impl Ours<'_> {
    /// Refuses a folder with anything that the program didn't write there.
    fn check(self, path: &Path) -> Result<(), OpenFolderError> {
        let not_ours = || OpenFolderError::NotARunFolder { path: path.to_owned() };
        if !fs::symlink_metadata(path)?.is_dir() {
            return Err(not_ours());
        }
        if let Self::Summed { head } = self
            && !path.join(head).is_file()
        {
            return Err(not_ours());
        }
        let names: Option<BTreeSet<String>> = match self {
            Self::Named(names) => Some(names.clone()),
            // Early folders have no list, and a damaged one says nothing.
            Self::Summed { .. } => {
                Sums::read(path).ok().flatten().map(|sums| sums.names().map(str::to_owned).collect())
            }
        };
        // What only serves on the way may be left where the mark is.
        let is_marked = mark_of(path).is_ok_and(|mark| mark == Mark::Ours);
        let is_ours = |name: &String| {
            let first = name.split('/').next().unwrap_or_default();
            let is_left_over = is_marked && ON_THE_WAY.contains(&first);
            let is_sums = matches!(self, Self::Summed { .. }) && name == SUMS_FILE;
            is_left_over || is_sums || names.as_ref().map_or_else(|| is_usual(name), |names| names.contains(name))
        };
        match files_below(path)?.into_iter().find(|name| !is_ours(name)) {
            Some(holds) => Err(OpenFolderError::Holds { path: path.to_owned(), holds }),
            None => Ok(()),
        }
    }
}

/// Whether a file has a name that the program gives; for folders without a list.
fn is_usual(name: &str) -> bool {
    let is_of = |ending: &str| name.rsplit_once('.').is_some_and(|(_, found)| found == ending) && !name.contains('/');
    name.starts_with("scenario/")
        || [
            "summary.txt",
            "results.json",
            "results.csv",
            "results.md",
            "results.tex",
            "rows.jsonl",
            "design.toml",
            "experiment.toml",
            "scenario/",
        ]
        .contains(&name)
        || is_of("parquet")
        || (name.starts_with("base") && is_of("toml"))
        || ["run.json", "design.json", "experiment.json", "theories.json", "scales.json", "conformance.json"]
            .contains(&name)
}

/// The content of `partial.json`.
#[derive(Debug, Serialize, Deserialize)]
struct PartialJson<I> {
    /// The file that tells the finished folder, which says what kind of work this is.
    #[serde(default)]
    head: String,
    /// Whether an older folder of the name is replaced at the end.
    #[serde(default)]
    replaces: bool,
    #[serde(flatten)]
    identity: I,
}

/// How a folder is opened.
#[derive(Debug, Clone, Copy)]
pub struct Opening<'a> {
    /// The name that it gets at the end.
    pub out: &'a Path,
    /// What may lie there and is replaced, if that is asked for.
    pub ours: Ours<'a>,
    /// The file that tells a finished folder.
    pub head: &'a str,
    /// Whether an older folder is replaced, and unfinished work dropped.
    pub overwrite: bool,
    /// Whether unfinished work is continued.
    pub resume: bool,
    /// Whether unfinished work of the kind is worth nothing, so that it is dropped unasked.
    pub is_brief: bool,
}

/// Whether work that is to be resumed is finished already: the folder has its name, is of the same work, and its
/// files hold what was written. Where other work goes on beside it, that is what is to be resumed.
///
/// # Errors
/// What is finished there is other work, or was changed since.
pub fn is_finished<I: Identity>(out: &Path, head: &str, resume: bool, identity: &I) -> Result<bool, OpenFolderError> {
    // A process that was killed in the last moment left its mark, and is looked after by who opens the folder.
    let is_marked = || mark_of(out).is_ok_and(|mark| mark == Mark::Ours);
    if !resume || !out.join(head).is_file() || is_marked() || !is_new(&sibling(out, ".partial"))? {
        return Ok(false);
    }
    let path = out.to_owned();
    let Some(found) = identity_in::<I>(&out.join(head)) else { return Ok(false) };
    if found != *identity {
        return Err(OpenFolderError::Other { path, differences: identity.differences(&found) });
    }
    match changed_files(out) {
        Ok(Some(changed)) => match changed.into_iter().next() {
            Some(source) => Err(OpenFolderError::Changed { path, source }),
            None => Ok(true),
        },
        Ok(None) => Err(OpenFolderError::Unsummed { path }),
        Err(source) => Err(OpenFolderError::Changed { path, source }),
    }
}

/// An open partial folder; no other process can open it meanwhile.
#[derive(Debug)]
pub struct PartialFolder {
    out: PathBuf,
    partial: PathBuf,
    head: String,
    names: Option<BTreeSet<String>>,
    replaces: bool,
    lock: fs::File,
    /// The files that stay, by their names.
    files: Mutex<BTreeSet<String>>,
}

impl PartialFolder {
    /// Opens the partial folder of some work, new or to be resumed. `first` are
    /// the files without which nothing can be resumed.
    ///
    /// # Errors
    /// See [`OpenFolderError`].
    pub fn open<I: Identity>(
        opening: Opening<'_>,
        identity: &I,
        first: &[(String, Vec<u8>)],
    ) -> Result<Self, OpenFolderError> {
        let Opening { out, ours, head, overwrite, resume, .. } = opening;
        if out.file_name().is_none() {
            return Err(OpenFolderError::NotARunFolder { path: out.to_owned() });
        }
        let partial = sibling(out, ".partial");
        // Refusals come before anything is made, and again when nobody else can write.
        let check = || -> Result<Option<PartialJson<I>>, OpenFolderError> {
            let found = if is_new(&partial)? { None } else { unfinished(&partial, opening, identity)? };
            let replaces = overwrite || (resume && found.as_ref().is_some_and(|found| found.replaces));
            check_replaceable(out, ours, replaces)?;
            Ok(found)
        };
        let taken_back = take_back(out, &partial, opening, identity)?;
        check()?;
        make_folder(&partial)?;
        let lock = taken_back.map_or_else(|| lock(&partial), Ok)?;
        let found = check().inspect_err(|_| drop_new(&partial))?;
        let folder = Self {
            out: out.to_owned(),
            head: head.to_owned(),
            names: if let Ours::Named(names) = ours { Some(names.clone()) } else { None },
            replaces: overwrite || found.as_ref().is_some_and(|found| found.replaces),
            partial,
            lock,
            files: Mutex::new(BTreeSet::new()),
        };
        if found.is_none() {
            clear(&folder.partial)?;
        }
        for (name, bytes) in first {
            folder.put_on_the_way(name, bytes)?;
        }
        let is_named = folder.partial.join("partial.json").is_file();
        if found.is_none() || !is_named {
            let json = PartialJson { head: head.to_owned(), replaces: folder.replaces, identity };
            let json = serde_json::to_vec_pretty(&json).map_err(io::Error::from)?;
            folder.put_on_the_way("partial.json", &json)?;
        }
        Ok(folder)
    }

    /// Where the work lies until it is finished.
    pub fn path(&self) -> &Path {
        &self.partial
    }

    /// Makes a folder for what serves on the way.
    pub fn make(&self, name: &str) -> io::Result<PathBuf> {
        let path = self.partial.join(name);
        make_folder(&path)?;
        Ok(path)
    }

    /// Writes a file that stays, at once.
    pub fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.put_on_the_way(name, bytes)?;
        self.stays(name);
        Ok(())
    }

    /// Writes a file that goes at the end, or that [`PartialFolder::stays`] speaks of.
    pub fn put_on_the_way(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.partial.join(name);
        make_folder(disk::parent_of(&path))?;
        disk::put(&path, &[bytes])
    }

    /// Tells that a durable file is part of the finished folder.
    pub fn stays(&self, name: &str) {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
    }

    /// A file of the folder, where it is there already.
    pub fn get(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.partial.join(name)).ok()
    }

    /// The head file of work that was killed while it got its name.
    pub fn finished_head(&self) -> Option<String> {
        self.get(&self.head)
    }

    /// Takes back that the work is finished, before any file of it changes.
    pub fn reopen(&self) -> io::Result<()> {
        for name in [self.head.as_str(), SUMS_FILE] {
            remove(&self.partial.join(name))?;
        }
        sync_folder(&self.partial)
    }

    /// Writes the head file, and before it the digests of all files that stay.
    pub fn seal(&self, content: &[u8]) -> io::Result<()> {
        if self.names.is_none() {
            let files = self.files.lock().unwrap_or_else(PoisonError::into_inner).clone();
            put_sums(&self.partial, &Sums::of(&self.partial, &files, (&self.head, content))?)?;
        }
        sync_folder(&self.partial)?;
        self.put_on_the_way(&self.head, content)
    }

    /// Ends the work: clears away the parts and gives the folder its name. An
    /// older folder of that name is replaced only now. The lock holds until then.
    pub fn publish(self, leftovers: &[&str]) -> Result<PathBuf, WriteFolderError> {
        for leftover in leftovers {
            remove(&self.partial.join(leftover))?;
        }
        sync_folder(&self.partial)?;
        if !is_empty(&self.out)? {
            self.move_older()?;
        }
        let Self { out, partial, lock, .. } = self;
        // Where folders with open files can't be renamed, nor renamed over empty ones, the lock ends a moment before.
        let lock = if cfg!(unix) {
            Some(lock)
        } else {
            fs::remove_dir(&out).ok();
            None
        };
        if let Err(error) = rename(&partial, &out) {
            let is_there = matches!(
                error.kind(),
                io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory
            );
            return Err(if is_there { WriteFolderError::Appeared { path: out, partial } } else { error.into() });
        }
        // The result is whole; what a full disk leaves here, the next one clears away.
        tidy(&out).ok();
        drop(lock);
        Ok(out)
    }

    /// Moves what is replaced into the folder that replaces it.
    fn move_older(&self) -> Result<(), WriteFolderError> {
        if !self.replaces {
            return Err(WriteFolderError::Appeared { path: self.out.clone(), partial: self.partial.clone() });
        }
        let ours = self.names.as_ref().map_or(Ours::Summed { head: &self.head }, Ours::Named);
        ours.check(&self.out).map_err(|error| WriteFolderError::NotReplaced {
            partial: self.partial.clone(),
            source: Box::new(error),
        })?;
        let replaced = self.partial.join("replaced");
        remove(&replaced)?;
        Ok(rename(&self.out, &replaced)?)
    }
}

/// Clears away what a process that was killed just after a folder got its name
/// left in it; leaves a folder alone that has no such mark.
pub fn tidy(out: &Path) -> io::Result<()> {
    if mark_of(out)? != Mark::Ours {
        return Ok(());
    }
    // The mark goes last.
    for name in ON_THE_WAY.iter().rev() {
        remove(&out.join(name))?;
    }
    sync_folder(out)
}

/// Looks after a folder that was given its name by a process that was killed before
/// it had cleared away what served on the way. Where the same work is to be
/// resumed, the folder gives its name back, and keeps the lock that is returned.
fn take_back<I: Identity>(
    out: &Path,
    partial: &Path,
    opening: Opening<'_>,
    identity: &I,
) -> Result<Option<fs::File>, OpenFolderError> {
    let is_marked = mark_of(out).is_ok_and(|mark| mark == Mark::Ours);
    if !is_marked || !out.join(opening.head).is_file() {
        return Ok(None);
    }
    let lock = lock(out)?;
    let is_same = read_identity::<I>(out, opening.head).is_some_and(|found| found.identity == *identity);
    if cfg!(unix) && opening.resume && is_same && is_empty(partial)? {
        rename(out, partial)?;
        return Ok(Some(lock));
    }
    tidy(out)?;
    Ok(None)
}

/// What the file `lock` of a folder tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// There is none, or nothing is in it yet.
    Missing,
    /// The folder is ours.
    Ours,
    /// Somebody else's file has this name.
    Foreign,
}

impl Mark {
    fn in_text(text: &[u8]) -> Self {
        match text {
            [] => Self::Missing,
            text if text == MARK.as_bytes() => Self::Ours,
            _ => Self::Foreign,
        }
    }
}

fn mark_of(folder: &Path) -> io::Result<Mark> {
    match fs::read(folder.join("lock")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Mark::Missing),
        read => read.map(|text| Mark::in_text(&text)),
    }
}

/// Whether nothing is there, or an empty folder.
fn is_empty(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
        Ok(found) if !found.is_dir() => Ok(false),
        Ok(_) => Ok(fs::read_dir(path)?.next().is_none()),
    }
}

/// Whether a partial folder is missing, or was killed before anything worth
/// keeping was in it: before it had its identity.
fn is_new(partial: &Path) -> io::Result<bool> {
    if is_empty(partial)? {
        return Ok(true);
    }
    if !fs::symlink_metadata(partial)?.is_dir() {
        return Ok(false);
    }
    // Where a lock is held, some systems let nobody read the file.
    let mark = mark_of(partial).unwrap_or(Mark::Ours);
    for entry in fs::read_dir(partial)? {
        let name = entry?.file_name();
        let is_first =
            ["resume.json", "resume.json.tmp", "partial.json.tmp", "scenario"].iter().any(|first| name == *first);
        if !(name == "lock" && mark != Mark::Foreign || mark == Mark::Ours && is_first) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn check_replaceable(out: &Path, ours: Ours<'_>, replaces: bool) -> Result<(), OpenFolderError> {
    if is_empty(out)? {
        return Ok(());
    }
    if !replaces {
        return Err(OpenFolderError::Exists { path: out.to_owned() });
    }
    ours.check(out)
}

/// What lies in a partial folder, if the work goes on there; none where it is to
/// be dropped.
fn unfinished<I: Identity>(
    partial: &Path,
    opening: Opening<'_>,
    identity: &I,
) -> Result<Option<PartialJson<I>>, OpenFolderError> {
    let Opening { ours, head, overwrite, resume, is_brief, .. } = opening;
    let path = partial.to_owned();
    let found = read_identity::<I>(partial, head);
    // Of another version no more may be understood than what kind of work it is.
    let kind = found.as_ref().map_or_else(|| kind_of(partial), |found| Some(found.head.clone()));
    match kind {
        None => return Err(OpenFolderError::NotPartial { path }),
        Some(kind) if !kind.is_empty() && kind != head => {
            let differences = vec![format!("head file {kind} there, {head} now")];
            return Err(OpenFolderError::Foreign { path, differences });
        }
        Some(_) => {}
    }
    if overwrite || is_brief {
        return match foreign_in(partial, head, ours)? {
            Some(holds) => Err(OpenFolderError::Holds { path, holds }),
            None => Ok(None),
        };
    }
    match found {
        Some(found) if resume && found.identity == *identity => Ok(Some(found)),
        Some(found) if resume => {
            Err(OpenFolderError::Foreign { path, differences: identity.differences(&found.identity) })
        }
        None if resume => Err(OpenFolderError::NotPartial { path }),
        _ => Err(OpenFolderError::Unfinished { path }),
    }
}

/// The first thing in a partial folder that isn't the program's own.
fn foreign_in(partial: &Path, head: &str, ours: Ours<'_>) -> io::Result<Option<String>> {
    let is_named = |name: &str| matches!(ours, Ours::Named(names) if names.contains(name));
    for entry in fs::read_dir(partial)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let own = name.strip_suffix(".tmp").unwrap_or(&name);
        let is_ours = ON_THE_WAY.contains(&own) || own == head || own == SUMS_FILE || own == "scenario";
        if !(is_ours || is_usual(own) || is_named(own)) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// The head file that unfinished work says it will have, whatever else it says.
fn kind_of(partial: &Path) -> Option<String> {
    #[derive(Deserialize)]
    struct Kind {
        head: String,
    }
    let text = fs::read_to_string(partial.join("partial.json")).ok()?;
    serde_json::from_str(&text).ok().map(|Kind { head }| head)
}

/// Removes a partial folder in which nothing was begun.
fn drop_new(partial: &Path) {
    if is_new(partial).is_ok_and(|is_new| is_new) {
        remove(partial).ok();
    }
}

/// What work a partial folder belongs to. Where a finished one was given another
/// name, the head file is all that is left to tell.
fn read_identity<I: Identity>(partial: &Path, head: &str) -> Option<PartialJson<I>> {
    let read = |name: &str| serde_json::from_str(&fs::read_to_string(partial.join(name)).ok()?).ok();
    ["partial.json", head].into_iter().find_map(read)
}

/// The identity that a file tells.
pub(super) fn identity_in<I: Identity>(path: &Path) -> Option<I> {
    serde_json::from_str(&fs::read_to_string(path).ok()?).ok()
}

/// Removes everything in a partial folder but its lock; that nothing else is
/// there has been looked at.
fn clear(partial: &Path) -> io::Result<()> {
    for entry in fs::read_dir(partial)? {
        let entry = entry?;
        if entry.file_name() != "lock" {
            remove(&entry.path())?;
        }
    }
    sync_folder(partial)
}

/// Locks a partial folder for as long as the file is open, and marks it.
fn lock(partial: &Path) -> Result<fs::File, OpenFolderError> {
    let path = partial.join("lock");
    let locked = || OpenFolderError::Locked { path: partial.to_owned() };
    let mut file = fs::OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path)?;
    match file.file().try_lock() {
        Err(std::fs::TryLockError::WouldBlock) => return Err(locked()),
        // Some network file systems know no locks; the run goes on without.
        Ok(()) | Err(std::fs::TryLockError::Error(_)) => {}
    }
    // Whoever held it may have given the folder its name since it was opened.
    if !is_same(&file, &path)? {
        return Err(locked());
    }
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    match Mark::in_text(&text) {
        Mark::Ours => {}
        Mark::Missing => {
            file.write_all(MARK.as_bytes())?;
            file.sync_all()?;
            sync_folder(partial)?;
        }
        Mark::Foreign => return Err(OpenFolderError::NotPartial { path: partial.to_owned() }),
    }
    Ok(file)
}

/// Whether an open file is still the one of its name.
#[cfg(unix)]
fn is_same(file: &fs::File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let open = file.metadata()?;
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        named => named.map(|named| (named.dev(), named.ino()) == (open.dev(), open.ino())),
    }
}

/// Elsewhere a file that is open can't lose its name.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the same shape as on Unix")]
fn is_same(_file: &fs::File, _path: &Path) -> io::Result<bool> {
    Ok(true)
}
