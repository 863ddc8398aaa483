//! `allegiance sensitivity`: what an outcome depends on.

use std::path::PathBuf;

use allegiance_lab::sensitivity::sensitivity;
use allegiance_lab::sweep::{Part, SweepResults, sweep_is_finished};
use allegiance_report::figure_of_sensitivity;
use allegiance_report::sensitivity::{render_sensitivity, table_of_sensitivity};
use allegiance_scenario::load_design;
use allegiance_tasks::sweep_input;
use serde_json::json;

use crate::commands::documents::failure_of_load;
use crate::commands::figures::FigureFiles;
use crate::commands::sweep::{complain_of_failures, default_out, options_of, run_design};
use crate::failure::Failure;
use crate::numbers;
use crate::output::TableFormat;

const EXAMPLES: &str = "\
Examples:
  allegiance sensitivity design.toml
  allegiance sensitivity sweeps/what-matters

A design with the sampler saltelli gives Sobol's indices, one with morris gives
elementary effects. A design that hasn't been swept yet is swept first; an
interrupted sweep continues where it stopped.";

/// Show which factors of a design an outcome depends on, with intervals
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// A design file, or the folder of a finished sweep
    file: PathBuf,
    /// How many threads to use, 0 for one per core; results don't depend on it
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::threads())]
    threads: usize,
    /// Where the sweep lies, or is to be written [default: sweeps/ID]
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
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
    let folder = if arguments.file.is_dir() { arguments.file.clone() } else { swept(arguments)? };
    let results = SweepResults::open(&folder).map_err(|error| Failure::Input(error.into()))?;
    let found = sensitivity(&results).map_err(|error| Failure::Input(error.into()))?;
    arguments.format.print(|| render_sensitivity(&found), || json!(found), || table_of_sensitivity(&found))?;
    arguments.figures.draw(|| figure_of_sensitivity(&found))?;
    complain_of_failures(&results.manifest, &folder)
}

/// The folder of the design's sweep, which is run where it isn't finished.
fn swept(arguments: &Arguments) -> Result<PathBuf, Failure> {
    let file = load_design(&arguments.file).map_err(failure_of_load)?;
    if !file.design.sampler.tells_sensitivity() {
        return Err(Failure::Input(anyhow::anyhow!(
            "{}: sensitivity needs the sampler saltelli (Sobol's indices) or morris (elementary effects)",
            arguments.file.display()
        )));
    }
    let out = arguments.out.clone().unwrap_or_else(|| default_out(&file));
    let mut options = options_of(out, Part::Whole, arguments.threads);
    options.resume = true;
    if let Some(folder) = sweep_is_finished(&options.out, &sweep_input(&file), &options.version) {
        return Ok(folder);
    }
    Ok(run_design(&file, &options, arguments.quiet)?.folder)
}
