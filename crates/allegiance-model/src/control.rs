//! Placeholder until the mechanism lands.

use crate::parameters::parameters;

parameters! {
    /// Control of places.
    pub struct ControlParameters = "control" {
        /// Rate at which control shares move towards the share of forces present.
        relaxation_per_month: "r", "1/month", 0.5 in 0.2..1.0, Judgement, "evidence A13; form after Kalyvas 2006";
        /// Control share that the winner of an assault takes at once.
        capture_share: "c_w", "share", 0.8 in 0.5..1.0, Judgement, "evidence A13: battle jumps";
    }
}
