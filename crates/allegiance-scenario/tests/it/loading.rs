//! Finding, extending, hashing and completing scenarios.

use allegiance_model::setup::Change;
use allegiance_scenario::{load, load_files};

use crate::folder::{Folder, after};

#[test]
fn a_folder_and_its_file_are_the_same_scenario_as_the_builtin() {
    let folder = Folder::new();
    let from_folder = folder.load().unwrap();
    let from_file = load(folder.path().join("scenario.toml").to_str().unwrap()).unwrap();
    let builtin = load("one-village").unwrap();
    assert_eq!(from_folder.setup, builtin.setup);
    assert_eq!(from_file.setup, builtin.setup);
    assert_eq!(from_folder.hash, builtin.hash);
    assert_eq!(from_file.hash, builtin.hash);
    assert_eq!(builtin.hash.len(), 64);
    let names: Vec<&str> = builtin.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["scenario.toml", "places.csv", "control.csv", "garrisons.csv"]);
}

#[test]
fn one_changed_byte_changes_the_hash() {
    let folder = Folder::new();
    let before = folder.load().unwrap().hash;
    folder.patch(
        "places.csv",
        "village,Idlib,Wadi al-Lawz (fictional),Tall Rumman,35.900",
        "village,Idlib,Wadi al-Lawz (fictional),Tall Rumman,35.901",
    );
    assert_ne!(folder.load().unwrap().hash, before);
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest_builtin() {
    let message = load("one-vilage").unwrap_err().to_string();
    assert!(message.starts_with("there is no scenario \"one-vilage\": it is neither a built-in scenario ("));
    assert!(message.ends_with(") nor a folder or file; did you mean \"one-village\"?"), "{message}");
}

#[test]
fn a_folder_without_a_scenario_file_is_named_in_the_error() {
    let folder = Folder::new();
    fs_err::remove_file(folder.path().join("scenario.toml")).unwrap();
    let error = folder.load().unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("scenario.toml"), "{cause}");
}

#[test]
fn a_scenario_extends_another_and_changes_a_few_keys() {
    let folder = Folder::new();
    folder.write(
        "scenario.toml",
        r#"
format = 1
extends = "one-village"
id = "gentle-isis"
days = 20

[[groups]]
id = "isis"
brutality = 0.1
cause = { islamism = 4 }

[parameters.combat]
decisiveness = 2

[mechanisms]
voice = false

[[timeline]]
date = 2014-01-05
kind = "pay"
group = "isis"
pay_usd_per_month = 200
note = "Pay is halved early."
source = "judgement"
"#,
    );
    let base = load("one-village").unwrap();
    let scenario = folder.load().unwrap();
    assert_eq!(scenario.id, "gentle-isis");
    assert_eq!(scenario.title, base.title);
    assert_eq!(scenario.setup.n_days, 20);
    assert_eq!(scenario.setup.places, base.setup.places);
    assert_eq!(scenario.setup.garrisons, base.setup.garrisons);
    let mut isis = base.setup.groups[2].clone();
    isis.brutality = 0.1;
    isis.cause[1] = 4.0;
    assert_eq!(scenario.setup.groups[2], isis);
    assert_eq!(scenario.setup.groups[..2], base.setup.groups[..2]);
    assert_eq!(scenario.setup.parameters.value("combat.decisiveness"), Some(2.0));
    assert_eq!(scenario.setup.timeline.len(), 1, "a list without ids is replaced");
    assert!(matches!(scenario.setup.timeline[0].change, Change::Pay { .. }));
    let names: Vec<&str> = scenario.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(
        names,
        ["scenario.toml", "base/scenario.toml", "base/places.csv", "base/control.csv", "base/garrisons.csv"]
    );
    assert_ne!(scenario.hash, base.hash);
}

#[test]
fn a_scenario_extends_a_folder_beside_it_with_a_table_of_its_own() {
    let base = Folder::new();
    let folder = Folder::new();
    let name = base.path().file_name().unwrap().to_str().unwrap();
    folder.write(
        "scenario.toml",
        format!("format = 1\nextends = \"../{name}\"\nid = \"variant\"\n[tables]\ngarrisons = \"garrisons.csv\"\n"),
    );
    folder.patch("garrisons.csv", "isis,burj_sindyan,180", "isis,burj_sindyan,170");
    folder.patch("garrisons.csv", "isis,kafr_tut,90", "isis,kafr_tut,100");
    let scenario = folder.load().unwrap();
    assert_eq!(scenario.setup.garrisons[6].members, 170);
    let names: Vec<&str> = scenario.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["scenario.toml", "garrisons.csv", "base/scenario.toml", "base/places.csv", "base/control.csv"]);
    // The files as a run keeps them are the scenario, in memory and in the run's folder, without what it extended.
    let again = load_files(scenario.files.clone()).unwrap();
    assert_eq!((&again.setup, &again.hash, &again.files), (&scenario.setup, &scenario.hash, &scenario.files));
    drop(base);
    let kept = Folder::new();
    fs_err::create_dir(kept.path().join("base")).unwrap();
    for file in &scenario.files {
        kept.write(&file.name, &file.text);
    }
    let again = kept.load().unwrap();
    assert_eq!((&again.setup, &again.hash), (&scenario.setup, &scenario.hash));
}

#[test]
fn a_group_without_garrisons_is_spread_by_control_and_the_root_of_population() {
    let folder = Folder::new();
    let text = "group,place,members,source\nvillage_defenders,tall_rumman,35,B5\n";
    folder.write("garrisons.csv", text);
    let scenario = folder.load().unwrap();
    let setup = &scenario.setup;
    let isis: Vec<_> = setup.garrisons.iter().filter(|garrison| garrison.group.idx() == 2).collect();
    assert_eq!(isis.iter().map(|garrison| garrison.members).sum::<u32>(), 340);
    let weight = |idx: usize| setup.places[idx].control[2] * f64::from(setup.places[idx].population).sqrt();
    let sum: f64 = (0..setup.places.len()).map(weight).sum();
    for garrison in isis {
        let due = 340.0 * weight(garrison.place.idx()) / sum;
        assert!((f64::from(garrison.members) - due).abs() < 1.0);
    }
}

#[test]
fn the_garrisons_table_may_be_left_out() {
    let folder = Folder::new();
    folder.patch("scenario.toml", "garrisons = \"garrisons.csv\"\n", "");
    let scenario = folder.load().unwrap();
    for (group_idx, group) in scenario.setup.groups.iter().enumerate() {
        let own = scenario.setup.garrisons.iter().filter(|garrison| garrison.group.idx() == group_idx);
        assert_eq!(own.map(|garrison| garrison.members).sum::<u32>(), group.members);
    }
}

#[test]
fn columns_may_come_in_any_order_and_a_byte_order_mark_is_fine() {
    let folder = Folder::new();
    let text = "\u{feff}source,members,place,group\r\nB5,35,tall_rumman,village_defenders\r\n";
    folder.write("garrisons.csv", text);
    assert_eq!(folder.messages(), "");
    assert_eq!(folder.load().unwrap().setup.garrisons[0].members, 35);
}

#[test]
fn one_relation_entry_may_relate_all_its_groups_to_each_other() {
    let folder = Folder::new();
    folder.patch(
        "scenario.toml",
        "a = \"village_defenders\"\nb = \"district_rebels\"",
        "a = [\"village_defenders\", \"district_rebels\"]\nb = [\"village_defenders\", \"district_rebels\"]",
    );
    assert_eq!(folder.load().unwrap().setup, load("one-village").unwrap().setup);
}

#[test]
fn a_scenario_says_whether_its_places_are_real() {
    let about = |name: &str| load(name).unwrap().setup.about();
    let invented = "Simulated: synthetic people in invented places; not a forecast.";
    let real = "Simulated: synthetic people in real places; not a forecast.";
    for name in allegiance_scenario::builtin::names() {
        let is_invented = name.starts_with("one-village") || name == "cut-off-garrison";
        let expected = if is_invented { invented } else { real };
        assert_eq!(about(name), expected, "{name}");
    }
    let said = |to: &str| {
        let folder = Folder::new();
        folder.patch("scenario.toml", "places_are_real = false\n", to);
        folder.load().unwrap().setup
    };
    assert_eq!(said("places_are_real = true\n").about(), real);
    assert_eq!(said("").places_are_real, None);
    assert_eq!(said("").about(), "Simulated: synthetic people; not a forecast.");
    assert_eq!(
        after("scenario.toml", "places_are_real = false\n", "places_are_real = \"yes\"\n").split_once(": ").unwrap().1,
        "places_are_real is the text \"yes\"; must be true or false"
    );
}
