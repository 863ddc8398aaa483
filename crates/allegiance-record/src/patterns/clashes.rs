//! Patterns of the fighting between a group and others, of the places that it
//! lost, and of its first strength.

use super::{History, Measured, first_day_in};
use allegiance_model::calendar::Date;
use allegiance_model::case::Clashes as Asked;
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::setup::Setup;
use allegiance_model::tables::Records;
use std::collections::BTreeMap;

/// The dead of some incidents.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Toll {
    /// Of the group of the pattern.
    pub(super) group: f64,
    /// Of the groups against it.
    pub(super) others: f64,
    /// Civilians.
    pub(super) civilians: f64,
    /// Of unknown side.
    pub(super) unknown: f64,
}

impl Toll {
    /// All of them.
    pub(super) fn all(&self) -> f64 {
        self.group + self.others + self.civilians + self.unknown
    }
}

/// The incidents between a group and others during some days: assaults,
/// executions of prisoners and strikes, with the civilians who died in them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Clashes {
    /// The dead.
    pub(super) happened: Toll,
    /// The reported dead.
    pub(super) reported: Toll,
    /// Of the dead, prisoners who were executed by either side.
    pub(super) executed: f64,
}

impl Clashes {
    /// The clashes of the first `n_days`.
    pub(super) fn of(history: &History<'_>, asked: &Asked, n_days: u32) -> Result<Self, String> {
        let group = asked.group;
        let first = first_day_in(history.setup, asked.from, n_days)?;
        let days = first..first + n_days;
        let is_clash = |a: GroupId, b: Option<GroupId>| {
            let is_other = |other: GroupId| asked.against.contains(&other);
            b.is_some_and(|b| (a == group && is_other(b)) || (b == group && is_other(a)))
        };
        let mut found = Self { happened: Toll::default(), reported: Toll::default(), executed: 0.0 };
        for incident in history.records.incidents.rows() {
            if !days.contains(&incident.day.0) || !is_clash(incident.perpetrator, incident.target) {
                continue;
            }
            let (own, others) = if incident.perpetrator == group {
                (incident.dead_perpetrator, incident.dead_target)
            } else {
                (incident.dead_target, incident.dead_perpetrator)
            };
            found.happened.group += f64::from(own);
            found.happened.others += f64::from(others);
            found.happened.civilians += f64::from(incident.dead_civilians);
            found.executed += f64::from(incident.n_executed);
        }
        for event in history.reported {
            if !days.contains(&event.day) || !is_clash(event.side_a, event.side_b) {
                continue;
            }
            let own = event.deaths_of(group);
            found.reported.group += f64::from(own);
            found.reported.others += f64::from(event.deaths_a + event.deaths_b - own);
            found.reported.civilians += f64::from(event.deaths_civilians);
            found.reported.unknown += f64::from(event.deaths_unknown);
        }
        Ok(found)
    }
}

/// A ratio, or why there is none.
pub(super) fn ratio(part: f64, whole: f64, why_not: &str) -> Measured {
    if whole > 0.0 { Ok(part / whole) } else { Err(why_not.to_owned()) }
}

/// Of the places where the group had half of the control or more when the days
/// begin, the share where it has less than half when they end. Control is read
/// at the end of the day before, and at the end of the last.
pub(super) fn places_lost(
    history: &History<'_>,
    group: GroupId,
    places: &[PlaceId],
    (from, n_days): (Date, u32),
    why_not: &str,
) -> Measured {
    let History { records, setup, .. } = *history;
    let first = first_day_in(setup, from, n_days)?;
    let before = control_of(records, setup, group, first.checked_sub(1));
    let after = control_of(records, setup, group, Some(first + n_days - 1));
    let held: Vec<usize> = places.iter().map(|place| place.idx()).filter(|&place| before[place] >= 0.5).collect();
    let n_lost = held.iter().filter(|&&place| after[place] < 0.5).count();
    ratio(n_lost as f64, held.len() as f64, why_not)
}

/// A group's control share of each place at the end of a day; `None` stands for
/// the start of the first one.
fn control_of(records: &Records, setup: &Setup, group: GroupId, day: Option<u32>) -> Vec<f64> {
    let mut share: Vec<f64> =
        setup.places.iter().map(|place| place.control.get(group.idx()).copied().unwrap_or(0.0)).collect();
    let Some(day) = day else { return share };
    let mut latest: BTreeMap<PlaceId, (u32, f64)> = BTreeMap::new();
    for row in records.control.rows().filter(|row| row.group == group && row.day.0 <= day) {
        let entry = latest.entry(row.place).or_insert((row.day.0, row.share));
        if row.day.0 >= entry.0 {
            *entry = (row.day.0, row.share);
        }
    }
    for (place, (_, value)) in latest {
        share[place.idx()] = value;
    }
    share
}

/// Members of a group at the end of the first day, and the foreign ones among
/// them. Counts those in the scenario: where its region isn't the whole country,
/// a band for the country asks too much.
pub(super) fn first_members(records: &Records, group: GroupId) -> Result<(f64, f64), String> {
    records
        .groups
        .rows()
        .find(|row| row.group == group && row.day.0 == 0)
        .map(|row| (f64::from(row.n_members), f64::from(row.n_foreign)))
        .ok_or_else(|| "the record has no first day".to_owned())
}
