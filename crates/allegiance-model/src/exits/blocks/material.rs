//! Pay against the alternative, and pay lost, by material motive.
//!
//! # Form
//! `(a_x ln(w_first / w) - a_w ln(w / w_0)) m_M / m_M0`, the first logarithm
//! where pay fell; the foreign are paid in the proportion of the first day.
//!
//! # Source
//! Evidence A1, A2 and A7.

use super::{Block, BlockBound, LEAST_SPREAD, Member};
use crate::exits::{N_KINDS, PerKind};
use crate::interventions::{LEAST_PAY_USD, pay_usd};
use crate::maths::ln;
use crate::model::Model;
use crate::tables::Cause;

pub(super) const BLOCK: Block = Block {
    cause: Cause::Material,
    moved_by: "pay against the alternative, and pay lost",
    value,
    // Pay changes on dated days alone, and then all units are stale.
    bound: BlockBound { until_touched: value, ..BlockBound::NEVER_ABOVE_ZERO },
    column: |row| &mut row.block_material,
};

fn value(model: &Model<'_>, member: Member) -> PerKind {
    let setup = &model.world.setup;
    let parameters = &setup.parameters.exits;
    let spec = &setup.groups[member.group.idx()];
    let pay = pay_usd(model, member.group);
    let cut = ln((spec.pay_usd_per_month.max(LEAST_PAY_USD) / pay.max(LEAST_PAY_USD)).max(1.0));
    let pay = if model.people.at(member.row).is_foreign && spec.pay_usd_per_month > 0.0 {
        pay * spec.pay_foreign_usd_per_month / spec.pay_usd_per_month
    } else {
        pay
    };
    let log_ratio = ln(pay.max(LEAST_PAY_USD) / parameters.alternative_pay_usd.max(LEAST_PAY_USD));
    let reference = parameters.material_reference.max(LEAST_SPREAD);
    let motive = model.people.mind(member.row).motives.material;
    [(parameters.pay_cut_weight * cut - parameters.pay_weight * log_ratio) * motive / reference; N_KINDS]
}
