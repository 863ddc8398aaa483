//! `allegiance data` and `allegiance score`, and the rules of UCDP GED on real
//! and simulated rows.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use allegiance_record::observe::invariants::{INVARIANTS, broken};
use allegiance_runs::FinishedRun;

use crate::program::Folder;

/// Rows of GED v25.1 from the whole world, in all official columns.
const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/ged/ged_v25_1_sample_all_columns.csv");

const HEADER: &str = "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources,source_article,source_office,source_date,source_headline,source_original,where_prec,where_coordinates,where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob";

/// A fight with three dead in each month of 2013 and 2014. A side of one is
/// nobody in the scenario; one has its low estimate above the best.
fn record() -> String {
    let mut text = format!("{HEADER}\n");
    for month in 0..24 {
        let other = if month == 13 { "PYD" } else { "Rebels" };
        let low = if month == 3 { 4 } else { 2 };
        let (year, month) = (2013 + month / 12, month % 12 + 1);
        writeln!(
            text,
            "{year}{month},X-{year}-2-7-{month},{year},1,Clear,2,7,7,IS - {other},7,7,IS - {other},2,2,IS,3,3,{other},1,,,,,,1,,,Idlib governorate,,35.93,36.63,POINT (36.63 35.93),181154,Syria,652,Middle East,1,1,{year}-{month:02}-05,{year}-{month:02}-05,1,1,1,0,3,4,{low},,"
        )
        .unwrap();
    }
    text
}

const ACTORS: &str = "actor,group\nIS,isis\nRebels,district_rebels\n";

fn prepared() -> Folder {
    let folder = Folder::new();
    fs_err::write(folder.path().join("ged.csv"), record()).unwrap();
    fs_err::write(folder.path().join("actors.csv"), ACTORS).unwrap();
    folder
}

fn json_of(folder: &Folder, arguments: &str) -> serde_json::Value {
    let output = folder.output(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn an_import_refuses_sides_that_nobody_spoke_of() {
    let folder = prepared();
    assert_eq!(
        folder.snapshot("data import-ged ged.csv --actors actors.csv --out record"),
        "exit 1
--- stdout
--- stderr
error: actors.csv doesn't map 1 side of 1 event:
  \"PYD\": 1 event with 3 deaths
map each to a group, or to nothing to leave its events out; or use --skip-unmapped
"
    );
    assert!(!folder.path().join("record").exists());
    assert_eq!(
        folder.snapshot("data import-ged ged.csv --actors actors.csv --out record --skip-unmapped --country Iraq"),
        "exit 1
--- stdout
--- stderr
error: ged.csv:2: has no event of the country \"Iraq\"; its countries are only Syria
"
    );
}

#[test]
fn a_scenario_to_extend_must_have_the_groups() {
    let folder = prepared();
    fs_err::write(folder.path().join("actors.csv"), "actor,group\nIS,isiss\nRebels,\nPYD,\n").unwrap();
    assert_eq!(
        folder.snapshot("data import-ged ged.csv --actors actors.csv --out there --extends one-village"),
        "exit 1
--- stdout
--- stderr
error: actors.csv gives \"IS\" the group \"isiss\", which one-village doesn't have; its groups are village_defenders, district_rebels, isis
"
    );
    let other = folder.snapshot("data import-ged ged.csv --actors actors.csv --out there --extends mine");
    assert!(
        other
            .starts_with("exit 1\n--- stdout\n--- stderr\nerror: --extends is \"mine\"; must be a built-in scenario ("),
        "{other}"
    );
}

#[test]
fn an_imported_record_replays_and_is_never_overwritten() {
    let folder = prepared();
    let import = "data import-ged ged.csv --actors actors.csv --skip-unmapped --extends one-village --out replay";
    let text = folder.snapshot(import);
    assert_eq!(
        text,
        "exit 0
--- stdout
23 events with 69 deaths of both sides and civilians: 0 state-based, 23 non-state, 0 one-sided
left out: 1 event of sides that the table doesn't map
  \"PYD\": 1 event with 3 deaths
kept as they are: 1 event where it isn't so that low is at most best, and best at most high
written to replay: events.csv, scenario.toml, import.json
UCDP GED, CC BY 4.0: cite the version you downloaded and Sundberg & Melander (2013), Introducing the UCDP Georeferenced Event Dataset, Journal of Peace Research 50(4)
--- stderr
"
    );
    assert_eq!(folder.output("check replay").status.code(), Some(0));
    assert_eq!(
        folder.snapshot(import),
        "exit 3
--- stdout
--- stderr
error: replay exists already; name another folder with --out, or remove it
"
    );
    let written: serde_json::Value =
        serde_json::from_str(&fs_err::read_to_string(folder.path().join("replay/import.json")).unwrap()).unwrap();
    assert_eq!((&written["events"], &written["left_out"]["unmapped"]), (&23.into(), &1.into()));
}

#[test]
fn a_run_is_scored_beside_its_baselines() {
    let folder = prepared();
    assert_eq!(folder.output("run one-village -q --days 59 --replicates 2 --out there").status.code(), Some(0));
    let scored = json_of(&folder, "score there --record ged.csv --format json --out scores");
    let written = fs_err::read_to_string(folder.path().join("scores/scores.json")).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), scored);
    assert!(folder.path().join("scores/unit_months.parquet").exists());
    let scores = &scored["scores"];
    assert_eq!(
        (&scores["first"], &scores["last"], &scores["n_months_before"]),
        (&"2014-01".into(), &"2014-02".into(), &12.into())
    );
    let rows = scores["rows"].as_array().unwrap();
    let row = |level: &str, forecaster: &str| {
        let is_it = |row: &&serde_json::Value| {
            row["level"] == level && row["violence"] == "all" && row["forecaster"] == forecaster
        };
        rows.iter().find(is_it).unwrap()
    };
    // The record has three dead in every month: its past forecasts them exactly.
    assert_eq!(row("district", "conflictology")["scores"]["crps"], 0.0);
    assert_eq!(row("district", "zero")["scores"]["crps"], 3.0);
    let text = String::from_utf8(folder.output("score there --record ged.csv").stdout).unwrap();
    for part in [
        "== 1 district ==",
        "conflictology",
        "by crps the model is not distinguished from",
        "The record holds no state-based",
    ] {
        assert!(text.contains(part), "{part} isn't in {text}");
    }
    assert_eq!(
        folder.snapshot("score there --record ged.csv --from 2013-12"),
        "exit 1
--- stdout
--- stderr
error: the months 2013-12 to 2014-02 were asked for; the run and the record share 2014-01 to 2014-02
"
    );
    assert_eq!(
        folder.snapshot("score there --record actors.csv"),
        "exit 1
--- stdout
--- stderr
actors.csv:1: the header is missing; the first line is \"actor,group\"; must name the columns of UCDP GED; a file without a header is read where it has all 49 columns in the official order
error: actors.csv has 1 problem
"
    );
}

#[test]
fn real_rows_are_imported_and_keep_the_rules() {
    if !Path::new(SAMPLE).exists() {
        let note = format!("skipped: {SAMPLE} isn't there\n");
        std::io::stderr().write_all(note.as_bytes()).unwrap();
        return;
    }
    let folder = Folder::new();
    let template = folder.output(&format!("data ged-actors {SAMPLE} --format csv")).stdout;
    let mut filled = String::new();
    for (number, line) in String::from_utf8(template).unwrap().lines().enumerate() {
        let group = if number == 0 { String::new() } else { format!("g{number}") };
        writeln!(filled, "{line}{group}").unwrap();
    }
    fs_err::write(folder.path().join("actors.csv"), filled).unwrap();
    let import = json_of(&folder, &format!("data import-ged {SAMPLE} --actors actors.csv --out all --format json"));
    assert_eq!(
        [&import["events"], &import["state_based"], &import["non_state"], &import["one_sided"]],
        [&serde_json::Value::from(866), &600.into(), &109.into(), &157.into()]
    );
    for found in import["broken_rules"].as_array().unwrap() {
        let invariant = INVARIANTS.iter().find(|invariant| found["rule"] == invariant.rule).unwrap();
        let most = 866 * u64::from(invariant.most_real_exceptions_per_mille) / 1_000;
        assert!(found["events"].as_u64().unwrap() <= most, "{found}");
    }
    // What was imported is read again, and nothing of it has changed.
    let again = json_of(&folder, "data import-ged all/events.csv --actors actors.csv --out again --format json");
    assert_eq!(again, import);
    let text = |name: &str| fs_err::read_to_string(folder.path().join(name).join("events.csv")).unwrap();
    assert_eq!(text("again"), text("all"));
}

#[test]
fn reports_of_northern_syria_keep_the_rules() {
    let folder = Folder::new();
    let output = folder.output("run north-syria-2014 -q --days 45 --out there");
    assert_eq!(output.status.code(), Some(0));
    let run = FinishedRun::open(&folder.path().join("there")).unwrap();
    let rows = run.reported(0).unwrap();
    assert!(rows.len() > 300, "{} rows", rows.len());
    let broken: Vec<_> = broken(&rows).into_iter().map(|(invariant, n)| (invariant.rule, n)).collect();
    assert_eq!(broken, []);
}

/// An invented country at war, without dates.
fn prepared_country() -> Folder {
    let folder = Folder::new();
    let mut text =
        "id,year,side_a,side_b,latitude,longitude,country,deaths_a,deaths_b,deaths_civilians,deaths_unknown\n"
            .to_owned();
    for id in 0..24 {
        writeln!(text, "{id},2001,Government of Marania,Front,10.5,20.5,Marania,1,2,1,0").unwrap();
    }
    fs_err::write(folder.path().join("ged.csv"), text).unwrap();
    let towns = "name,latitude,longitude,population\nHilltown,10.5,20.5,20000\nFord,10.5,20.6,0\n";
    fs_err::write(folder.path().join("towns.csv"), towns).unwrap();
    folder
}

const BUILD: &str =
    "data build --events ged.csv --places towns.csv --country Marania --from 2001-01-01 --to 2001-12-31 --out war";

#[test]
fn a_scenario_is_built_checked_run_and_replaced_only_when_asked() {
    let folder = prepared_country();
    assert_eq!(
        folder.snapshot(BUILD),
        "exit 0
--- stdout
marania-2001-01-01: 24 events with 96 deaths of both sides and civilians, 2 places with 21,000 inhabitants, 2 groups
24 events without a date: their days are drawn within the year

group       kind   members             events  members killed  stands for
government  state  110      judgement  24      24              Government of Marania
front       rebel  240      judgement  24      48              Front

JUDGEMENT: UCDP GED tells no sizes. Members marked judgement follow from members killed and
events by a rule and may be wrong threefold; give what is known with --groups.

assumed (all of it, and where to change it: ASSUMPTIONS.md):
  sizes of groups: government 110, front 240
  days of events without a date: 24 of 24 replayed events and 0 of 0 before the first day have a
    drawn day; waves, sequences and replies of the real war are gone
  control on the first day: 0 events tell of it: 2 of 2 places are shared, and in 2 the others
    hold half or more
  groups not seen before: front
  garrisons: 3 garrisons
  character of groups: 2 groups by profile, where no table of groups says otherwise
  joining: joining.per_month = 0.00297
  replacements of states: a month government 2
  rate of attacks: operations.attacks_per_month = 0.05636
  columns that the events lack: type_of_violence: one-sided where side_b is Civilians, state-based
    where a side is a government, else non-state; where_prec: every location counts as exact;
    where_coordinates: places that only events name are called after the nearest town; date_prec: 1
    where there is a date, 5 where there is only a year; best: the sum of the four columns of
    deaths, also for low and high
  inhabitants: 1 place of known size with 20,000 in the table
  places of unknown size: 1 place with 1,000 each
  districts: 2 of 2 places guessed
  where events happened: 0 of 24 events at the place that they name
  who is at war: 1 pair at war, 0 of them from a later day; 0 allied
  kinds and constituencies: government, opposition
  what reports name: Marania, number unknown (0), Unnamed region, Marania: Government

written to war: scenario.toml, places.csv, control.csv, garrisons.csv, events.csv, ASSUMPTIONS.md
next: allegiance check war; allegiance run war --replicates 5
--- stderr
"
    );
    assert_eq!(
        folder.snapshot("check war"),
        "exit 0
--- stdout
marania-2001-01-01 is valid: 21,000 inhabitants in 2 places, 2 groups, 365 days from 2001-01-01
--- stderr
"
    );
    assert_eq!(folder.output("run war -q --days 60 --out there").status.code(), Some(0));
    let rows = FinishedRun::open(&folder.path().join("there")).unwrap().reported(0).unwrap();
    assert!(!rows.is_empty());
    for row in &rows {
        assert_eq!((row.country.as_str(), row.region.as_str(), row.gwno_a), ("Marania", "Unnamed region", Some(0)));
    }
    assert_eq!(
        folder.snapshot(BUILD),
        "exit 3\n--- stdout\n--- stderr\nerror: war exists already; replace it with --overwrite, or name another folder with --out\n"
    );
    let read = |name: &str| fs_err::read_to_string(folder.path().join("war").join(name)).unwrap();
    let before = read("events.csv");
    let json = json_of(&folder, &format!("{BUILD} --overwrite --seed 2 --format json"));
    assert_eq!((&json["events"], &json["groups"][1]["members"]), (&24.into(), &240.into()));
    assert_ne!(read("events.csv"), before, "another seed draws other days");
    fs_err::write(folder.path().join("war/notes.txt"), "mine").unwrap();
    assert_eq!(
        folder.snapshot(&format!("{BUILD} --overwrite")),
        "exit 3\n--- stdout\n--- stderr\nerror: war isn't overwritten: it holds \"notes.txt\", which this command doesn't write; name another folder with --out\n"
    );
}

#[test]
fn what_was_built_of_few_columns_is_a_record_to_score_against_and_its_sides_are_listed() {
    let folder = prepared_country();
    let mut events = "id,year,date_start,date_end,side_a,side_b,latitude,longitude,country,deaths_a,deaths_b,deaths_civilians,deaths_unknown\n".to_owned();
    for (nth, month) in (1..=12).enumerate() {
        let date = format!("2001-{month:02}-10");
        writeln!(events, "{nth},2001,{date},{date},Government of Marania,Front,10.5,20.5,Marania,1,2,0,0").unwrap();
    }
    fs_err::write(folder.path().join("ged.csv"), events).unwrap();
    assert!(folder.output(BUILD).status.success());
    assert!(folder.output("run war --replicates 2 --days 100 --quiet --out there").status.success());
    let scored = json_of(&folder, "score there --record war/events.csv --format json");
    assert_eq!(scored["scores"]["is_replay"], true);
    assert_eq!(scored["record_read"][0], "12 events without where_prec: every such location counts as exact");
    // A file of years alone has sides, too, which a table of groups names.
    let years = "id,year,side_a,side_b,latitude,longitude,country,deaths_a,deaths_b,deaths_civilians,deaths_unknown\n\
                 1,2001,Government of Marania,Front,10.5,20.5,Marania,1,2,0,0\n2,2002,Front,Civilians,10.5,20.5,Marania,0,0,3,0\n";
    fs_err::write(folder.path().join("years.csv"), years).unwrap();
    let listed = json_of(&folder, "data ged-actors years.csv --country Marania --format json");
    assert_eq!((&listed["actors"][0]["actor"], &listed["actors"][0]["events"]), (&"Front".into(), &2.into()));
}

#[test]
fn a_scenario_that_cannot_be_built_leaves_nothing_behind() {
    let folder = prepared_country();
    assert_eq!(
        folder.snapshot(&BUILD.replace("--country Marania", "--country Maran")),
        "exit 1
--- stdout
--- stderr
error: ged.csv:2: has no event of the country \"Maran\"; its countries are only Marania; did you mean \"Marania\"?
"
    );
    assert_eq!(
        folder.snapshot(&format!("{BUILD} --undated refuse")).lines().last().unwrap(),
        "error: ged.csv has 4 problems"
    );
    assert_eq!(folder.output(&format!("{BUILD} --boundary-name NAME")).status.code(), Some(2));
    assert!(!folder.path().join("war").exists() && !folder.path().join("war.partial").exists());
}
