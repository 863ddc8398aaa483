//! A table of simulated draws, written chunk by chunk.
//!
//! Each chunk is one Parquet file that appears whole, by one rename, and names
//! the study it belongs to. A killed run leaves whole chunks; going on computes
//! the others. Which process computed a chunk, and with how many threads, can't
//! be seen in it, so that shards of one table can be computed on several
//! machines and copied together.

use crate::sweep::Shard;
use allegiance_record::digest::{Hasher, digest_of_bytes};
use allegiance_record::table::{OutputCells, OutputColumn, OutputKind, TableData};
use allegiance_replay::BrokenRun;
use allegiance_replay::Progress;
use allegiance_runs::disk::{self, Existing, make_folder};
use allegiance_runs::foreign_version::{ForeignVersionError, check_version};
use allegiance_runs::parquet_table::{decoding, open_file, write_file};
use allegiance_runs::{Stopped, Threads};
use fs_err as fs;
use parquet::column::reader::ColumnReader;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::reader::FileReader;
use serde::Serialize;
use std::convert::Infallible;
use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// Why a table of draws can't be used or made.
#[derive(Debug, thiserror::Error)]
pub enum DrawTableError {
    /// The folder belongs to another study.
    #[error("{} holds the draws of another study: {key} is {found}, and this one has {wanted}; choose another folder", path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// What differs.
        key: String,
        /// What the folder has.
        found: String,
        /// What was asked for.
        wanted: String,
    },
    /// The folder has the layout of another version.
    #[error(transparent)]
    Version(#[from] ForeignVersionError),
    /// Something else is in the folder.
    #[error("{} isn't empty and holds no study.json; choose another folder", path.display())]
    NotAStudy {
        /// The folder.
        path: PathBuf,
    },
    /// Chunks are missing.
    #[error("{} holds {found} of {wanted} chunks of draws; compute the others first", path.display())]
    Incomplete {
        /// The folder.
        path: PathBuf,
        /// Chunks found.
        found: u32,
        /// Chunks wanted.
        wanted: u32,
    },
    /// A chunk can't be written.
    #[error("can't write {}", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the format's library said.
        source: ParquetError,
    },
    /// A file can't be read or written; the message names it.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The caller cancelled; whole chunks are kept.
    #[error("cancelled; what is finished is kept in {}", path.display())]
    Cancelled {
        /// The folder.
        path: PathBuf,
    },
    /// A bound of the engine didn't hold.
    #[error("the engine stopped with a bug")]
    Broken(#[from] BrokenRun),
}

/// One column of a table of draws.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DrawColumn {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub meaning: String,
}

/// The folder of a study that holds its draws.
#[derive(Debug, Clone)]
pub struct DrawFolder {
    path: PathBuf,
    digest: String,
}

/// Version of the layout of a study's folder.
pub const STUDY_FORMAT_VERSION: u32 = 1;

/// The file that says what a folder is a study of.
const STUDY_FILE: &str = "study.json";

/// Digest of all that decides the draws of a study.
///
/// # Errors
/// Where the study can't be written as JSON.
pub fn digest_of_study(study: &impl Serialize) -> Result<String, DrawTableError> {
    Ok(digest_of_bytes(format!("{:#}\n", named(study)?).as_bytes()))
}

/// What names a study, with the version of the layout.
fn named(study: &impl Serialize) -> Result<serde_json::Value, DrawTableError> {
    let mut named = serde_json::to_value(study).map_err(io::Error::from)?;
    named["format_version"] = STUDY_FORMAT_VERSION.into();
    Ok(named)
}

impl DrawFolder {
    /// Opens the folder of a study, or makes it. `study` is an object of all
    /// that decides the draws.
    ///
    /// # Panics
    /// Where `study` is anything but an object or nothing in JSON.
    ///
    /// # Errors
    /// [`DrawTableError::Foreign`] where the folder belongs to another study.
    pub fn open(path: &Path, study: &impl Serialize) -> Result<Self, DrawTableError> {
        let wanted = named(study)?;
        let text = format!("{wanted:#}\n");
        let file = path.join(STUDY_FILE);
        match fs::read_to_string(&file) {
            Ok(found) if found == text => {}
            Ok(found) => {
                check_version(&file, &found, STUDY_FORMAT_VERSION)?;
                return Err(foreign(path, &found, &wanted));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if path.is_dir() && is_used(path)? {
                    return Err(DrawTableError::NotAStudy { path: path.to_owned() });
                }
                make_folder(path)?;
                // Of two who begin at once, one names the study, and the other looks whether it is the same.
                match disk::put_for_user(&file, text.as_bytes(), Existing::Refuse) {
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Self::open(path, study),
                    written => written?,
                }
            }
            Err(error) => return Err(error.into()),
        }
        Ok(Self { path: path.to_owned(), digest: digest_of_bytes(text.as_bytes()) })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Digest of the study that it belongs to, as [`digest_of_study`] has it.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Writes a file of the folder at once.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<(), DrawTableError> {
        Ok(disk::put_for_user(&self.path.join(name), bytes, Existing::Replace)?)
    }

    /// Appends a line to the register of what was tried in this folder. It
    /// counts sessions, so it is the one file that a kill and a resume change.
    pub fn enter(&self, entry: &impl Serialize) -> Result<(), DrawTableError> {
        let line = serde_json::to_string(entry).map_err(io::Error::from)?;
        Ok(disk::append(&self.path.join("register.jsonl"), format!("{line}\n").as_bytes())?)
    }

    fn chunk_path(&self, table: &str, chunk: u32) -> PathBuf {
        self.path.join(table).join(format!("{chunk:06}.parquet"))
    }

    /// The rows of a chunk, row-major; `None` where it isn't there, is damaged,
    /// belongs to another study, or has another number of rows.
    pub fn read_chunk(&self, table: &str, chunk: u32, columns: &[DrawColumn], n_rows: usize) -> Option<Vec<f64>> {
        self.read_rows(table, chunk, columns, n_rows..=n_rows).map(|(_, values)| values)
    }

    /// The same where the number of rows lies in a range, with that number.
    pub fn read_rows(
        &self,
        table: &str,
        chunk: u32,
        columns: &[DrawColumn],
        n_rows_allowed: RangeInclusive<usize>,
    ) -> Option<(usize, Vec<f64>)> {
        let (file, _) = fs::File::open(self.chunk_path(table, chunk)).ok()?.into_parts();
        let reader = open_file(file).ok()?;
        let metadata = reader.metadata().file_metadata();
        let n_rows = usize::try_from(metadata.num_rows()).ok()?;
        let of_study = |pair: &KeyValue| pair.key == "allegiance.study" && pair.value.as_deref() == Some(&self.digest);
        let is_ours = metadata.key_value_metadata().is_some_and(|pairs| pairs.iter().any(of_study));
        let schema = metadata.schema_descr();
        let is_whole = n_rows_allowed.contains(&n_rows)
            && reader.num_row_groups() == usize::from(n_rows > 0)
            && schema.num_columns() == columns.len()
            && schema.columns().iter().zip(columns).all(|(found, column)| found.name() == column.name);
        if !is_ours || !is_whole {
            return None;
        }
        let pairs = metadata.key_value_metadata().into_iter().flatten();
        let digest = pairs.into_iter().find(|pair| pair.key == CONTENT).and_then(|pair| pair.value.clone())?;
        let values = decoding(|| Ok(Self::cells_of(&reader, columns, n_rows))).ok()??;
        // A flipped bit may leave a file that can be read and says something else.
        (digest_of_draws(n_rows, &values) == digest).then_some((n_rows, values))
    }

    fn cells_of(reader: &impl FileReader, columns: &[DrawColumn], n_rows: usize) -> Option<Vec<f64>> {
        let mut values = vec![0.0; n_rows * columns.len()];
        if n_rows == 0 {
            return Some(values);
        }
        let group = reader.get_row_group(0).ok()?;
        for column in 0..columns.len() {
            let ColumnReader::DoubleColumnReader(mut cells) = group.get_column_reader(column).ok()? else {
                return None;
            };
            let mut read = Vec::with_capacity(n_rows);
            cells.read_records(n_rows, None, None, &mut read).ok()?;
            if read.len() != n_rows {
                return None;
            }
            for (row, value) in read.into_iter().enumerate() {
                values[row * columns.len() + column] = value;
            }
        }
        Some(values)
    }

    /// Keeps a chunk.
    pub fn write_chunk(
        &self,
        table: &str,
        chunk: u32,
        columns: &[DrawColumn],
        rows: &[Vec<f64>],
    ) -> Result<(), DrawTableError> {
        let path = self.chunk_path(table, chunk);
        let values: Vec<f64> = rows.iter().flatten().copied().collect();
        let metadata = vec![
            KeyValue::new(CONTENT.to_owned(), digest_of_draws(rows.len(), &values)),
            KeyValue::new("allegiance.study".to_owned(), self.digest.clone()),
            KeyValue::new("allegiance.note".to_owned(), "Simulated: synthetic people; not a forecast.".to_owned()),
        ];
        write_rows(&path, columns, rows, metadata)
    }
}

/// Writes rows of real numbers as a Parquet file that appears whole.
pub(crate) fn write_rows(
    path: &Path,
    columns: &[DrawColumn],
    rows: &[Vec<f64>],
    metadata: Vec<KeyValue>,
) -> Result<(), DrawTableError> {
    let columns = columns.iter().enumerate().map(|(at, column)| OutputColumn {
        name: column.name.clone().into(),
        unit: "1",
        meaning: column.meaning.clone().into(),
        kind: OutputKind::Real,
        nullable: false,
        cells: OutputCells::Real(rows.iter().map(|row| Some(row[at])).collect()),
    });
    let data = TableData { name: "draws", meaning: "Draws from the prior or posterior.", columns: columns.collect() };
    disk::write_for_user(path, Existing::Replace, |file| {
        write_file(file, &data, metadata).map_err(|source| DrawTableError::Parquet { path: path.to_owned(), source })
    })
}

/// The key of a chunk's metadata that holds the digest of its content.
const CONTENT: &str = "allegiance.content";

/// Digest of draws, row by row.
fn digest_of_draws(n_rows: usize, values: &[f64]) -> String {
    let mut hasher = Hasher::default();
    hasher.whole(n_rows as u64);
    hasher.reals(values);
    hasher.finish()
}

/// Whether a folder holds more than what was left of a study's first file by
/// whoever was killed while writing it.
fn is_used(folder: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_staging = path.extension().is_some_and(|extension| extension == "tmp");
        let is_of_study = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(STUDY_FILE));
        if !(is_staging && is_of_study) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn foreign(path: &Path, found: &str, wanted: &serde_json::Value) -> DrawTableError {
    let found: serde_json::Value = serde_json::from_str(found).unwrap_or_default();
    let short = |value: Option<&serde_json::Value>| {
        let text = value.map_or_else(|| "missing".to_owned(), ToString::to_string);
        if text.chars().count() > 60 { text.chars().take(60).collect::<String>() + "…" } else { text }
    };
    let keys = wanted.as_object().into_iter().flat_map(|object| object.keys());
    let key = keys.into_iter().find(|key| found.get(key.as_str()) != wanted.get(key.as_str()));
    let key = key.cloned().unwrap_or_else(|| STUDY_FILE.to_owned());
    DrawTableError::Foreign {
        path: path.to_owned(),
        found: short(found.get(&key)),
        wanted: short(wanted.get(&key)),
        key,
    }
}

/// The shard that holds every chunk.
pub const WHOLE: Shard = Shard { at: 1, of: 1 };

/// How a table is cut into chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Draws in the whole table.
    pub n_draws: u32,
    /// Draws a chunk; the last may have fewer.
    pub chunk_size: u32,
}

impl Cut {
    /// Number of chunks.
    pub fn n_chunks(self) -> u32 {
        self.n_draws.div_ceil(self.chunk_size)
    }

    /// The draws of a chunk.
    pub fn draws_of(self, chunk: u32) -> std::ops::Range<u32> {
        chunk * self.chunk_size..((chunk + 1) * self.chunk_size).min(self.n_draws)
    }
}

/// The chunks of a shard that aren't there yet, in order.
pub fn missing_chunks(
    folder: &DrawFolder,
    (table, columns): (&str, &[DrawColumn]),
    (cut, shard): (Cut, Shard),
) -> Vec<u32> {
    let is_missing = |&chunk: &u32| folder.read_chunk(table, chunk, columns, cut.draws_of(chunk).len()).is_none();
    (0..cut.n_chunks()).filter(|&chunk| shard.holds(chunk)).filter(is_missing).collect()
}

/// One row a draw, in order; `None` where the caller cancelled.
pub(crate) fn simulate_all(
    threads: usize,
    draws: std::ops::Range<u32>,
    progress: &dyn Progress,
    simulate: &(dyn Fn(u32) -> Result<Vec<f64>, BrokenRun> + Sync),
) -> Result<Option<Vec<Vec<f64>>>, BrokenRun> {
    let rows = Threads(threads).work(draws.len(), &|| progress.is_cancelled(), |at, _| {
        let draw = draws.start + at as u32;
        let row = simulate(draw)?;
        progress.day_done(draw, 1);
        progress.replicate_done(draw);
        Ok::<Vec<f64>, Stopped<Infallible>>(row)
    });
    match rows {
        Ok(rows) => Ok(Some(rows)),
        Err(Stopped::Cancelled) => Ok(None),
        Err(Stopped::Broken(broken)) => Err(broken),
        Err(Stopped::Failed(never)) => match never {},
    }
}

/// Reads a whole table, row-major.
///
/// # Errors
/// [`DrawTableError::Incomplete`] where chunks are missing.
pub fn read_all(
    folder: &DrawFolder,
    table: &str,
    columns: &[DrawColumn],
    cut: Cut,
) -> Result<Vec<f64>, DrawTableError> {
    let chunks: Vec<Option<Vec<f64>>> =
        (0..cut.n_chunks()).map(|chunk| folder.read_chunk(table, chunk, columns, cut.draws_of(chunk).len())).collect();
    let found = chunks.iter().flatten().count() as u32;
    if found < cut.n_chunks() {
        return Err(DrawTableError::Incomplete { path: folder.path.clone(), found, wanted: cut.n_chunks() });
    }
    Ok(chunks.into_iter().flatten().flatten().collect())
}
