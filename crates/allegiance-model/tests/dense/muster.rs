//! How people enter and leave units, and how their standings change.

use super::Dense;
use super::expectation::Death;
use super::state::{Due, Return, Unit, outsider};
use crate::belief::{Heard, Told};
use crate::geography::Geography;
use crate::ids::{GroupId, IncidentId, PersonId, PlaceId, UnitId};
use crate::random::Purpose;
use crate::setup::Mechanism;
use crate::tables::{Allegiance, AllegianceKind, Day, Outcome, Rank, Standing};
use crate::traits::motives;

/// The most members that a unit takes.
const MAX_UNIT_MEMBERS: f64 = 150.0;

/// Where and why something happens to a person.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Event {
    pub(super) place: Option<PlaceId>,
    pub(super) incident: Option<IncidentId>,
    pub(super) to_group: Option<GroupId>,
    /// Who killed or wounded him, where that isn't the group above.
    pub(super) by: Option<GroupId>,
    pub(super) is_on_leave: bool,
}

impl Dense<'_> {
    pub(super) fn enrol_first_members(&mut self) {
        let world = self.world;
        for first in &world.first.units {
            let unit = self.add_unit(first.group, first.place);
            for member in &first.members {
                if !member.has_home {
                    let newcomer = self.add_outsider(member.is_foreign);
                    assert_eq!(newcomer, member.person, "outsiders are numbered as they come");
                }
                self.enlist(member.person, unit);
                self.person_mut(member.person).rank = member.rank;
            }
        }
    }

    /// A new man from outside the region.
    pub(super) fn add_outsider(&mut self, is_foreign: bool) -> PersonId {
        let person = PersonId::from_idx(self.people.len());
        self.people.push(outsider(self.world, person, is_foreign));
        person
    }

    pub(super) fn add_unit(&mut self, group: GroupId, place: PlaceId) -> UnitId {
        self.units.push(Unit::new(group, place));
        UnitId::from_idx(self.units.len() - 1)
    }

    /// Notes that history has touched a person.
    pub(super) fn touch(&mut self, person: PersonId) {
        if self.person(person).row.is_none() {
            self.person_mut(person).row = Some(self.n_touched);
            self.n_touched += 1;
        }
    }

    /// The members of a unit, whatever their standing, in the order in which
    /// they came to it.
    pub(super) fn members(&self, unit: UnitId) -> Vec<PersonId> {
        let mut members: Vec<&super::Person> = self.people.iter().filter(|person| person.unit == Some(unit)).collect();
        members.sort_by_key(|person| person.nth_enlisted);
        members.into_iter().map(|person| person.id).collect()
    }

    /// The members of every unit. Shape: `(n_units,)`.
    pub(super) fn members_by_unit(&self) -> Vec<Vec<PersonId>> {
        let mut members = vec![Vec::new(); self.units.len()];
        for person in &self.people {
            if let Some(unit) = person.unit {
                members[unit.idx()].push(person.id);
            }
        }
        for list in &mut members {
            list.sort_by_key(|&person| self.person(person).nth_enlisted);
        }
        members
    }

    /// The active members of every unit. Shape: `(n_units,)`.
    pub(super) fn n_active_by_unit(&self) -> Vec<u32> {
        let mut n_active = vec![0; self.units.len()];
        for person in &self.people {
            if let Some(unit) = person.unit.filter(|_| person.is_active()) {
                n_active[unit.idx()] += 1;
            }
        }
        n_active
    }

    /// The units stationed in a place, in order of number.
    pub(super) fn units_in(&self, place: PlaceId) -> Vec<UnitId> {
        self.unit_ids().filter(|&unit| self.unit(unit).place == place).collect()
    }

    /// The people of a clan whom history touched, the latest first.
    pub(super) fn touched_of_clan(&self, clan: u32) -> Vec<PersonId> {
        let people = self.world.kinship.people_of_clans(&(clan..clan + 1));
        let mut touched: Vec<PersonId> = people.map(PersonId).filter(|&id| self.person(id).row.is_some()).collect();
        touched.sort_by_key(|&id| std::cmp::Reverse(self.person(id).row));
        touched
    }

    /// Makes a person a member of a unit, with a fresh mind about its group.
    pub(super) fn enlist(&mut self, person: PersonId, unit: UnitId) {
        let world = self.world;
        self.touch(person);
        let group = self.unit(unit).group;
        let outlook = self.groups[group.idx()].outlook;
        let belief = &world.setup.parameters.belief;
        let z = self.draws.stream(Purpose::Conviction, person.0, 0, 1 + u32::from(group.0)).normal();
        let spec = &world.setup.groups[group.idx()];
        let is_drawn = self.draws.chance(spec.forced_share, Purpose::Forced, person.0, 0, u32::from(group.0));
        let came_freely = self.person(person).first_group.is_some() || self.person(person).is_foreign;
        let is_forced = is_drawn && !came_freely && self.runs(Mechanism::Entry);
        let loss = if is_forced { world.setup.parameters.entry.conviction_loss } else { 0.0 };
        let nth_enlisted = self.n_enlisted;
        self.n_enlisted += 1;
        let (day, kept) = (self.day, self.fresh_states());
        let state = self.person_mut(person);
        if state.first_group.is_none() {
            state.first_group = Some(group);
            state.motives = motives(&world.population_draws, &world.setup, person, spec.motives, state.is_foreign);
        }
        state.group = Some(group);
        state.unit = Some(unit);
        state.rank = Rank::RankAndFile;
        state.nth_enlisted = nth_enlisted;
        state.standing = Standing::Active;
        state.heard = Heard::nothing(belief.conviction_mean + belief.conviction_sd * z - loss);
        state.told_of_fight = Told::default();
        state.told_of_rule = Told::default();
        state.is_forced = is_forced;
        state.joined_outlook = outlook;
        state.joined_day = day;
        state.kept = kept;
        state.home_attacked = None;
        state.kin_killed = None;
        state.settled_until = 0;
        state.offer_refused = false;
        if self.unit(unit).commander.is_none() {
            self.units[unit.idx()].commander = Some(person);
        }
    }

    /// Takes a member out of his unit and group.
    pub(super) fn leave_group(&mut self, person: PersonId, standing: Standing) {
        let (day, conviction) = (self.day, self.conviction(person));
        let state = self.person_mut(person);
        state.standing = standing;
        state.old_group = state.group.take();
        state.left_day = Some(day);
        state.suspicion = None;
        state.acceptance = None;
        state.conviction_on_leaving = conviction;
        self.leave_unit(person);
    }

    fn leave_unit(&mut self, person: PersonId) {
        let Some(unit) = self.person_mut(person).unit.take() else { return };
        if self.unit(unit).commander == Some(person) {
            self.promote(unit);
        }
    }

    /// The first active member commands.
    fn promote(&mut self, unit: UnitId) {
        let members = self.members(unit);
        let active: Vec<PersonId> = members.into_iter().filter(|&person| self.person(person).is_active()).collect();
        let accepted = active.iter().copied().find(|&person| self.may_command(person));
        let successor = accepted.or(active.first().copied());
        self.units[unit.idx()].commander = successor;
        if let Some(person) = successor.filter(|&person| self.person(person).rank == Rank::RankAndFile) {
            self.person_mut(person).rank = Rank::UnitCommander;
        }
    }

    /// A member's death.
    pub(super) fn die(&mut self, person: PersonId, outcome: Outcome, event: Event) {
        self.record(person, AllegianceKind::Death, Some(outcome), event);
        if let (Some(group), Some(by)) = (self.person(person).group, event.by.or(event.to_group)) {
            self.deaths.push(Death { day: self.day, group, by });
        }
        if matches!(outcome, Outcome::Combat | Outcome::Strike) {
            self.note_loss(person);
        }
        self.person_mut(person).standing = Standing::Dead;
        self.leave_unit(person);
    }

    /// Puts a member out of action until a day.
    pub(super) fn sideline(&mut self, person: PersonId, standing: Standing, what: Return, n_days: u32) {
        let due = Due { day: self.day.saturating_add(n_days), nth: self.n_scheduled, what };
        self.n_scheduled += 1;
        let state = self.person_mut(person);
        state.standing = standing;
        state.due = Some(due);
    }

    /// Recoveries, deaths of wounds and releases of today, in the order in
    /// which they were foreseen.
    pub(super) fn return_to_duty(&mut self) {
        self.free_prisoners_of_the_gone();
        let mut due: Vec<(u32, PersonId, Return)> = Vec::new();
        for person in &self.people {
            if let Some(at) = person.due.filter(|at| at.day == self.day) {
                due.push((at.nth, person.id, at.what));
            }
        }
        due.sort_by_key(|&(nth, _, _)| nth);
        for (_, person, what) in due {
            let standing = self.person(person).standing;
            let is_wounded = standing == Standing::Wounded;
            let is_held = matches!(standing, Standing::Prisoner | Standing::Detained);
            match what {
                Return::Recovery if is_wounded => self.go_on_duty(person, AllegianceKind::Recovery, None),
                Return::DeathOfWounds { incident, is_of_target } if is_wounded => {
                    self.die(person, Outcome::Wounds, Event { incident: Some(incident), ..Event::default() });
                    let rows = &mut self.records.incidents;
                    if is_of_target {
                        rows.dead_target[incident.idx()] += 1;
                    } else {
                        rows.dead_perpetrator[incident.idx()] += 1;
                    }
                }
                Return::Release if is_held => self.set_free(person),
                Return::Parole if is_held => self.let_go_home(person),
                Return::Recruitment if is_held => self.recruit_prisoner(person),
                _ => {}
            }
        }
    }

    pub(super) fn set_free(&mut self, person: PersonId) {
        let captor = self.person_mut(person).captor.take();
        self.go_on_duty(person, AllegianceKind::Release, captor);
    }

    fn go_on_duty(&mut self, person: PersonId, kind: AllegianceKind, captor: Option<GroupId>) {
        self.person_mut(person).standing = Standing::Active;
        if let Some(unit) = self.person(person).unit.filter(|&unit| self.unit(unit).commander.is_none()) {
            self.promote(unit);
        }
        self.record(person, kind, None, Event { to_group: captor, ..Event::default() });
    }

    /// Counts the active members of each group stationed in each place.
    pub(super) fn count_forces(&mut self) {
        for place in &mut self.places {
            place.force.fill(0);
        }
        for person in &self.people {
            if let Some(unit) = person.unit.filter(|_| person.is_active()) {
                let unit = &self.units[unit.idx()];
                self.places[unit.place.idx()].force[unit.group.idx()] += 1;
            }
        }
    }

    pub(super) fn is_on_leave(&self, person: PersonId) -> bool {
        let state = self.person(person);
        state.is_active() && state.leave_phase.is_some_and(|phase| self.rota.is_on_leave(phase, self.day))
    }

    /// Whether a member is with his unit and fit to fight.
    pub(super) fn is_on_duty(&self, person: PersonId) -> bool {
        self.person(person).is_active() && !self.is_on_leave(person)
    }

    /// Where a person is today; nobody knows where a prisoner is.
    pub(super) fn whereabouts(&self, person: PersonId) -> Option<PlaceId> {
        let state = self.person(person);
        match (state.standing, state.unit) {
            (Standing::Prisoner | Standing::Detained, _) => None,
            (_, Some(unit)) if !self.is_on_leave(person) => Some(self.unit(unit).place),
            _ => state.home,
        }
    }

    /// The unit of a group nearest to a place that takes another member; a
    /// new one in that place where none is in reach.
    pub(super) fn unit_near(&mut self, group: GroupId, place: PlaceId) -> UnitId {
        let members = self.members_by_unit();
        let most = self.world.setup.scaled_down(MAX_UNIT_MEMBERS);
        for near in &self.world.geography.within(place, Geography::RADIUS_KM) {
            for unit in self.units_in(near.place) {
                let members = &members[unit.idx()];
                let has_active = members.iter().any(|&person| self.person(person).is_active());
                if self.unit(unit).group == group && has_active && (members.len() as f64) < most {
                    return unit;
                }
            }
        }
        self.add_unit(group, place)
    }

    /// A row of the table `allegiance` with the person's state filled in and
    /// no hazards.
    pub(super) fn allegiance_row(
        &self,
        person: PersonId,
        kind: AllegianceKind,
        outcome: Option<Outcome>,
        event: Event,
    ) -> Allegiance {
        let state = self.person(person);
        let stationed = state.unit.map(|unit| self.unit(unit).place);
        Allegiance {
            day: Day(self.day),
            person,
            kind,
            outcome,
            group: state.group.or(state.old_group),
            to_group: event.to_group,
            unit: state.unit,
            place: event.place.or(stationed).or(state.home).unwrap_or(PlaceId(0)),
            is_foreign: state.is_foreign,
            rank: state.group.map(|_| state.rank),
            is_on_leave: event.is_on_leave,
            incident: event.incident,
            conviction: state.group.map(|_| self.conviction(person)),
            ..Allegiance::BLANK
        }
    }

    pub(super) fn record(&mut self, person: PersonId, kind: AllegianceKind, outcome: Option<Outcome>, event: Event) {
        let row = self.allegiance_row(person, kind, outcome, event);
        self.records.allegiance.push(row);
    }
}
