//! Placeholder until the mechanism lands.

use crate::parameters::parameters;

parameters! {
    /// Flight and return of households.
    pub struct DisplacementParameters = "displacement" {
        /// Hazard that a household flees in quiet times.
        flight_per_month: "h_f", "1/month", 0.01 in 0.003..0.03, Judgement, "evidence A14";
        /// Rise of the log-hazard for one civilian death per 1,000 people in the last 30 days.
        deaths_weight: "g_1", "log-hazard", 0.3 in 0.1..0.8, Judgement, "evidence A14";
        /// Factor on the hazard in the week after a ground assault.
        assault_factor: "g_a", "1", 10.0 in 4.0..30.0, Judgement, "evidence A14";
        /// Hazard that a household returns when its place is quiet.
        return_per_month: "h_b", "1/month", 0.06 in 0.02..0.15, Sourced, "evidence A14: Doocy et al. 2015, long spells";
    }
}
