//! Inflow: members who come to a group from outside the scenario's places.
//!
//! # Form
//! A timeline dates the rate at which members of a rank, local or foreign, come to a group. On each day
//!
//! ```text
//! n ~ Poisson(rate / 30)
//! ```
//!
//! come to units of the group drawn at random, and to none where it has no unit left. The table `allegiance`
//! has them as joins without a reason. They count on top of those who join in the scenario's places and of the
//! foreigners who follow these.
//!
//! # Source
//! Why they come lies off the map: rates are facts of the scenario (evidence A1).

use crate::joining;
use crate::maths::DAYS_PER_MONTH;
use crate::model::Model;
use crate::random::Purpose;
use crate::tables::Rank;

/// Members come from outside.
#[inline(never)]
pub(crate) fn arrive(model: &mut Model<'_>) {
    for group in model.groups.ids().filter(|&group| model.groups.is_alive[group.idx()]).collect::<Vec<_>>() {
        for &rank in Rank::ALL {
            for is_foreign in [false, true] {
                let per_month = model.groups.inflow_per_month[group.idx()][rank as usize][usize::from(is_foreign)];
                if per_month <= 0.0 {
                    continue;
                }
                let index = 2 * rank as u32 + u32::from(is_foreign);
                let mut stream = model.draws.stream(Purpose::OutsideInflow, u32::from(group.0), model.day, index);
                let n = stream.poisson(per_month / DAYS_PER_MONTH);
                joining::admit_outsiders(model, group, n, (rank, is_foreign), &mut stream);
            }
        }
    }
}
