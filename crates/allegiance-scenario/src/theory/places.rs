//! Where in a file a part of an expression stands.

use allegiance_model::theory::Position;

/// The lines of a file.
pub(super) struct Places {
    lines: Vec<String>,
}

impl Places {
    pub(super) fn new(text: &str) -> Self {
        Self { lines: text.lines().map(str::to_owned).collect() }
    }

    /// Line and column in the file of a position in an expression whose value
    /// begins on a line.
    pub(super) fn of(&self, at: Position, line: u32, expression: &str) -> (u32, u32) {
        let first = expression.lines().next().unwrap_or_default().trim_end();
        // A text of several lines may begin on the line after its quotes.
        for line in line..line + 2 {
            let Some(found) = self.lines.get(line.saturating_sub(1) as usize) else { break };
            // The name of a key may look like its value.
            let from = found.find(['"', '\'']).filter(|_| found.contains('=')).unwrap_or(0);
            if let Some(before) = found[from..].find(first).filter(|_| !first.is_empty()) {
                let before = found[..from + before].chars().count() as u32;
                let column = if at.line == 1 { before + at.column } else { at.column };
                return (line + at.line - 1, column);
            }
        }
        (line + at.line - 1, at.column)
    }
}
