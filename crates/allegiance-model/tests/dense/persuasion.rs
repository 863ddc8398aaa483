//! Persuasion: who is asked, who agrees, and who is kept.

use super::Dense;
use super::exit_blocks::{Hazards, is_active};
use super::exits::Decision;
use crate::ids::PersonId;
use crate::maths::{ln, logistic};
use crate::random::Purpose;
use crate::setup::Mechanism;
use crate::tables::Cause;

impl Dense<'_> {
    /// Those who go with a man about to leave; none at all where he is kept.
    pub(super) fn persuade(&self, decision: &Decision) -> Option<Vec<(PersonId, Hazards)>> {
        let p = &self.world.setup.parameters.persuasion;
        let by = decision.person;
        let counts = self.runs(Mechanism::Persuasion) && is_active(&self.world.setup, Cause::Cascade);
        let asks = self.draws.chance(p.p_ask, Purpose::Ask, by.0, self.day, 0);
        let asked = if counts && asks { self.closest_to(decision) } else { Vec::new() };
        let exits = &self.world.setup.parameters.exits;
        let baseline = exits.desertion_per_month + exits.defection_per_month + exits.departure_per_month;
        let members = self.members(decision.unit);
        let mut party = Vec::new();
        for &person in &asked {
            let hazards = self.hazards(person, &members);
            let total: f64 = hazards.per_month.iter().sum();
            let log_odds = p.agree_at_baseline + p.agree_slope * ln(total.max(1e-12) / baseline.max(1e-12));
            if self.draws.chance(logistic(log_odds), Purpose::Agree, person.0, self.day, by.0) {
                party.push((person, hazards));
            }
        }
        let is_kept = self.draws.chance(p.p_kept, Purpose::Kept, by.0, self.day, 0);
        if is_kept && !asked.is_empty() && party.is_empty() { None } else { Some(party) }
    }

    /// Members of his clan, then of his ten of the unit, who are where he is.
    fn closest_to(&self, decision: &Decision) -> Vec<PersonId> {
        let members = self.members(decision.unit);
        let clan = self.person(decision.person).clan;
        let is_kin = |person: PersonId| clan.is_some() && self.person(person).clan == clan;
        let at = members.iter().position(|&person| person == decision.person).expect("he is a member");
        let section = members.iter().skip(at / 10 * 10).take(10).copied().filter(|&person| !is_kin(person));
        let kin = members.iter().copied().filter(|&person| is_kin(person));
        let n_most = self.world.setup.parameters.persuasion.most_asked.round() as usize;
        let is_here = |&person: &PersonId| {
            let is_other = person != decision.person && self.person(person).is_active();
            is_other && self.whereabouts(person) == Some(decision.place)
        };
        kin.chain(section).filter(is_here).take(n_most).collect()
    }
}
