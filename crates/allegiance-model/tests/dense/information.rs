//! What a newcomer tells of the unit that he left.

use super::Dense;
use super::operations::Side;
use crate::ids::{GroupId, PersonId};
use crate::maths::{exp, half_life_factor};
use crate::setup::{Mechanism, RelationKind};

impl Dense<'_> {
    /// What a group's strength is multiplied by for what it knows of the other side.
    pub(super) fn advantage(&self, group: GroupId, against: &Side) -> f64 {
        if !self.runs(Mechanism::Information) || against.engaged.is_empty() {
            return 1.0;
        }
        let p = &self.world.setup.parameters.information;
        let worth = |&person: &PersonId| {
            let told = self.unit(self.unit_of(person)).told_of.iter();
            let last =
                told.filter(|&&(to, _)| self.relation(group, to) == RelationKind::Alliance).map(|&(_, day)| day).max();
            last.map_or(0.0, |day| half_life_factor(f64::from(self.day - day), p.memory_days))
        };
        let known: f64 = against.engaged.iter().map(worth).sum();
        exp(p.weight * known / against.engaged.len() as f64)
    }
}
