//! Rows that are run elsewhere: one process owns the folder, others run rows
//! and send back what came of them.

use super::row::{self, RowRecord};
use super::{Part, SweepError, SweepInput, SweepOptions, SweepReport, folder, shard_folder, wanted_rows};
use crate::design::Points;
use crate::sweep::SWEEP_HEAD;
use allegiance_runs::work_folder::{WorkFolder, WorkIdentity};
use std::collections::BTreeMap;

/// Some finished rows, as they travel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinishedRows {
    /// What sweep they belong to: version of the engine and digest of the work.
    pub work: String,
    /// The rows, each as one JSON object.
    pub records: Vec<String>,
}

/// Why rows can't be kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepRowsError {
    /// They belong to another sweep.
    #[error(
        "rows of another sweep came back ({found} instead of {wanted}): the same version, design and scenario must be everywhere"
    )]
    Foreign {
        /// What came.
        found: String,
        /// What was wanted.
        wanted: String,
    },
    /// A row isn't one.
    #[error("what came back isn't a row of this sweep: {problem}")]
    NotARow {
        /// What is wrong with it.
        problem: String,
    },
    /// A row can't be written.
    #[error(transparent)]
    Sweep(#[from] SweepError),
}

/// A row that is to be run elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct WantedRow {
    /// Its number.
    pub row: u32,
    /// Its coordinates: whoever runs it needn't make those of the whole design.
    pub point: Vec<f64>,
}

/// Runs some rows of a sweep, one after the other, and keeps nothing. Rows whose point has another
/// length than the design has factors are left out.
pub fn run_rows_elsewhere(input: &SweepInput<'_>, version: &str, rows: &[WantedRow]) -> FinishedRows {
    let options = SweepOptions { version: version.to_owned(), ..SweepOptions::default() };
    let record = |wanted: &WantedRow| row::run_row(input, wanted.row, &input.design.values_at(&wanted.point));
    let text = |record: RowRecord| serde_json::to_string(&record).expect("numbers and texts are always JSON");
    let known = rows.iter().filter(|wanted| wanted.point.len() == input.design.factors.len());
    FinishedRows {
        work: work_of(&folder::identity_of(input, &options)),
        records: known.map(record).map(text).collect(),
    }
}

fn work_of(identity: &WorkIdentity) -> String {
    // A row is the same in every shard.
    format!("{} {}", identity.engine_version, identity.work_digest)
}

/// A sweep whose rows are run elsewhere; no other process can open its folder
/// meanwhile. Rows that were kept stay, whatever becomes of this process.
#[derive(Debug)]
pub struct OpenSweep {
    state: State,
    identity: WorkIdentity,
    points: Points,
    part: Part,
    /// The rows that this folder is to have, in order.
    wanted: Vec<u32>,
}

/// How far an open sweep has come.
#[derive(Debug)]
enum State {
    /// It was finished before.
    Finished(Box<SweepReport>),
    /// Its folder, and the rows that are kept.
    Open(WorkFolder, BTreeMap<u32, RowRecord>),
}

impl OpenSweep {
    /// Opens the folder of a sweep or of a shard, new or to be resumed.
    ///
    /// # Errors
    /// See [`SweepError`].
    ///
    /// # Panics
    /// Where shards are to be merged, of which nothing is run.
    pub fn open(input: &SweepInput<'_>, options: &SweepOptions) -> Result<Self, SweepError> {
        let part = options.part;
        let out = match part {
            Part::Whole => options.out.clone(),
            Part::Shard(shard) => shard_folder(&options.out, shard),
            Part::Merge => panic!("nothing is run where shards are merged"),
        };
        let identity = folder::identity_of(input, options);
        let points = Points::of(&input.design);
        let wanted = wanted_rows(part, points.n_rows());
        if let Some(report) = folder::finished_report(&out, &identity, options.resume)? {
            return Ok(Self { state: State::Finished(Box::new(report)), identity, points, part, wanted });
        }
        let folder = WorkFolder::open(&out, SWEEP_HEAD, &identity, options.overwrite, options.resume)?;
        let rows = super::kept_rows(&folder, &wanted)?;
        Ok(Self { state: State::Open(folder, rows), identity, points, part, wanted })
    }

    /// Number of rows that this folder is to have.
    pub fn n_rows(&self) -> usize {
        self.wanted.len()
    }

    /// The rows that nobody has run yet, in order.
    pub fn missing(&self) -> Vec<u32> {
        match &self.state {
            State::Finished(_) => Vec::new(),
            State::Open(_, rows) => self.wanted.iter().copied().filter(|row| !rows.contains_key(row)).collect(),
        }
    }

    /// A row, to be run elsewhere; nothing where there is none of this number.
    pub fn wanted(&self, row: u32) -> Option<WantedRow> {
        (row < self.points.n_rows()).then(|| WantedRow { row, point: self.points.row(row) })
    }

    /// Keeps rows that came back.
    ///
    /// # Errors
    /// See [`KeepRowsError`]; those before the one at fault are kept.
    pub fn keep(&mut self, finished: &FinishedRows) -> Result<(), KeepRowsError> {
        let wanted = work_of(&self.identity);
        if finished.work != wanted {
            return Err(KeepRowsError::Foreign { found: finished.work.clone(), wanted });
        }
        // What is finished needs no rows.
        let State::Open(folder, rows) = &mut self.state else { return Ok(()) };
        for text in &finished.records {
            let not_a_row = |problem: String| KeepRowsError::NotARow { problem };
            let record: RowRecord = serde_json::from_str(text).map_err(|error| not_a_row(error.to_string()))?;
            let row = record.row;
            if self.wanted.binary_search(&row).is_err() {
                return Err(not_a_row(format!("it has the number {row}, and that isn't one of those wanted")));
            }
            folder.keep(&format!("{row:07}"), text).map_err(SweepError::from)?;
            rows.insert(row, record);
        }
        Ok(())
    }

    /// Writes the folder of the sweep or shard, the same bytes as if all rows had
    /// been run here.
    ///
    /// # Errors
    /// [`SweepError::Cancelled`] where rows are missing, and as [`sweep`](super::sweep).
    pub fn finish(self, input: &SweepInput<'_>) -> Result<SweepReport, SweepError> {
        let (folder, rows) = match self.state {
            State::Finished(report) => return Ok(*report),
            State::Open(folder, rows) => (folder, rows),
        };
        if rows.len() < self.wanted.len() {
            return Err(SweepError::Cancelled {
                n_finished: rows.len(),
                n_rows: self.wanted.len(),
                partial: folder.partial().to_owned(),
            });
        }
        let rows: Vec<RowRecord> = rows.into_values().collect();
        let manifest = match folder::finished_before(&folder) {
            Some(manifest) => manifest,
            None if self.part == Part::Whole => {
                folder::write_whole(input, &folder, &self.identity, (&self.points, &rows))?
            }
            None => folder::write_shard(input, &folder, &self.identity, &rows)?,
        };
        Ok(SweepReport { folder: folder.publish()?, manifest, was_finished: false })
    }
}
