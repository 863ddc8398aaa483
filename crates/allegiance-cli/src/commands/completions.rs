//! `allegiance completions`: what a shell needs to complete the command line.

use allegiance_scenario::builtin;
use clap::builder::PossibleValuesParser;
use clap::{Command, CommandFactory as _};
use clap_complete::Shell;

use crate::cli::Cli;
use crate::failure::Failure;
use crate::output;

const EXAMPLES: &str = "\
Examples:
  allegiance completions bash > ~/.local/share/bash-completion/completions/allegiance
  allegiance completions zsh > ~/.zfunc/_allegiance
  allegiance completions fish > ~/.config/fish/completions/allegiance.fish

docs/howto/install.md says what else each shell needs.";

/// Print a script that completes commands, options and names in a shell
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut command = Cli::command();
    if completes_files_besides_names(arguments.shell) {
        command = with_builtin_names(command);
    }
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "allegiance", &mut script);
    output::print(&String::from_utf8(script).expect("a completion script is text"))
}

/// Whether a shell still offers files where names are listed. A scenario may be
/// a folder of the user's own, so names alone would be in the way.
fn completes_files_besides_names(shell: Shell) -> bool {
    matches!(shell, Shell::Bash | Shell::Fish)
}

/// The command tree with the names of built-in scenarios and experiments listed
/// where one can be given.
fn with_builtin_names(command: Command) -> Command {
    command.mut_subcommands(|command| {
        let is_experiment = command.get_name() == "experiment";
        command.mut_args(|argument| match (argument.get_id().as_str(), argument.is_positional()) {
            ("scenario" | "a", true) => argument.value_parser(PossibleValuesParser::new(builtin::names())),
            ("file", true) if is_experiment => {
                argument.value_parser(PossibleValuesParser::new(builtin::experiment_names()))
            }
            _ => argument,
        })
    })
}
