//! Files of UCDP GED: reading every row, and importing those of one war.
//!
//! [`read_ged`] reads a file in any layout in which the data set is handed out, plain
//! or gzipped, and gives every event or every problem; [`visit_wanted`] gives the events of one
//! country and time one after the other. [`import_ged`] keeps those whose sides a table
//! maps to groups, and makes of them the event table of a scenario in observed mode.

mod actors;
mod import;
mod read;

pub use actors::{ActorTable, read_actors};
pub use allegiance_scenario::event_rows::{Asked, DateOrder};
pub use import::{ActorCount, ActorCounts, Import, import_ged};
pub(crate) use read::no_such_country;
pub use read::{GedEvent, ReadGedError, ReadNotes, Wanted, read_ged, read_wanted, visit_wanted};
