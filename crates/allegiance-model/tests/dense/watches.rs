//! An assault, from contact to nightfall.

use super::Dense;
use super::combat::{Blow, Losses};
use super::operations::Side;
use crate::combat::contest;
use crate::ids::{GroupId, IncidentId, PersonId, PlaceId, UnitId};
use crate::maths::exp;
use crate::random::Purpose;
use crate::setup::Mechanism;
use crate::tables::{Incident, IncidentKind};

/// An assault as it stands.
#[derive(Debug, Clone)]
pub(super) struct Battle {
    group: GroupId,
    target: GroupId,
    place: PlaceId,
    incident: IncidentId,
    luck: f64,
    pub(super) won: bool,
    front_members: f64,
    killed_share_attackers: f64,
    killed_share_defenders: f64,
    attackers: Side,
    defenders: Side,
}

impl Battle {
    /// The same without the units that gave up, where it goes on.
    pub(super) fn without(mut self, gave_up: &[UnitId]) -> Self {
        self.attackers.units.retain(|unit| !gave_up.contains(unit));
        self
    }

    /// The place and who took it, where somebody did.
    pub(super) fn capture(&self) -> Option<(PlaceId, GroupId)> {
        self.won.then_some((self.place, self.group))
    }
}

impl Dense<'_> {
    /// Two sides meet: the whole assault, or its first watch.
    pub(super) fn meet(
        &mut self,
        group: GroupId,
        target: GroupId,
        place: PlaceId,
        attackers: Side,
        defenders: Side,
    ) -> Battle {
        let in_two = self.runs(Mechanism::Watches);
        let first_share = if in_two { self.world.setup.parameters.watches.first_share } else { 1.0 };
        let p_win = self.chance_of_attackers((group, target), place, &attackers, &defenders);
        let incident = self.open_incident(IncidentKind::Assault, group, place);
        let address = self.incidents[incident.idx()].address;
        let mut stream = self.draws.stream(Purpose::Combat, address, self.day, u32::from(group.0));
        let luck = stream.uniform();
        let won = luck < p_win;
        let parameters = &self.world.setup.parameters.combat;
        let mut killed_share = |is_winner: bool| {
            let mean = if is_winner { parameters.killed_share_winner } else { parameters.killed_share_loser };
            stream.beta(mean, parameters.loss_concentration).min(parameters.break_share)
        };
        let (killed_share_attackers, killed_share_defenders) = (killed_share(won), killed_share(!won));
        let battle = Battle {
            group,
            target,
            place,
            incident,
            luck,
            won,
            front_members: self.front_members(group, place),
            killed_share_attackers,
            killed_share_defenders,
            attackers,
            defenders,
        };
        let (of_attackers, of_defenders) = self.deal(&battle, first_share, !in_two, Purpose::Casualty);
        self.kill_bystanders(incident, f64::from(of_defenders.killed + of_attackers.killed) / first_share);
        self.places[place.idx()].assault_day = Some(self.day);
        for &unit in battle.attackers.units.iter().chain(&battle.defenders.units) {
            self.units[unit.idx()].acted_day = Some(self.day);
        }
        let mut participants = battle.attackers.engaged.clone();
        participants.retain(|&person| self.person(person).group == Some(group));
        self.incidents[incident.idx()].participants = participants;
        self.close_incident(Incident {
            target: Some(target),
            n_attackers: battle.attackers.engaged.len() as u32,
            n_defenders: battle.defenders.engaged.len() as u32,
            p_attackers_win: Some(p_win),
            attackers_won: won,
            dead_perpetrator: of_attackers.killed,
            dead_target: of_defenders.killed,
            n_wounded: of_attackers.wounded + of_defenders.wounded,
            n_prisoners: of_attackers.captured + of_defenders.captured,
            ..self.incident_row(incident)
        });
        if !in_two {
            self.end(&battle, of_attackers, of_defenders);
        }
        battle
    }

    /// The chance of the attackers with who is there; none without anybody.
    fn chance_of_attackers(
        &self,
        (group, target): (GroupId, GroupId),
        place: PlaceId,
        attackers: &Side,
        defenders: &Side,
    ) -> f64 {
        let resistance = self.strength(&defenders.engaged, place)
            * self.defender_multiplier(group, place)
            * self.advantage(target, attackers);
        let strength = self.strength(&attackers.engaged, place) * self.advantage(group, defenders);
        let decisiveness = self.world.setup.parameters.combat.decisiveness;
        if attackers.engaged.is_empty() { 0.0 } else { contest(strength, resistance, decisiveness) }
    }

    /// The second watch of the assaults of the day, where there are two.
    pub(super) fn fight_on(&mut self, battles: Vec<Battle>) -> Vec<Battle> {
        if !self.runs(Mechanism::Watches) {
            return battles;
        }
        battles.into_iter().map(|battle| self.fight_second_watch(battle)).collect()
    }

    fn fight_second_watch(&mut self, mut battle: Battle) -> Battle {
        let (group, place) = (battle.group, battle.place);
        let parameters = &self.world.setup.parameters.combat;
        let (attackers, defenders) = (battle.attackers.engaged.clone(), battle.defenders.engaged.clone());
        battle.attackers = self.side(battle.attackers.units.clone());
        battle.defenders = self.garrison(group, place);
        let in_line: Vec<PersonId> =
            battle.defenders.engaged.iter().copied().filter(|&person| self.is_in_line(person, place)).collect();
        let relief = self.relief(&battle);
        battle.defenders.engaged = in_line.into_iter().chain(relief.engaged).collect();
        let p_win = self.chance_of_attackers((group, battle.target), place, &battle.attackers, &battle.defenders);
        let won = battle.luck < p_win;
        if won != battle.won {
            let address = self.incidents[battle.incident.idx()].address;
            let mut stream = self.draws.stream(Purpose::SecondWatch, address, self.day, u32::from(group.0));
            let mut killed_share = |is_winner: bool| {
                let mean = if is_winner { parameters.killed_share_winner } else { parameters.killed_share_loser };
                stream.beta(mean, parameters.loss_concentration).min(parameters.break_share)
            };
            battle.killed_share_attackers = killed_share(won);
            battle.killed_share_defenders = killed_share(!won);
            battle.won = won;
        }
        let share = 1.0 - self.world.setup.parameters.watches.first_share;
        let n_new =
            |now: &[PersonId], before: &[PersonId]| now.iter().filter(|person| !before.contains(person)).count() as u32;
        let n_new_attackers = n_new(&battle.attackers.engaged, &attackers);
        let n_new_defenders = n_new(&battle.defenders.engaged, &defenders);
        let (of_attackers, of_defenders) = self.deal(&battle, share, true, Purpose::SecondCasualty);
        for &unit in battle.defenders.units.iter().chain(&relief.units) {
            self.units[unit.idx()].acted_day = Some(self.day);
        }
        let taken = if won { self.world.setup.parameters.control.capture_share } else { 0.0 };
        let control_after = self.share(place, group).max(taken);
        let (rows, at) = (&mut self.records.incidents, battle.incident.idx());
        rows.n_attackers[at] += n_new_attackers;
        rows.n_defenders[at] += n_new_defenders;
        rows.p_attackers_win[at] = Some(p_win);
        rows.attackers_won[at] = won;
        rows.dead_perpetrator[at] += of_attackers.killed;
        rows.dead_target[at] += of_defenders.killed;
        rows.n_wounded[at] += of_attackers.wounded + of_defenders.wounded;
        rows.n_prisoners[at] += of_attackers.captured + of_defenders.captured;
        rows.control_after[at] = control_after;
        self.end(&battle, of_attackers, of_defenders);
        battle
    }

    /// Whether a member of a garrison stands in its line: who came today from
    /// elsewhere may be late.
    fn is_in_line(&self, person: PersonId, place: PlaceId) -> bool {
        let Some((day, from)) = self.person(person).entered else { return true };
        if day != self.day || from == place {
            return true;
        }
        let near = self.world.geography.within(place, f64::INFINITY);
        let Some(near) = near.iter().find(|near| near.place == from) else { return false };
        let p_reaches = exp(-near.distance_km / self.world.setup.parameters.watches.newcomer_km);
        self.draws.chance(p_reaches, Purpose::ReachLine, person.0, self.day, place.0)
    }

    /// Rested units in reach of the defenders and their allies that come.
    fn relief(&self, battle: &Battle) -> Side {
        let setup = &self.world.setup;
        let n_active = self.n_active_by_unit();
        let near = self.world.geography.within(battle.place, setup.parameters.operations.reach_km);
        let elsewhere = near.iter().map(|near| near.place).filter(|&place| place != battle.place);
        let units: Vec<UnitId> = elsewhere.flat_map(|place| self.units_in(place)).collect();
        let comes = |&unit: &UnitId| {
            let group = self.unit(unit).group;
            let p_relief = setup.parameters.watches.p_relief;
            self.allied(battle.place, battle.target, group)
                && self.at_war(battle.place, battle.group, group)
                && !setup.kind_of(group).stays_home
                && self.is_rested(unit, &n_active)
                && self.draws.chance(p_relief, Purpose::Relief, unit.0, self.day, battle.place.0)
        };
        self.side(units.into_iter().filter(comes).collect())
    }

    /// Deals a share of the losses to both sides; gives those of the attackers
    /// and of the defenders. Nobody is hurt where one side isn't there.
    fn deal(&mut self, battle: &Battle, share: f64, takes_prisoners: bool, purpose: Purpose) -> (Losses, Losses) {
        let &Battle { incident, place, group, target, won, .. } = battle;
        let (attackers, defenders) = (&battle.attackers.engaged, &battle.defenders.engaged);
        if attackers.is_empty() || defenders.is_empty() {
            return (Losses::default(), Losses::default());
        }
        let parameters = &self.world.setup.parameters.combat;
        let captured_of_defenders = match (takes_prisoners && won, self.line_of_retreat(target, place)) {
            (false, _) => 0.0,
            (true, None) => parameters.captured_share_cut_off,
            (true, Some(_)) => parameters.captured_share_loser,
        };
        let captured_of_attackers = if takes_prisoners && !won { parameters.captured_share_loser } else { 0.0 };
        let blow = |captor, killed_share: f64, captured_share| {
            let killed_share = killed_share * share;
            let front_members = battle.front_members;
            Blow { incident, place, captor, killed_share, captured_share, front_members, purpose }
        };
        let of_defenders =
            self.deal_losses(defenders, blow(group, battle.killed_share_defenders, captured_of_defenders));
        let of_attackers =
            self.deal_losses(attackers, blow(target, battle.killed_share_attackers, captured_of_attackers));
        (of_attackers, of_defenders)
    }

    /// Who holds the ground, and what becomes of prisoners.
    fn end(&mut self, battle: &Battle, of_attackers: Losses, of_defenders: Losses) {
        let &Battle { group, target, place, .. } = battle;
        if battle.won {
            self.hold_the_ground(group, place, &battle.attackers, &battle.defenders);
        }
        self.report_executions(place, group, target, of_defenders);
        self.report_executions(place, target, group, of_attackers);
    }

    /// The first unit of the winning group stays, the beaten fall back.
    fn hold_the_ground(&mut self, group: GroupId, place: PlaceId, attackers: &Side, defenders: &Side) {
        if let Some(&unit) = attackers.units.iter().find(|&&unit| self.unit(unit).group == group) {
            self.units[unit.idx()].place = place;
        }
        if self.runs(Mechanism::Settlement) {
            self.note_lost_place(&defenders.units, place);
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
