//! The one loop that works on threads: pieces that don't depend on one another,
//! followed by the caller, who may cancel.

use allegiance_record::spread::Spread;
use allegiance_replay::{BrokenRun, WorkProgress};
use std::convert::Infallible;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// So many threads, the caller's own among them; 0 is one a core.
///
/// Where the system gives fewer than asked for, the work goes on with those
/// that it gives: no result depends on their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Threads(pub usize);

/// Why work ended before all its pieces were done.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum Stopped<E> {
    /// The caller cancelled.
    #[error("cancelled")]
    Cancelled,
    /// A bound of the engine didn't hold.
    #[error("the engine stopped with a bug")]
    Broken(#[from] BrokenRun),
    /// A piece failed; the work on the others has stopped.
    #[error("a piece of work failed")]
    Failed(#[source] E),
}

/// Tells a piece in progress whether to stop.
pub struct Halt<'a> {
    is_stopped: AtomicBool,
    is_cancelled: &'a (dyn Fn() -> bool + Sync),
}

impl std::fmt::Debug for Halt<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Halt").field("is_stopped", &self.is_stopped).finish_non_exhaustive()
    }
}

impl Halt<'_> {
    /// Whether another piece has failed, or the caller has cancelled.
    pub fn is_asked(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed) || (self.is_cancelled)()
    }

    fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }
}

/// Stops the others where a piece panics, so that the caller hears of it soon.
struct StopOnPanic<'h, 'a>(&'h Halt<'a>);

impl Drop for StopOnPanic<'_, '_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.stop();
        }
    }
}

impl Threads {
    /// What `piece` makes of `0..n`, in their order.
    ///
    /// Pieces are taken in order, so that work which is cut short has finished
    /// the first ones. The first failure stops the others, and so does a caller
    /// who cancels.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub fn work<T: Send, E: Send>(
        self,
        n: usize,
        is_cancelled: &(dyn Fn() -> bool + Sync),
        piece: impl Fn(usize, &Halt<'_>) -> Result<T, Stopped<E>> + Sync,
    ) -> Result<Vec<T>, Stopped<E>> {
        let halt = Halt { is_stopped: AtomicBool::new(false), is_cancelled };
        let next = AtomicUsize::new(0);
        let failure: Mutex<Option<Stopped<E>>> = Mutex::new(None);
        let take = || {
            let _guard = StopOnPanic(&halt);
            let mut done: Vec<(usize, T)> = Vec::new();
            while !halt.is_asked() {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= n {
                    break;
                }
                match piece(at, &halt) {
                    Ok(made) => done.push((at, made)),
                    Err(stopped) => {
                        failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(stopped);
                        halt.stop();
                    }
                }
            }
            done
        };
        let mut done = thread::scope(|scope| {
            let start = |_| thread::Builder::new().spawn_scoped(scope, take).ok();
            let others: Vec<_> = (1..self.count_for(n)).map_while(start).collect();
            let mut done = take();
            for other in others {
                done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
            }
            done
        });
        if let Some(stopped) = failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(stopped);
        }
        if done.len() < n {
            return Err(Stopped::Cancelled);
        }
        done.sort_unstable_by_key(|&(at, _)| at);
        Ok(done.into_iter().map(|(_, made)| made).collect())
    }

    /// The same for a caller who hears of each piece that is done.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub fn follow<T: Send, E: Send>(
        self,
        n: usize,
        progress: &dyn WorkProgress,
        piece: impl Fn(usize) -> Result<T, E> + Sync,
    ) -> Result<Vec<T>, Stopped<E>> {
        self.work(n, &|| progress.is_cancelled(), |at, _| {
            let made = piece(at).map_err(Stopped::Failed)?;
            progress.piece_done();
            Ok(made)
        })
    }

    /// As many as help: the work is computing, and one a core does it.
    pub fn that_help() -> usize {
        thread::available_parallelism().map_or(1, std::num::NonZero::get)
    }

    /// How many there are, where all have a piece.
    pub(crate) fn count(self) -> usize {
        if self.0 == 0 { Self::that_help() } else { self.0 }
    }

    /// How many threads so many pieces are worth.
    fn count_for(self, n_pieces: usize) -> usize {
        self.count().min(n_pieces)
    }
}

impl Spread for Threads {
    fn each<T: Send>(&self, n: usize, piece: impl Fn(usize) -> T + Sync) -> Vec<T> {
        let made = self.work(n, &|| false, |at, _| Ok::<T, Stopped<Infallible>>(piece(at)));
        made.expect("nobody cancels, and no piece fails")
    }
}

#[cfg(test)]
mod tests {
    use super::{Stopped, Threads};
    use allegiance_record::spread::Spread as _;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn pieces_come_in_their_order_on_any_number_of_threads() {
        for threads in [0, 1, 3, 64] {
            assert_eq!(Threads(threads).each(100, |at| at * at), (0..100).map(|at| at * at).collect::<Vec<_>>());
        }
        assert!(Threads(2).each(0, |at| at).is_empty());
    }

    #[test]
    fn a_failure_stops_the_others_and_is_told() {
        let n_begun = AtomicUsize::new(0);
        let found = Threads(2).work(10_000, &|| false, |at, _| {
            n_begun.fetch_add(1, Ordering::Relaxed);
            if at == 3 { Err(Stopped::Failed("full")) } else { Ok(at) }
        });
        assert_eq!(found, Err(Stopped::Failed("full")));
        assert!(n_begun.into_inner() < 10_000);
    }

    #[test]
    fn whoever_cancels_has_the_first_pieces() {
        let n_done = AtomicUsize::new(0);
        let is_cancelled = || n_done.load(Ordering::Relaxed) >= 5;
        let found = Threads(1).work(100, &is_cancelled, |at, _| {
            n_done.fetch_add(1, Ordering::Relaxed);
            if at < 5 { Ok(()) } else { Err(Stopped::Failed(at)) }
        });
        assert_eq!(found, Err(Stopped::Cancelled));
        assert_eq!(n_done.into_inner(), 5);
    }

    #[test]
    fn a_panic_of_a_piece_is_the_callers() {
        let work = || Threads(2).each(50, |at| assert_ne!(at, 7, "seven"));
        let panic = catch_unwind(AssertUnwindSafe(work)).expect_err("it panics");
        assert!(panic.downcast_ref::<String>().is_some_and(|text| text.contains("seven")));
    }
}
