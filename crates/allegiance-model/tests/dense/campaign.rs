//! Axes of advance, and the opening of a war.

use super::Dense;
use crate::ids::{GroupId, PlaceId, UnitId};
use crate::random::Purpose;
use crate::setup::{Mechanism, RelationKind};

/// What groups remember of their campaigns.
#[derive(Debug, Clone)]
pub(super) struct Campaigns {
    axes: Vec<Option<PlaceId>>,
    chosen: Vec<Option<u32>>,
    /// The relations as they were seen last.
    seen: Vec<Vec<RelationKind>>,
    /// When each war opened that wasn't there from the start. Same shape.
    opened: Vec<Vec<Option<u32>>>,
}

impl Campaigns {
    pub(super) fn new(relations: &[Vec<RelationKind>]) -> Self {
        let n_groups = relations.len();
        Self {
            axes: vec![None; n_groups],
            chosen: vec![None; n_groups],
            seen: relations.to_vec(),
            opened: vec![vec![None; n_groups]; n_groups],
        }
    }
}

impl Dense<'_> {
    fn has_campaigns(&self) -> bool {
        self.runs(Mechanism::Campaigns) && self.runs(Mechanism::Operations)
    }

    fn ever_attacks(&self, group: GroupId) -> bool {
        self.world.setup.groups[group.idx()].offensive_tempo > 0.0
    }

    pub(super) fn plan(&mut self) {
        if !self.has_campaigns() {
            return;
        }
        for a in self.group_ids() {
            for b in self.group_ids() {
                let was_war = self.campaigns.seen[a.idx()][b.idx()] == RelationKind::War;
                let opened = &mut self.campaigns.opened[a.idx()][b.idx()];
                if self.relations[a.idx()][b.idx()] != RelationKind::War {
                    *opened = None;
                } else if !was_war {
                    *opened = Some(self.day);
                }
            }
        }
        self.campaigns.seen = self.relations.clone();
        for group in self.group_ids() {
            if self.ever_attacks(group) && self.must_choose(group) {
                self.campaigns.axes[group.idx()] = self.best_axis(group);
                self.campaigns.chosen[group.idx()] = Some(self.day);
            }
        }
        self.drift();
    }

    fn must_choose(&self, group: GroupId) -> bool {
        let p = &self.world.setup.parameters.campaigns;
        let Some(chosen) = self.campaigns.chosen[group.idx()] else { return true };
        let is_won = match self.campaigns.axes[group.idx()] {
            Some(axis) => {
                let near = self.world.geography.within(axis, p.cluster_km);
                near.iter().all(|near| !self.faces_enemy(group, near.place))
            }
            None => false,
        };
        let is_old = f64::from(self.day - chosen) >= p.review_days;
        is_won || is_old || self.campaigns.opened[group.idx()].contains(&Some(self.day))
    }

    fn prize(&self, group: GroupId, place: PlaceId) -> f64 {
        let reach_km = self.world.setup.parameters.operations.reach_km;
        if self.force_around(place, group, reach_km) == 0 || !self.faces_enemy(group, place) {
            return 0.0;
        }
        self.value(group, place) * self.p_win(group, place) * self.local_pace(group, place)
    }

    fn best_axis(&self, group: GroupId) -> Option<PlaceId> {
        let cluster_km = self.world.setup.parameters.campaigns.cluster_km;
        let around = |place: PlaceId| -> f64 {
            let near = self.world.geography.within(place, cluster_km);
            near.iter().map(|near| self.prize(group, near.place)).sum()
        };
        let mut best = None;
        let mut most = 0.0;
        for place in self.place_ids() {
            if self.prize(group, place) > 0.0 && around(place) > most {
                (best, most) = (Some(place), around(place));
            }
        }
        best
    }

    fn drift(&mut self) {
        if !self.runs(Mechanism::Movement) {
            return;
        }
        let p_drift = self.world.setup.parameters.campaigns.p_drift;
        let n_active = self.n_active_by_unit();
        for unit in self.unit_ids() {
            let (group, place) = (self.unit(unit).group, self.unit(unit).place);
            let sets_out = self.draws.daily_uniform(Purpose::Drift, unit.0, self.day) < p_drift;
            let is_free = n_active[unit.idx()] > 0 && self.unit(unit).acted_day != Some(self.day);
            let is_spared = self
                .units_in(place)
                .into_iter()
                .any(|other| other != unit && self.unit(other).group == group && n_active[other.idx()] > 0);
            let Some(to) = self.next_stage(unit) else { continue };
            if sets_out && is_free && is_spared && !self.is_fixed(group) {
                self.units[unit.idx()].place = to;
                self.units[unit.idx()].acted_day = Some(self.day);
            }
        }
    }

    /// The place of the group in a day's march that is nearest to its axis.
    fn next_stage(&self, unit: UnitId) -> Option<PlaceId> {
        let p = &self.world.setup.parameters;
        let (group, from) = (self.unit(unit).group, self.unit(unit).place);
        let axis = self.campaigns.axes[group.idx()]?;
        let now_km = self.world.geography.distance_km(axis, from)?;
        if now_km > p.campaigns.drift_km || now_km <= p.operations.reach_km {
            return None;
        }
        let mut best = None;
        let mut least_km = now_km;
        for near in &self.world.geography.within(from, p.movement.march_km) {
            let is_held = self.force(near.place, group) > 0 || self.share(near.place, group) >= 0.5;
            let Some(km) = self.world.geography.distance_km(axis, near.place) else { continue };
            if is_held && km < least_km {
                (best, least_km) = (Some(near.place), km);
            }
        }
        best
    }

    /// The factors of a group's rate of assaults: the highest, and that on a place.
    pub(super) fn most_pace(&self, group: GroupId) -> f64 {
        let p = &self.world.setup.parameters.campaigns;
        if self.has_campaigns() && self.campaigns.axes[group.idx()].is_some() {
            p.on_axis.max(p.elsewhere)
        } else {
            1.0
        }
    }

    pub(super) fn pace(&self, group: GroupId, place: PlaceId) -> f64 {
        let p = &self.world.setup.parameters.campaigns;
        match self.campaigns.axes[group.idx()] {
            Some(axis) if self.has_campaigns() => {
                let near = self.world.geography.within(axis, p.cluster_km);
                if near.iter().any(|near| near.place == place && near.distance_km <= p.cluster_km) {
                    p.on_axis
                } else {
                    p.elsewhere
                }
            }
            _ => 1.0,
        }
    }

    /// The assaults with which wars open today.
    pub(super) fn opening_blows(&self) -> Vec<(GroupId, PlaceId)> {
        if !self.has_campaigns() {
            return Vec::new();
        }
        let n_active = self.n_active_by_unit();
        let rested = self.unit_ids().filter(|&unit| self.is_rested(unit, &n_active));
        rested.filter_map(|unit| Some((self.unit(unit).group, self.opening_blow(unit)?))).collect()
    }

    fn opening_blow(&self, unit: UnitId) -> Option<PlaceId> {
        let p = &self.world.setup.parameters.campaigns;
        let group = self.unit(unit).group;
        for nth_day in 0..3 {
            let Some(opened) = self.day.checked_sub(nth_day) else { continue };
            let new_enemies: Vec<GroupId> = self
                .group_ids()
                .filter(|enemy| self.campaigns.opened[group.idx()][enemy.idx()] == Some(opened))
                .collect();
            let u = self.draws.uniform(Purpose::OpeningBlow, unit.0, opened, 0);
            let is_today = u < p.p_opening && (u / p.p_opening * 3.0) as u32 == nth_day;
            if new_enemies.is_empty() || !is_today || !self.ever_attacks(group) {
                continue;
            }
            let from = self.unit(unit).place;
            let (targets, _) = self.weights_of_targets(unit, p.contact_km, &|place| {
                self.siege_pace(group, from, place) > 0.0
                    && new_enemies.iter().any(|&enemy| self.force(place, enemy) > 0)
            });
            let mut stream = self.draws.stream(Purpose::OpeningTarget, unit.0, self.day, 0);
            return Self::pick(&targets, stream.uniform());
        }
        None
    }
}
