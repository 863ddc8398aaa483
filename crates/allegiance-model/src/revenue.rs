//! Revenue: a group pays its members out of what its places yield.
//!
//! # Form
//! A timeline can say what each place that a group holds yields. On each payday, every 30 days from the first
//! day on, its members get the share of their pay that the money covers:
//!
//! ```text
//! min(1, (places held) (yield) / (local members pay + foreign members their pay))
//! ```
//!
//! A place is held by the group with the largest control share in it; members are those who are active. Stipends
//! come from elsewhere and are paid in full. A group of which the timeline says nothing always pays.
//!
//! # Source
//! The Islamic State halved its pay when oil and territory were lost (evidence A7); what a place yields is a
//! fact of the scenario. *Nothing is saved*: what a group doesn't need is lost to it, as no number exists for
//! reserves.

use crate::ids::{GroupId, PlaceId};
use crate::model::Model;

/// Days from one payday to the next.
const PAYDAYS: u32 = 30;

/// What is paid out changes on paydays.
#[inline(never)]
pub(crate) fn pay_out(model: &mut Model<'_>) {
    if !model.day.is_multiple_of(PAYDAYS) || model.groups.revenue_usd.iter().all(Option::is_none) {
        return;
    }
    for group in model.groups.ids() {
        let covered = covered_share(model, group);
        if covered.to_bits() != model.groups.paid_share[group.idx()].to_bits() {
            model.groups.paid_share[group.idx()] = covered;
            model.units.mark_stale(group);
        }
    }
}

/// Share of a group's pay that its revenue covers.
fn covered_share(model: &Model<'_>, group: GroupId) -> f64 {
    let Some(per_place) = model.groups.revenue_usd[group.idx()] else { return 1.0 };
    let places = (0..model.places.n_places()).map(PlaceId::from_idx);
    let n_held = places.filter(|&place| model.places.controller(place) == group).count();
    let of_group = model.units.of_group[group.idx()].iter().map(|&unit| model.units.at(unit));
    let (n_active, n_foreign) =
        of_group.fold((0, 0), |(active, foreign), unit| (active + unit.n_active, foreign + unit.n_foreign));
    let spec = &model.world.setup.groups[group.idx()];
    let pay = model.groups.pay_usd[group.idx()];
    let pay_foreign =
        if spec.pay_usd_per_month > 0.0 { pay * spec.pay_foreign_usd_per_month / spec.pay_usd_per_month } else { pay };
    let bill = f64::from(n_active - n_foreign) * pay + f64::from(n_foreign) * pay_foreign;
    if bill <= 0.0 { 1.0 } else { (n_held as f64 * per_place / bill).min(1.0) }
}
