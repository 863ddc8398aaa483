//! The summary of a run: what a person wants to read first.
//!
//! [`render_summary`] turns the
//! [`ReplicateSummary`](allegiance_record::ReplicateSummary) of each replicate into plain text of about 100 columns, without colour.

mod allegiance;
mod control;
mod deaths;
mod files;
mod in_short;
mod replay;

pub use control::statements;
pub use in_short::{Finding, beginning_of, in_short, usual_of};

use crate::difference::few_note;
use crate::setup_differences::setup_differences_in_words;
use crate::text::{number, wrap};
use allegiance_model::setup::OperationsMode;
use allegiance_record::manifest::{changed_parameters, switched_off, switched_on};
use allegiance_record::setup_differences::setup_differences;
use allegiance_record::summary::SummaryInput;
use std::fmt::Write as _;

/// Width of the text in characters; a table is as wide as its names need.
const WIDTH: usize = 98;

/// Width of a chart in characters.
const CHART_WIDTH: usize = 30;

fn group_name(input: &SummaryInput<'_>, group: usize) -> String {
    input.setup.groups.get(group).map_or("-".to_owned(), |group| group.name.clone())
}

/// The summary as text.
pub fn render_summary(input: &SummaryInput<'_>) -> String {
    let mut text = header(input);
    for section in [
        deaths::deaths_section(input),
        deaths::worst_section(input),
        replay::replay_section(input),
        control::control_section(input),
        control::strength_section(input),
        allegiance::moves_section(input),
        allegiance::causes_section(input),
        allegiance::voice_section(input),
        control::statements_section(input),
        files::files_section(input),
    ] {
        if !section.is_empty() {
            text.push('\n');
            text.push_str(&section);
        }
    }
    text
}

/// What isn't as the scenario, or the defaults, would have it.
fn changes(input: &SummaryInput<'_>) -> String {
    let setup = input.setup;
    let mut text = String::new();
    let mut put = |word: &str, parts: &[String], between: &str| {
        if !parts.is_empty() {
            text.push_str(&wrap(&format!("{word}: {}", parts.join(between)), 98, ""));
        }
    };
    let differences = input.unchanged.map_or_else(Vec::new, |before| setup_differences(before, setup));
    put("Changed", &setup_differences_in_words(&differences), "; ");
    let is_changed = |key: &str| differences.iter().any(|difference| difference.key == key);
    let set: Vec<String> = changed_parameters(setup)
        .into_iter()
        .filter(|(path, _)| !is_changed(path))
        .map(|(path, change)| format!("{path} = {} (default {})", change.value, change.default))
        .collect();
    put("Set by the scenario", &set, ", ");
    put("Switched off", &switched_off(setup), ", ");
    put("Switched on", &switched_on(setup), ", ");
    let implausible: Vec<String> = setup.implausible().iter().map(ToString::to_string).collect();
    put("Beyond what is plausible", &implausible, "; ");
    text
}

fn header(input: &SummaryInput<'_>) -> String {
    let setup = input.setup;
    let n_replicates = input.replicates.len();
    let mut text = format!("{}\n", input.title);
    text.push_str(setup.about());
    text.push_str("\n\n");
    text.push_str(&in_short::in_short_section(setup, input.replicates));
    let members: u64 = setup.groups.iter().map(|group| u64::from(group.members)).sum();
    let _ = writeln!(
        text,
        "\n{} to {} ({} days) · {} inhabitants of {} places · {} groups with {} members",
        setup.start,
        setup.start.plus_days(setup.n_days.saturating_sub(1)),
        setup.n_days,
        number(setup.n_inhabitants() as f64, 0),
        number(setup.places.len() as f64, 0),
        setup.groups.len(),
        number(members as f64, 0),
    );
    let _ = writeln!(
        text,
        "Scenario {} · seed {} · belief {} · exit {}",
        input.scenario_id,
        setup.seed,
        setup.belief_theory(),
        setup.exit_theory(),
    );
    text.push_str(&changes(input));
    if setup.mode == OperationsMode::Observed {
        text.push_str(
            "A replay: incidents are those of an event table (mode observed); only allegiance is simulated.\n",
        );
    }
    if n_replicates == 1 {
        text.push_str("One possible history: another replicate of the same world would differ.\n");
    } else {
        let _ = writeln!(text, "{n_replicates} replicates: numbers are medians, with the 90% interval in brackets.");
        if let Some(note) = few_note(n_replicates, "replicate") {
            text.push_str(&wrap(&note, 98, ""));
        }
    }
    text
}
