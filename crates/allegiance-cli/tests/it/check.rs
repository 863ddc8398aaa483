//! `allegiance check`.

use crate::program::{Folder, snapshot};

#[test]
fn a_valid_scenario() {
    assert_eq!(
        snapshot("check one-village"),
        "exit 0
--- stdout
one-village is valid: 20,200 inhabitants in 12 places, 3 groups, 60 days from 2014-01-01
--- stderr
"
    );
}

#[test]
fn a_warning_is_no_failure() {
    let folder = Folder::new();
    folder.copy_village(&[("days = 60", "days = 20")]);
    assert_eq!(
        folder.snapshot("check mine"),
        "exit 0
--- stdout
mine/scenario.toml:129: warning: timeline has 3 entries that are after the last day, 2014-01-20; only a longer run gets there
one-village is valid: 20,200 inhabitants in 12 places, 3 groups, 20 days from 2014-01-01
--- stderr
"
    );
}

#[test]
fn every_problem_is_listed_at_once() {
    let folder = Folder::new();
    folder.copy_village(&[
        ("days = 60", "days = 0"),
        ("kind = \"jihadist\"", "kind = \"jihadi\""),
        ("brutality = 0.8", "brutality = 8"),
        ("kind = \"truce\"", "kind = \"truse\""),
        ("date = 2014-02-06", "date = 2014-01-06"),
    ]);
    assert_eq!(
        folder.snapshot("check mine/scenario.toml"),
        r#"exit 1
--- stdout
mine/scenario.toml:17: days is 0; must be a whole number from 1 to 5000
mine/scenario.toml:85: groups[2].kind names the kind "jihadi", which doesn't exist; kinds are state, rebel, jihadist, local_defence; did you mean "jihadist"?
mine/scenario.toml:88: groups[2].brutality is 8; must be a number from 0 to 1
mine/scenario.toml:108: relations[1].kind is "truse"; allowed words are war, truce, alliance; did you mean "truce"?
mine/scenario.toml:137: timeline[3].date is 2014-01-06, earlier than the entry before it; must be 2014-01-24 or later; put the entries in the order of their dates
--- stderr
error: the scenario has 5 problems
"#
    );
}

#[test]
fn problems_for_programs() {
    let folder = Folder::new();
    folder.copy_village(&[("kind = \"jihadist\"", "kind = \"jihadi\"")]);
    assert_eq!(
        folder.snapshot("check mine --format json"),
        r#"exit 1
--- stdout
{
  "hash": null,
  "id": null,
  "problems": [
    {
      "allowed": "kinds are state, rebel, jihadist, local_defence",
      "file": "mine/scenario.toml",
      "found": "names the kind \"jihadi\", which doesn't exist",
      "hint": "did you mean \"jihadist\"?",
      "key": "groups[2].kind",
      "line": 85,
      "message": "mine/scenario.toml:85: groups[2].kind names the kind \"jihadi\", which doesn't exist; kinds are state, rebel, jihadist, local_defence; did you mean \"jihadist\"?",
      "severity": "error"
    }
  ],
  "valid": false
}
--- stderr
error: the scenario has 1 problem
"#
    );
}

#[test]
fn a_scenario_that_is_not_there() {
    let text = snapshot("check one-vilage");
    assert!(text.starts_with("exit 1\n--- stdout\n--- stderr\nerror: there is no scenario \"one-vilage\""), "{text}");
    assert!(text.ends_with("did you mean \"one-village\"?\n"), "{text}");
}

#[test]
fn a_folder_without_a_scenario() {
    assert_eq!(
        snapshot("check ."),
        "exit 1
--- stdout
--- stderr
error: the scenario can't be read: failed to open file `./scenario.toml`: No such file or directory (os error 2)
"
    );
}
