//! What a change is of, however it is spelled, so that two changes of one thing
//! are told and the last doesn't silently win.

use allegiance_model::setup::{BeliefTheory, ExitTheory};
use allegiance_model::theory::Slot;

use super::{ApplyChangeError, is_theory};
use crate::theory;

/// The slots that the theory of a change fills; none where it names none that can be read.
pub(crate) type SlotsOf<'a> = &'a dyn Fn(&str) -> Option<Vec<Slot>>;

/// Refuses two changes of one thing in one list, such as two theories of exit,
/// or `relations.a.b` and `relations.b.a`. A later list may change what an
/// earlier one did: an arm its baseline, a factor the design's `set`.
///
/// # Errors
/// [`ApplyChangeError::Twice`].
pub fn check_each_once(changes: &[String]) -> Result<(), ApplyChangeError> {
    check_each_once_with(changes, &slots_of_theory)
}

/// The same where theories are at hand that lie in no folder.
pub(crate) fn check_each_once_with(changes: &[String], slots_of: SlotsOf<'_>) -> Result<(), ApplyChangeError> {
    let targets: Vec<Vec<String>> = changes.iter().map(|change| targets_of(change, slots_of)).collect();
    for (at, of_this) in targets.iter().enumerate() {
        for target in of_this {
            if let Some(before) = targets[..at].iter().position(|others| others.contains(target)) {
                let [first, second] = [&changes[before], &changes[at]].map(|change| change.trim().to_owned());
                return Err(ApplyChangeError::Twice { target: target.clone(), first, second });
            }
        }
    }
    Ok(())
}

/// A list of changes followed by a later one, without what the later replaces.
pub fn replacing(changes: &[String], later: &[String]) -> Vec<String> {
    let targets = |change: &String| targets_of(change, &slots_of_theory);
    let replaced: Vec<String> = later.iter().flat_map(targets).collect();
    let is_kept = |change: &&String| targets(change).iter().any(|target| !replaced.contains(target));
    changes.iter().filter(is_kept).chain(later).cloned().collect()
}

/// The slots of the theory that a change names, where it can be read.
pub(crate) fn slots_of_theory(assignment: &str) -> Option<Vec<Slot>> {
    let (_, word) = assignment.split_once('=')?;
    Some(theory::load_theory(word.trim().trim_matches(['"', '\''])).ok()?.slots())
}

/// What an assignment changes: its key, or the slots of its theory.
fn targets_of(assignment: &str, slots_of: SlotsOf<'_>) -> Vec<String> {
    let (key, value) = assignment.split_once('=').unwrap_or((assignment, ""));
    let word = value.trim().trim_matches(['"', '\'']);
    let of_slot = |slot: Slot| format!("theory.{}", slot.word());
    let parts: Vec<&str> = key.trim().split('.').collect();
    let target = match parts.as_slice() {
        ["theory"] if BeliefTheory::from_word(word).is_some() => of_slot(Slot::Belief),
        ["theory"] if ExitTheory::from_word(word).is_some() => of_slot(Slot::Exit),
        ["theory", ..] if is_theory(word) => {
            let slots = slots_of(assignment);
            return slots
                .map_or_else(|| vec![format!("theory {word}")], |slots| slots.into_iter().map(of_slot).collect());
        }
        ["relations", a, b] if b < a => format!("relations.{b}.{a}"),
        ["parameters", rest @ ..] if !rest.is_empty() => rest.join("."),
        parts => parts.join("."),
    };
    vec![target]
}

/// Whether two factors of a design, given by key and values, could change one
/// thing.
pub(crate) fn overlap(a: (&str, &[String]), b: (&str, &[String]), slots_of: SlotsOf<'_>) -> bool {
    let targets = |(key, values): (&str, &[String])| -> Vec<String> {
        if values.is_empty() {
            return targets_of(key, slots_of);
        }
        values.iter().flat_map(|value| targets_of(&format!("{key}={value}"), slots_of)).collect()
    };
    let (a, b) = (targets(a), targets(b));
    a.iter().any(|target| b.contains(target))
}

#[cfg(test)]
mod tests {
    use super::{check_each_once, overlap, replacing, slots_of_theory};

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
        // Theories of files fill slots, and two may stand beside each other.
        for (changes, target) in [
            (["theory=own_safety_first", "theory=trust_among_comrades"], Some("theory.exit")),
            (["theory=own_safety_first", "theory.exit=constant"], Some("theory.exit")),
            (["theory=not_there.toml", "theory=not_there.toml"], Some("theory not_there.toml")),
            (["theory=own_safety_first", "theory=fixed"], None),
        ] {
            let twice =
                |target| format!("{target} is set twice, by {} and by {}; keep one of the two", changes[0], changes[1]);
            assert_eq!(said(&changes), target.map(twice));
        }
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
        assert!(overlap(("theory", &exits), ("theory.exit", &exits), &slots_of_theory));
        assert!(!overlap(("theory", &exits), ("theory", &beliefs), &slots_of_theory));
        assert!(overlap(("parameters.combat.decisiveness", &[]), ("combat.decisiveness", &[]), &slots_of_theory));
        assert!(!overlap(("combat.decisiveness", &[]), ("combat.break_share", &[]), &slots_of_theory));
    }
}
