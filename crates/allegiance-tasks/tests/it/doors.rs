//! Every key of `--set` through every door: the change means the same.

use allegiance_lab::experiment::Variant;
use allegiance_model::setup::Setup;
use allegiance_scenario::{SettableKey, apply_change, load, load_experiment, parse_design, settable_keys};
use allegiance_tasks::{Comparison, build_arm, load_changed, sweep_input};
use std::fmt::Write as _;

const SCENARIO: &str = "one-village";
/// Values of which some key takes at least one that is new to it.
const VALUES: &[&str] = &[
    "0.25", "0.5", "2", "3", "12", "40", "0.7", "true", "false", "fixed", "constant", "war", "truce", "state", "0.05",
    "0.001",
];
/// Keys that change which world it is: only runs and sweeps may differ in them.
const OF_WORLD: &[&str] = &["days", "seed", "scale"];

/// Every key with a value that changes the setup, and the setup that it gives;
/// what has no such value (the only mode that there are data for) keeps its own.
fn changes() -> Vec<(String, String, Setup)> {
    let setup = load(SCENARIO).unwrap().setup;
    let change = |key: &str, value: &str| {
        let mut changed = setup.clone();
        apply_change(&mut changed, &format!("{key}={value}")).ok()?;
        (changed != setup).then(|| (key.to_owned(), value.to_owned(), changed))
    };
    let keys = settable_keys(&setup);
    let found = keys.iter().map(|SettableKey { key, value, .. }| {
        let new = VALUES.iter().find_map(|value| change(key, value));
        new.unwrap_or_else(|| {
            assert_eq!(key, "operations.mode", "no value of the list changes {key}");
            (key.clone(), value.clone().unwrap_or_default(), setup.clone())
        })
    });
    found.collect()
}

#[test]
fn every_key_means_the_same_to_runs_comparisons_and_python() {
    for (key, value, expected) in changes() {
        let change = vec![format!("{key}={value}")];
        assert_eq!(load_changed(SCENARIO, &change).unwrap().setup, expected, "a run with {change:?}");
        let both = (load(SCENARIO).unwrap(), load(SCENARIO).unwrap());
        match Comparison::new(both, (&[], &change), &[]) {
            Ok(comparison) => {
                assert_eq!(comparison.build(1, &Variant::Main).unwrap(), expected, "--set-b {change:?}");
                let is_told = comparison.differs().iter().any(|one| !one.kind.is_of_world());
                assert!(is_told || key == "operations.mode", "{change:?} is told as a difference");
            }
            Err(error) => assert!(OF_WORLD.contains(&key.as_str()), "{change:?}: {error}"),
        }
        let both = (load(SCENARIO).unwrap(), load(SCENARIO).unwrap());
        let comparison = Comparison::new(both, (&change, &[]), &[]).unwrap();
        for arm in 0..2 {
            assert_eq!(comparison.build(arm, &Variant::Main).unwrap(), expected, "--set {change:?}");
        }
    }
}

#[test]
fn every_key_is_a_factor_of_a_design() {
    // It is another word for the slots, so that no design can have both.
    let (theory, others): (Vec<_>, Vec<_>) = changes().into_iter().partition(|(key, ..)| key == "theory");
    for some in [theory, others] {
        let mut text = format!(
            "format = 1\nid = \"all\"\ntitle = \"All keys\"\nscenario = \"{SCENARIO}\"\nsampler = \"random\"\nrows = 1\n\
             replicates = 1\noutcomes = [\"deaths\"]\n"
        );
        for (key, value, _) in &some {
            writeln!(text, "[[factors]]\nkey = \"{key}\"\nvalues = [\"{value}\"]").unwrap();
        }
        let file = parse_design("all.toml", &text, &[]).unwrap();
        let input = sweep_input(&file);
        for (key, value, expected) in &some {
            let mut setup = input.setup.clone();
            (input.apply)(&mut setup, &format!("{key}={value}")).unwrap();
            assert_eq!(setup, *expected, "a factor {key}={value}");
        }
    }
}

#[test]
fn every_key_is_set_by_an_arm_of_an_experiment() {
    let folder = std::env::temp_dir().join(format!("allegiance-doors-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("all.toml");
    let all = changes();
    for some in all.chunks(48) {
        let mut text = format!(
            "format = 1\nid = \"all\"\ntitle = \"All keys\"\nquestion = \"?\"\nscenario = \"{SCENARIO}\"\n\
             outcomes = [\"deaths\"]\n[[arms]]\nid = \"base\"\ntitle = \"As it is\"\n"
        );
        for (at, (key, value, _)) in some.iter().enumerate() {
            writeln!(text, "[[arms]]\nid = \"arm{at}\"\ntitle = \"{key}\"\nset = [\"{key}={value}\"]").unwrap();
        }
        std::fs::write(&path, &text).unwrap();
        let file = load_experiment(path.to_str().unwrap()).unwrap();
        for (at, (key, value, expected)) in some.iter().enumerate() {
            assert_eq!(build_arm(&file, at + 1, &Variant::Main).unwrap(), *expected, "an arm with {key}={value}");
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_mistake_has_the_same_message_at_every_door() {
    for (change, message) in [
        (
            "observation.share_rebl=0.5",
            "observation.share_rebl isn't a parameter of observation; parameters are country, gw_number, region, conflict, intercept, size, civilian, hidden, \
             remote, intensity, share_civilian, share_rebel, share_hidden, share_state, share_autonomous, \
             share_local_defence, side_unknown, contested, rumoured, exaggerated, exact_place_town, exact_place_village, \
             near_place, district_place, exact_date, week_date, further_sources; did you mean \"share_rebel\"?",
        ),
        ("days=0", "days is 0; must be a whole number from 1 to 5000"),
        (
            "harm.brutality_weight=100",
            "harm.brutality_weight is 100; must be a number from 0 to 20; 0 to 2 is plausible",
        ),
        ("scale=ten", "scale is the text \"ten\"; must be a whole number from 1 to 1000000"),
    ] {
        let changes = vec![change.to_owned()];
        assert_eq!(load_changed(SCENARIO, &changes).unwrap_err().to_string(), message);
        let both = (load(SCENARIO).unwrap(), load(SCENARIO).unwrap());
        assert_eq!(Comparison::new(both, (&[], &changes), &[]).unwrap_err().to_string(), message);
        let (key, value) = change.split_once('=').unwrap();
        let design = format!(
            "format = 1\nid = \"a\"\ntitle = \"A\"\nscenario = \"{SCENARIO}\"\nsampler = \"grid\"\nreplicates = 1\n\
             outcomes = [\"deaths\"]\n[[factors]]\nkey = \"{key}\"\nvalues = [\"{value}\"]\n"
        );
        let Err(allegiance_scenario::LoadDocumentError::Invalid { problems, .. }) =
            parse_design("a.toml", &design, &[])
        else {
            panic!("the design is refused");
        };
        // A key that nothing has is told of the key, a wrong value of the value.
        let place =
            if message.contains("isn't a parameter") { "9: factors[0].key" } else { "10: factors[0].values[0]" };
        assert_eq!(problems[0].to_string(), format!("a.toml:{place} can't be used: {message}"));
    }
}
