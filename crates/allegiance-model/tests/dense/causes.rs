//! What a group is for: what is known of it, and what its members make of it.

use super::Dense;
use crate::belief::{ByClaim, Heard, HeardOfGroup};
use crate::ids::{GroupId, PersonId};
use crate::maths::half_life_factor;
use crate::random::Purpose;
use crate::setup::{Mechanism, RelationKind};
use crate::tables::{IncidentKind, Rank};

/// What is known of one group.
#[derive(Debug, Clone, Default)]
pub(super) struct Deeds {
    /// Assaults on each group, fading.
    assaults: Vec<f64>,
    /// Civilians killed where each constituency rules, fading.
    killed: Vec<f64>,
    /// How far it leaves alone those whom each axis is against.
    spared: Vec<f64>,
    harm: f64,
    command: f64,
}

impl Dense<'_> {
    /// On the first day relations and commanders are known.
    pub(super) fn know_causes(&mut self) {
        let setup = &self.world.setup;
        let (n_groups, n_constituencies, n_axes) = (setup.n_groups(), setup.constituencies.len(), setup.axes.len());
        for group in &mut self.groups {
            group.deeds.assaults = vec![0.0; n_groups];
            group.deeds.killed = vec![0.0; n_constituencies];
            group.deeds.spared = vec![0.0; n_axes];
        }
        if self.runs(Mechanism::Causes) {
            self.renew_causes(1.0);
        }
    }

    /// Takes note of the incidents not told yet; once a week what is known of
    /// the groups follows.
    pub(super) fn follow_causes(&mut self) {
        if !self.runs(Mechanism::Causes) {
            return;
        }
        let setup = &self.world.setup;
        let p = &setup.parameters.causes;
        for group in &mut self.groups {
            for value in group.deeds.assaults.iter_mut().chain(&mut group.deeds.killed) {
                *value *= half_life_factor(1.0, p.memory_days);
            }
        }
        for at in self.n_told..self.incidents.len() {
            let of = &self.incidents[at];
            let ruled_by = setup.kind_of(of.holder).constituency;
            let deeds = &mut self.groups[of.perpetrator.idx()].deeds;
            deeds.killed[ruled_by.idx()] += f64::from(of.dead_civilians());
            if let (IncidentKind::Assault, Some(target)) = (of.kind, self.records.incidents.target[at]) {
                deeds.assaults[target.idx()] += 1.0;
            }
        }
        if self.day % 7 == 6 {
            self.renew_causes(1.0 - half_life_factor(7.0, p.hearing_days));
        }
    }

    fn renew_causes(&mut self, step: f64) {
        for group in self.group_ids() {
            let spared: Vec<f64> = (0..self.world.setup.axes.len()).map(|axis| self.spares(group, axis)).collect();
            let killed = self.killed_where(group, group);
            let half = self.world.setup.parameters.causes.harm_half;
            let members = self.people.iter().filter(|person| person.group == Some(group) && person.is_active());
            let n_members = members.count() as f64;
            let command = self.foreign_command(group);
            let deeds = &mut self.groups[group.idx()].deeds;
            for (old, now) in deeds.spared.iter_mut().zip(spared) {
                *old += step * (now - *old);
            }
            deeds.harm = if killed > 0.0 { killed / (killed + half * n_members) } else { 0.0 };
            deeds.command = command;
        }
    }

    /// How far a group leaves alone those whom an axis is against.
    fn spares(&self, group: GroupId, axis: usize) -> f64 {
        let against = &self.world.setup.axes[axis].against;
        let is_there = |enemy: &GroupId| *enemy != group && self.groups[enemy.idx()].is_alive;
        let enemies: Vec<GroupId> = against.iter().copied().filter(is_there).collect();
        if enemies.is_empty() {
            return 0.0;
        }
        let n_at_war = enemies.iter().filter(|&&enemy| self.relation(group, enemy) == RelationKind::War).count() as f64;
        let assaults = &self.groups[group.idx()].deeds.assaults;
        let on_enemies = enemies.iter().fold(0.0, |sum, enemy| sum + assaults[enemy.idx()]);
        let on_all = assaults.iter().sum::<f64>();
        let diverted = if on_all > 0.0 { 1.0 - on_enemies / on_all } else { 0.0 };
        let by_relations = self.world.setup.parameters.causes.relations_share;
        by_relations * (1.0 - n_at_war / enemies.len() as f64) + (1.0 - by_relations) * diverted
    }

    fn killed_where(&self, killer: GroupId, of: GroupId) -> f64 {
        self.groups[killer.idx()].deeds.killed[self.world.setup.kind_of(of).constituency.idx()]
    }

    /// The mean, over the ranks of commanders, of the share of foreigners.
    fn foreign_command(&self, group: GroupId) -> f64 {
        let n_active = self.n_active_by_unit();
        let units = self.unit_ids().filter(|&unit| self.unit(unit).group == group && n_active[unit.idx()] > 0);
        let commanders: Vec<PersonId> = units.filter_map(|unit| self.unit(unit).commander).collect();
        let mut shares = Vec::new();
        for rank in [Rank::UnitCommander, Rank::FieldCommander, Rank::Leadership] {
            let of_rank: Vec<PersonId> =
                commanders.iter().copied().filter(|&person| self.person(person).rank == rank).collect();
            if !of_rank.is_empty() {
                let n_foreign = of_rank.iter().filter(|&&person| self.person(person).is_foreign).count();
                shares.push(n_foreign as f64 / of_rank.len() as f64);
            }
        }
        if shares.is_empty() { 0.0 } else { shares.iter().sum::<f64>() / shares.len() as f64 }
    }

    /// Where a person stands on an axis.
    fn position(&self, person: PersonId, axis: usize) -> f64 {
        let setup = &self.world.setup;
        let p = &setup.parameters.causes;
        let state = self.person(person);
        let normal = |purpose: Purpose, entity: u32| {
            self.world.population_draws.stream(purpose, entity, 0, axis as u32).normal()
        };
        let mean = match (state.is_foreign, state.first_group) {
            (true, Some(first)) => setup.groups[first.idx()].cause[axis],
            _ => setup.axes[axis].mean,
        };
        let of_place = state.home.map_or(0.0, |home| p.place_sd * normal(Purpose::PlaceCause, home.0));
        (mean + of_place + p.person_sd * normal(Purpose::PersonCause, person.0)).clamp(1.0, 5.0)
    }

    /// How far a person's positions are from a group's profile.
    pub(super) fn distance_from(&self, person: PersonId, group: GroupId) -> f64 {
        let setup = &self.world.setup;
        let (mut apart, mut weight) = (0.0, 0.0);
        for (at, axis) in setup.axes.iter().enumerate() {
            apart += axis.weight * (self.position(person, at) - setup.groups[group.idx()].cause[at]).abs();
            weight += axis.weight;
        }
        if weight == 0.0 { 0.0 } else { apart / (4.0 * weight) }
    }

    /// What a group's cause adds to the log-hazard of joining it.
    pub(super) fn appeal(&self, person: PersonId, group: GroupId) -> f64 {
        if !self.runs(Mechanism::Causes) {
            return 0.0;
        }
        -self.world.setup.parameters.causes.joining_weight * (self.distance_from(person, group) - 0.5)
    }

    /// All that a member heard and saw of his group, with what he makes of what
    /// it is for.
    pub(super) fn heard(&self, person: PersonId) -> HeardOfGroup {
        let state = self.person(person);
        let (against_fight, against_rule, fight_weight) = match state.group.filter(|_| self.runs(Mechanism::Causes)) {
            Some(group) => self.against(person, group),
            None => (0.0, 0.0, 0.0),
        };
        let seen = state.heard.evidence;
        HeardOfGroup {
            by_claim: ByClaim {
                fight: Heard { evidence: seen + against_fight, n_kin: 0, told: state.told_of_fight, ..state.heard },
                rule: Heard { evidence: seen + against_rule, told: state.told_of_rule, ..state.heard },
            },
            fight_weight,
        }
    }

    /// The evidence against each claim of a group, and a person's own weight of
    /// the first.
    fn against(&self, person: PersonId, group: GroupId) -> (f64, f64, f64) {
        let setup = &self.world.setup;
        let p = &setup.parameters.causes;
        let deeds = &self.groups[group.idx()].deeds;
        let values: Vec<f64> = (0..setup.axes.len()).map(|at| (self.position(person, at) - 1.0) / 4.0).collect();
        let promise = |at: usize| (setup.groups[group.idx()].cause[at] - 1.0) / 4.0;
        let against: Vec<usize> =
            (0..setup.axes.len()).filter(|&at| setup.axes[at].against.iter().any(|&enemy| enemy != group)).collect();
        let of_home: Vec<usize> = (0..setup.axes.len()).filter(|&at| setup.axes[at].is_home_rule).collect();
        let promised = against.iter().fold(0.0, |sum, &at| sum + values[at] * promise(at));
        let spared = against.iter().fold(0.0, |sum, &at| sum + values[at] * promise(at) * deeds.spared[at]);
        let home_rule = of_home.iter().fold(0.0, |sum, &at| sum + values[at]);
        let rule = if of_home.is_empty() { 0.5 } else { home_rule / of_home.len() as f64 };
        let command = if self.person(person).is_foreign { 0.0 } else { deeds.command };
        let against_rule = p.harm_weight * deeds.harm
            + p.command_weight * command
            + p.distance_weight * (self.distance_from(person, group) - 0.5);
        if promised <= 0.0 {
            return (0.0, against_rule, 0.0);
        }
        let fight = promised / against.len() as f64;
        let weight = fight / (fight + rule);
        (p.fight_weight * (spared / promised), against_rule, weight)
    }

    /// The larger share of two groups of the civilians known killed where their
    /// constituency rules.
    pub(super) fn blame(&self, a: GroupId, b: GroupId, n_members: f64) -> f64 {
        if !self.runs(Mechanism::Causes) {
            return 0.0;
        }
        let all: f64 = self.group_ids().map(|group| self.killed_where(group, a)).sum();
        let unknown = self.world.setup.parameters.causes.harm_half * n_members;
        let shares = [a, b]
            .map(|group| self.killed_where(group, a))
            .map(|killed| if killed > 0.0 { killed / (all + unknown) } else { 0.0 });
        shares[0].max(shares[1])
    }
}
