//! The list of differences for people.

use crate::text::wrap;
use allegiance_record::setup_differences::{DifferenceKind, SetupDifference};

/// Width of a line in characters.
const WIDTH: usize = 98;
/// Differences of a kind that are listed one by one; of more, the first few
/// and how many there are.
const MOST_LISTED: usize = 8;
/// How many are listed where there are more.
const FIRST: usize = 5;

/// The differences, one text each; many of a kind are cut, with their number.
pub fn setup_differences_in_words(differences: &[SetupDifference]) -> Vec<String> {
    let mut kinds: Vec<DifferenceKind> = differences.iter().map(|difference| difference.kind).collect();
    kinds.dedup();
    let mut lines = Vec::new();
    for kind in kinds {
        let words: Vec<&String> =
            differences.iter().filter(|difference| difference.kind == kind).map(|one| &one.words).collect();
        let n_listed = if words.len() > MOST_LISTED { FIRST } else { words.len() };
        lines.extend(words[..n_listed].iter().map(|words| (*words).clone()));
        if words.len() > n_listed {
            lines.push(format!("and {} more {}", words.len() - n_listed, kind.plural()));
        }
    }
    lines
}

/// Where two setups are different worlds, whose replicates share no random draws,
/// in words; none where they can be compared. Runs of other lengths can, over the
/// days that both have.
pub fn other_worlds_in_words(differences: &[SetupDifference]) -> Option<String> {
    let is_other = |one: &&SetupDifference| one.kind.is_of_world() && one.kind != DifferenceKind::Days;
    let of_world: Vec<SetupDifference> = differences.iter().filter(is_other).cloned().collect();
    (!of_world.is_empty()).then(|| setup_differences_in_words(&of_world).join("; "))
}

/// The differences under a heading, for terminals, with what stands before
/// every line.
pub fn render_setup_differences(heading: &str, differences: &[SetupDifference], indent: &str) -> String {
    if differences.is_empty() {
        return format!("{indent}{heading} nothing\n");
    }
    let mut text = format!("{indent}{heading}\n");
    let deeper = format!("{indent}  ");
    for line in setup_differences_in_words(differences) {
        text.push_str(&wrap(&line, WIDTH - deeper.len(), &deeper));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{DifferenceKind, SetupDifference, render_setup_differences};

    #[test]
    fn many_of_a_kind_are_cut_and_counted() {
        let one = |kind, number: usize| SetupDifference {
            kind,
            key: String::new(),
            a: None,
            b: None,
            words: format!("number {number}"),
        };
        let mut all: Vec<SetupDifference> = (0..9).map(|number| one(DifferenceKind::Parameter, number)).collect();
        all.push(one(DifferenceKind::Timeline, 9));
        assert_eq!(
            render_setup_differences("What differs:", &all, ""),
            "What differs:\n  number 0\n  number 1\n  number 2\n  number 3\n  number 4\n  and 4 more parameters\n  number 9\n"
        );
        assert_eq!(render_setup_differences("What differs:", &[], " "), " What differs: nothing\n");
    }
}
