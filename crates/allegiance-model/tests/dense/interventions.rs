//! What the levers on a group do.

use super::Dense;
use crate::ids::GroupId;
use crate::maths::ln;
use crate::setup::Lever;

impl Dense<'_> {
    pub(super) fn lever(&self, lever: Lever, group: GroupId) -> f64 {
        self.groups[group.idx()].levers[lever as usize]
    }

    /// What radio adds to the log-hazard of desertion.
    pub(super) fn radio(&self, group: GroupId) -> f64 {
        let full = ln(self.world.setup.parameters.interventions.radio_hazard_ratio.max(1e-9));
        self.lever(Lever::Radio, group).clamp(0.0, 1.0) * full
    }

    /// A factor that moves from 1 to `full` as safe passage goes from 0 to 1.
    pub(super) fn safe_passage(&self, group: GroupId, full: f64) -> f64 {
        1.0 - self.lever(Lever::SafePassage, group).clamp(0.0, 1.0) * (1.0 - full)
    }

    /// Pay of local members as far as it is covered, stipends included, US dollars
    /// a month.
    pub(super) fn pay_usd(&self, group: GroupId) -> f64 {
        let of = &self.groups[group.idx()];
        of.pay_usd * of.paid_share + self.lever(Lever::Stipend, group).max(0.0)
    }
}
