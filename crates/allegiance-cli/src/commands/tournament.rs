//! `allegiance tournament`: which theory could have produced a record.

use std::path::{Path, PathBuf};

use allegiance_lab::inference::{WHOLE, tournament};
use allegiance_report::score_picture::draw_scores;
use allegiance_report::tournament::{render_tournament, table_of_tournament};
use allegiance_tasks::{Changes, TheoryRecord, check_found, evidence_of, read_record};
use serde_json::json;

use crate::commands::documents::{check_new, put_new};
use crate::commands::recover::{failure_of, simulate, study_of};
use crate::commands::story::open;
use crate::failure::Failure;
use crate::ged;
use crate::numbers;
use crate::output::TableFormat;

const EXAMPLES: &str = "\
Examples:
  allegiance run one-village --theory kin_and_home --out runs/truth
  allegiance tournament runs/truth
  allegiance tournament runs/truth --replicate 3 --draws 60000
  allegiance tournament runs/truth --theory mine.toml --theory own_safety_first

  allegiance tournament record.csv --scenario one-village
  allegiance tournament --evidence survey.toml --evidence counts.toml --picture cells.svg

Only the reported table of a run is read: what observers saw. The simulated wars
are those of allegiance recover, and are computed where they are missing.";

/// Test every theory against a reported record or evidence, abstaining where it can't tell
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The folder of a run, or a table of UCDP GED whose sides are the scenario's groups
    record: Option<PathBuf>,
    /// Evidence of people and groups from a file, beside the record or without one; can be repeated
    #[arg(long, value_name = "FILE")]
    evidence: Vec<PathBuf>,
    /// The replicate of a run whose record is read
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::from(0))]
    replicate: u32,
    /// The scenario that the theories are tested on [default: that of the run or the evidence]
    #[arg(long, value_name = "SCENARIO")]
    scenario: Option<String>,
    /// Change one value of the scenario first; can be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Wars to simulate; rounded up to a multiple of 256
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = numbers::whole::<u32>(1_000..=10_000_000))]
    draws: u32,
    /// Seed of the simulated wars [default: that of the scenario]
    #[arg(long, value_name = "SEED", value_parser = numbers::seed())]
    seed: Option<u64>,
    /// A parameter that is uncertain; can be repeated [default: those of recover]
    #[arg(long, value_name = "NAME")]
    parameter: Vec<String>,
    /// Add a theory from a file, or one that comes with the program, to those tested; can be repeated
    #[arg(long, value_name = "FILE")]
    theory: Vec<String>,
    /// Where the simulated draws are kept [default: runs/recover-SCENARIO-seedSEED, then the theories and evidence added]
    #[arg(long, value_name = "FOLDER")]
    table: Option<PathBuf>,
    /// Draw what was predicted of each cell of the evidence's joint table beside what was found, as SVG
    #[arg(long, value_name = "FILE", requires = "evidence")]
    picture: Option<PathBuf>,
    /// How many threads to use, 0 for one per core; results don't depend on it
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::threads())]
    threads: usize,
    /// How to print the tournament
    #[arg(long, value_enum, default_value = "text")]
    format: TableFormat,
    /// Print only results and errors
    #[arg(long, short)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    check_new(arguments.picture.iter())?;
    let record = arguments.record.as_deref().map(|path| record_of(path, arguments.replicate)).transpose()?;
    let scenario = scenario_of(arguments, record.as_ref())?;
    let changes = Changes { seed: arguments.seed, sets: arguments.set.clone(), ..Changes::default() };
    let mut study = study_of(&scenario, &changes, &arguments.parameter, (&arguments.theory, &arguments.evidence))?;
    check_found(&study.evidence)?;
    let record = record.map(|record| record.put_to(&mut study)).transpose()?;
    let folder =
        simulate(&study, arguments.table.as_deref(), (arguments.draws, WHOLE), (arguments.threads, arguments.quiet))?;
    let table = study.read(&folder, arguments.draws).map_err(failure_of)?;
    let result = tournament(&study, &table, record.as_deref());
    if let Some(path) = &arguments.picture {
        let scores = result.log_scores.as_ref().ok_or_else(|| {
            Failure::Input(anyhow::anyhow!(
                "there is nothing to draw: the evidence has no question by two others or more together"
            ))
        })?;
        put_new(path, draw_scores(scores).as_bytes())?;
    }
    arguments.format.print(|| render_tournament(&result), || json!(result), || table_of_tournament(&result))
}

/// The record: a file's, or what observers of a run saw.
fn record_of(path: &Path, replicate: u32) -> Result<TheoryRecord, Failure> {
    if path.is_file() {
        let rows = read_record(path).map_err(|error| ged::failure_of(path, error))?;
        return Ok(TheoryRecord::of_rows(rows));
    }
    Ok(TheoryRecord::of_run(&open(path)?, replicate)?)
}

/// The scenario that is asked for, or that of the run, or that of the first evidence.
fn scenario_of(arguments: &Arguments, record: Option<&TheoryRecord>) -> Result<String, Failure> {
    if let Some(scenario) = arguments.scenario.clone().or_else(|| record?.scenario.clone()) {
        return Ok(scenario);
    }
    if let Some(path) = arguments.evidence.first() {
        let scenario = evidence_of(path)?.scenario;
        let of_file = scenario.folder.map(|folder| folder.display().to_string());
        return Ok(of_file.unwrap_or(scenario.id));
    }
    Err(Failure::CommandLine(match &arguments.record {
        Some(path) => {
            format!("error: {} is a file and names no scenario; say which one with --scenario", path.display())
        }
        None => "error: nothing is known of the war; name a record, or evidence with --evidence".to_owned(),
    }))
}
