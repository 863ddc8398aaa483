//! How far a newcomer is accepted by his new side, and who of those who left wants
//! back.

use super::Dense;
use super::muster::Event;
use super::state::Acceptance;
use crate::ids::{GroupId, PersonId, PlaceId};
use crate::maths::{daily_probability, logistic};
use crate::random::Purpose;
use crate::setup::Mechanism;
use crate::tables::{AllegianceKind, Standing};

impl Dense<'_> {
    pub(super) fn begin_acceptance(&mut self, person: PersonId, is_vouched: bool, lost_kin: bool) {
        if self.runs(Mechanism::Acceptance) {
            let since = self.day;
            let state = self.person_mut(person);
            let n_wounds = state.n_wounds;
            state.acceptance = Some(Acceptance { level: 0.0, since, is_vouched, lost_kin, n_wounds });
        }
    }

    pub(super) fn rejection(&self, person: PersonId) -> f64 {
        match self.person(person).acceptance {
            Some(acceptance) => self.world.setup.parameters.acceptance.rejection * (1.0 - acceptance.level),
            None => 0.0,
        }
    }

    pub(super) fn may_command(&self, person: PersonId) -> bool {
        match self.person(person).acceptance {
            Some(acceptance) => acceptance.level >= self.world.setup.parameters.acceptance.command_from,
            None => true,
        }
    }

    pub(super) fn exposure_of_kin(&self, person: PersonId) -> f64 {
        match self.person(person).acceptance {
            Some(acceptance) => 1.0 - self.world.setup.parameters.acceptance.shelter * acceptance.level,
            None => 1.0,
        }
    }

    fn is_end_of_week(&self) -> bool {
        self.runs(Mechanism::Acceptance) && self.day % 7 == 6
    }

    /// Once a week all who serve where they came over to are accepted a little more.
    pub(super) fn accept_newcomers(&mut self) {
        if !self.is_end_of_week() {
            return;
        }
        let p = &self.world.setup.parameters.acceptance;
        let today = self.day;
        for person in self.people.iter_mut().filter(|person| person.standing == Standing::Active) {
            let n_wounds = person.n_wounds;
            let Some(acceptance) = &mut person.acceptance else { continue };
            if acceptance.since == today {
                continue;
            }
            let mut share = p.by_time;
            share += if acceptance.is_vouched { p.by_voucher } else { 0.0 };
            share += if acceptance.lost_kin { p.by_kin_killed } else { 0.0 };
            share += p.by_wound * f64::from(n_wounds - acceptance.n_wounds);
            acceptance.level += share.min(1.0) * (p.ceiling - acceptance.level);
            acceptance.n_wounds = n_wounds;
        }
    }

    /// Once a week deserters go back to their groups or don't.
    pub(super) fn come_back(&mut self) {
        if !self.is_end_of_week() {
            return;
        }
        let mut sizes = vec![0_u32; self.groups.len()];
        for (unit, n_active) in self.unit_ids().zip(self.n_active_by_unit()) {
            sizes[self.unit(unit).group.idx()] += n_active;
        }
        for person in self.leavers() {
            let state = self.person(person);
            let (Some(old), Some(home)) = (state.old_group, state.home) else { continue };
            if state.standing != Standing::Deserter || !self.groups[old.idx()].is_alive {
                continue;
            }
            let hazard = self.hazard_of_return(person, old, home, &sizes);
            let wants_back =
                self.draws.uniform(Purpose::WantsBack, person.0, self.day, 0) < daily_probability(hazard * 7.0);
            if wants_back && self.force_around(home, old, self.world.setup.parameters.exits.host_reach_km) > 0 {
                let unit = self.unit_near(old, home);
                let event = Event { place: Some(home), to_group: Some(old), ..Event::default() };
                let mut row = self.allegiance_row(person, AllegianceKind::Join, None, event);
                self.enlist(person, unit);
                row.unit = Some(unit);
                row.conviction = Some(self.conviction(person));
                self.records.allegiance.push(row);
            }
        }
    }

    fn hazard_of_return(&self, person: PersonId, old: GroupId, home: PlaceId, sizes: &[u32]) -> f64 {
        let p = &self.world.setup.parameters.acceptance;
        let own = f64::from(sizes[old.idx()]);
        let enemies: f64 = self.enemies_of(home, old).into_iter().map(|enemy| f64::from(sizes[enemy.idx()])).sum();
        let committed = logistic(self.person(person).conviction_on_leaving - p.committed_from);
        p.return_per_month * committed * own / (own + enemies).max(1.0)
    }
}
