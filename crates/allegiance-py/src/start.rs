//! A scenario to start from.

use std::path::PathBuf;

use allegiance_model::calendar::Date;
use allegiance_scenario::{NewGroup, NewScenario};
use allegiance_tasks::{StartFrom, TaskError, new_scenario as write};
use pyo3::prelude::*;

use crate::errors::of_task;

/// Writes the folder of a scenario that extends a built-in one.
#[pyfunction]
pub(crate) fn extend_scenario(py: Python<'_>, folder: PathBuf, base: String) -> PyResult<()> {
    write(&folder, &StartFrom::Builtin(base)).map_err(|error| of_task(py, error))
}

/// Writes the folder of an invented war, in which what is none is usual.
/// `start` is year, month, day.
#[pyfunction]
pub(crate) fn new_scenario(
    py: Python<'_>,
    folder: PathBuf,
    title: Option<String>,
    start: Option<(i32, u32, u32)>,
    days: Option<u32>,
    groups: Vec<String>,
    places: Option<u32>,
) -> PyResult<()> {
    let question = |text: String| of_task(py, TaskError::Question { text, fix: None });
    let usual = NewScenario::default();
    let start = match start {
        Some((year, month, day)) => Date::from_ymd(year, month, day)
            .ok_or_else(|| question(format!("there is no day {year}-{month:02}-{day:02}")))?,
        None => usual.start,
    };
    let groups: Result<Vec<NewGroup>, String> = groups.iter().map(|group| NewGroup::parse(group)).collect();
    let groups = groups.map_err(question)?;
    let war = NewScenario {
        title: title.unwrap_or(usual.title),
        start,
        days: days.unwrap_or(usual.days),
        groups: if groups.is_empty() { usual.groups } else { groups },
        places: places.unwrap_or(usual.places),
    };
    write(&folder, &StartFrom::Invented(war)).map_err(|error| of_task(py, error))
}
