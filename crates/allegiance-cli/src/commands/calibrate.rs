//! `allegiance calibrate`: which parameters give the patterns of the case.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use allegiance_lab::inference::workers::{Here, PATIENCE, Sharing, Workers};
use allegiance_lab::inference::{Calibration, CalibrationEffort, SmcSettings};
use allegiance_lab::sweep::Shard;
use allegiance_report::calibration::{render_calibration, table_of_calibration};
use allegiance_tasks::{Changes, calibration_of, load_changed, read_evidence};
use serde_json::json;

use crate::commands::recover::failure_of;
use crate::commands::sweep::parse_shard;
use crate::failure::Failure;
use crate::numbers;
use crate::output;
use crate::output::TableFormat;
use crate::progress::RunProgress;

const EXAMPLES: &str = "\
Examples:
  allegiance calibrate north-syria-2014 --budget 8000 --out runs/calibration
  allegiance calibrate north-syria-2014 --minutes 60 --out runs/calibration
  allegiance calibrate --theory constant --out runs/calibration-null
  allegiance calibrate one-village --evidence survey.toml --out runs/calibration-survey
  allegiance calibrate north-syria-2014 --shard 2/8 --out DISK/calibration   on one of 8 machines

The same command continues from what is in the folder, however it was stopped:
finished simulations are read back, and a larger budget adds to them. A time
limit decides how many generations there are, never what is in them.

With --shard, several processes fill one folder that all of them see. Each computes its
part of every generation and waits for the others; what a lost one left is taken over.
The same command without --shard then reports.";

/// Find parameters that reproduce the patterns of the scenario's case, or evidence, by sequential Monte Carlo
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// A built-in scenario, or a folder or file
    scenario: String,
    /// Maximum number of simulations, including those of earlier sessions
    #[arg(long, value_name = "N", default_value_t = 8_000, value_parser = numbers::whole::<u32>(64..=1_000_000))]
    budget: u32,
    /// Stop after this many minutes, whatever the budget
    #[arg(long, value_name = "MINUTES", conflicts_with = "shard", value_parser = numbers::whole::<u32>(1..=100_000))]
    minutes: Option<u32>,
    /// Particles per generation
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = numbers::whole::<u32>(32..=100_000))]
    particles: u32,
    /// A parameter to move; can be repeated [default: those that the case names]
    #[arg(long, value_name = "NAME")]
    parameter: Vec<String>,
    /// Aim at evidence of people and groups from a file, instead of the case's patterns; can be repeated
    #[arg(long, value_name = "FILE")]
    evidence: Vec<PathBuf>,
    /// Use another theory of belief or exit; can be repeated
    #[arg(long, value_name = "WORD")]
    theory: Vec<String>,
    /// Replace the scenario's seed
    #[arg(long, value_name = "SEED", value_parser = numbers::seed())]
    seed: Option<u64>,
    /// Where everything is written [default: runs/calibrate-SCENARIO-seedSEED]
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Only simulate the I-th of N parts, with others in the same folder, and report nothing
    #[arg(long, value_name = "I/N", value_parser = parse_shard)]
    shard: Option<Shard>,
    /// How many threads to use, 0 for one per core; results don't depend on it
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::threads())]
    threads: usize,
    /// How to print the report
    #[arg(long, value_enum, default_value = "text")]
    format: TableFormat,
    /// Print only results and errors
    #[arg(long, short)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let started = Instant::now();
    let changes = Changes { seed: arguments.seed, theories: arguments.theory.clone(), ..Changes::default() };
    let scenario = load_changed(&arguments.scenario, &changes.assignments())?;
    if !arguments.quiet {
        output::warn(&scenario.warnings);
    }
    let evidence = read_evidence(&arguments.evidence, &scenario)?;
    let calibrated = calibration_of(scenario, &arguments.parameter, evidence, arguments.particles as usize)?;
    let (id, seed) = (&calibrated.scenario_id, calibrated.setup.seed);
    let out = arguments.out.clone().unwrap_or_else(|| PathBuf::from(format!("runs/calibrate-{id}-seed{seed}")));
    let folder = calibrated.open(&out).map_err(failure_of)?;
    let settings = SmcSettings {
        seed: calibrated.setup.seed,
        n_particles: calibrated.n_particles,
        budget: arguments.budget,
        until: arguments.minutes.map(|minutes| started + Duration::from_secs(60 * u64::from(minutes))),
    };
    let workers: Box<dyn Workers> = match arguments.shard {
        None => Box::new(Here(arguments.threads)),
        Some(shard) => Box::new(Sharing::new(shard, arguments.threads, PATIENCE)),
    };
    let progress = RunProgress::new(arguments.quiet);
    let result = calibrated.run(&folder, settings, workers.as_ref(), &progress);
    progress.finish();
    let (calibration, effort) = result.map_err(failure_of)?;
    if let Some(Shard { at, of }) = arguments.shard {
        if !arguments.quiet {
            output::talk(&format!("part {at} of {of} is done: everything is in {}", out.display()));
        }
        return Ok(());
    }
    folder.enter(&calibrated.entry(&calibration, effort)).map_err(failure_of)?;
    report(arguments, &calibration, effort)?;
    if !arguments.quiet {
        output::talk(&format!("written to {}; entered in its register.jsonl", out.display()));
    }
    Ok(())
}

fn report(arguments: &Arguments, calibration: &Calibration, effort: CalibrationEffort) -> Result<(), Failure> {
    arguments.format.print(
        || render_calibration(calibration, effort),
        || json!({ "calibration": calibration, "effort": effort }),
        || table_of_calibration(calibration),
    )
}
