//! Placeholder until the mechanism lands.

use crate::parameters::parameters;

parameters! {
    /// Arrival at a new side, and suspicion.
    pub struct ArrivalParameters = "arrival" {
        /// Suspicion of a former voluntary fighter on arrival.
        suspicion_voluntary: "S_0", "probability", 0.8 in 0.6..0.95, Judgement, "evidence A10: ordering from Kao & Revkin 2021";
        /// Time in which suspicion falls to 1/e.
        suspicion_months: "tau_s", "month", 18.0 in 6.0..60.0, Judgement, "evidence A10";
        /// Factor on suspicion for a wound in the service of the new side.
        wound_discount: "s_w", "share", 0.5 in 0.3..0.9, Judgement, "evidence A10";
        /// Factor on suspicion for kin killed by the old group.
        kin_killed_discount: "s_k", "share", 0.5 in 0.3..0.9, Judgement, "evidence A10";
        /// Factor on suspicion for a voucher by kin or co-villager.
        voucher_discount: "s_v", "share", 0.6 in 0.4..0.9, Judgement, "evidence A10";
        /// Probability that a co-villager with a voucher is taken in.
        p_accept_voucher: "p_av", "probability", 0.85 in 0.6..1.0, Judgement, "evidence A10";
        /// Probability that a stranger is taken in.
        p_accept_stranger: "p_as", "probability", 0.4 in 0.1..0.7, Judgement, "evidence A10: Faylaq al-Sham 2016";
        /// Suspicion above which a newcomer is watched.
        watched_above: "S_w", "probability", 0.3 in 0.2..0.6, Judgement, "no number exists";
        /// Hazard that a newcomer of suspicion 1 is arrested.
        arrest_per_month: "h_a", "1/month", 0.03 in 0.0..0.1, Judgement, "no number exists";
    }
}
