//! Patterns of how members leave who suffered nothing from their own side.
//!
//! A member is *quiet* on a day when the table `exposures` has no row for him
//! in the days, 30 unless the pattern says otherwise, that end with it: no incident of his own group reached him in
//! person, through kin, or through his village. Before the first day nothing
//! has reached anyone. Who left with his unit is left out: it gave up under attack as one, and the base
//! rates of other armies count men who deserted one by one.

use crate::exits::exits as all_exits;
use crate::patterns::Measured;
use allegiance_model::ids::PersonId;
use allegiance_model::maths::DAYS_PER_MONTH;
use allegiance_model::tables::{Allegiance, AllegianceKind, Cause, Records};
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

/// The exits of those who decided for themselves.
fn exits(records: &Records) -> impl Iterator<Item = Allegiance> {
    all_exits(records).into_iter().filter(|row| row.cause != Some(Cause::WithUnit))
}

fn ends_membership(kind: AllegianceKind) -> bool {
    kind.is_exit() || matches!(kind, AllegianceKind::Execution | AllegianceKind::Death)
}

/// Desertions of quiet members over the months that quiet members served,
/// all groups together. Months have 30 days, as in the model's hazards; members
/// are those active at the end of each day. A deserter who joins another group
/// soon after still counts here; the share of switchers counts him, too.
pub(super) fn desertion_rate(records: &Records, n_days: u32, quiet_days: u32) -> Measured {
    let exposed = Exposed::of(records, quiet_days);
    let mut n_members = vec![0_i64; n_days as usize];
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
    let n_desertions = exits(records)
        .filter(|row| row.kind == AllegianceKind::Desertion && exposed.is_quiet(row.person, row.day.0))
        .count();
    Ok(n_desertions as f64 / (quiet_days as f64 / DAYS_PER_MONTH))
}

/// Of the quiet members who deserted or defected, the share who served
/// another group: defectors who were taken in, and deserters who joined one within `switch_days`. A
/// ratio of 2 to 8 desertions a switch is a share of 1/3 to 1/9; the share is
/// used because it exists when nobody switched.
pub(super) fn switching_share(records: &Records, quiet_days: u32, switch_days: u32) -> Measured {
    let exposed = Exposed::of(records, quiet_days);
    let mut joins_of: BTreeMap<PersonId, Vec<u32>> = BTreeMap::new();
    for row in records.allegiance.rows().filter(|row| row.kind == AllegianceKind::Join) {
        joins_of.entry(row.person).or_default().push(row.day.0);
    }
    let (mut n_exits, mut n_switches) = (0_u32, 0_u32);
    for row in exits(records) {
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

#[cfg(test)]
mod tests {
    use super::{desertion_rate, switching_share};
    use allegiance_model::ids::PersonId;
    use allegiance_model::random::{Draws, Purpose};
    use allegiance_model::tables::{Allegiance, AllegianceKind, Cause, Day, Exposure, GroupDay, Records};

    const N_DAYS: u32 = 40;
    const N_PERSONS: u32 = 25;
    const N_MEMBERS: u32 = 20;

    fn turn(person: u32, day: u32, kind: AllegianceKind) -> Allegiance {
        Allegiance { person: PersonId(person), day: Day(day), kind, ..Allegiance::BLANK }
    }

    fn exposure(person: u32, day: u32) -> Exposure {
        Exposure { person: PersonId(person), day: Day(day), ..Exposure::BLANK }
    }

    /// A history of nothing but chance, in the order of days or in none.
    fn random_history(number: u32) -> Records {
        let mut stream = Draws::of_population(31).stream(Purpose::Bootstrap, number, 0, 0);
        let mut records = Records::default();
        for day in 0..N_DAYS {
            records.groups.push(GroupDay { day: Day(day), n_members: N_MEMBERS, ..GroupDay::BLANK });
        }
        for person in 0..N_PERSONS {
            for _ in 0..stream.below(4) {
                records.exposures.push(exposure(person, stream.below(N_DAYS)));
            }
            let kinds = [
                AllegianceKind::Desertion,
                AllegianceKind::Defection,
                AllegianceKind::Departure,
                AllegianceKind::Death,
                AllegianceKind::Wound,
            ];
            let (kind, day) = (kinds[stream.below(5) as usize], stream.below(N_DAYS));
            records.allegiance.push(turn(person, day, kind));
            if kind == AllegianceKind::Desertion && stream.uniform() < 0.5 {
                records.allegiance.push(turn(person, day + stream.below(12), AllegianceKind::Join));
            }
        }
        records
    }

    /// Whether an incident reached him in the days that end with this one.
    fn was_reached(records: &Records, person: u32, day: u32, quiet_days: u32) -> bool {
        let mut own = records.exposures.rows().filter(|row| row.person == PersonId(person));
        own.any(|row| (0..quiet_days).any(|before| row.day.0 + before == day))
    }

    /// The first day on which he left or died.
    fn last_day(records: &Records, person: u32) -> u32 {
        let ends = |kind: AllegianceKind| kind.is_exit() || kind == AllegianceKind::Death;
        let own = records.allegiance.rows().filter(|row| row.person == PersonId(person) && ends(row.kind));
        own.map(|row| row.day.0).min().unwrap_or(N_DAYS)
    }

    /// Every member on every day is looked at.
    #[test]
    fn the_rate_of_quiet_members_is_that_of_looking_at_everyone_every_day() {
        for number in 0..60 {
            let records = random_history(number);
            for quiet_days in [1, 7, 30] {
                let is_exposed = |person: u32, day: u32| {
                    day < last_day(&records, person) && was_reached(&records, person, day, quiet_days)
                };
                let n_exposed = |day: u32| (0..N_PERSONS).filter(|&person| is_exposed(person, day)).count() as u32;
                let served: u32 = (0..N_DAYS).map(|day| N_MEMBERS.saturating_sub(n_exposed(day))).sum();
                let desertions = records.allegiance.rows().filter(|row| row.kind == AllegianceKind::Desertion);
                let n = desertions.filter(|row| !was_reached(&records, row.person.0, row.day.0, quiet_days)).count();
                let rate = desertion_rate(&records, N_DAYS, quiet_days).unwrap();
                let expected = 30.0 * n as f64 / f64::from(served);
                assert!((rate - expected).abs() < 1e-12, "history {number}, {quiet_days} days: {rate}, {expected}");
            }
        }
    }

    #[test]
    fn who_left_with_his_unit_is_no_quiet_leaver() {
        let mut records = random_history(1);
        let (rate, share) = (desertion_rate(&records, N_DAYS, 30), switching_share(&records, 30, 30));
        for (person, kind) in [(1, AllegianceKind::Desertion), (2, AllegianceKind::Defection)] {
            let cause = Some(Cause::WithUnit);
            records.allegiance.push(Allegiance { cause, ..turn(N_PERSONS + person, 3, kind) });
        }
        assert_eq!((desertion_rate(&records, N_DAYS, 30), switching_share(&records, 30, 30)), (rate, share));
    }

    #[test]
    fn a_deserter_switches_if_he_joins_within_the_days_given_and_not_before_he_left() {
        let mut records = Records::default();
        let mut share_with = |person: u32, rows: &[(u32, AllegianceKind)]| {
            for &(day, kind) in rows {
                records.allegiance.push(turn(person, day, kind));
            }
            switching_share(&records, 30, 10).unwrap()
        };
        let (deserts, joins) = (AllegianceKind::Desertion, AllegianceKind::Join);
        assert!((share_with(0, &[(5, AllegianceKind::Defection)]) - 1.0).abs() < 1e-12);
        assert!((share_with(1, &[(1, joins), (5, deserts)]) - 0.5).abs() < 1e-12, "he joined before he left");
        assert!((share_with(2, &[(5, deserts), (15, joins)]) - 2.0 / 3.0).abs() < 1e-12, "on the last day");
        assert!((share_with(3, &[(5, deserts), (16, joins)]) - 0.5).abs() < 1e-12, "a day too late");
        assert!((share_with(4, &[(5, AllegianceKind::Departure)]) - 0.5).abs() < 1e-12, "abroad is neither");
    }

    #[test]
    fn an_exposure_counts_from_its_own_day_for_as_many_days_as_are_given() {
        let is_quiet_on = |day: u32| {
            let mut records = Records::default();
            records.exposures.push(exposure(0, 5));
            records.allegiance.push(turn(0, day, AllegianceKind::Defection));
            switching_share(&records, 3, 10).is_ok()
        };
        let quiet: Vec<u32> = (0..12).filter(|&day| is_quiet_on(day)).collect();
        assert_eq!(quiet, [0, 1, 2, 3, 4, 8, 9, 10, 11]);
    }
}
