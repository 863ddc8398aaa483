//! What people read and look at of a history, as words and plain types.
//!
//! The [summary] of a run, [story] of one person, the [view]s that the explore
//! page draws, the verdicts on [`patterns`] and the answer of [`but_for`] as text.
//! Everything is made from records that somebody else has simulated or read.
//!
//! Not here: simulating, files, threads.

pub mod but_for;
pub mod difference;
pub mod factors;
pub mod patterns;
pub mod setup_differences;
pub mod story;
pub mod summary;
pub mod text;
pub mod view;
