//! `allegiance scales`: the same war at several scales.

use std::num::NonZeroU32;

use allegiance_lab::paired::{Replicates, StudyError, StudySubject};
use allegiance_lab::scales::{ScaleComparison, compare_scales};
use allegiance_report::scales::{render_scales, table_of_scales};
use allegiance_scenario::MAX_SCALE;
use allegiance_tasks::load_changed;
use serde::Serialize;

use crate::commands::study::Keep;
use crate::failure::Failure;
use crate::numbers;
use crate::output;
use crate::output::TableFormat;

const ABOUT: &str = "\
At 1:K, one in K of all inhabitants and members is left, and what counts people, such as
the size of a unit, is divided by K. Counts of people are multiplied by K again, so that
anything that differs from the first scale by more than its interval depends on scale.

Example:
  allegiance scales north-syria-2014 --replicates 20";

/// Run a scenario at 1:1, 1:10 and 1:100 of its people, and show what differs
#[derive(Debug, clap::Args)]
#[command(after_help = ABOUT)]
pub(crate) struct Arguments {
    /// A built-in scenario, or a folder or file
    scenario: String,
    /// The scales, separated by commas; the others are compared with the first
    #[arg(long, value_name = "K,K", value_delimiter = ',', default_value = "1,10,100",
          value_parser = numbers::whole::<u32>(1..=MAX_SCALE))]
    at: Vec<u32>,
    /// Replicates at each scale
    #[arg(long, short = 'n', value_name = "N", default_value_t = 20,
          value_parser = numbers::whole::<u32>(1..=30_000))]
    replicates: u32,
    /// Change a value of the scenario; can be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// How to print the table
    #[arg(long, value_enum, default_value = "text")]
    format: TableFormat,
    #[command(flatten)]
    keep: Keep,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let scenario = load_changed(&arguments.scenario, &arguments.set)?;
    output::warn(&scenario.warnings);
    let scales: Vec<NonZeroU32> = arguments.at.iter().copied().filter_map(NonZeroU32::new).collect();
    let n = arguments.replicates;
    let numbers: Vec<u32> = std::iter::once(n).chain(arguments.at.iter().copied()).collect();
    let subject = StudySubject { head: "scales.json", setup: &scenario.setup, theories: &[], numbers: &numbers };
    let compare = |replicates: &Replicates<'_>| -> Result<Compared, StudyError> {
        let comparison = compare_scales(&scenario.setup, &scales, n, replicates)?;
        Ok(Compared { scenario: scenario.id.clone(), comparison })
    };
    let tell = |Compared { comparison, .. }: &Compared| {
        table_of_scales(comparison, &scenario.title).told(render_scales(comparison, &scenario.title))
    };
    let finished = arguments.keep.run(&subject, compare, tell)?;
    arguments.keep.print(arguments.format, &finished)
}

/// What is printed for programs.
#[derive(Debug, Serialize)]
struct Compared {
    scenario: String,
    comparison: ScaleComparison,
}
