//! Ties of a member: his kin in groups, and whom his unit is made of.

use crate::ids::{ClanId, GroupId, Row, UnitId};
use crate::model::Model;

/// Members of a person's clan in the groups that are meant, the dead excluded.
pub(super) fn kin_of(model: &Model<'_>, row: Row, is_meant: impl Fn(GroupId) -> bool) -> f64 {
    let Some(clan) = model.people.at(row).clan else {
        // He who has no clan in the region is his own.
        return if model.people.at(row).group.is_some_and(is_meant) { 1.0 } else { 0.0 };
    };
    let counts = model.people.members_of_clan(clan);
    let meant = model.groups.ids().filter(|&group| is_meant(group));
    meant.map(|group| f64::from(counts[group.idx()])).sum()
}

/// The same of one group.
pub(super) fn kin_in(model: &Model<'_>, row: Row, group: GroupId) -> f64 {
    let person = model.people.at(row);
    match person.clan {
        Some(clan) => f64::from(model.people.members_of_clan(clan)[group.idx()]),
        None if person.group == Some(group) => 1.0,
        None => 0.0,
    }
}

/// Whom a unit is made of.
#[derive(Debug)]
pub(super) struct Shares<'m> {
    model: &'m Model<'m>,
    unit: UnitId,
}

/// Whom a unit is made of, the wounded and captured included.
pub(super) fn shares_of_unit<'m>(model: &'m Model<'_>, unit: UnitId) -> Shares<'m> {
    Shares { model, unit }
}

impl Shares<'_> {
    fn share(&self, is_meant: impl Fn(Row) -> bool) -> f64 {
        let members = &self.model.units.at(self.unit).members;
        members.iter().filter(|&&row| is_meant(row)).count() as f64 / members.len().max(1) as f64
    }

    /// Share that is foreign.
    pub(super) fn foreign(&self) -> f64 {
        self.share(|row| self.model.people.at(row).is_foreign)
    }

    /// Share that was made to join.
    pub(super) fn forced(&self) -> f64 {
        self.share(|row| self.model.people.mind(row).is_forced)
    }

    /// Share that is of a clan.
    pub(super) fn of_clan(&self, clan: Option<ClanId>) -> f64 {
        self.share(|row| clan.is_some() && self.model.people.at(row).clan == clan)
    }
}
