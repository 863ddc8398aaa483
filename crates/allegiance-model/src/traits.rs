//! Placeholder until the mechanism lands.

use crate::parameters::parameters;

parameters! {
    /// Traits that a person keeps for life.
    pub struct TraitParameters = "traits" {
        /// Concentration of the distribution of motive mixes around the mean of the group.
        dirichlet_concentration: "a", "1", 4.0 in 2.0..10.0, Judgement, "evidence A2";
        /// Mean motive weight of ideology of foreign members.
        foreign_motive_ideology: "m_I", "share", 0.6 in 0.4..0.8, Judgement, "evidence A2: direction from Mironova, Mrie & Whitt 2014";
        /// Mean motive weight of pay of foreign members; the rest is social.
        foreign_motive_material: "m_M", "share", 0.15 in 0.05..0.3, Judgement, "evidence A2";
        /// Mean share of known exits among ties at which a person follows.
        threshold_mean: "theta", "share", 0.25 in 0.1..0.5, Judgement, "evidence A9; Granovetter 1978";
        /// Standard deviation of that threshold between persons.
        threshold_sd: "sd_theta", "share", 0.15 in 0.05..0.25, Judgement, "evidence A9";
    }
}
