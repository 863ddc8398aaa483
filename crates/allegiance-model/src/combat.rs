//! Placeholder until the mechanism lands.

use crate::parameters::parameters;

parameters! {
    /// The outcome of an assault.
    pub struct CombatParameters = "combat" {
        /// Exponent of the contest success function.
        decisiveness: "m", "1", 1.5 in 1.0..2.5, Judgement, "evidence A12; Tullock 1980, Hirshleifer 1989";
        /// Fighting value of a defender in built-up ground relative to an attacker.
        defender_multiplier: "d", "1", 2.5 in 1.5..4.0, Sourced, "3:1 rule (evidence A12)";
        /// Fighting value of a member in his home place relative to elsewhere.
        home_multiplier: "h", "1", 1.2 in 1.0..1.5, Judgement, "evidence A12";
        /// Mean share of the winning side killed in an assault.
        killed_share_winner: "f_w", "share", 0.03 in 0.01..0.08, Judgement, "evidence A12: Dupuy-type losses, from memory";
        /// Mean share of the losing side killed in an assault.
        killed_share_loser: "f_l", "share", 0.08 in 0.03..0.2, Judgement, "evidence A12: McQuie 1987, from memory";
        /// Concentration of the beta distribution of loss shares.
        loss_concentration: "k_f", "1", 20.0 in 8.0..60.0, Judgement, "no number exists";
        /// Loss share at which a side breaks off; losses in one assault are capped there.
        break_share: "b", "share", 0.15 in 0.07..0.3, Judgement, "evidence A12: most units quit below 10-20% loss";
        /// Wounded for each killed.
        wounded_per_killed: "w", "1", 3.0 in 2.0..5.0, Sourced, "evidence A12: classic 3:1, field conditions 2.5-4";
        /// Probability that a wounded member dies of his wounds.
        p_death_of_wounds: "p_dw", "probability", 0.1 in 0.05..0.2, Judgement, "evidence A12";
        /// Mean days until a wounded member returns to duty.
        recovery_days: "t_w", "d", 45.0 in 20.0..90.0, Judgement, "evidence A12: half back in 45 days";
        /// Mean share of the losing side taken prisoner.
        captured_share_loser: "f_c", "share", 0.05 in 0.01..0.2, Judgement, "no number exists";
        /// Share of a losing side without a line of retreat taken prisoner.
        captured_share_cut_off: "f_o", "share", 0.3 in 0.1..0.8, Judgement, "no number exists";
        /// Odds ratio of execution for a foreign prisoner.
        execution_foreign_factor: "x_f", "1", 2.0 in 1.0..5.0, Judgement, "evidence A8: 34 foreign prisoners shot by 7 Jan 2014";
        /// Mean days until a prisoner is exchanged or freed.
        detention_days: "t_p", "d", 60.0 in 15.0..180.0, Judgement, "no number exists";
    }
}
