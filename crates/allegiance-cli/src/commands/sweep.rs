//! `allegiance sweep`: run every row of a design.

use std::path::{Path, PathBuf};

use allegiance_lab::sweep::{
    Part, Shard, ShardError, SweepError, SweepManifest, SweepOptions, SweepReport, SweepResults, sweep,
};
use allegiance_report::sweep::{render_sweep, table_of_sweep};
use allegiance_scenario::{DesignFile, load_design};
use allegiance_tasks::sweep_input;
use serde_json::json;

use crate::commands::documents::failure_of_load;
use crate::failure::Failure;
use crate::numbers;
use crate::output;
use crate::output::TableFormat;
use crate::progress::PieceProgress;
use crate::text::count;

const EXAMPLES: &str = "\
Examples:
  allegiance sweep design.toml
  allegiance sweep design.toml --resume
  allegiance sweep design.toml --shard 3/8     on each of eight machines
  allegiance sweep design.toml --merge         joins the shards afterwards

docs/howto/sweep.md shows a design file. Rows keep their number and their wars
however they are run: whole, resumed or in shards, the results are the same
bytes. A row that can't be run is kept in failures.parquet with its cause, and
the exit code is 1.";

/// Run every row of a design: values that vary, each with the same replicates
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Arguments {
    /// A design file
    file: PathBuf,
    /// Run only the rows of one of N shards, into a folder of its own
    #[arg(long, value_name = "I/N", value_parser = parse_shard, conflicts_with = "merge")]
    shard: Option<Shard>,
    /// Join the finished shards
    #[arg(long)]
    merge: bool,
    /// How many threads to use, 0 for one per core; results don't depend on it
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::threads())]
    threads: usize,
    /// Where to write the sweep [default: sweeps/ID]
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Replace an older sweep in the folder
    #[arg(long)]
    overwrite: bool,
    /// Continue an unfinished sweep in the folder; a finished one is checked
    #[arg(long, conflicts_with = "overwrite")]
    resume: bool,
    /// How to print the results
    #[arg(long, value_enum, default_value = "text")]
    format: TableFormat,
    /// Print only results and errors
    #[arg(long, short)]
    quiet: bool,
}

/// Reads `I/N`, with I from 1 to N.
pub(crate) fn parse_shard(text: &str) -> Result<Shard, String> {
    let numbers = text.split_once('/').and_then(|(at, of)| Some((at.parse().ok()?, of.parse().ok()?)));
    match numbers {
        Some((at, of)) if (1..=of).contains(&at) => Ok(Shard { at, of }),
        _ => Err("must be I/N with I from 1 to N, such as 1/4".to_owned()),
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let file = load_design(&arguments.file).map_err(failure_of_load)?;
    let part = match (arguments.shard, arguments.merge) {
        (Some(shard), _) => Part::Shard(shard),
        (None, true) => Part::Merge,
        (None, false) => Part::Whole,
    };
    let out = arguments.out.clone().unwrap_or_else(|| default_out(&file));
    let options = options_of(out, part, arguments.threads);
    let options = SweepOptions { overwrite: arguments.overwrite, resume: arguments.resume, ..options };
    let report = run_design(&file, &options, arguments.quiet)?;
    print_report(arguments, &report)
}

/// Where a design's sweep lies.
pub(crate) fn default_out(file: &DesignFile) -> PathBuf {
    Path::new("sweeps").join(&file.id)
}

/// Options for a new sweep.
pub(crate) fn options_of(out: PathBuf, part: Part, threads: usize) -> SweepOptions {
    SweepOptions { out, part, threads, overwrite: false, resume: false, version: env!("CARGO_PKG_VERSION").to_owned() }
}

/// Runs a design file.
pub(crate) fn run_design(file: &DesignFile, options: &SweepOptions, is_quiet: bool) -> Result<SweepReport, Failure> {
    let input = sweep_input(file);
    if !is_quiet {
        output::warn(&file.scenario.warnings);
        output::warn(&file.warnings);
        output::talk(&format!(
            "{}: {} of {}, {} each, on {}",
            file.id,
            count(input.design.n_rows() as usize, "row"),
            count(input.design.factors.len(), "factor"),
            count(input.n_replicates as usize, "replicate"),
            file.scenario.id,
        ));
    }
    let progress = PieceProgress::new(is_quiet, "rows");
    let result = sweep(&input, options, &progress);
    progress.finish();
    result.map_err(failure_of)
}

fn print_report(arguments: &Arguments, report: &SweepReport) -> Result<(), Failure> {
    let manifest = &report.manifest;
    if manifest.shard.is_none() {
        let results = SweepResults::open(&report.folder).map_err(|error| Failure::Output(error.into()))?;
        arguments.format.print(
            || render_sweep(&results),
            || json!({ "folder": report.folder, "design": manifest, "row_means": results.ranges() }),
            || table_of_sweep(&results),
        )?;
    }
    if !arguments.quiet {
        output::talk(&output::where_it_lies(&report.folder, report.was_finished));
        if manifest.shard.is_some() {
            output::talk("join the shards, when all are finished, with --merge");
        }
    }
    complain_of_failures(manifest, &report.folder)
}

/// An error where rows failed, after everything else has been done.
pub(crate) fn complain_of_failures(manifest: &SweepManifest, folder: &Path) -> Result<(), Failure> {
    if manifest.n_failed == 0 {
        return Ok(());
    }
    let file = folder.join(if manifest.shard.is_some() { "rows.jsonl" } else { "failures.parquet" });
    let text = format!(
        "{} of {} failed; {} says why",
        manifest.n_failed,
        count(manifest.n_rows as usize, "row"),
        file.display()
    );
    Err(if manifest.n_bugs > 0 { Failure::Bug(text) } else { Failure::Said(text) })
}

/// Sorts the laboratory's errors by whose they are, and names the options that
/// help.
fn failure_of(error: SweepError) -> Failure {
    if let SweepError::Open(error) = error {
        return error.into();
    }
    let hint = if matches!(error, SweepError::Cancelled { .. }) { "use --resume" } else { "" };
    let is_input = match &error {
        SweepError::Shards(error) => !matches!(error, ShardError::Io(_)),
        _ => false,
    };
    let error = anyhow::Error::new(error);
    let error = if hint.is_empty() { error } else { anyhow::anyhow!("{error:#} ({hint})") };
    if is_input { Failure::Input(error) } else { Failure::Output(error) }
}
