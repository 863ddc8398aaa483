//! A scenario built from others' tables.

use std::path::PathBuf;

use allegiance_import::build::{BuildRequest, Undated, build};
use allegiance_model::calendar::Date;
use allegiance_model::setup::OperationsMode;
use allegiance_tasks::{built_as_json, render_built, write_built};
use pyo3::prelude::*;

use crate::errors::{argument, of_build, of_built_folder};
use crate::score::order_of;
use crate::work::follow;

/// What of a build can be left out, in the package's words.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Options {
    boundaries: Option<PathBuf>,
    boundary_name: Option<String>,
    groups: Option<PathBuf>,
    population: Option<u64>,
    population_column: Option<String>,
    country_code: Option<String>,
    mode: String,
    undated: String,
    min_events: usize,
    control_window: u32,
    within_km: f64,
    far_places: bool,
    leave_out: Vec<u64>,
    dates: Option<String>,
    seed: u64,
    overwrite: bool,
}

/// Builds the folder of a scenario; gives what was built as JSON and text. `first` and `last` are
/// year, month, day.
#[pyfunction]
#[pyo3(signature = (events, places, country, first, last, out, options))]
#[expect(clippy::too_many_arguments, reason = "Python's wrapper names them")]
pub(crate) fn data_build(
    py: Python<'_>,
    events: PathBuf,
    places: PathBuf,
    country: String,
    first: (i32, u32, u32),
    last: (i32, u32, u32),
    out: PathBuf,
    options: Options,
) -> PyResult<(String, String)> {
    let day = |(year, month, day): (i32, u32, u32)| {
        let text = || format!("there is no day {year}-{month:02}-{day:02}");
        Date::from_ymd(year, month, day).ok_or_else(|| argument(py, text(), None))
    };
    let of_words = |key: &str, word: &str, words: &[&str]| {
        argument(py, format!("{key} is {word:?}; must be one of {}", words.join(", ")), None)
    };
    let mode = OperationsMode::from_word(&options.mode)
        .ok_or_else(|| of_words("mode", &options.mode, OperationsMode::WORDS))?;
    let undated = match options.undated.as_str() {
        "spread" => Undated::Spread,
        "refuse" => Undated::Refuse,
        other => return Err(of_words("undated", other, &["spread", "refuse"])),
    };
    let request = BuildRequest {
        boundaries: options.boundaries,
        boundary_name: options.boundary_name,
        groups: options.groups,
        country_code: options.country_code,
        mode,
        undated,
        min_events: options.min_events,
        control_window_days: options.control_window,
        population: options.population,
        population_column: options.population_column,
        accept_far: options.far_places,
        leave_out: options.leave_out,
        dates: order_of(py, options.dates.as_deref())?,
        within_km: options.within_km,
        seed: options.seed,
        ..BuildRequest::new(events, places, country, day(first)?, day(last)?)
    };
    let built = follow(py, None, |_listener| build(&request))?.map_err(|error| of_build(py, error))?;
    write_built(&built, &out, options.overwrite).map_err(|error| of_built_folder(py, error))?;
    Ok((built_as_json(&built).to_string(), render_built(&built, "groups=")))
}
