//! Where places lie, and which lie near each other.
//!
//! Where places are as many as in a country, each has a list of those near it. Where so many lie so close
//! together that the lists would take too much memory and time, a tree of boxes answers the same questions.

mod tree;

use crate::ids::PlaceId;
use crate::maths::{cos, degrees_east, sqrt};
use crate::setup::PlaceSetup;
use std::ops::Deref;
use tree::Nearest;
pub(crate) use tree::{Branch, Tree};

/// Where places lie, and the places within [`Geography::RADIUS_KM`] of each.
#[derive(Debug)]
pub struct Geography {
    tree: Tree,
    /// None where places lie so close together that the lists would take too much memory.
    lists: Option<Lists>,
}

/// The places near each place, nearest first.
#[derive(Debug)]
struct Lists {
    offsets: Vec<u32>,
    neighbours: Vec<Neighbour>,
}

/// A place near another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// The place.
    pub place: PlaceId,
    /// Distance as the crow flies.
    pub distance_km: f64,
}

/// Places near a place, nearest first: read from a list, or looked up.
#[derive(Debug)]
pub enum Near<'a> {
    /// From the place's list.
    Listed(&'a [Neighbour]),
    /// Looked up among the places around.
    Found(Vec<Neighbour>),
}

impl Deref for Near<'_> {
    type Target = [Neighbour];

    fn deref(&self) -> &[Neighbour] {
        match self {
            Self::Listed(near) => near,
            Self::Found(near) => near,
        }
    }
}

impl<'b> IntoIterator for &'b Near<'_> {
    type Item = &'b Neighbour;
    type IntoIter = std::slice::Iter<'b, Neighbour>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Places near a place, nearest first, for whoever stops at the first that serves.
enum InTurn<'a> {
    Listed(std::slice::Iter<'a, Neighbour>),
    Found(Nearest<'a>),
}

impl Iterator for InTurn<'_> {
    type Item = Neighbour;

    fn next(&mut self) -> Option<Neighbour> {
        match self {
            Self::Listed(near) => near.next().copied(),
            Self::Found(near) => near.next(),
        }
    }
}

impl Geography {
    /// The longest distance that any mechanism looks at.
    pub const RADIUS_KM: f64 = 60.0;
    const KM_PER_DEGREE: f64 = 111.195;
    /// Neighbours in all lists together, at 16 bytes each: a country's towns have a million,
    /// 20,000 places in one district would have hundreds of millions.
    const MOST_LISTED: usize = 1 << 23;

    /// Lists the places near each place, unless they are too many.
    ///
    /// Distances are equirectangular, which over 60 km at these latitudes
    /// errs by less than 0.1%.
    pub fn new(places: &[PlaceSetup]) -> Self {
        Self::of_points(places.iter().map(point).collect(), Self::MOST_LISTED)
    }

    pub(crate) fn of_points(points: Vec<[f64; 2]>, most: usize) -> Self {
        let mut geography = Self { tree: Tree::new(points), lists: None };
        geography.lists = geography.lists_up_to(most);
        geography
    }

    fn lists_up_to(&self, most: usize) -> Option<Lists> {
        let mut lists = Lists { offsets: vec![0], neighbours: Vec::new() };
        for place_idx in 0..self.tree.points().len() {
            lists.neighbours.extend(self.found_within(PlaceId::from_idx(place_idx), Self::RADIUS_KM));
            if lists.neighbours.len() > most {
                return None;
            }
            lists.offsets.push(lists.neighbours.len() as u32);
        }
        Some(lists)
    }

    /// Whether places lie so close together that they aren't listed.
    pub(crate) fn is_crowded(&self) -> bool {
        self.lists.is_none()
    }

    pub(crate) fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The places within a distance of a place, nearest first, itself included, up to [`Geography::RADIUS_KM`].
    /// A place is its own first neighbour.
    pub fn within(&self, place: PlaceId, radius_km: f64) -> Near<'_> {
        let near = self.lists.as_ref().map(|lists| Near::Listed(lists.within(place, radius_km)));
        near.unwrap_or_else(|| Near::Found(self.found_within(place, radius_km.min(Self::RADIUS_KM))))
    }

    fn found_within(&self, place: PlaceId, radius_km: f64) -> Vec<Neighbour> {
        let mut near = vec![Neighbour { place, distance_km: 0.0 }];
        self.tree.visit(place, radius_km, |other, distance_km| {
            if other != place {
                near.push(Neighbour { place: other, distance_km });
            }
        });
        near[1..].sort_unstable_by(|a, b| a.distance_km.total_cmp(&b.distance_km).then(a.place.cmp(&b.place)));
        near
    }

    /// The same as [`Geography::within`], found one after the other: for whoever stops at the first that serves.
    pub fn in_turn(&self, place: PlaceId, radius_km: f64) -> impl Iterator<Item = Neighbour> + '_ {
        match &self.lists {
            Some(lists) => InTurn::Listed(lists.within(place, radius_km).iter()),
            None => InTurn::Found(self.tree.nearest(place, radius_km.min(Self::RADIUS_KM))),
        }
    }

    /// Whether the places near each place are listed, so that looking them up costs nothing.
    pub(crate) fn lists_neighbours(&self) -> bool {
        self.lists.is_some()
    }

    /// For each place and each of some kinds, the sum of whole numbers over the places within a distance.
    /// Shape: `(n_places, n_kinds)`.
    pub fn sums_within(&self, radius_km: f64, n_kinds: usize, value: impl Fn(PlaceId, usize) -> f64) -> Vec<f64> {
        let Some(lists) = &self.lists else {
            return self.tree.sums_within(radius_km.min(Self::RADIUS_KM), n_kinds, value);
        };
        let n_places = self.tree.points().len();
        let mut sums = vec![0.0; n_places * n_kinds];
        let mut here: Vec<(usize, f64)> = Vec::with_capacity(n_kinds);
        for place in (0..n_places).map(PlaceId::from_idx) {
            here.clear();
            here.extend((0..n_kinds).map(|kind| (kind, value(place, kind))).filter(|&(_, value)| value != 0.0));
            if here.is_empty() {
                continue;
            }
            for near in lists.within(place, radius_km) {
                let sums = &mut sums[near.place.idx() * n_kinds..][..n_kinds];
                for &(kind, value) in &here {
                    sums[kind] += value;
                }
            }
        }
        sums
    }

    /// The places that chains of some places lead to from one, each within a distance of the next, the first
    /// included.
    pub fn chained(&self, from: PlaceId, link_km: f64, is_link: impl Fn(PlaceId) -> bool) -> Vec<PlaceId> {
        self.tree.chained(from, link_km.min(Self::RADIUS_KM), is_link)
    }

    /// The distance between two places; none beyond [`Geography::RADIUS_KM`].
    pub fn distance_km(&self, a: PlaceId, b: PlaceId) -> Option<f64> {
        let km = self.tree.distance_km(a, b);
        (km <= Self::RADIUS_KM).then_some(km)
    }
}

impl Lists {
    fn within(&self, place: PlaceId, radius_km: f64) -> &[Neighbour] {
        let all = &self.neighbours[self.offsets[place.idx()] as usize..self.offsets[place.idx() + 1] as usize];
        let n_within = all.partition_point(|neighbour| neighbour.distance_km <= radius_km);
        &all[..n_within.max(1)]
    }
}

fn point(place: &PlaceSetup) -> [f64; 2] {
    [place.latitude_deg, place.longitude_deg]
}

/// The distance of two places, to the same bits in whichever order.
fn between(points: &[[f64; 2]], a: usize, b: usize) -> f64 {
    distance_of_points(points[a.min(b)], points[a.max(b)])
}

/// The distance between two points, in kilometres.
fn distance_of_points(a: [f64; 2], b: [f64; 2]) -> f64 {
    let mean_latitude = 0.5 * (a[0] + b[0]).to_radians();
    let dy = (a[0] - b[0]) * Geography::KM_PER_DEGREE;
    let dx = degrees_east(a[1], b[1]) * Geography::KM_PER_DEGREE * cos(mean_latitude);
    sqrt(dx * dx + dy * dy)
}

#[cfg(test)]
mod tests {
    use super::{Geography, Neighbour, between, distance_of_points};
    use crate::ids::PlaceId;
    use crate::maths::{degrees_east, near_longitude};
    use crate::random::{Draws, Purpose};

    /// All places near one, by looking at every place.
    fn plainly(points: &[[f64; 2]], place: usize, radius_km: f64) -> Vec<Neighbour> {
        let mut near: Vec<Neighbour> = (0..points.len())
            .map(|other| Neighbour { place: PlaceId::from_idx(other), distance_km: between(points, place, other) })
            .filter(|near| near.distance_km <= radius_km)
            .collect();
        near.sort_by(|a, b| {
            let first = (a.place.idx() != place).cmp(&(b.place.idx() != place));
            first.then(a.distance_km.total_cmp(&b.distance_km)).then(a.place.cmp(&b.place))
        });
        near
    }

    #[test]
    fn places_near_a_place_are_those_of_all_that_are_near_listed_or_looked_up() {
        let luck = Draws::of_population(7);
        let n_near = |[latitude, longitude]: [f64; 2]| {
            let points: Vec<[f64; 2]> = (0..120)
                .map(|nth| {
                    let mut draw = luck.stream(Purpose::Household, nth, 0, 0);
                    let [north, east] = [draw.uniform() - 0.5, draw.uniform() - 0.5];
                    // Some at the very same point.
                    let [north, east] = if nth % 10 == 0 { [0.0, 0.0] } else { [1.5 * north, 1.5 * east] };
                    [latitude + north, near_longitude(longitude + east, 0.0)]
                })
                .collect();
            let mut n_near = 0;
            for most in [0, usize::MAX] {
                let geography = Geography::of_points(points.clone(), most);
                assert_eq!(geography.lists.is_some(), most > 0);
                for place in 0..points.len() {
                    for km in [0.0, 4.0, 33.3, Geography::RADIUS_KM] {
                        let (id, expected) = (PlaceId::from_idx(place), plainly(&points, place, km));
                        let in_turn: Vec<Neighbour> = geography.in_turn(id, km).collect();
                        assert_eq!(*geography.within(id, km), *expected, "{km} km around {:?}", points[place]);
                        assert_eq!(in_turn, expected, "{km} km around {:?}, in turn", points[place]);
                        n_near += expected.len();
                    }
                }
            }
            n_near
        };
        let tried = [[35.9, 36.6], [0.1, -0.1], [-16.8, 179.9], [89.2, 10.0], [-89.4, -170.0]].map(n_near);
        assert!(tried.iter().all(|&n| n > 5_000), "{tried:?}");
    }

    /// Places at random in a square of a degree.
    fn crowd(n: u32) -> Vec<[f64; 2]> {
        let luck = Draws::of_population(9);
        let place = |nth| {
            let mut draw = luck.stream(Purpose::Household, nth, 0, 0);
            [35.5 + draw.uniform(), 36.0 + draw.uniform()]
        };
        (0..n).map(place).collect()
    }

    #[test]
    fn sums_around_and_chains_are_those_of_a_look_at_every_place() {
        for points in [crowd(300), [[0.2, 179.95], [0.1, -179.98], [0.3, -179.7], [0.2, 10.0]].to_vec(), Vec::new()] {
            for most in [0, usize::MAX] {
                let geography = Geography::of_points(points.clone(), most);
                let places = || (0..points.len()).map(PlaceId::from_idx);
                let value = |place: PlaceId, kind: usize| (place.idx() * (kind + 1) % 5) as f64;
                let is_link = |place: PlaceId| !place.idx().is_multiple_of(3);
                for km in [0.0, 3.0, 7.0, 25.0, 60.0] {
                    let plain = |place: PlaceId, kind| -> f64 {
                        plainly(&points, place.idx(), km).iter().map(|near| value(near.place, kind)).sum()
                    };
                    let expected: Vec<f64> = places().flat_map(|place| [plain(place, 0), plain(place, 1)]).collect();
                    assert_eq!(geography.sums_within(km, 2, value), expected, "{km} km");
                    for from in places().step_by(41) {
                        let mut expected = vec![from];
                        let mut next = 0;
                        while next < expected.len() {
                            let near = plainly(&points, expected[next].idx(), km);
                            let new = |near: &&Neighbour| is_link(near.place) && !expected.contains(&near.place);
                            let new: Vec<PlaceId> = near.iter().filter(new).map(|near| near.place).collect();
                            expected.extend(new);
                            next += 1;
                        }
                        let mut found = geography.chained(from, km, is_link);
                        found.sort_unstable();
                        expected.sort_unstable();
                        assert_eq!(found, expected, "{km} km from {from:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_crowd_of_twice_the_places_takes_little_more_than_twice_the_looks() {
        type Question = (&'static str, u64, fn(&Geography));
        let questions: [Question; 3] = [
            ("chains", 130, |geography| {
                let reached = geography.chained(PlaceId(0), 12.0, |_| true);
                assert_eq!(reached.len(), geography.tree.points().len());
            }),
            ("sums", 900, |geography| {
                geography.sums_within(20.0, 1, |_, _| 1.0);
            }),
            ("the nearest of each", 130, |geography| {
                let places = (0..geography.tree.points().len()).map(PlaceId::from_idx);
                assert!(places.map(|place| geography.in_turn(place, 60.0).take(5).count()).all(|found| found == 5));
            }),
        ];
        for (question, most_each, ask) in questions {
            let looks = [2_000, 4_000, 8_000].map(|n| {
                let geography = Geography::of_points(crowd(n), 0);
                let before = geography.tree.n_looks();
                ask(&geography);
                geography.tree.n_looks() - before
            });
            // Twice the places are four times as many pairs; the rim of a circle has the root of two more.
            assert!(looks.is_sorted_by(|few, many| 10 * many < 32 * few), "{question}: {looks:?}");
            assert!(looks[2] < 8_000 * most_each, "{question}: {looks:?}");
        }
    }

    #[test]
    fn the_shorter_way_around_the_earth_counts() {
        let across = distance_of_points([0.0, 179.98], [0.0, -179.97]);
        assert!((across - 0.05 * 111.195).abs() < 1e-6, "{across}");
        for (longitude, from, east) in [(36.75, 36.5, 0.25), (-179.5, 179.5, 1.0), (179.5, -179.5, -1.0)] {
            assert!((degrees_east(longitude, from) - east).abs() < 1e-9, "{longitude} from {from}");
        }
        for (longitude, of, near) in [(-179.5, 179.0, 180.5), (179.5, -179.0, -180.5), (10.0, 20.0, 10.0)] {
            assert!((near_longitude(longitude, of) - near).abs() < 1e-9, "{longitude} near {of}");
        }
    }
}
