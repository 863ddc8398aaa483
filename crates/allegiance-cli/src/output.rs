//! The only place that prints.

use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use allegiance_record::plain;
use allegiance_report::ResultTable;
use allegiance_scenario::Problem;
use clap::ValueEnum;
use console::Term;
use serde_json::Value;

use crate::failure::Failure;

/// How data is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    // For people.
    Text,
    // For programs.
    Json,
}

/// How a table of results is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    // For people.
    Text,
    // For programs.
    Json,
    // For spreadsheets, with full precision.
    Csv,
    // For documents.
    Markdown,
    // For papers, with the package booktabs.
    Latex,
}

impl TableFormat {
    /// Prints results: in words, as JSON or as a table.
    pub(crate) fn print(
        self,
        text: impl FnOnce() -> String,
        json: impl FnOnce() -> Value,
        table: impl FnOnce() -> ResultTable,
    ) -> Result<(), Failure> {
        print(&match self {
            Self::Text => return print_words(&text()),
            Self::Json => format!("{:#}\n", json()),
            Self::Csv => table().csv(),
            Self::Markdown => table().markdown(),
            Self::Latex => table().latex(),
        })
    }
}

/// Prints to standard output what people read, or JSON: characters that steer a
/// terminal are shown as escapes. A reader that has gone away is fine.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    print_as_it_is(&plain(text))
}

/// Prints what people read, broken between words where their terminal is narrow.
pub(crate) fn print_words(text: &str) -> Result<(), Failure> {
    let terminal = Term::stdout();
    match terminal.size_checked().filter(|_| terminal.is_term()) {
        Some((_, width)) if width < WIDEST => print(&fitted(text, usize::from(width))),
        _ => print(text),
    }
}

/// No line of prose is wider.
const WIDEST: u16 = 99;
/// Columns that a terminal has at least.
const NARROWEST: usize = 20;

/// Lines from which prose was broken are as wide as this with the next word.
const BROKEN_FROM: usize = 98;

/// Lines of which prose was broken as one again.
fn whole_lines(text: &str) -> Vec<String> {
    let mut whole: Vec<String> = Vec::new();
    let mut last = 0;
    for line in text.lines().map(str::trim_end) {
        let word = line.split_whitespace().next().map_or(0, |word| word.chars().count());
        let indent = line.chars().take_while(|&letter| letter == ' ').count();
        let goes_on = whole.last().is_some_and(|before| {
            let before: Vec<char> = before.chars().collect();
            let is_under = indent == text_column(&before, usize::from(WIDEST)) || indent == indent_of(&before);
            let has_cells = |text: &[char]| text.windows(2).any(|two| two == [' ', ' ']);
            let is_prose = !line[indent..].contains("  ")
                && !has_cells(&before[text_column(&before, usize::from(WIDEST)).min(before.len())..]);
            word > 0 && last + 1 + word > BROKEN_FROM && is_under && is_prose
        });
        last = line.chars().count();
        match whole.last_mut() {
            Some(before) if goes_on => {
                before.push(' ');
                before.push_str(line.trim_start());
            }
            _ => whole.push(line.to_owned()),
        }
    }
    whole
}

/// Lines that are too long go on below themselves, under their text where a name stands before it.
fn fitted(text: &str, width: usize) -> String {
    let width = width.max(NARROWEST);
    let mut fitted = String::new();
    for line in whole_lines(text) {
        let letters: Vec<char> = line.chars().collect();
        let indent = text_column(&letters, width);
        let mut from = 0;
        let mut room = width;
        while letters.len() - from > room {
            let is_blank = |at: &usize| letters[from + at] == ' ';
            let is_indent = |at: usize| letters[from..from + at].iter().all(|&letter| letter == ' ');
            let at = (1..=room).rev().find(is_blank).filter(|&at| !is_indent(at)).unwrap_or(room);
            fitted.extend(letters[from..from + at].iter());
            fitted.push('\n');
            fitted.push_str(&" ".repeat(indent));
            from += at;
            from += letters[from..].iter().take_while(|&&letter| letter == ' ').count();
            room = width - indent;
        }
        fitted.extend(letters[from..].iter());
        fitted.push('\n');
    }
    fitted
}

fn indent_of(letters: &[char]) -> usize {
    letters.iter().take_while(|&&letter| letter == ' ').count()
}

/// Where the text of a line begins: after its indent, or after a name and the blanks behind it.
fn text_column(letters: &[char], width: usize) -> usize {
    let indent = indent_of(letters);
    let after_name = letters[indent..].windows(2).position(|two| two == [' ', ' ']).map(|at| {
        let gap = indent + at;
        gap + letters[gap..].iter().take_while(|&&letter| letter == ' ').count()
    });
    after_name.filter(|&column| column <= width / 2).unwrap_or(indent.min(width / 2))
}

/// Prints a table for other programs, whose cells are those of its source.
pub(crate) fn print_as_it_is(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Output(anyhow::Error::new(error).context("can't write to standard output")))
        }
        _ => Ok(()),
    }
}

/// Where a result lies, written now or before.
pub(crate) fn where_it_lies(folder: &Path, was_finished: bool) -> String {
    let folder = folder.display();
    if was_finished {
        format!("{folder} is finished already: the same work, and its files are as they were written")
    } else {
        format!("written to {folder}")
    }
}

/// Says warnings to the user, each on a line.
pub(crate) fn warn(warnings: &[Problem]) {
    for warning in warnings {
        talk(&warning.to_string());
    }
}

/// Says a line to the user on standard error, where anyone listens; characters
/// that steer a terminal are shown as escapes.
pub(crate) fn talk(line: &str) {
    writeln!(io::stderr().lock(), "{}", plain(line)).ok();
}

#[cfg(test)]
mod tests {
    use super::fitted;

    #[test]
    fn long_lines_go_on_under_their_text() {
        let text = "IN SHORT\n  What happened   In 60 days 108 people are killed, 14 of them civilians.\n";
        assert_eq!(
            fitted(text, 40),
            "IN SHORT\n  What happened   In 60 days 108 people\n                  are killed, 14 of them\n                  \
             civilians.\n"
        );
        assert_eq!(fitted(text, 90), text);
        let broken = "  What happened        In 60 days 108 people are killed, 14 of them civilians; 17 incidents kill\n                       somebody.\n  Who left             Few.\n";
        let narrow = fitted(broken, 60);
        assert!(
            narrow.ends_with("17 incidents kill\n                       somebody.\n  Who left             Few.\n"),
            "{narrow}"
        );
        assert_eq!(fitted(broken, 120), broken.replace("\n                       somebody", " somebody"));
    }

    #[test]
    fn no_line_is_longer_and_no_word_is_lost() {
        let text = "  a long name before it that is longer than half   and its text, whichever that is\n\nwww.a-word-without-any-blank-in-it.example\n    \n";
        for width in [20, 30, 45] {
            let found = fitted(text, width);
            assert!(found.lines().all(|line| line.chars().count() <= width), "{found}");
            let words = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(words(&found), words(text));
        }
    }
}
