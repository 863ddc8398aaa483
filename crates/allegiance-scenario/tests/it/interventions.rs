//! Levers, policies and control on the timeline.

use allegiance_model::setup::{Change, Lever, Policy};

use crate::folder::Folder;

/// `one-village` with this entry alone on its timeline, from line 5 on.
fn with(entry: &str) -> Folder {
    let folder = Folder::new();
    let text = format!("format = 1\nid = \"mine\"\nextends = \"one-village\"\n\n[[timeline]]\n{entry}");
    folder.write("scenario.toml", text);
    folder
}

/// The messages about the entry, without that about the timeline which it replaces.
fn messages(folder: &Folder) -> String {
    let messages = folder.messages();
    messages.lines().filter(|line| !line.contains("is replaced by 1 entry")).collect::<Vec<_>>().join("\n")
}

fn lever(lines: &str) -> String {
    messages(&with(&format!("date = 2014-02-10\nkind = \"lever\"\nnote = \"x\"\nsource = \"fictional\"\n{lines}")))
}

fn control(lines: &str) -> Folder {
    with(&format!("date = 2014-02-10\nkind = \"control\"\nnote = \"x\"\nsource = \"fictional\"\n{lines}"))
}

#[test]
fn every_lever_can_be_pulled() {
    for &word in Lever::WORDS {
        let folder = with(&format!(
            "date = 2014-02-10\nkind = \"lever\"\nnote = \"x\"\nsource = \"fictional\"\nlever = \"{word}\"\ngroup = \"isis\"\nvalue = 0.5\n"
        ));
        let timeline = folder.load().unwrap().setup.timeline;
        let last = timeline.last().unwrap();
        assert_eq!(last.day, 40);
        let Change::Lever { lever, group, value } = last.change else { panic!("{last:?}") };
        assert_eq!((lever.word(), group.idx(), value), (word, 2, 0.5));
    }
}

#[test]
fn each_lever_has_its_own_bounds() {
    let of = |word: &str, value: &str| lever(&format!("lever = \"{word}\"\ngroup = \"isis\"\nvalue = {value}"));
    assert_eq!(of("stipend", "100000"), "");
    assert_eq!(of("outside_messaging", "1000"), "");
    for word in ["radio", "safe_passage", "amnesty", "trusted_message"] {
        assert_eq!(of(word, "1"), "");
        assert_eq!(of(word, "1.5"), "scenario.toml:12: timeline[0].value is 1.5; must be a number from 0 to 1");
    }
    assert_eq!(
        of("outside_messaging", "1001"),
        "scenario.toml:12: timeline[0].value is 1001; must be a number from 0 to 1000"
    );
    assert_eq!(of("stipend", "-1"), "scenario.toml:12: timeline[0].value is -1; must be a number from 0 to 100000");
    assert_eq!(
        of("radios", "0.5"),
        "scenario.toml:10: timeline[0].lever is \"radios\"; allowed words are outside_messaging, radio, safe_passage, amnesty, trusted_message, stipend; did you mean \"radio\"?"
    );
}

#[test]
fn a_lever_needs_a_group_and_a_value() {
    assert_eq!(
        lever("lever = \"radio\"\ngroup = \"isil\"\nvalue = 1"),
        "scenario.toml:11: timeline[0].group names the group \"isil\", which doesn't exist; groups are village_defenders, district_rebels, isis; did you mean \"isis\"?"
    );
    assert_eq!(
        lever("lever = \"radio\"\ngroup = \"isis\""),
        "scenario.toml:5: timeline[0].value is missing; must be a number from 0 to 1"
    );
    assert_eq!(
        lever("lever = \"radio\"\ngroup = \"isis\"\nvalue = 1\nplace = \"kafr_tut\""),
        "scenario.toml:13: timeline[0].place isn't a key of a timeline entry of kind lever; keys are date, kind, note, source, lever, group, value"
    );
}

#[test]
#[expect(clippy::float_cmp, reason = "the values are set, not computed")]
fn control_passes_with_a_share_of_four_fifths_by_default() {
    let taken = |lines: &str| {
        let timeline = control(lines).load().unwrap().setup.timeline;
        let entry = timeline.last().unwrap().clone();
        let Change::Control { place, group, share } = entry.change else { panic!("{entry:?}") };
        assert_eq!(entry.place, Some(place));
        assert_eq!((place.idx(), group.idx()), (2, 1));
        share
    };
    let lines = "place = \"kafr_tut\"\ngroup = \"district_rebels\"\n";
    assert_eq!(taken(lines), 0.8);
    assert_eq!(taken(&format!("{lines}share = 1")), 1.0);
}

#[test]
fn mistakes_of_control() {
    assert_eq!(
        messages(&control("place = \"kafr_tut\"\ngroup = \"isis\"\nshare = 80")),
        "scenario.toml:12: timeline[0].share is 80; must be a number from 0 to 1"
    );
    assert_eq!(
        messages(&control("group = \"isis\"")),
        "scenario.toml:5: timeline[0].place is missing; must be a text in quotes that isn't empty"
    );
    let message = messages(&control("place = \"kafr_tutt\"\ngroup = \"isis\""));
    assert!(message.ends_with("did you mean \"kafr_tut\"?"), "{message}");
}

/// What a policy on the timeline becomes, or the messages about it.
fn policy(word: &str, value: &str) -> Result<Change, String> {
    let folder = with(&format!(
        "date = 2014-02-10\nkind = \"policy\"\nnote = \"x\"\nsource = \"fictional\"\npolicy = \"{word}\"\ngroup = \"isis\"\nvalue = {value}\n"
    ));
    let loaded = folder.load().ok().ok_or_else(|| messages(&folder))?;
    Ok(loaded.setup.timeline.last().expect("it was added").change.clone())
}

#[test]
fn every_policy_can_be_dated() {
    for &word in Policy::WORDS {
        let Ok(Change::Policy { policy, group, value }) = policy(word, "0.5") else { panic!("{word}") };
        assert_eq!((policy.word(), group.idx(), value), (word, 2, 0.5));
    }
}

#[test]
fn a_policy_takes_what_its_key_takes() {
    assert!(policy("kin_reprisals_per_month", "2").is_ok());
    assert_eq!(
        policy("leavers_executed_share", "2").unwrap_err(),
        "scenario.toml:12: timeline[0].value is 2; must be a number from 0 to 1"
    );
    let message = policy("leavers_executed", "1").unwrap_err();
    assert!(message.contains("did you mean \"leavers_executed_share\"?"), "{message}");
}

#[test]
fn a_policy_is_a_key_of_a_group() {
    let folder = Folder::new();
    let text = "format = 1\nid = \"mine\"\nextends = \"one-village\"\n\n[[groups]]\nid = \"isis\"\n\
                leavers_executed_share = 0.9\namnesty = 0.2\n";
    folder.write("scenario.toml", text);
    let isis = folder.load().unwrap().setup.groups[2].clone();
    assert_eq!((isis.leavers_executed_share, isis.amnesty), (Some(0.9), 0.2));
    assert_eq!(isis.foreign_leavers_executed_share, None);
}
