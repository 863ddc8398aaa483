//! Pieces of Markdown.

/// A table; pipes and line ends in cells are made harmless.
pub(crate) fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = format!("| {} |\n|{}\n", header.join(" | "), "---|".repeat(header.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| one_line(cell).replace('|', "\\|")).collect();
        text.push_str(&format!("| {} |\n", cells.join(" | ")).replace("|  |", "| |"));
    }
    text
}

/// A text without line ends.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A word or name as code.
pub(super) fn code(word: &str) -> String {
    format!("`{word}`")
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn cells_cannot_break_a_table() {
        assert_eq!(
            table(&["a", "b"], [vec!["x|y".to_owned(), "two\n lines".to_owned()]]),
            "| a | b |\n|---|---|\n| x\\|y | two lines |\n"
        );
    }
}
