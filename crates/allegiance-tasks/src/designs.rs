//! Designs, from their file to the laboratory's sweep.

use allegiance_lab::sweep::SweepInput;
use allegiance_scenario::{DesignFile, apply_change};

/// What is swept for a design file.
pub fn sweep_input(file: &DesignFile) -> SweepInput<'_> {
    SweepInput {
        id: file.id.clone(),
        title: file.title.clone(),
        text: file.text.clone(),
        scenario_id: file.scenario.id.clone(),
        scenario_hash: file.scenario.hash.clone(),
        setup: &file.scenario.setup,
        design: file.design.clone(),
        outcomes: file.outcomes.clone(),
        n_replicates: file.n_replicates,
        apply: &|setup, assignment| apply_change(setup, assignment).map_err(|error| error.to_string()),
    }
}
