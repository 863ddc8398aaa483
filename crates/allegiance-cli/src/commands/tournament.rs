//! `allegiance tournament`: which theory could have produced a record.

use std::path::PathBuf;

use allegiance_lab::FinishedRun;
use allegiance_lab::inference::{Shard, render_tournament, tournament};
use serde_json::json;

use crate::cli::Format;
use crate::commands::recover::{failure_of, simulate, study_of};
use crate::failure::Failure;
use crate::output;

const EXAMPLES: &str = "\
Examples:
  allegiance run one-village --theory kin_and_home --out runs/truth
  allegiance tournament runs/truth
  allegiance tournament runs/truth --replicate 3 --draws 60000

Only the table reported is read from the run: what observers saw. The table of
simulated wars is that of allegiance recover, and is computed where it is missing.";

/// Put every theory to the reported record of a run, and name one only if the record decides
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The folder of a run
    run: PathBuf,
    /// The replicate whose record is read
    #[arg(long, value_name = "N", default_value_t = 0)]
    replicate: u32,
    /// The scenario that the theories are put to [default: that of the run]
    #[arg(long, value_name = "SCENARIO")]
    scenario: Option<String>,
    /// Wars to simulate; rounded up to a multiple of 256
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1_000..=10_000_000))]
    draws: u32,
    /// Seed of the simulated wars [default: that of the scenario]
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
    /// A parameter that is uncertain; can be repeated [default: those of recover]
    #[arg(long, value_name = "NAME")]
    parameter: Vec<String>,
    /// Where the simulated draws are kept [default: runs/recover-SCENARIO-seedSEED]
    #[arg(long, value_name = "FOLDER")]
    table: Option<PathBuf>,
    /// How many threads to use, 0 for one per core; results don't depend on it
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    /// How to print the tournament
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Say nothing but results and errors
    #[arg(long, short)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let open = FinishedRun::open(&arguments.run).map_err(|error| Failure::Input(error.into()))?;
    let record = open.reported(arguments.replicate).map_err(|error| Failure::Input(error.into()))?;
    let scenario = arguments.scenario.clone().unwrap_or_else(|| open.manifest().scenario_id.clone());
    let study = study_of(&scenario, arguments.seed, &arguments.parameter)?;
    let groups: Vec<&str> = study.setup.groups.iter().map(|group| group.id.as_str()).collect();
    let found: Vec<&str> = open.groups().iter().map(|group| group.id.as_str()).collect();
    if groups != found {
        return Err(Failure::Input(anyhow::anyhow!(
            "{} has the groups {}, and {scenario} has {}; name the run's scenario with --scenario",
            arguments.run.display(),
            found.join(", "),
            groups.join(", ")
        )));
    }
    let folder = simulate(
        &study,
        arguments.table.as_deref(),
        (arguments.draws, Shard::WHOLE),
        (arguments.threads, arguments.quiet),
    )?;
    let table = study.read(&folder, arguments.draws).map_err(failure_of)?;
    let result = tournament(&study, &table, &record);
    output::print(&match arguments.format {
        Format::Text => render_tournament(&result),
        Format::Json => format!("{:#}\n", json!(result)),
    })
}
