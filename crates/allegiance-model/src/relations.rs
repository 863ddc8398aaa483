//! Placeholder until the mechanism lands.

use crate::parameters::parameters;

parameters! {
    /// Infighting between groups in truce or alliance.
    pub struct RelationParameters = "relations" {
        /// Log-odds a month that two groups start to fight, before the other terms.
        infighting_intercept: "b_0", "log-odds", -5.0 in -7.0..-3.0, Judgement, "evidence A11";
        /// Rise of the log-odds from no to full ideological distance.
        ideology_weight: "b_1", "log-odds", 2.5 in 1.0..4.0, Sourced, "evidence A11: sign from Gade, Hafez & Gabbay 2019";
        /// Rise of the log-odds for one log-unit of difference in size.
        asymmetry_weight: "b_2", "log-odds", 0.5 in 0.0..1.0, Sourced, "evidence A11: sign from Gade, Hafez & Gabbay 2019";
        /// Fall of the log-odds between allies.
        alliance_weight: "b_3", "log-odds", 2.0 in 0.5..4.0, Judgement, "no number exists";
    }
}
