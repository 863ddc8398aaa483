//! `allegiance but-for`.

use allegiance_model::tables::{AllegianceKind, Channel};
use allegiance_runs::FinishedRun;

use crate::program::Folder;

/// A member who saw his home attacked and left for that in replicate 0, and
/// the incident behind it.
fn leaver(folder: &Folder, run: &str) -> (u32, u32) {
    let run = FinishedRun::open(&folder.path().join(run)).unwrap();
    let records = run.records(0).unwrap();
    let exits: Vec<_> = records.allegiance.rows().filter(|row| row.kind == AllegianceKind::Defection).collect();
    let seen = |person, incident| {
        let mut rows = records.exposures.rows();
        rows.any(|row| {
            (row.person, Some(row.incident), row.channel, row.is_home) == (person, incident, Channel::Witnessed, true)
        })
    };
    let exit = exits.iter().find(|row| row.incident.is_some() && seen(row.person, row.incident)).unwrap();
    (exit.person.0, exit.incident.unwrap().0)
}

fn answer(folder: &Folder, arguments: &str) -> serde_json::Value {
    let output = folder.output(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn who_left_over_an_attack_on_his_home_would_have_left_less_without_seeing_it() {
    let folder = Folder::new();
    folder.output("run one-village -q --days 18 --set exits.decline_hazard_ratio=1 --out run");
    let (person, incident) = leaver(&folder, "run");
    let found = answer(&folder, &format!("but-for run --person {person} --futures 80 --format json"));
    assert_eq!((&found["incident"], &found["taken_out"]), (&incident.into(), &"incident".into()));
    let arguments = format!("but-for run --person {person} --exposure {incident} --futures 80 --format json");
    let found = answer(&folder, &arguments);
    let left = &found["answer"]["leaving"][0];
    assert!(left["low"].as_f64().unwrap() > 0.0, "{left:#}");
    assert!(left["with"]["share"].as_f64() > left["without"]["share"].as_f64());
    assert_eq!(found, answer(&folder, &format!("{arguments} --threads 1")), "threads changed the answer");
}

#[test]
fn under_the_constant_rate_seeing_an_attack_changes_no_future() {
    let folder = Folder::new();
    folder.output("run one-village -q --days 40 --out full");
    let (person, incident) = leaver(&folder, "full");
    // The history up to the first attack is the same; his decision then isn't.
    folder.output(
        "run one-village -q --days 40 --theory constant --theory fixed --set mechanisms.voice=false --out null",
    );
    let found =
        answer(&folder, &format!("but-for null --person {person} --exposure {incident} --futures 60 --format json"));
    for row in found["answer"]["leaving"].as_array().unwrap() {
        assert_eq!(row["with"], row["without"], "{row:#}");
        assert!(row["low"].is_f64() && row["high"].is_f64(), "beliefs differ: {row:#}");
    }
    // Where the history ends with the day, not even his beliefs are sampled afterwards.
    folder.output(
        "run one-village -q --days 13 --theory constant --theory fixed --set mechanisms.voice=false --out short",
    );
    let question = format!("but-for short --person {person} --exposure {incident} --futures 20");
    let found = answer(&folder, &format!("{question} --format json"));
    assert!(found["answer"]["nothing_differs"].is_object(), "{found:#}");
    for row in found["answer"]["leaving"].as_array().unwrap() {
        assert!(row["low"].is_null() && row["high"].is_null(), "{row:#}");
    }
    let said = folder.snapshot(&question);
    assert!(
        said.contains("No difference in any of the 20 futures; more may show one.") && !said.contains('['),
        "{said}"
    );
}

#[test]
fn what_cannot_be_answered_is_said() {
    let folder = Folder::new();
    folder.output("run one-village -q --days 13 --out run");
    let (person, incident) = leaver(&folder, "run");
    assert_eq!(
        folder.snapshot(&format!("but-for run --person {person} --incident 9999")).replace(char::is_numeric, ""),
        "exit \n--- stdout\n--- stderr\nerror: replicate  has no incident ; it has , numbered from \n"
    );
    assert_eq!(
        folder.snapshot("but-for run --person 5"),
        "exit 1\n--- stdout\n--- stderr\nerror: no incident of his own group reached person 5 in replicate 0; \
         name one with --incident\n"
    );
    assert_eq!(
        folder.snapshot(&format!("but-for run --person 5 --incident {incident}")),
        "exit 1\n--- stdout\n--- stderr\nerror: person 5 is no member of a group on day 11, so there is nothing to leave\n"
    );
    let json = folder.path().join("run/run.json");
    let text = fs_err::read_to_string(&json).unwrap().replace("days=13", "days=12");
    fs_err::remove_file(folder.path().join("run/SHA256SUMS")).ok();
    fs_err::write(&json, text).unwrap();
    assert_eq!(
        folder.snapshot(&format!("but-for run --person {person}")),
        "exit 1\n--- stdout\n--- stderr\nerror: the run run can't be simulated again: its scenario has changed since, \
         or this version reads it differently\n"
    );
}
