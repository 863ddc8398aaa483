//! The summary of a run: what a person wants to read first.
//!
//! [`render_summary`] turns the
//! [`ReplicateSummary`](allegiance_record::ReplicateSummary) of each replicate into plain text of about 100 columns, without colour.

mod allegiance;
mod control;
mod deaths;
mod files;
pub mod text;

pub use control::statements;

use crate::difference::few_note;
use allegiance_record::manifest::{changed_parameters, switched_off};
use allegiance_record::summary::SummaryInput;
use std::fmt::Write as _;
use text::{cut, number, wrap};

/// Width of a chart in characters.
const CHART_WIDTH: usize = 30;

fn group_name(input: &SummaryInput<'_>, group: usize) -> String {
    input.setup.groups.get(group).map_or("-".to_owned(), |group| cut(&group.name, 24))
}

/// The summary as text.
pub fn render_summary(input: &SummaryInput<'_>) -> String {
    let mut text = header(input);
    for section in [
        deaths::deaths_section(input),
        deaths::worst_section(input),
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

fn header(input: &SummaryInput<'_>) -> String {
    let setup = input.setup;
    let n_replicates = input.replicates.len();
    let mut text = format!("{}\n", input.title);
    text.push_str("Simulated: synthetic people in real places; not a forecast.\n");
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
        setup.theory.belief.word(),
        setup.theory.exit.word(),
    );
    let changed: Vec<String> = changed_parameters(setup)
        .into_iter()
        .map(|(path, change)| format!("{path} = {} (default {})", change.value, change.default))
        .collect();
    if !changed.is_empty() {
        text.push_str(&wrap(&format!("Changed: {}", changed.join(", ")), 98, ""));
    }
    let off = switched_off(setup);
    if !off.is_empty() {
        text.push_str(&wrap(&format!("Switched off: {}", off.join(", ")), 98, ""));
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
