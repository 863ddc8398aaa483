//! Scores: against other programs, and of whole runs.

use crate::world::{ISIS, REBELS, STATE, TemporaryFolder, input, options, run};
use allegiance_lab::score::{
    Class, Forecaster, Level, Month, RunScores, ScoreError, WriteScoresError, crps, ignorance, interval_score,
    score_run, write_scores,
};
use allegiance_model::ids::PlaceId;
use allegiance_model::setup::{ObservedEvent, OperationsMode};
use allegiance_record::observe::{RecordRow, Violence};
use allegiance_record::placed::ReplayedSide;
use allegiance_replay::Silent;
use allegiance_report::scores::render_scores;
use allegiance_runs::FinishedRun;
use serde::Deserialize;

/// Written by `bench/scoring/reference.py`.
const REFERENCE: &str = include_str!("data/views_scores.json");

#[derive(Deserialize)]
struct Reference {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    members: Vec<f64>,
    observed: f64,
    crps: f64,
    ignorance: f64,
    interval: f64,
}

#[test]
fn scores_equal_those_of_views_evaluation() {
    let reference: Reference = serde_json::from_str(REFERENCE).expect("the fixture is JSON");
    assert_eq!(reference.cases.len(), 31);
    for mut case in reference.cases {
        case.members.sort_by(f64::total_cmp);
        let found = [crps, ignorance, interval_score].map(|score| score(&case.members, case.observed));
        for (found, expected) in found.into_iter().zip([case.crps, case.ignorance, case.interval]) {
            assert!((found - expected).abs() <= 1e-10 * expected.max(1.0), "{found} not {expected}");
        }
    }
}

fn finished(folder: &TemporaryFolder, n_days: u32) -> FinishedRun {
    let out = folder.join("run");
    run(&input(n_days), &options(out.clone(), 3), &Silent).expect("it runs");
    FinishedRun::open(&out).expect("it is whole")
}

/// The reported events of a replicate, as a record that begins `n` months
/// earlier with the same events.
fn record_of(run: &FinishedRun, replicate: u32, n_months: u32) -> Vec<RecordRow> {
    let rows = run.reported(replicate).expect("it is read");
    let days_back = |n: u32| -> Vec<RecordRow> {
        let earlier = |mut row: RecordRow| {
            let (year, month, day) = row.middle().ymd();
            let month = year * 12 + month as i32 - 1 - n as i32;
            let date = (1..=day).rev().find_map(|day| {
                allegiance_model::calendar::Date::from_ymd(month.div_euclid(12), month.rem_euclid(12) as u32 + 1, day)
            });
            (row.date_start, row.date_end) = (date.expect("a day"), date.expect("a day"));
            row
        };
        rows.iter().cloned().map(earlier).collect()
    };
    (0..=n_months).flat_map(days_back).collect()
}

fn scores_of(scores: &RunScores, level: Level, violence: Class, forecaster: Forecaster) -> [f64; 3] {
    let is_it = |row: &&allegiance_lab::score::ScoreRow| {
        (row.level, row.violence, row.forecaster) == (level, violence, forecaster)
    };
    let row = scores.rows.iter().find(is_it).expect("there is such a row");
    row.scores.expect("it was scored").values()
}

#[test]
fn a_run_is_scored_with_every_baseline_beside_it() {
    let folder = TemporaryFolder::new("score-all");
    let run = finished(&folder, 59);
    let record = record_of(&run, 1, 14);
    let scores = score_run(&run, &record, None, None).expect("it is scored");
    assert_eq!((scores.first.to_string(), scores.last.to_string()), ("2014-01".to_owned(), "2014-02".to_owned()));
    assert_eq!((scores.n_replicates, scores.n_months_before), (3, 14));
    assert!(scores.rows.iter().all(|row| row.scores.is_some()));
    let n_types = 3 - scores.absent.len();
    assert_eq!(scores.rows.len(), 2 * (1 + n_types) * 5);
    // All units together, the sum over unit-months is what was counted.
    for level in &scores.levels {
        let counted: f64 = scores
            .unit_months
            .iter()
            .filter(|one| one.level == level.level && one.violence == Class::All && one.forecaster == Forecaster::Zero)
            .map(|one| one.observed)
            .sum();
        assert!((counted - level.record.counted.dead as f64).abs() < 1e-9);
        // Nobody dying scores what died.
        let n_unit_months = (level.n_units * 2) as f64;
        let [zero, ..] = scores_of(&scores, level.level, Class::All, Forecaster::Zero);
        assert!((zero - counted / n_unit_months).abs() < 1e-9);
    }
    // Types add up to all, in every unit and month.
    let sum =
        |class| -> f64 { scores.unit_months.iter().filter(|one| one.violence == class).map(|one| one.observed).sum() };
    let of_types: f64 = Violence::ALL.into_iter().map(|violence| sum(Class::Of(violence))).sum();
    assert!((sum(Class::All) - of_types).abs() < 1e-9 && of_types > 0.0);
    let again = score_run(&run, &record, None, None).expect("it is scored");
    assert_eq!(again, scores);
}

#[test]
fn a_record_that_every_replicate_equals_is_perfectly_forecast() {
    let folder = TemporaryFolder::new("score-perfect");
    let out = folder.join("run");
    run(&input(31), &options(out.clone(), 1), &Silent).expect("it runs");
    let run = FinishedRun::open(&out).expect("it is whole");
    let record = run.reported(0).expect("it is read");
    let scores = score_run(&run, &record, None, None).expect("it is scored");
    for level in Level::ALL {
        let [crps, ignorance, interval] = scores_of(&scores, level, Class::All, Forecaster::Model);
        assert!(crps.abs() < 1e-12 && interval.abs() < 1e-12);
        assert!((ignorance - (1_011.0_f64 / 1_001.0).log2()).abs() < 1e-12);
    }
    let conflictology = scores.rows.iter().filter(|row| row.forecaster == Forecaster::Conflictology);
    assert!(conflictology.clone().count() > 0 && conflictology.into_iter().all(|row| row.scores.is_none()));
}

#[test]
fn what_cant_be_scored_is_refused_with_its_reason() {
    let folder = TemporaryFolder::new("score-refused");
    let run = finished(&folder, 59);
    let record = record_of(&run, 0, 0);
    let message = |record: &[RecordRow], from: Option<&str>| {
        let from = from.map(|text| Month::parse(text).expect("a month"));
        score_run(&run, record, from, None).expect_err("it is refused").to_string()
    };
    assert_eq!(message(&[], None), "the record holds no event");
    assert_eq!(
        message(&record, Some("2013-11")),
        "the months 2013-11 to 2014-02 were asked for; the run and the record share 2014-01 to 2014-02"
    );
    let moved = |change: fn(&mut RecordRow)| {
        let mut rows = record.clone();
        rows.iter_mut().for_each(change);
        rows
    };
    let later =
        moved(|row| (row.date_start, row.date_end) = (row.date_start.plus_days(900), row.date_end.plus_days(900)));
    assert!(message(&later, None).starts_with("the run holds the months 2014-01 to 2014-02, and the record 2016-"));
    let abroad = moved(|row| row.latitude_deg = -20.0);
    assert_eq!(
        message(&abroad, None),
        "none of the record's events from 2014-01 to 2014-02 lies in a prio_grid of the scenario; is it a record of this country?"
    );
    let short = folder.join("short");
    crate::world::run(&input(20), &options(short.clone(), 1), &Silent).expect("it runs");
    let short = FinishedRun::open(&short).expect("it is whole");
    assert!(matches!(score_run(&short, &record, None, None), Err(ScoreError::NoMonth { .. })));
}

#[test]
fn scores_are_written_whole_and_never_over_something() {
    let folder = TemporaryFolder::new("score-written");
    let run = finished(&folder, 31);
    let scores = score_run(&run, &record_of(&run, 0, 1), None, None).expect("it is scored");
    let out = folder.join("scores");
    write_scores(&scores, "{}", &out).expect("it is written");
    let mut names: Vec<String> = fs_err::read_dir(&out)
        .expect("it is there")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["scores.json", "scores.parquet", "unit_months.parquet"]);
    assert!(matches!(write_scores(&scores, "{}", &out), Err(WriteScoresError::Folder(_))));
}

/// A run of a month that replays three events: one that can be placed, one that asks for more men than the
/// state has, and one-sided violence in which a perpetrator dies.
fn replayed(folder: &TemporaryFolder) -> FinishedRun {
    let mut input = input(31);
    input.setup.mode = OperationsMode::Observed;
    let event = |day, place, (side_a, side_b), (deaths_a, deaths_b, deaths_civilians)| ObservedEvent {
        day,
        place: PlaceId(place),
        side_a,
        side_b,
        deaths_a,
        deaths_b,
        deaths_civilians,
    };
    input.setup.events = vec![
        event(2, 0, (REBELS, Some(ISIS)), (0, 4, 1)),
        event(5, 3, (ISIS, Some(STATE)), (0, 5_000, 0)),
        event(9, 0, (ISIS, None), (2, 0, 3)),
        // After the run's last day, so nobody could have placed it.
        event(40, 0, (ISIS, None), (0, 0, 900)),
    ];
    let out = folder.join("replay");
    run(&input, &options(out.clone(), 2), &Silent).expect("it runs");
    FinishedRun::open(&out).expect("it is whole")
}

#[test]
fn deaths_that_a_replay_cannot_place_are_counted_by_side() {
    let folder = TemporaryFolder::new("replay-lost");
    let run = replayed(&folder);
    let manifest = run.manifest();
    assert_eq!((manifest.mode.as_str(), manifest.is_replay()), ("observed", true));
    let sides: Vec<(&str, u32)> =
        manifest.replay.iter().map(|side| (side.side.as_str(), side.deaths_in_record)).collect();
    assert_eq!(sides, [("isis", 6), ("rebels", 0), ("state", 5_000), ("civilians", 4)]);
    let missing: Vec<f64> = manifest.replay.iter().map(ReplayedSide::not_placed).collect();
    // The state has some 400 men to lose.
    assert!(missing[0].abs() < 1e-9 && missing[1].abs() < 1e-9 && missing[3].abs() < 1e-9, "{missing:?}");
    assert!((4_500.0..5_000.0).contains(&missing[2]), "{missing:?}");
    let summary = fs_err::read_to_string(run.folder().join("summary.txt")).unwrap();
    assert!(summary.contains("A replay: incidents are those of an event table (mode observed)"), "{summary}");
    let row = |name: &str| {
        let section = summary.split("RECORD AND REPLAY").nth(1).unwrap();
        let row = section.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
        row.trim_start().trim_start_matches(name).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(row("Group isis"), "6 6.0 0.0 (0%)", "{summary}");
    assert_eq!(row("civilians"), "4 4.0 0.0 (0%)", "{summary}");
}

#[test]
fn a_replay_is_not_compared_with_baselines_as_a_forecast() {
    let folder = TemporaryFolder::new("replay-score");
    let run = replayed(&folder);
    let record = record_of(&run, 0, 3);
    let scores = score_run(&run, &record, None, None).expect("it is scored");
    assert!(scores.is_replay && scores.note().starts_with("Not a forecast"));
    assert!(scores.rows.iter().all(|row| row.model_less_this.is_none()));
    assert!(scores.rows.iter().any(|row| row.forecaster == Forecaster::Zero && row.scores.is_some()));
    let text = render_scores("four-places", &scores);
    assert!(text.lines().nth(2).unwrap().starts_with("NOT A FORECAST"), "{text}");
    assert!(text.contains("of the 5,010 deaths of its record (mean per replicate): state 4"), "{text}");
    assert!(!text.contains("better than") && !text.contains("model less baseline"), "{text}");
}

#[test]
fn a_run_that_simulates_its_incidents_is_no_replay() {
    let folder = TemporaryFolder::new("no-replay");
    let run = finished(&folder, 31);
    let manifest = run.manifest();
    assert_eq!((manifest.mode.as_str(), manifest.is_replay()), ("endogenous", false));
    assert!(manifest.replay.is_empty());
    let summary = fs_err::read_to_string(run.folder().join("summary.txt")).unwrap();
    assert!(!summary.contains("RECORD AND REPLAY") && !summary.contains("A replay"), "{summary}");
}
