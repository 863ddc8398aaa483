//! What becomes of a prisoner who isn't executed.

use super::Dense;
use super::muster::Event;
use super::state::{Person, Return};
use crate::ids::{GroupId, PersonId};
use crate::maths::{exp, ln};
use crate::random::Purpose;
use crate::setup::{Mechanism, Policy};
use crate::tables::{AllegianceKind, Standing};

/// The most members that a unit takes.
const MAX_UNIT_MEMBERS: f64 = 150.0;

impl Dense<'_> {
    /// Draws what becomes of a prisoner, and when.
    pub(super) fn hold_prisoner(&mut self, person: PersonId, captor: GroupId) {
        let p = &self.world.setup.parameters.prisoners;
        let state = self.person(person);
        let share = |policy, usual| self.policy(captor, policy).unwrap_or(usual);
        let released = share(Policy::PrisonersReleased, p.released_share);
        let exchanged = share(Policy::PrisonersExchanged, p.exchanged_share);
        let group = state.group.expect("a prisoner has a group");
        let willing = if state.is_foreign { 0.0 } else { exp(-p.cause_distance * self.distance(group, captor)) };
        let recruited = share(Policy::PrisonersRecruited, p.recruited_share) * willing;
        let total = (released + exchanged + recruited).max(1.0);
        let mut stream = self.draws.stream(Purpose::PrisonerPolicy, person.0, self.day, 0);
        let u = stream.uniform();
        let fate = if u < released / total {
            Some((Return::Parole, p.release_days))
        } else if u < released / total + exchanged / total {
            Some((Return::Release, p.exchange_days))
        } else if u < released / total + exchanged / total + recruited / total {
            Some((Return::Recruitment, p.recruitment_days))
        } else {
            None
        };
        if let Some((what, mean_days)) = fate {
            let n_days = 1 + (-ln(stream.uniform()) * mean_days) as u32;
            self.sideline(person, Standing::Prisoner, what, n_days);
        } else {
            let state = self.person_mut(person);
            state.standing = Standing::Prisoner;
            state.due = None;
        }
    }

    pub(super) fn let_go_home(&mut self, person: PersonId) {
        let captor = self.person_mut(person).captor.take();
        self.record(person, AllegianceKind::Release, None, Event { to_group: captor, ..Event::default() });
        let (kind, standing) = if self.person(person).is_foreign {
            (AllegianceKind::Departure, Standing::Departed)
        } else {
            (AllegianceKind::Desertion, Standing::Deserter)
        };
        self.record(person, kind, None, Event::default());
        self.note_leaver(person);
        self.leave_group(person, standing);
    }

    pub(super) fn recruit_prisoner(&mut self, person: PersonId) {
        let captor = self.person(person).captor.expect("a prisoner has a captor");
        let main_body = self.strongest_place_of(captor).filter(|_| self.groups[captor.idx()].is_alive);
        let Some(place) = main_body else { return self.set_free(person) };
        let old_unit = self.unit_of(person);
        let event = Event { place: Some(place), to_group: Some(captor), ..Event::default() };
        self.record(person, AllegianceKind::Release, None, event);
        self.record(person, AllegianceKind::Defection, None, event);
        self.note_leaver(person);
        self.person_mut(person).captor = None;
        self.leave_group(person, Standing::Civilian);
        let most = self.world.setup.scaled_down(MAX_UNIT_MEMBERS);
        let last = self.groups[captor.idx()].unit_of_recruits.filter(|&unit| {
            let members = self.members(unit);
            members.iter().any(|&member| self.person(member).is_active()) && (members.len() as f64) < most
        });
        let unit = last.unwrap_or_else(|| self.add_unit(captor, place));
        self.groups[captor.idx()].unit_of_recruits = Some(unit);
        self.receive(person, unit, old_unit, event);
    }

    /// Every morning the prisoners of groups that are gone are free.
    pub(super) fn free_prisoners_of_the_gone(&mut self) {
        if !self.runs(Mechanism::Prisoners) {
            return;
        }
        let is_freed = |person: &&Person| {
            let captor = person.captor.filter(|_| person.standing == Standing::Prisoner);
            captor.is_some_and(|captor| !self.groups[captor.idx()].is_alive)
        };
        let mut freed: Vec<(GroupId, u32, PersonId)> = Vec::new();
        for person in self.people.iter().filter(is_freed) {
            freed.push((person.captor.expect("of the gone"), person.row.expect("touched"), person.id));
        }
        freed.sort_unstable();
        for (_, _, person) in freed {
            self.person_mut(person).due = None;
            self.set_free(person);
        }
    }
}
