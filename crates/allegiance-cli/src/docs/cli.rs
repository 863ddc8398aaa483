//! The page of the command line.

use clap::{Command, CommandFactory as _};

use super::template::fill;
use crate::cli::Cli;

/// The width that help is printed in, whatever the terminal.
const WIDTH: usize = 90;

pub(super) fn page() -> String {
    fill(include_str!("templates/cli.md"), |name, _| (name == "help").then(help_tree))
}

/// The help of every command.
fn help_tree() -> String {
    let mut root = Cli::command().term_width(WIDTH);
    root.build();
    let mut text = String::new();
    describe(&mut root, "allegiance", &mut text);
    text
}

fn describe(command: &mut Command, name: &str, text: &mut String) {
    let help = command.render_long_help().to_string();
    let help: Vec<&str> = help.trim().lines().map(str::trim_end).collect();
    text.push_str(&format!("## `{name}`\n\n```text\n{}\n```\n\n", help.join("\n")));
    for child in command.get_subcommands_mut().filter(|child| child.get_name() != "help") {
        let name = format!("{name} {}", child.get_name());
        describe(child, &name, text);
    }
}
