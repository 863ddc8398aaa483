//! `allegiance scenarios`: the built-in scenarios.

use allegiance_scenario::{Scenario, builtin, load};
use serde_json::json;

use crate::commands::check::facts;
use crate::failure::Failure;
use crate::output;
use crate::output::Format;
use crate::text::columns;

/// List the built-in scenarios
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How to print the list
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let scenarios: Vec<Scenario> =
        builtin::names().map(|name| load(name).expect("a built-in scenario is valid")).collect();
    output::print(&match arguments.format {
        Format::Text => as_text(&scenarios),
        Format::Json => as_json(&scenarios),
    })
}

fn as_text(scenarios: &[Scenario]) -> String {
    let rows: Vec<Vec<String>> = scenarios
        .iter()
        .flat_map(|scenario| [vec![scenario.id.clone(), scenario.title.clone()], vec![String::new(), facts(scenario)]])
        .collect();
    columns(&rows, "")
}

fn as_json(scenarios: &[Scenario]) -> String {
    let list: Vec<serde_json::Value> = scenarios
        .iter()
        .map(|scenario| {
            json!({
                "id": scenario.id,
                "title": scenario.title,
                "description": scenario.description,
                "hash": scenario.hash,
                "n_inhabitants": scenario.setup.n_inhabitants(),
                "n_places": scenario.setup.places.len(),
                "n_groups": scenario.setup.groups.len(),
                "start": scenario.setup.start.to_string(),
                "n_days": scenario.setup.n_days,
            })
        })
        .collect();
    format!("{:#}\n", serde_json::Value::Array(list))
}
