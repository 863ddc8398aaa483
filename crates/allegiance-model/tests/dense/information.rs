//! What a newcomer tells of the unit that he left.

use super::Dense;
use super::operations::Side;
use crate::ids::{GroupId, PersonId};
use crate::maths::exp;
use crate::setup::Mechanism;

impl Dense<'_> {
    /// What a group's strength is multiplied by for what it knows of the other side.
    pub(super) fn advantage(&self, group: GroupId, against: &Side) -> f64 {
        if !self.runs(Mechanism::Information) || against.engaged.is_empty() {
            return 1.0;
        }
        let p = &self.world.setup.parameters.information;
        let is_known = |&person: &PersonId| {
            let told = &self.unit(self.unit_of(person)).told_of;
            told.iter().any(|&(to, day)| to == group && f64::from(self.day - day) < p.days)
        };
        let n_known = against.engaged.iter().filter(|person| is_known(person)).count();
        exp(p.weight * n_known as f64 / against.engaged.len() as f64)
    }
}
