//! Replicates in progress: written down, taken up, and refused.

use crate::folders::lasting_files;
use crate::world::{TemporaryFolder, input, options, run};
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::setup::{GarrisonSetup, Mechanism, RelationKind};
use allegiance_model::tables::Cause;
use allegiance_model::theory::{Formula, OwnBlock, OwnState, OwnTheory, Rule, StateEvent, Vocabulary};
use allegiance_replay::{Progress, Silent};
use allegiance_runs::verify::{VerifyError, Way, verify};
use allegiance_runs::{RunError, RunInput, RunOptions};
use fs_err as fs;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

/// Cancels a run on some day of its third replicate.
struct CancelOn {
    day: u32,
    last: AtomicU32,
}

impl CancelOn {
    fn day(day: u32) -> Self {
        Self { day, last: AtomicU32::new(0) }
    }
}

impl Progress for CancelOn {
    fn day_done(&self, replicate: u32, day: u32) {
        if replicate == 2 {
            self.last.store(day, Ordering::Relaxed);
        }
    }

    fn is_cancelled(&self) -> bool {
        self.last.load(Ordering::Relaxed) >= self.day
    }
}

/// Hears on which day each replicate begins.
#[derive(Default)]
struct FirstDays(std::sync::Mutex<std::collections::BTreeMap<u32, u32>>);

impl Progress for FirstDays {
    fn day_done(&self, replicate: u32, day: u32) {
        self.0.lock().expect("nobody panicked").entry(replicate).or_insert(day);
    }
}

fn checkpointed(out: std::path::PathBuf) -> RunOptions {
    RunOptions { threads: 1, checkpoint_every: Some(5), ..options(out, 4) }
}

/// A run that was stopped on day 18 of its third replicate, after the
/// checkpoint of day 15.
fn stopped(folder: &TemporaryFolder) -> RunOptions {
    let options = checkpointed(folder.join("run"));
    let error = run(&input(24), &options, &CancelOn::day(18)).expect_err("it was stopped");
    assert!(matches!(error, RunError::Cancelled { n_finished: 2, .. }), "{error}");
    RunOptions { resume: true, ..options }
}

#[test]
fn a_replicate_goes_on_from_its_checkpoint_to_the_same_bytes() {
    let folder = TemporaryFolder::new("checkpoint");
    let options = stopped(&folder);
    let first_days = FirstDays::default();
    let resumed = run(&input(24), &options, &first_days).unwrap();
    assert_eq!(first_days.0.into_inner().unwrap().into_iter().collect::<Vec<_>>(), [(2, 16), (3, 1)]);
    let straight = run(&input(24), &checkpointed(folder.join("straight")), &Silent).unwrap();
    assert_eq!(lasting_files(&resumed.folder), lasting_files(&straight.folder));
    assert_eq!(resumed.manifest.digest, straight.manifest.digest);
}

/// The input with a theory that keeps a number of each member.
fn tired(n_days: u32) -> RunInput {
    let vocabulary = Vocabulary::new(Vec::new(), vec![("tiredness".to_owned(), 10.0)]);
    let formula = vocabulary.log_hazard("tiredness + 0.5 * on_leave", false).expect("it can be written and read");
    let rule = |text, rule| (rule, vocabulary.rule(text, rule).expect("it can be written and read"));
    let name = "tired".to_owned();
    let words = "tired of the war".to_owned();
    let own = OwnTheory {
        name: name.clone(),
        authors: String::new(),
        citation: String::new(),
        about: String::new(),
        file: String::new(),
        text: String::new(),
        digest: String::new(),
        fills_exit: true,
        rules: vec![
            rule("conviction_on_joining - claim_evidence + moved", Rule::Conviction),
            rule("-0.02", Rule::Daily),
        ],
        blocks: vec![Cause::Belief],
        own_blocks: vec![OwnBlock {
            name,
            words,
            formulas: [formula.clone(), formula.clone(), formula],
            bound: None,
            line: 1,
        }],
        parameters: Vec::new(),
        states: vec![OwnState {
            name: "tiredness".to_owned(),
            start: Formula::Number(0.1),
            half_life_days: Formula::Number(30.0),
            most: 10.0,
            additions: vec![(StateEvent::ComradeLost, Formula::Number(0.5))],
        }],
    };
    let mut input = input(n_days);
    input.setup.own_theories = vec![own];
    input
}

#[test]
fn what_a_theory_of_its_own_keeps_of_members_is_in_the_checkpoint() {
    let folder = TemporaryFolder::new("checkpoint-own");
    let options = checkpointed(folder.join("run"));
    let stopped = run(&tired(24), &options, &CancelOn::day(18));
    assert!(matches!(stopped, Err(RunError::Cancelled { n_finished: 2, .. })));
    let first_days = FirstDays::default();
    let resumed = run(&tired(24), &RunOptions { resume: true, ..options }, &first_days).unwrap();
    assert_eq!(first_days.0.into_inner().unwrap().into_iter().collect::<Vec<_>>(), [(2, 16), (3, 1)]);
    let straight = run(&tired(24), &checkpointed(folder.join("straight")), &Silent).unwrap();
    assert_eq!(resumed.manifest.digest, straight.manifest.digest);
    let without = run(&input(24), &checkpointed(folder.join("without")), &Silent).unwrap();
    assert_ne!(resumed.manifest.digest, without.manifest.digest);
}

/// Spoils the checkpoint of a stopped run and gives what resuming says.
fn refusal(name: &str, spoil: impl FnOnce(&Path, Vec<u8>) -> Vec<u8>) -> String {
    let folder = TemporaryFolder::new(name);
    let options = stopped(&folder);
    let path = folder.join("run.partial/checkpoints/00002.checkpoint");
    let spoilt = spoil(&path, fs::read(&path).expect("a checkpoint"));
    fs::write(&path, spoilt).expect("written");
    let error = run(&input(24), &options, &Silent).expect_err("it is refused");
    assert!(matches!(error, RunError::Checkpoint(_)), "{error}");
    let said = error.to_string().replace(&path.display().to_string(), "FILE");
    // What is finished stays, and without the checkpoint the run goes on.
    fs::remove_file(&path).expect("removed");
    let resumed = run(&input(24), &options, &Silent).expect("it goes on");
    assert_eq!(resumed.manifest.effort.n_replicates_kept, 2);
    said
}

#[test]
fn a_truncated_checkpoint_is_refused_at_any_length() {
    for n_kept in [0, 5, 23, 30, 200, 2_000] {
        let said = refusal("cut", |_, mut bytes| {
            bytes.truncate(n_kept);
            bytes
        });
        assert!(said.starts_with(&format!("FILE is cut off: {n_kept} bytes of ")), "{said}");
        assert!(said.ends_with("; remove it to restart replicate 2"), "{said}");
    }
}

#[test]
fn a_damaged_checkpoint_is_refused() {
    let said = refusal("flipped", |_, mut bytes| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        bytes
    });
    assert_eq!(said, "FILE is damaged: its digest doesn't match; remove it to restart replicate 2");
    let said = refusal("other", |_, _| b"PAR1 something else altogether".to_vec());
    assert_eq!(said, "FILE isn't a checkpoint of Allegiance; remove it to restart replicate 2");
    let said = refusal("newer", |_, mut bytes| {
        bytes[22] = 9;
        bytes
    });
    assert!(said.starts_with("FILE has checkpoint version 9, this program reads 2; "), "{said}");
}

#[test]
fn the_checkpoint_of_another_run_is_refused() {
    let said = refusal("foreign-checkpoint", |_, _| {
        let folder = TemporaryFolder::new("foreign-source");
        let mut input = input(24);
        input.setup.seed += 1;
        run(&input, &checkpointed(folder.join("run")), &CancelOn::day(18)).unwrap_err();
        fs::read(folder.join("run.partial/checkpoints/00002.checkpoint")).unwrap()
    });
    assert!(said.starts_with("FILE is of another run: seed "), "{said}");
}

#[test]
fn every_way_gives_the_digests_of_the_run() {
    let folder = TemporaryFolder::new("ways");
    let options = RunOptions { threads: 2, ..options(folder.join("run"), 5) };
    let manifest = run(&input(20), &options, &Silent).unwrap().manifest;
    for way in Way::all(20) {
        let found = verify(&input(20), &options, &manifest, 5, way, &Silent).unwrap();
        assert_eq!(found, [], "{}", way.words());
    }
    // The test can fail: another digest in the manifest is seen.
    let mut spoilt = manifest.clone();
    spoilt.tables.get_mut("allegiance").unwrap().digests[3] = "0".repeat(64);
    let found = verify(&input(20), &options, &spoilt, 5, Way::Shuffled, &Silent).unwrap();
    assert_eq!(found.iter().map(|d| (d.replicate, d.table.as_str())).collect::<Vec<_>>(), [(3, "allegiance")]);
    let mut other = input(20);
    other.setup.seed += 1;
    let error = verify(&other, &options, &manifest, 5, Way::Threads(1), &Silent).unwrap_err();
    assert!(matches!(error, VerifyError::Foreign { what: "the setup", .. }), "{error}");
}

/// Every mechanism runs, and friends who share districts fall out at the first review.
#[test]
fn the_state_of_every_mechanism_is_in_a_checkpoint() {
    let folder = TemporaryFolder::new("every-mechanism");
    let mut all = input(64);
    for &mechanism in Mechanism::ALL {
        all.setup.switches.set(mechanism, true);
    }
    all.setup.parameters.set("relations.infighting_intercept", 12.0).unwrap();
    all.setup.parameters.set("operations.attacks_per_month", 0.8).unwrap();
    for cell in [1, 3] {
        all.setup.relations[cell] = RelationKind::Truce;
    }
    all.setup.garrisons = [(0, 0, 400), (0, 1, 400), (1, 1, 700), (1, 2, 800), (2, 3, 400)]
        .map(|(group, place, members)| GarrisonSetup { group: GroupId(group), place: PlaceId(place), members })
        .to_vec();
    let options = RunOptions { threads: 2, ..options(folder.join("run"), 3) };
    let manifest = run(&all, &options, &Silent).unwrap().manifest;
    for every in [1, 31] {
        let found = verify(&all, &options, &manifest, 3, Way::Resumed { every }, &Silent).unwrap();
        assert_eq!(found, [], "every {every} days");
    }
    // The test can fail: the clashes are there.
    let mut general = all.clone();
    general.setup.switches.set(Mechanism::LocalInfighting, false);
    let apart = RunOptions { out: folder.join("general"), ..options };
    let other = run(&general, &apart, &Silent).unwrap().manifest;
    assert_ne!(other.tables["incidents"].digests, manifest.tables["incidents"].digests);
}

#[test]
fn leaving_tables_out_changes_none_of_the_others() {
    let folder = TemporaryFolder::new("tables");
    let all = run(&input(20), &options(folder.join("all"), 2), &Silent).unwrap().manifest;
    let wanted = Some(vec!["groups".to_owned(), "incidents".to_owned()]);
    let few = RunOptions { tables: wanted, ..options(folder.join("few"), 2) };
    let few = run(&input(20), &few, &Silent).unwrap();
    assert_eq!(few.manifest.tables.keys().collect::<Vec<_>>(), ["groups", "incidents", "places"]);
    for (name, entry) in &few.manifest.tables {
        assert_eq!(entry.digests, all.tables[name].digests, "{name}");
    }
    assert!(!few.folder.join("allegiance.parquet").exists());
    let unknown = RunOptions { tables: Some(vec!["incident".to_owned()]), ..options(folder.join("none"), 1) };
    let error = run(&input(20), &unknown, &Silent).unwrap_err().to_string();
    assert!(error.starts_with("there is no table incident; tables are: incidents, allegiance, "), "{error}");
}
