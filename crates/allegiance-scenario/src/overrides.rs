//! Changes to a loaded setup, as `--set key=value` and `--theory word` ask.

use allegiance_model::parameters::{Parameters, SetParameterError};
use allegiance_model::setup::{
    BeliefTheory, ExitTheory, GroupKind, GroupSetup, Mechanism, RelationKind, Setup,
};

use crate::format;
use crate::garrisons::{MEN_SHARE, share_out};
use crate::problem::{did_you_mean, list_choices};
use crate::resolve::{mechanisms_with_parameters, nearest_parameter, parameter_names};
use crate::shape::Shape;
use crate::tree::{Node, Value, parse_value};

/// Why a change couldn't be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplySetError {
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
}

fn clause(hint: Option<&String>) -> String {
    hint.map_or_else(String::new, |hint| format!("; {hint}"))
}

/// First parts of keys that never start the name of a parameter; `relations`
/// starts both kinds: `relations.isis.rebels` and a parameter of `relations`.
const SECTIONS: &[&str] = &["theory", "mechanisms", "groups"];

/// Changes one value of a setup, such as `combat.decisiveness=2`,
/// `groups.isis.brutality=0.5`, `relations.isis.rebels=war`,
/// `mechanisms.voice=false`, `theory.belief=fixed`, `days=30` or `seed=7`.
///
/// # Errors
/// [`ApplySetError`], with what is allowed and the nearest name.
pub fn apply_set(setup: &mut Setup, assignment: &str) -> Result<(), ApplySetError> {
    let (key, value) = assignment
        .split_once('=')
        .map(|(key, value)| (key.trim(), value.trim()))
        .filter(|(key, value)| !key.is_empty() && !value.is_empty())
        .ok_or_else(|| ApplySetError::NotAnAssignment {
            text: assignment.to_owned(),
        })?;
    let node = read_value(value);
    let parts: Vec<&str> = key.split('.').collect();
    match parts.as_slice() {
        ["days"] => {
            check(key, &node, format::DAYS)?;
            setup.n_days = node.as_whole().unwrap_or_default() as u32;
        }
        ["seed"] => {
            check(key, &node, format::SEED)?;
            setup.seed = node.as_whole().unwrap_or_default() as u64;
        }
        ["theory", slot @ ("belief" | "exit")] => set_theory_slot(setup, key, slot, &node)?,
        ["mechanisms", word] => set_mechanism(setup, key, word, &node)?,
        ["groups", id, field @ ..] if !field.is_empty() => {
            set_group(setup, key, id, &field.join("."), &node)?;
        }
        ["relations", a, b] => set_relation(setup, key, a, b, &node)?,
        ["parameters", mechanism, name] | [mechanism, name] if !SECTIONS.contains(mechanism) => {
            set_parameter(setup, key, mechanism, name, &node)?;
        }
        _ => return Err(unknown_root(key, &parts)),
    }
    Ok(())
}

/// Sets the slot of belief or exit by the word of a theory.
///
/// # Errors
/// [`ApplySetError::BadValue`] where no theory has that name.
pub fn apply_theory(setup: &mut Setup, word: &str) -> Result<(), ApplySetError> {
    if let Some(belief) = BeliefTheory::from_word(word) {
        setup.theory.belief = belief;
    } else if let Some(exit) = ExitTheory::from_word(word) {
        setup.theory.exit = exit;
    } else {
        let words: Vec<&str> = BeliefTheory::WORDS
            .iter()
            .chain(ExitTheory::WORDS)
            .copied()
            .collect();
        return Err(ApplySetError::BadValue {
            key: "theory".to_owned(),
            found: format!("{word:?} doesn't exist"),
            allowed: format!(
                "{}; {}",
                list_choices("theories of belief", BeliefTheory::WORDS),
                list_choices("theories of exit", ExitTheory::WORDS)
            ),
            hint: did_you_mean(word, &words),
        });
    }
    Ok(())
}

/// Reads a value as TOML, or else as a text without quotes.
fn read_value(value: &str) -> Node {
    parse_value(value, 0).unwrap_or_else(|| Node {
        spot: crate::problem::Spot {
            file_idx: 0,
            line: 1,
        },
        value: Value::Text(value.to_owned()),
    })
}

fn check(key: &str, node: &Node, shape: Shape) -> Result<(), ApplySetError> {
    let Some((found, allowed)) = shape.refuse(node) else {
        return Ok(());
    };
    let hint = match (shape, node.as_text()) {
        (Shape::Word(words), Some(word)) => did_you_mean(word, words),
        _ => None,
    };
    Err(ApplySetError::BadValue {
        key: key.to_owned(),
        found,
        allowed,
        hint,
    })
}

fn unknown(
    key: &str,
    found: impl Into<String>,
    noun: &str,
    word: &str,
    choices: &[&str],
) -> ApplySetError {
    ApplySetError::UnknownKey {
        key: key.to_owned(),
        found: found.into(),
        allowed: list_choices(noun, choices),
        hint: did_you_mean(word, choices),
    }
}

fn unknown_root(key: &str, parts: &[&str]) -> ApplySetError {
    match parts {
        ["theory", word] => unknown(
            key,
            "isn't a slot of the theory",
            "slots",
            word,
            &["belief", "exit"],
        ),
        [first, ..] => {
            let roots: Vec<&str> = ["days", "seed"]
                .iter()
                .chain(SECTIONS)
                .copied()
                .chain(mechanisms_with_parameters())
                .collect();
            let error = unknown(key, "can't be set", "first parts of keys", first, &roots);
            match error {
                ApplySetError::UnknownKey {
                    key,
                    found,
                    allowed,
                    hint,
                } if hint.is_none() => ApplySetError::UnknownKey {
                    hint: nearest_parameter(&key),
                    key,
                    found,
                    allowed,
                },
                error => error,
            }
        }
        [] => ApplySetError::NotAnAssignment {
            text: key.to_owned(),
        },
    }
}

fn set_theory_slot(
    setup: &mut Setup,
    key: &str,
    slot: &str,
    node: &Node,
) -> Result<(), ApplySetError> {
    let is_belief = slot == "belief";
    let words = if is_belief {
        BeliefTheory::WORDS
    } else {
        ExitTheory::WORDS
    };
    check(key, node, Shape::Word(words))?;
    apply_theory(setup, node.as_text().unwrap_or_default())
}

fn set_mechanism(
    setup: &mut Setup,
    key: &str,
    word: &str,
    node: &Node,
) -> Result<(), ApplySetError> {
    let mechanism = Mechanism::from_word(word).ok_or_else(|| {
        unknown(
            key,
            "isn't a mechanism",
            "mechanisms",
            word,
            Mechanism::WORDS,
        )
    })?;
    check(key, node, Shape::Flag)?;
    setup
        .switches
        .set(mechanism, node.as_flag().unwrap_or(true));
    Ok(())
}

fn set_parameter(
    setup: &mut Setup,
    key: &str,
    mechanism: &str,
    name: &str,
    node: &Node,
) -> Result<(), ApplySetError> {
    let path = format!("{mechanism}.{name}");
    let value = node.as_number().unwrap_or(f64::NAN);
    setup
        .parameters
        .set(&path, value)
        .map_err(|error| match error {
            SetParameterError::OutOfBounds { low, high } => ApplySetError::BadValue {
                key: key.to_owned(),
                found: node.describe(),
                allowed: format!("must be a number from {low} to {high}"),
                hint: None,
            },
            SetParameterError::Unknown => {
                let names = parameter_names(mechanism);
                if names.is_empty() {
                    return unknown_root(key, &[mechanism, name]);
                }
                let mut error = unknown(
                    key,
                    format!("isn't a parameter of {mechanism}"),
                    "parameters",
                    name,
                    &names,
                );
                if let ApplySetError::UnknownKey {
                    hint: hint @ None, ..
                } = &mut error
                {
                    *hint = Parameters::dictionary()
                        .find(|info| info.name == name)
                        .map(|info| format!("did you mean \"{}\"?", info.path()));
                }
                error
            }
        })
}

fn find_group(setup: &Setup, key: &str, id: &str) -> Result<usize, ApplySetError> {
    setup
        .groups
        .iter()
        .position(|group| group.id == id)
        .ok_or_else(|| {
            let ids: Vec<&str> = setup.groups.iter().map(|group| group.id.as_str()).collect();
            unknown(
                key,
                format!("names the group {id:?}, which doesn't exist"),
                "groups",
                id,
                &ids,
            )
        })
}

fn set_relation(
    setup: &mut Setup,
    key: &str,
    a: &str,
    b: &str,
    node: &Node,
) -> Result<(), ApplySetError> {
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
        _ => Err(ApplySetError::BadValue {
            key: key.to_owned(),
            found: "relates a group to itself".to_owned(),
            allowed: "must name two groups".to_owned(),
            hint: None,
        }),
    }
}

/// The fields of a group that can be set, with their shapes.
fn group_fields() -> Vec<(String, Shape)> {
    let mut fields = Vec::new();
    for field in format::GROUP.fields {
        match field.shape {
            Shape::Table(inner) => {
                fields.extend(
                    inner
                        .fields
                        .iter()
                        .map(|part| (format!("{}.{}", field.name, part.name), part.shape)),
                );
            }
            _ if ["id", "name", "source", "note"].contains(&field.name) => {}
            shape => fields.push((field.name.to_owned(), shape)),
        }
    }
    fields
}

fn set_group(
    setup: &mut Setup,
    key: &str,
    id: &str,
    field: &str,
    node: &Node,
) -> Result<(), ApplySetError> {
    let group_idx = find_group(setup, key, id)?;
    let fields = group_fields();
    let Some((_, shape)) = fields.iter().find(|(name, _)| name == field) else {
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        return Err(unknown(
            key,
            "isn't a key of a group that can be set",
            "keys",
            field,
            &names,
        ));
    };
    check(key, node, *shape)?;
    let group = &mut setup.groups[group_idx];
    match field {
        "members" => {
            let members = node.as_whole().unwrap_or_default() as u32;
            set_members(setup, key, group_idx, members)?;
        }
        "kind" => {
            let kind = GroupKind::from_word(node.as_text().unwrap_or_default());
            group.kind = kind.unwrap_or(group.kind);
        }
        "recruits" => group.recruits = node.as_flag().unwrap_or(group.recruits),
        _ => set_group_number(group, field, node.as_number().unwrap_or(f64::NAN)),
    }
    Ok(())
}

/// Sets a number of a group; in a mix that sums to 1, the other parts keep
/// their proportions.
fn set_group_number(group: &mut GroupSetup, field: &str, value: f64) {
    match field {
        "cause.revisionism" => group.cause.revisionism = value,
        "cause.islamism" => group.cause.islamism = value,
        "cause.sectarianism" => group.cause.sectarianism = value,
        "brutality" => group.brutality = value,
        "discipline" => group.discipline = value,
        "pay_usd_per_month" => group.pay_usd_per_month = value,
        "pay_foreign_usd_per_month" => group.pay_foreign_usd_per_month = value,
        "foreign_share.rank_and_file" => group.foreign_share.rank_and_file = value,
        "foreign_share.unit_commander" => group.foreign_share.unit_commander = value,
        "foreign_share.field_commander" => group.foreign_share.field_commander = value,
        "foreign_share.leadership" => group.foreign_share.leadership = value,
        "prisoners_executed_share" => group.prisoners_executed_share = value,
        "strikes_per_month" => group.strikes_per_month = value,
        "offensive_tempo" => group.offensive_tempo = value,
        "motives.ideology" | "motives.material" | "motives.social" => {
            let mix = &mut group.motives;
            let names = ["motives.ideology", "motives.material", "motives.social"];
            set_part(
                [&mut mix.ideology, &mut mix.material, &mut mix.social],
                names,
                field,
                value,
            );
        }
        "answers.ignore" | "answers.offer" | "answers.punish" => {
            let mix = &mut group.answers;
            let names = ["answers.ignore", "answers.offer", "answers.punish"];
            set_part(
                [&mut mix.ignore, &mut mix.offer, &mut mix.punish],
                names,
                field,
                value,
            );
        }
        _ => unreachable!(
            "this is a bug, please report: the format has a field of a group that can't be set: {field}"
        ),
    }
}

fn set_part(parts: [&mut f64; 3], names: [&str; 3], field: &str, value: f64) {
    let others: f64 = parts
        .iter()
        .zip(names)
        .filter(|(_, name)| *name != field)
        .map(|(part, _)| **part)
        .sum();
    for (part, name) in parts.into_iter().zip(names) {
        *part = if name == field {
            value
        } else if others > 0.0 {
            *part * (1.0 - value) / others
        } else {
            (1.0 - value) / 2.0
        };
    }
}

/// Sets the size of a group; its garrisons keep their proportions.
fn set_members(
    setup: &mut Setup,
    key: &str,
    group_idx: usize,
    members: u32,
) -> Result<(), ApplySetError> {
    let refuse = |found: String, allowed: String| ApplySetError::BadValue {
        key: key.to_owned(),
        found,
        allowed,
        hint: None,
    };
    let others = (0..setup.groups.len()).filter(|&other| other != group_idx);
    let locals = |group: &GroupSetup, members: u32| {
        f64::from(members) * (1.0 - group.foreign_share.rank_and_file)
    };
    let of_others: f64 = others
        .map(|other| locals(&setup.groups[other], setup.groups[other].members))
        .sum();
    let men = MEN_SHARE * setup.n_inhabitants() as f64;
    if of_others + locals(&setup.groups[group_idx], members) > men {
        let found = format!("is {members}, more than there are men");
        return Err(refuse(
            found,
            format!("the local members of all groups must be {men:.0} or fewer"),
        ));
    }
    let own: Vec<usize> = (0..setup.garrisons.len())
        .filter(|&at| setup.garrisons[at].group.idx() == group_idx)
        .collect();
    if own.is_empty() && members > 0 {
        let found = format!("is {members}, but the group has no garrison");
        return Err(refuse(
            found,
            "give it members in the scenario's file".to_owned(),
        ));
    }
    let weights: Vec<f64> = own
        .iter()
        .map(|&at| f64::from(setup.garrisons[at].members))
        .collect();
    for (&at, share) in own.iter().zip(share_out(members, &weights)) {
        setup.garrisons[at].members = share;
    }
    setup.groups[group_idx].members = members;
    setup.garrisons.retain(|garrison| garrison.members > 0);
    Ok(())
}
