//! Where a leaver goes.

use super::Dense;
use super::exit_blocks::{PerKind, has_blocks};
use crate::ids::{GroupId, PersonId, PlaceId};
use crate::maths::exp;
use crate::random::Purpose;
use crate::setup::Mechanism;
use crate::tables::ExitKind;
use crate::theory::Rule;

impl Dense<'_> {
    /// Draws where a member goes who leaves from a place today; gives also the
    /// chance of each kind of exit.
    pub(super) fn destination(&self, person: PersonId, place: PlaceId) -> (ExitKind, Option<GroupId>, PerKind) {
        let mut ways: Vec<(ExitKind, Option<GroupId>, f64)> = Vec::new();
        if !self.person(person).is_foreign {
            ways.push((ExitKind::Desertion, None, 1.0));
        }
        let group = self.group_of(person);
        let reach_km = self.world.setup.parameters.exits.host_reach_km;
        for host in self.enemies_of(place, group) {
            let near = self.world.geography.within(place, reach_km);
            let is_near = near.iter().any(|near| self.force(near.place, host) > 0);
            if is_near && self.groups[host.idx()].is_alive {
                ways.push((ExitKind::Defection, Some(host), exp(self.utility(person, place, host))));
            }
        }
        let nothing = |name: &str| panic!("{name} has no twin");
        let abroad = self.own_rule(Rule::Abroad, person, &nothing);
        ways.push((ExitKind::Departure, None, exp(abroad.unwrap_or(self.world.setup.parameters.destination.abroad))));
        let total: f64 = ways.iter().map(|way| way.2).sum();
        let shares = [ExitKind::Desertion, ExitKind::Defection, ExitKind::Departure].map(|kind| {
            let of_kind = ways.iter().filter(|way| way.0 == kind);
            of_kind.map(|way| way.2 / total).fold(0.0, |sum, share| sum + share)
        });
        let mut at = self.draws.uniform(Purpose::ExitKind, person.0, self.day, 0) * total;
        for &(kind, host, weight) in &ways {
            if at < weight {
                return (kind, host, shares);
            }
            at -= weight;
        }
        (ExitKind::Departure, None, shares)
    }

    fn utility(&self, person: PersonId, place: PlaceId, host: GroupId) -> f64 {
        let p = &self.world.setup.parameters.destination;
        if !self.states_rule(Rule::Host) && !has_blocks(&self.world.setup) {
            return p.host;
        }
        let state = self.person(person);
        let group = self.group_of(person);
        let is_vouched = self.has_voucher(person, host);
        let is_home_attacked = state.home_attacked.is_some_and(|(day, _)| day == self.day)
            && state.home == Some(place)
            && self.force(place, host) > 0;
        let distance = if self.runs(Mechanism::Causes) {
            0.5 + 0.5 * (self.distance_from(person, host) - self.distance_from(person, group))
        } else {
            self.distance(group, host)
        };
        let flag = |holds: bool| f64::from(u8::from(holds));
        let own_reach = state.home.map_or(0.0, |home| self.share(home, group));
        let suspicion = if self.runs(Mechanism::Stigma) { self.expected_suspicion(person, is_vouched) } else { 0.5 };
        let said = self.own_rule(Rule::Host, person, &|name| match name {
            "host_vouched" => flag(is_vouched),
            "host_at_attacked_home" => flag(is_home_attacked),
            "host_distance" => distance,
            "host_suspicion" => suspicion,
            "host_victory" if self.runs(Mechanism::Expectation) => self.groups[host.idx()].outlook,
            "host_victory" => 0.0,
            _ => panic!("{name} has no twin"),
        });
        if let Some(said) = said {
            return said;
        }
        p.host
            + p.voucher * flag(is_vouched)
            + p.home_attacked * flag(is_home_attacked)
            + p.kin_killed * flag(state.kin_killed.is_some())
            + p.own_reach * own_reach
            + p.offer_refused * flag(state.offer_refused)
            - p.cause_distance * (distance - 0.5)
            - p.suspicion * (suspicion - 0.5)
            + self.outlook_of_host(host)
    }
}
