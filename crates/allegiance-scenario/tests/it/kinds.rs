//! Kinds of groups and constituencies in the scenario's own words.

use allegiance_model::ids::GroupId;
use allegiance_model::setup::ReportedAs;
use allegiance_scenario::{apply_change, load};

use crate::folder::{Folder, after};

fn toml(from: &str, to: &str) -> String {
    after("scenario.toml", from, to)
}

#[test]
fn kinds_and_constituencies_are_those_that_the_scenario_declares() {
    let folder = Folder::new();
    folder.patch(
        "scenario.toml",
        "id = \"jihadist\"\nconstituency = \"opposition\"",
        "id = \"cartel\"\nconstituency = \"border\"",
    );
    folder.patch("scenario.toml", "[constituencies]\n", "[constituencies]\nborder = \"The people of the border\"\n");
    folder.patch("scenario.toml", "kind = \"jihadist\"", "kind = \"cartel\"");
    let mut setup = folder.load().unwrap().setup;
    assert_eq!(setup.constituencies, ["border", "government", "opposition"]);
    let isis = GroupId(2);
    assert_eq!(setup.kind_of(isis).id, "cartel");
    assert!(!setup.share_constituency(GroupId(0), isis) && setup.share_constituency(GroupId(0), GroupId(1)));
    apply_change(&mut setup, "groups.isis.kind=rebel").unwrap();
    assert!(setup.share_constituency(GroupId(0), isis));
    assert_eq!(
        apply_change(&mut setup, "groups.isis.kind=cartell").unwrap_err().to_string(),
        "groups.isis.kind names the kind \"cartell\", which doesn't exist; kinds are state, rebel, cartel, local_defence; did you mean \"cartel\"?"
    );
}

#[test]
fn the_shipped_wars_declare_their_camps() {
    let village = load("one-village").unwrap().setup;
    assert!(village.share_constituency(GroupId(0), GroupId(2)));
    assert!(village.kind_of(GroupId(0)).stays_home && !village.kind_of(GroupId(1)).stays_home);
    assert_eq!(village.kind_of(GroupId(2)).reported_as, ReportedAs::Hidden);
    for name in ["north-syria-2014", "syria"] {
        let setup = load(name).unwrap().setup;
        let id = |wanted: &str| GroupId::from_idx(setup.groups.iter().position(|group| group.id == wanted).unwrap());
        let [regime, isis, rebels, ypg] = ["regime", "isis", "ahrar_al_sham", "ypg"].map(id);
        assert!(setup.kind_of(regime).is_state && setup.share_constituency(isis, rebels), "{name}");
        assert!(!setup.share_constituency(ypg, rebels) && !setup.share_constituency(ypg, regime), "{name}");
        assert_eq!(setup.kind_of(ypg).reported_as, ReportedAs::Autonomous);
    }
}

#[test]
fn mistakes_in_kinds() {
    assert_eq!(
        toml("id = \"jihadist\"\nconstituency = \"opposition\"", "id = \"jihadist\"\nconstituency = \"oposition\""),
        "scenario.toml:193: kinds[2].constituency names the constituency \"oposition\", which doesn't exist; constituencies are government, opposition; did you mean \"opposition\"?"
    );
    assert_eq!(
        toml("reported_as = \"hidden\"", "reported_as = \"secret\""),
        "scenario.toml:194: kinds[2].reported_as is \"secret\"; allowed words are state, rebel, hidden, autonomous, local_defence"
    );
    assert_eq!(
        toml("id = \"jihadist\"\n", "id = \"rebel\"\n"),
        "scenario.toml:191: kinds[2].id \"rebel\" is there twice; must be unique"
    );
}
