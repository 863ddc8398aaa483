//! `allegiance tournament`: which theory could have produced a record.

use std::path::PathBuf;

use allegiance_lab::inference::{WHOLE, read_rows, tournament};
use allegiance_record::observe::RecordRow;
use allegiance_report::tournament::render_tournament;
use serde_json::json;

use crate::cli::Format;
use crate::commands::recover::{failure_of, simulate, study_of};
use crate::commands::story::open;
use crate::failure::Failure;
use crate::ged;
use crate::output;

const EXAMPLES: &str = "\
Examples:
  allegiance run one-village --theory kin_and_home --out runs/truth
  allegiance tournament runs/truth
  allegiance tournament runs/truth --replicate 3 --draws 60000

  allegiance tournament record.csv --scenario one-village

Only the reported table of a run is read: what observers saw. The simulated wars
are those of allegiance recover, and are computed where they are missing.";

/// Test every theory against a reported record, abstaining where it can't tell
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The folder of a run, or a table of UCDP GED whose sides are the scenario's groups
    record: PathBuf,
    /// The replicate of a run whose record is read
    #[arg(long, value_name = "N", default_value_t = 0)]
    replicate: u32,
    /// The scenario that the theories are tested on [default: that of the run]
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
    /// Print only results and errors
    #[arg(long, short)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (rows, own_scenario) = rows_of(arguments)?;
    let scenario = arguments.scenario.clone().or(own_scenario).ok_or_else(|| {
        Failure::CommandLine(format!(
            "error: {} is a file and names no scenario; say which one with --scenario",
            arguments.record.display()
        ))
    })?;
    let study = study_of(&scenario, arguments.seed, &arguments.parameter)?;
    let record = read_rows(&rows, &study.setup).map_err(|error| Failure::Input(error.into()))?;
    let folder =
        simulate(&study, arguments.table.as_deref(), (arguments.draws, WHOLE), (arguments.threads, arguments.quiet))?;
    let table = study.read(&folder, arguments.draws).map_err(failure_of)?;
    let result = tournament(&study, &table, &record);
    output::print(&match arguments.format {
        Format::Text => render_tournament(&result),
        Format::Json => format!("{:#}\n", json!(result)),
    })
}

/// The rows of the record and, where a run made it, the run's scenario.
fn rows_of(arguments: &Arguments) -> Result<(Vec<RecordRow>, Option<String>), Failure> {
    let path = &arguments.record;
    if path.is_file() {
        return Ok((ged::read(path)?.into_iter().map(|event| event.row).collect(), None));
    }
    let run = open(path)?;
    let rows = run.reported(arguments.replicate).map_err(|error| Failure::Input(error.into()))?;
    let copy = path.join("scenario");
    let scenario = if copy.is_dir() { copy.display().to_string() } else { run.manifest().scenario_id.clone() };
    Ok((rows, Some(scenario)))
}
