//! Numbers and columns for people.

/// A whole number with its thousands apart, such as `20,200`.
pub fn thousands(number: u64) -> String {
    grouped(&number.to_string())
}

/// Digits with a comma at each thousand.
pub(crate) fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun, such as `1 place` or `12 places`.
pub fn count(n: usize, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(n as u64))
}

/// Rows as columns padded to the widest cell; the last isn't padded.
pub fn columns(rows: &[Vec<String>], indent: &str) -> String {
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..n_columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = indent.to_owned();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - cell.chars().count() + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A Markdown table; pipes and line ends in cells are made harmless.
pub fn markdown_table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = format!("| {} |\n|{}\n", header.join(" | "), "---|".repeat(header.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| one_line(cell).replace('|', "\\|")).collect();
        text.push_str(&format!("| {} |\n", cells.join(" | ")).replace("|  |", "| |"));
    }
    text
}

/// A text without line ends.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{columns, markdown_table, thousands};

    #[test]
    fn cells_cannot_break_a_markdown_table() {
        assert_eq!(
            markdown_table(&["a", "b"], [vec!["x|y".to_owned(), "two\n lines".to_owned()]]),
            "| a | b |\n|---|---|\n| x\\|y | two lines |\n"
        );
    }

    #[test]
    fn thousands_are_set_apart() {
        let texts = [0, 999, 1_000, 20_200, 21_000_000].map(thousands);
        assert_eq!(texts, ["0", "999", "1,000", "20,200", "21,000,000"]);
    }

    #[test]
    fn columns_line_up_without_trailing_spaces() {
        let rows = [vec!["a".to_owned(), "bb".to_owned()], vec!["ccc".to_owned(), "d".to_owned()]];
        assert_eq!(columns(&rows, " "), " a    bb\n ccc  d\n");
    }
}
