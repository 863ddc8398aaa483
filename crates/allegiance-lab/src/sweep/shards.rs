//! Shards: every n-th row in a folder of its own, and joining them again.

use super::folder::{SHARD_ROWS, SWEEP_HEAD, SweepManifest};
use super::row::RowRecord;
use allegiance_record::Fix;
use allegiance_record::digest::digest_of_bytes;
use allegiance_runs::foreign_version::{ForeignVersionError, check_version};
use allegiance_runs::partial_folder::Identity as _;
use allegiance_runs::sums::{CheckFileError, check_files};
use allegiance_runs::work_folder::{WORK_FORMAT_VERSION, WorkIdentity};
use fs_err as fs;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// One of several equal parts of a sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Its number, from 1.
    pub at: u32,
    /// How many there are.
    pub of: u32,
}

impl Shard {
    /// Whether a row belongs to the shard.
    pub fn holds(self, row: u32) -> bool {
        row % self.of == self.at - 1
    }
}

/// Why shards can't be joined.
#[derive(Debug, thiserror::Error)]
pub enum ShardError {
    /// No shard is there.
    #[error("there are no shards next to {}", path.display())]
    None {
        /// The folder of the whole sweep.
        path: PathBuf,
    },
    /// Shards of different divisions lie there.
    #[error("{} and {} are shards of different divisions; remove those that don't belong", first.display(), second.display())]
    Mixed {
        /// One shard.
        first: PathBuf,
        /// Another.
        second: PathBuf,
    },
    /// Some shards aren't finished.
    #[error("{} of {of} shards are missing or unfinished: {}", missing.len(), list(missing))]
    Missing {
        /// Their numbers.
        missing: Vec<u32>,
        /// How many there should be.
        of: u32,
    },
    /// A shard belongs to another design, scenario or version.
    #[error("{} isn't a shard of this sweep: {}", path.display(), differences.join("; "))]
    Foreign {
        /// Its folder.
        path: PathBuf,
        /// What differs.
        differences: Vec<String>,
    },
    /// A shard has the layout of another version.
    #[error(transparent)]
    Version(#[from] ForeignVersionError),
    /// A shard is damaged.
    #[error("{} is damaged", path.display())]
    Damaged {
        /// Its file.
        path: PathBuf,
    },
    /// A file isn't what was written.
    #[error(transparent)]
    Changed(#[from] CheckFileError),
    /// A folder can't be read; the message names it.
    #[error("can't read the shards")]
    Io(#[from] io::Error),
}

impl ShardError {
    /// What helps.
    pub fn fix(&self) -> Option<Fix> {
        match self {
            Self::None { .. } => Some(Fix::RunShards),
            Self::Damaged { .. } | Self::Changed(_) => Some(Fix::RunShardAgain),
            _ => None,
        }
    }
}

fn list(numbers: &[u32]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The folder of a shard, beside that of the whole sweep.
pub fn shard_folder(out: &Path, shard: Shard) -> PathBuf {
    let name = out.file_name().unwrap_or_default().to_string_lossy().into_owned();
    out.with_file_name(format!("{name}.shard-{}-of-{}", shard.at, shard.of))
}

/// The finished shards beside a folder.
fn find_shards(out: &Path) -> Result<Vec<(Shard, PathBuf)>, ShardError> {
    let prefix = format!("{}.shard-", out.file_name().unwrap_or_default().to_string_lossy());
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut found = Vec::new();
    if !parent.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(parent)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let numbers = name.strip_prefix(&prefix).and_then(|rest| rest.split_once("-of-"));
        if let Some((Ok(at), Ok(of))) = numbers.map(|(at, of)| (at.parse(), of.parse())) {
            found.push((Shard { at, of }, out.with_file_name(&name)));
        }
    }
    found.sort_by_key(|(shard, _)| (shard.of, shard.at));
    Ok(found)
}

/// The rows of all shards of a sweep, or why they can't be joined.
pub(super) fn read_shards(
    out: &Path,
    identity: &WorkIdentity,
    n_rows: usize,
) -> Result<BTreeMap<u32, RowRecord>, ShardError> {
    let found = find_shards(out)?;
    let (Some((first, first_path)), Some((last, last_path))) = (found.first(), found.last()) else {
        return Err(ShardError::None { path: out.to_owned() });
    };
    if first.of != last.of {
        return Err(ShardError::Mixed { first: first_path.clone(), second: last_path.clone() });
    }
    let is_there = |at: &u32| found.iter().any(|(shard, _)| shard.at == *at);
    let missing: Vec<u32> = (1..=first.of).filter(|at| !is_there(at)).collect();
    if !missing.is_empty() {
        return Err(ShardError::Missing { missing, of: first.of });
    }
    let mut rows = BTreeMap::new();
    for (shard, path) in &found {
        let expected = WorkIdentity { shard: Some([shard.at, shard.of]), ..identity.clone() };
        for record in read_shard(path, &expected)? {
            rows.insert(record.row, record);
        }
    }
    if rows.len() != n_rows {
        return Err(ShardError::Damaged { path: first_path.clone() });
    }
    Ok(rows)
}

fn read_shard(path: &Path, expected: &WorkIdentity) -> Result<Vec<RowRecord>, ShardError> {
    let head = path.join(SWEEP_HEAD);
    let damaged = |path: &Path| ShardError::Damaged { path: path.to_owned() };
    let text = fs::read_to_string(&head)?;
    check_version(&head, &text, WORK_FORMAT_VERSION)?;
    let manifest: SweepManifest = serde_json::from_str(&text).map_err(|_bad| damaged(&head))?;
    let found = manifest.identity();
    if found != *expected {
        return Err(ShardError::Foreign { path: path.to_owned(), differences: expected.differences(&found) });
    }
    check_files(path, &[SWEEP_HEAD, SHARD_ROWS])?;
    let file = path.join(SHARD_ROWS);
    let text = fs::read_to_string(&file)?;
    if manifest.tables.get("rows").map(|table| table.digest.as_str()) != Some(&digest_of_bytes(text.as_bytes())) {
        return Err(damaged(&file));
    }
    text.lines().map(|line| serde_json::from_str(line).map_err(|_bad| damaged(&file))).collect()
}
