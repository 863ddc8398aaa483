//! `allegiance report`: a run as one HTML file.

use std::path::{Path, PathBuf};

use allegiance_lab::experiment::{EXPERIMENT_HEAD, read_experiment};
use allegiance_record::plain;
use allegiance_report::{Compared, ReportFacts, ScenarioText, render_report};
use allegiance_runs::Threads;
use allegiance_runs::disk::{Existing, put_for_user};
use allegiance_runs::{FinishedRun, ReadRunError};
use allegiance_tasks::{scenario_of, setups_of_runs};

use crate::commands::story::open;
use crate::failure::Failure;
use crate::output;
use crate::text::thousands;

const ABOUT: &str = "\
The report is one HTML file that opens from disk without a network, and prints. It
says what was run, what happened, with charts and maps, why people left, and what
the run doesn't support. With a second run of the same places, groups and seed it
shows their paired differences; with an experiment's folder, what it found.

Examples:
  allegiance report runs/base
  allegiance report runs/base runs/rival --out base-and-rival.html";

/// Write a run as one HTML file for people
#[derive(Debug, clap::Args)]
#[command(after_help = ABOUT)]
pub(crate) struct Arguments {
    /// The folder of a finished run
    run: PathBuf,
    /// A second run, or the folder of a finished experiment, to compare with
    #[arg(value_name = "RUN2")]
    second: Option<PathBuf>,
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
        None => beside(&arguments.run)?,
    };
    check_free(&out, arguments.overwrite)?;
    let scenario = scenario_of(&run)?;
    let compared = arguments.second.as_deref().map(|second| compared_with(&run, second)).transpose()?;
    let text = ScenarioText { description: scenario.description.clone(), sources: scenario.sources.clone() };
    let facts = ReportFacts::read(&run, &scenario.setup, text, compared, &Threads(0)).map_err(input)?;
    let page = render_report(&facts);
    write(&out, &page, arguments.overwrite)?;
    if !arguments.quiet {
        output::talk(&format!("written to {} ({} kB)", out.display(), thousands(page.len() as u64 / 1_000)));
    }
    Ok(())
}

fn input(error: impl Into<anyhow::Error>) -> Failure {
    Failure::Input(error.into())
}

/// The file beside a run's folder, which stays as it is.
fn beside(run: &Path) -> Result<PathBuf, Failure> {
    // A folder such as `.` gets its name from where it lies.
    let named = if run.file_name().is_some() { run.to_owned() } else { fs_err::canonicalize(run).map_err(input)? };
    let mut name = named.file_name().unwrap_or_default().to_owned();
    name.push("-report.html");
    Ok(named.with_file_name(name))
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

/// What a second folder gives to compare with.
fn compared_with(run: &FinishedRun, second: &Path) -> Result<Compared, Failure> {
    if second.join(EXPERIMENT_HEAD).is_file() {
        return Ok(Compared::Experiment(Box::new(read_experiment(second).map_err(input)?)));
    }
    let other = match open(second) {
        Err(Failure::Input(error)) if matches!(error.downcast_ref(), Some(ReadRunError::NotARunFolder { .. })) => {
            return Err(input(anyhow::anyhow!(
                "{} is neither a run nor an experiment: it holds no run.json and no {EXPERIMENT_HEAD}",
                second.display()
            )));
        }
        opened => opened?,
    };
    let setups = setups_of_runs(run, &other)?;
    let both = setups.as_ref().map(|[first, second]| [first, second]).map_err(Clone::clone);
    Compared::runs(run, &other, both, &Threads(0)).map_err(input)?.map_err(input)
}

/// Writes the file, which is whole or isn't there.
fn write(out: &Path, page: &str, overwrite: bool) -> Result<(), Failure> {
    // Somebody may have written it meanwhile.
    let existing = if overwrite { Existing::Replace } else { Existing::Refuse };
    put_for_user(out, plain(page).as_bytes(), existing).map_err(|error| Failure::Output(error.into()))
}
