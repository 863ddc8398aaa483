//! The page of outcome measures.

use allegiance_record::outcomes::{GROUP_MEASURES, WAR_MEASURES};
use allegiance_record::patterns::PATTERNS;

use super::markdown::{code, table};

pub(super) fn page() -> String {
    let war = WAR_MEASURES.iter().map(|measure| row(measure.name, measure.unit, measure.meaning));
    let group =
        GROUP_MEASURES.iter().map(|measure| row(&format!("groups.ID.{}", measure.name), measure.unit, measure.meaning));
    let control = row("places.ID.control.ID", "share", "share of control of a group in a place at the end");
    let patterns = PATTERNS.iter().map(|pattern| row(&format!("patterns.{}", pattern.id), "1", pattern.name));
    let header = ["outcome", "unit", "meaning"];
    format!(
        "# Outcomes\n\nWhat designs, experiments, comparisons and but-for can measure in each replicate, by name; \
         `allegiance outcomes SCENARIO` lists them with the groups of a scenario. An outcome that doesn't exist in a \
         replicate, such as a mean over nobody, is empty there.\n\n## The whole war\n\n{}\n## A group\n\n{}\n\
         ## A group in a place\n\n{}\n## Calibration patterns\n\nThey exist only in scenarios of the reference case that \
         run long enough.\n\n{}",
        table(&header, war),
        table(&header, group),
        table(&header, std::iter::once(control)),
        table(&header, patterns),
    )
}

fn row(name: &str, unit: &str, meaning: &str) -> Vec<String> {
    vec![code(name), unit.to_owned(), meaning.to_owned()]
}
