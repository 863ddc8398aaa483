//! Axes of cause in the scenario's own words.

use allegiance_model::ids::GroupId;
use allegiance_model::setup::AxisSetup;
use allegiance_scenario::{apply_change, load};

use crate::folder::{Folder, after};

fn toml(from: &str, to: &str) -> String {
    after("scenario.toml", from, to)
}

/// Puts axes of its own into a copy of the village: one in place of three, and
/// one against a group.
fn with_axes(axes: &str) -> Folder {
    let folder = Folder::new();
    for (old, score) in [
        ("revisionism = 1.5, islamism = 2.5, sectarianism = 2", 2),
        ("revisionism = 2, islamism = 3, sectarianism = 2.5", 3),
        ("revisionism = 5, islamism = 5, sectarianism = 5", 5),
    ] {
        folder.patch("scenario.toml", old, &format!("hills = {score}, war = 4"));
    }
    folder.patch("scenario.toml", "[constituencies]\n", &format!("{axes}\n[constituencies]\n"));
    folder
}

const AXES: &str = "[[axes]]\nid = \"hills\"\nmeaning = \"Rule of the hills\"\nis_home_rule = true\n\n\
                    [[axes]]\nid = \"war\"\nmeaning = \"War on the group\"\nmean = 4\nweight = 0\n\
                    against = [\"isis\", \"district_rebels\"]\n";

#[test]
fn axes_are_those_that_the_scenario_declares() {
    let mut setup = with_axes(AXES).load().unwrap().setup;
    let hills = AxisSetup { is_home_rule: true, ..AxisSetup::plain("hills", "Rule of the hills") };
    let against = vec![GroupId(1), GroupId(2)];
    let war = AxisSetup { mean: 4.0, weight: 0.0, against, ..AxisSetup::plain("war", "War on the group") };
    assert_eq!(setup.axes, [hills, war]);
    assert_eq!(setup.groups[1].cause, [3.0, 4.0]);
    let (village, isis) = (GroupId(0), GroupId(2));
    assert_eq!(setup.cause_distance(village, isis).to_bits(), 0.75_f64.to_bits(), "the war doesn't count");
    apply_change(&mut setup, "groups.isis.cause.hills=3").unwrap();
    assert_eq!(setup.cause_distance(village, isis).to_bits(), 0.25_f64.to_bits());
    assert_eq!(
        apply_change(&mut setup, "groups.isis.cause.hills=6").unwrap_err().to_string(),
        "groups.isis.cause.hills is 6; must be a number from 1 to 5"
    );
}

#[test]
fn a_scenario_without_axes_has_the_usual_ones() {
    assert_eq!(load("one-village").unwrap().setup.axes, AxisSetup::usual());
}

#[test]
fn the_shipped_wars_measure_causes_on_the_dimensions_of_their_source() {
    for name in ["north-syria-2014", "syria"] {
        let setup = load(name).unwrap().setup;
        let counted: Vec<&str> =
            setup.axes.iter().filter(|axis| axis.weight > 0.0).map(|axis| axis.id.as_str()).collect();
        assert_eq!(counted, AxisSetup::USUAL, "{name}");
        let id = |wanted: &str| GroupId::from_idx(setup.groups.iter().position(|group| group.id == wanted).unwrap());
        let against: Vec<GroupId> = setup.axes.iter().flat_map(|axis| axis.against.clone()).collect();
        assert_eq!(against, [id("regime")], "{name}");
        assert_eq!(setup.cause_distance(id("isis"), id("regime")).to_bits(), 0.75_f64.to_bits(), "{name}");
    }
}

#[test]
fn mistakes_in_axes() {
    let after_patch = |from: &str, to: &str| with_axes(&AXES.replace(from, to)).messages();
    let told = after_patch("\"district_rebels\"", "\"district_rebel\"");
    assert!(
        told.contains(
            "axes[1].against names the group \"district_rebel\", which doesn't exist; groups are village_defenders, \
             district_rebels, isis; did you mean \"district_rebels\"?"
        ),
        "{told}"
    );
    let told = after_patch("id = \"war\"", "id = \"hills\"");
    assert!(told.contains("axes[1].id \"hills\" is there twice; must be unique"), "{told}");
    let told = after_patch("mean = 4", "mean = 6");
    assert!(told.contains("axes[1].mean is 6; must be a number from 1 to 5"), "{told}");
    let told = after_patch("id = \"war\"", "id = \"wars\"");
    assert!(
        told.contains("groups[0].cause.war isn't an axis of cause; axes are hills, wars; did you mean \"wars\"?")
            && told.contains("groups[0].cause.wars is missing; must be a number from 1 to 5"),
        "{told}"
    );
    assert_eq!(
        toml("cause = { revisionism = 5, islamism = 5, sectarianism = 5 }", "cause = 5"),
        "scenario.toml:87: groups[2].cause is 5; must be a table of numbers from 1 to 5"
    );
}
