//! `allegiance report`.

use std::collections::BTreeSet;
use std::path::Path;

use crate::program::Folder;

fn run_village(folder: &Folder, scenario: &str, out: &str, more: &str) {
    let output = folder.output(&format!("run {scenario} -q --out {out} --days 13 {more}"));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

fn files_in(folder: &Path) -> BTreeSet<String> {
    let entries = fs_err::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_report_lies_beside_its_run_which_stays_as_it_is() {
    let folder = Folder::new();
    run_village(&folder, "one-village", "runs/base", "--replicates 2");
    let before = files_in(&folder.path().join("runs/base"));
    let said = folder.snapshot("report runs/base");
    assert!(said.starts_with("exit 0\n--- stdout\n--- stderr\nwritten to runs/base-report.html ("), "{said}");
    assert_eq!(files_in(&folder.path().join("runs/base")), before);
    let all = ["base", "base-report.html"].map(str::to_owned);
    assert_eq!(files_in(&folder.path().join("runs")), BTreeSet::from(all));
    assert_eq!(folder.output("verify runs/base -q").status.code(), Some(0));
    assert_eq!(
        folder.snapshot("report runs/base"),
        "exit 3\n--- stdout\n--- stderr\nerror: runs/base-report.html exists already (use --out or --overwrite)\n"
    );
    let page = fs_err::read_to_string(folder.path().join("runs/base-report.html")).unwrap();
    assert_eq!(folder.snapshot("report runs/base --overwrite -q"), "exit 0\n--- stdout\n--- stderr\n");
    let again = fs_err::read_to_string(folder.path().join("runs/base-report.html")).unwrap();
    assert_eq!(page, again);
    assert_eq!(folder.snapshot("report runs/base --out new/a.html -q"), "exit 0\n--- stdout\n--- stderr\n");
    assert_eq!(files_in(&folder.path().join("new")), BTreeSet::from(["a.html".to_owned()]));
}

#[test]
fn markup_in_a_scenario_stays_text() {
    let folder = Folder::new();
    folder.copy_village(&[("One village between two wars", "<script>alert(1)</script>")]);
    run_village(&folder, "mine", "there", "");
    assert_eq!(folder.output("report there -q").status.code(), Some(0));
    let page = fs_err::read_to_string(folder.path().join("there-report.html")).unwrap();
    assert!(page.contains("<h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1>"));
    assert!(!page.contains("<script"));
}

#[test]
fn an_experiment_is_told_beside_a_run() {
    let folder = Folder::new();
    run_village(&folder, "one-village", "there", "");
    let compare = "compare one-village --set days=3 --set-b mechanisms.voice=false -n 2 --out pairs -q";
    assert_eq!(folder.output(compare).status.code(), Some(0));
    assert_eq!(folder.output("report there pairs -q").status.code(), Some(0));
    let page = fs_err::read_to_string(folder.path().join("there-report.html")).unwrap();
    assert!(page.contains("Differences between arms") && page.contains("not tried"));
    fs_err::write(folder.path().join("pairs/experiment.json"), "{").unwrap();
    let said = folder.snapshot("report there pairs --overwrite");
    let expected = "exit 1\n--- stdout\n--- stderr\nerror: pairs/experiment.json can't be understood: ";
    assert!(said.starts_with(expected), "{said}");
}

#[test]
fn what_cannot_be_reported_is_said() {
    let folder = Folder::new();
    run_village(&folder, "one-village", "there", "");
    fs_err::create_dir(folder.path().join("empty")).unwrap();
    let refused = |arguments: &str, why: &str| {
        assert_eq!(folder.snapshot(arguments), format!("exit 1\n--- stdout\n--- stderr\nerror: {why}\n"));
    };
    refused("report nowhere", "there is no folder nowhere");
    refused(
        "report there empty",
        "empty is neither a run nor an experiment: it holds no run.json and no experiment.json",
    );
    run_village(&folder, "one-village", "other", "--seed 5");
    refused(
        "report there other",
        "there and other are different worlds, whose replicates share no random draws, or are counted over other days or \
         people: the seed is 5 instead of 2014; leave the seed out of the changes of one alone",
    );
    let scenario = folder.path().join("there/scenario/scenario.toml");
    // With it, the changed file would be told for what it is.
    fs_err::remove_file(folder.path().join("there/SHA256SUMS")).unwrap();
    let text = fs_err::read_to_string(&scenario).unwrap();
    fs_err::write(&scenario, text.replace("civilians_per_fighter_killed = 0.3", "civilians_per_fighter_killed = 0.2"))
        .unwrap();
    refused(
        "report there",
        "the run there can't be simulated again: its scenario has changed since, or this version reads it differently",
    );
    assert!(!folder.path().join("there-report.html").exists());
}
