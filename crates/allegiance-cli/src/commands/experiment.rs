//! `allegiance experiment`: arms that differ in named ways, on the same seeds.

use std::path::{Path, PathBuf};

use allegiance_lab::experiment::{ExperimentError, ExperimentResults, Variant, run_experiment_into};
use allegiance_report::experiment::{render_experiment, table_of_experiment};
use allegiance_report::figure_of_experiment;
use allegiance_scenario::load_experiment;
use allegiance_tasks::{Changes, TaskError, build_arm, experiment_of};
use serde_json::json;

use crate::commands::documents::failure_of_load;
use crate::commands::figures::FigureFiles;
use crate::failure::Failure;
use crate::numbers;
use crate::output;
use crate::output::TableFormat;
use crate::progress::PieceProgress;
use crate::text::count;

const EXAMPLES: &str = "\
Examples:
  allegiance experiment thesis
  allegiance experiment my-experiment.toml --resume
  allegiance experiment thesis-north-syria-2014 --out experiments/north

Built-in experiments: thesis, thesis-north-syria-2014. docs/howto/experiment.md
shows a file. An interrupted experiment keeps what is finished for
--resume.";

/// Compare the arms of an experiment, with intervals, under every theory and prior
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// A built-in experiment, or a file
    file: String,
    /// Use another theory of belief or exit in every arm; can be repeated
    #[arg(long, value_name = "WORD")]
    theory: Vec<String>,
    /// How many threads to use, 0 for one per core; results don't depend on it
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::threads())]
    threads: usize,
    /// Where to write the experiment [default: experiments/ID]
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Replace an older experiment in the folder
    #[arg(long)]
    overwrite: bool,
    /// Continue an unfinished experiment in the folder; a finished one is checked
    #[arg(long, conflicts_with = "overwrite")]
    resume: bool,
    /// How to print the results
    #[arg(long, value_enum, default_value = "text")]
    format: TableFormat,
    #[command(flatten)]
    figures: FigureFiles,
    /// Print only results and errors
    #[arg(long, short)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    arguments.figures.check()?;
    let mut file = load_experiment(&arguments.file).map_err(failure_of_load)?;
    let changes = Changes { theories: arguments.theory.clone(), ..Changes::default() };
    let changes = changes.assignments();
    // Where an arm names a theory of the same file name, it must be the same.
    changes.iter().try_for_each(|change| file.scenario.hold_theory_of(change, None)).map_err(TaskError::from)?;
    file.scenario.change(&changes).map_err(TaskError::from)?;
    let build = |arm: usize, variant: &Variant| build_arm(&file, arm, variant);
    let experiment = experiment_of(&file, &build)?;
    if !arguments.quiet {
        output::warn(&file.warnings);
        output::warn(&file.scenario.warnings);
        output::talk(&format!(
            "{}: {} on {}, {} to {} replicates each",
            file.id,
            count(file.arms.len(), "arm"),
            file.scenario.id,
            experiment.precision.min,
            experiment.precision.max,
        ));
    }
    let out = arguments.out.clone().unwrap_or_else(|| Path::new("experiments").join(&file.id));
    let progress = PieceProgress::new(arguments.quiet, "pieces at most");
    let version = env!("CARGO_PKG_VERSION");
    let how = (arguments.overwrite, arguments.resume);
    let result = run_experiment_into(&experiment, &out, how, arguments.threads, version, &progress);
    progress.finish();
    let report = result.map_err(failure_of)?;
    print_results(&report.results, arguments.format)?;
    arguments.figures.draw(|| figure_of_experiment(&report.results))?;
    if !arguments.quiet {
        output::talk(&output::where_it_lies(&report.folder, report.was_finished));
    }
    Ok(())
}

/// Prints the results.
pub(crate) fn print_results(results: &ExperimentResults, format: TableFormat) -> Result<(), Failure> {
    format.print(|| render_experiment(results), || json!(results), || table_of_experiment(results))
}

/// Sorts the laboratory's errors by whose they are, and names the options that
/// help.
pub(crate) fn failure_of(error: ExperimentError) -> Failure {
    if let ExperimentError::Open(error) = error {
        return error.into();
    }
    let is_input = matches!(error, ExperimentError::Arm { .. });
    let error = anyhow::Error::new(error);
    if is_input { Failure::Input(error) } else { Failure::Output(error) }
}
