//! Event data of others: files of UCDP GED, and scenarios of any war made from
//! tables of others.
//!
//! [`ged`] reads every row of a file and imports the events of one war;
//! [`build`] makes the files of a runnable scenario from events, a table of
//! places and, where there is one, a file of boundaries.
//!
//! Not here: running a model, writing files, printing.

pub mod build;
pub mod ged;
