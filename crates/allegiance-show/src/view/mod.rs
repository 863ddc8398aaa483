//! What people look at: the data behind the explore page, the report and the
//! browser's engine, as plain types that turn into JSON.
//!
//! Each view is built from a [`Setting`](allegiance_record::setting::Setting) and a record,
//! whether the record was read from a run folder or has just been simulated.
//! `page/src/types` holds the same types for TypeScript, written from these.
//!
//! Not here: drawing, and anything that ranks or scores people.

mod agreement;
mod bands;
mod base;
mod but_for;
#[cfg(test)]
mod colour_vision;
mod differences;
mod history;
mod holder;
mod look;
pub mod outlines;
mod overview;
mod pair;
mod persons;
mod scenario_files;
mod series;
mod story;
#[cfg(test)]
mod typescript;

pub use agreement::{Agreement, HolderCounts};
pub use bands::{Band, Bands};
pub use base::{BaseMap, CountryShape, MapLine};
pub use but_for::ButForView;
pub use differences::{DayValues, PairRunsError, SeriesDifference, check_pair, differences, of_measure_in_words};
pub use history::{ControlChange, Exodus, History, HomeBelief, IncidentView};
pub use holder::{CONTESTED_BELOW, Holder, HolderChange, holder_of};
pub use look::{Colour, GroupLook, PALETTE, Texture, group_looks, palette_position};
pub use overview::{
    ABOUT, Change, DifferenceEntry, GroupEntry, HappeningEntry, Overview, PlaceEntry, Provenance, TheoryFile, label,
};
pub use pair::{Pair, PairInput, digest_of_war, nothing_differs, untold_sentence};
pub use persons::{Filter, MAX_PERSONS, People, PersonKind, PersonRow, persons};
pub use scenario_files::ScenarioFiles;
pub use series::{Measure, Series, series, series_of_run};
pub use story::{ConvictionPoint, Relation, StoryView, Tie, TrustPoint, trust_of};

/// A number with at most so many digits after the point, which is what a
/// drawing can show.
fn rounded(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}
