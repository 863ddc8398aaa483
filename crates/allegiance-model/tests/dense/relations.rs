//! Relations between groups: infighting, truces, and the end of groups.

use super::Dense;
use super::local_infighting::District;
use crate::ids::{GroupId, PlaceId};
use crate::maths::{half_life_factor, ln, logistic};
use crate::random::Purpose;
use crate::setup::{Mechanism, RelationKind};

/// Days between reviews.
const REVIEW_DAYS: u32 = 30;
/// Half-life of a provocation, in days.
const PROVOCATION_DAYS: f64 = 30.0;

impl Dense<'_> {
    /// The relation of two groups wherever they don't fight in a district alone.
    pub(super) fn relation(&self, a: GroupId, b: GroupId) -> RelationKind {
        self.relations[a.idx()][b.idx()]
    }

    pub(super) fn set_relation(&mut self, a: GroupId, b: GroupId, kind: RelationKind) {
        if a != b {
            self.local_wars.retain(|&(_, one, other)| (one, other) != (a.min(b), a.max(b)));
            self.relations[a.idx()][b.idx()] = kind;
            self.relations[b.idx()][a.idx()] = kind;
        }
    }

    pub(super) fn provoke(&mut self, provoked: GroupId, by: GroupId, weight: f64, place: PlaceId) {
        self.provocation[provoked.idx()][by.idx()] += weight;
        self.provoked_at[provoked.idx()][by.idx()] = Some((self.day, place));
    }

    /// Groups without members dissolve; once a month, groups of one
    /// constituency may turn on each other or make peace.
    pub(super) fn review(&mut self) {
        let fading = half_life_factor(1.0, PROVOCATION_DAYS);
        for value in self.provocation.iter_mut().flatten() {
            *value *= fading;
        }
        for group in self.group_ids() {
            let has_members = self.people.iter().any(|person| person.unit.is_some() && person.group == Some(group));
            self.groups[group.idx()].is_alive &= has_members;
        }
        self.end_local_wars();
        if !self.runs(Mechanism::Infighting) || self.day % REVIEW_DAYS != REVIEW_DAYS - 1 {
            return;
        }
        for a in self.group_ids() {
            for b in self.group_ids() {
                if a < b && self.are_rivals(a, b) {
                    self.review_pair(a, b);
                }
            }
        }
    }

    fn review_pair(&mut self, a: GroupId, b: GroupId) {
        let parameters = &self.world.setup.parameters.relations;
        let (entity, index) = (u32::from(a.0), u32::from(b.0));
        let ends = self.draws.chance(parameters.truce_per_month, Purpose::Truce, entity, self.day, index);
        let starts = self.draws.chance(self.p_infighting(a, b), Purpose::Infighting, entity, self.day, index);
        match (self.relation(a, b) == RelationKind::War, ends, starts) {
            (true, true, _) => self.set_relation(a, b, RelationKind::Truce),
            (false, _, true) if self.runs(Mechanism::LocalInfighting) => {
                if let Some(district) = self.district_of_clash(a, b) {
                    self.local_wars.insert((district.clone(), a, b));
                    self.take_sides(a, b, Some(&district));
                }
            }
            (false, _, true) => {
                self.set_relation(a, b, RelationKind::War);
                self.take_sides(a, b, None);
            }
            _ => {}
        }
    }

    pub(super) fn n_active_of(&self, group: GroupId) -> usize {
        self.people.iter().filter(|person| person.group == Some(group) && person.is_active()).count()
    }

    fn are_rivals(&self, a: GroupId, b: GroupId) -> bool {
        self.share_constituency(a, b) && self.n_active_of(a) > 0 && self.n_active_of(b) > 0
    }

    /// Allies of either side may join it, if they are closer to it in ideology; in a war of a district,
    /// those who stand there.
    fn take_sides(&mut self, a: GroupId, b: GroupId, district: Option<&District>) {
        let p_third = self.world.setup.parameters.relations.p_third_party;
        for third in self.group_ids() {
            if third == a || third == b {
                continue;
            }
            let (friend, foe) = if self.distance(third, a) < self.distance(third, b) { (a, b) } else { (b, a) };
            let is_free = self.relation(third, friend) == RelationKind::Alliance
                && self.relation(third, foe) != RelationKind::War
                && self.are_rivals(third, foe);
            let can_take_part = district.is_none_or(|district| {
                !self.fight_in(district, third, friend)
                    && !self.fight_in(district, third, foe)
                    && self.members_in(district, third) > 0
            });
            let index = 256 * u32::from(a.0) + u32::from(b.0);
            let joins = self.draws.chance(p_third, Purpose::ThirdParty, u32::from(third.0), self.day, index);
            if is_free && can_take_part && joins {
                match district {
                    Some(district) => {
                        self.local_wars.insert((district.clone(), third.min(foe), third.max(foe)));
                    }
                    None => self.set_relation(third, foe, RelationKind::War),
                }
            }
        }
    }

    /// Mean difference of the scores on the axes, by their weights, over their
    /// range of 4.
    pub(super) fn distance(&self, a: GroupId, b: GroupId) -> f64 {
        let setup = &self.world.setup;
        let (a, b) = (&setup.groups[a.idx()].cause, &setup.groups[b.idx()].cause);
        let total: f64 = setup.axes.iter().enumerate().map(|(at, axis)| axis.weight * (a[at] - b[at]).abs()).sum();
        let weight: f64 = setup.axes.iter().map(|axis| axis.weight).sum();
        if weight == 0.0 { 0.0 } else { total / (4.0 * weight) }
    }

    /// The chance that two groups at peace start to fight.
    fn p_infighting(&self, a: GroupId, b: GroupId) -> f64 {
        let p = &self.world.setup.parameters.relations;
        let size = |group: GroupId| self.n_active_of(group) as f64;
        let provocation = self.provocation[a.idx()][b.idx()] + self.provocation[b.idx()][a.idx()];
        logistic(
            p.infighting_intercept
                + p.ideology_weight * self.distance(a, b)
                + p.asymmetry_weight * ln(size(a) / size(b)).abs()
                + p.provocation_weight * provocation.min(1.0)
                + p.blame_weight * self.blame(a, b, size(a) + size(b))
                - if self.relation(a, b) == RelationKind::Alliance { p.alliance_weight } else { 0.0 },
        )
    }
}
