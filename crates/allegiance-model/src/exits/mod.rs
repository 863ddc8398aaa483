//! Exits: desertion, defection and departure as competing hazards.
//!
//! A theory of exit is the set of blocks that are active; each block has a file
//! of its own in `blocks`, with its form. Nearly every member stays on nearly
//! every day, which `draws` finds out without computing his hazard; `bounds`
//! watches over what it relies on.
//!
//! # Form
//! ```text
//! h_k = h0_k exp(sum of the active blocks)     a month; h0: h_d desertion, h_s defection, h_l departure
//! P(exit today) = day(sum of the h_k)         the kind is drawn in proportion to h_k
//! ```
//!
//! In the blocks `half(t, tau) = 2^(-t / tau)`, and departure takes the ratios of desertion unless a
//! block says otherwise. A leaver may be caught (see deterrence). A defector needs a group at war with
//! his own that has a position within `d_max`; without one he deserts. A foreign deserter leaves the
//! country. When a commander defects and the cascade block is active, he takes his unit along with
//! probability `p_u`; then each member on duty goes with his doubt, `sig(-L)`. The unit learns of an
//! exit after `t_v` days.
//!
//! # Source
//! Nussio & Ugarriza (2021) for the base rate; McLauchlin (2014), Bearman
//! (1991), Costa & Kahn (2003), Oppenheim et al. (2015), Granovetter (1978)
//! for the signs of the blocks; see evidence A7 to A9.

mod blocks;
mod bounds;
mod draws;
mod hazards;
mod leaving;

pub(crate) use blocks::ExitLogs;
pub use blocks::{ActiveBlocks, BLOCKS, Block, N_BLOCKS};
pub use bounds::{Bound, BrokenBound};
pub(crate) use bounds::{BoundWatch, check_claims};
pub(crate) use draws::LowDraws;
pub(crate) use leaving::Leaving;

use crate::model::Model;
use crate::parameters::parameters;
use crate::setup::Mechanism;
use crate::tables::{ExitKind, Standing};

/// Number of kinds of exit.
const N_KINDS: usize = ExitKind::ALL.len();
/// A value for each kind of exit, in the order of [`ExitKind::ALL`].
pub(crate) type PerKind = [f64; N_KINDS];

parameters! {
    /// Hazards of desertion, defection and departure.
    pub struct ExitParameters = "exits" {
        /// Baseline hazard of desertion.
        desertion_per_month: "h_d", "1/month", 0.008 in 0.003..0.02 within 0.0..2.0 off 0.0, Derived, "evidence A7: FARC, Nussio & Ugarriza 2021";
        /// Baseline hazard of defection.
        defection_per_month: "h_s", "1/month", 0.002 in 0.0005..0.008 within 0.0..2.0 off 0.0, Derived, "evidence A7";
        /// Baseline hazard of leaving the country.
        departure_per_month: "h_l", "1/month", 0.001 in 0.0003..0.004 within 0.0..2.0 off 0.0, Judgement, "no number exists for early 2014";
        /// Hazard ratio of leaving for one more unit of conviction.
        conviction_hazard_ratio: "HR_L", "share", 0.45 in 0.3..0.7 within 0.05..1.0 off 1.0, Judgement, "evidence A7";
        /// Hazard ratio of an ideologue against others while the group keeps its word.
        ideologue_odds_kept: "OR_0", "1", 0.6 in 0.4..0.9 off 1.0, Judgement, "evidence A2: sign from Oppenheim et al. 2015";
        /// The same once the group broke it.
        ideologue_odds_broken: "OR_1", "1", 1.7 in 1.2..3.0 off 1.0, Judgement, "evidence A2: sign from Oppenheim et al. 2015";
        /// Motive weight of ideology at which these ratios change nothing.
        ideology_reference: "m_I0", "share", 0.3 in 0.1..0.5, Judgement, "about the mean of members who aren't recruited for it; no number exists";
        /// Motive weight of ideology above that at which they hold in full.
        ideology_span: "s_I", "share", 0.5 in 0.2..0.8, Judgement, "no number exists";
        /// Hazard ratio of desertion after the own group attacked the home place.
        home_attacked_desertion: "HR_hd", "1", 10.0 in 4.0..30.0 off 1.0, Judgement, "evidence A7";
        /// Hazard ratio of defection after the own group attacked the home place.
        home_attacked_defection: "HR_hs", "1", 15.0 in 5.0..40.0 off 1.0, Judgement, "evidence A7";
        /// Half-life of the effect of an attack on the home.
        home_memory_days: "tau_h", "d", 30.0 in 14.0..90.0, Judgement, "evidence A5: memory of strangers";
        /// Hazard ratio of desertion after the own group killed kin.
        kin_killed_desertion: "HR_kd", "1", 4.0 in 2.0..10.0 off 1.0, Judgement, "evidence A7";
        /// Hazard ratio of defection after the own group killed kin.
        kin_killed_defection: "HR_ks", "1", 6.0 in 2.0..15.0 off 1.0, Judgement, "evidence A7";
        /// Half-life of the effect of kin killed.
        kin_memory_days: "tau_k", "d", 730.0 in 365.0..3650.0, Judgement, "evidence A5";
        /// Hazard ratio of desertion while on leave at home.
        leave_desertion: "HR_ld", "1", 3.0 in 2.0..6.0 off 1.0, Judgement, "evidence A7: McLauchlin";
        /// Hazard ratio of defection while on leave at home.
        leave_defection: "HR_ls", "1", 2.0 in 1.0..4.0, Judgement, "evidence A7";
        /// Hazard ratio of desertion of a foreign member.
        foreign_desertion: "HR_fd", "1", 0.5 in 0.2..1.0, Judgement, "evidence A7";
        /// Hazard ratio of defection of a foreign member.
        foreign_defection: "HR_fs", "1", 0.3 in 0.1..0.8 off 1.0, Judgement, "evidence A7";
        /// Hazard ratio of desertion where the own group fully controls the home.
        home_held_desertion: "HR_cd", "1", 0.4 in 0.2..0.8 off 1.0, Judgement, "evidence A7: McLauchlin";
        /// Hazard ratio of defection where the own group fully controls the home.
        home_held_defection: "HR_cs", "1", 0.3 in 0.1..0.8 off 1.0, Judgement, "evidence A7";
        /// Distance within which another group can be reached.
        host_reach_km: "d_max", "km", 20.0 in 5.0..50.0, Judgement, "no number exists";
        /// Fall of the log-hazard from no to certain perceived capture, around the initial perception.
        fear_weight: "F", "log-hazard", 2.0 in 0.5..4.0 off 0.0, Judgement, "evidence A8; Becker 1968";
        /// Fall of the log-hazard for one log-unit of pay above the alternative, at the mean material motive.
        pay_weight: "a_w", "log-hazard", 0.4 in 0.0..0.8, Judgement, "evidence A1, A2";
        /// Monthly income outside.
        alternative_pay_usd: "w_0", "USD/month", 100.0 in 50.0..200.0, Judgement, "evidence B6: minimum wage before the war, halved";
        /// Material motive at which these weights hold as they are; they grow in proportion to the motive.
        material_reference: "m_M0", "share", 0.3 in 0.1..0.5, Judgement, "about the mean of members; no number exists";
        /// Hazard ratio of leaving when the group lost as much of its territory as `decline_share` in 60 days.
        decline_hazard_ratio: "HR_t", "1", 2.0 in 1.3..4.0 off 1.0, Sourced, "evidence A7: sign from FARC";
        /// Share of its territory that a group has to lose for that ratio.
        decline_share: "M_t", "share", 0.25 in 0.1..0.5, Judgement, "no number exists";
        /// Rise of the log-hazard once known exits among ties pass the threshold.
        peer_weight: "b_p", "log-hazard", 1.0 in 0.3..2.0 off 0.0, Judgement, "evidence A9";
        /// Change of the log-hazard for a unit one standard deviation more homogeneous: down where unit and home agree, up where they diverge.
        cohesion_weight: "b_c", "log-hazard", 0.3 in 0.1..0.6 off 0.0, Sourced, "evidence A9: Costa & Kahn 2003, Bearman 1991 for the signs";
        /// Share of a unit from one subdistrict at which homogeneity changes nothing.
        homogeneity_mean: "z_m", "share", 0.5 in 0.3..0.7, Judgement, "no number exists";
        /// Standard deviation of that share between units.
        homogeneity_sd: "z_s", "share", 0.25 in 0.1..0.4, Judgement, "no number exists";
        /// Probability that a commander who defects takes his unit along: those of its members who doubt the group.
        p_commander_takes_unit: "p_u", "probability", 0.4 in 0.1..0.8, Judgement, "evidence A9: whole FSA units moved";
        /// Days until the unit knows of an exit.
        exit_visible_days: "t_v", "d", 1.0 in 1.0..7.0, Judgement, "evidence A9";
        /// Rise of the log-hazard for one log-unit of pay lost against the pay on the first day, at the mean material motive.
        pay_cut_weight: "a_x", "log-hazard", 1.0 in 0.3 .. 2.0 off 0.0, Derived, "evidence A7: pay halved doubles the hazard (1.3-4)";
        /// Fall of the log-hazard from none to certain perceived reprisal on kin, where the own group holds the home, beyond the first perception.
        kin_fear_weight: "K", "log-hazard", 2.0 in 0.0 .. 4.0, Judgement, "evidence A8; McLauchlin 2014";
    }
}

/// Every active member stays or leaves.
#[inline(never)]
pub(crate) fn decide(model: &mut Model<'_>) {
    if !model.runs(Mechanism::Exits) {
        return;
    }
    for decision in draws::decisions(model) {
        if model.people.at(decision.row).standing == Standing::Active {
            leaving::carry_out(model, &decision);
        }
    }
}
