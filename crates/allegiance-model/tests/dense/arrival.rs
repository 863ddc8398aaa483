//! Arrival at a new side: who takes a leaver in, and how far it trusts him.

use super::Dense;
use super::exits::Leaving;
use super::muster::Event;
use super::state::{Person, Return, Suspicion};
use crate::ids::{GroupId, PersonId, PlaceId, UnitId};
use crate::maths::{DAYS_PER_MONTH, daily_probability, exp};
use crate::random::Purpose;
use crate::setup::{Lever, Mechanism};
use crate::tables::{AllegianceKind, Outcome, Standing};

impl Dense<'_> {
    /// The group that a member can go over to: of those at war with his own
    /// and stationed in reach, the nearest with a voucher for him, else the
    /// nearest.
    pub(super) fn find_host(&self, person: PersonId, place: PlaceId) -> Option<GroupId> {
        let group = self.person(person).group?;
        let reach_km = self.world.setup.parameters.exits.host_reach_km;
        let mut hosts = Vec::new();
        for near in &self.world.geography.within(place, reach_km) {
            for host in self.enemies_of(place, group) {
                if self.groups[host.idx()].is_alive && self.force(near.place, host) > 0 {
                    hosts.push(host);
                }
            }
        }
        let vouched = hosts.iter().copied().find(|&host| self.has_voucher(person, host));
        vouched.or(hosts.first().copied())
    }

    /// Whether kin or co-villagers serve with a group.
    pub(super) fn has_voucher(&self, person: PersonId, host: GroupId) -> bool {
        let state = self.person(person);
        let (Some(clan), Some(home)) = (state.clan, state.home) else { return false };
        let quarter = self.world.kinship.quarter_of(clan, home);
        self.people.iter().any(|other| {
            other.group == Some(host) && other.is_active() && other.clan.is_some_and(|clan| quarter.contains(&clan.0))
        })
    }

    /// Hosts take in today's defectors or turn them away; newcomers under
    /// suspicion risk arrest.
    pub(super) fn settle_leavers(&mut self, leavings: Vec<Leaving>) {
        for leaving in leavings {
            self.settle_leaver(leaving);
        }
        if self.runs(Mechanism::Stigma) {
            self.arrest_newcomers();
        }
    }

    fn settle_leaver(&mut self, leaving: Leaving) {
        let all = &self.world.setup.parameters;
        let p = &all.arrival;
        let Leaving { person, unit: old_unit, host, place, incident } = leaving;
        let has_stigma = self.runs(Mechanism::Stigma);
        let is_vouched = self.has_voucher(person, host);
        let unaided = if is_vouched { p.p_accept_voucher } else { p.p_accept_stranger };
        let unaided = if has_stigma { unaided } else { 1.0 };
        let amnesty = self.lever(Lever::Amnesty, host).clamp(0.0, 1.0);
        let message = self.lever(Lever::TrustedMessage, host).clamp(0.0, 1.0);
        let by_amnesty = amnesty * (p.p_accept_voucher - unaided).max(0.0);
        let by_message = all.interventions.trusted_message_gain * message;
        let p_accept = (unaided + by_amnesty + by_message).min(1.0);
        let event = Event { place: Some(place), incident, to_group: Some(host), ..Event::default() };
        if !self.draws.chance(p_accept, Purpose::Arrival, person.0, self.day, 0) {
            self.turn_away(person, event);
            return;
        }
        let unit = self.unit_near(host, place);
        self.person_mut(person).entered = Some((self.day, place));
        self.receive(person, unit, old_unit, event);
    }

    /// A group takes one who leaves another into one of its units.
    pub(super) fn receive(&mut self, person: PersonId, unit: UnitId, old_unit: UnitId, event: Event) {
        let p = &self.world.setup.parameters.arrival;
        let host = self.unit(unit).group;
        let is_enemy = self.person(person).old_group.is_some_and(|old| self.fight_anywhere(old, host));
        let is_suspect = self.runs(Mechanism::Stigma) && is_enemy;
        let is_vouched = self.has_voucher(person, host);
        let on_arrival = self.expected_suspicion(person, is_vouched);
        let is_watched = is_suspect && on_arrival > p.watched_above;
        let outcome = if is_watched { Outcome::Watched } else { Outcome::TakenIn };
        let mut row = self.allegiance_row(person, AllegianceKind::Arrival, Some(outcome), event);
        row.suspicion = is_suspect.then_some(on_arrival);
        self.records.allegiance.push(row);
        let lost_kin = self.person(person).kin_killed.is_some();
        self.enlist(person, unit);
        if is_enemy {
            self.begin_acceptance(person, is_vouched, lost_kin);
        }
        self.units[old_unit.idx()].told_of.push((host, self.day));
        if is_suspect {
            let (day, nth) = (self.day, self.n_newcomers);
            self.n_newcomers += 1;
            let state = self.person_mut(person);
            state.suspicion = Some(Suspicion { since: day, on_arrival, n_wounds_since: 0 });
            state.nth_newcomer = state.nth_newcomer.or(Some(nth));
        }
    }

    /// The suspicion that a host has of one who comes over to it today.
    pub(super) fn expected_suspicion(&self, person: PersonId, is_vouched: bool) -> f64 {
        let p = &self.world.setup.parameters.arrival;
        let voucher = if is_vouched { p.voucher_discount } else { 1.0 };
        let loss = if self.person(person).kin_killed.is_some() { p.kin_killed_discount } else { 1.0 };
        p.suspicion_voluntary * voucher * loss
    }

    /// A defector without a host is a deserter after all.
    fn turn_away(&mut self, person: PersonId, event: Event) {
        self.record(person, AllegianceKind::Arrival, Some(Outcome::TurnedAway), event);
        let (kind, standing) = if self.person(person).is_foreign {
            (AllegianceKind::Departure, Standing::Departed)
        } else {
            (AllegianceKind::Desertion, Standing::Deserter)
        };
        self.person_mut(person).standing = standing;
        self.record(person, kind, None, Event { to_group: None, ..event });
    }

    /// Suspicion of a newcomer today; none of anyone else.
    pub(super) fn suspicion_now(&self, person: PersonId) -> Option<f64> {
        let parameters = &self.world.setup.parameters.arrival;
        let suspicion = self.person(person).suspicion?;
        let mut discount = 1.0;
        for _ in 0..suspicion.n_wounds_since {
            discount *= parameters.wound_discount;
        }
        let months = f64::from(self.day - suspicion.since) / DAYS_PER_MONTH;
        Some(suspicion.on_arrival * discount * exp(-months / parameters.suspicion_months.max(1e-9)))
    }

    /// In the order in which they first came.
    fn arrest_newcomers(&mut self) {
        let parameters = &self.world.setup.parameters;
        let n_days = (parameters.deterrence.detention_days.round() as u32).max(1);
        let mut newcomers: Vec<&Person> = self.people.iter().filter(|person| person.nth_newcomer.is_some()).collect();
        newcomers.sort_by_key(|person| person.nth_newcomer);
        let newcomers: Vec<PersonId> = newcomers.into_iter().map(|person| person.id).collect();
        for person in newcomers {
            let Some(suspicion) = self.suspicion_now(person) else { continue };
            let doubt = 1.0 - self.person(person).acceptance.map_or(0.0, |acceptance| acceptance.level);
            let p_arrest = daily_probability(parameters.arrival.arrest_per_month * suspicion * doubt);
            let is_arrested = self.draws.chance(p_arrest, Purpose::Arrest, person.0, self.day, 0);
            if is_arrested && self.person(person).is_active() {
                let group = self.person(person).group;
                let event = Event { to_group: group, ..Event::default() };
                let mut row = self.allegiance_row(person, AllegianceKind::Arrest, None, event);
                row.suspicion = Some(suspicion);
                self.records.allegiance.push(row);
                self.sideline(person, Standing::Detained, Return::Release, n_days);
                self.person_mut(person).captor = group;
            }
        }
    }
}
