//! Numbers and columns for people: those of the laboratory.

pub(crate) use allegiance_lab::text::{columns, count, thousands};
