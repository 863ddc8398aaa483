//! Groups that pass to a stronger ally.

use super::Dense;
use crate::ids::{GroupId, PersonId};
use crate::maths::{daily_probability, exp, ln};
use crate::random::Purpose;
use crate::setup::{Mechanism, RelationKind};

impl Dense<'_> {
    /// On the last day of each week.
    pub(super) fn absorb(&mut self) {
        if !self.runs(Mechanism::Absorption) || self.day % 7 != 6 {
            return;
        }
        for group in self.group_ids() {
            if let Some(ally) = self.absorbing_ally(group) {
                for unit in self.unit_ids().filter(|&unit| self.unit(unit).group == group).collect::<Vec<_>>() {
                    let members = self.active_members(unit);
                    if !members.is_empty() {
                        self.hand_over(unit, ally, members);
                    }
                }
            }
        }
    }

    fn absorbing_ally(&self, group: GroupId) -> Option<GroupId> {
        let p = &self.world.setup.parameters.absorption;
        let size = |group: GroupId| self.n_active_of(group);
        let (mut allies, mut total) = (Vec::new(), 0.0);
        for ally in self.group_ids() {
            let is_ally = self.relation(group, ally) == RelationKind::Alliance
                && !self.fight_anywhere(group, ally)
                && self.share_constituency(group, ally)
                && self.groups[ally.idx()].is_alive
                && size(group) > 0
                && size(ally) > size(group);
            if is_ally {
                let log_ratio = ln(size(ally) as f64 / size(group) as f64);
                let hazard =
                    p.per_month * exp(p.size_weight * log_ratio - p.cause_distance * self.distance(group, ally));
                allies.push((ally, hazard));
                total += hazard;
            }
        }
        let u = self.draws.uniform(Purpose::Absorption, u32::from(group.0), self.day, 0);
        let p_any = daily_probability(total * 7.0);
        if u >= p_any {
            return None;
        }
        let mut at = u / p_any * total;
        for &(ally, hazard) in &allies {
            if at < hazard {
                return Some(ally);
            }
            at -= hazard;
        }
        Some(allies.last()?.0)
    }

    /// The members of a unit on duty or on leave, in the order in which they came.
    pub(super) fn active_members(&self, unit: crate::ids::UnitId) -> Vec<PersonId> {
        self.members(unit).into_iter().filter(|&person| self.person(person).is_active()).collect()
    }
}
