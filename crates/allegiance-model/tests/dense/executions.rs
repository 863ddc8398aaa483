//! What a unit remembers of executions of those who tried to leave.

use super::Dense;
use crate::ids::UnitId;
use crate::maths::half_life_factor;
use crate::setup::Mechanism;

impl Dense<'_> {
    /// All units of the group that stand where the executed man's stands know.
    pub(super) fn tell_of_execution(&mut self, unit: UnitId) {
        let (group, place, day) = (self.unit(unit).group, self.unit(unit).place, self.day);
        for other in &mut self.units {
            if other.group == group && other.place == place {
                other.executions_known.push(day);
            }
        }
    }

    /// What known executions count for beside captures.
    pub(super) fn execution_cases(&self, unit: UnitId) -> f64 {
        if !self.runs(Mechanism::Executions) {
            return 0.0;
        }
        let p = &self.world.setup.parameters.executions;
        let fade = |known: f64, days: u32| known * half_life_factor(f64::from(days), p.memory_days);
        let (mut known, mut as_of) = (0.0, 0);
        for &day in &self.unit(unit).executions_known {
            known = fade(known, day - as_of) + 1.0;
            as_of = day;
        }
        p.weight * fade(known, self.day - as_of)
    }
}
