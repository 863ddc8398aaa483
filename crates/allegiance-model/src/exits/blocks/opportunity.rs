//! The chance to go: on leave at home, under whose control the home is, the
//! foreigner's lack of a home to go to, and radio that calls members home.
//!
//! # Form
//! ```text
//! with a home in the region     desertion  ln HR_ld [on leave] + ln HR_cd C(home) + x ln m_r
//!                               defection  ln HR_ls [on leave] + ln HR_cs C(home)
//! foreign                       desertion  ln HR_fd + x ln m_r
//!                               defection  ln HR_fs
//! ```
//!
//! with `C(home)` his group's control of his home and `x` the setting of radio, which moves desertion
//! and not departure. For the foreign the rest of departure is 0; for members from outside who aren't
//! foreign all but radio is.
//!
//! # Source
//! McLauchlin (2014); evidence A7 and A15.

use super::{BlockBound, BlockRules, BlockWords, DayLimit, Member, Prepared, log};
use crate::exits::{N_KINDS, PerKind};
use crate::interventions;
use crate::model::Model;
use crate::muster::is_on_leave;
use crate::parameters::{Parameters, parameters};
use crate::setup::ExitTheory;
use crate::tables::ExitKind;

parameters! {
    /// The chance to go, as a block of the hazard of exit.
    pub struct OwnParameters = "exits" {
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
    }
}

pub(crate) const BLOCK: BlockRules = BlockRules {
    words: BlockWords {
        meaning: "The chance to go.",
        moved_by: "leave at home, whose control the home is under, no home to go to, radio",
        factor: "opportunity",
        towards: "a chance to get away",
        against: "little chance to get away",
        factor_explained: None,
    },
    theories: &[ExitTheory::KinAndHome, ExitTheory::ControlAndFear, ExitTheory::Full],
    value,
    bound: BlockBound {
        // Control of the home may fall at any time, which nobody is told; then
        // it no longer holds him.
        until_touched: |model, member| {
            if model.people.at(member.row).home.is_none() {
                return value(model, member);
            }
            let radio = interventions::radio(model, member.group).max(0.0);
            logs(model).home_held.map(|log| log.max(0.0) + radio)
        },
        today: |model, _| {
            let most = logs(model).leave.iter().fold(0.0, |most: f64, &log| most.max(log));
            DayLimit { on_duty: 0.0, on_leave: most }
        },
        ..BlockBound::NEVER_ABOVE_ZERO
    },
};

fn value(model: &Model<'_>, member: Member) -> PerKind {
    let state = model.people.at(member.row);
    let mut radio = [0.0; N_KINDS];
    radio[ExitKind::Desertion as usize] = interventions::radio(model, member.group);
    let Some(home) = state.home else {
        let foreign = if state.is_foreign { logs(model).foreign } else { [0.0; N_KINDS] };
        return std::array::from_fn(|kind| foreign[kind] + radio[kind]);
    };
    let held = model.places.share(home, member.group);
    let on_leave = f64::from(u8::from(is_on_leave(model, member.row)));
    let OwnPrepared { leave, home_held, .. } = logs(model);
    std::array::from_fn(|kind| leave[kind] * on_leave + home_held[kind] * held + radio[kind])
}

fn logs<'m>(model: &'m Model<'_>) -> &'m OwnPrepared {
    &model.world.of_blocks.opportunity
}

/// Logarithms of the hazard ratios.
#[derive(Debug, Clone)]
pub(crate) struct OwnPrepared {
    leave: PerKind,
    home_held: PerKind,
    foreign: PerKind,
}

impl Prepared for OwnPrepared {
    fn of(all: &Parameters) -> Self {
        let p = &all.exits.blocks.opportunity;
        let chance = |desertion: f64, defection: f64| [log(desertion), log(defection), log(desertion)];
        Self {
            leave: chance(p.leave_desertion, p.leave_defection),
            home_held: chance(p.home_held_desertion, p.home_held_defection),
            foreign: [log(p.foreign_desertion), log(p.foreign_defection), 0.0],
        }
    }
}
