//! The report of a run: one HTML file for people.
//!
//! [`ReportFacts::read`] reads a finished run once; [`render_report`] turns
//! what it found into a page that needs no network, no script and no other
//! file, reads well on paper, and gives the data of every chart as a table.
//! Everything that comes from a user's file is escaped by the template library.
//!
//! Not here: files. The caller reads the scenario and writes the page.

mod facts;
mod holders;
mod html;
mod looks;
mod page;
mod sections;
mod svg;

pub use facts::{Compared, ReportFacts, ScenarioText};
pub use page::render_report;
