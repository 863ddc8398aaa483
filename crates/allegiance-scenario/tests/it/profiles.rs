//! Profiles: what a group is like where its file doesn't say.

use allegiance_scenario::Profile;

use crate::folder::{Folder, after};

/// The lines of a group of `one-village` that a profile states too.
fn without(folder: &Folder, keys: &[&str]) {
    let text = fs_err::read_to_string(folder.path().join("scenario.toml")).unwrap();
    let mut is_in_group = false;
    let kept = text.lines().filter(|line| {
        if line.starts_with("[[") || line.starts_with('[') {
            is_in_group = line.trim() == "[[groups]]";
        }
        !(is_in_group && keys.iter().any(|key| line.starts_with(&format!("{key} ="))))
    });
    let kept: Vec<&str> = kept.collect();
    fs_err::write(folder.path().join("scenario.toml"), kept.join("\n")).unwrap();
}

#[test]
fn a_profile_states_what_the_group_does_not_and_a_key_of_the_group_wins() {
    let folder = Folder::new();
    without(&folder, &["brutality", "motives", "foreign_share"]);
    for id in ["village_defenders", "district_rebels", "isis"] {
        folder.patch("scenario.toml", &format!("id = \"{id}\"\n"), &format!("id = \"{id}\"\nprofile = \"militia\"\n"));
    }
    let with = folder.load().unwrap().setup;
    let (before, militia) = (Folder::new().load().unwrap().setup, Profile::Militia.group());
    for (group, old) in with.groups.iter().zip(&before.groups) {
        assert_eq!(group.motives, militia.motives);
        assert_eq!(group.foreign_share, militia.foreign_share);
        assert!((group.brutality - militia.brutality).abs() < 1e-12);
        assert_eq!((group.answers, group.members), (old.answers, old.members));
    }
}

#[test]
fn a_missing_key_hints_at_profiles_and_a_profile_that_gives_nothing_is_told() {
    let folder = Folder::new();
    without(&folder, &["discipline"]);
    let said = folder.messages();
    assert!(said.contains("or let a profile state it: profile = \"rebel\""), "{said}");
    let idle = after("scenario.toml", "id = \"isis\"\n", "id = \"isis\"\nprofile = \"militia\"\n");
    assert_eq!(idle, "");
    let unknown = after("scenario.toml", "id = \"isis\"\n", "id = \"isis\"\nprofile = \"rebels\"\n");
    assert!(unknown.contains("did you mean \"rebel\"?"), "{unknown}");
    // Of what an unknown profile would have stated nothing is missed.
    folder.patch("scenario.toml", "id = \"isis\"\n", "id = \"isis\"\nprofile = \"rebels\"\n");
    let said = folder.messages();
    assert_eq!(said.matches("discipline is missing").count(), 2, "{said}");
    assert_eq!(said.lines().filter(|line| line.contains("groups[2]")).count(), 1, "{said}");
}
