//! Pay against the alternative, and pay lost, by material motive.

use super::{Block, same};
use crate::dense::Dense;
use crate::ids::PersonId;
use crate::maths::ln;
use crate::setup::ExitTheory;

pub(super) const BLOCK: Block = Block {
    theories: &[ExitTheory::Material, ExitTheory::Full],
    value: |dense, person, _| same(dense.material_block(person)),
};

impl Dense<'_> {
    /// Pay against the alternative, and pay lost, by material motive.
    fn material_block(&self, person: PersonId) -> f64 {
        let p = &self.world.setup.parameters.exits.blocks.material;
        let state = self.person(person);
        let group = self.group_of(person);
        let spec = &self.world.setup.groups[group.idx()];
        let local_pay = self.pay_usd(group);
        let cut = ln((spec.pay_usd_per_month.max(10.0) / local_pay.max(10.0)).max(1.0));
        let mut pay = local_pay;
        if state.is_foreign && spec.pay_usd_per_month > 0.0 {
            pay = local_pay * spec.pay_foreign_usd_per_month / spec.pay_usd_per_month;
        }
        let log_ratio = ln(pay.max(10.0) / self.world.setup.parameters.exits.alternative_pay_usd.max(10.0));
        (p.pay_cut_weight * cut - p.pay_weight * log_ratio) * state.motives.material / p.material_reference.max(0.01)
    }
}
