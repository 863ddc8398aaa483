//! `allegiance paths`: how far people go on the conformance path.

use std::path::PathBuf;

use allegiance_record::{read_paths, shell_word};
use allegiance_report::paths::{paths_as_json, render_paths, table_of_paths};

use crate::commands::story::open;
use crate::failure::Failure;
use crate::output::TableFormat;

const ABOUT: &str = "\
The path: a believer who hears accusations sees, on leave at home, his own group
attack his village and kill his kin; he complains, refuses restitution, and joins a
group that defends the village the same day: the one with most men there, or
another that held at least 5% of its control the evening before. Each row counts
those who passed all rows above it. The interval is Wilson's, at 95%, over replicates.";

/// Count people who go from belief to defection, step by step, over a run's replicates
#[derive(Debug, clap::Args)]
#[command(after_help = ABOUT)]
pub(crate) struct Arguments {
    /// The folder of a finished run
    run: PathBuf,
    /// How to print the result
    #[arg(long, value_enum, default_value = "text")]
    format: TableFormat,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let run = open(&arguments.run)?;
    let table = read_paths(&run).map_err(|error| Failure::Input(error.into()))?;
    arguments.format.print(
        || {
            let next = table.complete.first().map_or_else(String::new, |(replicate, walk)| {
                format!(
                    "\nRead one: allegiance story {} --replicate {replicate} --person {}\n",
                    shell_word(&run.folder().display().to_string()),
                    walk.person.0
                )
            });
            format!("{}{next}", render_paths(&run, &table))
        },
        || paths_as_json(&run, &table),
        || table_of_paths(&run, &table),
    )
}
