//! Reads a finished run folder back into the rows that the engine wrote.
//!
//! [`FinishedRun::open`] checks the folder and its `run.json`;
//! [`FinishedRun::table`] reads one table of one replicate and touches only the
//! row groups that hold it, once the file has been found to hold what was written
//! (`SHA256SUMS`). What is read equals what was written, to the bit.

mod cells;
mod columns;
mod reported;
mod shared_file;
mod table_file;

pub use columns::Columns;
pub use table_file::{FileColumn, FileKind, TableFile};

use crate::foreign_version::{ForeignVersionError, check_version};
use crate::parquet_table::open_file;
use crate::sums::{CheckFileError, Sums};
use allegiance_model::calendar::Date;
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::tables::{
    Allegiances, Beliefs, ControlShares, Displacements, Exposures, GroupDays, Incidents, Persons, Records, Table,
};
use allegiance_record::Fix;
use allegiance_record::manifest::{FORMAT_VERSION, Manifest};
use allegiance_record::observe::RecordRow;
use allegiance_record::reading::{ReadRun, Site};
pub use allegiance_record::setting::Named;
use allegiance_record::setting::Setting;
use cells::{Rows, text_column};
use fs_err as fs;
use parquet::errors::ParquetError;
use parquet::file::reader::FileReader;
use shared_file::SharedFile;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Why a run couldn't be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadRunError {
    /// Nothing is there.
    #[error("there is no folder {}", path.display())]
    Missing {
        /// The folder asked for.
        path: PathBuf,
    },
    /// A run was begun there but not finished.
    #[error("the run {} isn't finished: its parts are in {}; resume it first", path.display(), partial.display())]
    Unfinished {
        /// The folder asked for.
        path: PathBuf,
        /// Where its parts are.
        partial: PathBuf,
    },
    /// Something is there, but no finished run.
    #[error("{} isn't a run folder: it holds no run.json", path.display())]
    NotARunFolder {
        /// The folder or file.
        path: PathBuf,
    },
    /// The folder has the layout of another version.
    #[error(transparent)]
    Version(#[from] ForeignVersionError),
    /// The run was written without the table.
    #[error("{} was written without the table {table}", path.display())]
    TableLeftOut {
        /// The folder.
        path: PathBuf,
        /// The table.
        table: String,
    },
    /// `run.json` isn't what a run writes.
    #[error("{} isn't what a run writes: {problem}", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A file can't be read; the message names it.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A table is damaged.
    #[error("the table {} is damaged", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the format's library said.
        source: ParquetError,
    },
    /// A file isn't what was written.
    #[error(transparent)]
    Changed(#[from] CheckFileError),
    /// A table isn't the one that `run.json` speaks of.
    #[error("the table {} isn't the one that run.json speaks of: {problem}", path.display())]
    ForeignTable {
        /// The file.
        path: PathBuf,
        /// What differs.
        problem: String,
    },
    /// A column of a table is missing or holds something unexpected.
    #[error("the table {} can't be understood: column {column} {problem}", path.display())]
    Column {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The run has no such replicate.
    #[error("there is no replicate {asked}: the run has {n_replicates}, numbered from 0")]
    Replicate {
        /// What was asked for.
        asked: u32,
        /// How many there are.
        n_replicates: u32,
    },
}

impl ReadRunError {
    /// What helps.
    pub fn fix(&self) -> Option<Fix> {
        match self {
            Self::TableLeftOut { table, .. } => Some(Fix::WriteTable(table.clone())),
            _ => None,
        }
    }
}

/// A finished run, open for reading.
pub struct FinishedRun {
    folder: PathBuf,
    manifest: Manifest,
    setting: Setting,
    /// None for runs of early versions.
    sums: Option<Sums>,
    readers: Mutex<BTreeMap<&'static str, Arc<dyn FileReader>>>,
}

impl std::fmt::Debug for FinishedRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FinishedRun").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl FinishedRun {
    /// Opens a run folder: reads `run.json`, the places and the groups. Every file
    /// but the tables is checked against `SHA256SUMS` now, a table when it is first
    /// read.
    ///
    /// # Errors
    /// See [`ReadRunError`].
    pub fn open(folder: &Path) -> Result<Self, ReadRunError> {
        let manifest = read_manifest(folder)?;
        let sums = Sums::read(folder)?;
        for name in sums.iter().flat_map(Sums::names).filter(|name| !name.ends_with(".parquet")) {
            check_sum(sums.as_ref(), folder, name)?;
        }
        check_sum(sums.as_ref(), folder, "run.json")?;
        let start = parse_date(&manifest.start).ok_or_else(|| ReadRunError::Manifest {
            path: folder.join("run.json"),
            problem: format!("start is {:?}, which is no date", manifest.start),
        })?;
        let setting = Setting {
            scenario_id: manifest.scenario_id.clone(),
            seed: manifest.seed,
            start,
            n_days: manifest.n_days,
            n_inhabitants: 0,
            places: Vec::new(),
            groups: Vec::new(),
            own_blocks: manifest.theory.own_words(),
        };
        let mut run = Self { folder: folder.to_owned(), manifest, setting, sums, readers: Mutex::new(BTreeMap::new()) };
        run.setting.places = run.read_places()?;
        run.setting.n_inhabitants = run.sites()?.iter().map(|site| u64::from(site.population)).sum();
        run.setting.groups = run.read_groups()?;
        Ok(run)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The content of `run.json`.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Names, dates, and whose record it is.
    pub fn setting(&self) -> &Setting {
        &self.setting
    }

    /// The replicates of the run, in order.
    pub fn replicates(&self) -> std::ops::Range<u32> {
        0..self.manifest.n_replicates
    }

    /// The date of a day.
    pub fn date(&self, day: u32) -> Date {
        self.setting.date(day)
    }

    /// The places, in the order of their identifiers in the engine.
    pub fn places(&self) -> &[Named] {
        &self.setting.places
    }

    /// The groups, in the order of their identifiers in the engine.
    ///
    /// The tables hold no names of groups, so a name equals its identifier
    /// until [`FinishedRun::name_groups`] gives a better one.
    pub fn groups(&self) -> &[Named] {
        &self.setting.groups
    }

    /// Gives the groups the names that the scenario has for their identifiers.
    pub fn name_groups(&mut self, name_of: impl Fn(&str) -> Option<String>) {
        for group in &mut self.setting.groups {
            group.name = name_of(&group.id).unwrap_or_else(|| group.id.clone());
        }
    }

    /// The place that an identifier or a name means.
    pub fn find_place(&self, word: &str) -> Option<PlaceId> {
        self.setting.find_place(word)
    }

    /// Identifier and name of a place.
    pub fn place(&self, place: PlaceId) -> &Named {
        self.setting.place(place)
    }

    /// Identifier and name of a group.
    pub fn group(&self, group: GroupId) -> &Named {
        self.setting.group(group)
    }

    /// One table of one replicate.
    ///
    /// # Errors
    /// See [`ReadRunError`].
    pub fn table<T: Table>(&self, replicate: u32) -> Result<T, ReadRunError> {
        if !self.replicates().contains(&replicate) {
            return Err(ReadRunError::Replicate { asked: replicate, n_replicates: self.manifest.n_replicates });
        }
        self.rows(T::NAME, Some(replicate))?.table()
    }

    /// Every table of one replicate.
    ///
    /// # Errors
    /// See [`ReadRunError`].
    pub fn records(&self, replicate: u32) -> Result<Records, ReadRunError> {
        Ok(Records {
            incidents: self.table::<Incidents>(replicate)?,
            allegiance: self.table::<Allegiances>(replicate)?,
            exposures: self.table::<Exposures>(replicate)?,
            groups: self.table::<GroupDays>(replicate)?,
            control: self.table::<ControlShares>(replicate)?,
            displacement: self.table::<Displacements>(replicate)?,
            beliefs: self.table::<Beliefs>(replicate)?,
            persons: self.table::<Persons>(replicate)?,
        })
    }

    /// A table of the run as its file holds it, with dates and replicates.
    ///
    /// # Errors
    /// See [`ReadRunError`].
    pub fn file(&self, table: &str) -> Result<TableFile, ReadRunError> {
        let path = self.path_of(table);
        if !self.manifest.tables.contains_key(table) {
            return Err(ReadRunError::TableLeftOut { path: self.folder.clone(), table: table.to_owned() });
        }
        check_sum(self.sums.as_ref(), &self.folder, &format!("{table}.parquet"))?;
        let file = TableFile::open(&path)?;
        self.check_table(table, &path, file.reader())?;
        Ok(file)
    }

    fn rows(&self, table: &'static str, replicate: Option<u32>) -> Result<Rows<'_>, ReadRunError> {
        let reader = self.reader(table)?;
        Rows::of(self.path_of(table), reader, replicate, [&self.setting.places, &self.setting.groups])
    }

    fn path_of(&self, table: &str) -> PathBuf {
        self.folder.join(format!("{table}.parquet"))
    }

    /// The open file of a table; its footer is read once.
    fn reader(&self, table: &'static str) -> Result<Arc<dyn FileReader>, ReadRunError> {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(reader) = readers.get(table) {
            return Ok(Arc::clone(reader));
        }
        let path = self.path_of(table);
        if !self.manifest.tables.contains_key(table) && !path.exists() {
            return Err(ReadRunError::TableLeftOut { path: self.folder.clone(), table: table.to_owned() });
        }
        let file = fs::File::open(&path)?;
        check_sum(self.sums.as_ref(), &self.folder, &format!("{table}.parquet"))?;
        let reader =
            open_file(SharedFile::new(file)?).map_err(|source| ReadRunError::Damaged { path: path.clone(), source })?;
        self.check_table(table, &path, &reader)?;
        let reader: Arc<dyn FileReader> = Arc::new(reader);
        readers.insert(table, Arc::clone(&reader));
        Ok(reader)
    }

    /// Whether a table belongs to the run and has all its rows.
    fn check_table(&self, table: &str, path: &Path, reader: &dyn FileReader) -> Result<(), ReadRunError> {
        let foreign = |problem: String| ReadRunError::ForeignTable { path: path.to_owned(), problem };
        let metadata = reader.metadata().file_metadata();
        let digest = metadata
            .key_value_metadata()
            .into_iter()
            .flatten()
            .find(|pair| pair.key == "allegiance.setup_digest")
            .and_then(|pair| pair.value.as_deref());
        if digest != Some(self.manifest.setup_digest.as_str()) {
            return Err(foreign("it was written by another run".to_owned()));
        }
        let expected = self.manifest.tables.get(table).map(|entry| entry.n_rows);
        let found = metadata.num_rows() as u64;
        match expected {
            Some(expected) if expected == found => Ok(()),
            Some(expected) => Err(foreign(format!("it has {found} rows instead of {expected}"))),
            None => Err(foreign("run.json doesn't list it".to_owned())),
        }
    }

    fn read_places(&self) -> Result<Vec<Named>, ReadRunError> {
        let rows = self.rows("places", None)?;
        let (ids, names) = (text_column(&rows, "id")?, text_column(&rows, "name")?);
        Ok(ids.into_iter().zip(names).map(|(id, name)| Named { id, name }).collect())
    }

    /// The groups in the order of the engine: every one has a row on the first
    /// day of a replicate.
    fn read_groups(&self) -> Result<Vec<Named>, ReadRunError> {
        let rows = self.rows("groups", Some(0))?;
        let mut ids: Vec<String> = Vec::new();
        for id in text_column(&rows, "group")? {
            if ids.first() == Some(&id) {
                break;
            }
            ids.push(id);
        }
        Ok(ids.into_iter().map(|id| Named { name: id.clone(), id }).collect())
    }
}

impl ReadRun for FinishedRun {
    type Error = ReadRunError;

    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn setting(&self) -> &Setting {
        &self.setting
    }

    fn name(&self) -> String {
        self.folder.display().to_string()
    }

    fn records_of(&self, replicate: u32, tables: &[&str]) -> Result<Records, ReadRunError> {
        fn one<T: Table + Default>(run: &FinishedRun, replicate: u32, tables: &[&str]) -> Result<T, ReadRunError> {
            if tables.contains(&T::NAME) { run.table(replicate) } else { Ok(T::default()) }
        }
        Ok(Records {
            incidents: one(self, replicate, tables)?,
            allegiance: one(self, replicate, tables)?,
            exposures: one(self, replicate, tables)?,
            groups: one(self, replicate, tables)?,
            control: one(self, replicate, tables)?,
            displacement: one(self, replicate, tables)?,
            beliefs: one(self, replicate, tables)?,
            persons: one(self, replicate, tables)?,
        })
    }

    fn reported(&self, replicate: u32) -> Result<Vec<RecordRow>, ReadRunError> {
        Self::reported(self, replicate)
    }

    fn sites(&self) -> Result<Vec<Site>, ReadRunError> {
        Self::sites(self)
    }
}

fn check_sum(sums: Option<&Sums>, folder: &Path, name: &str) -> Result<(), CheckFileError> {
    sums.map_or(Ok(()), |sums| sums.check(folder, name))
}

fn read_manifest(folder: &Path) -> Result<Manifest, ReadRunError> {
    let file = folder.join("run.json");
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            let problem = "it isn't UTF-8".to_owned();
            return Err(ReadRunError::Manifest { path: file, problem });
        }
        Err(error) => return Err(why_no_manifest(folder, error)),
    };
    check_version(&file, &text, FORMAT_VERSION)?;
    serde_json::from_str(&text).map_err(|error| ReadRunError::Manifest { path: file, problem: error.to_string() })
}

fn why_no_manifest(folder: &Path, error: io::Error) -> ReadRunError {
    let path = folder.to_owned();
    let mut partial = folder.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    if !folder.exists() && partial.is_dir() {
        return ReadRunError::Unfinished { path, partial };
    }
    if !folder.exists() {
        return ReadRunError::Missing { path };
    }
    let is_absent = matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory);
    if is_absent { ReadRunError::NotARunFolder { path } } else { ReadRunError::Io(error) }
}

fn parse_date(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    Date::from_ymd(year, month, parts.next()?.parse().ok()?)
}
