//! `cargo xtask`: makes and checks every generated file of the project.
//!
//! The pages come from the dictionaries, the doc comments of the engine's source, which is
//! read from the disk, and the command line. Snapshots that tests hold are written by their
//! tests, which this calls.

mod pages;
mod rust_source;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, bail};
use clap::Parser;

use crate::pages::{Page, command_line_page, odd_page, pages};

/// Make or check generated files
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Arguments {
    /// Write every generated file that is committed; say which were stale
    Docs {
        /// Write nothing; fail if a file isn't as it would be written
        #[arg(long)]
        check: bool,
    },
    /// Write the description of the model in the form of the ODD protocol
    Odd {
        /// The file to write
        #[arg(long, value_name = "FILE", default_value = "target/odd.md")]
        out: PathBuf,
    },
    /// Write the help of every command on one page
    Cli {
        /// The file to write
        #[arg(long, value_name = "FILE", default_value = "target/cli.md")]
        out: PathBuf,
    },
}

/// A file that a test holds, and writes where it is told to.
struct Held {
    file: &'static str,
    test: &'static str,
}

const HELD: [Held; 2] = [
    Held {
        file: "crates/allegiance-cli/tests/it/help_tree.txt",
        test: "help::the_help_of_every_command_is_the_reference",
    },
    Held { file: "page/src/types/views.ts", test: "the_types_of_the_page_are_fresh" },
];

fn main() -> ExitCode {
    let done = match Arguments::parse() {
        Arguments::Docs { check } => docs(check),
        Arguments::Odd { out } => write_to(&out, &odd_page()),
        Arguments::Cli { out } => write_to(&out, &command_line_page()),
    };
    match done {
        Ok(said) => {
            say(&said);
            ExitCode::SUCCESS
        }
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "the one place that prints")]
fn say(text: &str) {
    eprintln!("{text}");
}

fn write_to(path: &Path, text: &str) -> anyhow::Result<String> {
    if let Some(folder) = path.parent() {
        fs_err::create_dir_all(folder)?;
    }
    fs_err::write(path, text)?;
    Ok(format!("wrote {}", path.display()))
}

/// Writes every generated file, or says which are stale.
fn docs(check: bool) -> anyhow::Result<String> {
    let root = rust_source::root();
    let is_stale = |page: &Page| std::fs::read_to_string(root.join(page.path)).map_or(true, |text| text != page.text);
    let mut stale: Vec<&'static str> = Vec::new();
    for page in pages().into_iter().filter(is_stale) {
        stale.push(page.path);
        if !check {
            write_to(&root.join(page.path), &page.text)?;
        }
    }
    for held in &HELD {
        if !held_is_fresh(held, &root, check)? {
            stale.push(held.file);
        }
    }
    match (stale.is_empty(), check) {
        (true, _) => Ok("every generated file is up to date".to_owned()),
        (false, false) => Ok(format!("wrote {}", stale.join(", "))),
        (false, true) => bail!("stale: {}; write them with: cargo xtask docs", stale.join(", ")),
    }
}

/// Whether a test finds its file as it would write it; where it doesn't and may, it writes.
fn held_is_fresh(held: &Held, root: &Path, check: bool) -> anyhow::Result<bool> {
    let before = std::fs::read(root.join(held.file)).ok();
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // The whole workspace, whose libraries are built with the same features as for the gate's tests.
    command.current_dir(root).args(["test", "--quiet", "--locked", "--profile", "ci", "--workspace"]);
    command.arg(held.test).env_remove("ALLEGIANCE_BLESS");
    if !check {
        command.env("ALLEGIANCE_BLESS", "1");
    }
    let output = command.output().context("can't run cargo")?;
    if check {
        return Ok(output.status.success());
    }
    if !output.status.success() {
        bail!("{} can't be written:\n{}", held.file, String::from_utf8_lossy(&output.stderr));
    }
    Ok(before == std::fs::read(root.join(held.file)).ok())
}

#[cfg(test)]
mod tests {
    use super::{pages, rust_source};

    /// What `cargo xtask docs --check` says of the pages, without its calls of cargo.
    #[test]
    fn the_generated_pages_of_the_repository_are_fresh() {
        let root = rust_source::root();
        for page in pages() {
            let committed = fs_err::read_to_string(root.join(page.path)).unwrap_or_default();
            assert!(committed == page.text, "{} is stale; write it with: cargo xtask docs", page.path);
        }
    }
}
