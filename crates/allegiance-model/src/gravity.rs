//! Places around one, drawn by gravity: people times a decay with distance.
//!
//! # Form
//! ```text
//! weight(place) = people(place) exp(-distance / d)     within a radius
//! ```
//!
//! Where each place has a list of those near it, the weights are added up, nearest first. In a crowd, where
//! nobody looks at every place from every other, boxes of places are proposed with the most that their weight
//! can be, a place in one by its people, and it is taken with its own weight over that: the same distribution
//! from other draws. A box is split as long as less than half of all weight is sure.

use crate::geography::{Branch, Geography};
use crate::ids::PlaceId;
use crate::maths::exp;
use crate::random::Stream;
use crate::setup::PlaceSetup;
use std::collections::BinaryHeap;

/// What draws people to each other, in one setup.
#[derive(Debug)]
pub(crate) struct Gravity<'a> {
    geography: &'a Geography,
    places: &'a [PlaceSetup],
    /// Distance over which the weight falls to 1/e.
    distance_km: f64,
    /// Nothing beyond it has weight.
    radius_km: f64,
    /// Whether a place is among those around itself.
    with_itself: bool,
    /// People of the places before each, in the order of the tree; empty without a crowd.
    people_before: Vec<u64>,
}

/// The places around one, ready to be drawn from.
#[derive(Debug)]
pub(crate) struct Surroundings<'a> {
    gravity: &'a Gravity<'a>,
    place: PlaceId,
    /// Places or boxes, each with the sum of the weights so far.
    cumulative: Vec<(Drawn, f64)>,
    total: f64,
}

/// What is drawn first.
#[derive(Debug, Clone, PartialEq)]
enum Drawn {
    Place(PlaceId),
    /// A box, and the most that anybody in it weighs.
    Branch(Branch, f64),
}

/// A box with the least and the most that the weights of its places can add up to.
#[derive(Debug)]
struct Bounded {
    branch: Branch,
    /// The most that anybody in it weighs.
    each: f64,
    least: f64,
    most: f64,
}

impl<'a> Gravity<'a> {
    pub(crate) fn new(geography: &'a Geography, places: &'a [PlaceSetup], distance_km: f64, radius_km: f64) -> Self {
        let radius_km = radius_km.min(Geography::RADIUS_KM);
        let mut people_before = Vec::new();
        if geography.is_crowded() {
            people_before.push(0);
            let mut sum = 0;
            people_before.extend(geography.tree().order().iter().map(|place| {
                sum += u64::from(places[place.idx()].population);
                sum
            }));
        }
        Self { geography, places, distance_km, radius_km, with_itself: true, people_before }
    }

    /// The same, of other places alone.
    pub(crate) fn of_others(self) -> Self {
        Self { with_itself: false, ..self }
    }

    /// The places around one; none where there is no other that counts.
    pub(crate) fn around(&self, place: PlaceId) -> Option<Surroundings<'_>> {
        let mut around = Surroundings { gravity: self, place, cumulative: Vec::new(), total: 0.0 };
        if self.geography.is_crowded() {
            around.propose();
        } else {
            around.list();
        }
        (!around.cumulative.is_empty()).then_some(around)
    }

    fn decay(&self, km: f64) -> f64 {
        exp(-km / self.distance_km)
    }

    fn people(&self, place: PlaceId) -> f64 {
        f64::from(self.places[place.idx()].population)
    }
}

impl Surroundings<'_> {
    /// A place, with the probability of its share of all weight.
    pub(crate) fn pick(&self, stream: &mut Stream) -> PlaceId {
        loop {
            let target = stream.uniform() * self.total;
            let at = self.cumulative.partition_point(|&(_, cumulative)| cumulative < target);
            match &self.cumulative[at.min(self.cumulative.len() - 1)].0 {
                Drawn::Place(place) => return *place,
                Drawn::Branch(branch, each) => {
                    let place = self.by_people(branch, stream);
                    let km = self.gravity.geography.tree().distance_km(self.place, place);
                    if stream.uniform() * each < self.gravity.decay(km) && km <= self.gravity.radius_km {
                        return place;
                    }
                }
            }
        }
    }

    /// A place of a box, by its people alone.
    fn by_people(&self, branch: &Branch, stream: &mut Stream) -> PlaceId {
        let before = &self.gravity.people_before;
        let own = self.left_out(branch);
        let [first, last] = [before[branch.range().start], before[branch.range().end]];
        let n = last - first - (own[1] - own[0]);
        let nth = first + ((stream.uniform() * n as f64) as u64).min(n - 1);
        let nth = if nth < own[0] { nth } else { nth + own[1] - own[0] };
        self.gravity.geography.tree().order()[before.partition_point(|&before| before <= nth) - 1]
    }

    /// The people of a box who don't count, because they are of the place itself.
    fn left_out(&self, branch: &Branch) -> [u64; 2] {
        let (before, position) = (&self.gravity.people_before, self.gravity.geography.tree().position(self.place));
        if self.gravity.with_itself || !branch.range().contains(&position) {
            return [before[branch.range().end]; 2];
        }
        [before[position], before[position + 1]]
    }

    fn push(&mut self, drawn: Drawn, weight: f64) {
        self.total += weight;
        self.cumulative.push((drawn, self.total));
    }

    fn list(&mut self) {
        let near = self.gravity.geography.within(self.place, self.gravity.radius_km);
        for near in &near[usize::from(!self.gravity.with_itself)..] {
            let weight = self.gravity.people(near.place) * self.gravity.decay(near.distance_km);
            self.push(Drawn::Place(near.place), weight);
        }
    }

    /// Splits boxes, those first of whose weight least is known, until half of all weight is sure.
    fn propose(&mut self) {
        let tree = self.gravity.geography.tree();
        let mut boxes = vec![self.bounded(tree.root())];
        let mut open = BinaryHeap::from([(0, 0)]);
        let (mut sure, mut unsure) = (0.0, f64::INFINITY);
        while unsure > sure
            && let Some((_, at)) = open.pop()
        {
            let Bounded { branch, least, most, .. } = &mut boxes[at];
            (sure, unsure) = if at == 0 { (0.0, 0.0) } else { (sure - *least, unsure - (*most - *least)) };
            *most = 0.0;
            let Some(halves) = branch.halves() else {
                let places = &tree.order()[branch.range()];
                sure += self.push_places(places);
                continue;
            };
            for half in halves {
                let half = self.bounded(half);
                (sure, unsure) = (sure + half.least, unsure + half.most - half.least);
                open.push(((half.most - half.least).to_bits(), boxes.len()));
                boxes.push(half);
            }
        }
        for Bounded { branch, each, most, .. } in boxes {
            if most > 0.0 {
                self.push(Drawn::Branch(branch, each), most);
            }
        }
    }

    /// Adds places with their own weights, which it gives.
    fn push_places(&mut self, places: &[PlaceId]) -> f64 {
        let (gravity, from, before) = (self.gravity, self.place, self.total);
        for &place in places.iter().filter(|&&place| gravity.with_itself || place != from) {
            let km = gravity.geography.tree().distance_km(from, place);
            if km <= gravity.radius_km {
                self.push(Drawn::Place(place), gravity.people(place) * gravity.decay(km));
            }
        }
        self.total - before
    }

    fn bounded(&self, branch: Branch) -> Bounded {
        let before = &self.gravity.people_before;
        let own = self.left_out(&branch);
        let people = (before[branch.range().end] - before[branch.range().start] - (own[1] - own[0])) as f64;
        let [nearest, farthest] = self.gravity.geography.tree().bounds_km(self.place, &branch);
        let weight = |km: f64| if km <= self.gravity.radius_km { self.gravity.decay(km) } else { 0.0 };
        let (each, least) = (weight(nearest), people * weight(farthest));
        Bounded { branch, each, least, most: (people * each).max(least) }
    }
}

#[cfg(test)]
mod tests {
    use super::Gravity;
    use crate::dense::worlds::village;
    use crate::geography::Geography;
    use crate::ids::PlaceId;
    use crate::maths::exp;
    use crate::random::{Draws, Purpose};
    use crate::setup::PlaceSetup;

    fn places(n: u32) -> Vec<PlaceSetup> {
        let luck = Draws::of_population(11);
        let place = |nth: u32| {
            let mut draw = luck.stream(Purpose::Household, nth, 0, 0);
            PlaceSetup {
                latitude_deg: 35.5 + draw.uniform(),
                longitude_deg: 36.0 + draw.uniform(),
                population: 20 + draw.below(400) + if nth.is_multiple_of(40) { 20_000 } else { 0 },
                ..village(nth as usize, 0.0, 1, 0, 1)
            }
        };
        (0..n).map(place).collect()
    }

    fn of_places(places: &[PlaceSetup], most: usize) -> Geography {
        Geography::of_points(places.iter().map(|place| [place.latitude_deg, place.longitude_deg]).collect(), most)
    }

    #[test]
    fn places_are_drawn_with_their_weight_listed_and_in_a_crowd() {
        const N: u32 = 200_000;
        let places = places(120);
        for (decay_km, radius_km, with_itself, from) in
            [(15.0, 60.0, true, 3), (6.0, 25.0, false, 40), (0.5, 60.0, false, 7)]
        {
            for most in [0, usize::MAX] {
                let geography = of_places(&places, most);
                let gravity = Gravity::new(&geography, &places, decay_km, radius_km);
                let gravity = if with_itself { gravity } else { gravity.of_others() };
                let place = PlaceId(from);
                let around = gravity.around(place).unwrap();
                let mut stream = Draws::of_population(1).stream(Purpose::MarriageTie, from, 0, 0);
                let mut counts = vec![0_u32; places.len()];
                (0..N).for_each(|_| counts[around.pick(&mut stream).idx()] += 1);
                let mut weights = vec![0.0; places.len()];
                for near in &geography.within(place, radius_km)[usize::from(!with_itself)..] {
                    let people = f64::from(places[near.place.idx()].population);
                    weights[near.place.idx()] = people * exp(-near.distance_km / decay_km);
                }
                let total: f64 = weights.iter().sum();
                for (at, (&count, weight)) in counts.iter().zip(weights).enumerate() {
                    let expected = f64::from(N) * weight / total;
                    // Five standard errors, of some 700 counts.
                    let error = (f64::from(count) - expected).abs();
                    assert!(error <= 5.0 * expected.sqrt() + 3.0, "place {at}: {count} of {N}, expected {expected:.1}");
                    assert!(weight > 0.0 || count == 0, "place {at} has no weight");
                }
            }
        }
    }

    #[test]
    fn a_crowd_of_twice_the_places_takes_little_more_than_twice_the_looks() {
        let looks = [2_000, 4_000, 8_000].map(|n| {
            let places = places(n);
            let geography = of_places(&places, 0);
            let before = geography.tree().n_looks();
            let gravity = Gravity::new(&geography, &places, 15.0, 60.0).of_others();
            for place in (0..places.len()).map(PlaceId::from_idx) {
                let mut stream = Draws::of_population(1).stream(Purpose::MarriageTie, place.0, 0, 0);
                assert!(gravity.around(place).unwrap().pick(&mut stream) != place);
            }
            geography.tree().n_looks() - before
        });
        assert!(looks.is_sorted_by(|few, many| 10 * many < 25 * few) && looks[2] < 8_000 * 300, "{looks:?}");
    }

    #[test]
    fn a_place_alone_has_nobody_around_it() {
        let mut places = places(1);
        places.push(PlaceSetup { latitude_deg: 10.0, ..places[0].clone() });
        for most in [0, usize::MAX] {
            let geography = of_places(&places, most);
            assert!(Gravity::new(&geography, &places, 15.0, 60.0).of_others().around(PlaceId(0)).is_none());
            let with_itself = Gravity::new(&geography, &places, 15.0, 60.0);
            let mut stream = Draws::of_population(1).stream(Purpose::MarriageTie, 0, 0, 0);
            assert_eq!(with_itself.around(PlaceId(1)).unwrap().pick(&mut stream), PlaceId(1));
        }
    }
}
