//! Absorption: a weak group goes over to a stronger ally, unit by unit.
//!
//! # Form
//! Once a week each group `g` may pass to one of its allies of the same constituency that have more active
//! members. The hazard of passing to ally `h`, with `F` active members:
//!
//! ```text
//! m_0 exp(m_s ln(F_h / F_g) - m_d (distance of causes))     a month; those of several allies compete
//! ```
//!
//! Every unit on duty then serves the ally, where it stands. Those in hospital or captivity follow in
//! another week, once they are back. Friends are not suspected. Nobody dies.
//!
//! # Source
//! Christia (2012): the weak side with the strong, and a group that loses is taken over by an ally or a
//! rival. No rate exists; all magnitudes are judgement.

use crate::exits::hand_over;
use crate::ids::{GroupId, Row, UnitId};
use crate::maths::{exp, ln, weekly_probability};
use crate::model::Model;
use crate::muster::active_members;
use crate::parameters::parameters;
use crate::random::Purpose;
use crate::relations::group_sizes;
use crate::setup::Mechanism;

parameters! {
    /// Groups that pass to a stronger ally.
    pub struct AbsorptionParameters = "absorption" {
        /// Hazard of passing to an ally of the same size and cause.
        per_month: "m_0", "1/month", 0.001 in 0.0002..0.01 off 0.0, Judgement, "no number exists; a handful of mergers among dozens of groups in a year of the Syrian war";
        /// Rise of the log-hazard for one log-unit that the ally is larger.
        size_weight: "m_s", "log-hazard", 1.0 in 0.5..2.0 off 0.0, Judgement, "sign: Christia 2012";
        /// Fall of the log-hazard from no to full distance between the causes of the two.
        cause_distance: "m_d", "log-hazard", 3.0 in 1.0..6.0 off 0.0, Judgement, "no number exists";
    }
}

/// Once a week, weak groups pass to their allies or don't.
pub(crate) fn review(model: &mut Model<'_>) {
    if !model.runs(Mechanism::Absorption) || !model.ends_week() {
        return;
    }
    for group in model.groups.ids() {
        if let Some(ally) = absorbing_ally(model, group) {
            pass_to(model, group, ally);
        }
    }
}

/// The ally to which a group passes this week.
fn absorbing_ally(model: &Model<'_>, group: GroupId) -> Option<GroupId> {
    let sizes = group_sizes(model);
    let hazard = |ally: GroupId| {
        let parameters = &model.world.setup.parameters.absorption;
        let log_ratio = ln(f64::from(sizes[ally.idx()]) / f64::from(sizes[group.idx()]));
        let distance = model.world.setup.cause_distance(group, ally);
        parameters.per_month * exp(parameters.size_weight * log_ratio - parameters.cause_distance * distance)
    };
    let may_absorb = |&ally: &GroupId| {
        sizes[group.idx()] > 0
            && sizes[ally.idx()] > sizes[group.idx()]
            && model.groups.allied(group, ally)
            && !model.groups.fight_anywhere(group, ally)
            && model.groups.is_alive[ally.idx()]
            && model.world.setup.share_constituency(group, ally)
    };
    let allies: Vec<(GroupId, f64)> = model.groups.ids().filter(may_absorb).map(|ally| (ally, hazard(ally))).collect();
    let total: f64 = allies.iter().map(|(_, hazard)| hazard).sum();
    let u = model.draws.uniform(Purpose::Absorption, u32::from(group.0), model.day, 0);
    let p = weekly_probability(total);
    if u >= p {
        return None;
    }
    // The same draw tells which: it is even below the chance of any.
    let mut at = u / p * total;
    for &(ally, hazard) in &allies {
        if at < hazard {
            return Some(ally);
        }
        at -= hazard;
    }
    allies.last().map(|&(ally, _)| ally)
}

fn pass_to(model: &mut Model<'_>, group: GroupId, ally: GroupId) {
    let units: Vec<UnitId> = model.units.of_group[group.idx()].clone();
    for unit in units {
        let members: Vec<Row> = active_members(model, unit).collect();
        if !members.is_empty() {
            hand_over(model, unit, ally, &members);
        }
    }
}
