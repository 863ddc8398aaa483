//! What draws men to a group as a theory in a file says (see `theory::Rule`).
//!
//! Candidates are drawn as under the engine's rule, by thinning: the bound of a place
//! is what the rule can say at most for what is known of the place and the group,
//! whoever asks; each candidate is kept with the ratio of his own hazard to it.
//!
//! # Form
//! ```text
//! h = h_0 (share of the pool left) exp(log_hazard(what the slot offers))     a month, for each group in reach
//! ```
//!
//! # Source
//! The theory's own file.

use super::{Kin, Pull, fear_of_holder, join};
use crate::causes::{self, NEUTRAL_DISTANCE};
use crate::conscripts;
use crate::exits::check_candidate;
use crate::expectation;
use crate::ids::{GroupId, PersonId, PlaceId};
use crate::interventions::pay_usd;
use crate::maths::{exp, ln};
use crate::model::Model;
use crate::setup::Mechanism;
use crate::support::support;
use crate::theory::{GIVEN, Interval, NEVER_DAYS, Rule, Slot, flag};
use crate::traits::demography;

/// One who may join.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub(super) person: PersonId,
    pub(super) place: PlaceId,
    pub(super) kin: Kin,
    /// His positions on the axes, where they count.
    pub(super) positions: Option<&'a [f64]>,
}

/// Number of quantities that the slot offers about a group in a place.
const N_OF_PLACE: usize = 6;
/// Number of quantities that the slot offers about the candidate.
const N_OF_CANDIDATE: usize = 5;

/// Whether the theory says what draws men.
pub(super) fn is_stated(model: &Model<'_>) -> bool {
    model.world.own.as_ref().is_some_and(|own| own.has_rule(Rule::Join))
}

/// The most that the log-hazard of joining a group in a place can be; none where the
/// theory doesn't say.
pub(super) fn most(model: &Model<'_>, place: PlaceId, group: GroupId) -> Option<f64> {
    let own = model.world.own.as_ref()?;
    let mut given = [Interval::EITHER; N_OF_PLACE + N_OF_CANDIDATE];
    for (given, value) in given.iter_mut().zip(of_place(model, place, group)) {
        *given = Interval::of(value);
    }
    for (given, offered) in given.iter_mut().zip(&GIVEN[Slot::Joining.given()]).skip(N_OF_PLACE) {
        let (low, high) = offered.range();
        *given = Interval { low, high };
    }
    Some(base(model, group) + own.of_nobody_within(Rule::Join, &given)?.ceiling())
}

/// Lets the candidate join the group that his hazards pick, by a draw below the
/// bound of all.
pub(super) fn choose(model: &mut Model<'_>, candidate: Candidate<'_>, pulls: &[Pull], mut u: f64) -> Option<GroupId> {
    for pull in pulls {
        let hazard = exp(base(model, pull.group) + log_hazard(model, candidate, pull.group));
        check_candidate(model, candidate.person, hazard, pull.place_hazard);
        if u < hazard {
            join(model, candidate.person, candidate.place, Pull { hazard_per_month: hazard, ..*pull });
            return Some(pull.group);
        }
        u -= hazard;
    }
    None
}

/// What the rule doesn't say: the base hazard, and what is left of a limited pool.
fn base(model: &Model<'_>, group: GroupId) -> f64 {
    ln(model.world.setup.parameters.joining.per_month.max(1e-12)) + conscripts::log_share_left(model, group)
}

fn log_hazard(model: &Model<'_>, candidate: Candidate<'_>, group: GroupId) -> f64 {
    let mut given = [0.0; N_OF_PLACE + N_OF_CANDIDATE];
    given[..N_OF_PLACE].copy_from_slice(&of_place(model, candidate.place, group));
    given[N_OF_PLACE..].copy_from_slice(&of_candidate(model, candidate, group));
    let own = model.world.own.as_ref();
    own.and_then(|own| own.of_nobody(Rule::Join, &given)).unwrap_or(f64::NEG_INFINITY)
}

/// What the slot offers about a group in a place, in the order of `GIVEN`.
fn of_place(model: &Model<'_>, place: PlaceId, group: GroupId) -> [f64; N_OF_PLACE] {
    [
        model.places.share(place, group),
        pay_usd(model, group),
        model.groups.momentum[group.idx()],
        expectation::logit(model, group),
        support(model, place, group),
        fear_of_holder(model, place, group),
    ]
}

/// What it offers about the candidate, in the order of `GIVEN`.
fn of_candidate(model: &Model<'_>, candidate: Candidate<'_>, group: GroupId) -> [f64; N_OF_CANDIDATE] {
    let Candidate { person, place, kin, positions } = candidate;
    let (world, since) = (model.world, kin.days_since_harmed(model, place, group));
    let age = demography(&world.population_draws, &world.setup.parameters.traits, person).age;
    debug_assert!(positions.is_some() == model.runs(Mechanism::Causes));
    [
        kin.inside(model, group),
        flag(since.is_some()),
        since.map_or(NEVER_DAYS, f64::from),
        positions.map_or(NEUTRAL_DISTANCE, |positions| causes::distance_from(&world.setup, positions, group)),
        f64::from(age),
    ]
}
