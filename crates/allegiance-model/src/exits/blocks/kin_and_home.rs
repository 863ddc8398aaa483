//! Harm by the own group to home and kin, fading.
//!
//! # Form
//! ```text
//! desertion     e (ln HR_hd half(t_h, tau_h) + ln HR_kd half(t_k, tau_k))
//! defection     e (ln HR_hs half(t_h, tau_h) + ln HR_ks half(t_k, tau_k))
//! ```
//!
//! with `t_h` and `t_k` the days since his group attacked his home and killed his kin; a part is 0 where
//! it never did. `e` is 1, or `1 - s_g` while a complaint is settled (see voice). No ratio counts for
//! less than 1: harm keeps nobody from leaving.
//!
//! # Source
//! Evidence A5 and A7.

use super::{BlockBound, BlockRules, BlockWords, Prepared};
use crate::exits::{N_KINDS, PerKind};
use crate::ids::IncidentId;
use crate::maths::{half_life_factor, ln};
use crate::model::Model;
use crate::parameters::{Parameters, parameters};
use crate::setup::ExitTheory;

parameters! {
    /// Harm to home and kin, as a block of the hazard of exit.
    pub struct OwnParameters = "exits" {
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
    }
}

pub(crate) const BLOCK: BlockRules = BlockRules {
    words: BlockWords {
        meaning: "Harm to kin and home.",
        moved_by: "harm by the own group to home and kin, fading; eased by a settlement",
        factor: "kin and home",
        towards: "harm done to kin and home",
        against: "peace for kin and home",
        factor_explained: None,
    },
    theories: &[ExitTheory::KinAndHome, ExitTheory::Full],
    value: |model, member| {
        let grievance = model.people.mind(member.row).grievance;
        if grievance.home_attacked.is_none() && grievance.kin_killed.is_none() {
            return [0.0; N_KINDS];
        }
        let all = &model.world.setup.parameters;
        let left = |since: Option<(u32, IncidentId)>, half_life_days: f64| {
            since.map_or(0.0, |(day, _)| half_life_factor(f64::from(model.day - day), half_life_days))
        };
        let eased = if grievance.settled_until > model.day { 1.0 - all.voice.settled_share } else { 1.0 };
        let home = eased * left(grievance.home_attacked, all.exits.blocks.kin_and_home.home_memory_days);
        let kin = eased * left(grievance.kin_killed, all.exits.blocks.kin_and_home.kin_memory_days);
        logs(model).of_harm(home, kin)
    },
    bound: BlockBound {
        // Before any fading or settlement.
        until_touched: |model, member| {
            let grievance = model.people.mind(member.row).grievance;
            let whole = |since: Option<_>| if since.is_some() { 1.0 } else { 0.0 };
            logs(model).of_harm(whole(grievance.home_attacked), whole(grievance.kin_killed))
        },
        ..BlockBound::NEVER_ABOVE_ZERO
    },
};

fn logs<'m>(model: &'m Model<'_>) -> &'m OwnPrepared {
    &model.world.of_blocks.kin_and_home
}

/// Logarithms of the hazard ratios; harm can't keep anybody from leaving.
#[derive(Debug, Clone)]
pub(crate) struct OwnPrepared {
    home_attacked: PerKind,
    kin_killed: PerKind,
}

impl Prepared for OwnPrepared {
    fn of(all: &Parameters) -> Self {
        let p = &all.exits.blocks.kin_and_home;
        let harm = |desertion: f64, defection: f64| {
            let (desertion, defection) = (ln(desertion.max(1.0)), ln(defection.max(1.0)));
            [desertion, defection, desertion]
        };
        Self {
            home_attacked: harm(p.home_attacked_desertion, p.home_attacked_defection),
            kin_killed: harm(p.kin_killed_desertion, p.kin_killed_defection),
        }
    }
}

impl OwnPrepared {
    fn of_harm(&self, home: f64, kin: f64) -> PerKind {
        std::array::from_fn(|kind| self.home_attacked[kind] * home + self.kin_killed[kind] * kin)
    }
}
