//! Inference on simulated wars: the tables don't depend on how they were
//! computed, and a calibration that was killed ends with the same bytes.

use crate::world::{ISIS, REBELS, TemporaryFolder, case, incident, setup, turn};
use allegiance_lab::inference::workers::{Here, Sharing, SimulateWar as _, WantedChunk};
use allegiance_lab::inference::{
    Aims, Calibrated, DrawTableError, EvidenceResult, Prior, ReadRecordError, RecoverError, Recovery, SmcSettings,
    Study, WHOLE, read_rows, recover, tournament,
};
use allegiance_lab::sweep::Shard;
use allegiance_model::ids::PersonId;
use allegiance_model::setup::{BeliefTheory, ExitTheory};
use allegiance_model::tables::{AllegianceKind, Records};
use allegiance_replay::{Progress, Silent};
use allegiance_report::ladder::render_ladder;
use allegiance_report::recovery::{render_recovery, render_recovery_page};
use allegiance_runs::FinishedRun;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const FOLDER: &str = "ALLEGIANCE_TEST_KILL_CALIBRATION";

pub(crate) fn study() -> Study {
    let priors = Prior::of_all(&["combat.killed_share_loser", "observation.intercept"]).expect("both are parameters");
    Study {
        own: Vec::new(),
        beliefs: vec![BeliefTheory::SourceCredibility, BeliefTheory::Fixed],
        exits: vec![ExitTheory::Full, ExitTheory::Constant],
        ..Study::of_all_theories("hand-made", setup(12), priors, "0")
    }
}

fn calibrated() -> Calibrated {
    Calibrated {
        scenario_id: "hand-made".to_owned(),
        setup: setup(40),
        aims: Aims::of_case(&case()),
        version: "0".to_owned(),
        priors: Prior::of_all(&["operations.attacks_per_month", "exits.desertion_per_month"])
            .expect("both are parameters"),
        n_particles: 40,
    }
}

fn settings() -> SmcSettings {
    SmcSettings { seed: 7, n_particles: 40, budget: 320, until: None }
}

/// Every file below a folder by its name, but for the register of sessions.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs_err::read_dir(next).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("register.jsonl") {
                let name = path.strip_prefix(folder).expect("it lies below").to_owned();
                found.insert(name, fs_err::read(&path).expect("the file can be read"));
            }
        }
    }
    found
}

#[test]
fn a_table_has_the_same_bytes_however_it_was_computed() {
    let home = TemporaryFolder::new("reference-table");
    let study = study();
    let whole = study.open(&home.join("whole")).unwrap();
    study.fill(&whole, 600, WHOLE, 1, &Silent).unwrap();

    let parts = study.open(&home.join("parts")).unwrap();
    for at in [2, 1] {
        study.fill(&parts, 600, Shard { at, of: 2 }, 2, &Silent).unwrap();
    }
    assert_eq!(files(whole.path()), files(parts.path()));

    // Two who take the whole at once do some of it twice, and nothing worse.
    let both = study.open(&home.join("both")).unwrap();
    std::thread::scope(|scope| {
        let other = scope.spawn(|| study.fill(&both, 600, WHOLE, 1, &Silent));
        study.fill(&both, 600, WHOLE, 1, &Silent).unwrap();
        other.join().unwrap().unwrap();
    });
    assert_eq!(files(whole.path()), files(both.path()));

    let damaged = parts.path().join("draws/000001.parquet");
    fs_err::write(&damaged, b"cut off").unwrap();
    let missing = study.read(&parts, 600).unwrap_err();
    assert!(matches!(missing, DrawTableError::Incomplete { found: 2, wanted: 3, .. }), "{missing}");
    study.fill(&parts, 600, WHOLE, 2, &Silent).unwrap();
    assert_eq!(files(whole.path()), files(parts.path()));
    assert_eq!(study.read(&whole, 600).unwrap(), study.read(&parts, 600).unwrap());
}

#[test]
fn a_table_of_another_study_is_refused_with_what_differs() {
    let home = TemporaryFolder::new("foreign-table");
    let study = study();
    study.open(&home.join("table")).unwrap();
    let other = Study { beliefs: vec![BeliefTheory::Fixed], ..study };
    let error = other.open(&home.join("table")).unwrap_err().to_string();
    let path = home.join("table");
    assert_eq!(
        error,
        format!(
            "{} holds the draws of another study: beliefs is [\"source_credibility\",\"fixed\"], and this one has \
             [\"fixed\"]; choose another folder",
            path.display()
        )
    );
}

#[test]
fn a_recovery_reports_every_parameter_and_pair_and_wants_enough_truths() {
    let home = TemporaryFolder::new("recovery");
    let study = study();
    let folder = study.open(&home.join("table")).unwrap();
    study.fill(&folder, 1_024, WHOLE, 0, &Silent).unwrap();
    let table = study.read(&folder, 1_024).unwrap();
    let recovery = recover(&study, &table, 50, 120).unwrap();
    assert_eq!(recovery.n_truths, 200);
    assert_eq!(recovery.results.len(), 7);
    for result in &recovery.results {
        assert_eq!((result.parameters.len(), result.belief.pairs.len(), result.exit.pairs.len()), (2, 1, 1));
        let n: u32 = result.exit.confusion.counts.iter().flatten().sum();
        assert_eq!(n, 200);
        for found in &result.parameters {
            // 200 truths: four standard errors around 0.9 are 0.085.
            assert!(found.calibration.coverage_90.share > 0.81, "{found:?}");
        }
    }
    assert_eq!(recover(&study, &table, 50, 120).unwrap(), recovery);
    let check = recovery.tournament.as_ref().expect("fresh wars were asked for");
    for (path, found) in &check.coverage_90 {
        // 120 wars: three standard errors around 0.9 are 0.082.
        assert!((0.81..=0.985).contains(&found.share), "{path}: {found:?}");
    }
    assert!(check.refused.share <= 0.05, "{:?}", check.refused);
    assert_eq!((recovery.n_days, recovery.n_events.n), (12, 1_024));
    assert!(recovery.n_events.median >= 1.0 && recovery.n_events.high_90 > recovery.n_events.low_90);
    let page = render_recovery_page(&recovery, "allegiance recover");
    let of_what = format!("{:.0} reported events in 12 days", recovery.n_events.median);
    assert!(page.matches(&of_what).count() >= 3 && page.contains("The tournament on fresh wars"), "{page}");
    assert!(render_recovery(&recovery).contains(&of_what));
    let few = "1,024 simulated wars are few";
    assert!(page.contains(&format!("**Few draws.** {few}")) && render_recovery(&recovery).contains(few), "{page}");
    let many = Recovery { n_draws: 10_000, ..recovery.clone() };
    assert!(![render_recovery_page(&many, ""), render_recovery(&many)].concat().contains("wars are few"));
    assert!(page.contains("`combat.killed_share_loser`") && page.contains("| full / constant |"));
    let few = recover(&study, &table, 5_000, 0).unwrap_err();
    assert!(matches!(few, RecoverError::FewTruths { wanted: 5_000, .. }));
}

/// What a record could tell at most: the summaries of every incident with dead, none of which is lost.
#[test]
fn a_ladder_sets_every_incident_beside_the_record() {
    let home = TemporaryFolder::new("ladder");
    let study = study();
    let folder = study.open(&home.join("table")).unwrap();
    study.fill(&folder, 1_024, WHOLE, 0, &Silent).unwrap();
    let table = study.read(&folder, 1_024).unwrap();
    let recovery = recover(&study, &table, 50, 0).unwrap();
    let bound = recovery.bound.as_ref().expect("it is measured");
    assert_eq!(
        [&recovery.results[0], bound].map(|result| result.evidence.as_str()),
        ["reported record", "every incident"]
    );
    let columns: Vec<String> = study.columns().into_iter().map(|column| column.name).collect();
    let at = |name: &str| columns.iter().position(|column| column == name).expect("a column");
    let (reported, all) = (at("deaths"), at("of every incident: deaths"));
    let n_more = (0..table.n_draws()).filter(|&draw| table.row(draw)[all] > table.row(draw)[reported]).count();
    let n_fewer = (0..table.n_draws()).filter(|&draw| table.row(draw)[all] < table.row(draw)[reported]).count();
    assert!(n_fewer == 0 && n_more > 500, "{n_fewer} {n_more}");
    // The share that dies in a clash is read off a full list of clashes better than off reports.
    let contraction = |of: &EvidenceResult| of.parameters[0].calibration.contraction;
    assert!(contraction(bound) > contraction(&recovery.results[0]), "{bound:?}");
    // Two theories: nothing gained is 0, everything ln 2, and what is learned isn't far below nothing.
    for result in recovery.results.iter().chain([bound]) {
        let gained = result.exit.gained;
        assert!(gained > -0.05 && gained <= std::f64::consts::LN_2, "{gained}");
    }
    let rungs = [recovery.clone(), Recovery { scenario: "larger".to_owned(), ..recovery }];
    let text = render_ladder(&rungs, false);
    assert!(text.contains("Theories of exit: 2, so 0.69 nats in all") && text.matches("larger").count() >= 4, "{text}");
    let page = render_ladder(&rungs, true);
    assert!(page.starts_with("# What a reported record tells") && page.matches("| larger |").count() == 3, "{page}");
}

#[test]
fn a_record_read_from_a_run_is_the_one_that_was_simulated() {
    let home = TemporaryFolder::new("tournament");
    let study = study();
    let folder = study.open(&home.join("table")).unwrap();
    study.fill(&folder, 1_024, WHOLE, 0, &Silent).unwrap();
    let table = study.read(&folder, 1_024).unwrap();
    let report =
        crate::world::run(&crate::world::input(12), &crate::world::options(home.join("run"), 2), &Silent).unwrap();
    let rows = FinishedRun::open(&report.folder).unwrap().reported(1).unwrap();
    let record = read_rows(&rows, &study.setup).unwrap();
    assert!(!record.is_empty() && record.len() <= rows.len());
    assert!(record.iter().all(|event| (0.0..12.0).contains(&event.day) && event.high >= event.low));
    let mut strangers = rows.clone();
    for row in &mut strangers {
        "Nobody".clone_into(&mut row.side_a);
    }
    let error = read_rows(&strangers, &study.setup).unwrap_err();
    assert!(matches!(error, ReadRecordError::UnknownSides { unknown, .. } if unknown == ["Nobody"]));
    let found = tournament(&study, &table, Some(&record));
    for slot in &found.slots {
        let total: f64 = slot.contestants.iter().map(|contestant| contestant.posterior).sum();
        assert!((total - 1.0).abs() < 1e-9);
        let null =
            slot.contestants.iter().find(|found| ["fixed", "constant"].contains(&found.theory.as_str())).unwrap();
        assert!((null.odds_to_null - 1.0).abs() < 1e-12);
    }
    assert_eq!(found.n_events, Some(record.len()));
    // A record that no war here could leave: nobody is named for it.
    let thousandfold: Vec<_> = (0..1_000).flat_map(|_| record.clone()).collect();
    let alien = tournament(&study, &table, Some(&thousandfold));
    assert!(alien.unlike.len() > 5 && alien.slots.iter().all(|slot| slot.named.is_none()));
}

#[test]
fn motives_of_joining_and_leaving_are_counted() {
    let mut records = Records::default();
    let setup = setup(60);
    records.incidents.push(incident(0, 1, 0, REBELS, Some(ISIS)));
    let joins = turn(3, 5, AllegianceKind::Join, None);
    records.allegiance.push(allegiance_model::tables::Allegiance { to_group: Some(ISIS), ..joins });
    for (person, kind, prospects) in [
        (10, AllegianceKind::Departure, 0.6),
        (11, AllegianceKind::Departure, 0.0),
        (12, AllegianceKind::Departure, 0.6),
        (13, AllegianceKind::Desertion, 0.0),
        (14, AllegianceKind::Departure, -0.6),
    ] {
        let leaves = turn(9, person, kind, Some(REBELS));
        let (hazard, block_prospects) = (Some(0.01), Some(prospects));
        records.allegiance.push(allegiance_model::tables::Allegiance { hazard, block_prospects, ..leaves });
    }
    let template = crate::world::rich_records(&setup, 0).persons.row(0);
    for (person, motive_ideology) in [(5, 0.6), (10, 0.9)] {
        let rest = 0.5 * (1.0 - motive_ideology);
        records.persons.push(allegiance_model::tables::Person {
            person: PersonId(person),
            motive_ideology,
            motive_material: rest,
            motive_social: rest,
            ..template
        });
    }
    let values = allegiance_record::measure(&records, &setup, &[]);
    assert_eq!(values.value("C11"), Some(1.0));
    assert_eq!(values.value("C12"), Some(0.5));
    let empty = allegiance_record::measure(&Records::default(), &setup, &[]);
    assert_eq!((empty.value("C11"), empty.value("C12")), (None, None));
}

/// Hangs in the second generation.
struct Hang;

impl Progress for Hang {
    fn day_done(&self, _draw: u32, _day: u32) {
        if std::env::var_os(FOLDER)
            .is_some_and(|folder| Path::new(&folder).join("generation-01/000000.parquet").exists())
        {
            std::thread::sleep(Duration::from_secs(120));
        }
    }
}

#[test]
#[ignore = "the process that another test kills"]
fn calibration_that_hangs() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let calibrated = calibrated();
        let folder = calibrated.open(Path::new(&folder)).unwrap();
        calibrated.run(&folder, settings(), &Here(1), &Hang).unwrap();
    }
}

#[test]
fn a_killed_calibration_goes_on_to_the_same_bytes_with_any_number_of_threads() {
    let home = TemporaryFolder::new("killed-calibration");
    let out = home.join("killed");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "inference::calibration_that_hangs"])
        .env(FOLDER, &out)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let block = out.join("generation-01/000000.parquet");
    let patience = Instant::now() + Duration::from_secs(60);
    while !block.exists() && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(block.exists() && !out.join("posterior.parquet").exists());

    let calibrated = calibrated();
    let killed = calibrated.open(&out).unwrap();
    let (resumed, effort) = calibrated.run(&killed, settings(), &Here(2), &Silent).unwrap();
    let straight_folder = calibrated.open(&home.join("straight")).unwrap();
    let (straight, straight_effort) = calibrated.run(&straight_folder, settings(), &Here(1), &Silent).unwrap();
    assert_eq!((&resumed, effort), (&straight, straight_effort));
    assert!(straight.generations.len() >= 2, "{straight:?}");
    assert_eq!(files(killed.path()), files(straight_folder.path()));
    // A larger budget adds to what is there and changes none of it.
    let more = SmcSettings { budget: 640, ..settings() };
    let (longer, _) = calibrated.run(&killed, more, &Here(2), &Silent).unwrap();
    assert_eq!(longer.generations[..straight.generations.len()], straight.generations[..]);
}

#[test]
fn processes_that_share_a_folder_end_with_the_bytes_of_one_and_take_over_what_a_lost_one_left() {
    let home = TemporaryFolder::new("shared-calibration");
    let calibrated = calibrated();
    let straight = calibrated.open(&home.join("straight")).unwrap();
    let expected = calibrated.run(&straight, settings(), &Here(1), &Silent).unwrap();

    let shared = calibrated.open(&home.join("shared")).unwrap();
    let of_shard = |at: u32| {
        let workers = Sharing::new(Shard { at, of: 2 }, 1, Duration::from_secs(600));
        calibrated.run(&shared, settings(), &workers, &Silent).unwrap()
    };
    let (first, second) = std::thread::scope(|scope| {
        let second = scope.spawn(|| of_shard(2));
        (of_shard(1), second.join().unwrap())
    });
    assert_eq!(first, expected);
    assert_eq!(second, expected);
    assert_eq!(files(shared.path()), files(straight.path()));

    // The second of three never came, and the third neither.
    let alone = calibrated.open(&home.join("alone")).unwrap();
    let workers = Sharing::new(Shard { at: 1, of: 3 }, 1, Duration::from_millis(20));
    assert_eq!(calibrated.run(&alone, settings(), &workers, &Silent).unwrap(), expected);
    assert_eq!(files(alone.path()), files(straight.path()));
}

#[test]
fn wars_that_are_simulated_elsewhere_give_the_same_bytes_in_any_order() {
    let home = TemporaryFolder::new("calibration-elsewhere");
    let calibrated = calibrated();
    let straight = calibrated.open(&home.join("straight")).unwrap();
    let expected = calibrated.run(&straight, settings(), &Here(1), &Silent).unwrap();

    let far = calibrated.open(&home.join("far")).unwrap();
    assert_eq!(far.digest(), calibrated.digest().unwrap());
    let mut course = calibrated.begin(settings());
    let mut most_at_once = 0;
    assert!(matches!(calibrated.conclude(&far, &course), Err(DrawTableError::Incomplete { .. })));
    loop {
        let wants: Vec<WantedChunk> = calibrated.wants(&far, &mut course, &Silent);
        most_at_once = most_at_once.max(wants.len());
        // Only the last of what is wanted together is there before the next question.
        let Some(wanted) = wants.last() else { break };
        let rows: Vec<Vec<f64>> = wanted.wars.iter().map(|war| calibrated.row_of(war).unwrap()).collect();
        far.write_chunk(&wanted.table, wanted.chunk, &calibrated.columns(), &rows).unwrap();
    }
    assert!(most_at_once > 1);
    assert_eq!(calibrated.conclude(&far, &course).unwrap(), expected);
    assert_eq!(files(far.path()), files(straight.path()));
}
