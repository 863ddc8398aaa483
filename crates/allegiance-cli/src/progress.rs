//! The progress of a run, drawn on a terminal only.

use std::io::{IsTerminal as _, stderr};
use std::sync::atomic::{AtomicU32, Ordering};

use allegiance_replay::{Progress, WorkProgress};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar without a length, drawn where anyone looks.
fn bar(is_quiet: bool) -> ProgressBar {
    let is_drawn = !is_quiet && stderr().is_terminal();
    let target = if is_drawn { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    ProgressBar::with_draw_target(None, target)
}

/// A bar that counts pieces of work, such as rows.
pub(crate) struct PieceProgress {
    bar: ProgressBar,
    noun: &'static str,
}

impl PieceProgress {
    pub(crate) fn new(is_quiet: bool, noun: &'static str) -> Self {
        Self { bar: bar(is_quiet), noun }
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl WorkProgress for PieceProgress {
    fn begin(&self, n: u64, n_kept: u64) {
        let style = ProgressStyle::with_template("{bar:30} {pos} of {len} {msg}, {elapsed} so far, {eta} left")
            .expect("the template is right");
        self.bar.set_style(style);
        self.bar.set_message(self.noun);
        self.bar.set_length(n);
        self.bar.set_position(n_kept);
        self.bar.reset_eta();
    }

    fn piece_done(&self) {
        self.bar.inc(1);
    }
}

/// A bar that counts the days of all replicates.
pub(crate) struct RunProgress {
    bar: ProgressBar,
    n_done: AtomicU32,
    n_replicates: AtomicU32,
}

impl RunProgress {
    pub(crate) fn new(is_quiet: bool) -> Self {
        Self { bar: bar(is_quiet), n_done: AtomicU32::new(0), n_replicates: AtomicU32::new(0) }
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn say_replicates(&self) {
        let n_done = self.n_done.load(Ordering::Relaxed);
        let n_replicates = self.n_replicates.load(Ordering::Relaxed);
        self.bar.set_message(format!("{n_done} of {n_replicates} replicates"));
    }
}

impl Progress for RunProgress {
    fn begin(&self, n_replicates: u32, n_kept: u32, n_days: u32) {
        let style = ProgressStyle::with_template("{bar:30} {msg}, {elapsed} so far, {eta} left")
            .expect("the template is right");
        self.bar.set_style(style);
        self.bar.set_length(u64::from(n_replicates) * u64::from(n_days));
        self.bar.set_position(u64::from(n_kept) * u64::from(n_days));
        self.bar.reset_eta();
        self.n_replicates.store(n_replicates, Ordering::Relaxed);
        self.n_done.store(n_kept, Ordering::Relaxed);
        self.say_replicates();
    }

    fn day_done(&self, _replicate: u32, _day: u32) {
        self.bar.inc(1);
    }

    fn replicate_done(&self, _replicate: u32) {
        self.n_done.fetch_add(1, Ordering::Relaxed);
        self.say_replicates();
    }

    fn merging(&self, table: &str) {
        self.bar.set_message(format!("merging {table}"));
    }
}
