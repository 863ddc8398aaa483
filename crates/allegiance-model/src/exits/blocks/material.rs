//! Pay against the alternative, and pay lost, by material motive.
//!
//! # Form
//! ```text
//! (a_x ln(max(first pay / pay, 1)) - a_w ln(pay / w_0)) m_M / m_M0
//! ```
//!
//! with `m_M` the member's motive weight of pay and no pay below 10 dollars. The foreign are paid in the
//! proportion of the first day.
//!
//! # Source
//! Evidence A1, A2 and A7.

use super::{BlockBound, BlockRules, BlockWords, LEAST_SPREAD, Member};
use crate::exits::{N_KINDS, PerKind};
use crate::interventions::{LEAST_PAY_USD, pay_usd};
use crate::maths::ln;
use crate::model::Model;
use crate::parameters::parameters;
use crate::setup::ExitTheory;

parameters! {
    /// Pay, as a block of the hazard of exit.
    pub struct OwnParameters = "exits" {
        /// Fall of the log-hazard for one log-unit of pay above the alternative, at the mean material motive.
        pay_weight: "a_w", "log-hazard", 0.4 in 0.0..0.8, Judgement, "evidence A1, A2";
        /// Rise of the log-hazard for one log-unit of pay lost against the pay on the first day, at the mean material motive.
        pay_cut_weight: "a_x", "log-hazard", 1.0 in 0.3 .. 2.0 off 0.0, Derived, "evidence A7: pay halved doubles the hazard (1.3-4)";
        /// Material motive at which these weights hold as they are; they grow in proportion to the motive.
        material_reference: "m_M0", "share", 0.3 in 0.1..0.5, Judgement, "about the mean of members; no number exists";
    }
}

pub(crate) type OwnPrepared = ();

pub(crate) const BLOCK: BlockRules = BlockRules {
    words: BlockWords {
        meaning: "Pay.",
        moved_by: "pay against the alternative, and pay lost, by material motive",
        factor: "pay",
        towards: "poor pay",
        against: "good pay",
        factor_explained: None,
    },
    theories: &[ExitTheory::Material, ExitTheory::Full],
    value,
    // Pay changes on dated days and paydays alone, and then all units are stale.
    bound: BlockBound { until_touched: value, ..BlockBound::NEVER_ABOVE_ZERO },
};

fn value(model: &Model<'_>, member: Member) -> PerKind {
    let setup = &model.world.setup;
    let parameters = &setup.parameters.exits.blocks.material;
    let alternative = setup.parameters.exits.alternative_pay_usd;
    let spec = &setup.groups[member.group.idx()];
    let pay = pay_usd(model, member.group);
    let cut = ln((spec.pay_usd_per_month.max(LEAST_PAY_USD) / pay.max(LEAST_PAY_USD)).max(1.0));
    let pay = if model.people.at(member.row).is_foreign && spec.pay_usd_per_month > 0.0 {
        pay * spec.pay_foreign_usd_per_month / spec.pay_usd_per_month
    } else {
        pay
    };
    let log_ratio = ln(pay.max(LEAST_PAY_USD) / alternative.max(LEAST_PAY_USD));
    let reference = parameters.material_reference.max(LEAST_SPREAD);
    let motive = model.people.mind(member.row).motives.material;
    [(parameters.pay_cut_weight * cut - parameters.pay_weight * log_ratio) * motive / reference; N_KINDS]
}
