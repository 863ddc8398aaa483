//! Local infighting: groups of one constituency that fall out fight in one district and not everywhere.
//!
//! Off by default: then a war that breaks out between two groups is one wherever they meet.
//!
//! # Form
//! With it on, the review of relations starts such a war in a single district. It is the one in which one of
//! the two last provoked the other, if that happened since the review before and both stand there; else a
//! district `D` in which both stand, drawn with weight `min(F_a, F_b)` of the members that they have
//! there. Where they share no district, or fight in all that they share, nothing starts. The same review can
//! so carry the fighting into further districts, and third groups that stand there take sides in it. Units
//! set out against places in which only such foes face them at
//!
//! ```text
//! f_l     times the rate of operations, and of the fall of undefended places
//! ```
//!
//! At the end of each week the fighting in a district ends
//!
//! ```text
//! with probability 1 - (1 - p_l)^(7/30), and where one of the two neither stands nor holds a place any more
//! ```
//!
//! Then the two are again what they were, and still are elsewhere. A dated relation of the scenario is one everywhere,
//! and ends all local fighting of its pair. Groups that are of different constituencies never fight locally.
//!
//! # Who is at war, and where
//! Whatever happens in a place asks `Groups::at_war_at` (or `enemies_at`,
//! `allied_at`, `side_at`) of that place: targets, the chance to win, defenders, allies and relief of an assault; what
//! falls to a presence; threat, reinforcement and lines of retreat; strikes; sieges; the strongest rival for
//! support; fear and revenge of those who join, and who wants back, at home; who is denounced; hosts of a
//! leaver, where he stands; protection and cohesion, at home; units that give up, their enemies, side and
//! precedents; and accusations and framing, which reach the units in the district.
//!
//! What is about the war as a whole asks `at_general_war`: expectation of victory, what a group is held
//! to be for, and the opening blow. Whether a newcomer is a former enemy, and whether a group passes to an ally,
//! asks `fight_anywhere`. What newcomers told of a unit is known to all allies.
//!
//! # Source
//! Fights over one town between groups that went on side by side elsewhere, such as that over Azaz in September
//! 2013 (from memory), and evidence A11. No number exists; all magnitudes are judgement.

use crate::ids::{GroupId, PlaceId};
use crate::maths::{DAYS_PER_MONTH, DAYS_PER_WEEK, powf};
use crate::model::Model;
use crate::movement;
use crate::operations::some_face;
use crate::parameters::parameters;
use crate::random::Purpose;
use crate::setup::{Mechanism, Setup};
use crate::world::numbered;

parameters! {
    /// Wars within a constituency that stay in one district.
    pub struct LocalInfightingParameters = "local_infighting" {
        /// Factor of the rate of assaults between groups that fight in the district alone.
        tempo: "f_l", "1", 0.2 in 0.1..0.5 within 0.0..1.0 off 1.0, Judgement, "no number exists";
        /// Probability a month that the fighting in a district ends.
        end_per_month: "p_l", "probability", 0.5 in 0.2..1.0 off 0.0, Judgement, "no number exists";
    }
}

/// A district, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DistrictId(pub(crate) u32);

impl DistrictId {
    fn idx(self) -> usize {
        self.0 as usize
    }
}

/// Where groups fight that are not at war everywhere.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct LocalWars {
    n_groups: usize,
    /// Shape: `(n_places,)`.
    district_of_place: Vec<u32>,
    /// The local foes of each group, a bit each. Shape: `(n_districts, n_groups)`, row-major.
    foes: Vec<u32>,
    /// When and where each group was last provoked by each other. Shape: `(n_groups, n_groups)`, row-major.
    provoked: Vec<Option<(u32, PlaceId)>>,
}

/// A bit for each group.
const _: () = assert!(Setup::MAX_GROUPS <= u32::BITS as usize);

impl LocalWars {
    /// Nobody fights locally on the first day.
    pub(crate) fn new(setup: &Setup) -> Self {
        let n_groups = setup.n_groups();
        let names: Vec<(&str, &str)> =
            setup.places.iter().map(|place| (place.governorate.as_str(), place.district.as_str())).collect();
        let district_of_place = numbered(&names);
        let n_districts = district_of_place.iter().max().map_or(0, |&last| last as usize + 1);
        Self {
            n_groups,
            district_of_place,
            foes: vec![0; n_districts * n_groups],
            provoked: vec![None; n_groups * n_groups],
        }
    }

    /// The district of a place.
    #[inline]
    pub(crate) fn district_of(&self, place: PlaceId) -> DistrictId {
        DistrictId(self.district_of_place[place.idx()])
    }

    /// All districts, in order of name.
    fn districts(&self) -> impl Iterator<Item = DistrictId> + use<> {
        (0..self.foes.len() / self.n_groups).map(|nth| DistrictId(nth as u32))
    }

    /// Whether two groups fight in a district.
    #[inline]
    pub(crate) fn are_foes(&self, district: DistrictId, a: GroupId, b: GroupId) -> bool {
        (self.foes[district.idx() * self.n_groups + a.idx()] >> b.0) & 1 == 1
    }

    /// Whether two groups fight in any district.
    pub(crate) fn are_foes_anywhere(&self, a: GroupId, b: GroupId) -> bool {
        self.districts().any(|district| self.are_foes(district, a, b))
    }

    /// Whether a group fights anybody in a district.
    pub(crate) fn has_foes(&self, district: DistrictId, group: GroupId) -> bool {
        self.foes[district.idx() * self.n_groups + group.idx()] != 0
    }

    /// Two groups fight in a district from now on, or no more.
    pub(crate) fn set(&mut self, district: DistrictId, a: GroupId, b: GroupId, fight: bool) {
        for (one, other) in [(a, b), (b, a)] {
            let foes = &mut self.foes[district.idx() * self.n_groups + one.idx()];
            *foes = (*foes & !(1 << other.0)) | (u32::from(fight) << other.0);
        }
    }

    /// Two groups fight in no district any more.
    pub(crate) fn end_all(&mut self, a: GroupId, b: GroupId) {
        for district in self.districts() {
            self.set(district, a, b, false);
        }
    }

    /// Takes note of where a group was provoked by another.
    pub(crate) fn note_provocation(&mut self, provoked: GroupId, by: GroupId, day: u32, place: PlaceId) {
        self.provoked[provoked.idx() * self.n_groups + by.idx()] = Some((day, place));
    }

    /// The last provocation between two groups; that of the first, where both were provoked that day.
    fn last_provocation(&self, a: GroupId, b: GroupId) -> Option<(u32, PlaceId)> {
        let of_a = self.provoked[a.idx() * self.n_groups + b.idx()];
        let of_b = self.provoked[b.idx() * self.n_groups + a.idx()];
        match (of_a, of_b) {
            (Some((day_a, _)), Some((day_b, _))) if day_b > day_a => of_b,
            (None, _) => of_b,
            _ => of_a,
        }
    }
}

/// The factor of a group's rate of assaults on a place, and of that at which it falls: less than 1 where
/// only local foes face the group.
pub(crate) fn pace(model: &Model<'_>, group: GroupId, place: PlaceId) -> f64 {
    if !model.groups.has_local_foes(place, group) {
        return 1.0;
    }
    let is_general = some_face(model, place, || model.groups.general_enemies_of(group));
    if is_general { 1.0 } else { model.world.setup.parameters.local_infighting.tempo }
}

/// The district in which two groups that fall out fight, if any: where one provoked the other in the last
/// days, else one in which both stand.
pub(crate) fn district_of_clash(model: &Model<'_>, a: GroupId, b: GroupId, n_days: u32) -> Option<DistrictId> {
    let local_wars = &model.groups.local_wars;
    let mut weights = Vec::new();
    let mut total = 0.0;
    for district in local_wars.districts().filter(|&district| !local_wars.are_foes(district, a, b)) {
        let fewer = members_in(model, district, a).min(members_in(model, district, b));
        if fewer > 0 {
            total += f64::from(fewer);
            weights.push((district, total));
        }
    }
    let provoked = local_wars.last_provocation(a, b).filter(|&(day, _)| model.day - day < n_days);
    let provoked = provoked.map(|(_, place)| local_wars.district_of(place));
    if let Some(district) = provoked.filter(|district| weights.iter().any(|(other, _)| other == district)) {
        return Some(district);
    }
    let at = model.draws.uniform(Purpose::ClashDistrict, u32::from(a.0), model.day, u32::from(b.0)) * total;
    weights.iter().find(|&&(_, upto)| at < upto).or(weights.last()).map(|&(district, _)| district)
}

/// Members of a group stationed in a district this morning.
pub(crate) fn members_in(model: &Model<'_>, district: DistrictId, group: GroupId) -> u32 {
    places_in(model, district).map(|place| model.places.force_of(place, group)).sum()
}

fn places_in<'m>(model: &'m Model<'_>, district: DistrictId) -> impl Iterator<Item = PlaceId> + 'm {
    let places = (0..model.places.n_places()).map(PlaceId::from_idx);
    places.filter(move |&place| model.groups.local_wars.district_of(place) == district)
}

/// At the end of a week the fighting in a district may end.
pub(crate) fn end(model: &mut Model<'_>) {
    if !model.runs(Mechanism::LocalInfighting) || !model.ends_week() {
        return;
    }
    let weeks = f64::from(DAYS_PER_WEEK) / DAYS_PER_MONTH;
    let p_end = 1.0 - powf(1.0 - model.world.setup.parameters.local_infighting.end_per_month, weeks);
    for district in model.groups.local_wars.districts() {
        for a in model.groups.ids() {
            for b in model.groups.ids().filter(|&b| b > a) {
                if !model.groups.local_wars.are_foes(district, a, b) {
                    continue;
                }
                let index = (u32::from(a.0) << 8) | u32::from(b.0);
                let is_over = model.draws.chance(p_end, Purpose::ClashEnds, district.0, model.day, index)
                    || !is_present(model, district, a)
                    || !is_present(model, district, b);
                if is_over {
                    model.groups.local_wars.set(district, a, b, false);
                }
            }
        }
    }
}

/// Whether a group stands in a district or holds a place of it.
fn is_present(model: &Model<'_>, district: DistrictId, group: GroupId) -> bool {
    places_in(model, district).any(|place| movement::holds(model, group, place))
}

#[cfg(test)]
mod tests {
    use super::{DistrictId, district_of_clash, end, pace};
    use crate::dense::worlds::{group, only, setup, village};
    use crate::ids::{GroupId, PlaceId};
    use crate::maths::powf;
    use crate::model::Model;
    use crate::setup::{Mechanism, RelationKind, Setup};
    use crate::world::World;

    const A: GroupId = GroupId(0);
    const B: GroupId = GroupId(1);

    /// Two allies who stand in both of two districts, the first group the weaker: with 40 members in the first
    /// district and 120 in the second. A third is at war with both.
    fn allies() -> Setup {
        let mut places: Vec<_> = (0..4).map(|nth| village(nth, 5.0 * nth as f64, 2_000, nth % 2, 3)).collect();
        for (nth, place) in places.iter_mut().enumerate() {
            place.district = if nth < 2 { "First" } else { "Second" }.to_owned();
        }
        let garrisons = [(0, 0, 40), (0, 2, 120), (1, 1, 200), (1, 3, 200), (2, 3, 100)];
        let groups = vec![group(0, 0), group(1, 0), group(2, 0)];
        let mut setup = setup(places, groups, &garrisons, RelationKind::War);
        for cell in [1, 3] {
            setup.relations[cell] = RelationKind::Alliance;
        }
        only(&mut setup, &[Mechanism::Infighting, Mechanism::LocalInfighting]);
        setup
    }

    /// A model of the setup whose forces have been counted.
    fn counted(world: &World, replicate: u32) -> Model<'_> {
        let mut model = Model::new(world, replicate);
        model.step();
        model
    }

    #[test]
    fn they_fight_in_one_district_and_are_allies_in_the_other() {
        let world = World::build(allies());
        let mut model = counted(&world, 0);
        model.groups.local_wars.set(DistrictId(0), A, B, true);
        let (here, there) = (PlaceId(1), PlaceId(2));
        assert!(model.groups.at_war_at(here, A, B) && model.groups.at_war_at(here, B, A));
        assert!(!model.groups.at_war_at(there, A, B) && model.groups.allied_at(there, A, B));
        assert!(!model.groups.allied_at(here, A, B) && !model.groups.at_general_war(A, B));
        assert!(model.groups.fight_anywhere(B, A) && !model.groups.fight_anywhere(A, A));
        assert_eq!(model.groups.enemies_at(here, A).collect::<Vec<_>>(), [B, GroupId(2)]);
        assert_eq!(model.groups.side_at(here, A).collect::<Vec<_>>(), [A]);
        assert_eq!(model.groups.side_at(there, A).collect::<Vec<_>>(), [A, B]);
        model.groups.set_relation(A, B, RelationKind::Truce);
        assert!(!model.groups.fight_anywhere(A, B), "a relation is one everywhere");
    }

    #[test]
    fn only_where_none_but_local_foes_face_a_group_is_the_pace_slower() {
        let world = World::build(allies());
        let mut model = counted(&world, 0);
        let paces = |model: &Model<'_>| [1, 3].map(|place| pace(model, A, PlaceId(place)));
        assert!(paces(&model).iter().all(|&pace| pace.to_bits() == 1.0_f64.to_bits()));
        for district in [DistrictId(0), DistrictId(1)] {
            model.groups.local_wars.set(district, A, B, true);
        }
        // In the fourth village stands the enemy of both too.
        assert_eq!(paces(&model).map(f64::to_bits), [0.2_f64, 1.0].map(f64::to_bits));
    }

    #[test]
    fn a_clash_breaks_out_where_both_stand_or_where_one_provoked_the_other() {
        let world = World::build(allies());
        let n = 4_000;
        let n_second = (0..n).filter(|&replicate| {
            let model = counted(&world, replicate);
            district_of_clash(&model, A, B, 30) == Some(DistrictId(1))
        });
        let share = n_second.count() as f64 / f64::from(n);
        assert!((share - 0.75).abs() < 0.025, "{share} in the second, where the weaker has 120 of its 160");

        let mut model = counted(&world, 0);
        model.groups.provoke(B, A, 1.0, (0, PlaceId(3)));
        model.groups.provoke(A, B, 1.0, (1, PlaceId(0)));
        assert_eq!(district_of_clash(&model, A, B, 30), Some(DistrictId(0)), "the last provocation");
        model.groups.local_wars.set(DistrictId(0), A, B, true);
        assert_eq!(district_of_clash(&model, A, B, 30), Some(DistrictId(1)), "there they fight already");
        model.groups.local_wars.set(DistrictId(1), A, B, true);
        assert_eq!(district_of_clash(&model, A, B, 30), None);
    }

    /// Weeks that the fighting in a district lasts.
    fn weeks(world: &World, replicate: u32) -> u32 {
        let mut model = counted(world, replicate);
        model.groups.local_wars.set(DistrictId(0), A, B, true);
        let mut n_weeks = 0;
        while model.groups.fight_anywhere(A, B) {
            model.day += 7 - model.day % 7 - 1;
            end(&mut model);
            model.day += 1;
            n_weeks += 1;
        }
        n_weeks
    }

    #[test]
    fn how_long_it_lasts_is_geometric() {
        let mut setup = allies();
        setup.parameters.set("local_infighting.end_per_month", 0.5).unwrap();
        let world = World::build(setup);
        let p = 1.0 - powf(0.5, 7.0 / 30.0);
        let all: Vec<u32> = (0..3_000).map(|replicate| weeks(&world, replicate)).collect();
        let mean = f64::from(all.iter().sum::<u32>()) / all.len() as f64;
        assert!((mean - 1.0 / p).abs() < 0.35, "{mean} weeks, expected {}", 1.0 / p);
        for upto in [1, 4, 9, 18] {
            let share = all.iter().filter(|&&n| n > upto).count() as f64 / all.len() as f64;
            let expected = powf(1.0 - p, f64::from(upto));
            assert!((share - expected).abs() < 0.03, "{share} last longer than {upto} weeks, expected {expected}");
        }
    }

    #[test]
    fn it_ends_where_one_side_is_gone() {
        let mut setup = allies();
        setup.parameters.set("local_infighting.end_per_month", 0.0).unwrap();
        let world = World::build(setup);
        let mut model = counted(&world, 0);
        model.groups.local_wars.set(DistrictId(0), A, B, true);
        model.day = 6;
        end(&mut model);
        assert!(model.groups.fight_anywhere(A, B), "nothing else ends it");
        let cell = model.places.cell(PlaceId(0), A);
        model.places.force[cell] = 0;
        end(&mut model);
        assert!(model.groups.fight_anywhere(A, B), "it still holds its village");
        model.places.control[cell] = 0.0;
        end(&mut model);
        assert!(!model.groups.fight_anywhere(A, B));
    }
}
