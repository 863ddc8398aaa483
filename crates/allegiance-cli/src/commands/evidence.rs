//! `allegiance evidence`: what is known of a war's people and groups, in aggregates.

use std::path::{Path, PathBuf};

use allegiance_lab::evidence::put_to_wars;
use allegiance_model::interviews::{QUESTIONS, Question};
use allegiance_record::evidence::usual_error;
use allegiance_report::evidence::{render_evidence, table_of_evidence};
use allegiance_scenario::{EvidenceFile, evidence_to_fill_in, load};
use allegiance_tasks::evidence_of;
use clap::Subcommand;
use serde_json::json;

use crate::commands::documents::{check_name, put_start};
use crate::failure::Failure;
use crate::numbers;
use crate::output;
use crate::output::{Format, TableFormat};
use crate::text::{columns, count};

const EXAMPLES: &str = "\
Examples:
  allegiance evidence new my-survey --scenario one-village
  allegiance evidence check my-survey.toml
  allegiance evidence show my-survey.toml --replicates 100
  allegiance evidence questions

Evidence is counts, shares and means. Rows about persons aren't read.";

/// Start, check or show evidence of people and groups
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Write a file to fill in: a survey of ten questions, a count and a map
    New {
        /// Its name, of letters, digits, _ and -
        name: String,
        /// The war that it is about: a built-in scenario, or a folder or file
        #[arg(long, value_name = "SCENARIO", default_value = "one-village")]
        scenario: String,
        /// Where to write it [default: NAME.toml]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Check a file and list every problem at once
    Check {
        /// The file
        file: PathBuf,
    },
    /// Show what a file says, beside what simulated wars give
    Show {
        /// The file
        file: PathBuf,
        /// Wars of the scenario to put it to
        #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::whole::<u32>(0..=10_000))]
        replicates: u32,
        /// How many threads to use, 0 for one per core; results don't depend on it
        #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::threads())]
        threads: usize,
        /// How to print it
        #[arg(long, value_enum, default_value = "text")]
        format: TableFormat,
    },
    /// List what people can be asked
    Questions {
        /// How to print the list
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.action {
        Action::New { name, scenario, out } => start(name, scenario, out.clone()),
        Action::Check { file } => check(file),
        Action::Show { file, replicates, threads, format } => show(file, *replicates, *threads, *format),
        Action::Questions { format } => questions(*format),
    }
}

fn start(name: &str, scenario: &str, out: Option<PathBuf>) -> Result<(), Failure> {
    check_name(name)?;
    let loaded = load(scenario).map_err(|error| Failure::from_load(scenario, error))?;
    let (path, word) = put_start(name, out, &evidence_to_fill_in(&loaded, name, scenario))?;
    output::talk(&format!("written to {path}; fill in what was found, then: allegiance evidence check {word}"));
    Ok(())
}

fn check(file: &Path) -> Result<(), Failure> {
    let EvidenceFile { evidence, scenario, warnings } = evidence_of(file)?;
    output::warn(&warnings);
    let kind = if evidence.is_found() { "evidence" } else { "a plan, with nothing found yet," };
    output::print(&format!(
        "{} is valid: {kind} about {}, {} of {}\n",
        evidence.id,
        scenario.id,
        count(evidence.items.len(), "thing"),
        count(evidence.samples.len(), "sample"),
    ))
}

fn show(file: &Path, n_replicates: u32, threads: usize, format: TableFormat) -> Result<(), Failure> {
    let EvidenceFile { evidence, scenario, warnings } = evidence_of(file)?;
    output::warn(&warnings);
    let rows = put_to_wars(&scenario.setup, &evidence, n_replicates, threads)?;
    let wars = (scenario.id.as_str(), n_replicates);
    format.print(
        || render_evidence(&evidence, &rows, wars),
        || json!({ "id": evidence.id, "scenario": scenario.id, "replicates": n_replicates, "items": rows }),
        || table_of_evidence(&evidence, &rows, wars),
    )
}

fn questions(format: Format) -> Result<(), Failure> {
    output::print(&match format {
        Format::Text => {
            let row = |question: &Question| {
                let kind = if question.is_reason { "reason" } else { question.scale.word() };
                vec![question.id.to_owned(), kind.to_owned(), question.wording.to_owned()]
            };
            columns(&QUESTIONS.iter().map(row).collect::<Vec<_>>(), "")
        }
        Format::Json => {
            let entry = |question: &Question| {
                json!({
                    "id": question.id,
                    "wording": question.wording,
                    "meaning": question.meaning,
                    "scale": question.scale.word(),
                    "unit": question.unit,
                    "is_reason": question.is_reason,
                    "usual_error": usual_error(question),
                })
            };
            format!("{:#}\n", json!(QUESTIONS.iter().map(entry).collect::<Vec<_>>()))
        }
    })
}
