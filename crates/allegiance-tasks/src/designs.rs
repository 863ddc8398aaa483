//! Designs, from their file to the laboratory's sweep.

use allegiance_lab::sweep::SweepInput;
use allegiance_scenario::DesignFile;

/// What is swept for a design file, under the theories in files that it was read with.
pub fn sweep_input(file: &DesignFile) -> SweepInput<'_> {
    SweepInput {
        id: file.id.clone(),
        title: file.title.clone(),
        text: file.text.clone(),
        theories: file.scenario.held_theories().map(|(name, text)| (name.to_owned(), text.to_owned())).collect(),
        scenario_id: file.scenario.id.clone(),
        scenario_hash: file.scenario.hash.clone(),
        setup: &file.scenario.setup,
        design: file.design.clone(),
        outcomes: file.outcomes.clone(),
        evidence: file.evidence.clone(),
        n_replicates: file.n_replicates,
        apply: Box::new(|setup, assignment| file.scenario.apply(setup, assignment).map_err(|error| error.to_string())),
    }
}
