//! Who left, once for each time that he left.
//!
//! Somebody who defects and is turned away by the group that he wanted has two
//! rows in the table `allegiance`: the defection that he decided on, with its
//! hazard and cause, and the desertion or departure that it became. It is one
//! exit, and the table `groups` counts it as what it became.

use allegiance_model::ids::PersonId;
use allegiance_model::tables::{Allegiance, AllegianceKind, Outcome, Records};
use std::collections::{BTreeMap, BTreeSet};

/// Everybody who left a group by decision and got away, in the order of the
/// table: each exit once, with the row of its decision and the kind that it
/// became.
pub fn exits(records: &Records) -> Vec<Allegiance> {
    exits_among(records, |_| false)
}

/// The exits as [`exits`] gives them, among rows of some other kinds.
pub fn exits_among(records: &Records, is_wanted: impl Fn(AllegianceKind) -> bool) -> Vec<Allegiance> {
    let mut found: Vec<Allegiance> = Vec::new();
    let mut decision_of: BTreeMap<PersonId, usize> = BTreeMap::new();
    let mut turned_away: BTreeSet<PersonId> = BTreeSet::new();
    for row in records.allegiance.rows() {
        if row.outcome == Some(Outcome::TurnedAway) {
            turned_away.insert(row.person);
        }
        if row.kind.is_exit() {
            let decision = if turned_away.remove(&row.person) { decision_of.get(&row.person) } else { None };
            if let Some(&at) = decision {
                found[at].kind = row.kind;
                continue;
            }
            decision_of.insert(row.person, found.len());
        } else if !is_wanted(row.kind) {
            continue;
        }
        found.push(row);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{exits, exits_among};
    use allegiance_model::ids::PersonId;
    use allegiance_model::tables::{Allegiance, AllegianceKind, Cause, Day, Outcome, Records};

    fn turn(day: u32, person: u32, kind: AllegianceKind, cause: Option<Cause>) -> Allegiance {
        Allegiance { day: Day(day), person: PersonId(person), kind, cause, ..Allegiance::BLANK }
    }

    #[test]
    fn who_is_turned_away_leaves_once_by_his_decision_and_as_what_he_became() {
        let mut records = Records::default();
        let away = Allegiance { outcome: Some(Outcome::TurnedAway), ..turn(2, 1, AllegianceKind::Arrival, None) };
        for row in [
            turn(2, 1, AllegianceKind::Defection, Some(Cause::Material)),
            turn(2, 5, AllegianceKind::Defection, Some(Cause::Belief)),
            away,
            turn(2, 1, AllegianceKind::Desertion, None),
            turn(3, 4, AllegianceKind::Capture, None),
            // Later he serves and leaves again.
            turn(9, 1, AllegianceKind::Departure, Some(Cause::Cohesion)),
        ] {
            records.allegiance.push(row);
        }
        let brief = |rows: Vec<Allegiance>| -> Vec<(u32, AllegianceKind, Option<Cause>)> {
            rows.into_iter().map(|row| (row.person.0, row.kind, row.cause)).collect()
        };
        let expected = [
            (1, AllegianceKind::Desertion, Some(Cause::Material)),
            (5, AllegianceKind::Defection, Some(Cause::Belief)),
            (1, AllegianceKind::Departure, Some(Cause::Cohesion)),
        ];
        assert_eq!(brief(exits(&records)), expected);
        let with_captures = brief(exits_among(&records, |kind| kind == AllegianceKind::Capture));
        assert_eq!(with_captures.len(), 4);
        assert_eq!(with_captures[2], (4, AllegianceKind::Capture, None));
    }
}
