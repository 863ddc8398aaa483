//! Patterns of why people join and why they leave.

use crate::exits::exits;
use crate::patterns::Measured;
use allegiance_model::ids::{GroupId, PersonId};
use allegiance_model::tables::{AllegianceKind, Cause, Records};
use std::collections::BTreeSet;

/// Of the inhabitants who joined one of the groups, the share whose heaviest
/// motive is ideology: what they'd name first.
pub(super) fn ideology_first(records: &Records, groups: &[GroupId]) -> Measured {
    let joiners: BTreeSet<PersonId> = records
        .allegiance
        .rows()
        .filter(|row| row.kind == AllegianceKind::Join && !row.is_foreign)
        .filter(|row| row.to_group.is_some_and(|group| groups.contains(&group)))
        .map(|row| row.person)
        .collect();
    let (mut n, mut n_ideologues) = (0_u32, 0_u32);
    for person in records.persons.rows().filter(|person| joiners.contains(&person.person)) {
        n += 1;
        let is_first = person.motive_ideology > person.motive_material && person.motive_ideology > person.motive_social;
        n_ideologues += u32::from(is_first);
    }
    if n == 0 { Err("nobody joined".to_owned()) } else { Ok(f64::from(n_ideologues) / f64::from(n)) }
}

/// Of the exits from one of the groups, in whatever way, the share on whom the
/// prospects of the war weighed most: "we can't win".
pub(super) fn prospects_first(records: &Records, groups: &[GroupId]) -> Measured {
    let (mut n, mut n_prospects) = (0_u32, 0_u32);
    for row in exits(records) {
        if row.group.is_some_and(|group| groups.contains(&group)) {
            n += 1;
            n_prospects += u32::from(row.cause == Some(Cause::Prospects));
        }
    }
    if n == 0 { Err("nobody left these groups".to_owned()) } else { Ok(f64::from(n_prospects) / f64::from(n)) }
}
