//! Observed mode: events of a table in the columns of UCDP GED.

use allegiance_model::setup::{ObservedEvent, OperationsMode};
use allegiance_scenario::{builtin, load};

use allegiance_fixtures::{HEADER, Row, table};

use crate::folder::Folder;

/// `one-village` in observed mode with a table of its own.
fn folder(rows: &[Row<'_>]) -> Folder {
    let folder = Folder::new();
    folder.write(
        "scenario.toml",
        r#"format = 1
id = "mine"
extends = "one-village"
timeline = []

[operations]
mode = "observed"

[tables]
events = "events.csv"

[actors]
IS = "isis"
"Islamic State" = "isis"
Rebels = "district_rebels"
"Village guards" = "village_defenders"
"Government of Syria" = ""
"#,
    );
    folder.write("events.csv", table(rows));
    folder
}

fn messages(rows: &[Row<'_>]) -> String {
    folder(rows).messages()
}

fn events(rows: &[Row<'_>]) -> Vec<ObservedEvent> {
    folder(rows).load().unwrap().setup.events
}

fn dead(row: Row<'_>) -> [u32; 3] {
    let event = events(&[row])[0];
    [event.deaths_a, event.deaths_b, event.deaths_civilians]
}

#[test]
fn a_real_looking_row_becomes_an_event() {
    let folder = folder(&[Row::PLAIN]);
    assert_eq!(folder.messages(), "");
    let setup = folder.load().unwrap().setup;
    assert_eq!(setup.mode, OperationsMode::Observed);
    let [event] = setup.events[..] else { panic!("{:?}", setup.events) };
    assert_eq!(event.day, 2);
    assert_eq!(setup.places[event.place.idx()].id, "tall_rumman");
    assert_eq!(setup.groups[event.side_a.idx()].id, "isis");
    let side_b = event.side_b.unwrap();
    assert_eq!(setup.groups[side_b.idx()].id, "district_rebels");
    assert_eq!([event.deaths_a, event.deaths_b, event.deaths_civilians], [1, 2, 3]);
}

#[test]
fn the_middle_day_of_a_span_counts_and_times_are_ignored() {
    let day = |start, end| {
        let dates = [start, end];
        events(&[Row { dates, ..Row::PLAIN }])[0].day
    };
    assert_eq!(day("2014-01-03", "2014-01-04"), 2);
    assert_eq!(day("2014-01-03", "2014-01-05"), 3);
    assert_eq!(day("2013-12-20", "2014-01-31"), 9);
    let noon = "2014-01-05 12:00:00.000";
    assert_eq!(day("2014-01-05 00:00:00.000", noon), 4);
}

#[test]
fn one_sided_violence_has_no_second_side_and_all_its_unknown_dead_are_civilians() {
    let row = Row { kind: "3", sides: ["IS", "Civilians"], dead: ["0", "1", "4", "2"], ..Row::PLAIN };
    let event = events(&[row])[0];
    assert_eq!(event.side_b, None);
    assert_eq!((event.deaths_b, event.deaths_civilians), (0, 7));
}

#[test]
fn the_dead_of_unknown_side_are_shared_in_proportion() {
    let shared = |a, b, unknown, id| {
        let dead_of = [a, b, "3", unknown];
        let [a, b, civilians] = dead(Row { id, dead: dead_of, ..Row::PLAIN });
        assert_eq!(civilians, 3);
        (a, b)
    };
    assert_eq!(shared("1", "2", "6", "7"), (3, 6));
    assert_eq!(shared("1", "2", "1", "7"), (1, 3));
    assert_eq!(shared("5", "1", "2", "7"), (7, 1));
    assert_eq!(shared("0", "0", "10", "7"), (5, 5));
    assert_eq!(shared("0", "4", "3", "7"), (0, 7));
    // An even split falls to either side by the identifier.
    assert_eq!(shared("0", "0", "1", "7"), (1, 0));
    assert_eq!(shared("0", "0", "1", "8"), (0, 1));
    assert_eq!(shared("2", "2", "3", "8"), (3, 4));
}

#[test]
fn events_come_in_order_of_day_then_identifier() {
    let row = |id, day| Row { id, dates: [day, day], ..Row::PLAIN };
    let (early, late) = ("2014-01-03", "2014-01-09");
    let mut rows = [row("12", late), row("9", late), row("30.0", early)];
    rows[0].dead[0] = "12";
    rows[1].dead[0] = "9";
    rows[2].dead[0] = "30";
    let order: Vec<u32> = events(&rows).iter().map(|event| event.deaths_a).collect();
    assert_eq!(order, [30, 9, 12]);
}

#[test]
fn a_side_that_is_not_mapped_is_one_problem() {
    let row = |id, a, b| Row { id, sides: [a, b], ..Row::PLAIN };
    let rows = [
        row("1", "IS", "Rebel"),
        row("2", "Rebel", "IS"),
        row("3", "Government of Syria", "Ahrar"),
        row("4", "Rebel", "Ahrar"),
    ];
    assert_eq!(
        messages(&rows),
        r#"events.csv:2: side_b names "Rebel" in 3 rows, whom [actors] doesn't map; map it to a group, or to "" to leave its events out; did you mean "Rebels"?
events.csv:6: side_b names "Ahrar" in 2 rows, whom [actors] doesn't map; map it to a group, or to "" to leave its events out"#
    );
}

#[test]
fn a_side_mapped_to_nothing_is_left_out_without_a_word() {
    let rows = [Row::PLAIN, Row { id: "8", sides: ["Government of Syria", "Rebels"], ..Row::PLAIN }];
    assert_eq!(messages(&rows), "");
    assert_eq!(events(&rows).len(), 1);
}

#[test]
fn events_out_of_reach_are_left_out_with_a_count() {
    let far = ["36.2", "37.16"];
    let rows = [
        Row::PLAIN,
        Row { id: "8", dates: ["2013-12-31", "2013-12-31"], ..Row::PLAIN },
        Row { id: "9", dates: ["2014-03-02", "2014-03-02"], ..Row::PLAIN },
        Row { id: "10", point: far, sides: ["Nobody", "None"], ..Row::PLAIN },
        Row { id: "11", sides: ["IS", "Islamic State"], ..Row::PLAIN },
        Row { id: "12", where_prec: "4.0", ..Row::PLAIN },
    ];
    assert_eq!(
        messages(&rows),
        "\
events.csv:4: warning: 2 events with 12 deaths are outside the days 2014-01-01 to 2014-03-01, and left out
events.csv:8: warning: 1 event with 6 deaths is farther than 25 km from every place, and left out
events.csv:10: warning: 1 event with 6 deaths is between two names of one group, and left out
events.csv:12: warning: 1 event with 6 deaths is known only to a governorate or wider (where_prec 4 or more), and put at the place nearest to its centre"
    );
    assert_eq!(events(&rows).len(), 2);
    let folder = folder(&rows);
    folder.patch("scenario.toml", "mode = \"observed\"", "mode = \"observed\"\nevents_within_km = 60");
    let message = folder.messages();
    assert!(message.contains("side_a names \"Nobody\" in 1 row,"), "{message}");
}

#[test]
fn a_table_that_leaves_nothing_is_worth_a_warning() {
    let late = ["2015-01-01", "2015-01-01"];
    assert_eq!(
        messages(&[Row { dates: late, ..Row::PLAIN }]),
        "\
events.csv: warning: has no event to replay
events.csv:2: warning: 1 event with 6 deaths is outside the days 2014-01-01 to 2014-03-01, and left out"
    );
}

#[test]
fn malformed_cells() {
    let row = |id| Row { id, ..Row::PLAIN };
    let rows = [
        row("7.5"),
        Row { kind: "4", ..row("2") },
        Row { sides: ["", "Rebels"], ..row("3") },
        Row { sides: ["IS", "Civilians"], ..row("4") },
        Row { kind: "3.0", ..row("5") },
        Row { point: ["95", "36,62"], ..row("6") },
        Row { dates: ["2014-02-30", ""], ..row("7") },
        Row { dates: ["2014-01-09", "2014-01-08"], ..row("8") },
        Row { dead: ["-1", "", "2.5", "many"], ..row("9") },
        Row { where_prec: "9", ..row("10") },
        row("11"),
        row("11.0"),
    ];
    // A comma in a bare cell is one field more.
    assert_eq!(
        messages(&rows),
        r#"events.csv:2: id is "7.5"; must be a whole number; write the digits alone, with nothing between thousands and no fraction
events.csv:4: type_of_violence is "4"; must be a whole number from 1 to 3
events.csv:6: side_a is empty; must be the name of a side
events.csv:8: side_b is "Civilians" where type_of_violence is 2; must be Civilians where it is 3, and only there
events.csv:10: side_b is "Rebels" where type_of_violence is 3; must be Civilians where it is 3, and only there
events.csv:12: the row has 50 fields; the header has 49; put a text that contains a comma in double quotes, and write a point, not a comma, before a fraction
events.csv:14: date_start is "2014-02-30"; must be a date of the calendar such as 2014-01-12
events.csv:14: date_end is empty; must be a date of the calendar such as 2014-01-12
events.csv:16: date_end is 2014-01-08, before date_start, 2014-01-09; must be that day or later
events.csv:18: deaths_a is "-1"; must be a whole number from 0 to 1000000
events.csv:18: deaths_b is empty; must be a whole number from 0 to 1000000
events.csv:18: deaths_civilians is "2.5"; must be a whole number from 0 to 1000000; write the digits alone, with nothing between thousands and no fraction
events.csv:18: deaths_unknown is "many"; must be a whole number from 0 to 1000000
events.csv:20: where_prec is "9"; must be a whole number from 1 to 7
events.csv:24: id is 11, which line 22 has too; must be unique"#
    );
}

#[test]
fn the_same_mistake_in_many_rows_is_counted() {
    let ids = ["1", "2", "3", "4", "5"];
    let rows = ids.map(|id| Row { id, point: ["", "36.62"], ..Row::PLAIN });
    assert_eq!(
        messages(&rows),
        "\
events.csv:2: latitude is empty; must be a number from -90 to 90
events.csv:4: latitude is empty; must be a number from -90 to 90
events.csv:6: latitude is empty; must be a number from -90 to 90
events.csv:8: latitude is wrong in 2 more rows from here on"
    );
}

#[test]
fn a_table_in_another_layout_is_read_and_one_that_lacks_what_is_needed_refused() {
    let after = |from: &str, to: &str| {
        let folder = folder(&[]);
        folder.write("events.csv", table(&[Row::PLAIN]).replace(from, to));
        folder
    };
    for (from, to) in [("id,relid,year", "id,other,year"), (",best,high,low,", ",best_est,high_est,low_est,")] {
        let folder = after(from, to);
        assert_eq!(folder.messages(), "");
        assert_eq!(folder.load().unwrap().setup.events.len(), 1);
    }
    assert_eq!(
        after(",latitude,", ",north,").messages(),
        "events.csv:1: the header lacks the column \"latitude\"; needed are id, side_a, side_b, latitude, longitude, deaths_a, deaths_b, deaths_civilians, deaths_unknown, and date_start and date_end or year, named as in UCDP GED; rename the columns of the file, or add what is missing; deaths that nobody counted apart are 0 in deaths_a and deaths_b and stand in deaths_unknown"
    );
}

#[test]
fn the_mode_and_the_table_belong_together() {
    let folder = folder(&[Row::PLAIN]);
    folder.patch("scenario.toml", "events = \"events.csv\"\n", "");
    assert_eq!(
        folder.messages(),
        "scenario.toml:7: operations.mode is \"observed\" without events; needs [tables] events, a file in the columns of UCDP GED"
    );
    let folder = self::folder(&[Row::PLAIN]);
    folder.patch("scenario.toml", "mode = \"observed\"\n", "");
    assert_eq!(
        folder.messages(),
        "scenario.toml:4: warning: timeline of one-village (5 entries, among them 4 assaults) is replaced by none; [[timeline_append]] adds entries to it instead\nscenario.toml:9: warning: tables.events isn't replayed in endogenous mode; set operations.mode = \"observed\""
    );
    let setup = folder.load().unwrap().setup;
    assert_eq!(setup.mode, OperationsMode::Endogenous);
    assert_eq!(setup.events.len(), 1);
}

#[test]
fn a_side_is_mapped_to_a_group_that_exists() {
    let folder = folder(&[Row::PLAIN]);
    folder.patch(
        "scenario.toml",
        "\"Village guards\" = \"village_defenders\"",
        "\"Village guards\" = \"village_defender\"",
    );
    folder.patch("scenario.toml", "Rebels = \"district_rebels\"", "Rebels = [\"district_rebels\"]");
    let message = folder.messages();
    assert_eq!(
        message.lines().take(2).collect::<Vec<_>>(),
        [
            "scenario.toml:15: actors.Rebels is a list; must be a text in quotes",
            "scenario.toml:16: actors.\"Village guards\" names the group \"village_defender\", which doesn't exist; groups are village_defenders, district_rebels, isis; did you mean \"village_defenders\"?"
        ]
    );
}

#[test]
fn orders_that_observed_mode_does_not_follow() {
    let folder = folder(&[Row::PLAIN]);
    let entry = |date: &str, rest: &str| {
        format!("{{ date = {date}, note = \"x\", source = \"judgement\", group = \"isis\", {rest} }}")
    };
    let entries = [
        entry("2014-01-02", "kind = \"pay\", pay_usd_per_month = 1"),
        entry("2014-01-03", "kind = \"assault\", place = \"kafr_tut\""),
        entry("2014-01-04", "kind = \"strikes\", strikes_per_month = 3"),
    ];
    let timeline = format!("timeline = [\n{},\n]", entries.join(",\n"));
    folder.patch("scenario.toml", "timeline = []", &timeline);
    assert_eq!(
        folder.messages(),
        "scenario.toml:6: warning: timeline has 2 entries of kind assault or strikes, which do nothing in observed mode; the event table brings the incidents"
    );
}

#[test]
fn the_observed_village_tells_its_attack() {
    let scenario = load("one-village-observed").unwrap();
    assert!(scenario.warnings.is_empty(), "{:?}", scenario.warnings);
    let setup = &scenario.setup;
    let header = builtin::file("one-village-observed", "events.csv").unwrap();
    assert_eq!(header.lines().next(), Some(HEADER));
    assert_eq!(setup.events.len(), 11, "the government's strike is left out");
    assert!(setup.events.is_sorted_by_key(|event| event.day));
    let attacks: Vec<(u32, u32)> = setup
        .events
        .iter()
        .filter(|event| event.place.idx() == 0 && event.deaths_civilians > 0)
        .map(|event| (event.day, event.deaths_civilians))
        .collect();
    assert_eq!(attacks, [(11, 11), (36, 4)]);
}
