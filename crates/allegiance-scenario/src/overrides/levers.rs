//! Levers that are set from the first day on.

use allegiance_model::ids::GroupId;
use allegiance_model::setup::{Change, Lever, Setup, TimelineEntry};

use super::{ApplyChangeError, check, find_group, unknown};
use crate::format::LEVER_BOUNDS;
use crate::shape::Shape;
use crate::tree::Node;

/// Sets a lever on a group from the first day until the timeline sets it
/// again; what the timeline says of the first day is replaced.
pub(super) fn set_lever(
    setup: &mut Setup,
    key: &str,
    (id, word): (&str, &str),
    node: &Node,
) -> Result<(), ApplyChangeError> {
    let group = GroupId::from_idx(find_group(setup, key, id)?);
    let lever = Lever::from_word(word).ok_or_else(|| unknown(key, "isn't a lever", "levers", word, Lever::WORDS))?;
    let (_, low, high) = LEVER_BOUNDS[lever as usize];
    check(key, node, Shape::Number(low, high))?;
    let value = node.as_number().unwrap_or_default();
    setup.timeline.retain(|entry| entry.day > 0 || !sets(entry, lever, group));
    let note = format!("The lever {} on {id} is {value} from the first day.", lever.word());
    setup
        .timeline
        .insert(0, TimelineEntry { day: 0, change: Change::Lever { lever, group, value }, place: None, note });
    Ok(())
}

/// The setting of a lever on the first day.
pub(super) fn lever_on_first_day(setup: &Setup, lever: Lever, group: GroupId) -> f64 {
    let first = setup.timeline.iter().filter(|entry| entry.day == 0 && sets(entry, lever, group));
    let value = |entry: &TimelineEntry| if let Change::Lever { value, .. } = entry.change { value } else { 0.0 };
    let unless_dated = if lever == Lever::Amnesty { setup.groups[group.idx()].amnesty } else { 0.0 };
    first.map(value).next_back().unwrap_or(unless_dated)
}

fn sets(entry: &TimelineEntry, lever: Lever, group: GroupId) -> bool {
    matches!(entry.change, Change::Lever { lever: other, group: of, .. } if other == lever && of == group)
}
