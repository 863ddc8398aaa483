//! Placeholder until the mechanism lands.

use crate::parameters::parameters;

parameters! {
    /// The choice of operations.
    pub struct OperationParameters = "operations" {
        /// Distance within which a group can attack from its positions and gather units.
        reach_km: "d_o", "km", 20.0 in 10.0..40.0, Judgement, "evidence A12 gives no distances";
        /// Assaults a month on one reachable enemy place where the attackers expect even odds.
        attacks_per_month: "r_o", "1/month", 1.2 in 0.3..4.0, Judgement, "order of 10 assaults a day in the region for the deaths of evidence B4 at the losses of A12";
        /// How steeply the rate of assault rises with the log-odds of winning.
        odds_slope: "k_o", "1", 1.0 in 0.3..2.0, Judgement, "no number exists";
        /// Attackers per effective defender that a group gathers if it can.
        force_ratio_sought: "n_o", "1", 3.0 in 1.5..5.0, Sourced, "3:1 rule of a prepared attack (evidence A12)";
        /// Probability that an allied unit in reach joins an assault.
        p_join_ally: "p_a", "probability", 0.3 in 0.0..0.8, Judgement, "no number exists; joint operations among rebels were common (Gade et al. 2019)";
    }
}
