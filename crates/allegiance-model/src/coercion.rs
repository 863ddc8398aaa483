//! Blocking troops behind the line and guards over men who aren't trusted: what
//! keeps members in their units by force, and what it costs.
//!
//! # Form
//! ```text
//! p(caught) = 1 - (1 - p(place)) (1 - k_b B [on duty]) (1 - k_g G [held suspect])
//! rate of setting out = usual (1 - a_b B)      share killed = usual (1 + l_b B)
//! ```
//!
//! with `B` and `G` the group's policies `blocking_troops` and `guards`, 0-1, and `p(place)` as in
//! deterrence. Members fear the risk as it is where they stand, so that both also keep from trying. Held
//! suspect are those who were forced to join (see entry), and those whom the group took in from an enemy and watches (see arrival). The wounded grow with
//! the killed; who is on leave is behind nobody's guns.
//!
//! # Source
//! Lyall & Zhukov (2025) on the Red Army: units coerced by their own side lost fewer men by flight and
//! surrender, more to enemy fire, and showed less initiative. All magnitudes are judgement.

use crate::arrival::suspicion_now;
use crate::ids::{GroupId, Row};
use crate::model::Model;
use crate::muster::is_on_leave;
use crate::parameters::parameters;
use crate::setup::{Mechanism, Policy};

parameters! {
    /// Blocking troops and guards, and what they cost.
    pub struct CoercionParameters = "coercion" {
        /// Probability that full blocking troops catch a leaver on duty who gets past everybody else.
        p_blocked: "k_b", "probability", 0.5 in 0.2..0.9 off 0.0, Judgement, "sign: Lyall & Zhukov 2025";
        /// The same of full guards and a man held suspect.
        p_guarded: "k_g", "probability", 0.5 in 0.2..0.9 off 0.0, Judgement, "no number exists";
        /// Share of its attacks that a group with full blocking troops doesn't set out for.
        initiative_lost: "a_b", "share", 0.3 in 0.0..0.6, Judgement, "sign: Lyall & Zhukov 2025";
        /// Rise of the share killed in an assault from no to full blocking troops.
        losses_added: "l_b", "share", 0.3 in 0.0..1.0, Judgement, "sign: Lyall & Zhukov 2025";
    }
}

/// How far a group has a policy of coercion today.
fn extent(model: &Model<'_>, group: GroupId, policy: Policy) -> f64 {
    if model.runs(Mechanism::Coercion) { model.groups.policy(group, policy).unwrap_or_default() } else { 0.0 }
}

/// Whether a member was forced to join the group that he serves, or is held suspect by it.
fn is_suspect(model: &Model<'_>, row: Row) -> bool {
    model.people.mind(row).is_forced || suspicion_now(model, row) > model.world.setup.parameters.arrival.watched_above
}

/// The chance that a member is caught leaving, given that from where he is alone.
pub(crate) fn p_caught(model: &Model<'_>, row: Row, group: GroupId, p_of_place: f64) -> f64 {
    let (blocking, guards) = (extent(model, group, Policy::BlockingTroops), extent(model, group, Policy::Guards));
    if blocking <= 0.0 && guards <= 0.0 {
        return p_of_place;
    }
    let parameters = &model.world.setup.parameters.coercion;
    let blocked = if is_on_leave(model, row) { 0.0 } else { parameters.p_blocked * blocking };
    let guarded = if is_suspect(model, row) { parameters.p_guarded * guards } else { 0.0 };
    1.0 - (1.0 - p_of_place) * (1.0 - blocked) * (1.0 - guarded)
}

/// Factor on how often a group's units set out.
pub(crate) fn initiative(model: &Model<'_>, group: GroupId) -> f64 {
    1.0 - model.world.setup.parameters.coercion.initiative_lost * extent(model, group, Policy::BlockingTroops)
}

/// Factor on the share of a group's members killed in an assault.
pub(crate) fn losses(model: &Model<'_>, group: GroupId) -> f64 {
    1.0 + model.world.setup.parameters.coercion.losses_added * extent(model, group, Policy::BlockingTroops)
}
