//! Patterns of how members leave who suffered nothing from their own side.
//!
//! A member is *quiet* on a day when the table `exposures` has no row for him
//! in the days, 30 unless the pattern says otherwise, that end with it: no incident of his own group reached him in
//! person, through kin, or through his village. Before the first day nothing
//! has reached anyone.

use crate::patterns::Measured;
use allegiance_model::ids::PersonId;
use allegiance_model::maths::DAYS_PER_MONTH;
use allegiance_model::setup::Setup;
use allegiance_model::tables::{AllegianceKind, Records};
use std::collections::BTreeMap;

/// The days on which incidents of his own group reached each person, in order.
struct Exposed {
    /// Days without an exposure that make a member quiet.
    quiet_days: u32,
    days_of: BTreeMap<PersonId, Vec<u32>>,
}

impl Exposed {
    fn of(records: &Records, quiet_days: u32) -> Self {
        let mut days_of: BTreeMap<PersonId, Vec<u32>> = BTreeMap::new();
        for row in records.exposures.rows() {
            days_of.entry(row.person).or_default().push(row.day.0);
        }
        for days in days_of.values_mut() {
            days.sort_unstable();
        }
        Self { quiet_days, days_of }
    }

    fn is_quiet(&self, person: PersonId, day: u32) -> bool {
        self.days_of
            .get(&person)
            .is_none_or(|days| !days.iter().any(|&exposed| exposed <= day && day < exposed + self.quiet_days))
    }

    /// Number of exposed members at the end of each day. A person stops
    /// counting on the day on which he dies or leaves.
    fn n_members_by_day(&self, records: &Records, n_days: usize) -> Vec<i64> {
        let mut last_day: BTreeMap<PersonId, u32> = BTreeMap::new();
        for row in records.allegiance.rows().filter(|row| ends_membership(row.kind)) {
            let day = last_day.entry(row.person).or_insert(row.day.0);
            *day = (*day).min(row.day.0);
        }
        let mut change = vec![0_i64; n_days + 1];
        for (person, days) in &self.days_of {
            let end = last_day.get(person).map_or(n_days, |&day| (day as usize).min(n_days));
            let mut counted_until = 0;
            for &day in days {
                let from = (day as usize).max(counted_until).min(end);
                let until = (day as usize + self.quiet_days as usize).min(end);
                if until > from {
                    change[from] += 1;
                    change[until] -= 1;
                    counted_until = until;
                }
            }
        }
        let mut sum = 0;
        change
            .into_iter()
            .take(n_days)
            .map(|step| {
                sum += step;
                sum
            })
            .collect()
    }
}

fn ends_membership(kind: AllegianceKind) -> bool {
    kind.is_exit() || matches!(kind, AllegianceKind::Execution | AllegianceKind::Death)
}

/// Desertions of quiet members over the months that quiet members served,
/// all groups together. Months have 30 days, as in the model's hazards; members
/// are those active at the end of each day. A deserter who joins another group
/// soon after still counts here; the share of switchers counts him, too.
pub(super) fn desertion_rate(records: &Records, setup: &Setup, quiet_days: u32) -> Measured {
    let exposed = Exposed::of(records, quiet_days);
    let mut n_members = vec![0_i64; setup.n_days as usize];
    for row in records.groups.rows() {
        if let Some(members) = n_members.get_mut(row.day.0 as usize) {
            *members += i64::from(row.n_members);
        }
    }
    let n_exposed = exposed.n_members_by_day(records, n_members.len());
    let quiet_days: i64 = n_members.iter().zip(&n_exposed).map(|(members, exposed)| (members - exposed).max(0)).sum();
    if quiet_days == 0 {
        return Err("no member was quiet".to_owned());
    }
    let n_desertions = records
        .allegiance
        .rows()
        .filter(|row| row.kind == AllegianceKind::Desertion && exposed.is_quiet(row.person, row.day.0))
        .count();
    Ok(n_desertions as f64 / (quiet_days as f64 / DAYS_PER_MONTH))
}

/// Of the quiet members who deserted or defected, the share who served
/// another group: defectors, and deserters who joined one within `switch_days`. A
/// ratio of 2 to 8 desertions a switch is a share of 1/3 to 1/9; the share is
/// used because it exists when nobody switched.
pub(super) fn switching_share(records: &Records, quiet_days: u32, switch_days: u32) -> Measured {
    let exposed = Exposed::of(records, quiet_days);
    let mut joins_of: BTreeMap<PersonId, Vec<u32>> = BTreeMap::new();
    for row in records.allegiance.rows().filter(|row| row.kind == AllegianceKind::Join) {
        joins_of.entry(row.person).or_default().push(row.day.0);
    }
    let (mut n_exits, mut n_switches) = (0_u32, 0_u32);
    for row in records.allegiance.rows() {
        let is_switch = match row.kind {
            AllegianceKind::Defection => true,
            AllegianceKind::Desertion => joins_of.get(&row.person).is_some_and(|days| {
                days.iter().any(|&joined| row.day.0 <= joined && joined <= row.day.0 + switch_days)
            }),
            _ => continue,
        };
        if exposed.is_quiet(row.person, row.day.0) {
            n_exits += 1;
            n_switches += u32::from(is_switch);
        }
    }
    if n_exits == 0 {
        return Err("no quiet member left".to_owned());
    }
    Ok(f64::from(n_switches) / f64::from(n_exits))
}
