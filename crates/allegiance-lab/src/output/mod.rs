//! The run folder: tables, digests, manifest.
//!
//! While a run goes on, everything lies in `<out>.partial/`; the folder `<out>`
//! appears at the end, complete, by one rename.

pub mod checkpoint;
pub mod digest;
pub mod foreign_version;
pub mod manifest;
pub mod merge;
pub mod new_folder;
pub mod parquet_table;
pub mod partial_folder;
pub mod places;
pub mod run_folder;
pub mod table;
pub mod tabulator;
pub mod work_folder;
