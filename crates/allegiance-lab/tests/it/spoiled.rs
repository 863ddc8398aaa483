//! Spoiled files of every kind that is read back: an error or an answer, and no panic.
//!
//! They come from folders that the program wrote, without the digests that would
//! refuse every one of them before its reader sees it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::inference::study;
use crate::rows_elsewhere::{input as sweep_input, options as sweep_options};
use crate::world::{TemporaryFolder, input, options, run, setup};
use allegiance_fixtures::Luck;
use allegiance_lab::experiment::read_experiment;
use allegiance_lab::inference::WHOLE;
use allegiance_lab::sweep::{SweepResults, sweep};
use allegiance_model::World;
use allegiance_replay::{Progress, Silent};
use allegiance_runs::read_run::TableFile;
use allegiance_runs::sums::changed_files;
use allegiance_runs::{FinishedRun, RunOptions};
use std::path::Path;

/// A file with a few spoiled bytes: turned, cut out, doubled, or cut off.
fn spoil(whole: &[u8], luck: &mut Luck) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=luck.below(3) {
        if bytes.is_empty() {
            break;
        }
        let at = luck.below(bytes.len());
        let end = (at + luck.below(64)).min(bytes.len());
        match luck.below(5) {
            0 | 1 => bytes[at] ^= 1 << luck.below(8),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let piece = bytes[at..end].to_vec();
                drop(bytes.splice(at..at, piece));
            }
            _ => bytes.truncate(at),
        }
    }
    bytes
}

/// Reads a file again and again, each time spoiled otherwise.
fn again_and_again(path: &Path, n: usize, read: &dyn Fn()) {
    let mut luck = Luck(path.as_os_str().len() as u64);
    let whole = fs_err::read(path).unwrap();
    for _ in 0..n {
        fs_err::write(path, spoil(&whole, &mut luck)).unwrap();
        read();
    }
    fs_err::write(path, whole).unwrap();
    read();
}

#[test]
fn spoiled_runs_are_refused_or_read() {
    let folder = TemporaryFolder::new("spoiled-run");
    let out = folder.join("run");
    run(&input(3), &options(out.clone(), 2), &Silent).unwrap();
    let read = || {
        changed_files(&out).ok();
        let Ok(run) = FinishedRun::open(&out) else { return };
        run.records(1).ok();
        run.reported(1).ok();
        run.sites().ok();
    };
    again_and_again(&out.join("SHA256SUMS"), 60, &read);
    fs_err::remove_file(out.join("SHA256SUMS")).unwrap();
    for name in
        ["run.json", "groups.parquet", "places.parquet", "persons.parquet", "reported.parquet", "incidents.parquet"]
    {
        again_and_again(&out.join(name), 150, &read);
    }
    let table = out.join("exposures.parquet");
    again_and_again(&table, 150, &|| {
        let Ok(file) = TableFile::open(&table) else { return };
        file.row_groups(Some(1)).ok();
        for group in file.row_groups(None).unwrap_or_default() {
            file.read(group).ok();
        }
    });
}

#[test]
fn spoiled_draws_sweeps_and_experiments_are_refused_or_read() {
    let folder = TemporaryFolder::new("spoiled-work");
    let study = study();
    let table = folder.join("table");
    let opened = study.open(&table).unwrap();
    study.fill(&opened, 2, WHOLE, 1, &Silent).unwrap();
    let expected = study.read(&opened, 2).unwrap();
    again_and_again(&table.join("draws/000000.parquet"), 300, &|| {
        if let Ok(read) = study.read(&opened, 2) {
            assert_eq!(read, expected);
        }
    });
    again_and_again(&table.join("study.json"), 100, &|| drop(study.open(&table)));

    let setup = setup(2);
    let out = folder.join("sweep");
    sweep(&sweep_input(&setup, &["1", "2"]), &sweep_options(out.clone()), &Silent).unwrap();
    fs_err::remove_file(out.join("SHA256SUMS")).unwrap();
    for name in ["design.json", "rows.parquet"] {
        again_and_again(&out.join(name), 150, &|| {
            if let Ok(results) = SweepResults::open(&out) {
                results.manifest.identity();
            }
        });
    }
    let text = r#"{"about":"x","format_version":1,"engine_version":"1","work_digest":"a","shard":null,"results":{}}"#;
    fs_err::create_dir_all(folder.join("arms")).unwrap();
    fs_err::write(folder.join("arms/experiment.json"), text).unwrap();
    again_and_again(&folder.join("arms/experiment.json"), 100, &|| drop(read_experiment(&folder.join("arms"))));
}

/// Stops a run after some days of its only replicate.
struct Stop(std::sync::atomic::AtomicBool);

impl Progress for Stop {
    fn day_done(&self, _replicate: u32, day: u32) {
        self.0.store(day >= 3, std::sync::atomic::Ordering::SeqCst);
    }

    fn is_cancelled(&self) -> bool {
        self.0.load(std::sync::atomic::Ordering::SeqCst)
    }
}

#[test]
fn spoiled_unfinished_runs_are_refused_or_end_with_the_same_bytes() {
    let folder = TemporaryFolder::new("spoiled-partial");
    let tables = Some(vec!["groups".to_owned()]);
    let options = RunOptions { tables, threads: 1, checkpoint_every: Some(1), ..options(folder.join("run"), 1) };
    let straight = RunOptions { out: folder.join("straight"), ..options.clone() };
    run(&input(5), &straight, &Silent).unwrap();
    let expected = fs_err::read(folder.join("straight/groups.parquet")).unwrap();
    run(&input(5), &options, &Stop(false.into())).unwrap_err();
    World::build(setup(1));
    let mut luck = Luck(5);
    for name in ["partial.json", "checkpoints/00000.checkpoint", "lock"] {
        let whole = fs_err::read(folder.join("run.partial").join(name)).unwrap();
        for n in 0..25 {
            let partial = folder.join(&format!("again-{n}.partial"));
            fs_err::create_dir_all(partial.join("checkpoints")).unwrap();
            for file in ["partial.json", "checkpoints/00000.checkpoint", "lock", "resume.json"] {
                fs_err::copy(folder.join("run.partial").join(file), partial.join(file)).unwrap();
            }
            fs_err::write(partial.join(name), spoil(&whole, &mut luck)).unwrap();
            let out = folder.join(&format!("again-{n}"));
            let again = RunOptions { out: out.clone(), resume: true, ..options.clone() };
            if run(&input(5), &again, &Silent).is_ok() {
                assert_eq!(fs_err::read(out.join("groups.parquet")).unwrap(), expected, "{name}");
            }
            for folder in [out, partial] {
                fs_err::remove_dir_all(folder).ok();
            }
        }
    }
}
