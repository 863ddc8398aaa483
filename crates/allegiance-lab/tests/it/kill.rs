//! A process that is killed without warning.

use crate::folders::lasting_files;
use crate::world::{TemporaryFolder, input, options, run};
use allegiance_replay::{Progress, Silent};
use allegiance_runs::RunOptions;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const FOLDER: &str = "ALLEGIANCE_TEST_KILL_FOLDER";

/// Hangs in the third replicate.
struct Hang;

impl Progress for Hang {
    fn day_done(&self, replicate: u32, _day: u32) {
        if replicate == 2 {
            std::thread::sleep(Duration::from_secs(120));
        }
    }
}

#[test]
#[ignore = "the process that another test kills"]
fn run_that_hangs() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let options = RunOptions { threads: 1, ..options(PathBuf::from(folder), 5) };
        run(&input(12), &options, &Hang).unwrap();
    }
}

#[test]
fn a_killed_run_keeps_its_finished_replicates_and_resumes_to_the_same_bytes() {
    let folder = TemporaryFolder::new("killed");
    let out = folder.join("run");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "kill::run_that_hangs"])
        .env(FOLDER, &out)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let second = folder.join("run.partial/replicates/00001/replicate.json");
    let patience = Instant::now() + Duration::from_secs(60);
    while !second.exists() && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(20));
    }
    // On Unix this is SIGKILL: nothing in the process can clean up.
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(second.exists(), "the second replicate wasn't kept");
    assert!(!out.exists());

    let resumed = run(&input(12), &RunOptions { resume: true, ..options(out, 5) }, &Silent).unwrap();
    assert_eq!(resumed.manifest.effort.n_replicates_kept, 2);
    let straight = run(&input(12), &options(folder.join("straight"), 5), &Silent).unwrap();
    assert_eq!(lasting_files(&resumed.folder), lasting_files(&straight.folder));
    assert_eq!(resumed.manifest.digest, straight.manifest.digest);
}
