//! `allegiance report`: a run as one HTML file.

use std::path::{Path, PathBuf};

use allegiance_runs::Threads;
use allegiance_runs::disk::{Existing, put_for_user};
use allegiance_tasks::{report_page, usual_report};

use crate::commands::story::open;
use crate::failure::Failure;
use crate::output;
use crate::text::thousands;

const ABOUT: &str = "\
The report is one HTML file that opens from disk without a network, and prints. It
says what was run, what happened, with charts and maps, why people left, and what
the run doesn't support. With other runs of the same places, groups and seed it
shows their paired differences; with experiments' folders, what they found.

Examples:
  allegiance report runs/base
  allegiance report runs/base runs/rival --out base-and-rival.html
  allegiance report runs/base runs/rival runs/less-pay experiments/thesis";

/// Write a run as one HTML file for people
#[derive(Debug, clap::Args)]
#[command(after_help = ABOUT)]
pub(crate) struct Arguments {
    /// The folder of a finished run
    run: PathBuf,
    /// Other runs, or folders of finished experiments, to compare with
    #[arg(value_name = "OTHER")]
    others: Vec<PathBuf>,
    /// Where to write the report [default: RUN-report.html, next to the run]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace an older file
    #[arg(long)]
    overwrite: bool,
    /// Print only errors
    #[arg(long, short)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let run = open(&arguments.run)?;
    let out = match &arguments.out {
        Some(out) => out.clone(),
        None => usual_report(&arguments.run)?,
    };
    check_free(&out, arguments.overwrite)?;
    let page = report_page(&run, &arguments.others, &Threads(0))?;
    // Somebody may have written it meanwhile.
    let existing = if arguments.overwrite { Existing::Replace } else { Existing::Refuse };
    put_for_user(&out, page.as_bytes(), existing).map_err(|error| Failure::Output(error.into()))?;
    if !arguments.quiet {
        output::talk(&format!("written to {} ({} kB)", out.display(), thousands(page.len() as u64 / 1_000)));
    }
    Ok(())
}

fn check_free(out: &Path, overwrite: bool) -> Result<(), Failure> {
    if out.is_dir() {
        return Err(Failure::Output(anyhow::anyhow!("{} is a folder; name a file with --out", out.display())));
    }
    if !overwrite && out.exists() {
        let problem = format!("{} exists already (use --out or --overwrite)", out.display());
        return Err(Failure::Output(anyhow::Error::msg(problem)));
    }
    Ok(())
}
