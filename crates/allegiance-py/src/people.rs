//! One person: his story, and what would have become of him.

use std::path::PathBuf;

use allegiance_model::ids::PersonId;
use allegiance_record::but_for::ButForInput;
use allegiance_record::plain;
use allegiance_replay::but_for::but_for_followed;
use allegiance_runs::Threads;
use allegiance_show::but_for::render_but_for;
use allegiance_show::story::{Pick, render_story};
use allegiance_tasks::{
    ButForQuestion, Chosen, StoryQuestion, choose_incident, outcomes_of_person, scenario_to_go_on, tell_stories,
};
use pyo3::prelude::*;

use crate::errors::{argument, of_but_for, of_read, of_task};
use crate::runs::open;
use crate::work::{NThreads, follow};

/// The stories of one person, or of him and a stayer, each as JSON and text.
#[pyfunction]
#[pyo3(signature = (folder, person, replicate, pick, place, beside))]
pub(crate) fn story(
    py: Python<'_>,
    folder: PathBuf,
    person: Option<u32>,
    replicate: Option<u32>,
    pick: Option<&str>,
    place: Option<&str>,
    beside: bool,
) -> PyResult<Vec<(String, String)>> {
    let pick = match pick {
        None => None,
        Some(word) => Some(Pick::from_word(word).ok_or_else(|| {
            let words: Vec<&str> = Pick::ALL.iter().map(|pick| pick.word()).collect();
            argument(py, format!("pick is {word:?}; must be one of {}", words.join(", ")), None)
        })?),
    };
    let run = open(py, &folder)?;
    let question = StoryQuestion { person, replicate, pick, place, beside };
    let told = py.detach(|| tell_stories(&run, question)).map_err(|error| of_task(py, error))?;
    Ok(told
        .iter()
        .map(|story| (serde_json::json!(story).to_string(), plain(&render_story(story)).into_owned()))
        .collect())
}

/// A person and a war without one incident, as JSON with what was taken out, and as text.
#[pyfunction]
#[pyo3(signature = (folder, person, replicate, incident, exposure, futures, outcomes, threads, progress))]
#[expect(clippy::too_many_arguments, reason = "Python's wrapper names them")]
pub(crate) fn but_for(
    py: Python<'_>,
    folder: PathBuf,
    person: u32,
    replicate: u32,
    incident: Option<u32>,
    exposure: Option<u32>,
    futures: u32,
    outcomes: Vec<String>,
    threads: NThreads,
    progress: Option<Py<PyAny>>,
) -> PyResult<(String, String)> {
    let run = open(py, &folder)?;
    let scenario = scenario_to_go_on(&run).map_err(|error| of_task(py, error))?;
    let records = py.detach(|| run.records(replicate)).map_err(|error| of_read(py, &error, &folder))?;
    let question = ButForQuestion { person, replicate, incident, exposure };
    let Chosen { taken_out, incident } = choose_incident(question, &records).map_err(|error| of_task(py, error))?;
    let setup = &scenario.setup;
    let outcomes = outcomes_of_person(&outcomes, person, &records, (&scenario.id, setup));
    let outcomes = outcomes.map_err(|error| of_task(py, error))?;
    let input = ButForInput {
        setup,
        replicate,
        person: PersonId(person),
        taken_out,
        incident,
        n_futures: futures,
        outcomes: &outcomes,
    };
    let found = follow(py, progress.as_ref(), |listener| but_for_followed(&input, &Threads(threads.0), listener))?;
    let found = found.map_err(|error| of_but_for(py, &error))?;
    let answer = serde_json::json!({
        "note": "Simulated person: synthetic, no one real.",
        "replicate": replicate,
        "person": person,
        "incident": incident.incident.0,
        "taken_out": if exposure.is_some() { "exposure" } else { "incident" },
        "answer": found,
    });
    Ok((answer.to_string(), plain(&render_but_for(&input, &found)).into_owned()))
}
