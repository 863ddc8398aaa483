//! The summary of a run: what a person wants to read first.
//!
//! [`ReplicateSummary`] is taken once from each record; [`render_summary`]
//! turns those of a run into plain text of about 100 columns, without colour.

mod allegiance;
mod control;
mod deaths;
mod files;
mod replicate;
pub mod text;

pub(crate) use control::statements;
pub use replicate::{GovernorateControl, GroupOutcome, ReplicateSummary, Switch, Tally};

use crate::output::manifest::{changed_parameters, switched_off};
use crate::setup_differences::{setup_differences, setup_differences_in_words};
use allegiance_model::setup::Setup;
use std::fmt::Write as _;
use std::path::Path;
use text::{cut, number, wrap};

/// Width of a chart in characters.
const CHART_WIDTH: usize = 30;

/// What a summary is made from.
#[derive(Debug, Clone, Copy)]
pub struct SummaryInput<'a> {
    /// Title of the scenario.
    pub title: &'a str,
    /// Identifier of the scenario.
    pub scenario_id: &'a str,
    /// What the engine was given.
    pub setup: &'a Setup,
    /// What it would have been given without the changes of the user; none
    /// where there are none.
    pub unchanged: Option<&'a Setup>,
    /// The replicates, in their order.
    pub replicates: &'a [ReplicateSummary],
    /// Where the run lies when it is finished; none for a run without a folder.
    pub folder: Option<&'a Path>,
}

impl SummaryInput<'_> {
    /// A count of each replicate.
    fn each<'s>(&'s self, value: impl Fn(&ReplicateSummary) -> u32 + 's) -> impl Iterator<Item = f64> + 's {
        self.replicates.iter().map(move |replicate| f64::from(value(replicate)))
    }

    fn group_name(&self, group: usize) -> String {
        self.setup.groups.get(group).map_or("-".to_owned(), |group| cut(&group.name, 24))
    }
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
    let implausible: Vec<String> = setup.implausible().iter().map(ToString::to_string).collect();
    put("Beyond what is plausible", &implausible, "; ");
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
    text.push_str(&changes(input));
    if n_replicates == 1 {
        text.push_str("One possible history: another replicate of the same world would differ.\n");
    } else {
        let _ = writeln!(text, "{n_replicates} replicates: numbers are medians, with the 90% interval in brackets.");
    }
    text
}
