//! Scenario files of Allegiance: their format, checks, and the built-in ones.
//!
//! [`load`] reads a scenario and gives a [`Setup`](allegiance_model::setup::Setup)
//! that is valid by construction, or every [`Problem`] in its files at once.
//! [`json_schema`] and [`reference_page`] describe the format.
//! [`apply_change`] is the one door for changes to a setup, whoever asks.
//! [`csv_rows`], [`csv_table`], [`packed`], [`problem`], [`text_file`] and [`event_rows`] are what
//! readers of other tables need, those of allegiance-import.
//!
//! Not here: running a model, writing files, printing.

pub mod builtin;
mod case;
pub mod csv_rows;
pub mod csv_table;
mod design;
mod document;
mod events;
mod evidence;
mod experiment;
mod format;
mod format_version;
mod garrisons;
mod load;
/// Event files in the layouts in which they are handed out, their rows, and how
/// deaths and places of theirs are read.
pub mod event_rows {
    pub use crate::events::columns::STAND_INS;
    pub use crate::events::dates::DateOrder;
    pub use crate::events::finder::{Found, NAMED_KM, PEOPLE_PER_KM2, PlaceFinder, Site, comparable_name};
    pub use crate::events::official::{OfficialRow, is_government};
    pub use crate::events::rows::{CIVILIANS, EventRow, MAX_DEATHS, RowReader, Seen, parse_date, whole_of};
    pub use crate::events::table::{Asked, EventFile, EventRows, RowRange};
    pub use crate::events::{VAGUE, distance_km, share_unknown};
}
mod names;
mod overrides;
pub mod packed;
mod places;
pub mod problem;
mod profiles;
mod reference;
mod reordered;
mod resolve;
mod schema;
mod shape;
mod start;
pub mod text_file;
mod theory;
mod timeline;
mod tree;

pub use design::{DesignFile, load_design, load_design_with, parse_design};
pub use document::LoadDocumentError;
pub use evidence::{
    EvidenceFile, PlannedSample, evidence_to_fill_in, largest_group, load_evidence, load_evidence_for, plan_of_survey,
};
pub use experiment::{ArmFile, ExperimentFile, load_experiment};
pub use format::{ACTORS, Column, CsvShape, EVENTS, MAX_DAYS, MAX_SCALE};
pub use garrisons::share_out;
pub use load::{LoadScenarioError, Scenario, ScenarioFile, load, load_files};
pub use overrides::{
    ApplyChangeError, KeyTakes, SettableKey, apply_change, apply_change_elsewhere, check_each_once, replacing,
    settable_keys,
};
pub use problem::{Problem, Severity};
pub use profiles::{Profile, in_every_rank};
pub use reference::{
    case_reference_page, design_reference_page, evidence_reference_page, experiment_reference_page, reference_page,
    theory_reference_page,
};
pub use schema::json_schema;
pub use shape::{is_id, slug};
pub use start::{MOST_NEW_PLACES, NewGroup, NewScenario, extending, usual_members};
pub use text_file::ReadTextError;
pub use theory::{load_theory, parse_theory, theory_names, theory_text, theory_to_copy};
pub use tree::quoted;
