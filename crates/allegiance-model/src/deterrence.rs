//! Placeholder until the mechanism lands.

use crate::parameters::parameters;

parameters! {
    /// Capture of leavers, and what members learn of it.
    pub struct DeterrenceParameters = "deterrence" {
        /// Probability of being caught leaving a place under full control of the own group.
        p_capture_deep: "p_0", "probability", 0.25 in 0.1..0.5, Judgement, "evidence A8";
        /// Probability of being caught leaving a place where the own group has no control.
        p_capture_home: "p_1", "probability", 0.05 in 0.01..0.15, Judgement, "evidence A8";
        /// Perceived probability of being caught before any case is known.
        perceived_risk: "p_hat", "probability", 0.5 in 0.3..0.8, Judgement, "evidence A8";
        /// Number of cases that the initial perception counts for.
        perceived_weight: "n_hat", "1", 10.0 in 2.0..40.0, Judgement, "Beta-Bernoulli learning (evidence A8)";
        /// Weight of a known capture relative to a known success.
        execution_visibility: "x_hat", "1", 10.0 in 5.0..20.0, Judgement, "evidence A8: availability";
        /// Probability that a caught foreign member is executed.
        p_execute_foreign: "x_fo", "probability", 0.7 in 0.3..0.9, Judgement, "evidence A8";
        /// Probability that a caught local member is executed.
        p_execute_local: "x_lo", "probability", 0.4 in 0.3..0.9, Judgement, "evidence A8";
        /// Days that a caught member who is spared is held.
        detention_days: "t_d", "d", 30.0 in 7.0..90.0, Judgement, "no number exists";
    }
}
