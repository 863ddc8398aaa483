//! Whatever compares arms says of equal digests that no replicate differs, or that
//! no effect is possible where it follows from the setups, and shows neither an
//! interval nor a zero with one; of unequal ones it doesn't.
//!
//! Whether the digests are equal is seen in the `run.json` of two runs.

use std::path::Path;

use allegiance_model::setup::{ExitTheory, Theory};
use serde_json::Value;

use crate::program::Folder;

const N_REPLICATES: usize = 3;
const NO_EFFECT: &str = "no effect is possible";
const NO_DIFFERENCE: &str = "no difference in any of the 3 replicates";

/// Changes to `one-village`: what both arms have, and what the second has besides.
const CHANGES: [(&str, &str); 12] = [
    ("seed=2014", "theory.exit=full"),
    ("seed=2014", "interventions.radio_hazard_ratio=1.6"),
    ("seed=2014", "interventions.trusted_message_gain=0.12"),
    ("theory.exit=constant", "exits.peer_weight=0.9"),
    ("theory.belief=fixed", "belief.discount=0.7"),
    ("mechanisms.voice=false", "voice.p_refuse_kin=0.5"),
    ("mechanisms.leave=false", "leave.share_on_leave=0.2"),
    ("mechanisms.joining=false", "joining.per_month=0.005"),
    ("seed=2014", "joining.per_month=0"),
    ("seed=2014", "mechanisms.reprisal=false"),
    ("seed=2014", "groups.isis.members=200"),
    ("seed=2014", "theory.exit=constant"),
];

fn succeed(folder: &Folder, arguments: &str) -> String {
    let output = folder.output(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(folder: &Folder, arguments: &str) -> Value {
    serde_json::from_str(&succeed(folder, &format!("{arguments} --format json"))).unwrap()
}

/// The digests of the tables of what happened, of every replicate.
fn digests(folder: &Path) -> Vec<Value> {
    let manifest = fs_err::read_to_string(folder.join("run.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    let tables = manifest["tables"].as_object().unwrap();
    assert!(tables.contains_key("allegiance") && tables.contains_key("incidents"));
    tables.values().map(|table| table["digests"].clone()).collect()
}

/// The lines of a text that show an interval around nothing.
fn zeros(text: &str) -> Vec<&str> {
    let is_zero =
        |line: &&str| ["0 [0, 0]", "[0, 0]", "0.0 (0.0 to 0.0)", "0 (0 to 0)"].iter().any(|zero| line.contains(zero));
    text.lines().filter(is_zero).collect()
}

/// That the differences of an experiment or comparison say what the digests do.
fn check_differences(found: &Value, is_same: bool, about: &str) {
    assert_eq!(found["arms"][1]["differs"]["nothing_came"].is_object(), is_same, "{about}");
    for row in found["differences"].as_array().unwrap() {
        let difference = &row["difference"];
        let is_nothing = difference["interval"].is_null() && row["together"].is_null();
        assert!(is_nothing || !is_same, "{about}: {row:#}");
        // No interval is drawn where no pair differs, whatever else does.
        assert!(difference["n_differ"] != 0 || difference["interval"].is_null(), "{about}: {row:#}");
    }
}

#[test]
fn compare_experiment_and_report_say_what_the_digests_say() {
    let (mut n_same, mut n_by_luck) = (0, 0);
    for (set, change) in CHANGES {
        let folder = Folder::new();
        let about = format!("{set}, then {change}");
        let run = format!("run one-village -q -n {N_REPLICATES} --set days=6 --set {set}");
        succeed(&folder, &format!("{run} --out a"));
        succeed(&folder, &format!("{run} --set {change} --out b"));
        let is_same = digests(&folder.path().join("a")) == digests(&folder.path().join("b"));
        n_same += usize::from(is_same);

        let compare = format!("compare one-village -q -n {N_REPLICATES} --set days=6 --set {set} --set-b {change}");
        let found = json(&folder, &compare);
        check_differences(&found, is_same, &about);
        let follows = found["arms"][1]["differs"]["nothing_came"]["follows"] == true;
        n_by_luck += usize::from(is_same && !follows);
        let says = |text: &str| {
            let text = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
            [NO_EFFECT, NO_DIFFERENCE].map(|words| text.contains(words))
        };
        let right = [follows, is_same && !follows];
        let text = succeed(&folder, &compare);
        assert_eq!(says(&text), right, "{about}: {text}");
        assert!(zeros(&text).is_empty(), "{about}: {:?}", zeros(&text));

        let experiment = format!(
            "format = 1\nid = \"x\"\ntitle = \"X\"\nquestion = \"Does it act?\"\nscenario = \"one-village\"\n\
             set = [\"days=6\", \"{set}\"]\nbaseline = \"a\"\noutcomes = [\"deaths\", \"groups.isis.exits\"]\n\
             [precision]\nmin = {N_REPLICATES}\nmax = {N_REPLICATES}\n[robustness]\ntheories = false\nprior_draws = 0\n[[arms]]\nid = \"a\"\ntitle = \"A\"\n\
             [[arms]]\nid = \"b\"\ntitle = \"B\"\nset = [\"{change}\"]\n"
        );
        fs_err::write(folder.path().join("x.toml"), experiment).unwrap();
        check_differences(&json(&folder, "experiment x.toml -q --out x"), is_same, &about);
        let summary = fs_err::read_to_string(folder.path().join("x/summary.txt")).unwrap();
        assert_eq!(says(&summary), right, "{about}: {summary}");
        assert!(zeros(&summary).is_empty(), "{about}: {:?}", zeros(&summary));

        for (other, out) in [("b", "runs.html"), ("x", "experiment.html")] {
            succeed(&folder, &format!("report a {other} -q --out {out}"));
            let page = fs_err::read_to_string(folder.path().join(out)).unwrap();
            assert_eq!(says(&page), right, "{about}, {out}");
            assert!(zeros(&page).is_empty(), "{about}, {out}: {:?}", zeros(&page));
        }
    }
    assert!((5..CHANGES.len()).contains(&n_same), "the changes are all of one kind: {n_same}");
    assert!((1..n_same).contains(&n_by_luck), "equal by necessity and by luck: {n_by_luck} of {n_same}");
}

/// Few equal replicates of a mechanism that is on don't say that it can't act: over
/// the whole length, one in seven replicates of `reprisal` differs.
#[test]
fn equal_replicates_of_a_mechanism_that_may_act_are_not_called_impossible() {
    let folder = Folder::new();
    let radio = "--set-b interventions.radio_hazard_ratio=1.6";
    let by_luck = "no difference in any of the 2 replicates (";
    for (changes, expected) in [
        (radio.to_owned(), NO_EFFECT),
        ("--set-b mechanisms.reprisal=false".to_owned(), by_luck),
        // One part of the change is explained; the other isn't.
        (format!("{radio} --set-b mechanisms.reprisal=false"), by_luck),
    ] {
        let text = succeed(&folder, &format!("compare one-village -q -n 2 --set days=6 {changes}"));
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in [NO_EFFECT, by_luck] {
            assert_eq!(text.contains(words), words == expected, "{changes}: {text}");
        }
        assert_eq!(
            text.contains("reprisal made no difference in them); more may show one"),
            expected == by_luck,
            "{text}"
        );
    }
}

#[test]
fn theories_with_equal_digests_are_said_to() {
    let folder = Folder::new();
    folder.copy_village(&[("days = 60", "days = 20"), ("[theory]", "[mechanisms]\nexits = false\n\n[theory]")]);
    let rows = json(&folder, "theories mine --replicates 2");
    let of = |belief: &str, exit: &str| {
        let out = format!("{belief}-{exit}");
        if !folder.path().join(&out).exists() {
            succeed(&folder, &format!("run mine -q -n 2 --theory {belief} --theory {exit} --out {out}"));
        }
        digests(&folder.path().join(out))
    };
    let Theory { belief, exit } = Theory::default();
    let (first_belief, first_exit) = (belief.word(), exit.word());
    let mut n_same = 0;
    for row in rows.as_array().unwrap() {
        let [belief, exit] = ["belief", "exit"].map(|key| row[key].as_str().unwrap());
        let is_first = (belief, exit) == (first_belief, first_exit);
        let is_same = of(belief, exit) == of(first_belief, first_exit);
        let same_as = serde_json::json!([first_belief, first_exit]);
        assert_eq!(row["same_as"] == same_as, is_same && !is_first, "{row:#}");
        n_same += usize::from(is_same && !is_first);
    }
    // Nobody leaves, so that all theories of exit come to the same; those of belief don't.
    assert_eq!(n_same, ExitTheory::ALL.len() - 1);
}

#[test]
fn a_check_of_conformance_has_an_interval_or_no_effect() {
    let folder = Folder::new();
    let found = json(&folder, "conformance --replicates 2");
    let checks = found.as_array().unwrap();
    for check in checks {
        let is_nothing = check["nothing_differs"].is_object();
        assert!(!is_nothing || check["difference"]["interval"].is_null(), "{check:#}");
        assert!(!is_nothing || check["p_together"].is_null(), "{check:#}");
    }
    let text = succeed(&folder, "conformance --replicates 2");
    assert!(zeros(&text).is_empty() && !text.contains("[+0.000, +0.000]"), "{text}");
}
