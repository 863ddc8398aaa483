//! `allegiance resume`: resume an interrupted run.

use std::path::{Path, PathBuf};

use allegiance_record::manifest::FORMAT_VERSION;
use allegiance_runs::foreign_version::check_version;
use allegiance_runs::partial_folder::tidy;
use allegiance_runs::sums::changed_files;
use allegiance_runs::{OpenFolderError, Request, RunOptions};
use allegiance_tasks::load_changed;

use crate::commands::run::{Printed, signed, simulate};
use crate::failure::Failure;
use crate::numbers;
use crate::output;

const ABOUT: &str = "\
Finished replicates are kept. A replicate in progress continues from its
last checkpoint if the run was started with --checkpoint-every, and starts again
otherwise. The run ends with the same tables as one that was never stopped. Of a
run that is finished already, nothing but its files are checked.

Examples:
  allegiance run syria --checkpoint-every 30 --out runs/long
  allegiance resume runs/long";

/// Resume an interrupted run
#[derive(Debug, clap::Args)]
#[command(after_help = ABOUT)]
pub(crate) struct Arguments {
    /// The folder that the run was to be written to
    run: PathBuf,
    /// How many threads to use, 0 for one per core; results don't depend on it
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::threads())]
    threads: usize,
    /// Print only results and errors
    #[arg(long, short)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let out = without_partial(&arguments.run);
    let partial = partial_of(&out);
    let Some(request) = read_request(&out, &partial)? else { return report_finished(&out, arguments.quiet) };
    let scenario = partial.join("scenario");
    let scenario = load_changed(&scenario.display().to_string(), &request.changes)?;
    let options = signed(RunOptions {
        replicates: request.replicates,
        threads: arguments.threads,
        resume: true,
        checkpoint_every: request.checkpoint_every,
        tables: request.tables,
        changes: request.changes,
        ..RunOptions::new(out)
    });
    simulate(scenario, &options, arguments.quiet, Printed::Whole)
}

/// The folder's name at the end, where the one in progress was given.
fn without_partial(given: &Path) -> PathBuf {
    let name = given.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match name.strip_suffix(PARTIAL) {
        Some(name) if !name.is_empty() => given.with_file_name(name),
        _ => given.to_owned(),
    }
}

/// What the name of a run in progress ends in.
const PARTIAL: &str = ".partial";

fn partial_of(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(PARTIAL);
    out.with_file_name(name)
}

/// Prints the summary of a run that is finished already, if its files are as they were written.
fn report_finished(out: &Path, is_quiet: bool) -> Result<(), Failure> {
    // Stopped in the very last moment, it may hold what served on the way.
    tidy(out).ok();
    let changed = changed_files(out).map_err(|error| Failure::Input(error.into()))?;
    let changed = changed.ok_or_else(|| OpenFolderError::Unsummed { path: out.to_owned() })?;
    if let Some(source) = changed.into_iter().next() {
        return Err(OpenFolderError::Changed { path: out.to_owned(), source }.into());
    }
    let summary = fs_err::read_to_string(out.join("summary.txt")).map_err(|error| Failure::Input(error.into()))?;
    output::print_words(&summary)?;
    if !is_quiet {
        output::talk(&output::where_it_lies(out, true));
    }
    Ok(())
}

/// How the run was asked for; none where it is finished already.
fn read_request(out: &Path, partial: &Path) -> Result<Option<Request>, Failure> {
    let path = partial.join("resume.json");
    let has_identity = partial.join("partial.json").exists();
    let nothing_kept = || {
        anyhow::anyhow!(
            "the run in {} was stopped before anything was kept; start it again as it was started",
            partial.display()
        )
    };
    // Without its identity nothing tells that it may replace what is there.
    if partial.is_dir() && !has_identity && out.exists() {
        return Err(Failure::Input(nothing_kept()));
    }
    if !partial.is_dir() && out.join("run.json").is_file() {
        return Ok(None);
    }
    let text = fs_err::read_to_string(&path).map_err(|error| {
        Failure::Input(if partial.is_dir() && !has_identity {
            nothing_kept()
        } else if partial.is_dir() {
            anyhow::Error::new(error).context("this run can't be resumed; start it again with --overwrite")
        } else {
            anyhow::anyhow!(
                "there is no unfinished run at {}; one that was stopped is in a folder whose name ends in {PARTIAL}",
                partial.display()
            )
        })
    })?;
    // The layout of another version is told apart from damage.
    let identity = partial.join("partial.json");
    if let Ok(text) = fs_err::read_to_string(&identity) {
        check_version(&identity, &text, FORMAT_VERSION).map_err(|error| Failure::Input(error.into()))?;
    }
    serde_json::from_str(&text).map(Some).map_err(|error| {
        Failure::Input(anyhow::anyhow!("{} is damaged: {error}; start the run again with --overwrite", path.display()))
    })
}
