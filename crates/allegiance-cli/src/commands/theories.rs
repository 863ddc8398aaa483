//! `allegiance theories`: every theory on the same world and the same draws, and
//! the start of one's own.

use std::path::PathBuf;

use allegiance_lab::theories::{compare_theories, theories_subject};
use allegiance_model::theory::OwnTheory;
use allegiance_report::theories::{render_theories, table_of_theories};
use allegiance_scenario::{builtin, load, load_theory, theory_to_copy};
use allegiance_tasks::distinct_theories;
use clap::Subcommand;

use crate::commands::documents::{check_name, put_start};
use crate::commands::study::Keep;
use crate::failure::Failure;
use crate::numbers;
use crate::output;
use crate::output::TableFormat;

const EXAMPLES: &str = "\
Examples:
  allegiance theories north-syria-2014 --replicates 20
  allegiance theories new mine --from conviction
  allegiance theories one-village --theory mine.toml --theory trust_among_comrades";

/// Run a scenario under every theory with the same seeds, and compare the results
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true, subcommand_precedence_over_arg = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
    /// A built-in scenario, or a folder or file
    #[arg(default_value = "one-village")]
    scenario: String,
    /// Add a theory of exit from a file, or one that comes with the program; can be repeated
    #[arg(long, value_name = "FILE")]
    theory: Vec<String>,
    /// Seeds for each theory
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = numbers::whole::<u32>(1..=30_000))]
    replicates: u32,
    /// How to print the table
    #[arg(long, value_enum, default_value = "text")]
    format: TableFormat,
    #[command(flatten)]
    keep: Keep,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Write the file of a theory to start from
    New {
        /// The theory's name, of letters, digits, _ and -
        name: String,
        /// The theory that comes with the program to start from
        #[arg(long, value_name = "THEORY", default_value = "conviction")]
        from: String,
        /// Where to write it [default: NAME.toml]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if let Some(Action::New { name, from, out }) = &arguments.action {
        return start(name, from, out.clone());
    }
    let scenario = load(&arguments.scenario).map_err(|error| Failure::from_load(&arguments.scenario, error))?;
    output::warn(&scenario.warnings);
    let theories = read(&arguments.theory)?;
    let n = arguments.replicates;
    let subject = theories_subject(&scenario.setup, &theories, &n);
    let finished = arguments.keep.run(
        &subject,
        |replicates| compare_theories(&scenario.setup, &theories, n, replicates),
        |rows| table_of_theories(rows, &scenario.title).told(render_theories(rows, &scenario.title)),
    )?;
    arguments.keep.print(arguments.format, &finished)
}

/// Reads theories, each of a name of its own.
pub(crate) fn read(names: &[String]) -> Result<Vec<OwnTheory>, Failure> {
    let read = |name: &String| load_theory(name).map_err(|error| Failure::from_theory(name, error));
    Ok(distinct_theories(names.iter().map(read).collect::<Result<_, _>>()?)?)
}

/// Writes the file of a theory to start from.
fn start(name: &str, from: &str, out: Option<PathBuf>) -> Result<(), Failure> {
    check_name(name)?;
    let Some(text) = theory_to_copy(from, name) else {
        let names: Vec<&str> = builtin::theory_names().collect();
        return Err(Failure::Input(anyhow::anyhow!(
            "there is no theory {from:?} to start from; theories are {}",
            names.join(", ")
        )));
    };
    let (path, word) = put_start(name, out, &text)?;
    output::talk(&format!("written to {path}; run it with: allegiance run one-village --theory {word}"));
    Ok(())
}
