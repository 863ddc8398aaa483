//! Placeholder until the mechanism lands.

use crate::parameters::parameters;

parameters! {
    /// Leave of members at home, by rota.
    pub struct LeaveParameters = "leave" {
        /// Share of local members who are on leave at any time.
        share_on_leave: "l", "share", 0.1 in 0.03..0.2, Judgement, "evidence A17: 10% on leave";
        /// Length of one leave.
        days: "d_l", "d", 7.0 in 3.0..21.0, Judgement, "no number exists";
    }
}
