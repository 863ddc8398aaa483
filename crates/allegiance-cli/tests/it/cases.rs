//! What researchers' files were refused for, or read wrongly: each case of the
//! folder `shared/cases` beside the repository, with what is right. Their kinds are tested without
//! it in the crates that read the files.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use allegiance_runs::read_run::{FileKind, TableFile};

use crate::program::Folder;

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases")
}

/// A working folder with the files of a case; none where the cases aren't there.
fn case(name: &str) -> Option<Folder> {
    let from = cases().join(name);
    if !from.exists() {
        let note = format!("skipped: {} isn't there\n", from.display());
        std::io::stderr().write_all(note.as_bytes()).unwrap();
        return None;
    }
    let folder = Folder::new();
    for entry in fs_err::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        // The cases may be read-only; what is copied must not be.
        fs_err::write(folder.path().join(entry.file_name()), fs_err::read(entry.path()).unwrap()).unwrap();
    }
    Some(folder)
}

const BUILD: &str = "data build --events events.csv --places towns.csv --country Marania --from 2001-01-01 --to 2001-12-31 --min-events 2 --out out";
const IMPORT: &str = "data import-ged events.csv --country Marania --actors actors.csv --out out";

/// Standard output of a command that must succeed.
fn done(folder: &Folder, arguments: &str) -> String {
    let output = folder.output(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Standard error of a command that must fail.
fn refused(folder: &Folder, arguments: &str) -> String {
    let output = folder.output(arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments}");
    String::from_utf8(output.stderr).unwrap()
}

/// Columns of a table that was built.
fn columns<const N: usize>(folder: &Folder, file: &str, names: [&str; N]) -> Vec<String> {
    let text = fs_err::read_to_string(folder.path().join("out").join(file)).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = names.map(|name| header.iter().position(|column| *column == name).unwrap());
    lines.map(|line| at.map(|at| line.split(',').nth(at).unwrap()).join(",")).collect()
}

const FIRST: &str = "marania-2001-01-01: 12 events with 36 deaths of both sides and civilians";

#[test]
fn files_of_hdx_of_candidate_releases_and_in_utf_16_are_imported() {
    for name in ["hdx-import", "candidate-extra-column", "powershell-utf16"] {
        let Some(folder) = case(name) else { return };
        assert!(done(&folder, IMPORT).starts_with("12 events with 36 deaths"), "{name}");
    }
}

#[test]
fn files_without_a_header_and_of_the_website_are_built() {
    for name in ["candidate-without-header", "ucdp-website-export"] {
        let Some(folder) = case(name) else { return };
        assert!(done(&folder, BUILD).starts_with(FIRST), "{name}");
    }
}

#[test]
fn a_country_that_the_file_lacks_is_refused_by_every_command() {
    let Some(folder) = case("actors-unknown-country") else { return };
    let said = "error: events.csv:2: has no event of the country \"Marania\"; its countries are only Marania (Old Marania); did you mean \"Marania (Old Marania)\"?\n";
    for format in ["text", "csv", "json"] {
        let command = format!("data ged-actors events.csv --country Marania --format {format}");
        assert_eq!(refused(&folder, &command), said);
    }
}

#[test]
fn lines_are_those_of_an_editor_in_every_table() {
    let Some(folder) = case("crlf-lines") else { return };
    assert!(refused(&folder, BUILD).starts_with("events.csv:5: deaths_civilians is \"x\"; "));
    let right = fs_err::read_to_string(folder.path().join("events.csv")).unwrap().replace(",x,", ",0,");
    fs_err::write(folder.path().join("events.csv"), right).unwrap();
    let with_groups = refused(&folder, &format!("{BUILD} --groups groups.csv"));
    assert!(with_groups.starts_with("groups.csv:2: members is \"x\"; "), "{with_groups}");
}

#[test]
fn boundaries_of_every_geometry_and_language_name_districts() {
    let with = format!("{BUILD} --boundaries b.geojson");
    let Some(folder) = case("geojson-geometry-collection") else { return };
    assert!(done(&folder, &with).starts_with(FIRST));
    let folder = case("geojson-null-geometry").unwrap();
    assert!(done(&folder, &with).contains("1 feature without a polygon passed over"));
    let folder = case("nested-polygons").unwrap();
    done(&folder, &with);
    assert_eq!(columns(&folder, "places.csv", ["name", "district"]), ["Hilltown,West", "Ford,East", "Low,West"]);
    let folder = case("ocha-other-languages").unwrap();
    done(&folder, BUILD);
    let names = ["name", "governorate", "district"];
    assert_eq!(columns(&folder, "places.csv", names), ["Hilltown,Colline,Hilltown", "Gue,Colline,Gue"]);
    done(&folder, &with.replace("towns.csv", "towns2.csv").replace("--out out", "--out out --overwrite"));
    assert_eq!(
        columns(&folder, "places.csv", names),
        ["Hilltown,Colline,Ouest", "Ford,Colline,Est", "Low,Colline,Ouest"]
    );
}

#[test]
fn places_are_found_merged_and_counted() {
    let Some(folder) = case("geonames-duplicate") else { return };
    assert!(done(&folder, BUILD).starts_with(&format!("{FIRST}, 2 places with 28,000 inhabitants")));
    for name in ["ocha-hxl-row", "population-column"] {
        let folder = case(name).unwrap();
        assert!(done(&folder, BUILD).starts_with(&format!("{FIRST}, 2 places with 28,000 inhabitants")), "{name}");
    }
    let folder = case("war-in-a-corner").unwrap();
    assert!(done(&folder, BUILD).starts_with(FIRST));
    let folder = case("null-island").unwrap();
    assert!(refused(&folder, BUILD).starts_with("events.csv:14: latitude and longitude of event 5000 are 0"));
    done(&folder, &format!("{BUILD} --leave-out 5000"));
    assert_eq!(columns(&folder, "places.csv", ["name"]), ["Hilltown", "Ford", "Low"]);
}

#[test]
fn events_are_in_the_city_that_they_name_and_placeholders_are_no_group() {
    let Some(folder) = case("nearest-suburb") else { return };
    done(&folder, BUILD);
    let setup = allegiance_scenario::load(folder.path().join("out").to_str().unwrap()).unwrap().setup;
    let names: Vec<&str> = setup.events.iter().map(|event| setup.places[event.place.idx()].name.as_str()).collect();
    assert_eq!(names, vec!["Bigcity"; names.len()]);
    assert!(names.len() > 40, "{}", names.len());
    let folder = case("placeholder-side").unwrap();
    let text = done(&folder, &BUILD.replace(" --min-events 2", ""));
    assert!(text.starts_with(FIRST) && !text.contains("xxx482"), "{text}");
    assert!(text.contains("placeholders of unknown groups: XXX482 (6 events)"), "{text}");
}

#[test]
fn deaths_that_a_replay_loses_are_told_and_its_score_is_no_forecast() {
    let Some(folder) = case("lost-dead") else { return };
    done(&folder, BUILD);
    let text = done(&folder, "run out -n 3 --out run -q");
    let all =
        text.lines().skip_while(|line| !line.starts_with("RECORD AND REPLAY")).find(|line| line.starts_with("  all "));
    assert_eq!(all.unwrap().split_whitespace().collect::<Vec<_>>(), ["all", "342", "342.0", "0.0", "(0%)"]);
    let folder = case("score-of-replay").unwrap();
    done(&folder, BUILD);
    done(&folder, "run out -n 3 --out run -q");
    let text = done(&folder, "score run --record events.csv");
    assert!(text.contains("NOT A FORECAST: this run replays a record (mode observed)"), "{text}");
    assert!(!text.contains("the model is better"), "{text}");
}

#[test]
fn levels_of_a_factor_that_are_numbers_are_a_column_of_numbers() {
    let Some(folder) = case("numeric-levels-as-text") else { return };
    done(&folder, "sweep design.toml --out out -q");
    let kind = |file: &str, column: &str| {
        let table = TableFile::open(&folder.path().join(file)).unwrap();
        table.columns().iter().find(|found| found.name == column).unwrap().kind
    };
    assert_eq!(kind("out/rows.parquet", "groups.isis.pay_usd_per_month"), FileKind::Real);
}
