//! Pieces of work on threads.

use allegiance_record::spread::Spread;
use rayon::prelude::*;

/// Pieces of work on so many threads; 0 is one a core, 1 the caller's own.
#[derive(Debug, Clone, Copy, Default)]
pub struct Threads(pub usize);

impl Spread for Threads {
    /// # Panics
    /// Where the operating system gives no threads.
    fn each<T: Send>(&self, n: usize, piece: impl Fn(usize) -> T + Sync) -> Vec<T> {
        if self.0 == 1 {
            return (0..n).map(piece).collect();
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.0).build().expect("the system gives threads");
        pool.install(|| (0..n).into_par_iter().map(&piece).collect())
    }
}
