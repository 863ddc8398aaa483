//! The general code serves every war and names none: the wars that are shipped
//! stand in the scenarios, and what ties a result to one of them in its case.

use std::path::Path;

use crate::repository::root;

/// How words begin that belong to one war.
const OF_ONE_WAR: &[&str] = &["syria", "isis", "idlib", "kurd", "jihad", "fsa"];

/// Names of shipped scenarios and of keys in examples that run on them.
const NAMES_OF_EXAMPLES: &[&str] = &["thesis-north-syria-2014", "north-syria-2014", "groups.isis."];

/// Where these words may stand, each with its reason.
const ALLOWED: &[(&str, &str)] = &[
    ("crates/allegiance-scenario/src/builtin.rs", "names the files of the shipped scenarios"),
    ("crates/allegiance-scenario/src/format", "examples of the format page, which load on top of one-village"),
    ("crates/allegiance-lab/src/conformance", "the suite runs one-village, whose groups and places it names"),
    ("crates/allegiance-cli/src/commands", "examples in help, which run on shipped scenarios"),
    ("crates/allegiance-cli/src/docs", "pages that show the shipped case"),
    ("crates/allegiance-import/src/build/rates.rs", "the reference that defaults rest on"),
    ("crates/allegiance-fixtures/src", "worlds for tests"),
    ("crates/allegiance-py/python", "examples, which run on shipped scenarios"),
    ("page/src/live/live.svelte.ts", "the shipped scenarios that the page can run"),
];

/// Whether a line says where a parameter's default was found: a citation.
fn is_citation(line: &str) -> bool {
    ["Judgement, \"", "Derived, \"", "Sourced, \""].iter().any(|tag| line.contains(tag))
}

fn names_a_war(line: &str) -> bool {
    let line = NAMES_OF_EXAMPLES.iter().fold(line.to_lowercase(), |line, name| line.replace(name, ""));
    let mut words = line.split(|c: char| !c.is_alphanumeric());
    line.contains("january 2014") || words.any(|word| OF_ONE_WAR.iter().any(|start| word.starts_with(start)))
}

/// Lines that name a war, of every source file below a folder.
fn look(folder: &Path, root: &Path, found: &mut Vec<String>) {
    let mut entries: Vec<_> = fs_err::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.strip_prefix(root).unwrap().display().to_string().replace('\\', "/");
        if ALLOWED.iter().any(|(allowed, _)| name.starts_with(allowed)) {
            continue;
        }
        if path.is_dir() {
            look(&path, root, found);
            continue;
        }
        let is_source = [".rs", ".ts", ".svelte", ".py"].iter().any(|end| name.ends_with(end));
        if !is_source || name.ends_with(".test.ts") {
            continue;
        }
        let text = fs_err::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().enumerate().filter(|(_, line)| names_a_war(line) && !is_citation(line));
        found.extend(lines.map(|(at, line)| format!("{name}:{}: {}", at + 1, line.trim())));
    }
}

#[test]
fn the_general_code_names_no_war() {
    let Some(root) = root() else { return };
    let mut folders = vec![root.join("page/src")];
    for entry in fs_err::read_dir(root.join("crates")).unwrap() {
        let path = entry.unwrap().path();
        folders.extend([path.join("src"), path.join("python")].into_iter().filter(|folder| folder.is_dir()));
    }
    let mut found = Vec::new();
    for folder in folders {
        look(&folder, &root, &mut found);
    }
    assert!(found.is_empty(), "general code names a war:\n{}", found.join("\n"));
}

#[test]
fn words_of_one_war_are_seen_and_names_of_examples_are_not() {
    assert!(names_a_war("/// Transnational jihadists.") && names_a_war("the patterns of January 2014"));
    assert!(names_a_war("group: \"isis\",") && names_a_war("name: \"Syria\".to_owned()"));
    assert!(!names_a_war("Purpose::BeliefSample") && !names_a_war("as in north-syria-2014"));
    assert!(!names_a_war("--set groups.isis.brutality=0.5"));
}
