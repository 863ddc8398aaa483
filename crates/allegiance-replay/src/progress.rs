//! How a caller follows a run; the laboratory itself never prints.

/// What a caller hears while replicates run.
///
/// The calls come from several threads at once, in no fixed order.
pub trait Progress: Sync {
    /// The run begins: `n_kept` of `n_replicates` replicates of `n_days` days
    /// were finished by an earlier, interrupted run.
    fn begin(&self, _n_replicates: u32, _n_kept: u32, _n_days: u32) {}

    /// A replicate has finished its day `day`, counted from 1.
    fn day_done(&self, _replicate: u32, _day: u32) {}

    /// A replicate is finished and written.
    fn replicate_done(&self, _replicate: u32) {}

    /// All replicates are written; their tables are being merged.
    fn merging(&self, _table: &str) {}

    /// Whether to stop. Asked after each day; the replicates already finished
    /// are kept and a later run can resume.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// Progress that nobody follows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {}

/// What a caller hears while work in many pieces goes on, such as the rows of
/// a sweep. The calls come from several threads at once.
pub trait WorkProgress: Sync {
    /// The work begins: `n_kept` of `n` pieces were finished before.
    fn begin(&self, _n: u64, _n_kept: u64) {}

    /// A piece is finished and kept.
    fn piece_done(&self) {}

    /// Whether to stop; the finished pieces are kept.
    fn is_cancelled(&self) -> bool {
        false
    }
}

impl WorkProgress for Silent {}
