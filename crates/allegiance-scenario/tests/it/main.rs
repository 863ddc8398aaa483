//! Tests of the crate as its callers use it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod axes;
mod builtins;
mod cases;
mod designs;
mod displaced;
mod evidence;
mod extending;
mod folder;
mod garbage;
mod interventions;
mod kinds;
mod loading;
mod mistakes_in_tables;
mod mistakes_in_toml;
mod observed;
mod off_map;
mod overrides;
mod profiles;
mod real_events;
mod schema;
