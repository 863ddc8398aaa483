//! The folder of a run: safe to kill at any moment, complete once it has its name.
//!
//! ```text
//! <out>.partial/                    while the run goes on
//!     partial.json                  what run this is, so that no other resumes it
//!     lock                          held by the process that writes here
//!     resume.json                   how it was asked for, for `allegiance resume`
//!     scenario/                     the scenario's files
//!     checkpoints/00007.checkpoint  a replicate in progress, where asked for
//!     replicates/00007/             one finished replicate, named by one rename
//!         <table>.parquet  replicate.json
//! <out>/                            at the end, by one rename
//!     run.json  summary.txt  <table>.parquet  places.parquet  scenario/
//! ```
//!
//! `run.json` is the last file written in the partial folder: where it exists,
//! only clearing away the parts and the renaming are left to do.

use crate::output::digest::{digest_of_reader, digest_of_table};
use crate::output::parquet_table::write_file;
use crate::output::table::TableData;
use crate::patterns::PatternValues;
use crate::summary::ReplicateSummary;
use fs_err as fs;
use parquet::errors::ParquetError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// What makes two runs the same, apart from how many replicates they have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunIdentity {
    /// Version of the layout of a run folder.
    pub format_version: u32,
    /// Version of the engine.
    pub engine_version: String,
    /// Hash of the resolved scenario.
    pub scenario_hash: String,
    /// Digest of everything that the engine is given.
    pub setup_digest: String,
    /// Seed.
    pub seed: u64,
    /// Days of each replicate.
    pub n_days: u32,
    /// Digest of the observation model's parameters.
    pub observation_digest: String,
    /// The tables that are written; none for all.
    #[serde(default)]
    pub tables_written: Option<Vec<String>>,
}

impl RunIdentity {
    /// In what this run differs from another, for people.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let pairs = [
            ("format version", self.format_version.to_string(), other.format_version.to_string()),
            ("engine version", self.engine_version.clone(), other.engine_version.clone()),
            ("scenario", self.scenario_hash.clone(), other.scenario_hash.clone()),
            ("seed", self.seed.to_string(), other.seed.to_string()),
            ("number of days", self.n_days.to_string(), other.n_days.to_string()),
            ("setup", self.setup_digest.clone(), other.setup_digest.clone()),
            ("observation model", self.observation_digest.clone(), other.observation_digest.clone()),
            ("tables", self.table_words(), other.table_words()),
        ];
        pairs
            .into_iter()
            .filter(|(_, mine, theirs)| mine != theirs)
            .map(|(what, mine, theirs)| format!("{what} {} there, {} now", shorten(&theirs), shorten(&mine)))
            .collect()
    }
}

impl RunIdentity {
    fn table_words(&self) -> String {
        self.tables_written.as_ref().map_or_else(|| "all".to_owned(), |tables| tables.join(","))
    }
}

/// The first digits of a digest; other words as they are.
pub(super) fn shorten(word: &str) -> &str {
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

/// What is kept of a finished replicate, besides its tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FinishedReplicate {
    /// The replicate's number.
    pub replicate: u32,
    /// Digest of the content of each table, by name.
    pub digests: BTreeMap<String, String>,
    /// Rows of each table, by name.
    pub n_rows: BTreeMap<String, u64>,
    /// SHA-256 of each part's file, by table, to find damage before a resume.
    pub files: BTreeMap<String, String>,
    /// What the summary of the run needs to know.
    pub summary: ReplicateSummary,
    /// The calibration patterns in this replicate.
    pub patterns: PatternValues,
}

/// An open run folder; no other process can open it meanwhile.
#[derive(Debug)]
pub struct RunFolder {
    out: PathBuf,
    partial: PathBuf,
    lock: fs::File,
}

impl RunFolder {
    /// Opens the partial folder of a run, new or to be resumed.
    ///
    /// # Errors
    /// See [`OpenFolderError`].
    pub fn open(out: &Path, identity: &RunIdentity, overwrite: bool, resume: bool) -> Result<Self, OpenFolderError> {
        let partial = sibling(out, ".partial");
        check_replaceable(out, overwrite)?;
        if !is_fresh(&partial)? {
            check_partial(&partial, identity, overwrite, resume)?;
        }
        fs::create_dir_all(&partial)?;
        let lock = lock(&partial)?;
        let keep = resume && read_identity(&partial).is_some_and(|found| found == *identity);
        if !keep {
            clear(&partial)?;
        }
        fs::create_dir_all(partial.join("replicates"))?;
        fs::create_dir_all(partial.join("checkpoints"))?;
        let folder = Self { out: out.to_owned(), partial, lock };
        if !keep {
            let json = serde_json::to_vec_pretty(identity).map_err(io::Error::from)?;
            folder.put("partial.json", &json)?;
        }
        Ok(folder)
    }

    /// Where the run lies until it is finished.
    pub fn partial(&self) -> &Path {
        &self.partial
    }

    /// The replicates below `n_replicates` that an earlier run has finished.
    /// Damaged ones and leftovers are removed, to be run again.
    pub fn finished(&self, n_replicates: u32) -> Result<Vec<FinishedReplicate>, OpenFolderError> {
        let mut finished = Vec::new();
        for entry in fs::read_dir(self.partial.join("replicates"))? {
            let path = entry?.path();
            match read_replicate(&path) {
                Some(replicate) if replicate.replicate < n_replicates => finished.push(replicate),
                _ => remove(&path)?,
            }
        }
        finished.sort_by_key(|replicate| replicate.replicate);
        Ok(finished)
    }

    /// Keeps a finished replicate: its tables and `replicate.json` appear
    /// together, by one rename.
    pub fn keep(
        &self,
        replicate: u32,
        start_days_since_1970: i32,
        tables: Vec<TableData>,
        summary: ReplicateSummary,
        patterns: PatternValues,
    ) -> Result<FinishedReplicate, WriteFolderError> {
        let home = self.replicate_path(replicate);
        let staging = sibling(&home, ".tmp");
        remove(&staging)?;
        fs::create_dir(&staging)?;
        let mut kept = FinishedReplicate {
            replicate,
            digests: BTreeMap::new(),
            n_rows: BTreeMap::new(),
            files: BTreeMap::new(),
            summary,
            patterns,
        };
        for table in tables {
            let name = table.name.to_owned();
            kept.digests.insert(name.clone(), digest_of_table(&table));
            kept.n_rows.insert(name.clone(), table.n_rows() as u64);
            let path = staging.join(format!("{name}.parquet"));
            write_table(&path, &table.with_file_columns(Some(replicate), start_days_since_1970), Vec::new())?;
            kept.files.insert(name, digest_of_reader(&mut fs::File::open(&path)?)?);
        }
        let json = serde_json::to_vec(&kept).map_err(io::Error::from)?;
        fs::write(staging.join("replicate.json"), json)?;
        fs::rename(&staging, &home)?;
        remove(&self.checkpoint(replicate))?;
        Ok(kept)
    }

    /// The part of a table that a finished replicate has written.
    pub fn part(&self, replicate: u32, table: &str) -> PathBuf {
        self.replicate_path(replicate).join(format!("{table}.parquet"))
    }

    /// Where the checkpoint of a replicate in progress lies.
    pub fn checkpoint(&self, replicate: u32) -> PathBuf {
        self.partial.join("checkpoints").join(format!("{replicate:05}.checkpoint"))
    }

    fn replicate_path(&self, replicate: u32) -> PathBuf {
        self.partial.join("replicates").join(format!("{replicate:05}"))
    }

    /// Writes a file of the run at once: under another name first, then renamed.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<(), io::Error> {
        let path = self.partial.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let staging = sibling(&path, ".tmp");
        let mut file = fs::File::create(&staging)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&staging, &path)
    }

    /// A file of the run, where it is there already.
    pub fn get(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.partial.join(name)).ok()
    }

    /// Ends the run: clears the parts away and gives the folder its name. An
    /// older run of that name is replaced only now.
    pub fn publish(self) -> Result<PathBuf, WriteFolderError> {
        remove(&self.partial.join("replicates"))?;
        remove(&self.partial.join("checkpoints"))?;
        remove(&self.partial.join("resume.json"))?;
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

/// Writes a table's file.
pub fn write_table(
    path: &Path,
    table: &TableData,
    metadata: Vec<parquet::file::metadata::KeyValue>,
) -> Result<(), WriteFolderError> {
    let file = BufWriter::new(fs::File::create(path)?);
    let mut file = write_file(file, table, metadata)
        .map_err(|source| WriteFolderError::Parquet { path: path.to_owned(), source })?;
    file.flush()?;
    Ok(())
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
pub(super) fn clear(partial: &Path) -> io::Result<()> {
    for entry in fs::read_dir(partial)? {
        let entry = entry?;
        if entry.file_name() != "lock" {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

/// Whether a folder is missing, or holds nothing that a run has written yet.
pub(super) fn is_fresh(folder: &Path) -> io::Result<bool> {
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

fn check_replaceable(out: &Path, overwrite: bool) -> Result<(), OpenFolderError> {
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
    if !out.join("run.json").is_file() {
        return Err(OpenFolderError::NotARunFolder { path });
    }
    Ok(())
}

fn check_partial(partial: &Path, identity: &RunIdentity, overwrite: bool, resume: bool) -> Result<(), OpenFolderError> {
    let path = partial.to_owned();
    let Some(found) = read_identity(partial) else {
        return Err(OpenFolderError::NotARunFolder { path });
    };
    if overwrite || (resume && found == *identity) {
        Ok(())
    } else if resume {
        let differences = identity.differences(&found);
        Err(OpenFolderError::Foreign { path, differences })
    } else {
        Err(OpenFolderError::Unfinished { path })
    }
}

/// What run a partial folder belongs to. While a finished run is being given
/// its name, `run.json` is all that is left to tell.
fn read_identity(partial: &Path) -> Option<RunIdentity> {
    ["partial.json", "run.json"].iter().find_map(|name| {
        let text = fs::read_to_string(partial.join(name)).ok()?;
        serde_json::from_str(&text).ok()
    })
}

pub(super) fn lock(partial: &Path) -> Result<fs::File, OpenFolderError> {
    let file = fs::OpenOptions::new().create(true).truncate(false).write(true).open(partial.join("lock"))?;
    match file.file().try_lock() {
        Err(std::fs::TryLockError::WouldBlock) => Err(OpenFolderError::Locked { path: partial.to_owned() }),
        // Some network file systems know no locks; the run goes on without.
        Ok(()) | Err(std::fs::TryLockError::Error(_)) => Ok(file),
    }
}

/// The finished replicate in a folder, if it is whole.
fn read_replicate(path: &Path) -> Option<FinishedReplicate> {
    let kept: FinishedReplicate = serde_json::from_str(&fs::read_to_string(path.join("replicate.json")).ok()?).ok()?;
    if path.file_name()?.to_str()? != format!("{:05}", kept.replicate) {
        return None;
    }
    for (table, digest) in &kept.files {
        let mut file = fs::File::open(path.join(format!("{table}.parquet"))).ok()?;
        if digest_of_reader(&mut file).ok()? != *digest {
            return None;
        }
    }
    Some(kept)
}

/// Makes sure that the entries of a folder are on the disk.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        fs::File::open(path)?.sync_all()?;
    }
    Ok(())
}
