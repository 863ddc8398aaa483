//! Units that give up without a fight.

use super::Dense;
use super::muster::Event;
use super::watches::Battle;
use crate::ids::{GroupId, PersonId, PlaceId, UnitId};
use crate::maths::{exp, ln};
use crate::random::Purpose;
use crate::setup::{Mechanism, Policy};
use crate::tables::{AllegianceKind, Cause, Standing};

/// Days for which a setback is a precedent.
const PRECEDENT_DAYS: u32 = 30;

/// A unit gave up or lost its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setback {
    day: u32,
    place: PlaceId,
    group: GroupId,
}

impl Dense<'_> {
    /// Units give up or don't; gives those that did, and the places that fell by
    /// it with who took them.
    pub(super) fn settle(&mut self) -> (Vec<UnitId>, Vec<(PlaceId, GroupId)>) {
        let (mut gave_up, mut fallen) = (Vec::new(), Vec::new());
        if !self.runs(Mechanism::Settlement) {
            return (gave_up, fallen);
        }
        for unit in self.unit_ids() {
            if !self.gives_up(unit) {
                continue;
            }
            let (group, place) = (self.unit(unit).group, self.unit(unit).place);
            let enemy = self.strongest_enemy(group, place).expect("an enemy is faced");
            self.give_up(unit, enemy);
            gave_up.push(unit);
            let n_active = self.n_active_by_unit();
            let is_held = self
                .units_in(place)
                .into_iter()
                .any(|other| n_active[other.idx()] > 0 && self.allied(place, group, self.unit(other).group));
            if !is_held {
                fallen.push((place, enemy));
            }
        }
        (gave_up, fallen)
    }

    /// The units of beaten defenders who are still there lost their place.
    pub(super) fn note_lost_place(&mut self, units: &[UnitId], place: PlaceId) {
        let n_active = self.n_active_by_unit();
        for &unit in units.iter().filter(|unit| n_active[unit.idx()] > 0) {
            let group = self.unit(unit).group;
            self.setbacks.push(Setback { day: self.day, place, group });
        }
    }

    fn gives_up(&self, unit: UnitId) -> bool {
        let p = &self.world.setup.parameters.settlement;
        let (group, place) = (self.unit(unit).group, self.unit(unit).place);
        let around = |is_it: &dyn Fn(GroupId) -> bool| -> f64 {
            let groups = self.group_ids().filter(|&other| is_it(other));
            groups.map(|other| f64::from(self.force_around(place, other, p.reach_km))).sum()
        };
        let own = around(&|other| self.allied(place, group, other));
        let enemies = around(&|other| self.at_war(place, group, other));
        let active: Vec<PersonId> =
            self.members(unit).into_iter().filter(|&person| self.person(person).is_active()).collect();
        let attacked = self.places[place.idx()].assault_day;
        let is_pressed = attacked.is_some_and(|day| f64::from(self.day - day) < p.pressed_days)
            || self.enemies_of(place, group).into_iter().any(|enemy| self.force(place, enemy) > 0);
        if active.is_empty() || enemies == 0.0 || !is_pressed {
            return false;
        }
        let n_foreign = active.iter().filter(|&&person| self.person(person).is_foreign).count();
        let cut_off = if self.is_cut_off(group, place) { 1.0 } else { 0.0 };
        let log_ratio = p.force_weight * ln(enemies / own.max(1.0)).max(0.0)
            + p.cut_off_weight * cut_off
            + p.precedent_weight * self.precedent(group, place)
            - p.foreign_weight * n_foreign as f64 / active.len() as f64
            + self.outlook_of_settlement(group);
        self.draws.daily_uniform(Purpose::UnitGivesUp, unit.0, self.day) < p.per_day * exp(log_ratio)
    }

    fn has_ground(&self, group: GroupId, place: PlaceId) -> bool {
        let side: Vec<GroupId> = self.group_ids().filter(|&other| self.allied(place, group, other)).collect();
        let share: f64 = side.iter().fold(0.0, |sum, &other| sum + self.share(place, other));
        side.iter().any(|&other| self.force(place, other) > 0) || share >= 0.5
    }

    /// Whether no chain of places of its side leads from a place to the main
    /// body: the places reached grow until they grow no more.
    pub(super) fn is_cut_off(&self, group: GroupId, place: PlaceId) -> bool {
        let Some(main_body) = self.strongest_place_of(group) else { return true };
        !self.chained_with(group, place).contains(&main_body)
    }

    pub(super) fn chained_with(&self, group: GroupId, place: PlaceId) -> Vec<PlaceId> {
        let link_km = self.world.setup.parameters.settlement.link_km;
        let mut reached = vec![place];
        loop {
            let next = self.place_ids().find(|&to| {
                !reached.contains(&to)
                    && self.has_ground(group, to)
                    && reached
                        .iter()
                        .any(|&from| self.world.geography.within(from, link_km).iter().any(|near| near.place == to))
            });
            match next {
                Some(next) => reached.push(next),
                None => return reached,
            }
        }
    }

    pub(super) fn strongest_place_of(&self, group: GroupId) -> Option<PlaceId> {
        let most = self.place_ids().map(|place| self.force(place, group)).max().filter(|&most| most > 0)?;
        self.place_ids().find(|&place| self.force(place, group) == most)
    }

    fn strongest_place_besides(&self, group: GroupId, besides: PlaceId) -> Option<PlaceId> {
        let places = || self.place_ids().filter(|&place| place != besides);
        let most = places().map(|place| self.force(place, group)).max().filter(|&most| most > 0)?;
        places().find(|&place| self.force(place, group) == most)
    }

    fn precedent(&self, group: GroupId, place: PlaceId) -> f64 {
        let radius_km = 2.0 * self.world.setup.parameters.settlement.reach_km;
        let near: Vec<PlaceId> = self.world.geography.within(place, radius_km).iter().map(|near| near.place).collect();
        let setbacks = self.setbacks.iter().filter(|setback| {
            self.day - setback.day < PRECEDENT_DAYS
                && self.allied(place, group, setback.group)
                && near.contains(&setback.place)
        });
        let n_active = self.n_active_by_unit();
        let units = self.unit_ids().filter(|&unit| {
            n_active[unit.idx()] > 0
                && self.allied(place, group, self.unit(unit).group)
                && near.contains(&self.unit(unit).place)
        });
        let (n_setbacks, n_units) = (setbacks.count() as f64, units.count() as f64);
        n_setbacks / (n_setbacks + n_units).max(1.0)
    }

    fn strongest_enemy(&self, group: GroupId, place: PlaceId) -> Option<GroupId> {
        self.strongest_enemy_within(self.world.setup.parameters.settlement.reach_km, group, place)
    }

    pub(super) fn strongest_enemy_within(&self, reach_km: f64, group: GroupId, place: PlaceId) -> Option<GroupId> {
        let force = |enemy: GroupId| self.force_around(place, enemy, reach_km);
        let enemies = self.enemies_of(place, group);
        let most = enemies.iter().map(|&enemy| force(enemy)).max().filter(|&most| most > 0)?;
        enemies.into_iter().find(|&enemy| force(enemy) == most)
    }

    fn give_up(&mut self, unit: UnitId, enemy: GroupId) {
        let setup = &self.world.setup;
        let p = &setup.parameters.settlement;
        let (group, place) = (self.unit(unit).group, self.unit(unit).place);
        let line = if self.is_cut_off(group, place) { None } else { self.line_of_retreat(group, place) };
        let is_fixed = setup.kind_of(group).stays_home;
        let main_body = if is_fixed { None } else { self.strongest_place_besides(group, place) };
        let (refuge, withdraw) = match (line, main_body) {
            (Some(line), _) => (Some(line), 1.0),
            (None, Some(main_body)) => (Some(main_body), exp(p.through_gap)),
            (None, None) => (None, 0.0),
        };
        let home = exp(p.home);
        let treatment =
            self.distance(group, enemy) + self.policy(enemy, Policy::PrisonersExecuted).expect("every group states it");
        let join = if self.groups[enemy.idx()].is_alive { exp(p.join - 2.0 * treatment) } else { 0.0 };
        let at = self.draws.uniform(Purpose::UnitOutcome, unit.0, self.day, 0) * (withdraw + home + join);
        self.setbacks.push(Setback { day: self.day, place, group });
        self.units[unit.idx()].acted_day = Some(self.day);
        let active: Vec<PersonId> =
            self.members(unit).into_iter().filter(|&person| self.person(person).is_active()).collect();
        if at < withdraw {
            self.units[unit.idx()].place = refuge.expect("withdrawal needs a refuge");
        } else if at < withdraw + home {
            for person in active {
                self.leave_with_unit(person, None);
            }
        } else {
            let (foreign, local): (Vec<PersonId>, Vec<PersonId>) =
                active.into_iter().partition(|&person| self.person(person).is_foreign);
            for person in foreign {
                self.leave_with_unit(person, None);
            }
            self.hand_over(unit, enemy, local);
        }
    }

    /// Members of a unit serve another group in a new unit where they stand.
    pub(super) fn hand_over(&mut self, unit: UnitId, host: GroupId, members: Vec<PersonId>) {
        let place = self.unit(unit).place;
        let new_unit = self.add_unit(host, place);
        for person in members {
            self.leave_with_unit(person, Some(host));
            let event = Event { place: Some(place), to_group: Some(host), ..Event::default() };
            self.receive(person, new_unit, unit, event);
        }
    }

    fn leave_with_unit(&mut self, person: PersonId, host: Option<GroupId>) {
        let (kind, standing) = if host.is_some() {
            (AllegianceKind::Defection, Standing::Civilian)
        } else if self.person(person).is_foreign {
            (AllegianceKind::Departure, Standing::Departed)
        } else {
            (AllegianceKind::Desertion, Standing::Deserter)
        };
        let event = Event {
            place: self.whereabouts(person),
            to_group: host,
            is_on_leave: self.is_on_leave(person),
            ..Event::default()
        };
        let mut row = self.allegiance_row(person, kind, None, event);
        row.cause = Some(Cause::WithUnit);
        self.records.allegiance.push(row);
        self.note_leaver(person);
        self.leave_group(person, standing);
    }

    /// The assaults as they go on without the units that gave up.
    pub(super) fn without(battles: Vec<Battle>, gave_up: &[UnitId]) -> Vec<Battle> {
        battles.into_iter().map(|battle| battle.without(gave_up)).collect()
    }
}
