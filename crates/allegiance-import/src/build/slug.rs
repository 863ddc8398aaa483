//! Identifiers out of names.

use std::collections::BTreeSet;

use allegiance_scenario::slug;

/// Identifiers that are in use.
#[derive(Debug, Default)]
pub(super) struct Slugs(BTreeSet<String>);

impl Slugs {
    /// Keeps an identifier for whom it was meant.
    pub(super) fn reserve(&mut self, id: &str) {
        self.0.insert(id.to_owned());
    }

    /// An identifier of Latin letters, digits and `_` that no earlier name has.
    pub(super) fn of(&mut self, name: &str, fallback: &str) -> String {
        let plain = slug(name);
        let stem = if plain.is_empty() { fallback.to_owned() } else { plain };
        let mut id = stem.clone();
        for n in 2.. {
            if self.0.insert(id.clone()) {
                break;
            }
            id = format!("{stem}_{n}");
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::Slugs;

    #[test]
    fn names_of_any_script_become_identifiers_and_none_comes_twice() {
        let mut slugs = Slugs::default();
        assert_eq!(slugs.of("Zōr Kōṯ", "place"), "zor_kot");
        assert_eq!(slugs.of("Zor-Kot", "place"), "zor_kot_2");
        assert_eq!(slugs.of("!?", "place"), "place");
        assert!(slugs.of(&"a".repeat(90), "place").len() <= 48);
    }
}
