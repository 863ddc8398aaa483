//! Threads lent to replicates, so that few of them have all cores, too.

use allegiance_model::crew::{Crew, Job};
use rayon_core::{ThreadPool, ThreadPoolBuilder};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A crew for the replicates in work: as long as every thread has one, each is alone with it;
/// then those that are left share the threads.
pub(crate) struct SharedCrew {
    n_threads: usize,
    /// Replicates that aren't done.
    n_left: AtomicUsize,
    /// Made when the first replicate needs it; none where the system gives no threads.
    pool: OnceLock<Option<ThreadPool>>,
}

impl SharedCrew {
    /// For so many replicates on so many threads.
    pub(crate) fn new(n_threads: usize, n_replicates: usize) -> Self {
        Self { n_threads, n_left: AtomicUsize::new(n_replicates), pool: OnceLock::new() }
    }

    /// A replicate is done.
    pub(crate) fn leave(&self) {
        self.n_left.fetch_sub(1, Ordering::Relaxed);
    }

    fn pool(&self) -> Option<&ThreadPool> {
        self.pool.get_or_init(|| ThreadPoolBuilder::new().num_threads(self.n_threads).build().ok()).as_ref()
    }
}

impl Crew for SharedCrew {
    fn size(&self) -> usize {
        match self.n_threads / self.n_left.load(Ordering::Relaxed).max(1) {
            0 | 1 => 1,
            size => self.pool().map_or(1, |_| size),
        }
    }

    fn work(&self, jobs: Vec<Job<'_>>) {
        match self.pool() {
            Some(pool) => pool.in_place_scope(|scope| {
                for job in jobs {
                    scope.spawn(|_| job());
                }
            }),
            None => jobs.into_iter().for_each(|job| job()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SharedCrew;
    use allegiance_model::crew::{Crew as _, Job};
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn replicates_that_are_left_share_the_threads() {
        let crew = SharedCrew::new(4, 5);
        let sizes: Vec<usize> = (0..5)
            .map(|_| {
                let size = crew.size();
                crew.leave();
                size
            })
            .collect();
        assert_eq!(sizes, [1, 1, 1, 2, 4]);
    }

    #[test]
    fn all_jobs_are_done_before_the_crew_comes_back() {
        let done = AtomicU32::new(0);
        let count = || -> Job<'_> {
            Box::new(|| {
                done.fetch_add(1, Ordering::Relaxed);
            })
        };
        SharedCrew::new(3, 1).work((0..40).map(|_| count()).collect());
        assert_eq!(done.load(Ordering::Relaxed), 40);
    }
}
