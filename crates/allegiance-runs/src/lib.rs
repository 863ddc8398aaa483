//! Runs: replicates on threads, and the folders that they are kept in.
//!
//! [`run()`] simulates the replicates of one setup and writes a run folder:
//! Parquet tables with their dictionary, `run.json` with digests, and a summary
//! whose words the caller gives. It can be killed at any moment; what is
//! finished is kept, and resuming ends with the same bytes. [`FinishedRun`]
//! reads a folder back, [`verify`](verify::verify) simulates one again.
//!
//! Not here: sentences for people, scenario formats, what is measured of a record.
//!
//! ```no_run
//! # fn setup() -> allegiance_model::setup::Setup { unimplemented!() }
//! use allegiance_replay::Silent;
//! use allegiance_runs::{RunInput, RunOptions, run};
//!
//! let input = RunInput {
//!     scenario_id: "one-village".to_owned(),
//!     title: "One village".to_owned(),
//!     scenario_hash: "0".repeat(64),
//!     files: Vec::new(),
//!     setup: setup(),
//!     unchanged: None,
//! };
//! let options = RunOptions::new("runs/first").with_replicates(20);
//! let report = run(&input, &options, &|summary| format!("{} replicates\n", summary.replicates.len()), &Silent)?;
//! assert_eq!(report.summary, "20 replicates\n");
//! # Ok::<(), allegiance_runs::RunError>(())
//! ```

pub mod checkpoint;
mod crew;
pub mod disk;
pub mod effort;
pub mod foreign_version;
pub mod merge;
pub mod new_folder;
pub mod parquet_table;
pub mod partial_folder;
pub mod read_run;
pub mod replicates;
mod run;
pub mod run_folder;
pub mod sums;
mod threads;
pub mod verify;
pub mod work_folder;

pub use checkpoint::CheckpointError;
pub use read_run::{FinishedRun, ReadRunError};
pub use run::{
    KeepTable, MAX_REPLICATES, MemoryRun, Request, RunError, RunInput, RunOptions, RunReport, Summarise, run,
    run_in_memory,
};
pub use run_folder::{OpenFolderError, WriteFolderError};
pub use threads::{Halt, Stopped, Threads};
