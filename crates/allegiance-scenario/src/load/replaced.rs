//! What a scenario that extends another replaces as a whole, told in words:
//! tables of keys and groups merge, everything else doesn't.

use super::{APPEND, Layer, is_plain_path};
use crate::csv_table::count;
use crate::problem::{Problems, Spot, did_you_mean};
use crate::tree::{Node, Table};

/// Tells what a layer replaces of those below it, which are merged already.
pub(super) fn tell(below: &Node, over: &Layer, layers: &[Layer], problems: &mut Problems) {
    let (Some(below), Some(table)) = (below.as_table(), over.tree.as_table()) else {
        return;
    };
    // In observed mode assaults on the timeline do nothing.
    if let Some((spot, node)) = table.get("timeline")
        && !is_observed(table)
    {
        tell_timeline(below, *spot, node, layers, problems);
    }
    if let (Some((spot, node)), Some((_, old))) = (table.get("relations"), below.get("relations"))
        && !old.items().is_empty()
    {
        let (old, new) = (count_of(old.items().len()), count_of(node.items().len()));
        let of = name_of(layers, below.get("relations"));
        problems
            .warning(*spot, "relations", format!("of {of} ({old}) are replaced by {new}"))
            .hint("a pair that the new ones don't name starts at truce");
    }
    if let (Some((spot, node)), Some((_, old))) = (table.get("displaced"), below.get("displaced")) {
        let (old, new) = (count_of(old.items().len()), count_of(node.items().len()));
        let of = name_of(layers, below.get("displaced"));
        problems
            .warning(*spot, "displaced", format!("of {of} ({old}) are replaced by {new}"))
            .hint("of a governorate that the new ones don't name nobody is away");
    }
    for (key, noun) in [("groups", "group"), ("kinds", "kind"), ("axes", "axis")] {
        if let (Some((spot, new)), Some(old)) = (table.get(key), below.get(key)) {
            tell_merged((key, noun), (*spot, new), old, layers, problems);
        }
    }
    tell_tables(below, (over, table), layers, problems);
}

/// Tells of lists that merge by identifier what its author may not have meant: an empty one, which
/// drops nothing, and an identifier that is nearly one below.
fn tell_merged(
    (key, noun): (&str, &str),
    (spot, new): (Spot, &Node),
    old: &(Spot, Node),
    layers: &[Layer],
    problems: &mut Problems,
) {
    let of = name_of(layers, Some(old));
    let ids: Vec<&str> = old.1.items().iter().filter_map(id_of).map(|(_, id)| id).collect();
    if new.items().is_empty() && !ids.is_empty() {
        let found = format!("is empty, and of {of} {} stay", count_of(ids.len()));
        problems.warning(spot, key, found).hint("entries merge by their id, so none is dropped by leaving it out");
    }
    for (at, (id_spot, id)) in new.items().iter().filter_map(id_of).enumerate() {
        if !ids.contains(&id)
            && let Some(hint) = did_you_mean(id, &ids)
        {
            let found = format!("is {id:?}, a new {noun} beside those of {of}");
            problems.warning(id_spot, format!("{key}[{at}].id"), found).hint(hint);
        }
    }
}

fn id_of(entry: &Node) -> Option<(Spot, &str)> {
    let (spot, id) = entry.as_table()?.get("id")?;
    Some((*spot, id.as_text()?))
}

fn is_observed(table: &Table) -> bool {
    let operations = table.get("operations").and_then(|(_, node)| node.as_table());
    operations.and_then(|operations| operations.get("mode")?.1.as_text()) == Some("observed")
}

fn count_of(n_entries: usize) -> String {
    match n_entries {
        0 => "none".to_owned(),
        1 => "1 entry".to_owned(),
        n => format!("{n} entries"),
    }
}

/// The identifier of the scenario whose file holds an entry.
fn name_of(layers: &[Layer], entry: Option<&(Spot, Node)>) -> String {
    let layer = entry.and_then(|(spot, _)| layers.iter().find(|layer| layer.file_idx == spot.file_idx));
    let id = layer.and_then(|layer| layer.tree.as_table()?.get("id")?.1.as_text().map(str::to_owned));
    id.unwrap_or_else(|| "the scenario below".to_owned())
}

fn tell_timeline(below: &Table, spot: Spot, new: &Node, layers: &[Layer], problems: &mut Problems) {
    let old: Vec<&Node> =
        ["timeline", APPEND].iter().filter_map(|key| below.get(*key)).flat_map(|(_, node)| node.items()).collect();
    if old.is_empty() {
        return;
    }
    let n_of = |kind: &str| {
        let is_kind = |node: &&&Node| node.as_table().and_then(|table| table.get("kind")?.1.as_text()) == Some(kind);
        old.iter().filter(is_kind).count()
    };
    let told: Vec<String> = [("assault", n_of("assault")), ("lever", n_of("lever"))]
        .into_iter()
        .filter(|(_, n)| *n > 0)
        .map(|(noun, n)| count(n, noun))
        .collect();
    let among = if told.is_empty() { String::new() } else { format!(", among them {}", told.join(" and ")) };
    let of = name_of(layers, below.get("timeline").or(below.get(APPEND)));
    let (old, new) = (count_of(old.len()), count_of(new.items().len()));
    problems
        .warning(spot, "timeline", format!("of {of} ({old}{among}) is replaced by {new}"))
        .hint(format!("[[{APPEND}]] adds entries to it instead"));
}

fn tell_tables(below: &Table, (over, table): (&Layer, &Table), layers: &[Layer], problems: &mut Problems) {
    let tables = |table: &Table| table.get("tables").and_then(|(_, node)| node.as_table().cloned()).unwrap_or_default();
    let (old, new) = (tables(below), tables(table));
    for key in ["places", "control", "garrisons", "events"] {
        let (Some(entry), Some((spot, name))) = (old.get(key), new.get(key)) else {
            continue;
        };
        let layer = layers.iter().find(|layer| layer.file_idx == entry.0.file_idx);
        let rows_before = layer.and_then(|layer| n_rows(layer, entry.1.as_text()?));
        let rows = n_rows(over, name.as_text().unwrap_or_default());
        // A file that can't be read is told where it is read.
        if let (Some(before), Some(after)) = (rows_before, rows) {
            let of = name_of(layers, Some(entry));
            let found = format!("of {of} ({}) are replaced by {}", count(before, "row"), count(after, "row"));
            problems.warning(*spot, format!("tables.{key}"), found);
        }
    }
}

/// The rows of a table beside a scenario's file, without its header.
fn n_rows(layer: &Layer, name: &str) -> Option<usize> {
    let bytes = is_plain_path(name).then(|| layer.root.read(name).ok())??;
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    Some(lines.count().saturating_sub(1))
}
