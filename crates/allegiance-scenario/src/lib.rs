//! Scenario files of Allegiance: their format, checks, and the built-in ones.
//!
//! [`load`] reads a scenario and gives a [`Setup`](allegiance_model::setup::Setup)
//! that is valid by construction, or every [`Problem`] in its files at once.
//! [`json_schema`] and [`reference_page`] describe the format.
//! [`apply_change`] is the one door for changes to a setup, whoever asks.
//! With the feature `build`, a scenario of another war is made from tables of others.
//!
//! Not here: running a model, writing files, printing.

#[cfg(feature = "build")]
pub mod build;
pub mod builtin;
mod csv_table;
mod design;
mod document;
mod events;
mod experiment;
mod format;
mod format_version;
mod garrisons;
pub mod ged;
mod load;
mod names;
mod overrides;
mod places;
mod problem;
mod reference;
mod resolve;
mod schema;
mod shape;
mod text_file;
mod timeline;
mod tree;

pub use design::{DesignFactor, DesignFile, FactorValues, Sampler, Scale, load_design, parse_design};
pub use document::{LoadDocumentError, Located};
pub use experiment::{ArmFile, ExperimentFile, PrecisionFile, RobustnessFile, load_experiment};
pub use format::{MAX_DAYS, MAX_SCALE};
pub use load::{LoadScenarioError, Scenario, ScenarioFile, load, load_files};
pub use overrides::{ApplyChangeError, SettableKey, apply_change, settable_keys};
pub use problem::{Problem, Severity};
pub use reference::{design_reference_page, experiment_reference_page, reference_page};
pub use schema::json_schema;
pub use text_file::ReadTextError;
