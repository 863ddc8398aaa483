//! `allegiance theories`: every theory on the same world and the same draws.

use allegiance_lab::theories::compare_theories;
use allegiance_report::theories::render_theories;
use allegiance_scenario::load;

use crate::commands::study::{Keep, Subject};
use crate::failure::Failure;
use crate::numbers;
use crate::output;
use crate::output::Format;

/// Run a scenario under every theory with the same seeds, and compare the results
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A built-in scenario, or a folder or file
    #[arg(default_value = "one-village")]
    scenario: String,
    /// Seeds for each theory
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = numbers::whole::<u32>(1..=30_000))]
    replicates: u32,
    /// How many threads to use, 0 for one per core; results don't depend on it
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::threads())]
    threads: usize,
    /// How to print the table
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    keep: Keep,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let scenario = load(&arguments.scenario).map_err(|error| Failure::from_load(&arguments.scenario, error))?;
    output::warn(&scenario.warnings);
    let n = arguments.replicates;
    let subject = Subject { head: "theories.json", setup: &scenario.setup, numbers: &[n] };
    let finished = arguments.keep.run(
        &subject,
        arguments.threads,
        |replicates| compare_theories(&scenario.setup, n, replicates),
        |rows| render_theories(rows, &scenario.title),
    )?;
    arguments.keep.print(&arguments.format.of(&finished), &finished)
}
