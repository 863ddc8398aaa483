//! Keeps the events of one war and writes them as an event table.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use allegiance_record::observe::RecordRow;

use super::{ActorTable, GedEvent};
use allegiance_scenario::csv_table::csv_text;
use allegiance_scenario::event_rows::CIVILIANS;
use allegiance_scenario::problem::{MOST_SEARCHED, did_you_mean};
use allegiance_scenario::{EVENTS, quoted};

/// How often a side occurs among the events asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActorCount {
    /// Name of the side.
    pub actor: String,
    /// Events that it takes part in.
    pub n_events: usize,
    /// All who were killed in these, on every side and civilians too, best estimate.
    pub n_deaths: u64,
    /// A side of the actor table with a name that is near, if there is one.
    pub hint: Option<String>,
}

/// The events kept, and what became of the others.
#[derive(Debug, Clone, Default)]
pub struct Import<'a> {
    /// The events kept, in the order of the file.
    pub kept: Vec<&'a GedEvent>,
    /// Events of sides that the table leaves out on purpose.
    pub n_left_out: usize,
    /// Events between two names of one group.
    pub n_within_group: usize,
    /// Sides that the table doesn't map, the most frequent first. Their events
    /// aren't kept.
    pub unmapped: Vec<ActorCount>,
    /// Events of unmapped sides.
    pub n_unmapped: usize,
    /// Names in the table that no event asked for has.
    pub unused: Vec<String>,
}

/// Counts the armed sides of events, given one after the other.
#[derive(Debug, Default)]
pub struct ActorCounts(BTreeMap<String, (usize, u64)>);

impl ActorCounts {
    /// Counts the sides of an event; a side against itself counts once.
    pub fn add(&mut self, row: &RecordRow) {
        for side in sides(row) {
            self.add_side(side, row.best);
        }
    }

    fn add_side(&mut self, side: &str, best: u32) {
        if !self.0.contains_key(side) {
            self.0.insert(side.to_owned(), (0, 0));
        }
        if let Some((n_events, n_deaths)) = self.0.get_mut(side) {
            *n_events += 1;
            *n_deaths += u64::from(best);
        }
    }

    /// Every side, the most frequent first, with the nearest of some names.
    pub fn sorted(self, names: &[&str]) -> Vec<ActorCount> {
        let count = |(actor, (n_events, n_deaths)): (String, (usize, u64))| ActorCount {
            hint: None,
            actor,
            n_events,
            n_deaths,
        };
        let mut counts: Vec<ActorCount> = self.0.into_iter().map(count).collect();
        counts.sort_by(|a, b| b.n_events.cmp(&a.n_events).then_with(|| a.actor.cmp(&b.actor)));
        for side in counts.iter_mut().take(MOST_SEARCHED) {
            side.hint = did_you_mean(&side.actor, names);
        }
        counts
    }
}

/// Keeps the events whose sides are mapped to groups.
pub fn import_ged<'a>(events: &'a [GedEvent], actors: &ActorTable) -> Import<'a> {
    let mut import = Import::default();
    let mut unmapped = ActorCounts::default();
    let mut unused: BTreeSet<&str> = actors.keys().map(String::as_str).collect();
    for event in events {
        let mut groups = Vec::with_capacity(2);
        let mut is_mapped = true;
        for side in sides(&event.row) {
            unused.remove(side);
            if let Some(group) = actors.get(side) {
                groups.push(group.as_deref());
            } else {
                unmapped.add_side(side, event.row.best);
                is_mapped = false;
            }
        }
        let is_one_sided = event.is_one_sided();
        match groups.as_slice() {
            _ if !is_mapped => import.n_unmapped += 1,
            groups if groups.contains(&None) => import.n_left_out += 1,
            // A side against itself is one name.
            [_] if !is_one_sided => import.n_within_group += 1,
            [a, b] if a == b => import.n_within_group += 1,
            _ => import.kept.push(event),
        }
    }
    let names: Vec<&str> = actors.keys().map(String::as_str).collect();
    import.unmapped = unmapped.sorted(&names);
    import.unused = unused.into_iter().map(str::to_owned).collect();
    import
}

/// The armed sides of an event; one where a side is against itself.
fn sides(row: &RecordRow) -> impl Iterator<Item = &str> {
    let second = (row.side_b != row.side_a).then_some(row.side_b.as_str());
    std::iter::once(row.side_a.as_str()).chain(second).filter(|&side| side != CIVILIANS)
}

impl Import<'_> {
    /// The event table: the 49 official columns in their order, every cell of a
    /// kept row as the file has it, but for dates, which have the year first,
    /// and for what stands in for empty cells.
    pub fn events_csv(&self) -> String {
        csv_text(std::iter::once(EVENTS.names()).chain(self.kept.iter().map(|event| {
            let cells = event.cells.iter();
            cells.map(String::as_str).collect()
        })))
    }

    /// The lines of a scenario that replay the table: `[actors]` and, where a
    /// scenario is extended, all that is needed beside it.
    pub fn scenario_toml(&self, actors: &ActorTable, extends: Option<&str>) -> String {
        let mut text = extends.map_or_else(String::new, |base| {
            format!(
                "format = 1\nid = {}\nextends = {}\n\n[operations]\nmode = \"observed\"\n\n[tables]\nevents = \"events.csv\"\n\n",
                quoted(&format!("{base}-ged")),
                quoted(base),
            )
        });
        text.push_str("[actors]\n");
        let is_kept = |name: &str| self.kept.iter().any(|event| sides(&event.row).any(|side| side == name));
        for (name, group) in actors.iter().filter(|(name, _)| is_kept(name)) {
            let group = group.as_deref().unwrap_or_default();
            writeln!(text, "{} = {}", quoted(name), quoted(group)).expect("a string takes any text");
        }
        text
    }
}

/// A table of the sides as a CSV text whose column `group` is still to be filled.
impl ActorCount {
    /// The rows `actor,group` of an actor table without groups.
    pub fn template_csv(counts: &[Self]) -> String {
        let rows = counts.iter().map(|count| vec![count.actor.as_str(), ""]);
        csv_text(std::iter::once(vec!["actor", "group"]).chain(rows))
    }
}
