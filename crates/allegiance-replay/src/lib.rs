//! Simulating a history again, on the caller's thread.
//!
//! What needs the engine once more but neither threads nor files: what would
//! have become of a person without one incident ([`but_for`]), what somebody
//! believed in weeks that the record doesn't hold ([`watch_beliefs`]). The
//! browser's module asks here; callers with threads hand them in as a
//! [`Spread`](allegiance_record::Spread).
//!
//! Not here: files, threads, sentences for people.

pub mod but_for;
mod history;
mod progress;
mod watch;

pub use history::{BrokenRun, record_of, simulate, simulate_with_interviews};
pub use progress::{Progress, Silent, WorkProgress};
pub use watch::{watch_beliefs, watch_beliefs_while};
