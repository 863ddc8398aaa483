//! A finished sweep, read back from its folder.

use super::folder::{SWEEP_HEAD, SweepManifest};
use crate::intervals::Interval;
use crate::output::foreign_version::check_version;
use crate::output::work_folder::WORK_FORMAT_VERSION;
use crate::read_run::{Columns, ReadRunError};
use crate::summary::text::number;
use fs_err as fs;
use serde::Serialize;
use std::fmt::Write as _;
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
    serde_json::from_str(&text).map_err(|error| ReadRunError::Manifest { path: head, problem: error.to_string() })
}

impl SweepResults {
    /// Reads the folder of a sweep.
    ///
    /// # Errors
    /// See [`ReadRunError`].
    pub fn open(folder: &Path) -> Result<Self, ReadRunError> {
        let manifest = read_sweep(folder)?;
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

    /// The sweep as text for a terminal.
    pub fn render(&self) -> String {
        let manifest = &self.manifest;
        let mut text = format!(
            "{}\nSimulated: synthetic people in real places; not a forecast.\n\n\
             {} rows of {} factors, {} replicates each, on {}; {} rows failed\n\n",
            manifest.title,
            number(manifest.n_rows as f64, 0),
            manifest.design.factors.len(),
            manifest.n_replicates,
            manifest.scenario_id,
            number(manifest.n_failed as f64, 0),
        );
        let ranges = self.ranges();
        let width = ranges.iter().map(|range| range.outcome.len()).max().unwrap_or(0).max(7);
        let _ = writeln!(text, "{:width$} {:>12} {:>12} {:>12}", "means of rows", "5%", "median", "95%");
        for range in ranges {
            let cells = match range.row_means {
                Some(means) => [means.low_90, means.median, means.high_90].map(short),
                None => ["–".to_owned(), "–".to_owned(), "–".to_owned()],
            };
            let _ = writeln!(text, "{:width$} {:>12} {:>12} {:>12}", range.outcome, cells[0], cells[1], cells[2]);
        }
        text
    }
}

/// Digits after the point in print by size: a share needs more than a count.
pub(crate) fn short(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        size if size >= 0.1 || size <= 0.0 => 3,
        _ => 4,
    };
    number(value, digits)
}
