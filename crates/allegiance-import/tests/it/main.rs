//! Tests of the crate as its callers use it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod build;
mod ged;
mod layouts;
mod places;
mod sides;
