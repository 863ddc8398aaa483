//! Harm by the own group to home and kin, fading.
//!
//! # Form
//! `e [ln HR_h 2^(-t_h / tau_h) + ln HR_k 2^(-t_k / tau_k)]`, where `t` is the
//! time since home or kin were harmed, and `e` is 1, or less while a
//! complaint is settled. Departure counts as desertion.
//!
//! # Source
//! Evidence A5 and A7.

use super::{Block, BlockBound};
use crate::exits::{ExitParameters, N_KINDS, PerKind};
use crate::ids::IncidentId;
use crate::maths::{half_life_factor, ln};
use crate::model::Model;
use crate::tables::Cause;

pub(super) const BLOCK: Block = Block {
    cause: Cause::KinAndHome,
    moved_by: "harm by the own group to home and kin",
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
        let home = eased * left(grievance.home_attacked, all.exits.home_memory_days);
        let kin = eased * left(grievance.kin_killed, all.exits.kin_memory_days);
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
    column: |row| &mut row.block_kin_and_home,
};

fn logs<'m>(model: &'m Model<'_>) -> &'m Logs {
    &model.world.exit_logs.kin_and_home
}

/// Logarithms of the hazard ratios; harm can't keep anybody from leaving.
#[derive(Debug, Clone)]
pub(crate) struct Logs {
    home_attacked: PerKind,
    kin_killed: PerKind,
}

impl Logs {
    pub(super) fn new(p: &ExitParameters) -> Self {
        let harm = |desertion: f64, defection: f64| {
            let (desertion, defection) = (ln(desertion.max(1.0)), ln(defection.max(1.0)));
            [desertion, defection, desertion]
        };
        Self {
            home_attacked: harm(p.home_attacked_desertion, p.home_attacked_defection),
            kin_killed: harm(p.kin_killed_desertion, p.kin_killed_defection),
        }
    }

    fn of_harm(&self, home: f64, kin: f64) -> PerKind {
        std::array::from_fn(|kind| self.home_attacked[kind] * home + self.kin_killed[kind] * kin)
    }
}
