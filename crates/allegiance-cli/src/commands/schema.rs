//! `allegiance schema`: the scenario format, for editors and for readers.

use allegiance_scenario::{json_schema, reference_page};
use clap::ValueEnum;

use crate::failure::Failure;
use crate::output;

/// Print the scenario format as a JSON Schema or as a page
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How to print the format
    #[arg(long, value_enum, default_value = "json")]
    format: Format,
}

/// How the format is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    // A JSON Schema of scenario.toml.
    Json,
    // For documents.
    Markdown,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    output::print(&match arguments.format {
        Format::Json => json_schema(),
        Format::Markdown => reference_page(),
    })
}
