//! `allegiance scenarios` and `allegiance parameters`.

use std::process::Stdio;

use crate::program::{Folder, snapshot};

#[test]
fn the_builtin_scenarios() {
    let text = snapshot("scenarios");
    assert!(text.starts_with("exit 0\n"), "{text}");
    assert!(text.contains("20,200 inhabitants in 12 places, 3 groups, 60 days from 2014-01-01\n"), "{text}");
    let json = Folder::new().output("scenarios --format json");
    let list: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let ids: Vec<&str> = list.as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap()).collect();
    assert_eq!(ids, allegiance_scenario::builtin::names().collect::<Vec<_>>());
}

#[test]
fn one_parameter_in_each_format() {
    assert_eq!(
        snapshot("parameters kinship.household"),
        "exit 0
--- stdout
kinship.household_size  6.2 (5 to 8)  persons  sourced
    Mean number of people in a household.
--- stderr
"
    );
    assert_eq!(
        snapshot("parameters kinship.household --format markdown"),
        "exit 0
--- stdout
| parameter | symbol | meaning | unit | default | range | accepts | tag | source |
|---|---|---|---|---|---|---|---|---|
| `kinship.household_size` | n_h | Mean number of people in a household. | persons | 6.2 | 5 to 8 | 1 to 80 | sourced | Idlib census 2004: mean household 6.2 (evidence A4) |
--- stderr
"
    );
    assert_eq!(
        snapshot("parameters kinship.household --format json"),
        r#"exit 0
--- stdout
[
  {
    "default": 6.2,
    "high": 8.0,
    "highest_allowed": 80.0,
    "low": 5.0,
    "lowest_allowed": 1.0,
    "meaning": "Mean number of people in a household.",
    "parameter": "kinship.household_size",
    "source": "Idlib census 2004: mean household 6.2 (evidence A4)",
    "spread": "flat",
    "symbol": "n_h",
    "tag": "sourced",
    "unit": "persons"
  }
]
--- stderr
"#
    );
    assert_eq!(
        snapshot("parameters unicorn"),
        r#"exit 1
--- stdout
--- stderr
error: no parameter has "unicorn" in its name; list all with: allegiance parameters
"#
    );
}

#[test]
fn the_whole_dictionary_is_there_in_each_format() {
    let folder = Folder::new();
    let json = folder.output("parameters --format json");
    let list: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let text = String::from_utf8(folder.output("parameters").stdout).unwrap();
    let markdown = String::from_utf8(folder.output("parameters --format markdown").stdout).unwrap();
    assert!(list.as_array().unwrap().len() > 100);
    for entry in list.as_array().unwrap() {
        let path = entry["parameter"].as_str().unwrap();
        assert!(text.contains(&format!("{path} ")), "{path}");
        assert!(markdown.contains(&format!("| `{path}` |")), "{path}");
    }
}

#[test]
fn the_scenario_format_in_each_format() {
    let folder = Folder::new();
    let json = folder.output("schema");
    assert_eq!(json.status.code(), Some(0));
    assert!(json.stderr.is_empty());
    let made = String::from_utf8(json.stdout).unwrap();
    assert_eq!(made, allegiance_scenario::json_schema());
    let schema: serde_json::Value = serde_json::from_str(&made).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let page = folder.output("schema --format markdown").stdout;
    let page = String::from_utf8(page).unwrap();
    assert_eq!(page, allegiance_scenario::reference_page());
}

#[test]
fn a_reader_that_goes_away_is_fine() {
    let folder = Folder::new();
    let mut child =
        folder.command("parameters --format json").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_under_standard_output_exits_with_3() {
    let folder = Folder::new();
    let full = fs_err::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = folder.command("parameters").stdout(full.into_parts().0).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.starts_with("error: can't write to standard output: "), "{stderr}");
}
