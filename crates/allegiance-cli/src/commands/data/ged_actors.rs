//! `allegiance data ged-actors`: who fights in a file of UCDP GED.

use std::path::PathBuf;

use allegiance_import::ged::{ActorCount, ActorCounts, visit_wanted};
use allegiance_runs::disk::{Existing, put_for_user};

use serde_json::json;

use super::Source;
use crate::failure::Failure;
use crate::ged;
use crate::output;
use crate::text::{columns, count, thousands};

const NEXT: &str = "\
Save the table, give each side its group in your scenario, or none to leave its
events out, and continue with: allegiance data import-ged.";

/// List the armed sides of a UCDP GED file with their events and deaths
#[derive(Debug, clap::Args)]
#[command(after_help = NEXT)]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// Write the list to this new file, in UTF-8, instead of printing it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How to print the list
    #[arg(long, value_enum, default_value = "text")]
    format: ListFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum ListFormat {
    // For people.
    Text,
    // A table to be filled.
    Csv,
    // For programs.
    Json,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let file = &arguments.source.file;
    let mut counts = ActorCounts::default();
    let mut wanted = arguments.source.wanted();
    wanted.asked.takes_years = true;
    let notes = visit_wanted(file, wanted, |row, _| counts.add(&row)).map_err(|error| ged::failure_of(file, error))?;
    ged::tell(file, &notes);
    let counts = counts.sorted(&[]);
    let list = match arguments.format {
        ListFormat::Text => as_text(&counts),
        ListFormat::Csv => ActorCount::template_csv(&counts),
        ListFormat::Json => {
            let sides: Vec<serde_json::Value> = counts.iter().map(as_json).collect();
            format!("{:#}\n", json!({ "actors": sides, "read": notes.notes }))
        }
    };
    match &arguments.out {
        None if arguments.format == ListFormat::Csv => output::print_as_it_is(&list),
        None => output::print(&list),
        Some(out) => {
            put_for_user(out, list.as_bytes(), Existing::Refuse).map_err(|error| Failure::Output(error.into()))?;
            output::print(&format!("{} written to {}\n", count(counts.len(), "armed side"), out.display()))
        }
    }
}

pub(super) fn as_json(side: &ActorCount) -> serde_json::Value {
    json!({ "actor": side.actor, "events": side.n_events, "deaths_in_events": side.n_deaths })
}

fn as_text(counts: &[ActorCount]) -> String {
    let mut rows = vec![["events", "deaths in them", "actor"].map(str::to_owned).to_vec()];
    rows.extend(
        counts.iter().map(|side| vec![thousands(side.n_events as u64), thousands(side.n_deaths), side.actor.clone()]),
    );
    format!(
        "{}; deaths are all who were killed in a side's events, on every side and civilians too\n\n{}",
        count(counts.len(), "armed side"),
        columns(&rows, "")
    )
}
