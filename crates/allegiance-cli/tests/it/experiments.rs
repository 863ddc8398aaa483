//! `allegiance experiment` and `allegiance compare`.

use std::collections::BTreeMap;
use std::path::Path;

use allegiance_lab::paired::Replicates;
use allegiance_model::setup::Setup;
use allegiance_model::tables::Records;
use allegiance_record::difference::Difference;
use allegiance_record::outcomes::{Outcome, measure_outcomes};
use allegiance_replay::Silent;
use allegiance_scenario::{apply_change, builtin, load, load_experiment};

use crate::program::Folder;

const EXPERIMENT: &str = r#"
format = 1
id = "pay"
title = "Pay"
question = "What does a cut in pay do?"
scenario = "one-village"
set = ["days=25"]
baseline = "as_it_is"
outcomes = ["groups.isis.exits", "groups.isis.members_end"]

[precision]
outcome = "groups.isis.exits"
half_width = 1000
batch = 3
min = 5
max = 60

[robustness]
replicates = 2
prior_draws = 2
prior_replicates = 2

[[arms]]
id = "same"
title = "Nothing is changed"

[[arms]]
id = "as_it_is"
title = "As it is"

[[arms]]
id = "cut"
title = "Pay cut"
timeline = [
  { date = 2014-01-03, kind = "pay", group = "isis", pay_usd_per_month = 50, note = "A cut.", source = "judgement" },
]
"#;

fn files_in(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs_err::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs_err::read(&path).unwrap()))
        .collect()
}

fn results_of(folder: &Folder, arguments: &str) -> serde_json::Value {
    let output = folder.output(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn an_arm_without_a_change_differs_in_nothing_and_batches_stop_at_the_width() {
    let folder = Folder::new();
    fs_err::write(folder.path().join("pay.toml"), EXPERIMENT).unwrap();
    let found = results_of(&folder, "experiment pay.toml --format json -q --threads 1");
    // Two batches of three are the first to reach the five that are the fewest.
    assert_eq!((&found["n_replicates"], &found["stopped"]), (&6.into(), &"precise".into()));
    let differences = found["differences"].as_array().unwrap();
    assert_eq!(differences.len(), 4);
    for row in differences.iter().filter(|row| row["arm"] == "same") {
        assert_eq!(
            (&row["difference"]["interval"], &row["difference"]["n_differ"]),
            (&serde_json::Value::Null, &0.into())
        );
        assert_eq!(row["agreement"]["priors"]["differences"], serde_json::Value::Null);
        assert_eq!(row["agreement"]["theories"]["n_same"], 11);
        assert_eq!(row["agreement"]["priors"]["n_same"], 2);
    }
    let same = &found["arms"][0]["differs"]["nothing_came"];
    assert_eq!(same["because"], serde_json::json!([{ "kind": "same_setup" }]));
    assert!(found["arms"][2]["differs"]["nothing_came"].is_null());
    let cut = &differences[1];
    assert_eq!((&cut["arm"], &cut["outcome"]), (&"cut".into(), &"groups.isis.exits".into()));
    assert!(cut["difference"]["interval"]["low"].as_f64().unwrap() > 0.0, "{cut:#}");

    let whole = files_in(&folder.path().join("experiments/pay"));
    results_of(&folder, "experiment pay.toml --format json -q --threads 2 --out again");
    assert!(whole == files_in(&folder.path().join("again")), "threads changed the bytes");
    assert!(!folder.output("experiment pay.toml -q").status.success(), "a finished experiment isn't overwritten");
}

#[test]
fn an_unfinished_experiment_resumes_to_the_same_bytes() {
    let folder = Folder::new();
    fs_err::write(folder.path().join("pay.toml"), EXPERIMENT).unwrap();
    let mut child = folder.command("experiment pay.toml -q --out killed --threads 1").spawn().unwrap();
    let pieces = folder.path().join("killed.partial/pieces");
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while fs_err::read_dir(&pieces).map_or(0, Iterator::count) < 8 && std::time::Instant::now() < patience {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().code(), None, "the experiment had ended before it was killed");
    folder.output("experiment pay.toml -q --out killed --resume");
    folder.output("experiment pay.toml -q --out straight");
    let files = files_in(&folder.path().join("killed"));
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        [
            "SHA256SUMS",
            "differences.parquet",
            "experiment.json",
            "experiment.toml",
            "replicates.parquet",
            "summary.txt"
        ]
    );
    assert!(files == files_in(&folder.path().join("straight")), "the bytes differ");
}

#[test]
fn a_comparison_is_the_paired_difference_of_the_two_scenarios() {
    let folder = Folder::new();
    let found = results_of(
        &folder,
        "compare one-village --set days=20 --set-b groups.isis.members=200 --outcome groups.isis.members_end \
         -n 6 --format json -q",
    );
    let mut a = load("one-village").unwrap().setup;
    apply_change(&mut a, "days=20").unwrap();
    let mut b = a.clone();
    apply_change(&mut b, "groups.isis.members=200").unwrap();
    let outcome = [Outcome::parse("groups.isis.members_end", &a).unwrap()];
    let replicates = Replicates::new(1, &Silent);
    let of = |setup| {
        let measure = |_, records: &Records, setup: &Setup| measure_outcomes(&outcome, records, setup, 0);
        replicates.measure("", setup, 6, measure).unwrap().outcomes.concat()
    };
    let by_hand = Difference::between(&of(&a), &of(&b)).unwrap();
    let difference = &found["differences"][0]["difference"];
    let interval = by_hand.interval.unwrap();
    for (value, name, expected) in [
        (&difference["mean"], "mean", by_hand.mean),
        (&difference["interval"]["low"], "low", interval.low),
        (&difference["interval"]["high"], "high", interval.high),
    ] {
        let value = value.as_f64().unwrap();
        assert!((value - expected).abs() < 1e-9, "{name}: {value} instead of {expected}");
    }
}

/// What a comparison says of a change that can't act, and the reason it gives.
#[test]
fn a_change_that_cannot_act_is_said_to_with_its_reason() {
    let folder = Folder::new();
    for (set, change, reason) in [
        (
            "seed=2014",
            "interventions.radio_hazard_ratio=1.6",
            "acts through radio, which no entry of the timeline sets",
        ),
        ("mechanisms.voice=false", "voice.p_refuse_kin=0.5", "acts through voice, which is off"),
        (
            "theory.exit=constant",
            "exits.pay_weight=0.9",
            "acts through the block material, which the theory of exit constant doesn't have",
        ),
        ("theory.belief=fixed", "belief.discount=0.7", "belongs to another theory of belief than fixed"),
        ("seed=2014", "days=6", "the two are the same in every value"),
    ] {
        let output = folder.output(&format!("compare one-village --set days=6 --set {set} --set-b {change} -n 2 -q"));
        let text = String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            text.contains("o effect is possible here: nothing that was drawn or decided differs ("),
            "{change}: {text}"
        );
        assert!(text.contains(reason), "{change}: {text}");
        assert!(!text.contains("[0, 0]"), "{change}: {text}");
    }
}

/// Whatever the change, an arm with the baseline's tables never shows an interval.
#[test]
fn no_arm_without_an_effect_shows_an_interval() {
    let folder = Folder::new();
    let found = results_of(
        &folder,
        "compare one-village --set days=6 --set theory.exit=constant --set-b exits.peer_weight=0.9 --theories \
         --prior-draws 2 -n 3 --format json -q",
    );
    for row in found["differences"].as_array().unwrap() {
        assert!(row["difference"]["interval"].is_null() && row["together"].is_null(), "{row:#}");
        let theories = &row["agreement"]["theories"];
        for theory in theories["theories"].as_array().unwrap() {
            assert!(theory["any_differs"] == true || theory["difference"]["interval"].is_null(), "{theory:#}");
        }
        assert!(theories["n_same"].as_u64().unwrap() >= 5, "{row:#}");
    }
}

#[test]
fn different_worlds_are_refused_with_what_differs_and_what_to_do() {
    let folder = Folder::new();
    assert_eq!(
        folder.snapshot("compare one-village --set-b days=30 -n 2"),
        "exit 1\n--- stdout\n--- stderr\nerror: one-village and one-village are different worlds, whose replicates share no random draws, or are counted \
         over other days or people: the number of days is 30 instead of 60; give both the same days with --set days=N\n"
    );
    // Equal days alone wouldn't help, so that isn't what is advised.
    let refused = folder.snapshot("compare one-village north-syria-2014 -n 2");
    assert!(refused.contains("error: one-village and north-syria-2014 are different worlds"), "{refused}");
    assert!(refused.contains("the group Defenders of Tall Rumman (35 members) is missing"), "{refused}");
    assert!(
        refused.ends_with(
            "; compare a scenario with a change of itself, or with one that extends it and keeps its places, groups and \
             days\n"
        ),
        "{refused}"
    );
}

#[test]
fn a_comparison_lists_what_differs_and_warns_of_what_is_not_plausible() {
    let folder = Folder::new();
    let command = "compare one-village --set days=3 --set-b combat.decisiveness=9 --set-b \
                   groups.isis.pay_usd_per_month=100 -n 2";
    let output = folder.output(command);
    let printed = String::from_utf8(output.stdout).unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        printed.contains(
            "    What differs:\n      combat.decisiveness is 9 instead of 1.5\n      pay of local members of ISIS in the \
             district, in US dollars a month, is 100 instead of 400\n"
        ),
        "{printed}"
    );
    assert!(said.contains("warning: combat.decisiveness is 9, outside the plausible range 1 to 2.5"), "{said}");
    let found = results_of(&folder, &format!("{command} --format json -q"));
    assert_eq!(found["arms"][1]["differs"]["setup"][0]["key"], "combat.decisiveness");
    assert_eq!(found["arms"][1]["differs"]["setup"][1]["kind"], "pay");
}

#[test]
fn mistakes_in_an_experiment_are_reported_together_with_their_lines() {
    let folder = Folder::new();
    let text = EXPERIMENT
        .replace("baseline = \"as_it_is\"", "baseline = \"as_is\"")
        .replace("max = 60", "max = 4")
        .replace("group = \"isis\"", "group = \"isil\"")
        .replace("outcome = \"groups.isis.exits\"", "outcome = \"deaths\"");
    fs_err::write(folder.path().join("pay.toml"), text).unwrap();
    assert_eq!(
        folder.snapshot("experiment pay.toml"),
        "exit 1\n--- stdout\n--- stderr\n\
         pay.toml:8: baseline names the arm \"as_is\", which doesn't exist; arms are same, as_it_is, cut\n\
         pay.toml:12: precision.outcome is \"deaths\"; outcomes of this experiment are groups.isis.exits, \
         groups.isis.members_end\n\
         pay.toml:16: precision.max is 4; must be min, which is 5, or more\n\
         pay.toml:35: arms[2].timeline[0].group names the group \"isil\", which doesn't exist; groups are \
         village_defenders, district_rebels, isis; did you mean \"isis\"?\n\
         error: the experiment has 4 problems\n"
    );
    assert_eq!(
        folder.snapshot("compare one-village"),
        "exit 1\n--- stdout\n--- stderr\nerror: there is nothing to compare one-village with; name a second scenario, \
         or change something with --set-b\n"
    );
    assert_eq!(
        folder.snapshot("experiment thesi"),
        "exit 1\n--- stdout\n--- stderr\nerror: there is no experiment \"thesi\": it is neither a built-in experiment \
         (thesis, thesis-north-syria-2014) nor a file; did you mean \"thesis\"?\n"
    );
}

#[test]
fn built_in_experiments_load_without_warnings_and_measure_what_exists() {
    for name in builtin::experiment_names() {
        let file = load_experiment(name).unwrap();
        assert_eq!(file.id, name);
        // The arms that take a cause away set it beyond its prior, which is told.
        let others = file.warnings.iter().filter(|warning| !warning.allowed.ends_with(" is plausible"));
        assert_eq!(others.count(), 0, "{:?}", file.warnings);
        for outcome in &file.outcomes {
            Outcome::parse(&outcome.name, &file.scenario.setup).unwrap();
        }
        for arm in &file.arms {
            arm.apply(&file.scenario, &mut file.scenario.setup.clone()).unwrap();
        }
        // Arms that merge by id keep what the file below says of them.
        let n_of = |id: &str| file.arms.iter().find(|arm| arm.id == id).unwrap().timeline.len();
        assert_eq!(["strikes", "condemnation", "outside", "both"].map(n_of), [1, 1, 4, 4], "{name}");
    }
}

#[test]
fn experiments_extend_one_another_and_a_circle_is_refused() {
    let folder = Folder::new();
    let text = "format = 1\nextends = \"thesis-north-syria-2014\"\nid = \"small\"\n\n[precision]\nmax = 25\n";
    let path = folder.path().join("small.toml");
    fs_err::write(&path, text).unwrap();
    let file = load_experiment(&path.display().to_string()).unwrap();
    assert_eq!((file.scenario.id.as_str(), file.arms.len(), file.texts.len()), ("north-syria-2014", 9, 3));
    assert_eq!((file.precision.batch, file.precision.max), (10, 25));
    fs_err::write(&path, "format = 1\nextends = \"small.toml\"\nid = \"small\"\n").unwrap();
    assert_eq!(
        folder.snapshot("experiment small.toml"),
        "exit 1\n--- stdout\n--- stderr\nsmall.toml:2: extends is \"small.toml\", which leads back to this \
         experiment, or too deep\nerror: the experiment has 1 problem\n"
    );
}
