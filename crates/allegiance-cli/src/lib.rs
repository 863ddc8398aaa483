//! The command line of Allegiance: the program is [`run_program`].
//!
//! Data goes to standard output, talk to standard error. No model logic here.

mod cli;
mod commands;
mod failure;
mod ged;
mod numbers;
mod output;
mod progress;
mod text;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use allegiance_model::parameters::ParameterInfo;
use allegiance_runs::parquet_table::is_decoding;
use clap::{CommandFactory as _, FromArgMatches as _};

use crate::cli::{Cli, Command};
use crate::failure::Failure;

/// What the program `allegiance` does with its arguments, and the code that it ends with.
pub fn run_program() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        // A damaged table is told by whoever reads it.
        if !is_decoding() {
            output::talk(&failure::report_of_bug(&panic.to_string()));
        }
    }));
    let Ok(result) = catch_unwind(AssertUnwindSafe(run)) else {
        return ExitCode::from(failure::BUG);
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::talk(&failure.to_string());
            ExitCode::from(failure.code())
        }
    }
}

fn run() -> Result<(), Failure> {
    let parsed = command().try_get_matches().and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches)));
    let cli = match parsed {
        Ok((cli, matches)) => {
            if let Some(note) = numbers::note_on_threads(&matches) {
                output::talk(&note);
            }
            cli
        }
        Err(error) if error.use_stderr() => return Err(Failure::CommandLine(error.to_string())),
        Err(help) => return output::print(&help.to_string()),
    };
    match cli.command {
        None => output::print(cli::SHORT_HELP),
        Some(Command::Run(arguments)) => commands::run::run(&arguments),
        Some(Command::Resume(arguments)) => commands::resume::run(&arguments),
        Some(Command::Verify(arguments)) => commands::verify::run(&arguments),
        Some(Command::Story(arguments)) => commands::story::run(&arguments),
        Some(Command::ButFor(arguments)) => commands::but_for::run(&arguments),
        Some(Command::Explore(arguments)) => commands::explore::run(&arguments),
        Some(Command::Paths(arguments)) => commands::paths::run(&arguments),
        Some(Command::Report(arguments)) => commands::report::run(&arguments),
        Some(Command::Score(arguments)) => commands::score::run(&arguments),
        Some(Command::Data(arguments)) => commands::data::run(&arguments),
        Some(Command::Check(arguments)) => commands::check::run(&arguments),
        Some(Command::Scenarios(arguments)) => commands::scenarios::run(&arguments),
        Some(Command::Compare(arguments)) => commands::compare::run(&arguments),
        Some(Command::Experiment(arguments)) => commands::experiment::run(&arguments),
        Some(Command::Sweep(arguments)) => commands::sweep::run(&arguments),
        Some(Command::Sensitivity(arguments)) => commands::sensitivity::run(&arguments),
        Some(Command::Outcomes(arguments)) => commands::outcomes::run(&arguments),
        Some(Command::DesignSurvey(arguments)) => commands::design_survey::run(&arguments),
        Some(Command::Evidence(arguments)) => commands::evidence::run(&arguments),
        Some(Command::Conformance(arguments)) => commands::conformance::run(&arguments),
        Some(Command::New(arguments)) => commands::new::run(&arguments),
        Some(Command::Theories(arguments)) => commands::theories::run(&arguments),
        Some(Command::Recover(arguments)) => commands::recover::run(&arguments),
        Some(Command::Calibrate(arguments)) => commands::calibrate::run(&arguments),
        Some(Command::Tournament(arguments)) => commands::tournament::run(&arguments),
        Some(Command::Scales(arguments)) => commands::scales::run(&arguments),
        Some(Command::Audit(arguments)) => commands::audit::run(&arguments),
        Some(Command::Parameters(arguments)) => commands::parameters::run(&arguments),
        Some(Command::Schema(arguments)) => commands::schema::run(&arguments),
        Some(Command::Completions(arguments)) => commands::completions::run(&arguments),
        Some(Command::Man(arguments)) => commands::man::run(&arguments),
    }
}

/// The commands with their help, for pages and completions that are made of it.
pub fn command() -> clap::Command {
    everywhere(Cli::command(), &numbers::with_signs)
}

/// A command changed with all that stand below it.
fn everywhere(command: clap::Command, change: &dyn Fn(clap::Command) -> clap::Command) -> clap::Command {
    change(command).mut_subcommands(|inner| everywhere(inner, change))
}

/// Entries of the dictionary as a Markdown table, one row per parameter.
pub fn parameters_as_markdown(chosen: &[&ParameterInfo]) -> String {
    commands::parameters::as_markdown(chosen)
}
