//! `allegiance outcomes`: what designs and experiments can measure.

use allegiance_record::outcomes::{Outcome, outcome_names};
use allegiance_scenario::load;
use serde_json::json;

use crate::failure::Failure;
use crate::output;
use crate::output::Format;
use crate::text::columns;

/// List the outcomes that designs and experiments can measure
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A built-in scenario, or a folder or file, whose groups are named
    #[arg(default_value = "one-village")]
    scenario: String,
    /// How to print the list
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let scenario = load(&arguments.scenario).map_err(|error| Failure::from_load(&arguments.scenario, error))?;
    let names = outcome_names(&scenario.setup);
    let outcomes: Vec<Outcome> = names.iter().filter_map(|name| Outcome::parse(name, &scenario.setup).ok()).collect();
    let entry = |outcome: &Outcome| [outcome.name.clone(), outcome.unit.to_owned(), outcome.meaning.clone()];
    output::print(&match arguments.format {
        Format::Text => columns(&outcomes.iter().map(|outcome| entry(outcome).to_vec()).collect::<Vec<_>>(), ""),
        Format::Json => {
            let entries = outcomes
                .iter()
                .map(entry)
                .map(|[name, unit, meaning]| json!({ "name": name, "unit": unit, "meaning": meaning }));
            format!("{:#}\n", json!(entries.collect::<Vec<_>>()))
        }
    })
}
