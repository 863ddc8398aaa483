//! The forces that stand around each place.
//!
//! Several mechanisms weigh what each group could bring to a place from all of its positions within
//! some distance. Few forces change in a day, so the sums are kept from day to day, and only what
//! changed is added or taken away: forces are whole numbers, whose sums are the same in any order.

use crate::ids::{GroupId, PlaceId};
use crate::model::Model;

/// The sums of a model in progress, by who asks. All of it follows from the forces of the day.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct MusterRolls {
    /// Within reach of operations, as of this morning; campaigns and sieges look at it, too.
    pub(crate) reach: Musters,
    /// For units that may give up.
    pub(crate) settlement: Musters,
    /// For men who may join.
    pub(crate) joining: Musters,
    /// For places that may fall to a presence.
    pub(crate) presence: Musters,
}

/// The force that each group can gather at each place, from all of its
/// positions within a distance.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Musters {
    radius_km: f64,
    n_groups: usize,
    /// The forces that were counted, by place and group.
    counted: Vec<u32>,
    /// Shape: as of these.
    sums: Vec<f64>,
}

impl Musters {
    /// Brings the sums up to the forces of now, within a distance of every place.
    pub(crate) fn renew(&mut self, model: &Model<'_>, radius_km: f64) {
        let (geography, force) = (&model.world.geography, &model.places.force);
        let is_kept = self.counted.len() == force.len() && self.radius_km.to_bits() == radius_km.to_bits();
        if !is_kept || !geography.lists_neighbours() {
            self.radius_km = radius_km;
            self.n_groups = model.groups.n_groups();
            self.counted.clone_from(force);
            self.sums = geography.sums_within(radius_km, self.n_groups, |place, group_idx| {
                f64::from(model.places.force_of(place, GroupId::from_idx(group_idx)))
            });
            return;
        }
        let n_groups = self.n_groups;
        let rows = self.counted.chunks_mut(n_groups).zip(force.chunks(n_groups));
        for (place_idx, (counted, now)) in rows.enumerate().filter(|(_, (counted, now))| counted != now) {
            for near in &geography.within(PlaceId::from_idx(place_idx), radius_km) {
                let sums = &mut self.sums[near.place.idx() * n_groups..][..n_groups];
                for ((sum, &before), &now) in sums.iter_mut().zip(&*counted).zip(now) {
                    *sum += f64::from(now) - f64::from(before);
                }
            }
            counted.copy_from_slice(now);
        }
    }

    /// The force that a group can gather at a place.
    pub(crate) fn of(&self, place: PlaceId, group: GroupId) -> f64 {
        self.sums[place.idx() * self.n_groups + group.idx()]
    }
}

#[cfg(test)]
mod tests {
    use super::Musters;
    use crate::dense::worlds::small_war;
    use crate::model::Model;
    use crate::world::World;

    #[test]
    fn sums_kept_from_day_to_day_are_those_counted_anew() {
        let world = World::build(small_war());
        let mut model = Model::new(&world, 0);
        let mut kept = Musters::default();
        while !model.is_finished() {
            kept.renew(&model, 13.0);
            let mut anew = Musters::default();
            anew.renew(&model, 13.0);
            assert_eq!(kept, anew, "day {}", model.day());
            model.step();
        }
    }
}
