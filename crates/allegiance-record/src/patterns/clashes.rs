//! Patterns C1-C7: the fighting between the group of the reference case and
//! other non-state groups, the places it lost, and its first strength.

use crate::observe::ReportedEvent;
use crate::patterns::{Measured, REFERENCE};
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::setup::{GroupKind, Setup};
use allegiance_model::tables::Records;
use std::collections::BTreeMap;

/// The dead of some incidents.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Toll {
    /// Of the group of the reference case.
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

/// The incidents between the group of the reference case and any other
/// non-state group, during some days from the outbreak on: assaults,
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
    pub(super) fn of(
        records: &Records,
        setup: &Setup,
        reported: &[ReportedEvent],
        n_days: u32,
    ) -> Result<Self, String> {
        let group = REFERENCE.group_in(setup)?;
        let first = REFERENCE.first_day_in(setup, n_days)?;
        let days = first..first + n_days;
        let is_clash = |a: GroupId, b: Option<GroupId>| {
            let is_other = |other: GroupId| other != group && setup.groups[other.idx()].kind != GroupKind::State;
            b.is_some_and(|b| (a == group && is_other(b)) || (b == group && is_other(a)))
        };
        let mut found = Self { happened: Toll::default(), reported: Toll::default(), executed: 0.0 };
        for incident in records.incidents.rows() {
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
        for event in reported {
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

/// C6: of the places of the governorate where the group had half of the control
/// or more when the fighting began, the share where it had less than half 14
/// days later. Control is read at the end of the day before, and at the end of
/// the last of the 14 days.
pub(super) fn places_lost(records: &Records, setup: &Setup) -> Measured {
    let group = REFERENCE.group_in(setup)?;
    let first = REFERENCE.first_day_in(setup, REFERENCE.n_days_lost)?;
    let before = control_of(records, setup, group, first.checked_sub(1));
    let after = control_of(records, setup, group, Some(first + REFERENCE.n_days_lost - 1));
    let held: Vec<usize> = (0..setup.places.len())
        .filter(|&place| setup.places[place].governorate.eq_ignore_ascii_case(REFERENCE.governorate))
        .filter(|&place| before[place] >= 0.5)
        .collect();
    let n_lost = held.iter().filter(|&&place| after[place] < 0.5).count();
    let why_not = format!("ISIS holds no place in {}", REFERENCE.governorate);
    ratio(n_lost as f64, held.len() as f64, &why_not)
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

/// C7: members of the group at the end of the first day, and the foreign ones
/// among them. Counts those in the scenario: where its region isn't the whole
/// country, the band asks too much.
pub(super) fn first_members(records: &Records, setup: &Setup) -> Result<(f64, f64), String> {
    let group = REFERENCE.group_in(setup)?;
    records
        .groups
        .rows()
        .find(|row| row.group == group && row.day.0 == 0)
        .map(|row| (f64::from(row.n_members), f64::from(row.n_foreign)))
        .ok_or_else(|| "the record has no first day".to_owned())
}
