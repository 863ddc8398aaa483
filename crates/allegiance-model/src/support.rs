//! Placeholder until the mechanism lands.

use crate::parameters::parameters;

parameters! {
    /// Support of the civilians of a place for each group.
    pub struct SupportParameters = "support" {
        /// Loss of support for each civilian killed by the group, in a village of 2,000 people.
        loss_per_death: "eta", "log-odds", 0.25 in 0.05..0.6, Judgement, "evidence A5";
        /// Share of that loss forgiven a group of the same constituency.
        in_group_discount: "delta", "share", 0.7 in 0.4..1.0, Sourced, "evidence A5: Lyall, Blair & Imai 2013";
        /// Share of the loss that the rival gains if the perpetrator is of another constituency.
        transfer_out_group: "chi_o", "share", 0.5 in 0.2..0.8, Sourced, "evidence A5: Lyall, Blair & Imai 2013";
        /// Share of the loss that the rival gains if the perpetrator is of the same constituency.
        transfer_in_group: "chi_i", "share", 0.05 in 0.0..0.2, Sourced, "evidence A5: Lyall, Blair & Imai 2013";
        /// Half-life of the loss of support among strangers.
        memory_days: "tau", "d", 30.0 in 14.0..60.0, Sourced, "evidence A5: Condra & Shapiro 2012";
        /// Support for a group in undisputed control.
        governance_bonus: "g", "log-odds", 0.5 in 0.0..1.0, Sourced, "evidence A13: sign from Revkin";
    }
}
