//! Placeholder until the mechanism lands.

use crate::parameters::parameters;

parameters! {
    /// Reprisal against leavers and their kin.
    pub struct ReprisalParameters = "reprisal" {
        /// Hazard that a leaver in reach of the old group is killed by it.
        leaver_per_month: "h_r", "1/month", 0.005 in 0.001..0.02, Judgement, "evidence A8";
        /// Hazard that kin of a leaver who live under the old group are harmed.
        kin_per_month: "h_q", "1/month", 0.003 in 0.0..0.01, Judgement, "evidence A8";
        /// Distance from a place of the old group within which its killers reach.
        reach_km: "d_q", "km", 20.0 in 5.0..60.0, Judgement, "no number exists";
    }
}
