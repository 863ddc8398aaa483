//! Files of UCDP GED: reading every row, and importing those of one war.
//!
//! [`read_ged`] reads a file in the 49 official columns, plain or gzipped, and
//! gives every event or every problem. [`import_ged`] keeps the events of one
//! country and time whose sides a table maps to groups, and makes of them the
//! event table of a scenario in observed mode.

mod actors;
mod import;
mod read;

pub use actors::{ActorTable, read_actors};
pub use import::{ActorCount, Import, ImportRequest, actor_counts, import_ged};
pub use read::{GedEvent, ReadGedError, read_ged};
