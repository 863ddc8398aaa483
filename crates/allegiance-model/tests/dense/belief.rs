//! Conviction, worked out from all that a member heard whenever it's asked for.

use super::Dense;
use crate::belief::{Heard, conviction, conviction_of_claim};
use crate::causes::Claim;
use crate::ids::PersonId;
use crate::maths::daily_probability;
use crate::setup::BeliefTheory;
use crate::tables::Standing;
use crate::theory::Rule;

impl Dense<'_> {
    pub(super) fn conviction(&self, person: PersonId) -> f64 {
        let setup = &self.world.setup;
        let heard = self.heard(person);
        if self.states_rule(Rule::Conviction) {
            let of_rule = self.own_conviction(person, &heard.by_claim.rule);
            let w = heard.fight_weight;
            return if w > 0.0 {
                w * self.own_conviction(person, &heard.by_claim.fight) + (1.0 - w) * of_rule
            } else {
                of_rule
            };
        }
        conviction(setup.theory.belief, &setup.parameters.belief, &heard)
    }

    /// Conviction of one claim alone.
    pub(super) fn conviction_of(&self, person: PersonId, claim: Claim) -> f64 {
        let setup = &self.world.setup;
        let heard = self.heard(person).by_claim;
        let heard = if claim == Claim::Fight { heard.fight } else { heard.rule };
        if self.states_rule(Rule::Conviction) {
            return self.own_conviction(person, &heard);
        }
        conviction_of_claim(setup.theory.belief, &setup.parameters.belief, &heard)
    }

    /// Conviction of a claim as a theory in a file says.
    fn own_conviction(&self, person: PersonId, heard: &Heard) -> f64 {
        let said = self.own_rule(Rule::Conviction, person, &|name| match name {
            "claim_evidence" => heard.evidence,
            "claim_from_kin" => f64::from(heard.n_kin),
            "claim_from_rivals" => f64::from(heard.told.n_rivals),
            "claim_from_outside" => f64::from(heard.told.n_outside),
            "claim_denials" => f64::from(heard.told.n_denials),
            _ => self.moved(person, name),
        });
        said.unwrap_or(heard.prior_conviction - heard.evidence)
    }

    /// What the slot of belief offers where the means of others aren't asked for.
    pub(super) fn moved(&self, person: PersonId, name: &str) -> f64 {
        match name {
            "moved" => self.person(person).heard.social,
            _ => panic!("{name} is given in the evening alone"),
        }
    }

    /// Moves every member's conviction by what an evening adds: what a theory in a
    /// file says, or towards the mean of his unit and kin, all at once.
    pub(super) fn average(&mut self) {
        let parameters = &self.world.setup.parameters.belief;
        let pull = daily_probability(parameters.averaging_per_month);
        let w_kin = parameters.averaging_kin_weight;
        let steps = if self.states_rule(Rule::Conviction) {
            self.evening_steps(|person, of_unit, of_kin| {
                self.own_rule(Rule::Daily, person, &|name| match name {
                    "unit_conviction" => of_unit,
                    "kin_conviction" => of_kin.unwrap_or(of_unit),
                    _ => self.moved(person, name),
                })
            })
        } else if self.world.setup.theory.belief == BeliefTheory::SocialAveraging {
            self.evening_steps(|person, of_unit, of_kin| {
                let target = of_kin.map_or(of_unit, |of_kin| (1.0 - w_kin) * of_unit + w_kin * of_kin);
                Some(pull * (target - self.conviction(person)))
            })
        } else {
            return;
        };
        for (person, step) in steps {
            self.person_mut(person).heard.social += step;
        }
    }

    /// What an evening adds for everybody in a unit with active members, by the mean
    /// convictions of his unit and, where he has any, his kin in the group.
    fn evening_steps(&self, step: impl Fn(PersonId, f64, Option<f64>) -> Option<f64>) -> Vec<(PersonId, f64)> {
        let mut steps = Vec::new();
        for members in self.members_by_unit() {
            let active: Vec<PersonId> =
                members.iter().copied().filter(|&person| self.person(person).is_active()).collect();
            if active.is_empty() {
                continue;
            }
            let of_unit = self.mean_conviction(&active);
            for &person in &members {
                let kin = self.comrades_of_kin(person);
                let of_kin = (!kin.is_empty()).then(|| self.mean_conviction(&kin));
                steps.extend(step(person, of_unit, of_kin).map(|step| (person, step)));
            }
        }
        steps
    }

    fn mean_conviction(&self, people: &[PersonId]) -> f64 {
        people.iter().map(|&person| self.conviction(person)).sum::<f64>() / people.len() as f64
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
