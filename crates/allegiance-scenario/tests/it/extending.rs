//! Scenarios that extend another: what is added, and what is replaced.

use allegiance_model::setup::Change;
use allegiance_scenario::load;

use crate::folder::Folder;

/// A scenario on top of `one-village`.
fn on_top(rest: &str) -> Folder {
    let folder = Folder::new();
    folder.write("scenario.toml", format!("format = 1\nextends = \"one-village\"\nid = \"mine\"\n{rest}"));
    folder
}

const LEVER: &str = "date = 2014-01-05\nkind = \"lever\"\nlever = \"safe_passage\"\ngroup = \"isis\"\nvalue = 1\n\
                     note = \"Leavers are let through.\"\nsource = \"judgement\"\n";

#[test]
fn one_entry_of_its_own_replaces_the_timeline_and_that_is_told() {
    let folder = on_top(&format!("[[timeline]]\n{LEVER}"));
    assert_eq!(folder.load().unwrap().setup.timeline.len(), 1);
    assert_eq!(
        folder.messages(),
        "scenario.toml:4: warning: timeline of one-village (5 entries, among them 4 assaults) is replaced by 1 entry; \
         [[timeline_append]] adds entries to it instead"
    );
}

#[test]
fn an_empty_timeline_drops_the_war_and_that_is_told_where_it_is_extended_too() {
    let folder = on_top("timeline = []\n");
    let told = "warning: timeline of one-village (5 entries, among them 4 assaults) is replaced by none; \
                [[timeline_append]] adds entries to it instead";
    assert_eq!(folder.load().unwrap().setup.timeline.len(), 0);
    assert_eq!(folder.messages(), format!("scenario.toml:4: {told}"));
    let above = Folder::new();
    let name = folder.path().file_name().unwrap().to_str().unwrap();
    above.write("scenario.toml", format!("format = 1\nextends = \"../{name}\"\nid = \"third\"\n"));
    assert!(above.messages().ends_with(&format!("{name}/scenario.toml:4: {told}")), "{}", above.messages());
}

#[test]
fn lists_that_merge_by_identifier_tell_what_was_hardly_meant() {
    assert_eq!(
        on_top("groups = []\n").messages(),
        "scenario.toml:4: warning: groups is empty, and of one-village 3 entries stay; entries merge by their id, so none \
         is dropped by leaving it out"
    );
    let group = "[[groups]]\nid = \"issis\"\nname = \"X\"\nkind = \"rebel\"\nprofile = \"rebel\"\nmembers = 10\n\
                 source = \"judgement\"\n";
    let told = on_top(group).messages();
    assert!(
        told.contains(
            "scenario.toml:5: warning: groups[0].id is \"issis\", a new group beside those of one-village; did you mean \"isis\"?"
        ),
        "{told}"
    );
}

#[test]
fn an_entry_can_be_added_to_the_timeline_that_is_there() {
    let base = load("one-village").unwrap().setup;
    let folder = on_top(&format!("[[timeline_append]]\n{LEVER}"));
    assert_eq!(folder.messages(), "");
    let timeline = folder.load().unwrap().setup.timeline;
    let without: Vec<_> =
        timeline.iter().filter(|entry| !matches!(entry.change, Change::Lever { .. })).cloned().collect();
    assert_eq!((without, timeline.len()), (base.timeline.clone(), base.timeline.len() + 1));
    assert!(timeline.is_sorted_by_key(|entry| entry.day));
    let lever = timeline.iter().find(|entry| matches!(entry.change, Change::Lever { .. })).unwrap();
    assert_eq!(lever.day, 4);
}

#[test]
fn those_that_extend_one_another_all_add() {
    let base = on_top(&format!("[[timeline_append]]\n{LEVER}"));
    let folder = Folder::new();
    let name = base.path().file_name().unwrap().to_str().unwrap();
    let head = format!("format = 1\nextends = \"../{name}\"\nid = \"third\"\n");
    let earlier = LEVER.replace("2014-01-05", "2014-01-02");
    folder.write("scenario.toml", format!("{head}[[timeline_append]]\n{earlier}"));
    assert_eq!(folder.messages(), "");
    let n_base = load("one-village").unwrap().setup.timeline.len();
    assert_eq!(folder.load().unwrap().setup.timeline.len(), n_base + 2);
    folder.write("scenario.toml", format!("{head}[[timeline]]\n{earlier}"));
    assert_eq!(
        folder.messages(),
        "scenario.toml:4: warning: timeline of one-village (6 entries, among them 4 assaults and 1 lever) is replaced by 1 \
         entry; [[timeline_append]] adds entries to it instead"
    );
    assert_eq!(folder.load().unwrap().setup.timeline.len(), 1);
}

#[test]
fn a_mistake_in_an_added_entry_is_found_where_it_stands() {
    let folder = on_top(&format!("[[timeline_append]]\n{LEVER}\n[[timeline_append]]\n{}", LEVER.replace("05", "04")));
    assert_eq!(
        folder.messages(),
        "scenario.toml:14: timeline_append[1].date is 2014-01-04, earlier than the entry before it; must be 2014-01-05 or \
         later; put the entries in the order of their dates"
    );
}

#[test]
fn tables_and_relations_that_are_replaced_are_told() {
    let folder = on_top(
        "[[relations]]\na = \"isis\"\nb = \"district_rebels\"\nkind = \"truce\"\nsource = \"judgement\"\n\
         [tables]\ngarrisons = \"garrisons.csv\"\nplaces = \"places.csv\"\n",
    );
    assert_eq!(
        folder.messages(),
        "scenario.toml:4: warning: relations of one-village (2 entries) are replaced by 1 entry; a pair that the new ones \
         don't name starts at truce\n\
         scenario.toml:4: warning: relations say nothing of 2 pairs: village_defenders-district_rebels, \
         village_defenders-isis; a pair without a relation starts at truce\n\
         scenario.toml:10: warning: tables.garrisons of one-village (9 rows) are replaced by 9 rows\n\
         scenario.toml:11: warning: tables.places of one-village (12 rows) are replaced by 12 rows"
    );
}
