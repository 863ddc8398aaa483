//! Rows that are run elsewhere: one process owns the folder, others run rows
//! and send back what came of them.

use super::row::{self, RowRecord};
use super::{SweepError, SweepInput, SweepOptions, SweepReport, folder};
use crate::design::points;
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

/// Runs some rows of a sweep, one after the other, and keeps nothing.
pub fn run_rows_elsewhere(input: &SweepInput<'_>, version: &str, rows: &[u32]) -> FinishedRows {
    let options = SweepOptions { version: version.to_owned(), ..SweepOptions::default() };
    let points = points(&input.design);
    let record = |&row: &u32| row::run_row(input, row, &input.design.values_at(&points[row as usize]));
    let text = |record: RowRecord| serde_json::to_string(&record).expect("numbers and texts are always JSON");
    let known = rows.iter().filter(|&&row| (row as usize) < points.len());
    FinishedRows {
        work: work_of(&folder::identity_of(input, &options)),
        records: known.map(record).map(text).collect(),
    }
}

fn work_of(identity: &WorkIdentity) -> String {
    format!("{} {}", identity.engine_version, identity.work_digest)
}

/// A sweep whose rows are run elsewhere; no other process can open its folder
/// meanwhile. Rows that were kept stay, whatever becomes of this process.
#[derive(Debug)]
pub struct OpenSweep {
    state: State,
    identity: WorkIdentity,
    points: Vec<Vec<f64>>,
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
    /// Opens the folder of a sweep, new or to be resumed.
    ///
    /// # Errors
    /// See [`SweepError`].
    pub fn open(input: &SweepInput<'_>, options: &SweepOptions) -> Result<Self, SweepError> {
        let identity = folder::identity_of(input, options);
        let points = points(&input.design);
        if let Some(report) = folder::finished_report(&options.out, &identity, options.resume)? {
            return Ok(Self { state: State::Finished(Box::new(report)), identity, points });
        }
        let folder = WorkFolder::open(&options.out, SWEEP_HEAD, &identity, options.overwrite, options.resume)?;
        let wanted: Vec<u32> = (0..points.len() as u32).collect();
        let rows = super::kept_rows(&folder, &wanted)?;
        Ok(Self { state: State::Open(folder, rows), identity, points })
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.points.len()
    }

    /// The rows that nobody has run yet, in order.
    pub fn missing(&self) -> Vec<u32> {
        match &self.state {
            State::Finished(_) => Vec::new(),
            State::Open(_, rows) => (0..self.points.len() as u32).filter(|row| !rows.contains_key(row)).collect(),
        }
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
            if row as usize >= self.points.len() {
                return Err(not_a_row(format!("it has the number {row}, and there are {}", self.points.len())));
            }
            folder.keep(&format!("{row:07}"), text).map_err(SweepError::from)?;
            rows.insert(row, record);
        }
        Ok(())
    }

    /// Writes the folder of the whole sweep, the same bytes as if all rows had
    /// been run here.
    ///
    /// # Errors
    /// [`SweepError::Cancelled`] where rows are missing, and as [`sweep`](super::sweep).
    pub fn finish(self, input: &SweepInput<'_>) -> Result<SweepReport, SweepError> {
        let (folder, rows) = match self.state {
            State::Finished(report) => return Ok(*report),
            State::Open(folder, rows) => (folder, rows),
        };
        if rows.len() < self.points.len() {
            return Err(SweepError::Cancelled {
                n_finished: rows.len(),
                n_rows: self.points.len(),
                partial: folder.partial().to_owned(),
            });
        }
        let rows: Vec<RowRecord> = rows.into_values().collect();
        let manifest = match folder::finished_before(&folder) {
            Some(manifest) => manifest,
            None => folder::write_whole(input, &folder, &self.identity, (&self.points, &rows))?,
        };
        Ok(SweepReport { folder: folder.publish()?, manifest, was_finished: false })
    }
}
