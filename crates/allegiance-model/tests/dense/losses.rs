//! What units and groups lost of late.

use super::Dense;
use crate::ids::{GroupId, PersonId, UnitId};
use crate::theory::StateEvent;

/// Days for which a loss is remembered.
const LOSS_DAYS: u32 = 30;

impl Dense<'_> {
    /// A member was killed or wounded.
    pub(super) fn note_loss(&mut self, person: PersonId) {
        if let Some(unit) = self.person(person).unit {
            let day = self.day;
            self.units[unit.idx()].losses.push(day);
            for member in self.members(unit) {
                self.note(member, StateEvent::ComradeLost);
            }
        }
    }

    fn n_lost(&self, unit: UnitId) -> usize {
        self.unit(unit).losses.iter().filter(|&&day| self.day - day < LOSS_DAYS).count()
    }

    /// Share of a unit that was killed or wounded.
    pub(super) fn losses_of_unit(&self, unit: UnitId, members: &[PersonId]) -> f64 {
        let n_lost = self.n_lost(unit);
        let n_active = members.iter().filter(|&&person| self.person(person).is_active()).count();
        n_lost as f64 / (n_lost + n_active).max(1) as f64
    }

    /// The same of every group, as of now.
    pub(super) fn count_losses(&mut self) {
        let is_of = |group: GroupId| move |person: &&super::Person| person.group == Some(group) && person.is_active();
        for group in self.group_ids() {
            let units = self.unit_ids().filter(|&unit| self.unit(unit).group == group);
            let n_lost: usize = units.map(|unit| self.n_lost(unit)).sum();
            let n_active = self.people.iter().filter(is_of(group)).count();
            self.groups[group.idx()].losses = n_lost as f64 / (n_lost + n_active).max(1) as f64;
        }
    }
}
