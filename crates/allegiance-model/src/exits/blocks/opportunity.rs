//! The chance to go: on leave at home, under whose control the home is, the
//! foreigner's lack of a home to go to, and radio that calls members home.
//!
//! # Form
//! `ln HR_l [on leave] + ln HR_c c_home + c_radio ln m_r`, radio on desertion
//! alone; `ln HR_f` for the foreign. Departure counts as desertion, but for
//! the foreign.
//!
//! # Source
//! McLauchlin (2014); evidence A7 and A15.

use super::{Block, BlockBound, DayLimit, Member, log};
use crate::exits::{ExitParameters, N_KINDS, PerKind};
use crate::interventions;
use crate::model::Model;
use crate::muster::is_on_leave;
use crate::tables::{Cause, ExitKind};

pub(super) const BLOCK: Block = Block {
    cause: Cause::Opportunity,
    moved_by: "leave, control of the home, radio",
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
    column: |row| &mut row.block_opportunity,
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
    let Logs { leave, home_held, .. } = logs(model);
    std::array::from_fn(|kind| leave[kind] * on_leave + home_held[kind] * held + radio[kind])
}

fn logs<'m>(model: &'m Model<'_>) -> &'m Logs {
    &model.world.exit_logs.opportunity
}

/// Logarithms of the hazard ratios.
#[derive(Debug, Clone)]
pub(crate) struct Logs {
    leave: PerKind,
    home_held: PerKind,
    foreign: PerKind,
}

impl Logs {
    pub(super) fn new(p: &ExitParameters) -> Self {
        let chance = |desertion: f64, defection: f64| [log(desertion), log(defection), log(desertion)];
        Self {
            leave: chance(p.leave_desertion, p.leave_defection),
            home_held: chance(p.home_held_desertion, p.home_held_defection),
            foreign: [log(p.foreign_desertion), log(p.foreign_defection), 0.0],
        }
    }
}
