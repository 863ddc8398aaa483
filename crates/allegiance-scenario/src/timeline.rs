//! The timeline: what changes on which day.

use allegiance_model::calendar::Date;
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::setup::{Change, Lever, Policy, RelationKind, TimelineEntry};
use allegiance_model::tables::Rank;

use crate::format;
use crate::names::Names;
use crate::problem::{Problems, Spot};
use crate::resolve::{check_sources, get, items, number, read_pairs, text};
use crate::tree::{Node, Table};

/// Reads the timeline, checking order and references.
pub(crate) struct TimelineReader<'a> {
    pub(crate) names: (&'a Names, &'a Names, &'a Names),
    /// What stands before `timeline` in keys; empty in a scenario.
    pub(crate) prefix: String,
    /// Where the scenario states them rightly.
    pub(crate) start: Option<Date>,
    pub(crate) n_days: Option<u32>,
    pub(crate) problems: &'a mut Problems,
}

impl TimelineReader<'_> {
    /// The entries of `timeline` and those that `timeline_append` adds, in the
    /// order of their days.
    pub(crate) fn read(&mut self, scenario: &Table) -> Vec<TimelineEntry> {
        let mut timeline: Vec<TimelineEntry> = Vec::new();
        let mut late: Vec<Spot> = Vec::new();
        for key in ["timeline", "timeline_append"] {
            self.read_list(scenario, key, &mut timeline, &mut late);
        }
        timeline.sort_by_key(|entry| entry.day);
        if let (Some(&first), Some(last_day)) = (late.first(), self.last_day()) {
            let verb = if late.len() == 1 { "is" } else { "are" };
            let entries = if late.len() == 1 { "1 entry".to_owned() } else { format!("{} entries", late.len()) };
            self.problems
                .warning(
                    first,
                    format!("{}timeline", self.prefix),
                    format!("has {entries} that {verb} after the last day, {last_day}"),
                )
                .hint("only a longer run gets there");
        }
        timeline
    }

    /// Reads a list of entries, whose dates must be in order file by file.
    fn read_list(&mut self, scenario: &Table, key: &str, timeline: &mut Vec<TimelineEntry>, late: &mut Vec<Spot>) {
        let mut previous: Option<(usize, Date)> = None;
        let mut n_before = 0;
        for (idx, entry, spot) in items(scenario, key) {
            if previous.is_some_and(|(file_idx, _)| file_idx != spot.file_idx) {
                previous = None;
                n_before = idx;
            }
            let path = format!("{}{key}[{}]", self.prefix, idx - n_before);
            check_sources(entry, &path, self.names.2, self.problems);
            let date = get(entry, "date").and_then(Node::as_day);
            let date_spot = entry.get("date").map_or(spot, |(spot, _)| *spot);
            if let Some(date) = date {
                self.check_order(date, previous.map(|(_, date)| date), &path, date_spot);
                if self.last_day().is_some_and(|last_day| date > last_day) {
                    late.push(date_spot);
                }
                let latest = previous.map_or(date, |(_, previous)| previous.max(date));
                previous = Some((spot.file_idx, latest));
            }
            let day = date.zip(self.start).map_or(0, |(date, start)| date.days_since(start).max(0)) as u32;
            for (change, place) in self.read_changes(entry, &path) {
                timeline.push(TimelineEntry { day, change, place, note: text(entry, "note").to_owned() });
            }
        }
    }

    fn last_day(&self) -> Option<Date> {
        Some(self.start?.plus_days(self.n_days? - 1))
    }

    fn check_order(&mut self, date: Date, previous: Option<Date>, path: &str, spot: Spot) {
        let key = format!("{path}.date");
        if let Some(start) = self.start.filter(|&start| date < start) {
            self.problems
                .error(spot, key, format!("is {date}, before the start"))
                .allowed(format!("must be {start} or later"));
        } else if let Some(previous) = previous.filter(|&previous| date < previous) {
            self.problems
                .error(spot, key, format!("is {date}, earlier than the entry before it"))
                .allowed(format!("must be {previous} or later"))
                .hint("put the entries in the order of their dates");
        }
    }

    /// The changes of one entry: one for each pair of a relation, else one.
    fn read_changes(&mut self, entry: &Table, path: &str) -> Vec<(Change, Option<PlaceId>)> {
        let (place_names, group_names, _) = self.names;
        if text(entry, "kind") == "relation" {
            let kind = RelationKind::from_word(text(entry, "relation")).unwrap_or(RelationKind::Truce);
            return read_pairs(entry, path, group_names, self.problems)
                .into_iter()
                .map(|(a, b)| (GroupId::from_idx(a), GroupId::from_idx(b)))
                .map(|(a, b)| (Change::Relation { a, b, kind }, None))
                .collect();
        }
        let mut find = |names: &Names, key: &str| {
            let node = get(entry, key)?;
            names.find(node.as_text()?, node.spot, &format!("{path}.{key}"), self.problems)
        };
        let group = find(group_names, "group").map(GroupId::from_idx);
        let place = find(place_names, "place").map(PlaceId::from_idx);
        let change = match (text(entry, "kind"), group) {
            ("happening", _) => Change::Happening,
            ("dissolve", Some(group)) => Change::Dissolve { group },
            ("pay", Some(group)) => Change::Pay { group, usd_per_month: number(entry, "pay_usd_per_month") },
            ("strikes", Some(group)) => Change::Strikes { group, per_month: number(entry, "strikes_per_month") },
            ("policy", Some(group)) => match Policy::from_word(text(entry, "policy")) {
                Some(policy) => Change::Policy { policy, group, value: number(entry, "value") },
                None => return Vec::new(),
            },
            ("inflow", Some(group)) => Change::Inflow {
                group,
                rank: Rank::from_word(text(entry, "rank")).unwrap_or(Rank::RankAndFile),
                is_foreign: get(entry, "foreign").and_then(Node::as_flag).unwrap_or(false),
                per_month: number(entry, "members_per_month"),
            },
            ("arms", Some(group)) => Change::Arms { group, discipline: number(entry, "discipline") },
            ("revenue", Some(group)) => {
                Change::Revenue { group, usd_per_place_per_month: number(entry, "usd_per_place_per_month") }
            }
            ("shock", Some(group)) => Change::Shock { group, log_odds: number(entry, "log_odds") },
            ("conscripts", Some(group)) => {
                let men = get(entry, "men").and_then(Node::as_whole).and_then(|men| u32::try_from(men).ok());
                Change::Conscripts { group, men: men.unwrap_or(0) }
            }
            ("lever", Some(group)) => match Lever::from_word(text(entry, "lever")) {
                Some(lever) => Change::Lever { lever, group, value: number(entry, "value") },
                None => return Vec::new(),
            },
            ("control", Some(group)) => match place {
                Some(place) => Change::Control {
                    place,
                    group,
                    share: get(entry, "share").and_then(Node::as_number).unwrap_or(format::CONTROL_SHARE),
                },
                None => return Vec::new(),
            },
            ("assault", Some(group)) => match place {
                Some(place) => Change::Assault { group, place },
                None => return Vec::new(),
            },
            _ => return Vec::new(),
        };
        vec![(change, place)]
    }
}
