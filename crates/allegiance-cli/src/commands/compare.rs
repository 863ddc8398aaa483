//! `allegiance compare`: two scenarios on the same seeds.

use std::path::PathBuf;

use allegiance_lab::experiment::{Variant, run_experiment, run_experiment_into};
use allegiance_report::figure_of_experiment;
use allegiance_scenario::load;
use allegiance_tasks::{Changes, Comparison};

use crate::commands::experiment::{failure_of, print_results};
use crate::commands::figures::FigureFiles;
use crate::failure::Failure;
use crate::numbers;
use crate::output;
use crate::output::TableFormat;
use crate::progress::PieceProgress;

const EXAMPLES: &str = "\
Examples:
  allegiance compare one-village --set-b mechanisms.voice=false
  allegiance compare one-village my-village --outcome groups.isis.members_end
  allegiance compare north-syria-2014 --set days=30 --set-b groups.isis.pay_usd_per_month=100 -n 40 --theories

B is A where only --set-b is given. B runs on A's seed, so that both share
their random draws. allegiance outcomes lists what can be compared.";

/// Compare two scenarios on the same seeds, with intervals of the differences
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Arguments {
    /// A built-in scenario, or a folder or file
    a: String,
    /// What it is compared with [default: A]
    b: Option<String>,
    /// Use another theory of belief or exit in both scenarios; can be repeated
    #[arg(long, value_name = "WORD")]
    theory: Vec<String>,
    /// Use another theory of belief or exit in B only; can be repeated
    #[arg(long, value_name = "WORD")]
    theory_b: Vec<String>,
    /// Change a value of both scenarios; can be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Change a value of B only; can be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set_b: Vec<String>,
    /// An outcome to compare; can be repeated
    #[arg(long, value_name = "NAME")]
    outcome: Vec<String>,
    /// Maximum replicates per scenario
    #[arg(long, short = 'n', value_name = "N", default_value_t = 100,
          value_parser = numbers::whole::<u32>(2..=100_000))]
    replicates: u32,
    /// Stop as soon as the interval of the first outcome is this far from its middle
    #[arg(long, value_name = "WIDTH", value_parser = numbers::above_zero())]
    half_width: Option<f64>,
    /// Also report the sign under every theory
    #[arg(long)]
    theories: bool,
    /// Also report the sign in this many draws of all parameters
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::whole::<u32>(0..=100_000))]
    prior_draws: u32,
    /// Also tell what the differences depend on, from this many draws under every theory
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::whole::<u32>(0..=10_000))]
    crossed_draws: u32,
    /// How many threads to use, 0 for one per core; results don't depend on it
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::threads())]
    threads: usize,
    /// Write the results to a folder
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Replace older results in the folder
    #[arg(long, requires = "out")]
    overwrite: bool,
    /// Continue an unfinished comparison in the folder; a finished one is checked
    #[arg(long, requires = "out", conflicts_with = "overwrite")]
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
    let [sets, sets_b] =
        [(&arguments.theory, &arguments.set), (&arguments.theory_b, &arguments.set_b)].map(|(theories, sets)| {
            Changes { theories: theories.clone(), sets: sets.clone(), ..Changes::default() }.assignments()
        });
    if arguments.b.is_none() && sets_b.is_empty() {
        return Err(Failure::Input(anyhow::anyhow!(
            "there is nothing to compare {} with; name a second scenario, or change something with --set-b",
            arguments.a
        )));
    }
    arguments.figures.check()?;
    if arguments.half_width.is_some_and(|width| !(width.is_finite() && width >= 0.0)) {
        return Err(Failure::Input(anyhow::anyhow!("--half-width must be a number of 0 or more")));
    }
    let read = |name: &str| load(name).map_err(|error| Failure::from_load(name, error));
    let a = read(&arguments.a)?;
    let b = match &arguments.b {
        Some(name) => read(name)?,
        None => a.clone(),
    };
    if !arguments.quiet {
        output::warn(&a.warnings);
        if arguments.b.is_some() {
            output::warn(&b.warnings);
        }
    }
    let mut comparison = Comparison::new((a, b), (&sets, &sets_b), &arguments.outcome)?;
    if !arguments.quiet {
        comparison.implausible().iter().for_each(|line| output::talk(line));
    }
    comparison.replicates = arguments.replicates;
    comparison.half_width = arguments.half_width;
    comparison.theories = arguments.theories;
    comparison.prior_draws = arguments.prior_draws;
    comparison.crossed_draws = arguments.crossed_draws;
    let build = |arm: usize, variant: &Variant| comparison.build(arm, variant);
    let experiment = comparison.experiment(&build);
    let progress = PieceProgress::new(arguments.quiet, "pieces at most");
    let result = match &arguments.out {
        None => run_experiment(&experiment, arguments.threads, &progress).map(|results| (None, results)),
        Some(out) => {
            let how = (arguments.overwrite, arguments.resume);
            run_experiment_into(&experiment, out, how, arguments.threads, env!("CARGO_PKG_VERSION"), &progress)
                .map(|report| (Some((report.folder, report.was_finished)), report.results))
        }
    };
    progress.finish();
    let (folder, results) = result.map_err(failure_of)?;
    print_results(&results, arguments.format)?;
    arguments.figures.draw(|| figure_of_experiment(&results))?;
    if let (Some((folder, was_finished)), false) = (folder, arguments.quiet) {
        output::talk(&output::where_it_lies(&folder, was_finished));
    }
    Ok(())
}
