//! Joining: candidates of a place are drawn by thinning, and each is kept with
//! the ratio of his own hazard to the bound.

use super::Dense;
use super::muster::Event;
use crate::geography::Geography;
use crate::ids::{ClanId, GroupId, PersonId, PlaceId};
use crate::maths::{DAYS_PER_MONTH, exp, half_life_factor, ln};
use crate::random::{Purpose, Stream};
use crate::setup::Mechanism;
use crate::tables::{AllegianceKind, Cause, Rank, Standing};
use crate::theory::Rule;
use crate::traits::demography;

/// The largest share of a clan's men inside a group that raises the hazard.
const MAX_TIES: f64 = 0.5;
/// Recent deaths beyond which fear grows no more.
const MAX_FEARED_DEATHS: f64 = 10.0;
/// Share of a clan's people who are men of fighting age.
const SHARE_OF_MEN: f64 = 0.2;

/// Something that draws a man to a group, and what it adds to the log-hazard.
type Driver = (Cause, f64);

/// The larger of two drivers, the first on a tie.
fn larger(best: Driver, other: Driver) -> Driver {
    if other.1 > best.1 { other } else { best }
}

/// What draws the men of a place to a group.
struct Pull {
    group: GroupId,
    log_hazard: f64,
    driver: Driver,
}

impl Dense<'_> {
    /// Men join the groups in reach; foreign recruits arrive.
    pub(super) fn recruit(&mut self) {
        if !self.runs(Mechanism::Joining) {
            return;
        }
        let mut n_joined = vec![0; self.groups.len()];
        for place in self.place_ids() {
            self.recruit_in(place, &mut n_joined);
        }
        for group in self.group_ids() {
            self.receive_foreigners(group, n_joined[group.idx()]);
        }
    }

    fn recruit_in(&mut self, place: PlaceId, n_joined: &mut [u32]) {
        let parameters = &self.world.setup.parameters.joining;
        let reach_km = parameters.reach_km.min(Geography::RADIUS_KM);
        let mut pulls = Vec::new();
        for group in self.group_ids() {
            let takes_men = self.world.setup.groups[group.idx()].recruits && self.groups[group.idx()].is_alive;
            let has_men = self.share_of_men_left(group) > 0.0;
            if takes_men && has_men && self.force_around(place, group, reach_km) > 0 {
                pulls.push(self.pull(place, group));
            }
        }
        let residents: Vec<PersonId> = self.world.kinship.people_of_place(place).map(PersonId).collect();
        let is_bereaved = residents.iter().any(|&person| self.person(person).killed_by.is_some());
        let revenge_bound = if is_bereaved { parameters.revenge_weight } else { 0.0 };
        let weight = self.world.setup.parameters.causes.joining_weight;
        let appeal_bound = if self.runs(Mechanism::Causes) { 0.5 * weight } else { 0.0 };
        let personal_bound = if self.states_rule(Rule::Join) {
            1.0
        } else {
            exp(parameters.ties_weight * MAX_TIES + revenge_bound + appeal_bound)
        };
        let bound = pulls.iter().map(|pull| exp(pull.log_hazard)).sum::<f64>() * personal_bound;
        let n_people = residents.len() as u32;
        let mut count = self.draws.stream(Purpose::JoinCandidates, place.0, self.day, 0);
        let n_candidates = count.binomial(n_people, (bound / DAYS_PER_MONTH).min(1.0));
        for nth in 0..n_candidates {
            let mut stream = self.draws.stream(Purpose::JoinCandidate, place.0, self.day, nth);
            let candidate = residents[stream.below(n_people) as usize];
            if let Some(group) = self.consider(candidate, place, &pulls, bound, &mut stream) {
                n_joined[group.idx()] += 1;
            }
        }
    }

    /// The place's part of the log-hazard of joining a group, for the most hopeful.
    fn pull(&self, place: PlaceId, group: GroupId) -> Pull {
        if self.states_rule(Rule::Join) {
            let most = self.most_of_nobody(Rule::Join, &|name| self.joining_range(place, group, name));
            let log_hazard = self.joining_base(group) + (most + 1e-12 * (1.0 + most.abs()));
            return Pull { group, log_hazard, driver: (Cause::Own, 0.0) };
        }
        let all = &self.world.setup.parameters;
        let p = &all.joining;
        let control = self.share(place, group);
        let pay_ratio = self.pay_usd(group).max(10.0) / all.exits.alternative_pay_usd.max(10.0);
        let usual = self.pull_of_victory(group, 0.0);
        let outlook = match usual {
            Some(usual) => (Cause::Expectation, usual),
            None => (Cause::Prospects, p.momentum_weight * self.groups[group.idx()].momentum),
        };
        let most = self.pull_of_victory(group, 3.0);
        let room = most.zip(usual).map_or(0.0, |(most, usual)| most - usual);
        let drivers = [
            (Cause::Material, p.pay_weight * ln(pay_ratio)),
            (Cause::Control, p.control_weight * control),
            outlook,
            (Cause::Belief, p.support_weight * self.support(place, group)),
        ];
        let distance = if control < p.presence_control { -p.distance_weight } else { 0.0 };
        let total: f64 = drivers.iter().map(|&(_, value)| value).sum();
        Pull {
            group,
            log_hazard: ln(p.per_month.max(1e-12)) + distance - self.fear_of_holder(place, group)
                + total
                + ln(self.share_of_men_left(group))
                + room,
            driver: drivers.into_iter().fold((Cause::Baseline, 0.0), larger),
        }
    }

    /// What a theory in a file leaves to the engine.
    fn joining_base(&self, group: GroupId) -> f64 {
        ln(self.world.setup.parameters.joining.per_month.max(1e-12)) + ln(self.share_of_men_left(group))
    }

    /// Where what the slot offers lies for the men of a place.
    fn joining_range(&self, place: PlaceId, group: GroupId, name: &str) -> (f64, f64) {
        match name {
            "clan_inside" | "clan_harmed" | "group_distance" => (0.0, 1.0),
            "days_since_clan_harmed" => (0.0, 36_500.0),
            "candidate_age" => (0.0, 120.0),
            name => {
                let value = self.of_group_in_place(place, group, name);
                (value, value)
            }
        }
    }

    fn of_group_in_place(&self, place: PlaceId, group: GroupId, name: &str) -> f64 {
        match name {
            "group_control" => self.share(place, group),
            "group_pay" => self.pay_usd(group),
            "group_gain" => self.groups[group.idx()].momentum,
            "group_outlook" => self.groups[group.idx()].outlook,
            "group_support" => self.support(place, group),
            "fear_of_holder" => self.fear_of_holder(place, group),
            _ => panic!("{name} has no twin"),
        }
    }

    /// The log-hazard of a theory in a file, for one candidate.
    fn own_log_hazard(&self, person: PersonId, place: PlaceId, group: GroupId) -> f64 {
        let clan = self.person(person).clan.expect("an inhabitant has a clan");
        let since = self.days_since_clan_harmed(clan, place, group);
        let said = self.own_rule_of_nobody(Rule::Join, &|name| match name {
            "clan_inside" => self.share_inside(clan, group),
            "clan_harmed" => f64::from(u8::from(since.is_some())),
            "days_since_clan_harmed" => since.map_or(36_500.0, f64::from),
            "group_distance" if self.runs(Mechanism::Causes) => self.distance_from(person, group),
            "group_distance" => 0.5,
            "candidate_age" => f64::from(self.person(person).age),
            name => self.of_group_in_place(place, group, name),
        });
        self.joining_base(group) + said
    }

    /// What terror takes from joining an enemy of the group in near-complete
    /// control.
    fn fear_of_holder(&self, place: PlaceId, group: GroupId) -> f64 {
        let holder = self.controller(place);
        let control = self.share(place, holder);
        let recent = self.world.setup.scaled_up(self.places[place.idx()].recent_deaths).min(MAX_FEARED_DEATHS);
        let is_felt = control >= self.world.setup.parameters.joining.fear_control && self.at_war(place, group, holder);
        if is_felt { self.world.setup.parameters.support.fear_effect * control * recent } else { 0.0 }
    }

    /// Lets a candidate join the group that his hazards pick, if any.
    fn consider(
        &mut self,
        person: PersonId,
        place: PlaceId,
        pulls: &[Pull],
        bound: f64,
        stream: &mut Stream,
    ) -> Option<GroupId> {
        let mut u = stream.uniform() * bound;
        if !self.is_for_hire(person) {
            return None;
        }
        let clan = self.person(person).clan.expect("an inhabitant has a clan");
        for pull in pulls.iter().filter(|_| self.states_rule(Rule::Join)) {
            let hazard = exp(self.own_log_hazard(person, place, pull.group));
            if u < hazard {
                self.join(person, pull.group, place, Cause::Own, hazard);
                return Some(pull.group);
            }
            u -= hazard;
        }
        if self.states_rule(Rule::Join) {
            return None;
        }
        for pull in pulls {
            let ties = (Cause::SocialTies, self.ties(clan, pull.group));
            let revenge = (Cause::Revenge, self.revenge(clan, place, pull.group));
            let appeal = (Cause::Belief, self.appeal(person, pull.group));
            let less_hope = self.less_hope(person, pull.group);
            let hazard = exp(pull.log_hazard + ties.1 + revenge.1 + appeal.1 + less_hope);
            if u < hazard {
                let (cause, _) = larger(larger(larger(pull.driver, ties), revenge), appeal);
                self.join(person, pull.group, place, cause, hazard);
                return Some(pull.group);
            }
            u -= hazard;
        }
        None
    }

    /// Whether a person is a man of 15 to 40 without work, at home, and nobody
    /// who came from a group.
    fn is_for_hire(&self, person: PersonId) -> bool {
        let (draws, parameters) = (&self.world.population_draws, &self.world.setup.parameters);
        let state = self.person(person);
        demography(draws, &parameters.traits, person).can_bear_arms()
            && draws.uniform(Purpose::Person, person.0, 3, 0) < parameters.joining.idle_share
            && state.standing == Standing::Civilian
            && state.old_group.is_none()
            && self.is_at_home(person)
    }

    /// Kin and friends inside a group as a part of the log-hazard.
    fn ties(&self, clan: ClanId, group: GroupId) -> f64 {
        self.world.setup.parameters.joining.ties_weight * self.share_inside(clan, group).min(MAX_TIES)
    }

    /// Members of a clan inside a group, as a share of the clan's men.
    fn share_inside(&self, clan: ClanId, group: GroupId) -> f64 {
        let people = self.world.kinship.people_of_clans(&(clan.0..clan.0 + 1));
        let n_men = (SHARE_OF_MEN * people.len() as f64).max(1.0);
        let is_inside = |kin: &PersonId| {
            let kin = self.person(*kin);
            kin.group == Some(group) && kin.standing != Standing::Dead
        };
        people.map(PersonId).filter(is_inside).count() as f64 / n_men
    }

    /// Revenge for kin killed by enemies that a group has in a place as a part of the
    /// log-hazard.
    fn revenge(&self, clan: ClanId, place: PlaceId, group: GroupId) -> f64 {
        let parameters = &self.world.setup.parameters.joining;
        let since = self.days_since_clan_harmed(clan, place, group);
        let fresh = since.map_or(0.0, |days| half_life_factor(f64::from(days), parameters.revenge_days));
        parameters.revenge_weight * fresh
    }

    /// Days since an enemy that a group has in a place last killed one of a clan.
    fn days_since_clan_harmed(&self, clan: ClanId, place: PlaceId, group: GroupId) -> Option<u32> {
        let people = self.world.kinship.people_of_clans(&(clan.0..clan.0 + 1)).map(PersonId);
        let killed = people.filter_map(|kin| self.person(kin).killed_by);
        killed.filter(|&(killer, _)| self.at_war(place, group, killer)).map(|(_, day)| self.day - day).min()
    }

    pub(super) fn join(&mut self, person: PersonId, group: GroupId, place: PlaceId, cause: Cause, hazard: f64) {
        self.touch(person);
        let unit = self.unit_near(group, place);
        let event = Event { place: Some(place), to_group: Some(group), ..Event::default() };
        let mut row = self.allegiance_row(person, AllegianceKind::Join, None, event);
        self.enlist(person, unit);
        self.person_mut(person).entered = Some((self.day, place));
        row.cause = Some(cause);
        row.hazard = Some(hazard);
        row.unit = Some(unit);
        row.conviction = Some(self.conviction(person));
        self.records.allegiance.push(row);
    }

    /// Foreign recruits come to the units of a group that has foreign members,
    /// in proportion to the locals who joined today.
    fn receive_foreigners(&mut self, group: GroupId, n_joined: u32) {
        let setup = &self.world.setup;
        let foreign_share = setup.groups[group.idx()].foreign_share.rank_and_file;
        let share = setup.parameters.joining.foreign_share_of_inflow.min(foreign_share).min(0.95);
        let mut stream = self.draws.stream(Purpose::ForeignInflow, u32::from(group.0), self.day, 0);
        let n_foreign = stream.poisson(f64::from(n_joined) * share / (1.0 - share));
        self.admit_outsiders(group, n_foreign, Rank::RankAndFile, true, &mut stream);
    }
}
