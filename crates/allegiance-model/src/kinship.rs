//! Placeholder until the mechanism lands.

use crate::parameters::parameters;

parameters! {
    /// Households, clans and the marriage ties between places.
    pub struct KinshipParameters = "kinship" {
        /// Mean number of people in a household.
        household_size: "n_h", "persons", 6.2 in 5.0..8.0, Sourced, "Idlib census 2004: mean household 6.2 (evidence A4)";
        /// Mean number of people in a clan.
        clan_size: "n_c", "persons", 250.0 in 100.0..500.0, Judgement, "evidence A4: villages hold 3-10 large families of 100-600 people";
        /// Probability that a household is tied by marriage to a clan of another place.
        p_marriage_tie: "p_m", "probability", 0.2 in 0.1..0.4, Judgement, "evidence A4: 10-25% of households";
        /// Distance over which marriage ties between places thin out to 1/e.
        marriage_distance_km: "d_m", "km", 15.0 in 5.0..40.0, Judgement, "no number exists; ties stay mostly within the district";
    }
}
