//! The table that maps the sides of UCDP GED to groups of a scenario.

use std::collections::BTreeMap;
use std::path::Path;

use super::read::ReadGedError;
use allegiance_scenario::ACTORS;
use allegiance_scenario::csv_table;
use allegiance_scenario::is_id;
use allegiance_scenario::problem::Problems;
use allegiance_scenario::text_file::read_text;

/// Groups by the names of sides; `None` where a side is left out on purpose.
pub type ActorTable = BTreeMap<String, Option<String>>;

/// Reads a CSV table with the columns `actor` and `group`.
///
/// # Errors
/// See [`ReadGedError`].
pub fn read_actors(path: &Path) -> Result<ActorTable, ReadGedError> {
    let text = read_text(path)?.text;
    let mut problems = Problems::default();
    let file_idx = problems.add_file(path.display().to_string());
    let mut actors = ActorTable::new();
    for row in csv_table::read_filled(&text, file_idx, &ACTORS, &mut problems).rows {
        let [actor, group] = row.cells.as_slice() else { continue };
        if actor.is_empty() {
            problems.error(row.spot, "actor", "is empty").allowed("must be the name of a side");
        } else if !group.is_empty() && !is_id(group) {
            problems
                .error(row.spot, "group", format!("is {group:?}"))
                .allowed("must be the identifier of a group (1 to 64 letters, digits, _ or -), or empty to leave the side's events out");
        } else if actors.insert(actor.clone(), (!group.is_empty()).then(|| group.clone())).is_some() {
            problems.error(row.spot, "actor", format!("{actor:?} is there twice")).allowed("must be unique");
        }
    }
    if problems.has_errors() { Err(ReadGedError::Invalid(problems.into_sorted())) } else { Ok(actors) }
}
