//! How groups look: a colour, a letter and a dash, so that colour is never
//! alone. The same as on the explore page.

use allegiance_record::setting::Named;

/// Colours that the style sheet has, `--g0` and so on.
pub(super) const N_COLOURS: usize = 12;
/// `stroke-dasharray` of lines.
const DASHES: [&str; 4] = ["none", "6 3", "2 3", "8 3 2 3"];

/// One group's look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Look {
    /// Its name.
    pub(super) name: String,
    /// Its letter, unique among the first 36 groups.
    pub(super) letter: char,
    /// The class of the style sheet that sets its colour.
    pub(super) class: String,
    /// `stroke-dasharray` of its lines.
    pub(super) dash: &'static str,
}

/// The looks of the groups, in their order.
pub(super) fn looks(groups: &[Named]) -> Vec<Look> {
    let mut taken = Vec::new();
    let mut looks = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let letter = letter_for(&group.name, &taken);
        taken.push(letter);
        looks.push(Look {
            name: group.name.clone(),
            letter,
            class: format!("c{}", at % N_COLOURS),
            dash: DASHES[(at / DASHES.len() + at) % DASHES.len()],
        });
    }
    looks
}

/// Letters that people guess: the first of a word, else any of the name, else
/// any at all.
fn letter_for(name: &str, taken: &[char]) -> char {
    let upper = name.to_uppercase();
    let initials = upper.split(|letter: char| !letter.is_ascii_uppercase()).filter_map(|word| word.chars().next());
    let candidates = initials.chain(upper.chars()).chain('A'..='Z').chain('0'..='9');
    let mut free = candidates.filter(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit());
    free.find(|letter| !taken.contains(letter)).unwrap_or('?')
}

#[cfg(test)]
mod tests {
    use super::{Named, looks};

    #[test]
    fn letters_are_unique_and_guessable() {
        let groups = ["ISIS", "Rebels of the district", "Islamic Front", "YPG"];
        let named = groups.map(|name| Named { id: name.to_owned(), name: name.to_owned() });
        let letters: String = looks(&named).iter().map(|look| look.letter).collect();
        assert_eq!(letters, "IRFY");
    }
}
