//! Changes to one group.

use allegiance_model::ids::KindId;
use allegiance_model::setup::{GroupSetup, Setup};

use super::{ApplySetError, check, find_group, unknown};
use crate::format;
use crate::garrisons::{MEN_SHARE, share_out};
use crate::problem::{did_you_mean, list_choices};
use crate::shape::Shape;
use crate::tree::Node;

/// The fields of a group that can be set, with their shapes.
fn group_fields() -> Vec<(String, Shape)> {
    let mut fields = Vec::new();
    for field in format::GROUP.fields {
        match field.shape {
            Shape::Table(inner) => {
                fields.extend(inner.fields.iter().map(|part| (format!("{}.{}", field.name, part.name), part.shape)));
            }
            _ if ["id", "name", "source", "note"].contains(&field.name) => {}
            shape => fields.push((field.name.to_owned(), shape)),
        }
    }
    fields
}

pub(super) fn set_group(setup: &mut Setup, key: &str, id: &str, field: &str, node: &Node) -> Result<(), ApplySetError> {
    let group_idx = find_group(setup, key, id)?;
    let fields = group_fields();
    let Some((_, shape)) = fields.iter().find(|(name, _)| name == field) else {
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        return Err(unknown(key, "isn't a key of a group that can be set", "keys", field, &names));
    };
    check(key, node, *shape)?;
    let group = &mut setup.groups[group_idx];
    match field {
        "members" => {
            let members = node.as_whole().unwrap_or_default() as u32;
            set_members(setup, key, group_idx, members)?;
        }
        "kind" => {
            let word = node.as_text().unwrap_or_default();
            let kinds: Vec<&str> = setup.kinds.iter().map(|kind| kind.id.as_str()).collect();
            let Some(kind) = kinds.iter().position(|kind| *kind == word) else {
                return Err(ApplySetError::BadValue {
                    key: key.to_owned(),
                    found: format!("is {word:?}"),
                    allowed: list_choices("kinds", &kinds),
                    hint: did_you_mean(word, &kinds),
                });
            };
            setup.groups[group_idx].kind = KindId::from_idx(kind);
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
            set_part([&mut mix.ideology, &mut mix.material, &mut mix.social], names, field, value);
        }
        "answers.ignore" | "answers.offer" | "answers.punish" => {
            let mix = &mut group.answers;
            let names = ["answers.ignore", "answers.offer", "answers.punish"];
            set_part([&mut mix.ignore, &mut mix.offer, &mut mix.punish], names, field, value);
        }
        _ => unreachable!("this is a bug, please report: the format has a field of a group that can't be set: {field}"),
    }
}

fn set_part(parts: [&mut f64; 3], names: [&str; 3], field: &str, value: f64) {
    let others: f64 = parts.iter().zip(names).filter(|(_, name)| *name != field).map(|(part, _)| **part).sum();
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
fn set_members(setup: &mut Setup, key: &str, group_idx: usize, members: u32) -> Result<(), ApplySetError> {
    let refuse =
        |found: String, allowed: String| ApplySetError::BadValue { key: key.to_owned(), found, allowed, hint: None };
    let others = (0..setup.groups.len()).filter(|&other| other != group_idx);
    let locals = |group: &GroupSetup, members: u32| f64::from(members) * (1.0 - group.foreign_share.rank_and_file);
    let of_others: f64 = others.map(|other| locals(&setup.groups[other], setup.groups[other].members)).sum();
    let men = MEN_SHARE * setup.n_inhabitants() as f64;
    if of_others + locals(&setup.groups[group_idx], members) > men {
        let found = format!("is {members}, more than there are men");
        return Err(refuse(found, format!("the local members of all groups must be {men:.0} or fewer")));
    }
    let own: Vec<usize> =
        (0..setup.garrisons.len()).filter(|&at| setup.garrisons[at].group.idx() == group_idx).collect();
    if own.is_empty() && members > 0 {
        let found = format!("is {members}, but the group has no garrison");
        return Err(refuse(found, "give it members in the scenario's file".to_owned()));
    }
    let weights: Vec<f64> = own.iter().map(|&at| f64::from(setup.garrisons[at].members)).collect();
    for (&at, share) in own.iter().zip(share_out(members, &weights)) {
        setup.garrisons[at].members = share;
    }
    setup.groups[group_idx].members = members;
    setup.garrisons.retain(|garrison| garrison.members > 0);
    Ok(())
}
