//! Numbers and columns for people: those of the laboratory.

pub(crate) use allegiance_show::text::{columns, count, markdown_table, thousands};
