//! What a history of Allegiance says, as data.
//!
//! From the record that the engine leaves to what people and statistics look
//! at: what an observer would have [reported](observe), [tables](table) with
//! their columns and [digests](digest), [outcomes], calibration [patterns], the
//! [path](paths) from belief to defection, [intervals](intervals::Interval) and
//! paired [differences](difference::Difference). A run is read through
//! [`ReadRun`], whoever holds it.
//!
//! Not here: simulating, files, threads, sentences for people.

pub mod but_for;
pub mod design;
pub mod dictionary;
pub mod difference;
pub mod digest;
pub mod evidence;
pub mod exits;
pub mod experiment;
pub mod fix;
pub mod intervals;
pub mod manifest;
pub mod nothing;
pub mod observe;
pub mod outcomes;
pub mod paths;
pub mod patterns;
pub mod placed;
pub mod places;
pub mod plain;
pub mod reading;
pub mod setting;
pub mod setup_differences;
pub mod spread;
pub mod summary;
pub mod table;
pub mod tabulator;

pub use fix::Fix;
pub use manifest::Manifest;
pub use observe::ObservationParameters;
pub use paths::{PathTable, Walk, read_paths, read_walks, walks};
pub use patterns::{CaseWords, PatternValues, PatternVerdict, Verdict, measure, verdicts};
pub use plain::{plain, shell_word};
pub use reading::ReadRun;
pub use setting::Setting;
pub use spread::{InTurn, Spread};
pub use summary::ReplicateSummary;
