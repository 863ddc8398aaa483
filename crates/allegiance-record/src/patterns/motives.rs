//! Patterns C11 and C12: why people join and why they leave.

use crate::patterns::Measured;
use allegiance_model::ids::PersonId;
use allegiance_model::setup::{GroupKind, Setup};
use allegiance_model::tables::{AllegianceKind, Cause, Records};
use std::collections::BTreeSet;

/// C11: of the inhabitants who joined a group other than the state, the share
/// whose heaviest motive is ideology: what they'd name first.
pub(super) fn ideologues_among_joiners(records: &Records, setup: &Setup) -> Measured {
    let joiners: BTreeSet<PersonId> = records
        .allegiance
        .rows()
        .filter(|row| row.kind == AllegianceKind::Join && !row.is_foreign)
        .filter(|row| row.to_group.is_some_and(|group| setup.groups[group.idx()].kind != GroupKind::State))
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

/// C12: of those who left a rebel group, in whatever way, the share for whom
/// the prospects of the war weighed most: "we can't win".
pub(super) fn cannot_win(records: &Records, setup: &Setup) -> Measured {
    let (mut n, mut n_prospects) = (0_u32, 0_u32);
    for row in records.allegiance.rows() {
        let is_rebel = row.group.is_some_and(|group| setup.groups[group.idx()].kind == GroupKind::Rebel);
        if row.kind.is_exit() && is_rebel {
            n += 1;
            n_prospects += u32::from(row.cause == Some(Cause::Prospects));
        }
    }
    if n == 0 { Err("no rebel left".to_owned()) } else { Ok(f64::from(n_prospects) / f64::from(n)) }
}
