//! What a change is of, however it is spelled, so that two changes of one thing
//! are told and the last doesn't silently win.

use allegiance_model::setup::{BeliefTheory, ExitTheory};

use super::{ApplyChangeError, is_theory};

/// Refuses two changes of one thing in one list, such as two theories of exit,
/// or `relations.a.b` and `relations.b.a`. A later list may change what an
/// earlier one did: an arm its baseline, a factor the design's `set`.
///
/// # Errors
/// [`ApplyChangeError::Twice`].
pub fn check_each_once(changes: &[String]) -> Result<(), ApplyChangeError> {
    let targets: Vec<String> = changes.iter().map(|change| target_of(change)).collect();
    for (at, target) in targets.iter().enumerate() {
        if let Some(before) = targets[..at].iter().position(|other| other == target) {
            let [first, second] = [&changes[before], &changes[at]].map(|change| change.trim().to_owned());
            return Err(ApplyChangeError::Twice { target: target.clone(), first, second });
        }
    }
    Ok(())
}

/// A list of changes followed by a later one, without what the later replaces.
pub fn replacing(changes: &[String], later: &[String]) -> Vec<String> {
    let is_kept = |change: &&String| later.iter().all(|other| target_of(other) != target_of(change));
    changes.iter().filter(is_kept).chain(later).cloned().collect()
}

/// What an assignment changes: its key, or the slot of its theory.
fn target_of(assignment: &str) -> String {
    let (key, value) = assignment.split_once('=').unwrap_or((assignment, ""));
    let parts: Vec<&str> = key.trim().split('.').collect();
    match parts.as_slice() {
        ["theory"] => match value.trim().trim_matches(['"', '\'']) {
            word if BeliefTheory::from_word(word).is_some() => "theory.belief".to_owned(),
            word if ExitTheory::from_word(word).is_some() || is_theory(word) => "theory.exit".to_owned(),
            _ => "theory".to_owned(),
        },
        ["relations", a, b] if b < a => format!("relations.{b}.{a}"),
        ["parameters", rest @ ..] if !rest.is_empty() => rest.join("."),
        parts => parts.join("."),
    }
}

/// Whether two factors of a design, given by key and values, could change one
/// thing.
pub(crate) fn overlap(a: (&str, &[String]), b: (&str, &[String])) -> bool {
    let targets = |(key, values): (&str, &[String])| -> Vec<String> {
        if values.is_empty() {
            return vec![target_of(key)];
        }
        values.iter().map(|value| target_of(&format!("{key}={value}"))).collect()
    };
    let (a, b) = (targets(a), targets(b));
    a.iter().any(|target| b.contains(target))
}

#[cfg(test)]
mod tests {
    use super::{check_each_once, overlap, replacing};

    fn said(changes: &[&str]) -> Option<String> {
        let changes: Vec<String> = changes.iter().map(|change| (*change).to_owned()).collect();
        check_each_once(&changes).err().map(|error| error.to_string())
    }

    #[test]
    fn two_changes_of_one_thing_are_refused_however_they_are_spelled() {
        for (changes, target) in [
            (["theory=constant", "theory=full"], "theory.exit"),
            (["theory=fixed", "theory.belief=social_averaging"], "theory.belief"),
            (["theory.exit=constant", "theory=\"full\""], "theory.exit"),
            (["combat.decisiveness=2", "parameters.combat.decisiveness=3"], "combat.decisiveness"),
            (["combat.decisiveness=2", " combat.decisiveness = 2"], "combat.decisiveness"),
            (["relations.isis.front=war", "relations.front.isis=truce"], "relations.front.isis"),
            (["seed=1", "seed=2"], "seed"),
            (["scale=10", "scale=10"], "scale"),
        ] {
            let [first, second] = changes.map(str::trim);
            let expected = format!("{target} is set twice, by {first} and by {second}; keep one of the two");
            assert_eq!(said(&changes), Some(expected));
        }
        assert_eq!(said(&["theory=fixed", "theory=full", "seed=1", "days=2", "relations.a.b=war"]), None);
        assert_eq!(said(&["theory=nonsense", "theory=fixed"]), None, "the first is refused for what it is");
    }

    #[test]
    fn a_later_list_replaces_what_it_changes_again() {
        let list = |changes: &[&str]| changes.iter().map(|change| (*change).to_owned()).collect::<Vec<_>>();
        let base = list(&["seed=1", "theory=fixed", "theory=full"]);
        assert_eq!(
            replacing(&base, &list(&["theory=constant", "days=3"])),
            list(&["seed=1", "theory=fixed", "theory=constant", "days=3"])
        );
    }

    #[test]
    fn factors_overlap_where_a_value_of_each_changes_one_thing() {
        let words = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
        let (exits, beliefs) = (words(&["full", "constant"]), words(&["fixed"]));
        assert!(overlap(("theory", &exits), ("theory.exit", &exits)));
        assert!(!overlap(("theory", &exits), ("theory", &beliefs)));
        assert!(overlap(("parameters.combat.decisiveness", &[]), ("combat.decisiveness", &[])));
        assert!(!overlap(("combat.decisiveness", &[]), ("combat.break_share", &[])));
    }
}
