//! The engine of Allegiance: a civil war with one agent per inhabitant.
//!
//! No files, clock, environment, threads or printing: see ARCHITECTURE.md.

pub mod arrival;
pub mod belief;
pub mod calendar;
pub mod combat;
pub mod control;
pub mod deterrence;
pub mod displacement;
pub mod exits;
pub mod harm;
pub mod ids;
pub mod joining;
pub mod kinship;
pub mod leave;
pub mod maths;
pub mod model;
pub mod movement;
pub mod news;
pub mod operations;
pub mod parameters;
pub mod random;
pub mod relations;
pub mod reprisal;
pub mod setup;
pub mod support;
pub mod tables;
pub mod traits;
pub mod voice;
