//! The run folder: resume, overwrite, refusal, independence of threads.

use crate::world::{TemporaryFolder, input, options, run};
use allegiance_record::Manifest;
use allegiance_replay::{Progress, Silent};
use allegiance_runs::{OpenFolderError, RunError, RunOptions};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

/// Stops a run once some replicates are finished.
struct StopAfter {
    n_replicates: u32,
    n_done: AtomicU32,
}

impl StopAfter {
    fn new(n_replicates: u32) -> Self {
        Self { n_replicates, n_done: AtomicU32::new(0) }
    }
}

impl Progress for StopAfter {
    fn replicate_done(&self, _replicate: u32) {
        self.n_done.fetch_add(1, Ordering::SeqCst);
    }

    fn is_cancelled(&self) -> bool {
        self.n_done.load(Ordering::SeqCst) >= self.n_replicates
    }
}

/// Counts the replicates that a run simulates and those it keeps.
#[derive(Default)]
struct Count {
    kept: AtomicU32,
    done: AtomicU32,
    days: AtomicU32,
}

impl Progress for Count {
    fn begin(&self, _n_replicates: u32, n_kept: u32, _n_days: u32) {
        self.kept.store(n_kept, Ordering::SeqCst);
    }

    fn day_done(&self, _replicate: u32, _day: u32) {
        self.days.fetch_add(1, Ordering::SeqCst);
    }

    fn replicate_done(&self, _replicate: u32) {
        self.done.fetch_add(1, Ordering::SeqCst);
    }
}

/// Every file of a run whose bytes must not depend on how it was made.
pub(crate) fn lasting_files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fs_err::read_dir(folder)
        .expect("the run folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "parquet"))
        .map(|path| {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            (name, fs_err::read(&path).expect("a table can be read"))
        })
        .collect()
}

pub(crate) fn manifest_of(folder: &Path) -> Manifest {
    let text = fs_err::read_to_string(folder.join("run.json")).expect("run.json is there");
    serde_json::from_str(&text).expect("run.json is what the manifest says")
}

/// The text without its last section, which names the folder.
pub(crate) fn without_files(summary: &str) -> &str {
    summary.split("FILES in").next().unwrap_or_default()
}

fn interrupted(options: &RunOptions, n_replicates: u32) {
    let one_thread = RunOptions { threads: 1, ..options.clone() };
    let error = run(&input(12), &one_thread, &StopAfter::new(n_replicates)).expect_err("it is stopped");
    assert!(matches!(error, RunError::Cancelled { n_finished, .. } if n_finished == n_replicates as usize), "{error}");
    assert!(!options.out.exists());
}

#[test]
fn a_run_folder_holds_what_it_should_and_nothing_else() {
    let folder = TemporaryFolder::new("complete");
    let report = run(&input(12), &options(folder.join("run"), 3), &Silent).unwrap();
    let mut names: Vec<String> = fs_err::read_dir(&report.folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let expected = [
        "SHA256SUMS",
        "allegiance.parquet",
        "beliefs.parquet",
        "control.parquet",
        "displacement.parquet",
        "exposures.parquet",
        "groups.parquet",
        "incidents.parquet",
        "persons.parquet",
        "places.parquet",
        "reported.parquet",
        "run.json",
        "scenario",
        "summary.txt",
    ];
    assert_eq!(names, expected);
    assert!(!folder.join("run.partial").exists());
    assert_eq!(fs_err::read_to_string(report.folder.join("scenario/tables/places.csv")).unwrap(), "id\nsaraqib\n");
    let manifest = manifest_of(&report.folder);
    assert_eq!(manifest, report.manifest);
    assert_eq!((manifest.n_replicates, manifest.n_days, manifest.start.as_str()), (3, 12, "2014-01-01"));
    assert_eq!(manifest.tables["groups"].n_rows, 3 * 12 * 3);
    assert_eq!(manifest.tables["groups"].digests.len(), 3);
    assert_ne!(manifest.tables["groups"].digests[0], manifest.tables["groups"].digests[1]);
    assert_eq!(fs_err::read_to_string(report.folder.join("summary.txt")).unwrap(), report.summary);
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let folder = TemporaryFolder::new("threads");
    let with = |threads: usize| {
        let name = format!("run-{threads}");
        let options = RunOptions { threads, ..options(folder.join(&name), 7) };
        run(&input(12), &options, &Silent).unwrap()
    };
    let (one, four) = (with(1), with(4));
    assert_eq!(lasting_files(&one.folder), lasting_files(&four.folder));
    assert_eq!(one.manifest.digest, four.manifest.digest);
    assert_eq!(without_files(&one.summary), without_files(&four.summary));
}

#[test]
fn a_resumed_run_ends_with_the_bytes_of_a_straight_one() {
    let folder = TemporaryFolder::new("resume");
    let straight = run(&input(12), &options(folder.join("straight"), 5), &Silent).unwrap();
    let options = options(folder.join("resumed"), 5);
    interrupted(&options, 2);
    // What a killed process may leave behind.
    let replicates = folder.join("resumed.partial/replicates");
    fs_err::create_dir_all(replicates.join("00002.tmp")).unwrap();
    fs_err::write(replicates.join("00002.tmp/groups.parquet"), b"PAR1").unwrap();
    fs_err::write(folder.join("resumed.partial/groups.parquet"), b"PAR1").unwrap();

    let count = Count::default();
    let resumed = run(&input(12), &RunOptions { resume: true, ..options }, &count).unwrap();
    assert_eq!(count.kept.load(Ordering::SeqCst), 2);
    assert_eq!(count.done.load(Ordering::SeqCst), 3);
    assert_eq!(count.days.load(Ordering::SeqCst), 3 * 12);
    assert_eq!(lasting_files(&straight.folder), lasting_files(&resumed.folder));
    assert_eq!(straight.manifest.digest, resumed.manifest.digest);
    assert_eq!(straight.manifest.tables, resumed.manifest.tables);
    assert_eq!(straight.manifest.patterns, resumed.manifest.patterns);
    assert_eq!(without_files(&straight.summary), without_files(&resumed.summary));
    assert_eq!(resumed.manifest.effort.n_replicates_kept, 2);
}

#[test]
fn damaged_replicates_are_run_again() {
    let folder = TemporaryFolder::new("damaged");
    let straight = run(&input(12), &options(folder.join("straight"), 4), &Silent).unwrap();
    let options = options(folder.join("damaged"), 4);
    interrupted(&options, 3);
    let part = folder.join("damaged.partial/replicates/00001/groups.parquet");
    let bytes = fs_err::read(&part).unwrap();
    fs_err::write(&part, &bytes[..bytes.len() / 2]).unwrap();
    fs_err::write(folder.join("damaged.partial/replicates/00002/replicate.json"), b"{").unwrap();
    let count = Count::default();
    let resumed = run(&input(12), &RunOptions { resume: true, ..options }, &count).unwrap();
    assert_eq!(count.kept.load(Ordering::SeqCst), 1);
    assert_eq!(lasting_files(&straight.folder), lasting_files(&resumed.folder));
}

#[test]
fn an_unfinished_run_is_neither_resumed_nor_removed_unasked() {
    let folder = TemporaryFolder::new("unfinished");
    let options = options(folder.join("run"), 5);
    interrupted(&options, 2);
    let error = run(&input(12), &options, &Silent).unwrap_err();
    assert!(matches!(error, RunError::Open(OpenFolderError::Unfinished { .. })));
    let message = error.to_string();
    assert!(message.contains("resume it") && message.contains("overwriting"), "{message}");
    assert!(folder.join("run.partial/replicates/00001").exists());

    let count = Count::default();
    run(&input(12), &RunOptions { overwrite: true, ..options }, &count).unwrap();
    assert_eq!(count.done.load(Ordering::SeqCst), 5);
}

#[test]
fn a_foreign_unfinished_run_is_not_resumed() {
    let folder = TemporaryFolder::new("foreign");
    let options = RunOptions { resume: true, ..options(folder.join("run"), 5) };
    interrupted(&options, 2);
    let mut other_seed = input(12);
    other_seed.setup.seed = 8;
    let mut other_parameter = input(12);
    other_parameter.setup.parameters.set("combat.decisiveness", 2.5).unwrap();
    let other_version = RunOptions { version: "9.9.9".to_owned(), ..options.clone() };
    for (input, options, what) in [
        (&other_seed, &options, "seed 7 there, 8 now"),
        (&input(13), &options, "number of days 12 there, 13 now"),
        (&other_parameter, &options, "setup "),
        (&input(12), &other_version, "engine version"),
    ] {
        let error = run(input, options, &Silent).unwrap_err();
        assert!(matches!(error, RunError::Open(OpenFolderError::Foreign { .. })), "{error}");
        assert!(error.to_string().contains(what), "{error}");
    }
    assert!(folder.join("run.partial/replicates/00001").exists());
}

#[test]
fn more_or_fewer_replicates_can_be_asked_for_on_resuming() {
    let folder = TemporaryFolder::new("extended");
    let four = run(&input(12), &options(folder.join("four"), 4), &Silent).unwrap();
    let options = options(folder.join("run"), 6);
    interrupted(&options, 5);
    let resumed = run(&input(12), &RunOptions { resume: true, replicates: 4, ..options }, &Silent).unwrap();
    assert_eq!(lasting_files(&four.folder), lasting_files(&resumed.folder));
}

#[test]
fn a_run_killed_while_it_got_its_name_is_finished_by_resuming() {
    let folder = TemporaryFolder::new("naming");
    let report = run(&input(12), &options(folder.join("run"), 2), &Silent).unwrap();
    let files = lasting_files(&report.folder);
    fs_err::rename(&report.folder, folder.join("run.partial")).unwrap();
    let count = Count::default();
    let resumed = RunOptions { resume: true, ..options(folder.join("run"), 2) };
    let again = run(&input(12), &resumed, &count).unwrap();
    assert_eq!(count.days.load(Ordering::SeqCst), 0);
    assert_eq!(lasting_files(&again.folder), files);
    assert_eq!(again, report);
}

#[test]
fn finished_runs_are_only_replaced_when_asked_and_only_at_the_end() {
    let folder = TemporaryFolder::new("overwrite");
    let first = run(&input(12), &options(folder.join("run"), 2), &Silent).unwrap();
    let before = lasting_files(&first.folder);
    let error = run(&input(12), &options(folder.join("run"), 2), &Silent).unwrap_err();
    assert!(matches!(error, RunError::Open(OpenFolderError::Exists { .. })), "{error}");

    let overwrite = RunOptions { overwrite: true, ..options(folder.join("run"), 3) };
    run(&input(12), &RunOptions { threads: 1, ..overwrite.clone() }, &StopAfter::new(1)).unwrap_err();
    assert_eq!(lasting_files(&first.folder), before);

    let second = run(&input(12), &overwrite, &Silent).unwrap();
    assert_ne!(lasting_files(&second.folder), before);
    assert_eq!(manifest_of(&second.folder).n_replicates, 3);
    assert!(!folder.join("run.replaced").exists());
}

#[test]
fn a_folder_that_no_run_has_written_is_never_overwritten() {
    let folder = TemporaryFolder::new("precious");
    fs_err::create_dir_all(folder.join("thesis")).unwrap();
    fs_err::write(folder.join("thesis/chapter.txt"), "years of work").unwrap();
    let overwrite = RunOptions { overwrite: true, ..options(folder.join("thesis"), 1) };
    let error = run(&input(12), &overwrite, &Silent).unwrap_err();
    assert!(matches!(error, RunError::Open(OpenFolderError::NotARunFolder { .. })), "{error}");
    fs_err::create_dir_all(folder.join("run.partial")).unwrap();
    fs_err::write(folder.join("run.partial/notes.txt"), "mine").unwrap();
    let overwrite = RunOptions { overwrite: true, ..options(folder.join("run"), 1) };
    let error = run(&input(12), &overwrite, &Silent).unwrap_err();
    assert!(matches!(error, RunError::Open(OpenFolderError::NotPartial { .. })), "{error}");
    assert!(folder.join("run.partial/notes.txt").exists());
    // An empty folder is fine.
    fs_err::create_dir_all(folder.join("empty")).unwrap();
    run(&input(12), &options(folder.join("empty"), 1), &Silent).unwrap();
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = TemporaryFolder::new("unwritable");
    fs_err::write(folder.join("file"), "not a folder").unwrap();
    let error = run(&input(12), &options(folder.join("file/run"), 1), &Silent).unwrap_err();
    assert!(matches!(error, RunError::Open(OpenFolderError::Io(_))), "{error}");
    let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    assert!(source.contains("file/run"), "{source}");
}

#[test]
fn two_processes_cannot_write_to_one_run() {
    let folder = TemporaryFolder::new("locked");
    let options = RunOptions { resume: true, ..options(folder.join("run"), 3) };
    interrupted(&options, 1);
    let lock = fs_err::OpenOptions::new().write(true).open(folder.join("run.partial/lock")).unwrap();
    lock.file().lock().unwrap();
    let error = run(&input(12), &options, &Silent).unwrap_err();
    assert!(matches!(error, RunError::Open(OpenFolderError::Locked { .. })), "{error}");
    drop(lock);
    run(&input(12), &options, &Silent).unwrap();
}

#[test]
fn impossible_requests_are_refused() {
    let folder = TemporaryFolder::new("impossible");
    for replicates in [0, 30_001] {
        let error = run(&input(12), &options(folder.join("run"), replicates), &Silent).unwrap_err();
        assert!(matches!(error, RunError::Replicates { found } if found == replicates));
    }
    for name in ["../escape.toml", "/etc/passwd", ""] {
        let mut outside = input(12);
        outside.files = vec![(name.to_owned(), String::new())];
        let error = run(&outside, &options(folder.join("run"), 1), &Silent).unwrap_err();
        assert!(matches!(error, RunError::ScenarioFile { .. }), "{name}");
    }
    assert!(!folder.join("run.partial").exists());
}
