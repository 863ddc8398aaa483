//! `allegiance conformance`: every step of the source's path, with and
//! without its mechanism.

use allegiance_lab::conformance::{CheckResult, RunConformanceError, run_conformance};
use allegiance_lab::paired::{Replicates, StudySubject};
use allegiance_report::conformance::{render_page, render_text};

use allegiance_scenario::load;

use crate::commands::study::Keep;
use crate::failure::Failure;
use crate::numbers;

/// How to print the results.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum PageFormat {
    /// For a terminal
    Text,
    /// The page docs/validation/generated/conformance.md
    Markdown,
    /// For programs
    Json,
}

/// Check each step of the source's path against its ablation, over paired seeds
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Paired seeds for each check
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = numbers::whole::<u32>(2..=30_000))]
    replicates: u32,
    /// How to print the results
    #[arg(long, value_enum, default_value = "text")]
    format: PageFormat,
    #[command(flatten)]
    keep: Keep,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let scenario = load("one-village").map_err(|error| Failure::from_load("one-village", error))?;
    let n = arguments.replicates;
    let subject = StudySubject { head: "conformance.json", setup: &scenario.setup, theories: &[], numbers: &[n] };
    let check = |replicates: &Replicates<'_>| run_conformance(&scenario.setup, n, replicates);
    let tell = |results: &Vec<CheckResult>| match arguments.format {
        PageFormat::Text | PageFormat::Json => render_text(results, n),
        PageFormat::Markdown => {
            render_page(results, n, &format!("allegiance conformance --replicates {n} --format markdown"))
        }
    };
    let finished = arguments.keep.run(&subject, check, tell).map_err(|error| match error {
        RunConformanceError::Study(error) => Failure::from(error),
        error @ RunConformanceError::OtherScenario => Failure::Said(error.to_string()),
    })?;
    let json = format!("{}\n", finished.json);
    let is_json = matches!(arguments.format, PageFormat::Json);
    arguments.keep.print(if is_json { &json } else { &finished.text }, &finished)
}
