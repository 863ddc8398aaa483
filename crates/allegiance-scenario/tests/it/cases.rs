//! Cases: what is known of a war, and mistakes in what is said of it.

use allegiance_model::case::{Layer, Measure};
use allegiance_scenario::{apply_change, builtin, load};

use crate::folder::Folder;

const CASE: &str = r#"format = 1
title = "Two weeks in the valley"
about = "an invented fortnight"
parameters = ["combat.decisiveness"]

[[patterns]]
id = "Q1"
name = "dead of two weeks"
kind = "deaths"
group = "isis"
against = "district_rebels"
from = 2014-01-03
days = 14
low = 10
high = 20
source = "invented"

[[patterns]]
id = "Q2"
name = "places lost"
kind = "places_lost"
group = "isis"
governorate = "Idlib"
from = 2014-01-03
days = 14
low = 0.2
high = 0.6
source = "invented"
"#;

/// A copy of `one-village` with a case.
fn cased(case: &str) -> Folder {
    let folder = Folder::new();
    folder.patch("scenario.toml", "seed = 2014\n", "seed = 2014\ncase = \"case.toml\"\n");
    folder.write("case.toml", case);
    folder
}

fn refusal(from: &str, to: &str) -> String {
    assert_eq!(CASE.matches(from).count(), 1, "{from:?} must be in the case once");
    cased(&CASE.replace(from, to)).messages()
}

#[test]
fn a_case_is_resolved_and_belongs_to_the_files_of_its_scenario() {
    let scenario = cased(CASE).load().unwrap();
    let case = scenario.setup.case.as_ref().unwrap();
    assert_eq!((case.title.as_str(), case.patterns.len()), ("Two weeks in the valley", 2));
    let Measure::Deaths(clashes) = &case.patterns[0].measure else { panic!("deaths are asked for") };
    assert_eq!((clashes.group.idx(), clashes.against.len(), clashes.n_days), (2, 1, 14));
    let Measure::PlacesLost { places, .. } = &case.patterns[1].measure else { panic!("places are asked for") };
    assert_eq!(places.len(), scenario.setup.places.len(), "the whole district lies in Idlib");
    assert!(scenario.files.iter().any(|file| file.name == "case.toml" && file.text == CASE));
    assert_ne!(scenario.hash, cased(&CASE.replace("high = 20", "high = 21")).load().unwrap().hash);
}

#[test]
fn the_reference_case_belongs_to_its_own_scenarios_alone() {
    for name in builtin::names() {
        let has_case = load(name).unwrap().setup.case.is_some();
        assert_eq!(has_case, ["north-syria-2014", "syria"].contains(&name), "{name}");
    }
    let case = load("north-syria-2014").unwrap().setup.case.unwrap();
    let ids: Vec<&str> = case.patterns.iter().map(|pattern| pattern.id.as_str()).collect();
    assert_eq!(ids, ["C1", "C2", "C3", "C4", "C5", "C6", "C7a", "C7b", "C8", "C9", "C11", "C12"]);
    assert_eq!(case.patterns.iter().filter(|pattern| pattern.layer == Layer::Reported).count(), 3);
    assert_eq!(case.patterns.iter().filter(|pattern| pattern.measure.is_on_the_logarithm()).count(), 4);
    assert!((case.patterns.iter().map(|pattern| pattern.weight).sum::<f64>() - 9.0).abs() < 1e-12);
}

#[test]
fn mistakes_in_a_case_are_told_with_their_line() {
    assert_eq!(
        refusal("kind = \"deaths\"", "kind = \"death\""),
        "case.toml:9: patterns[0].kind names the kind \"death\", which doesn't exist; kinds are deaths, early_deaths_share, deaths_ratio, civilian_share, executed_share, places_lost, first_members, first_foreign_share, quiet_desertions, quiet_switching, ideology_first, prospects_named; did you mean \"deaths\"?"
    );
    assert_eq!(
        refusal("against = \"district_rebels\"", "against = \"district_rebel\""),
        "case.toml:11: patterns[0].against names the group \"district_rebel\", which doesn't exist; groups are village_defenders, district_rebels, isis; did you mean \"district_rebels\"?"
    );
    assert_eq!(
        refusal("governorate = \"Idlib\"", "governorate = \"Idlip\""),
        "case.toml:23: patterns[1].governorate is \"Idlip\"; governorates are only Idlib; did you mean \"Idlib\"?"
    );
    assert_eq!(
        refusal("governorate = \"Idlib\"\n", ""),
        "case.toml:18: patterns[1] names no places; must have governorate or places"
    );
    assert_eq!(refusal("low = 10", "low = 30"), "case.toml:14: patterns[0].low is 30; must be below high, which is 20");
    assert_eq!(
        refusal("low = 10", "low = 0"),
        "case.toml:14: patterns[0].low is 0; must be above 0, for deaths is compared by its logarithm"
    );
    assert_eq!(
        refusal("low = 0.2", "low = 0.2\nrecord = \"reported\""),
        "case.toml:27: patterns[1].record is reported; places_lost can only be judged on what happened"
    );
    assert_eq!(
        refusal("combat.decisiveness", "combat.decisivness"),
        "case.toml:4: parameters[0] is \"combat.decisivness\"; must be the name of a parameter, such as combat.decisiveness; did you mean \"combat.decisiveness\"?"
    );
    assert_eq!(
        refusal("id = \"Q2\"", "id = \"Q1\""),
        "case.toml:18: patterns[1].id \"Q1\" is there twice; must be unique"
    );
    assert_eq!(
        refusal("format = 1", "format = 2"),
        format!(
            "case.toml:1: format is 2; Allegiance {} reads format 1; get a newer Allegiance for this file",
            env!("CARGO_PKG_VERSION")
        )
    );
    let missing = Folder::new();
    missing.patch("scenario.toml", "seed = 2014\n", "seed = 2014\ncase = \"case.toml\"\n");
    assert_eq!(missing.messages(), "scenario.toml:19: case names the file \"case.toml\", which isn't there");
}

#[test]
fn a_changed_setup_keeps_its_case() {
    let mut scenario = cased(CASE).load().unwrap();
    let before = scenario.setup.case.clone();
    apply_change(&mut scenario.setup, "scale=10").unwrap();
    assert_eq!(scenario.setup.case, before);
}
