//! Placeholder until the mechanism lands.

use crate::parameters::parameters;

parameters! {
    /// Joining of men aged 15 to 40.
    pub struct JoiningParameters = "joining" {
        /// Baseline hazard of joining one reachable group.
        per_month: "h_0", "1/month", 0.002 in 0.0005..0.005, Judgement, "evidence A1";
        /// Rise of the log-hazard from none to all of the men of the clan inside the group.
        ties_weight: "a_s", "log-hazard", 2.0 in 1.0..3.0, Judgement, "evidence A1: Humphreys & Weinstein 2008 for the direction";
        /// Rise of the log-hazard from no to full control of the home by the group.
        control_weight: "a_c", "log-hazard", 1.5 in 0.7..2.5, Judgement, "evidence A1: Arjona & Kalyvas for the direction";
        /// Rise of the log-hazard for one unit of victory momentum.
        momentum_weight: "a_p", "log-hazard", 4.0 in 2.0..8.0, Judgement, "evidence A1";
        /// Half-life of victory momentum.
        momentum_days: "tau_p", "d", 30.0 in 10.0..90.0, Judgement, "evidence A1";
        /// Rise of the log-hazard for one log-unit of pay above the reference.
        pay_weight: "a_w", "log-hazard", 0.4 in 0.0..0.8, Judgement, "evidence A1";
        /// Rise of the log-hazard after an enemy of the group killed people of the clan.
        revenge_weight: "a_r", "log-hazard", 1.2 in 0.5..2.0, Judgement, "evidence A1: direction";
        /// Half-life of the wish for revenge.
        revenge_days: "tau_r", "d", 500.0 in 365.0..730.0, Judgement, "evidence A1: 1-2 years";
        /// Rise of the log-hazard for one unit of support for the group in the place.
        support_weight: "a_B", "log-hazard", 0.3 in 0.0..0.6, Judgement, "evidence A1: ideology secondary";
        /// Distance within which a man can reach a group.
        reach_km: "d_j", "km", 15.0 in 5.0..40.0, Judgement, "no number exists";
        /// Foreign recruits as a share of all who join a group with foreign members.
        foreign_share_of_inflow: "f_i", "share", 0.2 in 0.1..0.3, Judgement, "evidence A1: about a fifth";
        /// Fall of the log-hazard for a group that is in reach but has no control in the place.
        distance_weight: "a_d", "log-hazard", 1.5 in 0.5..3.0, Judgement, "no number exists";
    }
}
