//! Wars within a constituency that stay in one district.

use super::Dense;
use crate::ids::{GroupId, PlaceId};
use crate::maths::powf;
use crate::random::Purpose;
use crate::setup::{Mechanism, RelationKind};
use std::collections::BTreeSet;

/// Governorate and district.
pub(super) type District = (String, String);

/// Two groups that fight in a district, the first in number first.
pub(super) type LocalWar = (District, GroupId, GroupId);

impl Dense<'_> {
    pub(super) fn district_of(&self, place: PlaceId) -> District {
        let place = &self.world.setup.places[place.idx()];
        (place.governorate.clone(), place.district.clone())
    }

    fn districts(&self) -> BTreeSet<District> {
        self.place_ids().map(|place| self.district_of(place)).collect()
    }

    pub(super) fn fight_in(&self, district: &District, a: GroupId, b: GroupId) -> bool {
        self.local_wars.contains(&(district.clone(), a.min(b), a.max(b)))
    }

    /// Whether two groups are at war in a place.
    pub(super) fn at_war(&self, place: PlaceId, a: GroupId, b: GroupId) -> bool {
        self.relation(a, b) == RelationKind::War || self.fight_in(&self.district_of(place), a, b)
    }

    /// Whether two groups are at war anywhere.
    pub(super) fn fight_anywhere(&self, a: GroupId, b: GroupId) -> bool {
        self.relation(a, b) == RelationKind::War
            || self.local_wars.iter().any(|&(_, one, other)| (one, other) == (a.min(b), a.max(b)))
    }

    pub(super) fn allied(&self, place: PlaceId, a: GroupId, b: GroupId) -> bool {
        self.relation(a, b) == RelationKind::Alliance && !self.fight_in(&self.district_of(place), a, b)
    }

    /// The groups at war with one in a place.
    pub(super) fn enemies_of(&self, place: PlaceId, group: GroupId) -> Vec<GroupId> {
        self.group_ids().filter(|&other| self.at_war(place, group, other)).collect()
    }

    /// The groups at war with one everywhere.
    pub(super) fn general_enemies_of(&self, group: GroupId) -> Vec<GroupId> {
        self.group_ids().filter(|&other| self.relation(group, other) == RelationKind::War).collect()
    }

    /// The factor of assaults on a place: less where a group is faced by local foes alone.
    pub(super) fn local_pace(&self, group: GroupId, place: PlaceId) -> f64 {
        let general = self.general_enemies_of(group);
        let force: u32 = general.iter().map(|&enemy| self.force(place, enemy)).sum();
        let share: f64 = general.iter().fold(0.0, |sum, &enemy| sum + self.share(place, enemy));
        let district = self.district_of(place);
        let has_foes = self.group_ids().any(|other| self.fight_in(&district, group, other));
        if has_foes && force == 0 && share <= 0.5 { self.world.setup.parameters.local_infighting.tempo } else { 1.0 }
    }

    pub(super) fn members_in(&self, district: &District, group: GroupId) -> u32 {
        let places = self.place_ids().filter(|&place| self.district_of(place) == *district);
        places.map(|place| self.force(place, group)).sum()
    }

    /// Where two groups that fall out fight.
    pub(super) fn district_of_clash(&self, a: GroupId, b: GroupId) -> Option<District> {
        let shared: Vec<(District, u32)> = self
            .districts()
            .into_iter()
            .filter(|district| !self.fight_in(district, a, b))
            .map(|district| {
                let fewer = self.members_in(&district, a).min(self.members_in(&district, b));
                (district, fewer)
            })
            .filter(|&(_, fewer)| fewer > 0)
            .collect();
        // The latest of either; of the same day that of the first in number.
        let of_a = self.provoked_at[a.idx()][b.idx()];
        let of_b = self.provoked_at[b.idx()][a.idx()];
        let last = if of_b.map(|(day, _)| day) > of_a.map(|(day, _)| day) { of_b } else { of_a };
        if let Some((day, place)) = last {
            let there = self.district_of(place);
            if self.day - day < 30 && shared.iter().any(|(district, _)| *district == there) {
                return Some(there);
            }
        }
        let total: u32 = shared.iter().map(|&(_, fewer)| fewer).sum();
        let u = self.draws.uniform(Purpose::ClashDistrict, u32::from(a.0), self.day, u32::from(b.0));
        let mut passed = 0;
        shared.into_iter().find_map(|(district, fewer)| {
            passed += fewer;
            (u * f64::from(total) < f64::from(passed)).then_some(district)
        })
    }

    /// On the last day of each week local wars may end.
    pub(super) fn end_local_wars(&mut self) {
        if !self.runs(Mechanism::LocalInfighting) || self.day % 7 != 6 {
            return;
        }
        let p_month = self.world.setup.parameters.local_infighting.end_per_month;
        let p_end = 1.0 - powf(1.0 - p_month, 7.0 / 30.0);
        let districts: Vec<District> = self.districts().into_iter().collect();
        let is_present = |district: &District, group: GroupId| {
            self.place_ids()
                .filter(|&place| self.district_of(place) == *district)
                .any(|place| self.force(place, group) > 0 || self.share(place, group) >= 0.5)
        };
        let goes_on = |(district, a, b): &LocalWar| {
            let nth = districts.iter().position(|other| other == district).expect("it is one of them");
            let index = 256 * u32::from(a.0) + u32::from(b.0);
            let ends = self.draws.chance(p_end, Purpose::ClashEnds, nth as u32, self.day, index);
            !ends && is_present(district, *a) && is_present(district, *b)
        };
        self.local_wars = self.local_wars.iter().filter(|war| goes_on(war)).cloned().collect();
    }
}
