//! Scenarios built from others' tables: their folder, and what was built as data and in words.

use std::fmt::Write as _;
use std::path::Path;

use allegiance_import::build::{Built, BuiltGroup};
use allegiance_runs::new_folder::{replace_folder, write_new_folder};
use allegiance_show::text::{columns, count, thousands, wrap};
use serde_json::{Value, json};

use crate::TaskError;

/// Width of a line of text.
const WIDTH: usize = 96;
/// Width of the column that says what a group stands for.
const WIDTH_OF_SIDES: usize = 60;

/// Writes the folder of a scenario that was built, in place of an earlier one where `overwrite`
/// says so. The folder appears whole or not at all.
///
/// # Errors
/// [`TaskError::Folder`] where the folder is there already or can't be written.
pub fn write_built(built: &Built, out: &Path, overwrite: bool) -> Result<(), TaskError> {
    let files: Vec<(String, &str)> = built.files.iter().map(|file| (file.name.clone(), file.text.as_str())).collect();
    let written = if overwrite { replace_folder(out, &files) } else { write_new_folder(out, &files) };
    written.map_err(TaskError::Folder)
}

/// What was built, as data.
pub fn built_as_json(built: &Built) -> Value {
    let groups = built.groups.iter().map(|group| {
        json!({
            "group": group.id,
            "name": group.name,
            "kind": group.kind,
            "members": group.members,
            "members_given": group.is_size_given,
            "events": group.n_events,
            "members_killed": group.n_dead,
            "sides": group.sides,
        })
    });
    let assumptions = built.assumptions.iter().map(|assumption| {
        json!({
            "topic": assumption.topic,
            "assumed": assumption.rule,
            "gave": assumption.gave,
            "rows": assumption.n_rows,
            "change": assumption.change,
        })
    });
    json!({
        "id": built.id,
        "files": built.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(),
        "places": built.n_places,
        "population": built.population,
        "events": built.n_events,
        "events_without_a_date": built.n_undated,
        "deaths": built.n_dead,
        "groups": groups.collect::<Vec<_>>(),
        "assumptions": assumptions.collect::<Vec<_>>(),
        "doubts": built.doubts,
        "warnings": built.warnings.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

/// What was built, in words; `groups_setting` is the caller's name of the setting that takes a
/// table of groups.
pub fn render_built(built: &Built, groups_setting: &str) -> String {
    let mut text = format!(
        "{}: {} with {} of both sides and civilians, {} with {} inhabitants, {}\n",
        built.id,
        count(built.n_events, "event"),
        count(built.n_dead as usize, "death"),
        count(built.n_places, "place"),
        thousands(built.population),
        count(built.groups.len(), "group"),
    );
    if built.n_undated > 0 {
        writeln!(text, "{} without a date: their days are drawn within the year", count(built.n_undated, "event"))
            .expect("a string takes any text");
    }
    write!(text, "\n{}\n", columns(&group_rows(&built.groups), "")).expect("a string takes any text");
    if built.groups.iter().any(|group| !group.is_size_given) {
        write!(
            text,
            "JUDGEMENT: UCDP GED tells no sizes. Members marked judgement follow from members killed and\n\
             events by a rule and may be wrong threefold; give what is known with {groups_setting}.\n\n"
        )
        .expect("a string takes any text");
    }
    text.push_str("assumed (all of it, and where to change it: ASSUMPTIONS.md):\n");
    for assumption in &built.assumptions {
        let lines = wrap(&format!("{}: {}", assumption.topic, assumption.gave), WIDTH, "    ");
        text.push_str(lines.strip_prefix("  ").unwrap_or(&lines));
    }
    for doubt in &built.doubts {
        writeln!(text, "warning: {doubt}").expect("a string takes any text");
    }
    for warning in &built.warnings {
        writeln!(text, "{warning}").expect("a string takes any text");
    }
    text
}

/// The groups as rows; long lists of what a group stands for go on in rows of their own.
fn group_rows(groups: &[BuiltGroup]) -> Vec<Vec<String>> {
    let header = ["group", "kind", "members", "", "events", "members killed", "stands for"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for group in groups {
        let sides = wrap(&group.sides.join("; "), WIDTH_OF_SIDES, "");
        let mut cells = vec![
            group.id.clone(),
            group.kind.clone(),
            thousands(u64::from(group.members)),
            if group.is_size_given { "given" } else { "judgement" }.to_owned(),
            thousands(group.n_events as u64),
            thousands(group.n_dead as u64),
        ];
        for line in sides.lines() {
            cells.push(line.to_owned());
            rows.push(std::mem::replace(&mut cells, vec![String::new(); header.len() - 1]));
        }
    }
    rows
}
