//! The one door for a change: whoever changes a value of a scenario, be it
//! `--set`, a design, an arm of an experiment, the page or Python, asks
//! [`apply_change`], and every key means the same to all of them.

mod groups;
mod keys;
mod levers;
mod targets;

use std::num::NonZeroU32;
use std::path::Path;

use allegiance_model::parameters::{ParameterInfo, Parameters, SetParameterError};
use allegiance_model::setup::{BeliefTheory, ExitTheory, Mechanism, OperationsMode, RelationKind, Setup};
use allegiance_model::theory::{OWN, OwnTheory, Slot};

use crate::builtin;
use crate::document::LoadDocumentError;
use crate::format;
use crate::problem::{Problem, did_you_mean, list_choices};
use crate::resolve::{mechanisms_with_parameters, nearest_parameter, parameter_names, range_of};
use crate::shape::{Field, Shape};
use crate::theory;
use crate::tree::{Node, Value, parse_value};
use groups::set_group;
use levers::set_lever;

pub(crate) use groups::{GroupKey, group_fields, value_of};
pub use keys::{KeyTakes, SettableKey, settable_keys};
pub use targets::{check_each_once, replacing};
pub(crate) use targets::{check_each_once_with, overlap, slots_of_theory};

/// Why a change couldn't be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplyChangeError {
    /// The text has no equals sign.
    #[error("{text:?} isn't of the form key=value, such as combat.decisiveness=2")]
    NotAnAssignment {
        /// What was given.
        text: String,
    },
    /// Nothing has that key.
    #[error("{key} {found}; {allowed}{}", clause(.hint.as_ref()))]
    UnknownKey {
        /// The key.
        key: String,
        /// What is wrong with it: a clause that follows the key.
        found: String,
        /// The keys that exist.
        allowed: String,
        /// The nearest key.
        hint: Option<String>,
    },
    /// The key can't take that value.
    #[error("{key} {found}; {allowed}{}", clause(.hint.as_ref()))]
    BadValue {
        /// The key.
        key: String,
        /// What was given: a clause that follows the key.
        found: String,
        /// The values that it takes.
        allowed: String,
        /// The nearest word.
        hint: Option<String>,
    },
    /// A theory that can't be read.
    #[error("{key} {found}{}", list_problems(.problems))]
    Theory {
        /// The key.
        key: String,
        /// What is wrong with it: a clause that follows the key.
        found: String,
        /// Every problem of the file.
        problems: Vec<Problem>,
    },
    /// Two changes of one list are of one thing.
    #[error("{target} is set twice, by {first} and by {second}; keep one of the two")]
    Twice {
        /// What both change.
        target: String,
        /// The first change.
        first: String,
        /// The second.
        second: String,
    },
}

fn list_problems(problems: &[Problem]) -> String {
    problems.iter().fold(String::new(), |text, problem| text + "\n  " + &problem.to_string())
}

fn clause(hint: Option<&String>) -> String {
    hint.map_or_else(String::new, |hint| format!("; {hint}"))
}

/// First parts of keys that never start the name of a parameter; `relations`
/// starts both kinds: `relations.ID.ID` and a parameter of `relations`.
const SECTIONS: &[&str] = &["theory", "mechanisms", "groups", "levers"];
/// Keys of one part.
const WHOLE_KEYS: &[&str] = &["days", "seed", "scale"];

/// Makes one change to a setup, such as `combat.decisiveness=2`,
/// `observation.share_rebel=0.5`, `observation.country=Jordan`,
/// `groups.ID.brutality=0.5`, `levers.ID.safe_passage=1` (from the first day
/// on), `relations.ID.ID=war`, `mechanisms.voice=false`,
/// `theory.belief=fixed`, `theory=fixed` (whose slot follows from the word),
/// `operations.mode=observed`, `days=30`, `seed=7` or `scale=10`, which keeps
/// one in ten of the people that the setup has by then ([`Setup::at_scale`]).
///
/// # Errors
/// [`ApplyChangeError`], with what is allowed and the nearest name; the setup
/// is as it was.
pub fn apply_change(setup: &mut Setup, assignment: &str) -> Result<(), ApplyChangeError> {
    let (key, value) = assignment
        .split_once('=')
        .map(|(key, value)| (key.trim(), value.trim()))
        .filter(|(key, value)| !key.is_empty() && !value.is_empty())
        .ok_or_else(|| ApplyChangeError::NotAnAssignment { text: assignment.to_owned() })?;
    let node = read_value(value);
    let parts: Vec<&str> = key.split('.').collect();
    match parts.as_slice() {
        ["days"] => set_days(setup, key, &node)?,
        ["seed"] => {
            check(key, &node, format::SEED)?;
            setup.seed = node.as_whole().unwrap_or_default() as u64;
        }
        ["scale"] => {
            check(key, &node, format::SCALE)?;
            let scale = node.as_whole().and_then(|scale| NonZeroU32::new(scale as u32)).unwrap_or(NonZeroU32::MIN);
            *setup = setup.at_scale(scale);
        }
        ["theory"] => set_theory(setup, key, &node)?,
        ["theory", slot @ ("belief" | "exit")] => set_theory_slot(setup, key, slot, &node)?,
        ["operations", "mode"] => set_mode(setup, key, &node)?,
        ["mechanisms", word] => set_mechanism(setup, key, word, &node)?,
        ["groups", id, field @ ..] if !field.is_empty() => {
            set_group(setup, key, id, &field.join("."), &node)?;
        }
        ["levers", id, lever] => set_lever(setup, key, (id, lever), &node)?,
        ["relations", a, b] => set_relation(setup, key, a, b, &node)?,
        ["observation", field] if let Some(known) = country_field(field) => set_country(setup, key, known, &node)?,
        ["parameters", mechanism, name] | [mechanism, name] if !SECTIONS.contains(mechanism) => {
            set_parameter(setup, key, mechanism, name, &node)?;
        }
        _ => return Err(unknown_root(setup, key, &parts)),
    }
    Ok(())
}

/// As [`apply_change`], to a setup under another theory than the one that the
/// change is meant for: parameters of a theory that isn't there are left out.
///
/// # Errors
/// See [`apply_change`].
pub fn apply_change_elsewhere(setup: &mut Setup, assignment: &str) -> Result<(), ApplyChangeError> {
    let key = assignment.split_once('=').map_or(assignment, |(key, _)| key.trim());
    let is_own = key.strip_prefix("parameters.").unwrap_or(key).split_once('.').is_some_and(|(first, _)| first == OWN);
    let is_there = |theory: &OwnTheory| key.rsplit('.').next().is_some_and(|name| theory.parameter(name).is_some());
    if is_own && !setup.own_theories.iter().any(is_there) { Ok(()) } else { apply_change(setup, assignment) }
}

/// Sets the slot of belief or exit by the word of a theory.
fn set_theory(setup: &mut Setup, key: &str, node: &Node) -> Result<(), ApplyChangeError> {
    let word = node.as_text().unwrap_or_default();
    if let Some(belief) = BeliefTheory::from_word(word) {
        setup.theory.belief = belief;
        setup.vacate(Slot::Belief);
    } else if let Some(exit) = ExitTheory::from_word(word) {
        setup.theory.exit = exit;
        setup.vacate(Slot::Exit);
    } else if is_theory(word) {
        let theory = theory::load_theory(word).map_err(|error| unreadable(key, word, None, error))?;
        put_theory(setup, key, word, theory)?;
    } else {
        let exits: Vec<&str> = theory::theory_names().collect();
        let rules: Vec<&str> = builtin::rule_names().collect();
        let words: Vec<&str> = BeliefTheory::WORDS.iter().chain(&exits).chain(&rules).copied().collect();
        return Err(ApplyChangeError::BadValue {
            key: key.to_owned(),
            found: node.describe(),
            allowed: format!(
                "{}; {}; {}, or a file such as mine.toml",
                list_choices("theories of belief", BeliefTheory::WORDS),
                list_choices("theories of exit", &exits),
                list_choices("rules of other slots", &rules)
            ),
            hint: did_you_mean(word, &words),
        });
    }
    Ok(())
}

/// Puts a theory into the slots that it fills; that of the key must be among them.
pub(crate) fn put_theory(setup: &mut Setup, key: &str, word: &str, theory: OwnTheory) -> Result<(), ApplyChangeError> {
    let asked = Slot::ALL.iter().find(|slot| key.strip_prefix("theory.") == Some(slot.word()));
    if let Some(slot) = asked.filter(|&&slot| !theory.fills(slot)) {
        let slots: Vec<&str> = theory.slots().into_iter().map(Slot::word).collect();
        return Err(ApplyChangeError::BadValue {
            key: key.to_owned(),
            found: format!("names the theory {word}, which is one of {}", slots.join(" and ")),
            allowed: format!("must be one of {}; theory={word} puts it where it belongs", slot.word()),
            hint: None,
        });
    }
    let mut changed = setup.clone();
    changed.put(theory);
    if let Some(found) = theory::clash(&changed.own_theories) {
        let found = format!("names the theory {word}, {}", found.clause());
        return Err(ApplyChangeError::Theory { key: key.to_owned(), found, problems: Vec::new() });
    }
    *setup = changed;
    Ok(())
}

/// Whether a word names a theory that has a file.
pub(crate) fn is_theory(word: &str) -> bool {
    let is_file = Path::new(word).extension().is_some_and(|ending| ending == "toml");
    is_file || builtin::theory(word).is_some()
}

/// The key and path of a change that names a theory by its file.
pub(crate) fn theory_file_of(change: &str) -> Option<(&str, &str)> {
    let (key, value) = change.split_once('=')?;
    let (key, word) = (key.trim(), value.trim().trim_matches(['"', '\'']));
    let is_file = Path::new(word).extension().is_some_and(|ending| ending == "toml");
    (matches!(key, "theory" | "theory.exit" | "theory.belief") && is_file).then_some((key, word))
}

/// Why the theory of a change can't be read.
/// A path was looked for beside the file that names it, or in the working folder.
pub(crate) fn unreadable(key: &str, word: &str, beside: Option<&Path>, error: LoadDocumentError) -> ApplyChangeError {
    let (found, problems) = match error {
        LoadDocumentError::Invalid { problems, .. } => {
            (format!("names the theory {word}, which has problems:"), problems)
        }
        LoadDocumentError::NotFound { .. } => {
            let place = beside.map_or_else(
                || "no such file is in the working folder".to_owned(),
                |folder| format!("there is no file {} beside what names it", folder.join(word).display()),
            );
            let place = if Path::new(word).is_absolute() { "no such file is there".to_owned() } else { place };
            (format!("names the theory {word}, and {place}"), Vec::new())
        }
        LoadDocumentError::Read(error) => {
            (format!("names the theory {word}, which can't be read: {error}"), Vec::new())
        }
    };
    ApplyChangeError::Theory { key: key.to_owned(), found, problems }
}

/// Reads a value as TOML, or else as a text without quotes.
fn read_value(value: &str) -> Node {
    parse_value(value, 0).unwrap_or_else(|| Node {
        spot: crate::problem::Spot { file_idx: 0, line: 1 },
        value: Value::Text(value.to_owned()),
    })
}

fn check(key: &str, node: &Node, shape: Shape) -> Result<(), ApplyChangeError> {
    let Some((found, allowed)) = shape.refuse(node) else {
        return Ok(());
    };
    let hint = match (shape, node.as_text()) {
        (Shape::Word(words), Some(word)) => did_you_mean(word, words),
        _ => None,
    };
    Err(ApplyChangeError::BadValue { key: key.to_owned(), found, allowed, hint })
}

fn unknown(key: &str, found: impl Into<String>, noun: &str, word: &str, choices: &[&str]) -> ApplyChangeError {
    ApplyChangeError::UnknownKey {
        key: key.to_owned(),
        found: found.into(),
        allowed: list_choices(noun, choices),
        hint: did_you_mean(word, choices),
    }
}

/// How to set something of a mechanism whose name stands alone.
fn part_needed(mechanism: &str) -> String {
    let own = Parameters::dictionary().map(ParameterInfo::path).find(|path| path.starts_with(&format!("{mechanism}.")));
    let example = own.map_or_else(String::new, |path| format!(", such as {path}"));
    let switch = Mechanism::from_word(mechanism)
        .map_or_else(String::new, |_| format!(", or mechanisms.{mechanism} for its switch"));
    format!("give the parameter after a dot{example}{switch}")
}

fn unknown_root(setup: &Setup, key: &str, parts: &[&str]) -> ApplyChangeError {
    match parts {
        ["theory", word] => unknown(key, "isn't a slot of the theory", "slots", word, &["belief", "exit"]),
        [mechanism] if mechanisms_with_parameters(setup).contains(mechanism) => ApplyChangeError::UnknownKey {
            key: key.to_owned(),
            found: "names no parameter".to_owned(),
            allowed: part_needed(mechanism),
            hint: None,
        },
        [first, ..] => {
            let roots: Vec<&str> =
                WHOLE_KEYS.iter().chain(SECTIONS).copied().chain(mechanisms_with_parameters(setup)).collect();
            let mut error = unknown(key, "can't be set", "keys", first, &roots);
            if let ApplyChangeError::UnknownKey { allowed, .. } = &mut error {
                *allowed = format!("a key begins with {}", roots.join(", "));
            }
            match error {
                ApplyChangeError::UnknownKey { key, found, allowed, hint } if hint.is_none() => {
                    ApplyChangeError::UnknownKey {
                        hint: nearest_parameter(setup.whole_dictionary(), &key),
                        key,
                        found,
                        allowed,
                    }
                }
                error => error,
            }
        }
        [] => ApplyChangeError::NotAnAssignment { text: key.to_owned() },
    }
}

/// Sets the number of days. In observed mode they can't be more than the
/// events were read for.
fn set_days(setup: &mut Setup, key: &str, node: &Node) -> Result<(), ApplyChangeError> {
    check(key, node, format::DAYS)?;
    let n_days = node.as_whole().unwrap_or_default() as u32;
    if setup.mode == OperationsMode::Observed && n_days > setup.n_days {
        return Err(ApplyChangeError::BadValue {
            key: key.to_owned(),
            found: format!("is {n_days}"),
            allowed: format!(
                "must be {} or fewer, because later events weren't read; change it in the scenario's file",
                setup.n_days
            ),
            hint: None,
        });
    }
    if setup.start.days_until_last() < n_days {
        return Err(ApplyChangeError::BadValue {
            key: key.to_owned(),
            found: format!("is {n_days}"),
            allowed: format!(
                "must be {} or fewer, because dates end with the year 9999",
                setup.start.days_until_last()
            ),
            hint: None,
        });
    }
    setup.n_days = n_days;
    Ok(())
}

fn set_mode(setup: &mut Setup, key: &str, node: &Node) -> Result<(), ApplyChangeError> {
    check(key, node, format::MODE)?;
    let word = node.as_text().unwrap_or_default();
    let mode = OperationsMode::from_word(word).unwrap_or(setup.mode);
    if mode == OperationsMode::Observed && setup.events.is_empty() {
        return Err(ApplyChangeError::BadValue {
            key: key.to_owned(),
            found: "is observed, but the scenario has no events".to_owned(),
            allowed: "needs [tables] events in the scenario's file".to_owned(),
            hint: None,
        });
    }
    setup.mode = mode;
    Ok(())
}

/// Sets what reports of the war name.
fn set_country(setup: &mut Setup, key: &str, known: &Field, node: &Node) -> Result<(), ApplyChangeError> {
    check(key, node, known.shape)?;
    let country = &mut setup.country;
    let text = || node.as_text().unwrap_or_default().to_owned();
    match known.name {
        "country" => country.name = text(),
        "gw_number" => country.gw_number = node.as_whole().unwrap_or_default() as u32,
        "region" => country.region = text(),
        // The usual name is no name of its own, and follows the country.
        _ => country.conflict = Some(text()).filter(|name| *name != country.usual_conflict()),
    }
    Ok(())
}

/// The key of `[observation]` that a name is.
fn country_field(name: &str) -> Option<&'static Field> {
    format::OBSERVATION.fields.iter().find(|field| field.name == name)
}

fn set_theory_slot(setup: &mut Setup, key: &str, slot: &str, node: &Node) -> Result<(), ApplyChangeError> {
    let (slot, words) =
        if slot == "belief" { (Slot::Belief, BeliefTheory::WORDS) } else { (Slot::Exit, ExitTheory::WORDS) };
    // What can't be read is told by what reads it.
    let fills = |word: &str| theory::load_theory(word).map_or(true, |theory| theory.fills(slot));
    let is_own = |word: &str| !words.contains(&word) && is_theory(word) && fills(word);
    if !node.as_text().is_some_and(is_own) {
        check(key, node, Shape::Word(words))?;
    }
    set_theory(setup, key, node)
}

fn set_mechanism(setup: &mut Setup, key: &str, word: &str, node: &Node) -> Result<(), ApplyChangeError> {
    let mechanism = Mechanism::from_word(word)
        .ok_or_else(|| unknown(key, "isn't a mechanism", "mechanisms", word, Mechanism::WORDS))?;
    check(key, node, Shape::Flag)?;
    setup.switches.set(mechanism, node.as_flag().unwrap_or(true));
    Ok(())
}

fn set_parameter(
    setup: &mut Setup,
    key: &str,
    mechanism: &str,
    name: &str,
    node: &Node,
) -> Result<(), ApplyChangeError> {
    let path = format!("{mechanism}.{name}");
    let value = node.as_number().unwrap_or(f64::NAN);
    setup.set_parameter(&path, value).map_err(|error| match error {
        SetParameterError::OutOfBounds { .. } => ApplyChangeError::BadValue {
            key: key.to_owned(),
            found: node.describe(),
            allowed: range_of(setup, &path),
            hint: None,
        },
        SetParameterError::Unknown => unknown_parameter(setup, key, mechanism, name),
    })
}

fn unknown_parameter(setup: &Setup, key: &str, mechanism: &str, name: &str) -> ApplyChangeError {
    let mut names = parameter_names(setup, mechanism);
    if names.is_empty() {
        return unknown_root(setup, key, &[mechanism, name]);
    }
    match mechanism {
        "operations" => names.push("mode"),
        "observation" => names.splice(..0, format::OBSERVATION.fields.iter().map(|field| field.name)).for_each(drop),
        _ => {}
    }
    let mut error = unknown(key, format!("isn't a parameter of {mechanism}"), "parameters", name, &names);
    if let ApplyChangeError::UnknownKey { hint: hint @ None, .. } = &mut error {
        let same = |info: &&ParameterInfo| info.name == name;
        *hint = setup.whole_dictionary().find(same).map(|info| format!("did you mean \"{}\"?", info.path()));
    }
    error
}

fn find_group(setup: &Setup, key: &str, id: &str) -> Result<usize, ApplyChangeError> {
    setup.groups.iter().position(|group| group.id == id).ok_or_else(|| {
        let ids: Vec<&str> = setup.groups.iter().map(|group| group.id.as_str()).collect();
        unknown(key, format!("names the group {id:?}, which doesn't exist"), "groups", id, &ids)
    })
}

fn set_relation(setup: &mut Setup, key: &str, a: &str, b: &str, node: &Node) -> Result<(), ApplyChangeError> {
    let (a, b) = (find_group(setup, key, a)?, find_group(setup, key, b)?);
    check(key, node, Shape::Word(RelationKind::WORDS))?;
    let kind = RelationKind::from_word(node.as_text().unwrap_or_default());
    let n_groups = setup.n_groups();
    match kind {
        Some(kind) if a != b => {
            setup.relations[a * n_groups + b] = kind;
            setup.relations[b * n_groups + a] = kind;
            Ok(())
        }
        _ => Err(ApplyChangeError::BadValue {
            key: key.to_owned(),
            found: "relates a group to itself".to_owned(),
            allowed: "must name two groups".to_owned(),
            hint: None,
        }),
    }
}
