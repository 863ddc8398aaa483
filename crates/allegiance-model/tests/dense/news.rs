//! News: how an incident reaches members of the group that did it, and what
//! its units hear about it. Each claim is told to each member of a unit.

use super::Dense;
use super::state::{Incident, News};
use super::voice::Aggrieved;
use crate::belief::{HeardOfGroup, Told, judge_sources};
use crate::ids::{ClanId, GroupId, IncidentId, PersonId};
use crate::maths::{daily_probability, logistic};
use crate::random::{Purpose, narrow_unit_interval};
use crate::setup::{BeliefTheory, Lever, Mechanism};
use crate::tables::{Channel, Day, Exposure, IncidentKind};
use crate::theory::{Rule, StateEvent};

/// Days over which kin hear of a death.
const KIN_DAYS: u32 = 3;
/// Days over which the home village's news reaches a member.
const VILLAGE_DAYS: u32 = 7;

impl Dense<'_> {
    /// Spreads word of the incidents not told yet; gives what reaches members
    /// at once.
    pub(super) fn spread(&mut self) -> Vec<News> {
        let mut heard_now = Vec::new();
        for at in self.n_told..self.incidents.len() {
            let of = self.incidents[at].clone();
            if self.runs(Mechanism::News) {
                let told = self.tell_members(IncidentId::from_idx(at), &of);
                let (now, later): (Vec<News>, Vec<News>) = told.into_iter().partition(|news| news.day == self.day);
                heard_now.extend(now);
                self.news.extend(later);
            }
            if self.runs(Mechanism::Claims) && of.dead_civilians() > 0 {
                self.tell_units(&of);
            }
        }
        self.n_told = self.incidents.len();
        if self.runs(Mechanism::Claims) {
            self.frame();
        }
        heard_now
    }

    /// Members of the perpetrator whom an incident reaches in person or through
    /// kin and village, today or within days.
    fn tell_members(&self, id: IncidentId, of: &Incident) -> Vec<News> {
        let strikes_home = matches!(of.kind, IncidentKind::Assault | IncidentKind::Strike);
        if !strikes_home && of.dead_civilians() == 0 {
            return Vec::new();
        }
        let neighbours = of.quarter.clone().flat_map(|clan| self.touched_of_clan(clan));
        let locals: Vec<PersonId> =
            neighbours.filter(|&person| self.person(person).is_reachable_member_of(of.perpetrator)).collect();
        let (at_home, away): (Vec<PersonId>, Vec<PersonId>) =
            locals.into_iter().partition(|&person| self.is_on_leave(person));
        let (took_part, absent): (Vec<PersonId>, Vec<PersonId>) =
            away.into_iter().partition(|person| of.participants.contains(person));
        let witnesses = [at_home, took_part].concat();
        let bereaved = self.bereaved_members(of);
        let now = |person: PersonId, channel: Channel| Some(News { day: self.day, person, incident: id, channel });
        let mut told: Vec<Option<News>> = Vec::new();
        for &person in &witnesses {
            told.push(now(person, Channel::Witnessed));
        }
        for &person in &of.participants {
            if self.sees(person, of, &witnesses) {
                told.push(now(person, Channel::Witnessed));
            }
        }
        for &person in &bereaved {
            if witnesses.contains(&person) {
                told.push(now(person, Channel::KinKilled));
            } else {
                told.push(self.word_of(person, id, of, Channel::KinKilled));
            }
        }
        for person in absent {
            if !bereaved.contains(&person) {
                told.push(self.word_of(person, id, of, Channel::Village));
            }
        }
        for person in self.in_laws(of) {
            if !bereaved.contains(&person) && !witnesses.contains(&person) {
                told.push(self.word_of(person, id, of, Channel::Kin));
            }
        }
        told.into_iter().flatten().collect()
    }

    /// Whether an attacker, not from the quarter itself, sees what his side
    /// does to civilians.
    fn sees(&self, person: PersonId, of: &Incident, witnesses: &[PersonId]) -> bool {
        let p_sees = self.world.setup.parameters.news.p_attacker_sees;
        of.dead_civilians() > 0
            && self.person(person).is_reachable_member_of(of.perpetrator)
            && !witnesses.contains(&person)
            && self.draws.chance(p_sees, Purpose::AttackerSees, person.0, self.day, of.address)
    }

    /// Members of the perpetrator who lost people of their clan or in-laws, in
    /// the order of the dead; each once.
    fn bereaved_members(&self, of: &Incident) -> Vec<PersonId> {
        let kinship = &self.world.kinship;
        let mut relatives = Vec::new();
        for &victim in &of.victims {
            let (Some(clan), Some(household)) = (self.person(victim).clan, self.person(victim).household) else {
                continue;
            };
            relatives.extend(self.touched_of_clan(clan.0));
            for tie in kinship.ties_of(clan) {
                if tie.household == household {
                    let theirs = self.touched_of_clan(kinship.clan_of(tie.in_laws).0).into_iter();
                    relatives.extend(theirs.filter(|&person| self.person(person).household == Some(tie.in_laws)));
                }
            }
        }
        self.members_once(&relatives, of.perpetrator)
    }

    /// Members of the perpetrator with in-laws in the quarter; each once.
    fn in_laws(&self, of: &Incident) -> Vec<PersonId> {
        let kinship = &self.world.kinship;
        let mut relatives = Vec::new();
        for clan in of.quarter.clone() {
            for tie in kinship.ties_of(ClanId(clan)) {
                let theirs = self.touched_of_clan(kinship.clan_of(tie.in_laws).0).into_iter();
                relatives.extend(theirs.filter(|&person| self.person(person).household == Some(tie.in_laws)));
            }
        }
        self.members_once(&relatives, of.perpetrator)
    }

    fn members_once(&self, people: &[PersonId], group: GroupId) -> Vec<PersonId> {
        let mut members: Vec<PersonId> = Vec::new();
        for &person in people {
            if self.person(person).is_reachable_member_of(group) && !members.contains(&person) {
                members.push(person);
            }
        }
        members
    }

    /// When news by kin or village reaches a member, if ever; who lost kin and
    /// missed the call may hear of it from the village.
    fn word_of(&self, person: PersonId, id: IncidentId, of: &Incident, channel: Channel) -> Option<News> {
        let parameters = &self.world.setup.parameters.news;
        let (purpose, p_hears, n_days) = if channel == Channel::Village {
            (Purpose::VillageNews, parameters.p_village, VILLAGE_DAYS)
        } else {
            (Purpose::KinNews, parameters.p_call_kin, KIN_DAYS)
        };
        let mut stream = self.draws.stream(purpose, person.0, self.day, of.address);
        let delay = if stream.uniform() < p_hears {
            Some(stream.below(n_days))
        } else if channel == Channel::KinKilled && stream.uniform() < parameters.p_village {
            Some(n_days + stream.below(VILLAGE_DAYS))
        } else {
            None
        };
        delay.map(|delay| News { day: self.day + delay, person, incident: id, channel })
    }

    /// Units of the perpetrator hear what rivals and outside media say, and
    /// what their command answers.
    fn tell_units(&mut self, of: &Incident) {
        let parameters = &self.world.setup.parameters.news;
        let n_active = self.n_active_by_unit();
        let mut said = vec![Told::default(); self.units.len()];
        for unit in self.unit_ids() {
            let words = self.draws.block(Purpose::Claim, unit.0, self.day, of.address);
            let [from_rivals, from_outside, denied, _] = words.map(narrow_unit_interval);
            let by_rivals = from_rivals < parameters.p_rival_claim;
            let by_outside = from_outside < parameters.p_outside_claim;
            let by_command = (by_rivals || by_outside) && denied < parameters.p_command_denies;
            if self.unit(unit).group == of.perpetrator && n_active[unit.idx()] > 0 {
                said[unit.idx()] = Told {
                    n_rivals: u32::from(by_rivals),
                    n_outside: u32::from(by_outside),
                    n_denials: u32::from(by_command),
                };
            }
        }
        self.hear(&said, false);
    }

    /// While a group fights others of its own constituency, rivals accuse it
    /// and its command frames the war; outside messages come on top.
    fn frame(&mut self) {
        let setup = &self.world.setup;
        let parameters = &setup.parameters.news;
        let n_active = self.n_active_by_unit();
        let mut said = vec![Told::default(); self.units.len()];
        let mut sent = vec![Told::default(); self.units.len()];
        for unit in self.unit_ids() {
            let group = self.unit(unit).group;
            let mut enemies = self.enemies_of(self.unit(unit).place, group).into_iter();
            let is_in_fratricide = enemies.any(|enemy| self.share_constituency(group, enemy));
            let words = self.draws.block(Purpose::Framing, unit.0, self.day, 0);
            let [accused, framed, messaged, _] = words.map(narrow_unit_interval);
            let brutality = setup.groups[group.idx()].brutality;
            let p_accused = daily_probability(parameters.background_accusations_per_month * brutality);
            let p_framed = daily_probability(parameters.framing_per_month);
            let p_messaged = daily_probability(self.lever(Lever::OutsideMessaging, group));
            if n_active[unit.idx()] > 0 {
                said[unit.idx()] = Told {
                    n_rivals: u32::from(is_in_fratricide && accused < p_accused),
                    n_outside: 0,
                    n_denials: u32::from(is_in_fratricide && framed < p_framed),
                };
                sent[unit.idx()] = Told { n_outside: u32::from(messaged < p_messaged), ..Told::default() };
            }
        }
        self.hear(&said, true);
        self.hear(&sent, false);
    }

    /// Everyone in a unit hears what is said there, the wounded and captured
    /// too: of whom their group fights, or of how it rules. Shape: `(n_units,)`.
    fn hear(&mut self, said: &[Told], is_of_fight: bool) {
        let setup = &self.world.setup;
        let has_enemy = |group: GroupId| setup.axes.iter().any(|axis| axis.against.iter().any(|&it| it != group));
        let runs = self.runs(Mechanism::Causes);
        let is_of_fight: Vec<bool> = self.group_ids().map(|group| is_of_fight && runs && has_enemy(group)).collect();
        for person in &mut self.people {
            if let (Some(unit), Some(group)) = (person.unit, person.group) {
                let of_claim =
                    if is_of_fight[group.idx()] { &mut person.told_of_fight } else { &mut person.told_of_rule };
                *of_claim = of_claim.plus(said[unit.idx()]);
            }
        }
    }

    /// Brings today's news to its members; gives those who have a new
    /// grievance against their group.
    pub(super) fn reach_members(&mut self, heard_now: Vec<News>) -> Vec<Aggrieved> {
        let mut today = heard_now;
        today.extend(self.news.iter().filter(|news| news.day == self.day));
        let mut aggrieved = Vec::new();
        for news in today {
            let perpetrator = self.incidents[news.incident.idx()].perpetrator;
            if self.person(news.person).is_reachable_member_of(perpetrator) {
                self.take_in(news, &mut aggrieved);
            }
        }
        aggrieved
    }

    /// One member takes in one exposure.
    fn take_in(&mut self, news: News, aggrieved: &mut Vec<Aggrieved>) {
        let parameters = &self.world.setup.parameters.belief;
        let of = self.incidents[news.incident.idx()].clone();
        let (day, person) = (self.day, news.person);
        let heard = self.heard(person);
        let conviction_before = self.conviction(person);
        let judged = judge_sources(parameters, &heard);
        let blames_group = self.blames(news, &of, &heard, judged.honesty[0]);
        let is_home = self.person(person).clan.is_some_and(|clan| of.quarter.contains(&clan.0));
        let harms_home = is_home && matches!(of.kind, IncidentKind::Assault | IncidentKind::Strike);
        let has_dead = of.dead_civilians() > 0;
        let state = self.person_mut(person);
        match news.channel {
            Channel::Witnessed => {
                let full = if harms_home { parameters.witness_home_attack } else { parameters.witness_other };
                state.heard.evidence += if has_dead { full } else { parameters.witness_no_dead_share * full };
                if heard.told().n_denials > 0 && has_dead {
                    state.heard.n_contradictions += 1;
                    state.heard.released = 1.0 - (1.0 - state.heard.released) * (1.0 - parameters.release);
                }
            }
            Channel::KinKilled => {
                state.heard.evidence += parameters.kin_killed;
                state.kin_killed = Some((day, news.incident));
            }
            Channel::Kin | Channel::Village => state.heard.n_kin += u32::from(blames_group),
        }
        if harms_home && blames_group {
            state.home_attacked = Some((day, news.incident));
            self.note(person, StateEvent::HomeAttacked);
        }
        match news.channel {
            Channel::Witnessed => self.note(person, StateEvent::Witnessed),
            Channel::KinKilled => self.note(person, StateEvent::KinKilled),
            Channel::Kin | Channel::Village => {}
        }
        let mut after = self.heard(person);
        after.by_claim.rule.n_kin = heard.by_claim.rule.n_kin;
        self.records.exposures.push(Exposure {
            day: Day(day),
            person,
            incident: news.incident,
            channel: news.channel,
            group: of.perpetrator,
            place: self.whereabouts(person).unwrap_or(of.place),
            is_on_leave: self.is_on_leave(person),
            is_home,
            blames_group,
            dead_civilians: of.dead_civilians(),
            n_accusations: heard.n_accusations(),
            n_denials: heard.told().n_denials,
            conviction_before,
            conviction_after: self.conviction(person),
            credence_before: judged.credence,
            credence_after: judge_sources(parameters, &after).credence,
        });
        self.consider_complaint(news, conviction_before, aggrieved);
    }

    /// Whether a member holds his own group to blame: always for what he saw
    /// or lost himself, else by chance.
    fn blames(&self, news: News, of: &Incident, heard: &HeardOfGroup, posterior_honesty: f64) -> bool {
        if matches!(news.channel, Channel::Witnessed | Channel::KinKilled) {
            return true;
        }
        let all = &self.world.setup.parameters;
        let honesty = match self.world.setup.theory.belief {
            _ if self.states_rule(Rule::Conviction) => {
                let person = news.person;
                self.own_rule(Rule::Trust, person, &|name| self.moved(person, name)).unwrap_or(0.0)
            }
            BeliefTheory::SourceCredibility => posterior_honesty,
            BeliefTheory::MotivatedReasoning => all.belief.honesty_own_command,
            BeliefTheory::DirectExperience | BeliefTheory::SocialAveraging | BeliefTheory::Fixed => 0.0,
        };
        let denial = if heard.told().n_denials > 0 { honesty } else { 0.0 };
        let p_blames = logistic(all.news.blame_intercept - all.news.blame_denial * denial);
        self.draws.chance(p_blames, Purpose::Blame, news.person.0, self.day, of.address)
    }
}
