//! `allegiance story`: why a simulated person stayed or left.

use std::path::Path;

use allegiance_lab::FinishedRun;

use crate::failure::Failure;

/// Opens a run for reading, with the names of its scenario's groups.
pub(crate) fn open(folder: &Path) -> Result<FinishedRun, Failure> {
    let mut run = FinishedRun::open(folder).map_err(|error| Failure::Input(error.into()))?;
    let scenario = folder.join("scenario");
    // The run holds its scenario's files; without them, identifiers must do.
    if let Ok(scenario) = allegiance_scenario::load(&scenario.display().to_string()) {
        let groups = scenario.setup.groups;
        run.name_groups(|id| {
            let found = groups.iter().find(|group| group.id == id);
            found.map(|group| group.name.clone())
        });
    }
    Ok(run)
}
