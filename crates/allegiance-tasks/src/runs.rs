//! What a run is made from, and runs opened again.

use allegiance_model::setup::Setup;
use allegiance_record::setup_differences::{DifferenceKind, setup_differences};
use std::path::Path;

use allegiance_record::digest::digest_of_setup;
use allegiance_runs::{FinishedRun, ReadRunError, RunInput};
use allegiance_scenario::{Scenario, load};

use crate::comparison::check_same_world;
use crate::{TaskError, load_changed};

/// What the laboratory is given of a scenario.
pub fn input_of(scenario: Scenario) -> RunInput {
    RunInput {
        scenario_id: scenario.id,
        title: scenario.title,
        scenario_hash: scenario.hash,
        files: scenario.files.into_iter().map(|file| (file.name, file.text)).collect(),
        setup: scenario.setup,
        unchanged: scenario.unchanged.map(|setup| *setup),
    }
}

/// Opens a run for reading, with the names of its scenario's groups.
///
/// # Errors
/// See [`ReadRunError`].
pub fn open_run(folder: &Path) -> Result<FinishedRun, ReadRunError> {
    let mut run = FinishedRun::open(folder)?;
    let scenario = folder.join("scenario");
    // The run holds its scenario's files; without them, identifiers must do.
    if let Ok(scenario) = load(&scenario.display().to_string()) {
        let groups = scenario.setup.groups;
        run.name_groups(|id| {
            let found = groups.iter().find(|group| group.id == id);
            found.map(|group| group.name.clone())
        });
    }
    Ok(run)
}

/// The scenario of a run for simulating more of it, which only the version that
/// made the run can do: no other promises the same history.
///
/// # Errors
/// Where the run is of another version, and as [`scenario_of`].
pub fn scenario_to_go_on(run: &FinishedRun) -> Result<Scenario, TaskError> {
    let (theirs, own) = (run.manifest().engine_version.as_str(), env!("CARGO_PKG_VERSION"));
    if theirs != own {
        return Err(TaskError::question(format!(
            "the run {} is of Allegiance {theirs}, and this is {own}, which may give it another history; ask with \
             {theirs}, or simulate it again first",
            run.folder().display()
        )));
    }
    scenario_of(run)
}

/// What the engines of two runs were given; where a run's scenario can't be read
/// again, why not.
///
/// # Errors
/// Where the two are different worlds.
pub fn setups_of_runs(first: &FinishedRun, second: &FinishedRun) -> Result<Result<[Setup; 2], String>, TaskError> {
    let both = scenario_of(first).and_then(|a| Ok([a.setup, scenario_of(second)?.setup]));
    let setups = match both {
        Ok(both) => both,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let names = [first, second].map(|run| run.folder().display().to_string());
    // Runs of other lengths are compared over the days that both have.
    let mut differs = setup_differences(&setups[0], &setups[1]);
    differs.retain(|one| one.kind != DifferenceKind::Days);
    check_same_world((&names[0], &names[1]), &differs)?;
    Ok(Ok(setups))
}

/// The scenario of a run with the changes made to it, checked against what the
/// run says that its engine was given.
///
/// # Errors
/// Where the copy in the folder can't be loaded, or isn't that of the run.
pub fn scenario_of(run: &FinishedRun) -> Result<Scenario, TaskError> {
    let manifest = run.manifest();
    let folder = run.folder().join("scenario");
    let scenario = load_changed(&folder.display().to_string(), &manifest.changes)?;
    if digest_of_setup(&scenario.setup) != manifest.setup_digest {
        return Err(TaskError::question(format!(
            "the run {} can't be simulated again: its scenario has changed since, or this version reads it differently",
            run.folder().display()
        )));
    }
    Ok(scenario)
}
