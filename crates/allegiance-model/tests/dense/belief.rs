//! Conviction, worked out from all that a member heard whenever it's asked for.

use super::Dense;
use crate::belief::{conviction, conviction_of_claim};
use crate::causes::Claim;
use crate::ids::PersonId;
use crate::maths::daily_probability;
use crate::setup::BeliefTheory;
use crate::tables::Standing;

impl Dense<'_> {
    pub(super) fn conviction(&self, person: PersonId) -> f64 {
        let setup = &self.world.setup;
        conviction(setup.theory.belief, &setup.parameters.belief, &self.heard(person))
    }

    /// Conviction of one claim alone.
    pub(super) fn conviction_of(&self, person: PersonId, claim: Claim) -> f64 {
        let setup = &self.world.setup;
        let heard = self.heard(person).by_claim;
        let heard = if claim == Claim::Fight { heard.fight } else { heard.rule };
        conviction_of_claim(setup.theory.belief, &setup.parameters.belief, &heard)
    }

    /// Moves every member's conviction towards the mean of his unit and kin,
    /// all at once.
    pub(super) fn average(&mut self) {
        if self.world.setup.theory.belief != BeliefTheory::SocialAveraging {
            return;
        }
        let parameters = &self.world.setup.parameters.belief;
        let pull = daily_probability(parameters.averaging_per_month);
        let w_kin = parameters.averaging_kin_weight;
        let mut steps = Vec::new();
        for members in self.members_by_unit() {
            let active: Vec<PersonId> =
                members.iter().copied().filter(|&person| self.person(person).is_active()).collect();
            if active.is_empty() {
                continue;
            }
            let (total, n) = (self.total_conviction(&active), active.len() as f64);
            for &person in &members {
                let kin = self.comrades_of_kin(person);
                let target = if kin.is_empty() {
                    total / n
                } else {
                    (1.0 - w_kin) * total / n + w_kin * (self.total_conviction(&kin) / kin.len() as f64)
                };
                steps.push((person, pull * (target - self.conviction(person))));
            }
        }
        for (person, step) in steps {
            self.person_mut(person).heard.social += step;
        }
    }

    fn total_conviction(&self, people: &[PersonId]) -> f64 {
        people.iter().map(|&person| self.conviction(person)).sum()
    }

    /// The other living members of a person's clan in the same group, the
    /// latest touched first.
    fn comrades_of_kin(&self, person: PersonId) -> Vec<PersonId> {
        let state = self.person(person);
        let Some(clan) = state.clan else { return Vec::new() };
        let mut kin = self.touched_of_clan(clan.0);
        kin.retain(|&other| {
            let of = self.person(other);
            other != person && of.group == state.group && of.standing != Standing::Dead
        });
        kin
    }
}
