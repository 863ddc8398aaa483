//! `allegiance man`: the manual pages.

use std::path::{Path, PathBuf};

use allegiance_runs::disk::{Existing, make_folder, put_for_user};
use clap::{Command, CommandFactory as _};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::cli::{Cli, VERSION};
use crate::failure::Failure;
use crate::output;
use crate::text::count;

const EXAMPLES: &str = "\
Examples:
  allegiance man --out ~/.local/share/man/man1
  man allegiance-run";

/// Write the manual pages, one for each command
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The folder to write them into
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let out = &arguments.out;
    make_folder(out).map_err(|error| Failure::Output(error.into()))?;
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    let n_pages = write_tree(&root, out).map_err(Failure::Output)?;
    output::print(&format!("wrote {} to {}\n", count(n_pages, "page"), out.display()))
}

/// Writes the page of a command and of all below it; returns how many.
fn write_tree(command: &Command, out: &Path) -> anyhow::Result<usize> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let path = out.join(format!("{name}.1"));
    put_for_user(&path, &page(command)?, Existing::Replace)?;
    let mut n_pages = 1;
    for child in command.get_subcommands() {
        n_pages += write_tree(child, out)?;
    }
    Ok(n_pages)
}

/// The manual page of one command, as roff.
fn page(command: &Command) -> anyhow::Result<Vec<u8>> {
    let man = Man::new(command.clone()).source(format!("allegiance {VERSION}")).manual("Allegiance");
    let mut text = Vec::new();
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    if command.get_arguments().next().is_some() {
        man.render_options_section(&mut text)?;
    }
    if command.has_subcommands() {
        man.render_subcommands_section(&mut text)?;
    }
    if let Some(notes) = command.get_after_help() {
        notes_section(&notes.to_string()).to_writer(&mut text)?;
    }
    Ok(text)
}

/// What stands below the help of a command, with its lines as they are: most of
/// it is examples.
fn notes_section(notes: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["NOTES"]).control("nf", []);
    for line in notes.lines() {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
    roff
}
