//! Blocking troops and guards: what keeps members by force, and what it costs.

use super::Dense;
use crate::ids::{GroupId, PersonId};
use crate::setup::{Mechanism, Policy};

impl Dense<'_> {
    fn coerces(&self, group: GroupId, policy: Policy) -> f64 {
        match self.policy(group, policy) {
            Some(extent) if self.runs(Mechanism::Coercion) => extent,
            _ => 0.0,
        }
    }

    /// The chance that a member is caught, given that from the place alone.
    pub(super) fn p_caught(&self, person: PersonId, group: GroupId, p_of_place: f64) -> f64 {
        let p = &self.world.setup.parameters.coercion;
        let (blocking, guards) = (self.coerces(group, Policy::BlockingTroops), self.coerces(group, Policy::Guards));
        if blocking == 0.0 && guards == 0.0 {
            return p_of_place;
        }
        let watched_above = self.world.setup.parameters.arrival.watched_above;
        let is_watched = self.suspicion_now(person).is_some_and(|now| now > watched_above);
        let is_suspect = is_watched || self.person(person).is_forced;
        let escapes_blocking = if self.is_on_leave(person) { 1.0 } else { 1.0 - p.p_blocked * blocking };
        let escapes_guards = if is_suspect { 1.0 - p.p_guarded * guards } else { 1.0 };
        1.0 - (1.0 - p_of_place) * escapes_blocking * escapes_guards
    }

    pub(super) fn initiative(&self, group: GroupId) -> f64 {
        1.0 - self.world.setup.parameters.coercion.initiative_lost * self.coerces(group, Policy::BlockingTroops)
    }

    pub(super) fn losses_factor(&self, group: GroupId) -> f64 {
        1.0 + self.world.setup.parameters.coercion.losses_added * self.coerces(group, Policy::BlockingTroops)
    }
}
