//! What the tests of several crates need.
//!
//! The crate is no part of a release: others name it by path among their
//! `dev-dependencies` alone.

mod folder;
mod ged;
mod luck;

pub use folder::Folder;
pub use ged::{HEADER, Row, table};
pub use luck::{Luck, spoil};
