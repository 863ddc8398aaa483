//! Voice: a complaint to the commander, his answer, and a settlement.

use super::Dense;
use super::muster::Event;
use super::state::News;
use crate::ids::{IncidentId, PersonId};
use crate::maths::{logistic, logit};
use crate::random::Purpose;
use crate::setup::Mechanism;
use crate::tables::{AllegianceKind, Channel, Outcome};
use crate::theory::Rule;

/// Days for which an accepted settlement eases a grievance.
const SETTLEMENT_DAYS: u32 = 180;

/// A member with a new grievance against his own group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Aggrieved {
    person: PersonId,
    incident: IncidentId,
    conviction_before: f64,
    lost_kin: bool,
}

impl Dense<'_> {
    /// Notes a member whom news gave a reason to complain, once a day.
    pub(super) fn consider_complaint(&self, news: News, conviction_before: f64, aggrieved: &mut Vec<Aggrieved>) {
        let News { person, incident, channel, .. } = news;
        let lost_kin = channel == Channel::KinKilled;
        let lost_home = self.person(person).home_attacked == Some((self.day, incident));
        if !lost_kin && !lost_home {
            return;
        }
        match aggrieved.iter_mut().find(|known| known.person == person) {
            Some(known) => known.lost_kin |= lost_kin,
            None => aggrieved.push(Aggrieved { person, incident, conviction_before, lost_kin }),
        }
    }

    /// Aggrieved members complain or keep silent; commanders answer.
    pub(super) fn complain(&mut self, aggrieved: Vec<Aggrieved>) {
        if !self.runs(Mechanism::Voice) {
            return;
        }
        for member in aggrieved {
            let person = member.person;
            let speaks = self.draws.chance(self.p_voice(&member), Purpose::Voice, person.0, self.day, 0);
            if speaks && self.person(person).is_active() {
                self.speak_up(&member);
            }
        }
    }

    /// The chance that he complains.
    fn p_voice(&self, member: &Aggrieved) -> f64 {
        if let Some(said) = self.own_rule_of_voice(Rule::Complain, member) {
            return said;
        }
        let all = &self.world.setup.parameters;
        let p = &all.voice;
        let base = if member.lost_kin { p.p_voice_kin_killed } else { p.p_voice_home_attacked };
        if base <= 0.0 || base >= 1.0 {
            return base;
        }
        let unit = self.person(member.person).unit.expect("whom news reached has a unit");
        let loyalty = member.conviction_before - all.belief.conviction_mean;
        let fear = self.perceived_risk(unit) - all.deterrence.perceived_risk;
        let tie = f64::from(u8::from(self.is_tied_to_commander(member.person)));
        logistic(logit(base) + p.conviction_slope * loyalty + p.commander_tie_slope * tie - p.fear_slope * fear)
    }

    fn is_tied_to_commander(&self, person: PersonId) -> bool {
        let home = self.person(person).home;
        let commander = self.person(person).unit.and_then(|unit| self.unit(unit).commander);
        let another = commander.filter(|&commander| commander != person);
        home.is_some() && another.is_some_and(|commander| self.person(commander).home == home)
    }

    fn own_rule_of_voice(&self, rule: Rule, member: &Aggrieved) -> Option<f64> {
        self.own_rule(rule, member.person, &|name| match name {
            "conviction_before" => member.conviction_before,
            "lost_kin" => f64::from(u8::from(member.lost_kin)),
            "commander_from_home" => f64::from(u8::from(self.is_tied_to_commander(member.person))),
            _ => panic!("{name} has no twin"),
        })
    }

    fn speak_up(&mut self, member: &Aggrieved) {
        let setup = &self.world.setup;
        let person = member.person;
        let event = Event {
            place: self.whereabouts(person),
            incident: Some(member.incident),
            is_on_leave: self.is_on_leave(person),
            ..Event::default()
        };
        self.record(person, AllegianceKind::Voice, None, event);
        let group = self.person(person).group.expect("a member has a group");
        let mix = setup.groups[group.idx()].answers;
        let answer = self.draws.uniform(Purpose::Answer, person.0, self.day, 0);
        let outcome = if answer < mix.ignore {
            Outcome::Ignored
        } else if answer < mix.ignore + mix.offer {
            Outcome::Offered
        } else {
            // To be punished for a complaint is evidence against the group.
            self.person_mut(person).heard.evidence += setup.parameters.voice.punished_evidence;
            Outcome::Punished
        };
        self.record(person, AllegianceKind::Answer, Some(outcome), event);
        if outcome == Outcome::Offered {
            self.settle_grievance(member, event);
        }
    }

    /// The complainant accepts the offer or refuses it.
    fn settle_grievance(&mut self, member: &Aggrieved, event: Event) {
        let parameters = &self.world.setup.parameters.voice;
        let person = member.person;
        let p_accept = match self.own_rule_of_voice(Rule::Accept, member) {
            Some(said) => said,
            None if member.lost_kin => 1.0 - parameters.p_refuse_kin,
            None => parameters.p_accept_other,
        };
        let accepts = self.draws.chance(p_accept, Purpose::Settlement, person.0, self.day, 0);
        if accepts {
            self.person_mut(person).settled_until = self.day + SETTLEMENT_DAYS;
        }
        self.person_mut(person).offer_refused = !accepts;
        let outcome = if accepts { Outcome::Accepted } else { Outcome::Refused };
        self.record(person, AllegianceKind::Settlement, Some(outcome), event);
    }
}
