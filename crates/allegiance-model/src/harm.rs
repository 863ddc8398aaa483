//! Placeholder until the mechanism lands.

use crate::parameters::parameters;

parameters! {
    /// Harm to civilians.
    pub struct HarmParameters = "harm" {
        /// Civilians killed for each fighter killed in an assault on a place.
        civilians_per_fighter_killed: "c_f", "1", 0.15 in 0.05..0.4, Derived, "evidence A12: 12-17% of the dead in January 2014";
        /// How much an attacker of brutality 1 raises civilian deaths above one of brutality 0, around the mean of 0.5.
        brutality_weight: "c_b", "log", 1.0 in 0.0..2.0, Judgement, "no number exists";
        /// Probability that the next civilian killed is of the same household as the last.
        p_same_household: "p_hh", "probability", 0.4 in 0.1..0.7, Judgement, "families die together in houses; no number exists";
        /// Civilians killed selectively a month, per 100,000 people, by a group of brutality 1 where control is contested most.
        repression_per_month: "r_r", "1/month", 4.0 in 1.0..15.0, Judgement, "evidence A13 for the shape (Kalyvas 2006); size after evidence B8";
        /// Mean civilians killed by a strike.
        civilians_per_strike: "c_s", "persons", 3.0 in 1.0..8.0, Judgement, "no clean number for January 2014";
        /// Mean members killed by a strike, if there are any in the place.
        fighters_per_strike: "c_m", "persons", 0.7 in 0.2..3.0, Judgement, "no clean number for January 2014";
    }
}
