//! A finished sweep, read back from its folder.

use super::folder::{SWEEP_HEAD, SweepManifest};
use allegiance_record::intervals::Interval;
use allegiance_runs::foreign_version::check_version;
use allegiance_runs::read_run::{Columns, ReadRunError};
use allegiance_runs::sums::check_files;
use allegiance_runs::work_folder::WORK_FORMAT_VERSION;
use fs_err as fs;
use serde::Serialize;
use std::path::Path;

/// The outcomes of a finished sweep.
#[derive(Debug)]
pub struct SweepResults {
    /// What `design.json` says.
    pub manifest: SweepManifest,
    /// Row of the design of each line of the table.
    rows: Vec<u32>,
    /// Outcomes by name, each one number a line.
    outcomes: Vec<Vec<Option<f64>>>,
}

/// An outcome over the rows of a sweep.
#[derive(Debug, Clone, Serialize)]
pub struct OutcomeRange {
    /// Its name.
    pub outcome: String,
    /// Its unit.
    pub unit: String,
    /// The means over replicates of each row, over the rows; empty where the
    /// outcome exists in no row.
    pub row_means: Option<Interval>,
}

/// What `design.json` says of a finished sweep, or of a finished shard.
///
/// # Errors
/// See [`ReadRunError`].
pub fn read_sweep(folder: &Path) -> Result<SweepManifest, ReadRunError> {
    if !folder.exists() {
        return Err(ReadRunError::Missing { path: folder.to_owned() });
    }
    let head = folder.join(SWEEP_HEAD);
    let text = fs::read_to_string(&head)?;
    check_version(&head, &text, WORK_FORMAT_VERSION)?;
    let manifest = serde_json::from_str(&text)
        .map_err(|error| ReadRunError::Manifest { path: head, problem: error.to_string() })?;
    check_files(folder, &[SWEEP_HEAD])?;
    Ok(manifest)
}

impl SweepResults {
    /// Reads the folder of a sweep.
    ///
    /// # Errors
    /// See [`ReadRunError`].
    pub fn open(folder: &Path) -> Result<Self, ReadRunError> {
        let manifest = read_sweep(folder)?;
        check_files(folder, &["rows.parquet"])?;
        let columns = Columns::open(&folder.join("rows.parquet"))?;
        let rows = columns.whole("row")?;
        let outcomes = manifest.outcomes.iter().map(|outcome| columns.real(&outcome.name)).collect::<Result<_, _>>()?;
        Ok(Self { manifest, rows, outcomes })
    }

    /// The values of an outcome in each replicate of each row in which it
    /// exists. Shape: `(n_rows, replicates)`; a row that failed has none.
    pub fn by_row(&self, outcome: usize) -> Vec<Vec<f64>> {
        let mut by_row = vec![Vec::new(); self.manifest.design.n_rows() as usize];
        for (&row, value) in self.rows.iter().zip(&self.outcomes[outcome]) {
            by_row[row as usize].extend(*value);
        }
        by_row
    }

    /// Every outcome over the rows.
    pub fn ranges(&self) -> Vec<OutcomeRange> {
        let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
        let outcomes = self.manifest.outcomes.iter().enumerate();
        outcomes
            .map(|(at, outcome)| OutcomeRange {
                outcome: outcome.name.clone(),
                unit: outcome.unit.clone(),
                row_means: Interval::of(self.by_row(at).into_iter().map(mean)),
            })
            .collect()
    }
}
