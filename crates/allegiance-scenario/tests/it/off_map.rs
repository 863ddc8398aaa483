//! What comes from off the map: inflow, arms, revenue, shocks and conscripts on the timeline.

use allegiance_model::ids::GroupId;
use allegiance_model::setup::Change;
use allegiance_model::tables::Rank;

use crate::folder::Folder;

/// `one-village` with an entry of a kind alone on its timeline; its own keys stand
/// from line 10 on.
fn with(kind: &str, lines: &str) -> Folder {
    let folder = Folder::new();
    let text = format!(
        "format = 1\nid = \"mine\"\nextends = \"one-village\"\n\n[[timeline]]\ndate = 2014-02-10\nkind = \"{kind}\"\n\
         note = \"x\"\nsource = \"fictional\"\n{lines}"
    );
    folder.write("scenario.toml", text);
    folder
}

fn change(kind: &str, lines: &str) -> Change {
    let timeline = with(kind, lines).load().unwrap().setup.timeline;
    timeline.last().unwrap().change.clone()
}

/// The messages about the entry, without that about the timeline which it replaces.
fn messages(kind: &str, lines: &str) -> String {
    let messages = with(kind, lines).messages();
    messages.lines().filter(|line| !line.contains("is replaced by 1 entry")).collect::<Vec<_>>().join("\n")
}

#[test]
fn each_kind_is_read_as_it_is_written() {
    let group = GroupId(2);
    let lines = "group = \"isis\"\nmembers_per_month = 8.5\nforeign = true\n";
    let inflow = |rank, is_foreign| Change::Inflow { group, rank, is_foreign, per_month: 8.5 };
    assert_eq!(change("inflow", lines), inflow(Rank::RankAndFile, true));
    let commanders = format!("{}rank = \"unit_commander\"\n", lines.replace("true", "false"));
    assert_eq!(change("inflow", &commanders), inflow(Rank::UnitCommander, false));
    assert_eq!(change("arms", "group = \"isis\"\ndiscipline = 1.6\n"), Change::Arms { group, discipline: 1.6 });
    assert_eq!(
        change("revenue", "group = \"isis\"\nusd_per_place_per_month = 9000\n"),
        Change::Revenue { group, usd_per_place_per_month: 9000.0 }
    );
    assert_eq!(change("shock", "group = \"isis\"\nlog_odds = -1\n"), Change::Shock { group, log_odds: -1.0 });
    assert_eq!(change("conscripts", "group = \"isis\"\nmen = 60\n"), Change::Conscripts { group, men: 60 });
}

#[test]
fn mistakes() {
    assert_eq!(
        messages("inflow", "group = \"isis\"\nmembers_per_month = -1\nforeign = true\n"),
        "scenario.toml:11: timeline[0].members_per_month is -1; must be a number from 0 to 100000"
    );
    assert_eq!(
        messages("inflow", "group = \"isis\"\nmembers_per_month = 1\n"),
        "scenario.toml:5: timeline[0].foreign is missing; must be true or false"
    );
    assert_eq!(
        messages("inflow", "group = \"isis\"\nmembers_per_month = 1\nforeign = true\nrank = \"emir\"\n"),
        "scenario.toml:13: timeline[0].rank is \"emir\"; allowed words are rank_and_file, unit_commander, field_commander, \
         leadership"
    );
    assert_eq!(
        messages("arms", "group = \"isis\"\ndiscipline = 0\n"),
        "scenario.toml:11: timeline[0].discipline is 0; must be a number from 0.1 to 10"
    );
    assert_eq!(
        messages("revenue", "group = \"isil\"\nusd_per_place_per_month = 1\n"),
        "scenario.toml:10: timeline[0].group names the group \"isil\", which doesn't exist; groups are village_defenders, \
         district_rebels, isis; did you mean \"isis\"?"
    );
    assert_eq!(
        messages("shock", "group = \"isis\"\nlog_odds = 4\n"),
        "scenario.toml:11: timeline[0].log_odds is 4; must be a number from -3 to 3"
    );
    assert_eq!(
        messages("conscripts", "group = \"isis\"\nmen = 1.5\n"),
        "scenario.toml:11: timeline[0].men is 1.5; must be a whole number from 0 to 10000000"
    );
}
