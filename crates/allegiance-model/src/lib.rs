//! The engine of Allegiance: a civil war with one agent per inhabitant.
//!
//! No files, clock, environment, threads or printing: see ARCHITECTURE.md.

pub mod arrival;
pub mod belief;
mod branch;
pub mod calendar;
pub mod combat;
pub mod control;
pub mod denunciation;
pub mod deterrence;
pub mod displacement;
pub mod exits;
mod first_members;
mod geography;
pub mod groups;
pub mod harm;
pub mod ids;
pub mod interventions;
pub mod joining;
pub mod kinship;
pub mod leave;
pub mod maths;
mod model;
pub mod movement;
mod muster;
pub mod news;
pub mod observation;
mod observed;
pub mod operations;
pub mod parameters;
pub mod random;
mod records;
pub mod relations;
pub mod reprisal;
#[cfg(feature = "serde")]
mod saved;
mod scale;
pub mod setup;
pub mod sources;
mod state;
pub mod support;
pub mod tables;
mod timeline;
pub mod traits;
pub mod voice;
mod world;

#[cfg(test)]
#[path = "../tests/dense/mod.rs"]
mod dense;
/// The name by which the tests outside know the crate, for those that both share.
#[cfg(test)]
extern crate self as allegiance_model;

pub use first_members::UnitParameters;
pub use model::Model;
#[cfg(feature = "serde")]
pub use saved::{SavedElsewhere, SavedModel};
pub use world::World;
