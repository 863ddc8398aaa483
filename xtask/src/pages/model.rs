//! The description of the model: prose by hand, in which the equations between two marks
//! are those of the mechanisms' own files, and the list of blocks is that of the engine.

use std::fmt::Write as _;

use allegiance_model::exits::BLOCKS;

use super::markdown::table;
use crate::rust_source::root;

const PATH: &str = "docs/concepts/model.md";
const OPENING: &str = "<!-- equations of ";
const CLOSING: &str = "<!-- end of equations -->";
const BLOCKS_FROM: &str = "<!-- blocks of the hazard of exit -->\n";
const BLOCKS_TO: &str = "<!-- end of blocks -->";

/// The page as it is on the disk, with the equations as the engine states them.
pub(super) fn page() -> super::Page {
    let text = fs_err::read_to_string(root().join(PATH)).expect("the description of the model can be read");
    let text = with_equations(&text, |name| super::odd::main_file(name).equations());
    super::Page { path: PATH, text: with_blocks(&text) }
}

/// Puts the blocks of the hazard of exit between their marks.
fn with_blocks(text: &str) -> String {
    let (before, after) = text.split_once(BLOCKS_FROM).expect("the page lists the blocks");
    let (_, behind) = after.split_once(BLOCKS_TO).expect("the list of blocks has an end");
    let blocks = BLOCKS.iter().map(|block| vec![block.name(), block.rules.words.moved_by.to_owned()]);
    format!("{before}{BLOCKS_FROM}{}{BLOCKS_TO}{behind}", table(&["block", "what moves it"], blocks))
}

/// Puts the equations of each name between its marks.
fn with_equations(text: &str, equations: impl Fn(&str) -> Vec<String>) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPENING) {
        let (name, after) = after.split_once(" -->").expect("a mark of equations is closed");
        let (_, behind) = after.split_once(CLOSING).unwrap_or_else(|| panic!("the equations of {name} have no end"));
        let equations = equations(name);
        assert!(!equations.is_empty(), "{name} has no equations under `# Form`");
        filled.push_str(before);
        write!(filled, "{OPENING}{name} -->\n```text\n{}\n```\n{CLOSING}", equations.join("\n\n"))
            .expect("a string takes any text");
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::{BLOCKS_FROM, BLOCKS_TO, CLOSING, OPENING, page, with_blocks, with_equations};
    use allegiance_model::exits::N_BLOCKS;

    #[test]
    fn equations_between_marks_are_replaced_and_prose_stays() {
        let text = format!("a\n{OPENING}x -->\nold\n{CLOSING}\nb\n");
        let filled = with_equations(&text, |name| vec![format!("{name} = 1"), "y = 2".to_owned()]);
        assert_eq!(filled, format!("a\n{OPENING}x -->\n```text\nx = 1\n\ny = 2\n```\n{CLOSING}\nb\n"));
        assert_eq!(with_equations(&filled, |_| vec!["x = 1\n\ny = 2".to_owned()]), filled);
    }

    #[test]
    fn the_list_of_blocks_is_that_of_the_engine_and_prose_stays() {
        let filled = with_blocks(&format!("a\n{BLOCKS_FROM}by hand\n{BLOCKS_TO}\nb\n"));
        assert!(filled.starts_with("a\n") && filled.ends_with("\nb\n") && !filled.contains("by hand"));
        assert_eq!(filled.lines().filter(|line| line.starts_with("| ")).count(), 1 + N_BLOCKS);
        assert_eq!(with_blocks(&filled), filled);
    }

    /// An equation by hand would be a second definition of a formula.
    #[test]
    fn every_equation_of_the_description_is_generated() {
        let page = page();
        let by_hand = page.text.split(OPENING).enumerate().flat_map(|(nth, part)| {
            let prose = if nth == 0 { part } else { part.split_once(CLOSING).map_or("", |(_, prose)| prose) };
            prose.lines().filter(|line| line.starts_with("    ") || line.starts_with("```")).collect::<Vec<_>>()
        });
        assert_eq!(by_hand.collect::<Vec<_>>(), [""; 0]);
    }
}
