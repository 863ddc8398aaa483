//! The choice of operations: which group attacks which place, with whom.

use super::Dense;
use super::combat::{Blow, Losses};
use crate::combat::contest;
use crate::geography::Geography;
use crate::ids::{GroupId, PersonId, PlaceId, UnitId};
use crate::maths::{daily_probability, powf};
use crate::random::Purpose;
use crate::setup::Mechanism;
use crate::tables::{Incident, IncidentKind};

/// Share of the force in reach that a group can spare for an assault.
const SPARED_SHARE: f64 = 0.9;

/// One side of an assault: its units and who of them is there.
#[derive(Debug, Clone, Default)]
pub(super) struct Side {
    units: Vec<UnitId>,
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

    pub(super) fn enemies_of(&self, group: GroupId) -> Vec<GroupId> {
        self.group_ids().filter(|&other| self.at_war(group, other)).collect()
    }

    /// Active members of a group's enemies stationed in a place.
    pub(super) fn enemy_force(&self, group: GroupId, place: PlaceId) -> u32 {
        self.enemies_of(group).into_iter().map(|enemy| self.force(place, enemy)).sum()
    }

    fn enemy_share(&self, group: GroupId, place: PlaceId) -> f64 {
        self.enemies_of(group).into_iter().map(|enemy| self.share(place, enemy)).sum()
    }

    fn faces_enemy(&self, group: GroupId, place: PlaceId) -> bool {
        self.enemy_force(group, place) > 0 || self.enemy_share(group, place) > 0.5
    }

    /// 1 where the defenders are intruders too, the full multiplier where they
    /// control the place.
    fn defender_multiplier(&self, attacker: GroupId, place: PlaceId) -> f64 {
        let full = self.world.setup.parameters.combat.defender_multiplier;
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

    fn is_rested(&self, unit: UnitId, n_active: &[u32]) -> bool {
        let rest_days = self.world.setup.parameters.operations.rest_days;
        let has_rested = self.unit(unit).acted_day.is_none_or(|day| f64::from(self.day - day) >= rest_days);
        n_active[unit.idx()] > 0 && has_rested
    }

    /// Units choose and carry out the assaults of the day, those ordered
    /// first; gives the places taken and by whom.
    pub(super) fn assault(&mut self, orders: Vec<(GroupId, PlaceId)>) -> Vec<(PlaceId, GroupId)> {
        let mut captures = Vec::new();
        if !self.runs(Mechanism::Operations) {
            return captures;
        }
        let setup = &self.world.setup;
        let n_active = self.n_active_by_unit();
        let mut plans = orders;
        for unit in self.unit_ids() {
            let group = self.unit(unit).group;
            let tempo = setup.groups[group.idx()].offensive_tempo;
            let contact = self.contact_factor(group, self.unit(unit).place);
            let p_sets_out = daily_probability(setup.parameters.operations.attacks_per_month * tempo * contact);
            let sets_out = self.draws.daily_uniform(Purpose::Attack, unit.0, self.day) < p_sets_out;
            let target = self.choose_target(unit);
            if let Some(place) = target.filter(|_| sets_out && self.is_rested(unit, &n_active)) {
                plans.push((group, place));
            }
        }
        for (group, place) in plans {
            if self.carry_out_assault(group, place) {
                captures.push((place, group));
            }
        }
        captures
    }

    /// The enemy place in reach that a unit sets out for; none where even the
    /// best odds don't tempt it.
    fn choose_target(&self, unit: UnitId) -> Option<PlaceId> {
        let parameters = &self.world.setup.parameters.operations;
        let (group, from) = (self.unit(unit).group, self.unit(unit).place);
        let mut targets = Vec::new();
        for near in self.world.geography.within(from, parameters.reach_km) {
            if self.faces_enemy(group, near.place) {
                let p_win = self.p_win(group, near.place);
                let odds = powf((p_win / (1.0 - p_win).max(1e-6)).max(1e-9), parameters.odds_slope);
                targets.push((near.place, odds));
            }
        }
        let best = targets.iter().map(|&(_, odds)| odds).fold(0.0, f64::max);
        let weight = |place: PlaceId, odds: f64| {
            if place == from { odds * self.contact_factor(group, place) } else { odds }
        };
        let total: f64 = targets.iter().map(|&(place, odds)| weight(place, odds)).sum();
        let mut stream = self.draws.stream(Purpose::Target, unit.0, self.day, 0);
        let is_tempted = stream.uniform() < best / (1.0 + best);
        let at = stream.uniform() * total;
        let mut passed = 0.0;
        let mut chosen = None;
        for &(place, odds) in &targets {
            passed += weight(place, odds);
            chosen = chosen.or(Some(place).filter(|_| passed >= at));
        }
        chosen.filter(|_| is_tempted)
    }

    /// The chance of taking a place with the force that a group can gather.
    fn p_win(&self, group: GroupId, place: PlaceId) -> f64 {
        let setup = &self.world.setup;
        let discipline = |group: GroupId| setup.groups[group.idx()].discipline;
        let enemies = self.enemies_of(group).into_iter();
        let resistance: f64 = enemies.map(|enemy| f64::from(self.force(place, enemy)) * discipline(enemy)).sum();
        let n_enemies = f64::from(self.enemy_force(group, place));
        let wanted = setup.parameters.operations.force_ratio_sought * n_enemies.max(1.0);
        let gathered = f64::from(self.force_around(place, group, setup.parameters.operations.reach_km));
        let strength = (gathered * SPARED_SHARE).min(wanted) * discipline(group);
        let multiplier = self.defender_multiplier(group, place);
        contest(strength, resistance * multiplier, setup.parameters.combat.decisiveness)
    }

    /// Gathers both sides and fights; tells whether the place was taken.
    fn carry_out_assault(&mut self, group: GroupId, place: PlaceId) -> bool {
        let members = self.members_by_unit();
        let mut defenders = Side::default();
        for unit in self.units_in(place) {
            if self.at_war(group, self.unit(unit).group) {
                self.send(&mut defenders, unit, &members);
            }
        }
        let target = self.strongest_group(group, &defenders, place);
        let attackers = self.gather_attackers(group, place, target, defenders.engaged.len(), &members);
        let is_resisted = !defenders.engaged.is_empty() || self.enemy_share(group, place) > 0.5;
        !attackers.engaged.is_empty() && is_resisted && self.fight((group, target), place, &attackers, &defenders)
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
            let joins = self.allied(group, ally)
                && self.at_war(ally, target)
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
        let mut enemies = self.enemies_of(attacker).into_iter();
        let Some(first) = enemies.next() else { return attacker };
        enemies.fold(first, |best, other| if strength(other) > strength(best) { other } else { best })
    }

    /// Fights an assault: outcome, losses on both sides, civilian dead, who
    /// holds the ground; tells whether the attackers won.
    fn fight(
        &mut self,
        (group, target): (GroupId, GroupId),
        place: PlaceId,
        attackers: &Side,
        defenders: &Side,
    ) -> bool {
        let world = self.world;
        let parameters = &world.setup.parameters.combat;
        let resistance = self.strength(&defenders.engaged, place) * self.defender_multiplier(group, place);
        let p_win = contest(self.strength(&attackers.engaged, place), resistance, parameters.decisiveness);
        let incident = self.open_incident(IncidentKind::Assault, group, place);
        let address = self.incidents[incident.idx()].address;
        let mut stream = self.draws.stream(Purpose::Combat, address, self.day, u32::from(group.0));
        let won = stream.uniform() < p_win;
        let is_fought = !defenders.engaged.is_empty();
        let mut killed_share = |is_winner: bool| {
            let mean = if is_winner { parameters.killed_share_winner } else { parameters.killed_share_loser };
            let share = stream.beta(mean, parameters.loss_concentration).min(parameters.break_share);
            if is_fought { share } else { 0.0 }
        };
        let (attackers_killed, defenders_killed) = (killed_share(won), killed_share(!won));
        let captured_of_defenders = match (is_fought && won, self.line_of_retreat(target, place)) {
            (false, _) => 0.0,
            (true, None) => parameters.captured_share_cut_off,
            (true, Some(_)) => parameters.captured_share_loser,
        };
        let captured_of_attackers = if is_fought && !won { parameters.captured_share_loser } else { 0.0 };
        let blow =
            |captor, killed_share, captured_share| Blow { incident, place, captor, killed_share, captured_share };
        let of_defenders = self.deal_losses(&defenders.engaged, blow(group, defenders_killed, captured_of_defenders));
        let of_attackers = self.deal_losses(&attackers.engaged, blow(target, attackers_killed, captured_of_attackers));
        self.kill_bystanders(incident, of_defenders.killed + of_attackers.killed);
        self.places[place.idx()].assault_day = Some(self.day);
        if won {
            self.hold_the_ground(group, place, attackers, defenders);
        }
        for &unit in attackers.units.iter().chain(&defenders.units) {
            self.units[unit.idx()].acted_day = Some(self.day);
        }
        let mut participants = attackers.engaged.clone();
        participants.retain(|&person| self.person(person).group == Some(group));
        self.incidents[incident.idx()].participants = participants;
        self.close_incident(Incident {
            target: Some(target),
            n_attackers: attackers.engaged.len() as u32,
            n_defenders: defenders.engaged.len() as u32,
            p_attackers_win: Some(p_win),
            attackers_won: won,
            dead_perpetrator: of_attackers.killed,
            dead_target: of_defenders.killed,
            n_wounded: of_attackers.wounded + of_defenders.wounded,
            n_prisoners: of_attackers.captured + of_defenders.captured,
            ..self.incident_row(incident)
        });
        self.report_executions(place, group, target, of_defenders);
        self.report_executions(place, target, group, of_attackers);
        won
    }

    /// The first unit of the winning group stays, the beaten fall back.
    fn hold_the_ground(&mut self, group: GroupId, place: PlaceId, attackers: &Side, defenders: &Side) {
        if let Some(&unit) = attackers.units.iter().find(|&&unit| self.unit(unit).group == group) {
            self.units[unit.idx()].place = place;
        }
        self.retreat(&defenders.units, place);
    }

    /// Prisoners executed after an assault are an incident of their own.
    fn report_executions(&mut self, place: PlaceId, captor: GroupId, of: GroupId, losses: Losses) {
        if losses.executed == 0 {
            return;
        }
        let incident = self.open_incident(IncidentKind::Execution, captor, place);
        self.close_incident(Incident {
            target: Some(of),
            n_defenders: losses.captured,
            attackers_won: true,
            dead_target: losses.executed,
            n_executed: losses.executed,
            ..self.incident_row(incident)
        });
    }
}
