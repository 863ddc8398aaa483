//! What a kill or a power cut at each step on the disk leaves, and what is never
//! removed: every step may be the last, and what anyone relies on is on the disk.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::folders::manifest_of;
use crate::inference::study;
use crate::rows_elsewhere::{input as sweep_input, options as sweep_options};
use crate::world::{TemporaryFolder, input, options, run, setup};
use allegiance_lab::inference::WHOLE;
use allegiance_lab::sweep::{SweepOptions, SweepResults, sweep};
use allegiance_replay::{Progress, Silent};
use allegiance_runs::disk::watch::{Deed, Watch, not_durable};
use allegiance_runs::new_folder::{WriteNewFolderError, replace_folder, write_new_folder};
use allegiance_runs::{FinishedRun, OpenFolderError, RunError, RunOptions, WriteFolderError};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Every file below a folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn visit(folder: &Path, root: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in fs_err::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, root, found);
            } else {
                found.insert(path.strip_prefix(root).unwrap().to_owned(), fs_err::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    visit(folder, folder, &mut found);
    found
}

/// The files that the same work must end with: all but those that tell times.
fn lasting(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = files(folder);
    found.retain(|path, _| {
        !["run.json", "SHA256SUMS", "summary.txt", "register.jsonl"].iter().any(|name| path.ends_with(name))
    });
    found
}

/// A folder in memory where there is such a disk: synchronising costs nothing there.
fn in_memory(name: &str) -> TemporaryFolder {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { TemporaryFolder::within(memory, name) } else { TemporaryFolder::new(name) }
}

/// Some work below a folder that makes the folder or file `out` of it; `true` asks to go on.
type Work<'a> = &'a dyn Fn(&Path, bool) -> Result<(), String>;

/// Stops the work after every number of steps, takes away what isn't on the disk, and goes on.
fn may_end_anywhere(name: &str, before: &dyn Fn(&Path), work: Work<'_>) {
    let folder = in_memory(name);
    let straight = folder.join("straight");
    before(&straight);
    let watch = Watch::over(&straight);
    work(&straight, false).unwrap();
    let deeds = watch.deeds();
    drop(watch);
    assert!(deeds.len() > 4, "{deeds:?}");
    assert_eq!(not_durable(&deeds), BTreeSet::new(), "told, and not on the disk");
    // Before something is removed, what takes its place is on the disk.
    for (at, deed) in deeds.iter().enumerate() {
        let serves =
            |path: &Path| ["replicates", "checkpoints", "pieces", "replaced"].iter().any(|name| path.ends_with(name));
        if matches!(deed, Deed::Removed(path) if serves(path)) {
            assert_eq!(not_durable(&deeds[..at]), BTreeSet::new(), "not on the disk before {deed:?}");
        }
    }
    let expected = lasting(&straight);
    // Steps between two writings are much alike; those that change what is there are all tried.
    let is_tried = |at: &usize| {
        let deed = &deeds[*at];
        at.is_multiple_of(3) || matches!(deed, Deed::Renamed(..) | Deed::Removed(_) | Deed::MadeFolder(_))
    };
    for n_steps in (0..deeds.len()).filter(is_tried) {
        let root = folder.join(&format!("after-{n_steps}"));
        before(&root);
        let watch = Watch::stopping_after(&root, n_steps);
        work(&root, false).ok();
        let lost = not_durable(&watch.deeds());
        drop(watch);
        for path in lost.iter().filter(|path| path.is_file()) {
            fs_err::write(path, "").unwrap();
        }
        let is_done = root.join("out").exists() && !root.join("out.partial").exists();
        if !is_done || lasting(&root) != expected {
            work(&root, true).unwrap_or_else(|error| panic!("after {n_steps} steps, of {:?}: {error}", deeds[n_steps]));
        }
        let found = lasting(&root);
        let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
        let left = |path: &&PathBuf| !path.to_string_lossy().ends_with(".tmp");
        let found_names: Vec<PathBuf> = names(&found).iter().filter(left).cloned().collect();
        assert_eq!(found_names, names(&expected), "after {n_steps} steps, before {:?}", deeds[n_steps]);
        assert!(expected.iter().all(|(path, bytes)| found[path] == *bytes), "other bytes after {n_steps} steps");
        fs_err::remove_dir_all(&root).unwrap();
    }
}

fn few(out: PathBuf, n_replicates: u32, resume: bool) -> RunOptions {
    let tables = Some(vec!["groups".to_owned(), "persons".to_owned()]);
    RunOptions { threads: 1, tables, resume, checkpoint_every: Some(2), ..options(out, n_replicates) }
}

fn swept(out: PathBuf, resume: bool) -> Result<(), String> {
    let setup = setup(3);
    let options = SweepOptions { threads: 1, resume, ..sweep_options(out) };
    sweep(&sweep_input(&setup, &["2", "3"]), &options, &Silent).map(drop).map_err(|error| error.to_string())
}

fn told<T>(result: Result<T, RunError>) -> Result<(), String> {
    result.map(drop).map_err(|error| format!("{error}: {:?}", std::error::Error::source(&error)))
}

#[test]
fn a_run_may_end_after_any_step() {
    may_end_anywhere("steps-run", &|root| fs_err::create_dir_all(root).unwrap(), &|root, resume| {
        told(run(&input(4), &few(root.join("out"), 2, resume), &Silent))
    });
}

#[test]
fn a_run_that_replaces_another_may_end_after_any_step() {
    may_end_anywhere(
        "steps-overwrite",
        &|root| {
            fs_err::create_dir_all(root).unwrap();
            run(&input(3), &few(root.join("out"), 1, false), &Silent).unwrap();
        },
        &|root, resume| {
            // Where nothing was begun yet, the same command is given again.
            let resume = resume && root.join("out.partial/partial.json").exists();
            let resume = resume || root.join("out/partial.json").exists();
            let options = few(root.join("out"), 2, resume);
            let options = RunOptions { overwrite: !resume, ..options };
            let is_readable = || FinishedRun::open(&root.join("out")).is_ok() || root.join("out.partial").exists();
            assert!(is_readable());
            let result = told(run(&input(4), &options, &Silent));
            assert!(is_readable(), "neither the old nor the new one is there");
            result
        },
    );
}

#[test]
fn a_sweep_may_end_after_any_step() {
    may_end_anywhere("steps-sweep", &|root| fs_err::create_dir_all(root).unwrap(), &|root, resume| {
        swept(root.join("out"), resume)
    });
}

#[test]
fn a_study_may_end_after_any_step() {
    may_end_anywhere("steps-study", &|root| fs_err::create_dir_all(root).unwrap(), &|root, _resume| {
        let study = study();
        let folder = study.open(&root.join("out")).map_err(|error| error.to_string())?;
        study.fill(&folder, 1, WHOLE, 1, &Silent).map_err(|error| error.to_string())
    });
}

fn build_files(word: &str) -> Vec<(String, Vec<u8>)> {
    let file = |name: &str, n: usize| (name.to_owned(), word.repeat(n).into_bytes());
    vec![file("scenario.toml", 1), file("places.csv", 3), file("control.csv", 5)]
}

#[test]
fn a_built_folder_may_end_after_any_step() {
    let write = |root: &Path, _resume| match write_new_folder(&root.join("out"), &build_files("new\n")) {
        Err(WriteNewFolderError::Exists { .. }) => Ok(()),
        written => written.map_err(|error| error.to_string()),
    };
    may_end_anywhere("steps-build", &|root| fs_err::create_dir_all(root).unwrap(), &write);
    let before = |root: &Path| write_new_folder(&root.join("out"), &build_files("old\n")).unwrap();
    let replace = |root: &Path, _resume| {
        replace_folder(&root.join("out"), &build_files("new\n")).map_err(|error| error.to_string())
    };
    may_end_anywhere("steps-rebuild", &before, &replace);
}

/// Does something while a run goes on.
struct Meanwhile<'a>(&'a (dyn Fn() + Sync));

impl Progress for Meanwhile<'_> {
    fn replicate_done(&self, _replicate: u32) {
        (self.0)();
    }
}

fn write(path: &Path, text: &str) {
    fs_err::create_dir_all(path.parent().unwrap()).unwrap();
    fs_err::write(path, text).unwrap();
}

#[test]
fn a_folder_made_meanwhile_is_left_alone_and_the_run_waits_for_its_name() {
    let folder = TemporaryFolder::new("meanwhile");
    let out = folder.join("run");
    let notes = out.join("notes.txt");
    for overwrite in [false, true] {
        let options = RunOptions { overwrite, ..few(out.clone(), 1, false) };
        let error = run(&input(3), &options, &Meanwhile(&|| write(&notes, "years of work"))).unwrap_err();
        let is_told = match &error {
            RunError::Write(WriteFolderError::Appeared { .. }) => !overwrite,
            RunError::Write(WriteFolderError::NotReplaced { .. }) => overwrite,
            _ => false,
        };
        assert!(is_told, "{error:?}");
        assert_eq!(fs_err::read_to_string(&notes).unwrap(), "years of work");
        fs_err::rename(&out, folder.join("elsewhere")).unwrap();
        run(&input(3), &few(out.clone(), 1, true), &Silent).unwrap();
        assert_eq!(manifest_of(&out).n_replicates, 1);
        fs_err::remove_dir_all(folder.join("elsewhere")).unwrap();
        fs_err::remove_dir_all(&out).unwrap();
    }
}

#[test]
fn nothing_that_the_program_did_not_write_is_removed() {
    let folder = TemporaryFolder::new("ours");
    let out = folder.join("run");
    // Folders of users that look like those of other programs, or of earlier versions.
    for name in ["run.replaced/notes", "run.old/notes", "run.tmp/notes", "build.old/notes", "build.replaced/notes"] {
        write(&folder.join(name), "mine");
    }
    run(&input(3), &few(out.clone(), 1, false), &Silent).unwrap();
    write_new_folder(&folder.join("build"), &build_files("a\n")).unwrap();
    replace_folder(&folder.join("build"), &build_files("b\n")).unwrap();
    // Notes kept in a run folder or beside its scenario.
    for note in
        ["notes.md", "lock", "pieces/mine", "scenario/notes.md", "figures/map.svg", "extra.parquet", "empty-folder/"]
    {
        if note.ends_with('/') {
            fs_err::create_dir_all(out.join(note)).unwrap();
        } else {
            write(&out.join(note), "mine");
        }
        let error = run(&input(4), &RunOptions { overwrite: true, ..few(out.clone(), 1, false) }, &Silent).unwrap_err();
        assert!(matches!(&error, RunError::Open(OpenFolderError::Holds { holds, .. }) if *holds == note), "{error:?}");
        assert!(out.join(note).exists() && !folder.join("run.partial").exists());
        remove(
            &out.join(note.split_once('/').map_or(note, |(first, _)| if first == "scenario" { note } else { first })),
        );
    }
    run(&input(4), &RunOptions { overwrite: true, ..few(out.clone(), 1, false) }, &Silent).unwrap();
    // A file that somebody else calls `lock`.
    write(&folder.join("mine/lock"), "mine");
    let error = run(&input(3), &few(folder.join("mine"), 1, false), &Silent).unwrap_err();
    assert!(matches!(error, RunError::Open(OpenFolderError::Exists { .. })), "{error}");
    write(&folder.join("other.partial/lock"), "mine");
    for overwrite in [false, true] {
        let options = RunOptions { overwrite, ..few(folder.join("other"), 1, false) };
        let error = run(&input(3), &options, &Silent).unwrap_err();
        assert!(matches!(error, RunError::Open(OpenFolderError::NotPartial { .. })), "{error}");
    }
    assert_eq!(fs_err::read_to_string(folder.join("other.partial/lock")).unwrap(), "mine");
    for name in ["run.replaced/notes", "run.old/notes", "run.tmp/notes", "build.old/notes", "build.replaced/notes"] {
        assert_eq!(fs_err::read_to_string(folder.join(name)).unwrap(), "mine", "{name}");
    }
}

fn remove(path: &Path) {
    if path.is_dir() { fs_err::remove_dir_all(path) } else { fs_err::remove_file(path) }.unwrap();
}

#[test]
fn unfinished_work_of_another_kind_is_never_dropped() {
    let folder = TemporaryFolder::new("kinds");
    let out = folder.join("out");
    let stop = Watch::stopping_after(&folder.join(""), 40);
    run(&input(4), &few(out.clone(), 3, false), &Silent).unwrap_err();
    drop(stop);
    let kept = files(&folder.join("out.partial"));
    assert!(kept.keys().any(|path| path.ends_with("replicate.json")), "{:?}", kept.keys());
    for written in [write_new_folder(&out, &build_files("new\n")), replace_folder(&out, &build_files("new\n"))] {
        let error = written.unwrap_err();
        assert!(matches!(error, WriteNewFolderError::Open(OpenFolderError::Foreign { .. })), "{error}");
    }
    let error = swept(out.clone(), false).unwrap_err();
    assert!(error.contains("head file run.json there, design.json now"), "{error}");
    assert_eq!(files(&folder.join("out.partial")), kept);
    run(&input(4), &few(out, 3, true), &Silent).unwrap();
}

#[test]
fn of_two_who_build_at_once_one_wins_and_nothing_is_mixed() {
    let folder = TemporaryFolder::new("two-builders");
    for round in 0..40 {
        let out = folder.join(&format!("out-{round}"));
        let results: Vec<Result<(), WriteNewFolderError>> = std::thread::scope(|scope| {
            let build = |word: &'static str| {
                let out = &out;
                scope.spawn(move || replace_folder(out, &build_files(word)))
            };
            [build("one\n"), build("two\n")].map(|thread| thread.join().unwrap()).into_iter().collect()
        });
        for error in results.iter().filter_map(|result| result.as_ref().err()) {
            let is_locked = matches!(error, WriteNewFolderError::Open(OpenFolderError::Locked { .. }))
                || matches!(error, WriteNewFolderError::Open(OpenFolderError::Io(_)));
            assert!(is_locked, "{error:?}");
        }
        assert!(results.iter().any(Result::is_ok), "{results:?}");
        let found = files(&out);
        let is_whole = |word: &str| {
            build_files(word).into_iter().map(|(name, bytes)| (PathBuf::from(name), bytes)).collect::<BTreeMap<_, _>>()
                == found
        };
        assert!(is_whole("one\n") || is_whole("two\n"), "{:?}", found.keys());
        assert!(!folder.join(&format!("out-{round}.partial")).exists());
    }
}

#[test]
fn a_flipped_bit_in_any_file_of_a_run_is_found() {
    let folder = TemporaryFolder::new("flips");
    let out = folder.join("run");
    run(&input(4), &options(out.clone(), 2), &Silent).unwrap();
    let read = || -> Result<(), String> {
        let run = FinishedRun::open(&out).map_err(|error| error.to_string())?;
        for replicate in run.replicates() {
            run.records(replicate).map_err(|error| error.to_string())?;
            run.reported(replicate).map_err(|error| error.to_string())?;
        }
        Ok(())
    };
    read().unwrap();
    let mut n_flips = 0;
    for (name, whole) in files(&out) {
        for at in (0..whole.len()).step_by(whole.len() / 40 + 1) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 8);
            fs_err::write(out.join(&name), &bytes).unwrap();
            read().expect_err(&format!("a flipped bit of byte {at} of {}", name.display()));
            n_flips += 1;
        }
        fs_err::write(out.join(&name), &whole).unwrap();
    }
    read().unwrap();
    assert!(n_flips > 300, "{n_flips}");
}

#[test]
fn a_flipped_bit_in_a_chunk_of_draws_or_in_a_sweep_is_found() {
    let folder = TemporaryFolder::new("flipped-draws");
    let study = study();
    let table = study.open(&folder.join("table")).unwrap();
    study.fill(&table, 5, WHOLE, 1, &Silent).unwrap();
    let expected = study.read(&table, 5).unwrap();
    let chunk = folder.join("table/draws/000000.parquet");
    let whole = fs_err::read(&chunk).unwrap();
    let (mut n_found, mut n_same, mut spoiled) = (0, 0, Vec::new());
    for at in (0..whole.len()).step_by(whole.len() / 400 + 1) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        fs_err::write(&chunk, &bytes).unwrap();
        match study.read(&table, 5) {
            Err(_) => (n_found, spoiled) = (n_found + 1, bytes),
            // A bit of what no reader looks at, such as a statistic, changes nothing that is read.
            Ok(read) => {
                assert_eq!(read, expected, "byte {at}");
                n_same += 1;
            }
        }
    }
    assert!(n_found > n_same, "{n_found} found, {n_same} without effect");
    // What is found to be spoiled is simulated again.
    fs_err::write(&chunk, &spoiled).unwrap();
    study.fill(&table, 5, WHOLE, 1, &Silent).unwrap();
    assert!(fs_err::read(&chunk).unwrap() == whole, "the chunk isn't what it was");

    swept(folder.join("sweep"), false).unwrap();
    let open = || SweepResults::open(&folder.join("sweep"));
    open().unwrap();
    for name in ["design.json", "rows.parquet"] {
        let path = folder.join("sweep").join(name);
        let whole = fs_err::read(&path).unwrap();
        for at in (0..whole.len()).step_by(whole.len() / 40 + 1) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 8);
            fs_err::write(&path, &bytes).unwrap();
            open().expect_err(&format!("a flipped bit of byte {at} of {name}"));
        }
        fs_err::write(&path, &whole).unwrap();
    }
}
