//! `allegiance conformance`: every step of the source's path, with and
//! without its mechanism.

use allegiance_lab::conformance::{CheckResult, RunConformanceError, run_conformance};
use allegiance_lab::paired::{Replicates, StudySubject, Told};
use allegiance_report::conformance::{render_page, render_text, table_of_conformance};

use allegiance_scenario::load;

use crate::commands::study::Keep;
use crate::failure::Failure;
use crate::numbers;
use crate::output::TableFormat;

/// Check each step of the source's path against its ablation, over paired seeds
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Paired seeds for each check
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = numbers::whole::<u32>(2..=30_000))]
    replicates: u32,
    /// How to print the results; as Markdown they are the whole page
    #[arg(long, value_enum, default_value = "text")]
    format: TableFormat,
    #[command(flatten)]
    keep: Keep,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let scenario = load("one-village").map_err(|error| Failure::from_load("one-village", error))?;
    let n = arguments.replicates;
    let subject = StudySubject { head: "conformance.json", setup: &scenario.setup, theories: &[], numbers: &[n] };
    let check = |replicates: &Replicates<'_>| run_conformance(&scenario.setup, n, replicates);
    let tell = |results: &Vec<CheckResult>| {
        let page = render_page(results, n, &format!("allegiance conformance --replicates {n} --format markdown"));
        Told { markdown: page, ..table_of_conformance(results, n).told(render_text(results, n)) }
    };
    let finished = arguments.keep.run(&subject, check, tell).map_err(|error| match error {
        RunConformanceError::Study(error) => Failure::from(error),
        error @ RunConformanceError::OtherScenario => Failure::Said(error.to_string()),
    })?;
    arguments.keep.print(arguments.format, &finished)
}
