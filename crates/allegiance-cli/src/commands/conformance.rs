//! `allegiance conformance`: every step of the source's path, with and
//! without its mechanism.

use allegiance_lab::conformance::{RunConformanceError, run_conformance};
use allegiance_report::conformance::{render_page, render_text};

use allegiance_scenario::load;

use crate::failure::Failure;
use crate::output;

/// How to print the results.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum PageFormat {
    /// For a terminal
    Text,
    /// The page docs/validation/conformance.md
    Markdown,
    /// For programs
    Json,
}

/// Check each step of the source's path against its ablation, over paired seeds
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Paired seeds for each check
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(2..=30_000))]
    replicates: u32,
    /// How many threads to use, 0 for one per core; results don't depend on it
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    /// How to print the results
    #[arg(long, value_enum, default_value = "text")]
    format: PageFormat,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let scenario = load("one-village").map_err(|error| Failure::from_load("one-village", error))?;
    let results =
        run_conformance(&scenario.setup, arguments.replicates, arguments.threads).map_err(|error| match error {
            RunConformanceError::Broken(broken) => broken.into(),
            error @ RunConformanceError::OtherScenario => Failure::Said(error.to_string()),
        })?;
    let n = arguments.replicates;
    output::print(&match arguments.format {
        PageFormat::Text => render_text(&results, n),
        PageFormat::Markdown => {
            render_page(&results, n, &format!("allegiance conformance --replicates {n} --format markdown"))
        }
        PageFormat::Json => format!("{:#}\n", serde_json::json!(results)),
    })
}
