//! `allegiance check`: every problem of a scenario at once.

use allegiance_scenario::{LoadScenarioError, Problem, Scenario, Severity, load};
use allegiance_tasks::{Changes, TaskError};
use serde_json::json;

use crate::failure::Failure;
use crate::output;
use crate::output::Format;
use crate::text::{count, thousands};

/// Check a scenario and list every problem at once
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A built-in scenario, or a folder or file
    scenario: String,
    /// Check a theory of belief or exit with it, such as a file; can be repeated
    #[arg(long, value_name = "WORD")]
    theory: Vec<String>,
    /// How to print the result
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (scenario, problems) = match load(&arguments.scenario) {
        Ok(mut scenario) => {
            let changes = Changes { theories: arguments.theory.clone(), ..Changes::default() };
            scenario.change(&changes.assignments()).map_err(TaskError::from)?;
            let warnings = std::mem::take(&mut scenario.warnings);
            (Some(scenario), warnings)
        }
        Err(LoadScenarioError::Invalid(problems)) => (None, problems),
        Err(error) => return Err(Failure::from_load(&arguments.scenario, error)),
    };
    output::print(&match arguments.format {
        Format::Text => as_text(scenario.as_ref(), &problems),
        Format::Json => as_json(scenario.as_ref(), &problems),
    })?;
    if scenario.is_some() {
        return Ok(());
    }
    let n_errors = problems.iter().filter(|problem| problem.is_error()).count();
    Err(Failure::Said(format!("the scenario has {}", count(n_errors, "problem"))))
}

fn as_text(scenario: Option<&Scenario>, problems: &[Problem]) -> String {
    let mut lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
    lines.extend(scenario.map(|scenario| format!("{} is valid: {}", scenario.id, facts(scenario))));
    lines.join("\n") + "\n"
}

/// The size of a scenario in a line.
pub(crate) fn facts(scenario: &Scenario) -> String {
    let setup = &scenario.setup;
    format!(
        "{} inhabitants in {}, {}, {} from {}",
        thousands(setup.n_inhabitants()),
        count(setup.places.len(), "place"),
        count(setup.groups.len(), "group"),
        count(setup.n_days as usize, "day"),
        setup.start,
    )
}

fn as_json(scenario: Option<&Scenario>, problems: &[Problem]) -> String {
    let problems: Vec<serde_json::Value> = problems.iter().map(problem_as_json).collect();
    let value = json!({
        "valid": scenario.is_some(),
        "id": scenario.map(|scenario| &scenario.id),
        "hash": scenario.map(|scenario| &scenario.hash),
        "problems": problems,
    });
    format!("{value:#}\n")
}

fn problem_as_json(problem: &Problem) -> serde_json::Value {
    json!({
        "severity": match problem.severity { Severity::Error => "error", Severity::Warning => "warning" },
        "file": problem.file,
        "line": problem.line,
        "key": problem.key,
        "found": problem.found,
        "allowed": problem.allowed,
        "hint": problem.hint,
        "message": problem.to_string(),
    })
}
