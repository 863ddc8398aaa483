//! A run against a record.

use std::path::PathBuf;

use allegiance_import::ged::{Asked, DateOrder};
use allegiance_lab::score::{Month, SCORE_NAMES, score_run};
use allegiance_record::plain;
use allegiance_report::scores::render_scores;
use allegiance_tasks::read_record_as;
use pyo3::prelude::*;

use crate::errors::{argument, of_record};
use crate::runs::open;
use crate::work::follow;

/// The order of day and month that a word asks for.
pub(crate) fn order_of(py: Python<'_>, word: Option<&str>) -> PyResult<Option<DateOrder>> {
    match word {
        None => Ok(None),
        Some("month-first") => Ok(Some(DateOrder::MonthFirst)),
        Some("day-first") => Ok(Some(DateOrder::DayFirst)),
        Some(other) => Err(argument(py, format!("dates is {other:?}; must be month-first or day-first"), None)),
    }
}

/// Scores of a finished run and of baselines against a record, as JSON and text.
#[pyfunction]
#[pyo3(signature = (folder, record, first, last, dates))]
pub(crate) fn score(
    py: Python<'_>,
    folder: PathBuf,
    record: PathBuf,
    first: Option<&str>,
    last: Option<&str>,
    dates: Option<&str>,
) -> PyResult<(String, String)> {
    let month = |text: Option<&str>| match text {
        None => Ok(None),
        Some(text) => Month::parse(text)
            .map(Some)
            .ok_or_else(|| argument(py, format!("{text:?} isn't a month"), Some("write it like 2014-01"))),
    };
    let (first, last) = (month(first)?, month(last)?);
    let asked = Asked { dates: order_of(py, dates)?, ..Asked::default() };
    let run = open(py, &folder)?;
    let (record, notes) = py.detach(|| read_record_as(&record, asked)).map_err(|error| of_record(py, error))?;
    let scores = follow(py, None, |_listener| score_run(&run, &record, first, last))?;
    let scores = scores.map_err(|error| argument(py, error.to_string(), None))?;
    let json = serde_json::json!({
        "note": scores.note(),
        "scenario": run.manifest().scenario_id,
        "seed": run.manifest().seed,
        "run_digest": run.manifest().digest,
        "record_read": notes.notes,
        "score_names": SCORE_NAMES,
        "scores": scores,
    });
    Ok((json.to_string(), plain(&render_scores(&run.manifest().scenario_id, &scores)).into_owned()))
}
