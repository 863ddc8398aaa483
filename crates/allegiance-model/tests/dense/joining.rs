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
        let personal_bound = exp(parameters.ties_weight * MAX_TIES + revenge_bound + appeal_bound);
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

    /// What terror takes from joining an enemy of the group in near-complete
    /// control.
    fn fear_of_holder(&self, place: PlaceId, group: GroupId) -> f64 {
        let holder = self.controller(place);
        let control = self.share(place, holder);
        let recent = self.places[place.idx()].recent_deaths.min(MAX_FEARED_DEATHS);
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
        let people = self.world.kinship.people_of_clans(&(clan.0..clan.0 + 1));
        let n_men = (SHARE_OF_MEN * people.len() as f64).max(1.0);
        let is_inside = |kin: &PersonId| {
            let kin = self.person(*kin);
            kin.group == Some(group) && kin.standing != Standing::Dead
        };
        let n_inside = people.map(PersonId).filter(is_inside).count() as f64;
        self.world.setup.parameters.joining.ties_weight * (n_inside / n_men).min(MAX_TIES)
    }

    /// Revenge for kin killed by enemies that a group has in a place as a part of the
    /// log-hazard.
    fn revenge(&self, clan: ClanId, place: PlaceId, group: GroupId) -> f64 {
        let parameters = &self.world.setup.parameters.joining;
        let people = self.world.kinship.people_of_clans(&(clan.0..clan.0 + 1));
        let mut fresh = 0.0_f64;
        for kin in people.map(PersonId) {
            if let Some((killer, day)) = self.person(kin).killed_by
                && self.at_war(place, group, killer)
            {
                fresh = fresh.max(half_life_factor(f64::from(self.day - day), parameters.revenge_days));
            }
        }
        parameters.revenge_weight * fresh
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
