//! The laboratory of Allegiance: replicates, tables, observation, summaries
//! and patterns.
//!
//! [`run()`] simulates the replicates of one setup and writes a run folder:
//! Parquet tables with their dictionary, `run.json` with digests, and a summary
//! for people. It can be killed at any moment; what is finished is kept, and
//! resuming ends with the same bytes.
//!
//! This is the only crate with threads and output files. It never prints, and
//! it knows no scenario format: a caller hands over a resolved [`RunInput`].
//!
//! ```no_run
//! # fn setup() -> allegiance_model::setup::Setup { unimplemented!() }
//! use allegiance_lab::{RunInput, RunOptions, Silent, run};
//!
//! let input = RunInput {
//!     scenario_id: "one-village".to_owned(),
//!     title: "One village".to_owned(),
//!     scenario_hash: "0".repeat(64),
//!     files: Vec::new(),
//!     setup: setup(),
//!     unchanged: None,
//! };
//! let report = run(&input, &RunOptions::new("runs/first").with_replicates(20), &Silent)?;
//! assert!(report.summary.contains("not a forecast"));
//! # Ok::<(), allegiance_lab::RunError>(())
//! ```

pub mod but_for;
pub mod conformance;
pub mod design;
pub mod experiment;
pub mod inference;
pub mod intervals;
pub mod observe;
pub mod outcomes;
pub mod output;
pub mod paired;
pub mod paths;
pub mod patterns;
mod progress;
pub mod read_run;
pub mod replicates;
pub mod report;
#[cfg(test)]
mod repository;
mod run;
pub mod scales;
pub mod score;
pub mod sensitivity;
pub mod setting;
pub mod setup_differences;
pub mod story;
pub mod summary;
pub mod sweep;
pub mod text;
pub mod theories;
pub mod verify;
pub mod view;

pub use observe::{Country, ObservationParameters};
pub use output::checkpoint::CheckpointError;
pub use output::manifest::Manifest;
pub use output::run_folder::{OpenFolderError, WriteFolderError};
pub use paths::{PathTable, Walk, read_paths, read_walks, walks};
pub use patterns::{PatternValues, PatternVerdict, Verdict, measure, render_verdicts, verdicts};
pub use progress::{Progress, Silent, WorkProgress};
pub use read_run::{FinishedRun, ReadRunError};
pub use run::{
    KeepTable, MAX_REPLICATES, MemoryRun, Request, RunError, RunInput, RunOptions, RunReport, run, run_in_memory,
};
pub use setting::Setting;
pub use summary::ReplicateSummary;
