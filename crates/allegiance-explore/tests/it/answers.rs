//! Every question of the page has the answer that the laboratory gives.

use allegiance_explore::{Exhibit, Exhibition, ShowRunsError, files_of};
use allegiance_runs::FinishedRun;
use allegiance_scenario::load;
use flate2::read::GzDecoder;
use serde_json::Value;
use std::io::Read as _;
use tempfile::TempDir;

use crate::served::{N_DAYS, Served, finished};

fn ok(served: &Served, path: &str) -> Value {
    let response = served.get(path);
    assert_eq!(response.status, 200, "{path}: {}", String::from_utf8_lossy(&response.body));
    assert_eq!(response.header("content-type"), Some("application/json"));
    response.json()
}

fn n(value: &Value) -> usize {
    value.as_array().map_or(0, Vec::len)
}

#[test]
fn what_is_long_is_sent_packed_to_browsers() {
    let served = Served::one();
    for path in ["/api/runs", "/api/runs/0/bands", "/api/runs/0/replicates/0"] {
        let plain = served.get(path);
        assert_eq!(plain.header("content-encoding"), None, "{path}");
        let asked =
            format!("GET {path} HTTP/1.1\r\nHost: {}\r\nAccept-Encoding: gzip, deflate, br\r\n", served.address);
        let packed = served.ask(&asked);
        assert_eq!(packed.header("content-encoding"), Some("gzip"), "{path}");
        assert_eq!(packed.header("content-type"), Some("application/json"), "{path}");
        let mut text = Vec::new();
        GzDecoder::new(&*packed.body).read_to_end(&mut text).expect("it can be unpacked");
        assert_eq!(text, plain.body, "{path}");
        assert!(packed.body.len() * 2 < plain.body.len(), "{path}: {} of {}", packed.body.len(), plain.body.len());
    }
}

#[test]
fn a_run_is_shown_with_its_histories_and_bands() {
    let served = Served::one();
    let runs = ok(&served, "/api/runs");
    assert_eq!(n(&runs["runs"]), 1);
    let overview = &runs["runs"][0];
    assert_eq!(overview["about"], "Simulated: synthetic people in invented places; not a forecast.");
    assert_eq!((overview["n_days"].as_u64(), overview["n_replicates"].as_u64()), (Some(N_DAYS as u64), Some(2)));
    assert!(n(&overview["base"]["countries"]) > 0 && n(&overview["happenings"]) > 0, "{overview}");
    let bands = ok(&served, "/api/runs/0/bands");
    assert_eq!(n(&bands["bands"]), 6 * n(&overview["groups"]));
    let histories = [0, 1].map(|replicate| ok(&served, &format!("/api/runs/0/replicates/{replicate}")));
    for history in &histories {
        assert_eq!(n(&history["series"][0]["values"]), N_DAYS);
    }
    assert_ne!(histories[0]["digests"]["groups"], histories[1]["digests"]["groups"]);
    assert_eq!(ok(&served, "/api/runs/0/replicates/0"), histories[0], "the kept answer is the same");
}

#[test]
fn a_person_is_followed_from_the_list_to_the_but_for() {
    let served = Served::one();
    let people = "/api/runs/0/replicates/0/persons";
    let all = ok(&served, people);
    let numbers: Vec<u64> = all["rows"].as_array().unwrap().iter().map(|row| row["person"].as_u64().unwrap()).collect();
    assert!(!numbers.is_empty() && numbers.is_sorted());
    let deserters = ok(&served, &format!("{people}?kind=deserter&limit=3"));
    assert!((1..=3).contains(&n(&deserters["rows"])));
    let person = deserters["rows"][0]["person"].as_u64().unwrap();
    let story = ok(&served, &format!("{people}/{person}"));
    assert_eq!(story["story"]["note"], "Simulated person: synthetic, no one real.");
    assert_eq!(story["story"]["who"]["person"].as_u64(), Some(person));
    let trust = ok(&served, &format!("{people}/{person}/trust"));
    let recorded = &story["trust"];
    assert!(n(&trust) > 0 && (n(recorded) == 0 || trust == *recorded), "{trust}");
    let history = ok(&served, "/api/runs/0/replicates/0");
    let incident = history["incidents"][0]["incident"].as_u64().unwrap();
    let asked = format!("{people}/{person}/but-for?incident={incident}&replicates=2");
    let answer = ok(&served, &asked);
    assert_eq!((answer["n_replicates"].as_u64(), answer["incident"].as_u64()), (Some(2), Some(incident)));
    assert_eq!(answer, ok(&served, &asked));
}

#[test]
fn filters_narrow_the_list() {
    let served = Served::one();
    let overview = &ok(&served, "/api/runs")["runs"][0];
    let (home, group) = (overview["places"][0]["id"].as_str().unwrap(), overview["groups"][0]["id"].as_str().unwrap());
    let listed = ok(&served, &format!("/api/runs/0/replicates/0/persons?home={home}&group={group}"));
    for row in listed["rows"].as_array().unwrap() {
        assert_eq!((row["home"].as_u64(), row["first_group"].as_u64()), (Some(0), Some(0)));
    }
    let people = |asked: &str| ok(&served, &format!("/api/runs/0/replicates/0/persons?{asked}"));
    let (all, young) = (people("limit=1"), people("to_age=25&limit=500"));
    let counts = all["by_kind"].as_array().unwrap().iter().map(|of| of[1].as_u64().unwrap()).sum::<u64>();
    assert_eq!((n(&all["rows"]), all["n"].as_u64()), (1, Some(counts)));
    assert!(young["n"].as_u64() < all["n"].as_u64());
    // Two pages hold what one does.
    let [first, second, both] = ["limit=3", "limit=3&offset=3", "limit=6"].map(people);
    let rows = |of: &Value| of["rows"].as_array().unwrap().clone();
    assert_eq!([rows(&first), rows(&second)].concat(), rows(&both));
    let since = people("kind=deserter&since=5&until=12&limit=500");
    assert!(n(&since["rows"]) > 0);
    for row in since["rows"].as_array().unwrap() {
        assert!((5..=12).contains(&row["day"].as_u64().unwrap()), "{row}");
    }
    let moved = people("cause=opportunity&limit=500");
    assert!(moved["n"].as_u64() > Some(0) && moved["n"].as_u64() < all["n"].as_u64());
    assert!(people("is_foreign=true")["rows"].as_array().unwrap().iter().all(|row| row["is_foreign"] == true));
}

#[test]
fn two_runs_have_a_difference_and_one_has_none() {
    let served = Served::two();
    let runs = ok(&served, "/api/runs");
    assert_eq!(n(&runs["runs"]), 2);
    assert_eq!(runs["runs"][1]["belief"], "fixed");
    let pair = &runs["pairs"][0];
    assert_eq!(pair["differs"][0]["words"], "the theory of belief is fixed instead of source_credibility");
    assert_eq!((n(&pair["differs"]), pair["n_pairs"].as_u64(), pair["nothing"].as_str()), (1, Some(2), None));
    assert!(pair["notes"][0].as_str().unwrap().starts_with("2 pairs are few: "), "{pair}");
    let differences = ok(&served, "/api/difference");
    assert_eq!(n(&differences), 6 * n(&runs["runs"][0]["groups"]));
    assert_eq!(n(&differences[0]["day_values"]["mean"]), N_DAYS);
    assert!(ok(&served, "/api/runs/1/replicates/0")["replicate"] == 0);
    drop(served);
    let alone = Served::one().get("/api/difference");
    assert_eq!((alone.status, alone.error()), (404, "differences are told of two runs".to_owned()));
}

#[test]
fn mistakes_are_told() {
    let served = Served::one();
    let people = "/api/runs/0/replicates/0/persons";
    for (path, status, told) in [
        ("/api/runs/1/bands".to_owned(), 404, "there is no run 1"),
        ("/api/runs/x/bands".to_owned(), 404, "\"x\" is no number of a run"),
        ("/api/runs/0/replicates/7".to_owned(), 404, "there is no replicate 7: the run has 2, numbered from 0"),
        (
            format!("{people}/4000000000"),
            404,
            "there is no person 4000000000 in replicate 0: its people are numbered from 0 to ",
        ),
        (format!("{people}?home=nowhere"), 400, "there is no place \"nowhere\" in the run"),
        (format!("{people}?group=nobody"), 400, "there is no group \"nobody\" in the run"),
        (
            format!("{people}?kind=hero"),
            400,
            "\"hero\" is no kind of person; kinds are: defector, deserter, departer, dead, prisoner, joiner, stayer",
        ),
        (format!("{people}/1/but-for?replicates=501"), 400, "replicates is 501; must be from 2 to 500"),
        (format!("{people}/1/but-for?incident=99999"), 404, "replicate 0 has no incident 99999; it has"),
        (format!("{people}?order=score"), 400, "Failed to deserialize query string"),
        ("/api/nothing".to_owned(), 404, "there is nothing here"),
    ] {
        let response = served.get(&path);
        assert_eq!(response.status, status, "{path}");
        assert!(response.error().starts_with(told), "{path}: {}", response.error());
    }
}

#[test]
fn without_the_scenario_there_is_no_but_for() {
    let folder = TempDir::new().unwrap();
    finished(&folder, "run", &[]);
    let run = FinishedRun::open(&folder.path().join("run")).unwrap();
    let exhibit = Exhibit::new(run, Err("the scenario is gone".to_owned())).unwrap();
    let served = Served::of(folder, Exhibition::of(vec![exhibit]).unwrap());
    for question in ["replicates/0/persons/1/but-for?incident=0", "replicates/0/persons/1/trust", "scenario"] {
        let response = served.get(&format!("/api/runs/0/{question}"));
        assert_eq!((response.status, response.error()), (409, "the scenario is gone".to_owned()));
    }
    assert_eq!(n(&ok(&served, "/api/runs")["runs"][0]["happenings"]), 0);
}

#[test]
fn the_files_of_a_scenario_are_given_and_a_site_does_not_tell_where_they_lie() {
    let served = Served::one();
    let given = ok(&served, "/api/runs/0/scenario");
    let files = given["files"].as_object().unwrap();
    assert_eq!(given["named"], "first/scenario");
    let expected = load("one-village").unwrap().files;
    assert_eq!(files.len(), expected.len());
    for file in &expected {
        assert_eq!(files[&file.name].as_str(), Some(file.text.as_str()), "{}", file.name);
    }
    let folder = TempDir::new().unwrap();
    let site = files_of(&Exhibition::of(vec![finished(&folder, "first", &[])]).unwrap()).unwrap();
    let (_, packed) = site.iter().find(|(name, _)| name == "run-0-scenario.json.gz").unwrap();
    let mut text = String::new();
    GzDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
    let written: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&written["files"], &written["named"]), (&given["files"], &Value::Null));
}

#[test]
fn a_damaged_table_is_told_and_the_rest_is_shown() {
    let folder = TempDir::new().unwrap();
    let exhibit = finished(&folder, "run", &[]);
    fs_err::write(folder.path().join("run/incidents.parquet"), "no table").unwrap();
    let served = Served::of(folder, Exhibition::of(vec![exhibit]).unwrap());
    let response = served.get("/api/runs/0/replicates/0");
    assert_eq!(response.status, 500);
    assert!(response.error().contains("incidents.parquet isn't what was written"), "{}", response.error());
    ok(&served, "/api/runs/0/bands");
}

/// A pair that says nothing but what differs has no zeros and no intervals.
#[test]
fn where_no_effect_is_possible_it_is_said_why_and_nothing_is_estimated() {
    let folder = TempDir::new().unwrap();
    let second = finished(&folder, "second", &["interventions.radio_hazard_ratio=1.6"]);
    let exhibition = Exhibition::of(vec![finished(&folder, "first", &[]), second]).unwrap();
    let served = Served::of(folder, exhibition);
    let pair = &ok(&served, "/api/runs")["pairs"][0];
    let why = "no effect is possible here: nothing that was drawn or decided differs (interventions.radio_hazard_ratio \
               acts through radio, which no entry of the timeline sets).";
    assert_eq!(pair["nothing"], why.replacen('n', "N", 1));
    assert_eq!((n(&pair["notes"]), n(&pair["differs"])), (0, 1));
    for found in ok(&served, "/api/difference").as_array().unwrap() {
        let sentence = found["sentence"].as_str().unwrap();
        assert!(found["is_possible"] == false && sentence.ends_with(why), "{found}");
        for words in ["words", "percent", "baseline", "sign"] {
            assert_eq!(found[words], "", "{found}");
        }
    }
}

#[test]
fn runs_of_other_lengths_are_headed_so_and_those_of_other_people_refused() {
    let folder = TempDir::new().unwrap();
    let shorter = finished(&folder, "second", &["days=5"]);
    let served =
        Served::of(TempDir::new().unwrap(), Exhibition::of(vec![finished(&folder, "first", &[]), shorter]).unwrap());
    let note = ok(&served, "/api/runs")["pairs"][0]["notes"][0].clone();
    let expected = format!(
        "The first has {N_DAYS} days and the second 5 days: differences are over the first 5 days, which both have."
    );
    assert_eq!(note, expected);
    let other = finished(&folder, "third", &["scale=2"]);
    let error = Exhibition::of(vec![finished(&folder, "fourth", &[]), other]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the runs have different places: the same identifiers with other names, positions or numbers of inhabitants; only \
         runs of the same places and groups can be side by side"
    );
}

#[test]
fn runs_of_other_seeds_cannot_be_side_by_side() {
    let folder = TempDir::new().unwrap();
    let (first, second) = (finished(&folder, "first", &[]), finished(&folder, "second", &["seed=5"]));
    let error = Exhibition::of(vec![first, second]).unwrap_err();
    assert!(matches!(error, ShowRunsError::Pair(_)));
    assert!(error.to_string().starts_with("the runs have different seeds, "), "{error}");
}
