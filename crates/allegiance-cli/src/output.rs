//! The only place that prints.

use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use allegiance_record::plain;
use allegiance_report::ResultTable;
use allegiance_scenario::Problem;
use clap::ValueEnum;
use serde_json::Value;

use crate::failure::Failure;

/// How data is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    // For people.
    Text,
    // For programs.
    Json,
}

/// How a table of results is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    // For people.
    Text,
    // For programs.
    Json,
    // For spreadsheets, with full precision.
    Csv,
    // For documents.
    Markdown,
    // For papers, with the package booktabs.
    Latex,
}

impl TableFormat {
    /// Prints results: in words, as JSON or as a table.
    pub(crate) fn print(
        self,
        text: impl FnOnce() -> String,
        json: impl FnOnce() -> Value,
        table: impl FnOnce() -> ResultTable,
    ) -> Result<(), Failure> {
        print(&match self {
            Self::Text => text(),
            Self::Json => format!("{:#}\n", json()),
            Self::Csv => table().csv(),
            Self::Markdown => table().markdown(),
            Self::Latex => table().latex(),
        })
    }
}

/// Prints to standard output what people read, or JSON: characters that steer a
/// terminal are shown as escapes. A reader that has gone away is fine.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    print_as_it_is(&plain(text))
}

/// Prints a table for other programs, whose cells are those of its source.
pub(crate) fn print_as_it_is(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Output(anyhow::Error::new(error).context("can't write to standard output")))
        }
        _ => Ok(()),
    }
}

/// Where a result lies, written now or before.
pub(crate) fn where_it_lies(folder: &Path, was_finished: bool) -> String {
    let folder = folder.display();
    if was_finished {
        format!("{folder} is finished already: the same work, and its files are as they were written")
    } else {
        format!("written to {folder}")
    }
}

/// Says warnings to the user, each on a line.
pub(crate) fn warn(warnings: &[Problem]) {
    for warning in warnings {
        talk(&warning.to_string());
    }
}

/// Says a line to the user on standard error, where anyone listens; characters
/// that steer a terminal are shown as escapes.
pub(crate) fn talk(line: &str) {
    writeln!(io::stderr().lock(), "{}", plain(line)).ok();
}
