//! What pages and reports show of a run.

pub mod outlines;
