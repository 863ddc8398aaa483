//! The choice of operations: which group attacks which place, with whom.

use super::Dense;
use super::watches::Battle;
use crate::combat::contest;
use crate::geography::Geography;
use crate::ids::{GroupId, PersonId, PlaceId, UnitId};
use crate::maths::{daily_probability, powf};
use crate::random::Purpose;
use crate::setup::Mechanism;

/// Share of the force in reach that a group can spare for an assault.
const SPARED_SHARE: f64 = 0.9;

/// One side of an assault: its units and who of them is there.
#[derive(Debug, Clone, Default)]
pub(super) struct Side {
    pub(super) units: Vec<UnitId>,
    pub(super) engaged: Vec<PersonId>,
}

impl Dense<'_> {
    /// Active members of a group stationed in a place this morning.
    pub(super) fn force(&self, place: PlaceId, group: GroupId) -> u32 {
        self.places[place.idx()].force[group.idx()]
    }

    /// Active members of a group within a distance of a place this morning.
    pub(super) fn force_around(&self, place: PlaceId, group: GroupId, radius_km: f64) -> u32 {
        let near = self.world.geography.within(place, radius_km.min(Geography::RADIUS_KM));
        near.iter().map(|near| self.force(near.place, group)).sum()
    }

    /// Active members of a group's enemies stationed in a place.
    pub(super) fn enemy_force(&self, group: GroupId, place: PlaceId) -> u32 {
        self.enemies_of(place, group).into_iter().map(|enemy| self.force(place, enemy)).sum()
    }

    pub(super) fn enemy_share(&self, group: GroupId, place: PlaceId) -> f64 {
        self.enemies_of(place, group).into_iter().map(|enemy| self.share(place, enemy)).sum()
    }

    pub(super) fn faces_enemy(&self, group: GroupId, place: PlaceId) -> bool {
        self.enemy_force(group, place) > 0 || self.enemy_share(group, place) > 0.5
    }

    /// 1 where the defenders are intruders too, the full multiplier where they
    /// control the place.
    pub(super) fn defender_multiplier(&self, attacker: GroupId, place: PlaceId) -> f64 {
        let full = self.defender_value(attacker, place);
        1.0 + (full - 1.0) * self.enemy_share(attacker, place)
    }

    /// How much more a unit minds a place for enemies stationed beside it.
    fn contact_factor(&self, group: GroupId, place: PlaceId) -> f64 {
        if self.force(place, group) > 0 && self.enemy_force(group, place) > 0 {
            self.world.setup.parameters.operations.contact_factor
        } else {
            1.0
        }
    }

    pub(super) fn is_rested(&self, unit: UnitId, n_active: &[u32]) -> bool {
        let rest_days = self.world.setup.parameters.operations.rest_days;
        let has_rested = self.unit(unit).acted_day.is_none_or(|day| f64::from(self.day - day) >= rest_days);
        n_active[unit.idx()] > 0 && has_rested
    }

    /// Units choose and carry out the assaults of the day, those ordered
    /// first; gives how each stands.
    pub(super) fn assault(&mut self, orders: Vec<(GroupId, PlaceId)>) -> Vec<Battle> {
        if !self.runs(Mechanism::Operations) {
            return Vec::new();
        }
        let setup = &self.world.setup;
        let n_active = self.n_active_by_unit();
        let mut plans = orders;
        plans.extend(self.opening_blows());
        for unit in self.unit_ids() {
            let group = self.unit(unit).group;
            let tempo = setup.groups[group.idx()].offensive_tempo;
            let contact = self.contact_factor(group, self.unit(unit).place);
            let usual = setup.parameters.operations.attacks_per_month * tempo * contact;
            let p_sets_out = daily_probability(usual * (self.initiative(group) * self.most_pace(group)));
            let sets_out = self.draws.daily_uniform(Purpose::Attack, unit.0, self.day) < p_sets_out;
            let target = self.choose_target(unit);
            if let Some(place) = target.filter(|_| sets_out && self.is_rested(unit, &n_active)) {
                plans.push((group, place));
            }
        }
        plans.into_iter().filter_map(|(group, place)| self.carry_out_assault(group, place)).collect()
    }

    /// The enemy place in reach that a unit sets out for; none where even the
    /// best odds don't tempt it.
    fn choose_target(&self, unit: UnitId) -> Option<PlaceId> {
        let group = self.unit(unit).group;
        let reach_km = self.world.setup.parameters.operations.reach_km;
        let (targets, best) = self.weights_of_targets(unit, reach_km, &|_| true);
        let mut stream = self.draws.stream(Purpose::Target, unit.0, self.day, 0);
        let is_tempted = stream.uniform() < best / (1.0 + best);
        let chosen = Self::pick(&targets, stream.uniform())?;
        let pace = self.pace(group, chosen)
            * self.siege_pace(group, self.unit(unit).place, chosen)
            * self.local_pace(group, chosen);
        let is_kept = stream.uniform() * self.most_pace(group) < pace;
        Some(chosen).filter(|_| is_tempted && is_kept)
    }

    /// Enemy places around a unit with their weights, and the best odds.
    pub(super) fn weights_of_targets(
        &self,
        unit: UnitId,
        radius_km: f64,
        is_candidate: &dyn Fn(PlaceId) -> bool,
    ) -> (Vec<(PlaceId, f64)>, f64) {
        let parameters = &self.world.setup.parameters.operations;
        let (group, from) = (self.unit(unit).group, self.unit(unit).place);
        let mut targets = Vec::new();
        let mut best: f64 = 0.0;
        for near in &self.world.geography.within(from, radius_km) {
            let takes_assault = self.faces_enemy(group, near.place)
                && !self.falls_by_presence(group, near.place, near.distance_km)
                && is_candidate(near.place);
            if takes_assault {
                let p_win = self.p_win(group, near.place);
                let odds = (p_win / (1.0 - p_win).max(1e-6)).max(1e-9);
                let odds = powf(self.counted_odds(odds), parameters.odds_slope);
                best = best.max(odds);
                let worth = odds * self.worth(group, near.place);
                let contact = self.contact_factor(group, near.place);
                targets.push((near.place, if near.place == from { worth * contact } else { worth }));
            }
        }
        (targets, best)
    }

    /// The first of some places at which their weights pass a share of the total.
    pub(super) fn pick(targets: &[(PlaceId, f64)], share: f64) -> Option<PlaceId> {
        let total: f64 = targets.iter().map(|&(_, weight)| weight).sum();
        let at = share * total;
        let mut passed = 0.0;
        targets.iter().find_map(|&(place, weight)| {
            passed += weight;
            (passed >= at).then_some(place)
        })
    }

    /// The chance of taking a place with the force that a group can gather.
    pub(super) fn p_win(&self, group: GroupId, place: PlaceId) -> f64 {
        let setup = &self.world.setup;
        let discipline = |group: GroupId| self.groups[group.idx()].discipline;
        let enemies = self.enemies_of(place, group).into_iter();
        let resistance: f64 = enemies.map(|enemy| f64::from(self.force(place, enemy)) * discipline(enemy)).sum();
        let n_enemies = f64::from(self.enemy_force(group, place));
        let wanted = setup.parameters.operations.force_ratio_sought * n_enemies.max(1.0);
        let gathered = f64::from(self.force_around(place, group, setup.parameters.operations.reach_km));
        let strength = (gathered * SPARED_SHARE).min(wanted) * discipline(group);
        let multiplier = self.defender_multiplier(group, place);
        contest(strength, resistance * multiplier, setup.parameters.combat.decisiveness)
    }

    /// Gathers both sides and lets them meet.
    fn carry_out_assault(&mut self, group: GroupId, place: PlaceId) -> Option<Battle> {
        let defenders = self.garrison(group, place);
        let target = self.strongest_group(group, &defenders, place);
        let members = self.members_by_unit();
        let attackers = self.gather_attackers(group, place, target, defenders.engaged.len(), &members);
        let is_resisted = !defenders.engaged.is_empty() || self.enemy_share(group, place) > 0.5;
        if attackers.engaged.is_empty() || !is_resisted {
            return None;
        }
        Some(self.meet(group, target, place, attackers, defenders))
    }

    /// The enemies of an attacker who are on duty in a place.
    pub(super) fn garrison(&self, attacker: GroupId, place: PlaceId) -> Side {
        let units: Vec<UnitId> = self
            .units_in(place)
            .into_iter()
            .filter(|&unit| self.at_war(place, attacker, self.unit(unit).group))
            .collect();
        self.side(units)
    }

    /// Some units with their members on duty.
    pub(super) fn side(&self, units: Vec<UnitId>) -> Side {
        let members = self.members_by_unit();
        let mut side = Side::default();
        for unit in units {
            self.send(&mut side, unit, &members);
        }
        side
    }

    /// Adds a unit with its members on duty to a side.
    fn send(&self, side: &mut Side, unit: UnitId, members: &[Vec<PersonId>]) {
        side.units.push(unit);
        side.engaged.extend(members[unit.idx()].iter().copied().filter(|&person| self.is_on_duty(person)));
    }

    /// The nearest rested units of the group, then of allies at war with the
    /// target who join, up to the force ratio sought; nobody without a unit of
    /// its own.
    fn gather_attackers(
        &self,
        group: GroupId,
        place: PlaceId,
        target: GroupId,
        n_defenders: usize,
        members: &[Vec<PersonId>],
    ) -> Side {
        let setup = &self.world.setup;
        let parameters = &setup.parameters.operations;
        let wanted = (parameters.force_ratio_sought * n_defenders as f64).max(1.0);
        let n_active = self.n_active_by_unit();
        let near = self.world.geography.within(place, parameters.reach_km);
        let rested: Vec<UnitId> = near
            .iter()
            .flat_map(|near| self.units_in(near.place))
            .filter(|&unit| self.is_rested(unit, &n_active))
            .collect();
        let (own, others): (Vec<UnitId>, Vec<UnitId>) =
            rested.into_iter().partition(|&unit| self.unit(unit).group == group);
        let mut side = Side::default();
        for unit in own {
            if (side.engaged.len() as f64) < wanted {
                self.send(&mut side, unit, members);
            }
        }
        let has_own = !side.engaged.is_empty();
        for unit in others {
            let ally = self.unit(unit).group;
            let joins = self.allied(place, group, ally)
                && self.at_war(place, ally, target)
                && setup.groups[ally.idx()].offensive_tempo > 0.0
                && self.draws.chance(parameters.p_join_ally, Purpose::Ally, unit.0, self.day, place.0);
            if has_own && joins && (side.engaged.len() as f64) < wanted {
                self.send(&mut side, unit, members);
            }
        }
        side
    }

    /// The group with the most defenders, or the strongest enemy in control.
    fn strongest_group(&self, attacker: GroupId, defenders: &Side, place: PlaceId) -> GroupId {
        let strength = |group: GroupId| {
            let n = defenders.engaged.iter().filter(|&&person| self.person(person).group == Some(group)).count();
            (n, self.share(place, group))
        };
        let mut enemies = self.enemies_of(place, attacker).into_iter();
        let Some(first) = enemies.next() else { return attacker };
        enemies.fold(first, |best, other| if strength(other) > strength(best) { other } else { best })
    }
}
