//! The page of the theories, the mechanisms that can be switched off, and the
//! levers.

use allegiance_model::MECHANISMS;
use allegiance_model::exits::{ActiveBlocks, BLOCKS};
use allegiance_model::setup::{BeliefTheory, ExitTheory};

use super::markdown::{code, table};
use super::template::fill;
use crate::rust_source::{file, files_with};

const TEMPLATE: &str = include_str!("../../templates/theories.md");

pub(super) fn page() -> String {
    fill(TEMPLATE, |name, argument| match name {
        "belief-list" => Some(belief_list()),
        "belief" => Some(belief(argument)),
        "exit-list" => Some(exit_list()),
        "blocks" => Some(blocks()),
        "mechanisms" => Some(mechanisms()),
        "levers" => Some(levers()),
        _ => None,
    })
}

/// The theories of belief with their meanings.
fn belief_list() -> String {
    let row = |theory: &BeliefTheory| vec![code(theory.word()), theory.meaning().to_owned()];
    table(&["word", "what it says"], BeliefTheory::ALL.iter().map(row))
}

/// What the code says of one theory of belief.
fn belief(word: &str) -> String {
    let path = format!("belief/{word}.rs");
    format!("{}\n\nIn {}.", file(&path).module_docs(), links(&[&path]))
}

fn exit_list() -> String {
    let rows = ExitTheory::ALL.iter().map(|&theory| {
        let active: Vec<String> = ActiveBlocks::of(theory).blocks().map(|block| code(block.cause.word())).collect();
        let active = if active.is_empty() { "none".to_owned() } else { active.join(", ") };
        vec![code(theory.word()), theory.meaning().to_owned(), active]
    });
    table(&["theory", "what it says", "active blocks"], rows)
}

/// Each block with the theories that it's active in, and its column.
fn blocks() -> String {
    let rows = BLOCKS.iter().map(|block| {
        let has = |theory: &ExitTheory| ActiveBlocks::of(*theory).blocks().any(|other| other.cause == block.cause);
        let mut theories: Vec<String> =
            ExitTheory::ALL.iter().filter(|theory| has(theory)).map(|theory| code(theory.word())).collect();
        if theories.is_empty() {
            theories.push("those in files".to_owned());
        }
        vec![
            code(block.cause.word()),
            block.rules.words.moved_by.to_owned(),
            theories.join(", "),
            code(&format!("block_{}", block.cause.word())),
        ]
    });
    table(&["block", "what moves the hazard", "theories", "column of `allegiance`"], rows)
}

fn links(paths: &[&str]) -> String {
    let link = |path: &&str| format!("[{path}](../../crates/allegiance-model/src/{path})");
    paths.iter().map(link).collect::<Vec<_>>().join(", ")
}

fn mechanisms() -> String {
    let rows = MECHANISMS.iter().filter_map(|info| {
        let asked_in = files_with(&format!("Mechanism::{:?}", info.switch?), &["mechanisms.rs"]);
        let default = if info.runs_by_default { "on" } else { "off" };
        Some(vec![code(info.name), default.to_owned(), info.meaning.trim().to_owned(), links(&asked_in)])
    });
    table(&["mechanism", "by default", "what it does", "asked for in"], rows)
}

fn levers() -> String {
    let rows = file("setup.rs").variants("Lever").into_iter().map(|lever| {
        let read_in = files_with(&format!("Lever::{}", lever.name), &["setup.rs"]);
        vec![code(&lever.rest), lever.summary(), links(&read_in)]
    });
    table(&["lever", "its setting", "read in"], rows)
}

#[cfg(test)]
mod tests {
    use super::{BeliefTheory, ExitTheory, TEMPLATE};
    use crate::pages::template::unknown_parameters;

    #[test]
    fn every_theory_has_its_prose() {
        for word in BeliefTheory::WORDS {
            assert!(TEMPLATE.contains(&format!("### {word}\n\n{{{{belief {word}}}}}")), "{word}");
        }
        for word in ExitTheory::WORDS {
            assert!(TEMPLATE.contains(&format!("- **`{word}`**")), "{word}");
        }
        assert_eq!(unknown_parameters(TEMPLATE), [""; 0]);
    }
}
