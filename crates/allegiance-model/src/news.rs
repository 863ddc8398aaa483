//! Placeholder until the mechanism lands.

use crate::parameters::parameters;

parameters! {
    /// How an incident reaches people.
    pub struct NewsParameters = "news" {
        /// Probability that kin of the dead hear of it within three days.
        p_call_kin: "p_k", "probability", 0.7 in 0.3..0.9, Judgement, "evidence A4";
        /// Probability that a member hears within a week of an incident in his home village.
        p_village: "p_v", "probability", 0.6 in 0.2..0.9, Judgement, "evidence A4: .3 per tie and day, one hop";
        /// Probability that a member of the attacking force sees civilians killed by his own side.
        p_attacker_sees: "p_s", "probability", 0.3 in 0.05..0.8, Judgement, "no number exists";
        /// Probability that a unit hears the accusation that a rival makes of an incident with civilian dead.
        p_rival_claim: "p_r", "probability", 0.3 in 0.05..0.6, Judgement, "evidence A4: .05 from other villages a day, days to a week";
        /// Probability that a unit hears what outside media say of an incident with civilian dead.
        p_outside_claim: "p_o", "probability", 0.1 in 0.02..0.4, Judgement, "no number exists";
        /// Probability that the command explains away an accusation that its unit heard.
        p_command_denies: "p_d", "probability", 0.8 in 0.3..1.0, Judgement, "source case: commanders had an answer";
        /// Justifications a month by which a command frames its war on other rebels, whatever is said.
        framing_per_month: "n_j", "1/month", 2.0 in 0.0..8.0, Judgement, "no number exists";
        /// Accusations a month that rivals spread about a group of brutality 1 at war with them, apart from single incidents.
        background_accusations_per_month: "n_a", "1/month", 2.0 in 0.0..8.0, Judgement, "no number exists";
    }
}
