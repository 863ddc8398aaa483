//! `allegiance recover`: what a reported record could tell, on synthetic truths.

use std::path::{Path, PathBuf};

use allegiance_lab::inference::{DrawFolder, DrawTableError, RecoverError, Recovery, Study, WHOLE, recover};
use allegiance_lab::sweep::Shard;
use allegiance_record::shell_word;
use allegiance_report::ladder::render_ladder;
use allegiance_report::recovery::{render_recovery, render_recovery_page};
use allegiance_report::recovery_table::table_of_recoveries;
use allegiance_tasks::{Changes, load_changed, read_evidence, study_of as study_of_scenario};
use serde_json::json;

use crate::commands::sweep::parse_shard;
use crate::commands::theories;
use crate::failure::Failure;
use crate::numbers;
use crate::output;
use crate::output::TableFormat;
use crate::progress::RunProgress;

/// Fresh wars unless told otherwise.
const FRESH: u32 = 200;

const EXAMPLES: &str = "\
Examples:
  allegiance recover
  allegiance recover one-village --draws 60000 --truths 50 --format markdown
  allegiance recover --draws 60000 --shard 2/8     one part, on one of 8 machines
  allegiance recover --theory mine.toml --theory own_safety_first
  allegiance recover --evidence survey.toml       what would these answers tell?
  allegiance recover my-war --ladder --draws 2000  more events, more told?

Every verdict is about the scenario's war and the number of events that its record
has: a village with few events says nothing about a larger war.

Draws are kept in the table's folder. An interrupted study continues from them, and
another number of truths, or more draws, reuses them.";

/// Test what a reported record can identify, on simulated wars with known truths
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// A built-in scenario, or a folder or file
    #[arg(default_value = "one-village")]
    scenario: String,
    /// Wars to simulate; rounded up to a multiple of 256
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = numbers::whole::<u32>(1_000..=10_000_000))]
    draws: u32,
    /// Synthetic truths for each pair of a theory of belief and one of exit
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = numbers::whole::<u32>(1..=10_000))]
    truths: u32,
    /// Fresh wars, not among the draws, that are put to a tournament to see what it is worth
    #[arg(long, value_name = "N", default_value_t = FRESH, value_parser = numbers::whole::<u32>(0..=100_000))]
    fresh: u32,
    /// A parameter to infer; can be repeated [default: ten that matter most]
    #[arg(long, value_name = "NAME")]
    parameter: Vec<String>,
    /// Add a theory from a file, or one that comes with the program, to those told apart; can be repeated
    #[arg(long, value_name = "FILE")]
    theory: Vec<String>,
    /// Ask what evidence of people and groups would tell, found or planned, from a file; can be repeated
    #[arg(long, value_name = "FILE")]
    evidence: Vec<PathBuf>,
    /// Change one value of the scenario first; can be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Replace the scenario's seed
    #[arg(long, value_name = "SEED", value_parser = numbers::seed())]
    seed: Option<u64>,
    /// Ask what a record tells in a village, in a region and in the scenario, beside every incident as it happened
    #[arg(long, conflicts_with_all = ["evidence", "theory", "set", "table", "shard"])]
    ladder: bool,
    /// Where the simulated draws are kept [default: runs/recover-SCENARIO-seedSEED, then the theories and evidence added]
    #[arg(long, value_name = "FOLDER")]
    table: Option<PathBuf>,
    /// Only simulate the I-th of N parts of the draws, and report nothing
    #[arg(long, value_name = "I/N", value_parser = parse_shard)]
    shard: Option<Shard>,
    /// How many threads to use, 0 for one per core; results don't depend on it
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::threads())]
    threads: usize,
    /// How to print the report; as Markdown it is the whole page
    #[arg(long, value_enum, default_value = "text")]
    format: TableFormat,
    /// Print only results and errors
    #[arg(long, short)]
    quiet: bool,
}

/// The wars that a ladder climbs before the scenario that was asked for.
const RUNGS: [&str; 2] = ["one-village", "north-syria-2014"];

/// What a record tells in ever larger wars.
fn climb(arguments: &Arguments) -> Result<(), Failure> {
    let changes = Changes { seed: arguments.seed, ..Changes::default() };
    let own = Some(arguments.scenario.as_str()).filter(|own| !RUNGS.contains(own));
    // All are read before the first is simulated.
    let study = |scenario: &str| study_of(scenario, &changes, &arguments.parameter, (&[], &[]));
    let studies: Vec<Study> = RUNGS.into_iter().chain(own).map(study).collect::<Result<_, Failure>>()?;
    let mut rungs: Vec<Recovery> = Vec::new();
    for study in &studies {
        if !arguments.quiet {
            output::talk(&format!(
                "{}: {} wars in {}",
                study.scenario_id,
                arguments.draws,
                study.usual_folder().display()
            ));
        }
        let folder = simulate(study, None, (arguments.draws, WHOLE), (arguments.threads, arguments.quiet))?;
        let table = study.read(&folder, arguments.draws).map_err(failure_of)?;
        rungs.push(recover(study, &table, arguments.truths, 0).map_err(failure_of_recovery)?);
    }
    match arguments.format {
        TableFormat::Markdown => output::print(&render_ladder(&rungs, true)),
        format => format.print(|| render_ladder(&rungs, false), || json!(rungs), || table_of_recoveries(&rungs)),
    }
}

fn failure_of_recovery(error: RecoverError) -> Failure {
    match error {
        RecoverError::Broken(broken) => broken.into(),
        few @ RecoverError::FewTruths { .. } => Failure::Input(few.into()),
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.ladder {
        return climb(arguments);
    }
    let changes = Changes { seed: arguments.seed, sets: arguments.set.clone(), ..Changes::default() };
    let study =
        study_of(&arguments.scenario, &changes, &arguments.parameter, (&arguments.theory, &arguments.evidence))?;
    let folder = simulate(
        &study,
        arguments.table.as_deref(),
        (arguments.draws, arguments.shard.unwrap_or(WHOLE)),
        (arguments.threads, arguments.quiet),
    )?;
    if let Some(shard) = arguments.shard {
        if !arguments.quiet {
            let Shard { at, of } = shard;
            output::talk(&format!("part {at} of {of} is in {}", folder.path().display()));
        }
        return Ok(());
    }
    let table = study.read(&folder, arguments.draws).map_err(failure_of)?;
    let recovery = recover(&study, &table, arguments.truths, arguments.fresh).map_err(failure_of_recovery)?;
    let text = || {
        let more = "The whole report: --format markdown, or --format json for programs.";
        format!("{}\n{more}\n", render_recovery(&recovery))
    };
    match arguments.format {
        TableFormat::Markdown => output::print(&render_recovery_page(&recovery, &command(arguments))),
        format => format.print(text, || json!(recovery), || table_of_recoveries(std::slice::from_ref(&recovery))),
    }
}

/// The study of every theory on a scenario.
pub(crate) fn study_of(
    scenario: &str,
    changes: &Changes,
    parameters: &[String],
    (theories, evidence): (&[String], &[PathBuf]),
) -> Result<Study, Failure> {
    let loaded = load_changed(scenario, &changes.assignments())?;
    let evidence = read_evidence(evidence, &loaded)?;
    Ok(study_of_scenario(&loaded, parameters, theories::read(theories)?, evidence)?)
}

/// Simulates the draws that the table's folder lacks.
pub(crate) fn simulate(
    study: &Study,
    table: Option<&Path>,
    (n_draws, shard): (u32, Shard),
    (threads, is_quiet): (usize, bool),
) -> Result<DrawFolder, Failure> {
    let path = table.map_or_else(|| study.usual_folder(), Path::to_path_buf);
    let folder = study.open(&path).map_err(failure_of)?;
    let progress = RunProgress::new(is_quiet);
    let filled = study.fill(&folder, n_draws, shard, threads, &progress);
    progress.finish();
    filled.map_err(failure_of)?;
    Ok(folder)
}

/// Sorts errors by whose they are.
pub(crate) fn failure_of(error: DrawTableError) -> Failure {
    match error {
        DrawTableError::Foreign { .. }
        | DrawTableError::Version(_)
        | DrawTableError::NotAStudy { .. }
        | DrawTableError::Incomplete { .. } => Failure::Input(error.into()),
        error => Failure::Output(error.into()),
    }
}

/// The command that makes the same page, without what doesn't matter to it.
fn command(arguments: &Arguments) -> String {
    let mut command = format!(
        "allegiance recover {} --draws {} --truths {}",
        shell_word(&arguments.scenario),
        arguments.draws,
        arguments.truths
    );
    if arguments.fresh != FRESH {
        command = format!("{command} --fresh {}", arguments.fresh);
    }
    for parameter in &arguments.parameter {
        command = format!("{command} --parameter {}", shell_word(parameter));
    }
    for change in &arguments.set {
        command = format!("{command} --set {}", shell_word(change));
    }
    for evidence in &arguments.evidence {
        command = format!("{command} --evidence {}", shell_word(&evidence.display().to_string()));
    }
    if let Some(seed) = arguments.seed {
        command = format!("{command} --seed {seed}");
    }
    format!("{command} --format markdown")
}
