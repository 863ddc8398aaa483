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

use crate::disk::{NewFile, make_staging_folder, remove, rename, sibling, sync_together};
use crate::effort::digest_of_reader;
use crate::parquet_table::write_file;
use crate::partial_folder::{Identity, Opening, Ours, PartialFolder, is_finished};
pub use crate::partial_folder::{OpenFolderError, WriteFolderError};
use crate::threads::{Stopped, Threads};
use allegiance_record::digest::digest_of_table;
use allegiance_record::patterns::PatternValues;
use allegiance_record::summary::ReplicateSummary;
use allegiance_record::table::TableData;
use fs_err as fs;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

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

impl Identity for RunIdentity {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let tables = self.tables_written.as_ref().map_or_else(|| "all".to_owned(), |tables| tables.join(","));
        vec![
            ("format version", self.format_version.to_string()),
            ("engine version", self.engine_version.clone()),
            ("scenario", self.scenario_hash.clone()),
            ("seed", self.seed.to_string()),
            ("number of days", self.n_days.to_string()),
            ("setup", self.setup_digest.clone()),
            ("observation model", self.observation_digest.clone()),
            ("tables", tables),
        ]
    }
}

/// What makes two finished runs the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct WholeRun {
    #[serde(flatten)]
    run: RunIdentity,
    n_replicates: u32,
}

impl Identity for WholeRun {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = self.run.parts();
        parts.push(("number of replicates", self.n_replicates.to_string()));
        parts
    }
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

/// The file that tells a finished run.
const HEAD: &str = "run.json";

/// An open run folder; no other process can open it meanwhile.
#[derive(Debug)]
pub struct RunFolder(PartialFolder);

impl RunFolder {
    /// Opens the partial folder of a run, new or to be resumed.
    ///
    /// # Errors
    /// See [`OpenFolderError`].
    pub fn open(
        out: &Path,
        identity: &RunIdentity,
        (overwrite, resume): (bool, bool),
        first: &[(String, Vec<u8>)],
    ) -> Result<Self, OpenFolderError> {
        let ours = Ours::Summed { head: HEAD };
        let opening = Opening { out, ours, head: HEAD, overwrite, resume, is_brief: false };
        let folder = PartialFolder::open(opening, identity, first)?;
        folder.make("replicates")?;
        folder.make("checkpoints")?;
        Ok(Self(folder))
    }

    /// Whether a run that is to be resumed is finished already, with all its files as they were written.
    ///
    /// # Errors
    /// What is finished there is another run, or was changed since.
    pub fn is_finished(
        out: &Path,
        identity: &RunIdentity,
        n_replicates: u32,
        resume: bool,
    ) -> Result<bool, OpenFolderError> {
        is_finished(out, HEAD, resume, &WholeRun { run: identity.clone(), n_replicates })
    }

    /// Where the run lies until it is finished.
    pub fn partial(&self) -> &Path {
        self.0.path()
    }

    /// The replicates below `n_replicates` that an earlier run has finished.
    /// Damaged ones and leftovers are removed, to be run again.
    pub fn finished(&self, n_replicates: u32) -> Result<Vec<FinishedReplicate>, OpenFolderError> {
        let mut finished = Vec::new();
        for entry in fs::read_dir(self.partial().join("replicates"))? {
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
        (tables, threads): (Vec<TableData>, Threads),
        summary: ReplicateSummary,
        patterns: PatternValues,
    ) -> Result<FinishedReplicate, WriteFolderError> {
        let home = self.replicate_path(replicate);
        let staging = sibling(&home, ".tmp");
        remove(&staging)?;
        make_staging_folder(&staging)?;
        let mut written = Vec::new();
        let mut kept = FinishedReplicate {
            replicate,
            digests: BTreeMap::new(),
            n_rows: BTreeMap::new(),
            files: BTreeMap::new(),
            summary,
            patterns,
        };
        // Each is taken by whoever writes it.
        let tables: Vec<Mutex<Option<TableData>>> = tables.into_iter().map(|table| Mutex::new(Some(table))).collect();
        let files = threads.work(tables.len(), &|| false, |at, _| {
            let table = tables[at].lock().unwrap_or_else(PoisonError::into_inner).take();
            let table = table.map(|table| stage_table(&staging, table, replicate, start_days_since_1970));
            table.transpose().map_err(Stopped::Failed)
        });
        let files = files.map_err(|stopped| match stopped {
            Stopped::Failed(error) => error,
            Stopped::Cancelled | Stopped::Broken(_) => WriteFolderError::Io(io::ErrorKind::Interrupted.into()),
        })?;
        for file in files.into_iter().flatten() {
            kept.digests.insert(file.table.clone(), file.table_digest);
            kept.n_rows.insert(file.table.clone(), file.n_rows);
            kept.files.insert(file.table, file.digest);
            written.push(file.path);
        }
        let json = serde_json::to_vec(&kept).map_err(io::Error::from)?;
        let path = staging.join("replicate.json");
        let mut file = NewFile::create(&path)?;
        file.write_all(&json)?;
        file.close()?;
        written.push(path);
        sync_together(&staging, &written)?;
        rename(&staging, &home)?;
        remove(&self.checkpoint(replicate))?;
        Ok(kept)
    }

    /// The part of a table that a finished replicate has written.
    pub fn part(&self, replicate: u32, table: &str) -> PathBuf {
        self.replicate_path(replicate).join(format!("{table}.parquet"))
    }

    /// Where the checkpoint of a replicate in progress lies.
    pub fn checkpoint(&self, replicate: u32) -> PathBuf {
        self.partial().join("checkpoints").join(format!("{replicate:05}.checkpoint"))
    }

    fn replicate_path(&self, replicate: u32) -> PathBuf {
        self.partial().join("replicates").join(format!("{replicate:05}"))
    }

    /// Writes a file of the run at once: under another name first, then renamed.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<(), io::Error> {
        self.0.put(name, bytes)
    }

    /// Tells that a durable file is part of the finished run.
    pub fn stays(&self, name: &str) {
        self.0.stays(name);
    }

    /// What `run.json` says of a run that was killed while it got its name.
    pub fn finished_head(&self) -> Option<String> {
        self.0.finished_head()
    }

    /// Takes back that the run is finished, before any file of it changes.
    pub fn reopen(&self) -> Result<(), io::Error> {
        self.0.reopen()
    }

    /// Writes `run.json`, and before it the digests of all files that stay.
    pub fn seal(&self, content: &[u8]) -> Result<(), io::Error> {
        self.0.seal(content)
    }

    /// A file of the run, where it is there already.
    pub fn get(&self, name: &str) -> Option<String> {
        self.0.get(name)
    }

    /// Ends the run: clears the parts away and gives the folder its name. An
    /// older run of that name is replaced only now.
    pub fn publish(self) -> Result<PathBuf, WriteFolderError> {
        self.0.publish(&["replicates", "checkpoints"])
    }
}

/// Writes a table's file, which is on the disk when this returns; its name is when
/// its folder is synchronised.
pub fn write_table(
    path: &Path,
    table: &TableData,
    metadata: Vec<parquet::file::metadata::KeyValue>,
) -> Result<(), WriteFolderError> {
    Ok(begin_table(path, table, metadata)?.keep()?)
}

/// A table's file that isn't yet on the disk.
struct StagedTable {
    table: String,
    table_digest: String,
    n_rows: u64,
    path: PathBuf,
    digest: String,
}

/// Writes a replicate's table into a folder.
fn stage_table(folder: &Path, table: TableData, replicate: u32, start: i32) -> Result<StagedTable, WriteFolderError> {
    let name = table.name.to_owned();
    let (table_digest, n_rows) = (digest_of_table(&table), table.n_rows() as u64);
    let path = folder.join(format!("{name}.parquet"));
    let table = table.with_file_columns(Some(replicate), start);
    begin_table(&path, &table, Vec::new())?.close()?;
    let digest = digest_of_reader(&mut fs::File::open(&path)?)?;
    Ok(StagedTable { table: name, table_digest, n_rows, path, digest })
}

/// Writes a table's file, which isn't yet on the disk.
fn begin_table(
    path: &Path,
    table: &TableData,
    metadata: Vec<parquet::file::metadata::KeyValue>,
) -> Result<NewFile, WriteFolderError> {
    write_file(NewFile::create(path)?, table, metadata)
        .map_err(|source| WriteFolderError::Parquet { path: path.to_owned(), source })
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
