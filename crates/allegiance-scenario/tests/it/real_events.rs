//! Real events, from the reference data beside the repository; skipped where
//! that isn't there.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use allegiance_model::tables::IncidentKind;
use allegiance_model::{Model, World};

use allegiance_fixtures::{Row, table};

use crate::folder::Folder;

const RECORD: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/ged/syria_2011_to_2014-06_dated_reconstruction.csv.gz");

/// The sides that occur in Idlib and Aleppo from January to March 2014. A
/// coalition is given to the member with the most fighters there.
const ACTORS: &str = r#"
[actors]
"Government of Syria" = "regime"
IS = "isis"
"Syrian insurgents" = "fsa_other"
"Islamic Front" = "ahrar_al_sham"
"Islamic Front, Mujahideen Army, SRF" = "ahrar_al_sham"
"Islamic Front, Jabhat Fateh al-Sham, Mujahideen Army" = "ahrar_al_sham"
"Islamic Front, Jabhat al-Akrad, Mujahideen Army, SRF" = "ahrar_al_sham"
"Islamic Front, Jabhat al-Akrad, Liwa Thuwar ar-Raqqa" = "ahrar_al_sham"
"Islamic Front, Jabhat al-Akrad, Jabhat Fateh al-Sham, Mujahideen Army" = "ahrar_al_sham"
"Islamic Front, Jabhat al-Akrad, Jabhat Fateh al-Sham, Mujahideen Army, SRF" = "ahrar_al_sham"
"Islamic Front, Northern Storm Brigade" = "liwa_al_tawhid"
"Dawn of Freedom Brigades, Euphrates Islamic Liberation Front, Islamic Front, Jabhat al-Akrad, Liwa Thuwar ar-Raqqa" = "liwa_al_tawhid"
"Dawn of Freedom Brigades, Jabhat al-Akrad, Northern Storm Brigade" = "fsa_other"
"Mujahideen Army" = "jaysh_al_mujahideen"
"Jabhat Fateh al-Sham" = "jabhat_al_nusra"
"Harkat Hazm" = "fsa_other"
"Mare’ Operations Room" = "liwa_al_tawhid"
PYD = "ypg"
"Euphrates Vulcano" = "ypg"
# Foreign states have no part in the scenario.
"Government of United States of America" = ""
"al-Qaida" = ""
"#;

/// The rows of the record that lie in two governorates and three months, as
/// a table in the official columns.
fn real_table() -> String {
    let gzip = Command::new("gzip").args(["-dc", RECORD]).output().unwrap();
    assert!(gzip.status.success(), "gzip can read the record");
    let mut reader = csv::Reader::from_reader(gzip.stdout.as_slice());
    let header = reader.headers().unwrap().clone();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let rows: Vec<Row<'_>> = records
        .iter()
        .filter_map(|record| {
            let cell = |name: &str| {
                let at = header.iter().position(|column| column == name).unwrap();
                &record[at]
            };
            let date = cell("date_est");
            let is_wanted =
                ["Idlib", "Aleppo"].contains(&cell("adm1")) && ("2014-01-01"..="2014-03-31").contains(&date);
            let is_state = cell("pair").contains("GOV") || cell("pair").contains("STATE");
            is_wanted.then(|| Row {
                id: cell("id"),
                kind: if is_state { "1.0" } else { "2.0" },
                sides: [cell("side_a"), cell("side_b")],
                where_prec: cell("where_prec"),
                point: [cell("latitude"), cell("longitude")],
                dates: [date, date],
                dead: ["deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"].map(cell),
            })
        })
        .collect();
    table(&rows)
}

#[test]
fn a_real_record_loads_with_only_warnings_and_runs_a_month() {
    if !Path::new(RECORD).exists() {
        let note = format!("skipped: {RECORD} isn't there\n");
        std::io::stderr().write_all(note.as_bytes()).unwrap();
        return;
    }
    let folder = Folder::new();
    folder.write(
        "scenario.toml",
        format!(
            "format = 1\nid = \"real\"\nextends = \"north-syria-2014\"\n\
             [operations]\nmode = \"observed\"\n[tables]\nevents = \"events.csv\"\n{ACTORS}"
        ),
    );
    folder.write("events.csv", real_table());
    let messages = folder.messages();
    let Ok(scenario) = folder.load() else { panic!("{messages}") };
    let of_events: Vec<&str> = messages.lines().filter(|line| line.contains("events.csv")).collect();
    let is_vague = |line: &str| {
        line.starts_with("events.csv:26: warning: 265 events with ")
            && line.ends_with(" deaths are known only to a governorate or wider (where_prec 4 or more), and put at the place nearest to its centre")
    };
    let is_missing =
        |line: &&str| line.starts_with("events.csv: warning: deaths of the record that can't be replayed, at least: ");
    assert!(of_events.iter().any(|line| is_vague(line)), "{messages}");
    assert!(of_events.iter().filter(|line| !is_vague(line)).all(is_missing), "{messages}");
    let mut setup = scenario.setup;
    assert_eq!(setup.events.len(), 997, "all but one, between others");
    setup.n_days = 30;
    let n_month = setup.events.iter().filter(|event| event.day < 30).count();
    let world = World::build(setup);
    let mut model = Model::new(&world, 0);
    while !model.is_finished() {
        model.step();
    }
    let kinds = model.into_records().unwrap().incidents.kind;
    let n_replayed = kinds.iter().filter(|&&kind| kind == IncidentKind::Assault).count();
    assert_eq!(n_replayed, n_month, "every event of the month is an incident");
}
