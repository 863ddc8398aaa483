//! Support of the civilians of a place for each group: what harm takes, whom
//! it profits, and how soon strangers forget.
//!
//! # Form
//! Support of a place for a group is `g C` plus what harm has left, which fades with the half-life
//! `tau`. An incident with `n` civilian deaths costs the perpetrator
//!
//! ```text
//! eta n 2,000 / people                    (people at least 500)
//! ```
//!
//! of it; where the perpetrator is of the constituency of the group that held the place, only `1 - delta` of
//! that. The enemy with the largest control share there gains a share `chi_i` (same constituency) or
//! `chi_o` of the full loss. Whom a kind of group draws on is the scenario's `[[kinds]]`. Fear: under a holder in
//! near-complete control, the hazard of joining
//! its enemy falls by `f C n`, with `n` the civilian deaths of the place in the last weeks, at most ten.
//!
//! # Source
//! Lyall, Blair & Imai (2013) for the asymmetry between harm by the in-group
//! and by an out-group; Condra & Shapiro (2012) for the short memory.

use crate::ids::{GroupId, PlaceId};
use crate::maths::half_life_factor;
use crate::model::Model;
use crate::parameters::parameters;

parameters! {
    /// Support of the civilians of a place for each group.
    pub struct SupportParameters = "support" {
        /// Loss of support for each civilian killed by the group, in a village of 2,000 people.
        loss_per_death: "eta", "log-odds", 0.25 in 0.05..0.6, Judgement, "evidence A5";
        /// Share of that loss forgiven a group of the same constituency.
        in_group_discount: "delta", "share", 0.7 in 0.4..1.0, Sourced, "evidence A5: Lyall, Blair & Imai 2013";
        /// Share of the loss that the rival gains if the perpetrator is of another constituency.
        transfer_out_group: "chi_o", "share", 0.5 in 0.2..0.8, Sourced, "evidence A5: Lyall, Blair & Imai 2013";
        /// Share of the loss that the rival gains if the perpetrator is of the same constituency.
        transfer_in_group: "chi_i", "share", 0.05 in 0.0..0.2, Sourced, "evidence A5: Lyall, Blair & Imai 2013";
        /// Half-life of the loss of support among strangers.
        memory_days: "tau", "d", 30.0 in 14.0..60.0, Sourced, "evidence A5: Condra & Shapiro 2012";
        /// Support for a group in undisputed control.
        governance_bonus: "g", "log-odds", 0.5 in 0.0..1.0, Sourced, "evidence A13: sign from Revkin";
        /// Fear: fall of the log-hazard of joining an enemy for each recent civilian death under near-complete control.
        fear_effect: "f", "log-hazard", 0.3 in 0.0 .. 1.0, Judgement, "evidence A5: the Shaitat, 2014; Kalyvas 2006";
    }
}

/// People of the village for which `loss_per_death` is stated.
const LOSS_PEOPLE: f64 = 2_000.0;
/// People that a place counts for at least: in a hamlet one death isn't the end.
const LEAST_PEOPLE: f64 = 500.0;

/// Support of a place for a group, log-odds: what its control brings and what
/// its harm has cost.
pub(crate) fn support(model: &Model<'_>, place: PlaceId, group: GroupId) -> f64 {
    let bonus = model.world.setup.parameters.support.governance_bonus;
    bonus * model.places.share(place, group) + model.places.support[model.places.cell(place, group)]
}

/// Lets old harm fade and counts the harm of today.
#[inline(never)]
pub(crate) fn respond(model: &mut Model<'_>) {
    let setup = &model.world.setup;
    let parameters = &setup.parameters.support;
    let fading = half_life_factor(1.0, parameters.memory_days);
    for value in &mut model.places.support {
        *value *= fading;
    }
    for at in 0..model.today.incidents.len() {
        let fact = &model.incident_facts[model.today.incidents[at].incident.idx()];
        if fact.dead_civilians == 0 {
            continue;
        }
        let (place, perpetrator, holder) = (fact.place, fact.perpetrator, fact.holder);
        let is_in_group = setup.share_constituency(perpetrator, holder);
        let population = setup.scaled_up(f64::from(setup.places[place.idx()].population));
        let n_dead = setup.scaled_up(f64::from(fact.dead_civilians));
        let (loss, gain) = harm_response(parameters, n_dead, population, is_in_group);
        let cell = model.places.cell(place, perpetrator);
        model.places.support[cell] -= loss;
        if let Some(rival) = strongest_rival(model, place, perpetrator) {
            let cell = model.places.cell(place, rival);
            model.places.support[cell] += gain;
        }
    }
}

/// What civilian deaths take from the perpetrator's support in a place, and
/// what its rival gains: in-group harm is forgiven more, and moves little
/// support to the rival.
pub fn harm_response(parameters: &SupportParameters, n_dead: f64, population: f64, is_in_group: bool) -> (f64, f64) {
    let full = parameters.loss_per_death * n_dead * LOSS_PEOPLE / population.max(LEAST_PEOPLE);
    if is_in_group {
        (full * (1.0 - parameters.in_group_discount), full * parameters.transfer_in_group)
    } else {
        (full, full * parameters.transfer_out_group)
    }
}

/// The enemy of a group with the largest control share in a place.
fn strongest_rival(model: &Model<'_>, place: PlaceId, group: GroupId) -> Option<GroupId> {
    let mut best: Option<(GroupId, f64)> = None;
    for other in model.groups.enemies_at(place, group) {
        let share = model.places.share(place, other);
        if share > 0.0 && best.is_none_or(|(_, most)| share > most) {
            best = Some((other, share));
        }
    }
    best.map(|(rival, _)| rival)
}

#[cfg(test)]
mod tests {
    use super::{SupportParameters, harm_response};

    #[test]
    fn in_group_harm_moves_little_support_to_the_rival() {
        let parameters = SupportParameters::default();
        let (in_loss, in_gain) = harm_response(&parameters, 4.0, 2_000.0, true);
        let (out_loss, out_gain) = harm_response(&parameters, 4.0, 2_000.0, false);
        assert!(in_loss < out_loss && in_gain < 0.2 * out_gain);
        assert!(in_gain < in_loss && out_gain < out_loss);
    }
}
