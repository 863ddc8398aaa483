//! What runs and studies found, for people: the report of a run as one HTML file,
//! results as tables for a terminal, and pages of the documents.
//!
//! [`ReportFacts::read`] reads a finished run once; [`render_report`] turns
//! what it found into a page that needs no network, no script and no other
//! file, reads well on paper, and gives the data of every chart as a table.
//! Everything that comes from a user's file is escaped by the template library.
//!
//! Not here: files, threads, simulating. The caller reads and writes.

pub mod audit;
pub mod calibration;
pub mod conformance;
pub mod evidence;
pub mod experiment;
mod experiment_in_short;
mod facts;
pub mod figure;
mod figures;
mod holders;
mod html;
pub mod ladder;
mod looks;
mod page;
pub mod paths;
pub mod recovery;
pub mod recovery_table;
#[cfg(test)]
mod repository;
mod result_table;
pub mod scales;
pub mod score_picture;
pub mod scores;
mod sections;
pub mod sensitivity;
pub mod survey_design;
mod svg;
pub mod sweep;
pub mod theories;
pub mod tournament;

pub use facts::{Compared, ReportFacts, ScenarioText};
pub use figure::Figure;
pub use figures::{figure_of_experiment, figure_of_sensitivity};
pub use page::render_report;
pub use result_table::{Cell, Column, ResultTable};
