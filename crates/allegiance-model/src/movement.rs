//! Placeholder until the mechanism lands.

use crate::parameters::parameters;

parameters! {
    /// Movement of units between places.
    pub struct MovementParameters = "movement" {
        /// Probability that a unit in a quiet place marches to a threatened place of its side on a day.
        p_reinforce: "p_r", "probability", 0.08 in 0.02..0.3, Judgement, "no number exists";
        /// Distance that a unit marches in a day.
        march_km: "d_r", "km", 40.0 in 15.0..100.0, Judgement, "road vehicles, checkpoints";
    }
}
