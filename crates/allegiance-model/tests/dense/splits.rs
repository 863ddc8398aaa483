//! Commanders who found a group of their own.

use super::Dense;
use crate::ids::{GroupId, PersonId, UnitId};
use crate::maths::{daily_probability, exp};
use crate::random::Purpose;
use crate::setup::Mechanism;

impl Dense<'_> {
    /// On the last day of each week.
    pub(super) fn split(&mut self) {
        if !self.runs(Mechanism::Splits) || self.day % 7 != 6 {
            return;
        }
        for new_group in self.group_ids().filter(|group| self.world.setup.groups[group.idx()].members == 0) {
            if let Some(parent) = self.parent(new_group) {
                for unit in self.unit_ids().filter(|&unit| self.unit(unit).group == parent).collect::<Vec<_>>() {
                    self.break_away(unit, new_group);
                }
            }
        }
    }

    fn parent(&self, new_group: GroupId) -> Option<GroupId> {
        let can_be = |&group: &GroupId| {
            group != new_group && self.n_active_of(group) > 0 && self.share_constituency(group, new_group)
        };
        let candidates: Vec<GroupId> = self.group_ids().filter(can_be).collect();
        candidates.into_iter().min_by(|&a, &b| self.distance(a, new_group).total_cmp(&self.distance(b, new_group)))
    }

    fn break_away(&mut self, unit: UnitId, new_group: GroupId) {
        let p = &self.world.setup.parameters.splits;
        let doubts = |person: PersonId| self.conviction(person) < 0.0;
        let members = self.active_members(unit);
        let leads = |commander: PersonId| members.contains(&commander) && doubts(commander);
        if !self.unit(unit).commander.is_some_and(leads) {
            return;
        }
        let doubters: Vec<PersonId> = members.iter().copied().filter(|&person| doubts(person)).collect();
        let exists = self.groups[new_group.idx()].is_alive;
        let share = doubters.len() as f64 / members.len() as f64;
        let hazard = p.per_month * exp(p.doubt_weight * (share - 0.5));
        let breaks = self.draws.chance(
            daily_probability(hazard * 7.0),
            Purpose::Split,
            unit.0,
            self.day,
            u32::from(new_group.0),
        );
        if breaks && (exists || doubters.len() as f64 >= self.world.setup.scaled_down(p.founders)) {
            self.groups[new_group.idx()].is_alive = true;
            self.hand_over(unit, new_group, doubters);
        }
    }
}
