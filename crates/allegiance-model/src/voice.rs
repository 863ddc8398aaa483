//! Placeholder until the mechanism lands.

use crate::parameters::parameters;

parameters! {
    /// Complaints to the commander, answers and settlements.
    pub struct VoiceParameters = "voice" {
        /// Probability that a member of mean conviction complains when his kin were killed by his group.
        p_voice_kin_killed: "v_k", "probability", 0.3 in 0.1..0.6, Judgement, "evidence A6";
        /// The same when his home was attacked but no kin killed.
        p_voice_home_attacked: "v_h", "probability", 0.1 in 0.02..0.3, Judgement, "a third of the case with kin";
        /// Change of the log-odds of a complaint for one unit of conviction before the incident.
        conviction_slope: "v_L", "1", 0.3 in 0.0..1.0, Judgement, "Hirschman 1970: loyalty raises voice";
        /// Change of the log-odds of a complaint from no to full perceived risk.
        fear_slope: "v_f", "1", 1.0 in 0.0..3.0, Judgement, "evidence A6";
        /// Probability that an offer is refused when own kin were killed.
        p_refuse_kin: "s_k", "probability", 0.85 in 0.6..1.0, Judgement, "evidence A6; Ginges et al. 2007 for the sacred";
        /// Probability that an offer is accepted when no kin were killed.
        p_accept_other: "s_o", "probability", 0.6 in 0.3..0.9, Judgement, "evidence A6";
        /// Share of the grievance that an accepted offer removes for six months.
        settled_share: "s_g", "share", 0.2 in 0.05..0.4, Sourced, "evidence A6: Lyall 2016, ACAP II";
        /// Direct evidence against the group of being punished for a complaint.
        punished_evidence: "w_p", "log-odds", 0.8 in 0.2..2.0, Judgement, "two documented paths (evidence A6)";
    }
}
