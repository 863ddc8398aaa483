//! What the table `allegiance` calls causes, in words for people.
//!
//! A cause is the block of the exit hazard, or the driver of joining, with the
//! largest contribution. Some of its words mean something else to readers of
//! the field: an exit "because of deterrence" is one that was *little* deterred.

use allegiance_model::exits::BLOCKS;
use allegiance_model::tables::Cause;

/// A sentence or two that explain the words, for anyone who reads a table of them.
pub fn factors_explained() -> String {
    let mut text = "The strongest factor of a join or exit is what added most to its log-hazard.".to_owned();
    for words in BLOCKS.iter().map(|block| block.rules.words) {
        if let Some(explained) = words.factor_explained {
            text.push(' ');
            text.push_str(explained);
        }
    }
    text + " Local control: the group held the place where he lived. Baseline: nothing added to it. No decision of theirs: prisoners who were released or recruited, and men whose group ended."
}

/// A block's contribution as a reason that anybody understands: towards leaving where it
/// is above zero, else against. `block` is its name, or the words of a theory's own blocks.
pub fn reason(block: &str, value: f64) -> String {
    match BLOCKS.iter().find(|known| known.name() == block) {
        Some(known) if value > 0.0 => known.rules.words.towards.to_owned(),
        Some(known) => known.rules.words.against.to_owned(),
        None => block.to_owned(),
    }
}

/// Every strongest factor of an exit: its word in the table, and the reason that it gives
/// somebody to leave.
pub fn exit_reasons(own_blocks: Option<&str>) -> Vec<(String, String)> {
    let of_block = BLOCKS.iter().map(|block| {
        let own = own_blocks.filter(|_| block.cause == Cause::Own);
        let words = own.unwrap_or(block.rules.words.towards);
        (block.cause.word().to_owned(), words.to_owned())
    });
    let unit = (Cause::WithUnit.word().to_owned(), factor(Cause::WithUnit.word()));
    of_block.chain([unit]).collect()
}

/// A factor as people read it under a theory whose own blocks are called so.
pub fn factor_under(own_blocks: Option<&str>, cause: &str) -> String {
    match own_blocks.filter(|_| cause == Cause::Own.word()) {
        Some(words) => words.to_owned(),
        None => factor(cause),
    }
}

/// A factor as people read it; `cause` is a word of the table, empty where none is recorded.
pub fn factor(cause: &str) -> String {
    if let Some(block) = BLOCKS.iter().find(|block| block.cause.word() == cause) {
        return block.rules.words.factor.to_owned();
    }
    match Cause::from_word(cause) {
        Some(Cause::Control) => "local control".to_owned(),
        Some(Cause::WithUnit) => "left with their unit".to_owned(),
        Some(other) => other.word().replace('_', " "),
        None => "no decision of theirs".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::factor;
    use allegiance_model::tables::Cause;
    use std::collections::BTreeSet;

    #[test]
    fn every_cause_has_words_of_its_own() {
        let words: BTreeSet<String> = Cause::WORDS.iter().map(|cause| factor(cause)).collect();
        assert_eq!(words.len(), Cause::WORDS.len());
        assert!(!words.contains("no decision of theirs") && words.iter().all(|word| !word.contains('_')));
    }

    #[test]
    fn what_means_the_opposite_in_the_field_is_said_so() {
        assert_eq!(factor("deterrence"), "low deterrence");
        assert_eq!(factor("kin_and_home"), "kin and home");
        assert_eq!(factor(""), "no decision of theirs");
        assert_eq!(factor("with_unit"), "left with their unit");
    }
}
