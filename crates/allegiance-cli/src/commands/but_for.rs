//! `allegiance but-for`: a person and a war without one incident.

use std::path::PathBuf;

use allegiance_model::ids::PersonId;
use allegiance_record::but_for::{ButForInput, TakenOut};
use allegiance_replay::but_for::but_for;
use allegiance_runs::Threads;
use allegiance_show::but_for::render_but_for;
use allegiance_tasks::{ButForQuestion, Chosen, choose_incident, outcomes_of_person, scenario_to_go_on};
use serde_json::json;

use crate::commands::story::open;
use crate::failure::Failure;
use crate::numbers;
use crate::output;
use crate::output::Format;

const EXAMPLES: &str = "\
Examples:
  allegiance but-for runs/base --person 1284
  allegiance but-for runs/base --replicate 3 --person 1284 --incident 17
  allegiance but-for runs/base --person 1284 --exposure 17 --futures 500

allegiance story names the person's incidents. Without --incident and
--exposure, the incident is the one behind the person's first exit, or else the
first that reached him. --exposure keeps the incident and only hides it from
the person. Futures begin on the day of the incident, after it has happened.";

/// Estimate what would have happened, to a person and in the war, without one incident
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The folder of a finished run
    run: PathBuf,
    /// The person, by number
    #[arg(long, value_name = "ID", value_parser = numbers::from(0))]
    person: u32,
    /// The replicate
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::from(0))]
    replicate: u32,
    /// Take out this incident, by number
    #[arg(long, value_name = "ID", conflicts_with = "exposure", value_parser = numbers::from(0))]
    incident: Option<u32>,
    /// Hide this incident from the person only, by number
    #[arg(long, value_name = "ID", value_parser = numbers::from(0))]
    exposure: Option<u32>,
    /// How many futures to draw, each with and without
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = numbers::whole::<u32>(2..=100_000))]
    futures: u32,
    /// An outcome of the war to look at; can be repeated
    #[arg(long, value_name = "NAME")]
    outcome: Vec<String>,
    /// How many threads to use, 0 for one per core; results don't depend on it
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::threads())]
    threads: usize,
    /// How to print the answer
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let run = open(&arguments.run)?;
    let scenario = scenario_to_go_on(&run)?;
    let setup = &scenario.setup;
    let records = run.records(arguments.replicate).map_err(|error| Failure::Input(error.into()))?;
    let question = ButForQuestion {
        person: arguments.person,
        replicate: arguments.replicate,
        incident: arguments.incident,
        exposure: arguments.exposure,
    };
    let Chosen { taken_out, incident } = choose_incident(question, &records)?;
    let outcomes = outcomes_of_person(&arguments.outcome, arguments.person, &records, (&scenario.id, setup))?;
    let input = ButForInput {
        setup,
        replicate: arguments.replicate,
        person: PersonId(arguments.person),
        taken_out,
        incident,
        n_futures: arguments.futures,
        outcomes: &outcomes,
    };
    let found = but_for(&input, &Threads(arguments.threads)).map_err(|error| Failure::Input(error.into()))?;
    match arguments.format {
        Format::Text => output::print_words(&render_but_for(&input, &found)),
        Format::Json => {
            let answer = json!({
                "note": "Simulated person: synthetic, no one real.",
                "replicate": arguments.replicate,
                "person": arguments.person,
                "incident": incident.incident.0,
                "taken_out": if matches!(taken_out, TakenOut::Incident(_)) { "incident" } else { "exposure" },
                "answer": found,
            });
            output::print(&format!("{answer:#}\n"))
        }
    }
}
