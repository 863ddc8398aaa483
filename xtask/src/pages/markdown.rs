//! Pieces of Markdown.

pub(crate) use allegiance_show::text::{markdown_table as table, one_line};

/// A word or name as code.
pub(super) fn code(word: &str) -> String {
    format!("`{word}`")
}
