//! The page of the command line.

use std::fmt::Write as _;

use clap::Command;

use super::template::fill;

/// The width that help is printed in, whatever the terminal.
const WIDTH: usize = 90;

pub(super) fn page() -> String {
    fill(include_str!("../../templates/cli.md"), |name, _| (name == "help").then(help_tree))
}

/// The help of every command.
fn help_tree() -> String {
    let mut root = allegiance_cli::command().term_width(WIDTH);
    root.build();
    let mut text = String::new();
    describe(&mut root, "allegiance", &mut text);
    text
}

fn describe(command: &mut Command, name: &str, text: &mut String) {
    let help = if has_long_help(command) { command.render_long_help() } else { command.render_help() }.to_string();
    let help: Vec<&str> = help.trim().lines().map(str::trim_end).collect();
    writeln!(text, "## `{name}`\n\n```text\n{}\n```\n", help.join("\n")).expect("a string takes any text");
    for child in command.get_subcommands_mut().filter(|child| child.get_name() != "help") {
        let name = format!("{name} {}", child.get_name());
        describe(child, &name, text);
    }
}

/// Whether `--help` says more than `-h`, as clap decides it.
fn has_long_help(command: &Command) -> bool {
    let has_long_values = |arg: &clap::Arg| {
        let described = arg.get_possible_values().into_iter().any(|value| value.get_help().is_some());
        described && !arg.is_hide_possible_values_set()
    };
    command.get_long_about().is_some()
        || command.get_before_long_help().is_some()
        || command.get_after_long_help().is_some()
        || command.get_arguments().any(|arg| arg.get_long_help().is_some() || has_long_values(arg))
}
