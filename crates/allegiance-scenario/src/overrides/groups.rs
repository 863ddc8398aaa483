//! Changes to one group.

use allegiance_model::axes::{AxisSetup, CAUSE};
use allegiance_model::ids::KindId;
use allegiance_model::setup::{FieldValue, GroupSetup, Setup, Takes};

use super::{ApplyChangeError, check, find_group, unknown};
use crate::format;
use crate::garrisons::{MEN_SHARE, share_out};
use crate::problem::{did_you_mean, list_choices};
use crate::shape::Shape;
use crate::tree::Node;

/// A value of a group that can be set.
pub(crate) struct GroupKey {
    /// Its key after that of the group, such as `motives.social`.
    pub(crate) name: String,
    pub(crate) shape: Shape,
    pub(crate) meaning: String,
}

/// The values of a group that can be set: its scores on the
/// scenario's axes of cause, and its fields; its kind is one of
/// the scenario's own words and can be set as well.
pub(crate) fn group_fields(axes: &[AxisSetup]) -> Vec<GroupKey> {
    let scores = axes.iter().map(|axis| GroupKey {
        name: format!("{CAUSE}.{}", axis.id),
        shape: format::shape_of_score(),
        meaning: format!("Score on this axis of cause: {}", axis.meaning),
    });
    let mut fields: Vec<GroupKey> = scores.collect();
    for field in GroupSetup::FIELDS {
        match format::shape_of(field.takes) {
            Shape::Table(inner) => fields.extend(inner.fields.iter().map(|part| GroupKey {
                name: format!("{}.{}", field.name, part.name),
                shape: part.shape,
                meaning: part.meaning.to_owned(),
            })),
            shape => fields.push(GroupKey { name: field.name.to_owned(), shape, meaning: field.meaning.to_owned() }),
        }
    }
    fields
}

pub(super) fn set_group(
    setup: &mut Setup,
    key: &str,
    id: &str,
    field: &str,
    node: &Node,
) -> Result<(), ApplyChangeError> {
    let group_idx = find_group(setup, key, id)?;
    if field == "kind" {
        return set_kind(setup, key, group_idx, node);
    }
    let fields = group_fields(&setup.axes);
    let Some(GroupKey { shape, .. }) = fields.iter().find(|known| known.name == field) else {
        let names: Vec<&str> = std::iter::once("kind").chain(fields.iter().map(|known| known.name.as_str())).collect();
        return Err(unknown(key, "isn't a key of a group that can be set", "keys", field, &names));
    };
    check(key, node, *shape)?;
    match value_of(node, *shape) {
        Some(FieldValue::Whole(members)) if field == "members" => set_members(setup, key, group_idx, members)?,
        Some(value) => set_value(&mut setup.groups[group_idx], &setup.axes, field, value),
        None => {}
    }
    Ok(())
}

/// Sets the kind of a group to one of the scenario's own.
fn set_kind(setup: &mut Setup, key: &str, group_idx: usize, node: &Node) -> Result<(), ApplyChangeError> {
    check(key, node, Shape::Text)?;
    let word = node.as_text().unwrap_or_default();
    let kinds: Vec<&str> = setup.kinds.iter().map(|kind| kind.id.as_str()).collect();
    let Some(kind) = kinds.iter().position(|kind| *kind == word) else {
        return Err(ApplyChangeError::BadValue {
            key: key.to_owned(),
            found: format!("names the kind {word:?}, which doesn't exist"),
            allowed: list_choices("kinds", &kinds),
            hint: did_you_mean(word, &kinds),
        });
    };
    setup.groups[group_idx].kind = KindId::from_idx(kind);
    Ok(())
}

/// A value of a shape that was checked.
pub(crate) fn value_of(node: &Node, shape: Shape) -> Option<FieldValue> {
    Some(match shape {
        Shape::Flag => FieldValue::Flag(node.as_flag()?),
        Shape::Whole(..) => FieldValue::Whole(u32::try_from(node.as_whole()?).ok()?),
        _ => FieldValue::Number(node.as_number()?),
    })
}

/// Sets a value of a group; in a mix that sums to 1, the other parts keep
/// their proportions.
fn set_value(group: &mut GroupSetup, axes: &[AxisSetup], path: &str, value: FieldValue) {
    let mix = path.split_once('.').and_then(|(name, _)| GroupSetup::FIELDS.iter().find(|field| field.name == name));
    let (Some(Takes::Parts(parts)), FieldValue::Number(share)) = (mix.map(|field| field.takes), value) else {
        group.set_on(axes, path, value);
        return;
    };
    if parts.sums_to_one {
        rescale(group, path, share);
    }
    group.set(path, value);
}

/// Lets the other parts of a mix share what one part leaves.
fn rescale(group: &mut GroupSetup, path: &str, share: f64) {
    let mix = path.split_once('.').map_or("", |(name, _)| name);
    let is_other = |name: &str| name != path && name.split_once('.').is_some_and(|(of, _)| of == mix);
    let others: Vec<(String, f64)> = group
        .values()
        .into_iter()
        .filter_map(|(name, value)| match value {
            FieldValue::Number(number) if is_other(&name) => Some((name, number)),
            _ => None,
        })
        .collect();
    let sum: f64 = others.iter().map(|(_, part)| part).sum();
    for (name, part) in &others {
        let part = if sum > 0.0 { part * (1.0 - share) / sum } else { (1.0 - share) / others.len() as f64 };
        group.set(name, FieldValue::Number(part));
    }
}

/// Sets the size of a group in the whole war, at whatever scale; its garrisons keep their proportions.
fn set_members(setup: &mut Setup, key: &str, group_idx: usize, members: u32) -> Result<(), ApplyChangeError> {
    let (told, members) = (members, setup.scaled_members(members));
    let refuse =
        |found: String, allowed: String| ApplyChangeError::BadValue { key: key.to_owned(), found, allowed, hint: None };
    let others = (0..setup.groups.len()).filter(|&other| other != group_idx);
    let locals = |group: &GroupSetup, members: u32| f64::from(members) * (1.0 - group.foreign_share.rank_and_file);
    let of_others: f64 = others.map(|other| locals(&setup.groups[other], setup.groups[other].members)).sum();
    let men = MEN_SHARE * setup.n_inhabitants() as f64;
    if of_others + locals(&setup.groups[group_idx], members) > men {
        let found = format!("is {told}, more than there are men");
        let most = setup.scaled_up(men);
        return Err(refuse(found, format!("the local members of all groups must be {most:.0} or fewer")));
    }
    let own: Vec<usize> =
        (0..setup.garrisons.len()).filter(|&at| setup.garrisons[at].group.idx() == group_idx).collect();
    if own.is_empty() && members > 0 {
        let found = format!("is {told}, but the group has no garrison");
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
