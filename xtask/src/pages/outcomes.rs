//! The page of outcome measures.

use allegiance_model::case::Case;
use allegiance_record::outcomes::{GROUP_MEASURES, WAR_MEASURES};

use super::markdown::{code, table};

pub(super) fn page() -> String {
    let war = WAR_MEASURES.iter().map(|measure| row(measure.name, measure.unit, measure.meaning));
    let group =
        GROUP_MEASURES.iter().map(|measure| row(&format!("groups.ID.{}", measure.name), measure.unit, measure.meaning));
    let control = row("places.ID.control.ID", "share", "share of control of a group in a place at the end");
    let case = case_of(EXAMPLE);
    let patterns = case.patterns.iter();
    let patterns =
        patterns.map(|pattern| row(&format!("patterns.{}", pattern.id), pattern.measure.unit(), &pattern.name));
    let header = ["outcome", "unit", "meaning"];
    format!(
        "# Outcomes\n\nWhat designs, experiments, comparisons and but-for can measure in each replicate, by name; \
         `allegiance outcomes SCENARIO` lists them with the groups of a scenario. An outcome that doesn't exist in a \
         replicate, such as a mean over nobody, is empty there.\n\n## The whole war\n\n{}\n## A group\n\n{}\n\
         ## A group in a place\n\n{}\n## Calibration patterns\n\nThose of the scenario's [case](case-format.md), \
         where it names one; in `{EXAMPLE}`:\n\n{}",
        table(&header, war),
        table(&header, group),
        table(&header, std::iter::once(control)),
        table(&header, patterns),
    )
}

/// The scenario whose patterns are listed.
const EXAMPLE: &str = "north-syria-2014";

/// The case of a built-in scenario.
pub(super) fn case_of(scenario: &str) -> Case {
    let scenario = allegiance_scenario::load(scenario).expect("a built-in scenario is valid");
    scenario.setup.case.expect("the scenario names a case")
}

fn row(name: &str, unit: &str, meaning: &str) -> Vec<String> {
    vec![code(name), unit.to_owned(), meaning.to_owned()]
}
