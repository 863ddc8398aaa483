//! The folder of a run's scores: `scores.json`, `scores.parquet` and
//! `unit_months.parquet`.

use crate::score::{RunScores, SCORE_NAMES, ScoreRow, UnitMonth};
use allegiance_record::difference::Difference;
use allegiance_record::table::{OutputCells, OutputColumn, OutputKind, TableData};
use allegiance_runs::new_folder::{WriteNewFolderError, write_new_folder};
use allegiance_runs::parquet_table::write_file;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use std::path::Path;

/// Why scores couldn't be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteScoresError {
    /// The folder can't be written.
    #[error(transparent)]
    Folder(#[from] WriteNewFolderError),
    /// A table can't be written.
    #[error("can't write the table {table}")]
    Parquet {
        /// The table.
        table: &'static str,
        /// What the format's library said.
        source: ParquetError,
    },
}

/// Writes the scores into a new folder.
///
/// # Errors
/// See [`WriteScoresError`].
pub fn write_scores(scores: &RunScores, json: &str, out: &Path) -> Result<(), WriteScoresError> {
    let mut files = vec![("scores.json".to_owned(), json.as_bytes().to_vec())];
    for table in [score_table(&scores.rows), unit_month_table(&scores.unit_months)] {
        let metadata = vec![
            KeyValue::new("allegiance.table".to_owned(), table.name.to_owned()),
            KeyValue::new("allegiance.meaning".to_owned(), table.meaning.to_owned()),
            KeyValue::new("allegiance.note".to_owned(), scores.note().to_owned()),
        ];
        let bytes = write_file(Vec::new(), &table, metadata)
            .map_err(|source| WriteScoresError::Parquet { table: table.name, source })?;
        files.push((format!("{}.parquet", table.name), bytes));
    }
    Ok(write_new_folder(out, &files)?)
}

fn column(name: String, unit: &'static str, meaning: &str, cells: OutputCells) -> OutputColumn {
    let (kind, nullable) = match &cells {
        OutputCells::Text(_) => (OutputKind::Text, false),
        _ => (OutputKind::Real, true),
    };
    OutputColumn { name: name.into(), unit, meaning: meaning.to_owned().into(), kind, nullable, cells }
}

fn text<T>(rows: &[T], name: &str, meaning: &str, cell: impl Fn(&T) -> String) -> OutputColumn {
    column(name.to_owned(), "1", meaning, OutputCells::Text(rows.iter().map(|row| Some(cell(row))).collect()))
}

fn real<T>(
    rows: &[T],
    name: String,
    unit: &'static str,
    meaning: &str,
    cell: impl Fn(&T) -> Option<f64>,
) -> OutputColumn {
    column(name, unit, meaning, OutputCells::Real(rows.iter().map(cell).collect()))
}

/// The unit of each score, in the order of [`SCORE_NAMES`].
const SCORE_UNITS: [&str; 3] = ["persons", "bit", "persons"];

fn score_table(rows: &[ScoreRow]) -> TableData {
    let mut columns = vec![
        text(rows, "level", "prio_grid or district.", |row| row.level.word().to_owned()),
        text(rows, "violence", "Type of violence, or all.", |row| row.violence.word().to_owned()),
        text(rows, "forecaster", "The model or a baseline.", |row| row.forecaster.word().to_owned()),
    ];
    for (at, (name, unit)) in SCORE_NAMES.into_iter().zip(SCORE_UNITS).enumerate() {
        let of = |row: &ScoreRow| row.scores.map(|scores| scores.values()[at]);
        columns.push(real(rows, name.to_owned(), unit, "Mean score; lower is better.", of));
    }
    for (at, (name, unit)) in SCORE_NAMES.into_iter().zip(SCORE_UNITS).enumerate() {
        for (place, part) in ["model_less_this", "low_95", "high_95"].into_iter().enumerate() {
            let of = |found: &Difference| {
                let interval = found.interval;
                [Some(found.mean), interval.map(|i| i.low), interval.map(|i| i.high)][place]
            };
            let cell = |row: &ScoreRow| row.model_less_this.as_ref().and_then(|differences| of(&differences[at]));
            let meaning = "Model less baseline with its 95% interval over units; negative where the model is better.";
            columns.push(real(rows, format!("{name}_{part}"), unit, meaning, cell));
        }
    }
    TableData { name: "scores", meaning: "Mean scores of one forecaster on one type of violence.", columns }
}

fn unit_month_table(rows: &[UnitMonth]) -> TableData {
    let persons = |name: &str, meaning: &str, cell: fn(&UnitMonth) -> f64| {
        real(rows, name.to_owned(), "persons", meaning, |row| Some(cell(row)))
    };
    let mut columns = vec![
        text(rows, "level", "prio_grid or district.", |row| row.level.word().to_owned()),
        text(rows, "unit", "Number of the cell, or governorate and district.", |row| row.unit.clone()),
        text(rows, "month", "The month.", |row| row.month.to_string()),
        text(rows, "violence", "Type of violence, or all.", |row| row.violence.word().to_owned()),
        text(rows, "forecaster", "The model or a baseline.", |row| row.forecaster.word().to_owned()),
        persons("observed", "Dead in the record.", |row| row.observed),
        persons("mean", "Mean of the ensemble.", |row| row.mean),
        persons("low_90", "Lower end of its central 90%.", |row| row.low_90),
        persons("high_90", "Upper end of its central 90%.", |row| row.high_90),
    ];
    for (at, (name, unit)) in SCORE_NAMES.into_iter().zip(SCORE_UNITS).enumerate() {
        let of = |row: &UnitMonth| Some(row.scores.values()[at]);
        columns.push(real(rows, name.to_owned(), unit, "Score; lower is better.", of));
    }
    TableData { name: "unit_months", meaning: "One forecaster on one unit in one month.", columns }
}
