//! Movement of units: towards threatened places, and away from a lost one.

use super::Dense;
use crate::geography::Geography;
use crate::ids::{GroupId, PlaceId, UnitId};
use crate::random::Purpose;
use crate::setup::Mechanism;

impl Dense<'_> {
    /// Units in quiet places march to the most threatened place of their side.
    pub(super) fn reinforce(&mut self) {
        if !self.runs(Mechanism::Movement) {
            return;
        }
        let p_reinforce = self.world.setup.parameters.movement.p_reinforce;
        let n_active = self.n_active_by_unit();
        for unit in self.unit_ids() {
            let (group, from) = (self.unit(unit).group, self.unit(unit).place);
            let sets_out = self.draws.daily_uniform(Purpose::Movement, unit.0, self.day) < p_reinforce;
            let is_quiet = self.threat(group, from) <= 0.5;
            let destination = self.most_threatened(group, from);
            if n_active[unit.idx()] == 0 || self.is_fixed(group) || !sets_out || !is_quiet {
                continue;
            }
            if let Some(to) = destination {
                self.units[unit.idx()].place = to;
                self.units[unit.idx()].acted_day = Some(self.day);
            }
        }
    }

    pub(super) fn is_fixed(&self, group: GroupId) -> bool {
        let setup = &self.world.setup;
        setup.kinds[setup.groups[group.idx()].kind.idx()].stays_home
    }

    /// Enemies who could attack a place for each own member there.
    fn threat(&self, group: GroupId, place: PlaceId) -> f64 {
        let reach_km = self.world.setup.parameters.operations.reach_km;
        let enemies: u32 =
            self.enemies_of(place, group).into_iter().map(|enemy| self.force_around(place, enemy, reach_km)).sum();
        f64::from(enemies) / (1.0 + f64::from(self.force(place, group)))
    }

    /// The place in marching distance, held by the group and under threat,
    /// where enemies outnumber it most; the nearest of equals.
    fn most_threatened(&self, group: GroupId, from: PlaceId) -> Option<PlaceId> {
        let march_km = self.world.setup.parameters.movement.march_km;
        let mut best = None;
        let mut most = 1.0;
        for near in &self.world.geography.within(from, march_km) {
            let is_held = self.force(near.place, group) > 0 || self.share(near.place, group) >= 0.5;
            let threat = self.threat(group, near.place);
            if near.place != from && is_held && threat > most {
                (best, most) = (Some(near.place), threat);
            }
        }
        best
    }

    /// Where a unit can fall back to: the nearest other place held by its side
    /// and free of stronger enemies.
    pub(super) fn line_of_retreat(&self, group: GroupId, from: PlaceId) -> Option<PlaceId> {
        let can_receive = |place: PlaceId| {
            let friends: Vec<GroupId> = self.group_ids().filter(|&other| self.allied(place, group, other)).collect();
            let own: u32 = friends.iter().map(|&friend| self.force(place, friend)).sum();
            let share: f64 = friends.iter().map(|&friend| self.share(place, friend)).sum();
            (own > 0 || share >= 0.5) && own >= self.enemy_force(group, place)
        };
        let near = self.world.geography.within(from, Geography::RADIUS_KM);
        let mut places = near.iter().map(|near| near.place);
        places.find(|&place| place != from && !self.is_fixed(group) && can_receive(place))
    }

    /// Moves beaten units to where they fall back, or to their group's
    /// strongest place; local defenders stay.
    pub(super) fn retreat(&mut self, units: &[UnitId], from: PlaceId) {
        for &unit in units {
            let group = self.unit(unit).group;
            if self.is_fixed(group) {
                continue;
            }
            let refuge = self.line_of_retreat(group, from).or_else(|| self.strongest_place(group, from));
            if let Some(place) = refuge {
                self.units[unit.idx()].place = place;
            }
            self.units[unit.idx()].acted_day = Some(self.day);
        }
    }

    /// The first place with the most members, besides one.
    fn strongest_place(&self, group: GroupId, besides: PlaceId) -> Option<PlaceId> {
        let others = self.place_ids().filter(|&place| place != besides && self.force(place, group) > 0);
        others.min_by_key(|&place| (std::cmp::Reverse(self.force(place, group)), place))
    }
}
