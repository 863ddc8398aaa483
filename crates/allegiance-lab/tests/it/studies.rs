//! Studies of many replicates: cancelled, continued, on any number of threads.

use crate::world::{TemporaryFolder, setup};
use allegiance_lab::paired::{Replicates, StudyError, StudyFolder, Told, run_study};
use allegiance_lab::theories::{TheoryRow, compare_theories, theories_subject};
use allegiance_replay::{Silent, WorkProgress};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

const N_REPLICATES: u32 = 2;

/// Counts replicates, and cancels after so many.
struct Counter {
    n_done: AtomicU64,
    until: u64,
}

impl WorkProgress for Counter {
    fn begin(&self, _n: u64, _n_kept: u64) {}

    fn piece_done(&self) {
        self.n_done.fetch_add(1, Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.n_done.load(Ordering::Relaxed) >= self.until
    }
}

fn study(replicates: &Replicates<'_>) -> Result<Vec<TheoryRow>, StudyError> {
    compare_theories(&setup(12), &[], N_REPLICATES, replicates)
}

fn tell(rows: &[TheoryRow]) -> Told {
    let [text, csv, markdown, latex] =
        ["text", "csv", "markdown", "latex"].map(|form| format!("{} theories: {form}", rows.len()));
    Told { text, csv, markdown, latex }
}

fn kept(out: &Path, resume: bool, n: u32) -> StudyFolder<'_> {
    theories_subject(&setup(12), &[], &n).kept_in(out, "1", false, resume)
}

#[test]
fn a_study_that_was_cancelled_goes_on_with_what_is_finished() {
    let folder = TemporaryFolder::new("studies");
    let out = folder.join("theories");
    let until_third = Counter { n_done: AtomicU64::new(0), until: 3 };
    let cancelled = run_study(Replicates::new(1, &until_third), Some(&kept(&out, false, 2)), study, |rows| tell(rows));
    assert!(matches!(cancelled, Err(StudyError::Cancelled)), "{cancelled:?}");
    let n_kept = fs_err::read_dir(folder.join("theories.partial/pieces")).unwrap().count();
    assert_eq!(n_kept, 3);

    let other = run_study(Replicates::new(1, &Silent), Some(&kept(&out, true, 3)), study, |rows| tell(rows));
    assert!(matches!(other, Err(StudyError::Open(_))), "another study isn't taken up: {other:?}");
    let resumed = run_study(Replicates::new(2, &Silent), Some(&kept(&out, true, 2)), study, |rows| tell(rows)).unwrap();
    let straight = run_study(Replicates::new(1, &Silent), None, study, |rows| tell(rows)).unwrap();
    assert_eq!((&resumed.json, &resumed.told), (&straight.json, &straight.told));
    assert_eq!(fs_err::read_to_string(out.join("results.csv")).unwrap(), straight.told.csv);
    assert_eq!(fs_err::read_to_string(out.join("results.json")).unwrap(), straight.json);
    assert!(out.join("theories.json").is_file() && !out.join("pieces").exists());
}
