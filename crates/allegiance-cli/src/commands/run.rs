//! `allegiance run`: simulate a scenario into a run folder.

use std::path::PathBuf;

use allegiance_runs::{RunError, RunOptions, RunReport};
use allegiance_scenario::Scenario;
use allegiance_show::patterns::render_verdicts;
use allegiance_show::summary::{beginning_of, render_summary, usual_of};
use allegiance_tasks::{Changes, input_of, load_changed};

use crate::commands::check::facts;
use crate::failure::Failure;
use crate::numbers;
use crate::output;
use crate::progress::RunProgress;
use crate::text::count;

const EXAMPLES: &str = "\
Examples:
  allegiance run one-village
  allegiance run north-syria-2014 --replicates 20 --out runs/base
  allegiance run one-village --theory motivated_reasoning --theory kin_and_home
  allegiance run my-scenario --set combat.decisiveness=2 --set groups.isis.brutality=0.5

Keys of --set: a parameter (see allegiance parameters), observation.NAME,
groups.ID.KEY, levers.ID.WORD (from the first day), relations.ID.ID,
mechanisms.WORD, theory, theory.belief, theory.exit, operations.mode, days, seed,
scale. Designs, experiments, compare, the page and Python take the same keys.
With --scale 10, one in ten of all inhabitants, members and reported deaths
is left; allegiance scales shows what that changes.
An interrupted run, even after a power cut, keeps its finished replicates, and with
--checkpoint-every those in progress, for --resume or allegiance resume.";

/// Simulate a scenario and summarise what happened
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Arguments {
    /// A built-in scenario, or a folder or file
    pub(crate) scenario: String,
    /// How many replicates to simulate, each with random draws of its own
    #[arg(long, short = 'n', value_name = "N", default_value_t = 1,
          value_parser = numbers::from(1))]
    replicates: u32,
    /// Replace the scenario's seed
    #[arg(long, value_name = "SEED", value_parser = numbers::seed())]
    seed: Option<u64>,
    /// Replace the scenario's number of days
    #[arg(long, value_name = "DAYS", value_parser = numbers::days())]
    days: Option<u32>,
    /// Use another theory of belief or exit; can be repeated
    #[arg(long, value_name = "WORD")]
    theory: Vec<String>,
    /// Change a value of the scenario; can be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Simulate at 1:K of the people, after all other changes
    #[arg(long, value_name = "K", value_parser = numbers::scale())]
    scale: Option<u32>,
    /// How many threads to use, 0 for one per core; results don't depend on it
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::threads())]
    threads: usize,
    /// Where to write the run [default: runs/SCENARIO-seedSEED]
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Replace an older run in the folder
    #[arg(long)]
    overwrite: bool,
    /// Continue an unfinished run in the folder; a finished one is checked
    #[arg(long, conflicts_with = "overwrite")]
    resume: bool,
    /// Write the state of each replicate every N days, for --resume
    #[arg(long, value_name = "DAYS", value_parser = numbers::from(1))]
    checkpoint_every: Option<u32>,
    /// Write only these tables, separated by commas
    #[arg(long, value_name = "TABLES", value_delimiter = ',')]
    tables: Option<Vec<String>>,
    /// Print how the run compares with the calibration patterns
    #[arg(long)]
    patterns: bool,
    /// Print only what the summary opens with: what happened, who left and why, how sure
    #[arg(long, conflicts_with = "patterns")]
    brief: bool,
    /// Print the whole summary, with what the replicates agree on sentence by sentence
    #[arg(long, conflicts_with = "brief")]
    full: bool,
    /// Print only results and errors
    #[arg(long, short)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let changes = changes_of(arguments);
    let scenario = load_changed(&arguments.scenario, &changes)?;
    let options = options_of(arguments, changes, &scenario);
    simulate(scenario, &options, arguments.quiet, Printed::of(arguments))
}

/// Simulates a scenario that has been changed already, and prints the summary.
pub(crate) fn simulate(
    scenario: Scenario,
    options: &RunOptions,
    is_quiet: bool,
    printed: Printed,
) -> Result<(), Failure> {
    if !is_quiet {
        introduce(&scenario, options);
    }
    let progress = RunProgress::new(is_quiet);
    let result = allegiance_runs::run(&input_of(scenario), options, &render_summary, &progress);
    progress.finish();
    print_report(&result.map_err(failure_of)?, is_quiet, printed)
}

/// What the command line changes of the scenario.
fn changes_of(arguments: &Arguments) -> Vec<String> {
    let changes = Changes {
        seed: arguments.seed,
        days: arguments.days,
        theories: arguments.theory.clone(),
        sets: arguments.set.clone(),
        scale: arguments.scale,
    };
    changes.assignments()
}

/// The options that say who made a run.
pub(crate) fn signed(options: RunOptions) -> RunOptions {
    let git = env!("ALLEGIANCE_GIT");
    RunOptions {
        command_line: std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        git: (git != "unknown").then(|| git.to_owned()),
        ..options
    }
}

fn options_of(arguments: &Arguments, changes: Vec<String>, scenario: &Scenario) -> RunOptions {
    let default_out = || format!("runs/{}-seed{}", scenario.id, scenario.setup.seed).into();
    signed(RunOptions {
        replicates: arguments.replicates,
        threads: arguments.threads,
        overwrite: arguments.overwrite,
        resume: arguments.resume,
        checkpoint_every: arguments.checkpoint_every,
        tables: arguments.tables.clone(),
        changes,
        ..RunOptions::new(arguments.out.clone().unwrap_or_else(default_out))
    })
}

fn introduce(scenario: &Scenario, options: &RunOptions) {
    output::warn(&scenario.warnings);
    output::talk(&format!(
        "{}: {}, seed {}, {}",
        scenario.id,
        facts(scenario),
        scenario.setup.seed,
        count(options.replicates as usize, "replicate"),
    ));
}

/// How much of a summary is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Printed {
    /// What it opens with.
    Beginning,
    /// All but what its beginning sums up.
    Usual,
    /// All of it.
    Whole,
    /// All of it, and how the run compares with the calibration patterns.
    WithPatterns,
}

impl Printed {
    fn of(arguments: &Arguments) -> Self {
        match (arguments.brief, arguments.full, arguments.patterns) {
            (true, ..) => Self::Beginning,
            (false, _, true) => Self::WithPatterns,
            (false, true, false) => Self::Whole,
            (false, false, false) => Self::Usual,
        }
    }
}

fn print_report(report: &RunReport, is_quiet: bool, printed: Printed) -> Result<(), Failure> {
    let mut text = match printed {
        Printed::Beginning => beginning_of(&report.summary),
        Printed::Usual => usual_of(&report.summary),
        _ => report.summary.trim_end().to_owned() + "\n",
    };
    if printed == Printed::WithPatterns {
        let manifest = &report.manifest;
        let patterns = render_verdicts(manifest.case.as_ref(), &manifest.patterns, manifest.n_replicates as usize);
        text = format!("{text}\n{}\n", patterns.trim_end());
    }
    output::print_words(&text)?;
    if !is_quiet {
        output::talk(&output::where_it_lies(&report.folder, report.was_finished));
    }
    Ok(())
}

/// Sorts the laboratory's errors by whose they are, and names the options that
/// help.
pub(crate) fn failure_of(error: RunError) -> Failure {
    if let RunError::Open(error) = error {
        return error.into();
    }
    let hint = if matches!(error, RunError::Cancelled { .. }) { "use --resume" } else { "" };
    let is_input = matches!(
        error,
        RunError::Replicates { .. } | RunError::ScenarioFile { .. } | RunError::Table { .. } | RunError::Checkpoint(_)
    );
    let error = anyhow::Error::new(error);
    let error = if hint.is_empty() { error } else { anyhow::anyhow!("{error:#} ({hint})") };
    if is_input { Failure::Input(error) } else { Failure::Output(error) }
}
