//! `allegiance parameters`: the dictionary of parameters.

use std::fmt::Write as _;

use allegiance_model::parameters::{ParameterInfo, ParameterSet as _, Parameters};
use allegiance_record::ObservationParameters;
use allegiance_record::dictionary::ParameterEntry;
use clap::ValueEnum;
use serde_json::json;

use crate::commands::theories;
use crate::failure::Failure;
use crate::output;
use crate::text::{columns, count};

/// List the parameters of the model, with defaults, ranges and sources
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only parameters whose full name contains this
    filter: Option<String>,
    /// Also those of a theory of exit from a file, or of one that comes with the program; can be repeated
    #[arg(long, value_name = "FILE")]
    theory: Vec<String>,
    /// How to print the list
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// How the dictionary is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    // For people.
    Text,
    // For programs.
    Json,
    // For documents.
    Markdown,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let filter = arguments.filter.as_deref().unwrap_or_default();
    let theories = theories::read(&arguments.theory)?;
    let own = theories.iter().flat_map(|theory| &theory.parameters).map(|parameter| parameter.info);
    let chosen: Vec<&ParameterInfo> = Parameters::dictionary()
        .chain(ObservationParameters::INFO)
        .chain(own)
        .filter(|info| info.path().contains(filter))
        .collect();
    if chosen.is_empty() {
        return Err(Failure::Input(anyhow::anyhow!(
            "no parameter has {filter:?} in its name; list all with: allegiance parameters"
        )));
    }
    output::print(&match arguments.format {
        Format::Text => as_text(&chosen),
        Format::Json => as_json(&chosen),
        Format::Markdown => as_markdown(&chosen),
    })
}

fn accepted(info: &ParameterInfo) -> String {
    let (low, high) = info.allowed();
    format!("{low} to {high}")
}

/// One block per mechanism, one parameter per line and its meaning below it.
fn as_text(chosen: &[&ParameterInfo]) -> String {
    let mut text = String::new();
    for of_mechanism in chosen.chunk_by(|a, b| a.mechanism == b.mechanism) {
        let rows: Vec<Vec<String>> = of_mechanism
            .iter()
            .map(|info| {
                let default = format!("{} ({})", info.default, info.prior());
                vec![info.path(), default, info.unit.to_owned(), info.tag.word().to_owned()]
            })
            .collect();
        if !text.is_empty() {
            text.push('\n');
        }
        for (line, info) in columns(&rows, "").lines().zip(of_mechanism) {
            writeln!(text, "{line}\n    {}", info.meaning.trim()).expect("a string takes any text");
        }
    }
    if chosen.len() == Parameters::dictionary().count() + ObservationParameters::INFO.len() {
        let (n_engine, n_observation) = (Parameters::dictionary().count(), ObservationParameters::INFO.len());
        writeln!(
            text,
            "\n{}: {n_engine} of the engine, {n_observation} of the observation model",
            count(chosen.len(), "parameter"),
        )
        .expect("a string takes any text");
    }
    text
}

fn as_json(chosen: &[&ParameterInfo]) -> String {
    let entry = |info: &&ParameterInfo| {
        let mut entry = json!(ParameterEntry::of(info));
        entry["parameter"] = json!(info.path());
        entry
    };
    let list = chosen.iter().map(entry).collect();
    format!("{:#}\n", serde_json::Value::Array(list))
}

/// A Markdown table, one parameter per row.
pub(crate) fn as_markdown(chosen: &[&ParameterInfo]) -> String {
    let header = ["parameter", "symbol", "meaning", "unit", "default", "range", "accepts", "tag", "source"];
    let row = |info: &&ParameterInfo| {
        vec![
            format!("`{}`", info.path()),
            info.symbol.to_owned(),
            info.meaning.trim().to_owned(),
            info.unit.to_owned(),
            info.default.to_string(),
            info.prior(),
            accepted(info),
            info.tag.word().to_owned(),
            info.source.to_owned(),
        ]
    };
    crate::text::markdown_table(&header, chosen.iter().map(row))
}
