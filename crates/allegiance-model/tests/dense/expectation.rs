//! Expectation of victory.

use super::Dense;
use crate::ids::{GroupId, PersonId};
use crate::maths::{ln, logistic};
use crate::random::Purpose;
use crate::setup::{Mechanism, RelationKind};

/// Days over which gains of ground count.
const GROUND_DAYS: usize = 182;
/// Days over which the dead count.
const DEAD_DAYS: u32 = 91;

/// A member killed by somebody known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Death {
    pub(super) day: u32,
    pub(super) group: GroupId,
    pub(super) by: GroupId,
}

impl Dense<'_> {
    /// The first members joined with what the war looks like before the first day.
    pub(super) fn start_expectation(&mut self) {
        if !self.runs(Mechanism::Expectation) {
            return;
        }
        self.judge_war(0);
        for person in 0..self.people.len() {
            if let Some(group) = self.people[person].group {
                self.people[person].joined_outlook = self.groups[group.idx()].outlook;
            }
        }
    }

    /// Every seventh evening.
    pub(super) fn review_expectation(&mut self) {
        if self.runs(Mechanism::Expectation) && self.day % 7 == 6 {
            self.judge_war(self.day + 1);
        }
    }

    fn judge_war(&mut self, n_days: u32) {
        let p = &self.world.setup.parameters.expectation;
        let judged: Vec<f64> = self
            .group_ids()
            .map(|group| {
                let logit = p.even
                    + p.force_weight * self.log_ratio_of_force(group)
                    + p.ground_weight * self.gain_of_ground(group, n_days)
                    - p.own_side_weight * self.share_by_own_side(group, n_days)
                    + self.groups[group.idx()].shock;
                logit.clamp(-3.0, 3.0)
            })
            .collect();
        for (group, logit) in self.groups.iter_mut().zip(judged) {
            group.outlook = logit;
        }
    }

    fn log_ratio_of_force(&self, group: GroupId) -> f64 {
        let active: Vec<GroupId> =
            self.people.iter().filter(|person| person.is_active()).filter_map(|person| person.group).collect();
        if self.general_enemies_of(group).is_empty() {
            return 0.0;
        }
        let side = active.iter().filter(|&&other| self.relation(group, other) == RelationKind::Alliance).count();
        let enemies = active.iter().filter(|&&other| self.relation(group, other) == RelationKind::War).count();
        ln(side.max(1) as f64 / enemies.max(1) as f64)
    }

    fn gain_of_ground(&self, group: GroupId, n_days: u32) -> f64 {
        let ground = &self.groups[group.idx()].ground;
        let (now, then) = (ground[n_days as usize], ground[(n_days as usize).saturating_sub(GROUND_DAYS)]);
        (now - then) / now.max(then).max(0.005)
    }

    fn share_by_own_side(&self, group: GroupId, n_days: u32) -> f64 {
        let side = |group: GroupId| self.world.setup.kind_of(group).constituency;
        let recent: Vec<&Death> =
            self.deaths.iter().filter(|death| death.group == group && death.day + DEAD_DAYS >= n_days).collect();
        let by_own = recent.iter().filter(|death| side(death.by) == side(group)).count();
        by_own as f64 / recent.len().max(1) as f64
    }

    /// What victory adds to the log-hazard of joining for one who is so many
    /// standard deviations more hopeful than most, where it counts.
    pub(super) fn pull_of_victory(&self, group: GroupId, deviation: f64) -> Option<f64> {
        let p = &self.world.setup.parameters.expectation;
        let logit = self.groups[group.idx()].outlook + deviation * p.person_sd;
        self.runs(Mechanism::Expectation).then(|| p.joining_weight * (logistic(logit) - 0.5))
    }

    /// How much less it adds for a person than for the most hopeful.
    pub(super) fn less_hope(&self, person: PersonId, group: GroupId) -> f64 {
        let p = &self.world.setup.parameters.expectation;
        let z = self.world.population_draws.stream(Purpose::Hope, person.0, 0, 0).normal().clamp(-3.0, 3.0);
        let chance = |z: f64| logistic(self.groups[group.idx()].outlook + z * p.person_sd);
        if self.runs(Mechanism::Expectation) { p.joining_weight * (chance(z) - chance(3.0)) } else { 0.0 }
    }

    pub(super) fn outlook_of_host(&self, host: GroupId) -> f64 {
        let counts = f64::from(u8::from(self.runs(Mechanism::Expectation)));
        counts * self.world.setup.parameters.expectation.host_weight * self.groups[host.idx()].outlook
    }

    pub(super) fn outlook_of_settlement(&self, group: GroupId) -> f64 {
        let weight = self.world.setup.parameters.expectation.settlement_weight;
        let chance = logistic(self.groups[group.idx()].outlook);
        if self.runs(Mechanism::Expectation) { weight * (0.5 - chance) } else { 0.0 }
    }
}
