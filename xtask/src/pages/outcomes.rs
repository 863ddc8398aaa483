//! The page of outcome measures.

use allegiance_model::case::Case;
use allegiance_record::outcomes::{EXIT_CLASSES, EXIT_MEASURES, GROUP_MEASURES, WAR_MEASURES};

use super::markdown::{code, table};

pub(super) fn page() -> String {
    let war = WAR_MEASURES.iter().map(|measure| row(measure.name, measure.unit, measure.meaning));
    let group =
        GROUP_MEASURES.iter().map(|measure| row(&format!("groups.ID.{}", measure.name), measure.unit, measure.meaning));
    let control = row("places.ID.control.ID", "share", "share of control of a group in a place at the end");
    let attempts = EXIT_MEASURES.iter().map(|measure| {
        vec![code(measure.name), code(&format!("groups.ID.{}", measure.group_name)), measure.meaning.to_owned()]
    });
    let classes =
        EXIT_CLASSES.iter().map(|class| vec![code(&format!("exits.{}", class.name)), class.meaning.to_owned()]);
    let case = case_of(EXAMPLE);
    let patterns = case.patterns.iter();
    let patterns =
        patterns.map(|pattern| row(&format!("patterns.{}", pattern.id), pattern.measure.unit(), &pattern.name));
    let header = ["outcome", "unit", "meaning"];
    format!(
        "# Outcomes\n\nWhat designs, experiments, comparisons and but-for can measure in each replicate, by name; \
         `allegiance outcomes SCENARIO` lists them with the groups of a scenario. An outcome that doesn't exist in a \
         replicate, such as a mean over nobody, is empty there.\n\n## The whole war\n\n{}\n## A group\n\n{}\n\
         ## Exits, and who tries\n\nAn attempt to leave succeeds, or ends in a capture on the way, and a captured leaver may \
         be executed. All are counted in persons, for the whole war or for one group.\n\n{}\nEach can be \
         asked of a class, whose name follows: `captures.foreign`, `groups.ID.exits.home_attacked`. A record keeps no rank \
         of a person.\n\n{}\n## A group in a place\n\n{}\n## Calibration patterns\n\nThose of the scenario's \
         [case](case-format.md), where it names one; in `{EXAMPLE}`:\n\n{}",
        table(&header, war),
        table(&header, group),
        table(&["the whole war", "a group", "meaning"], attempts),
        table(&["class", "members"], classes),
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
