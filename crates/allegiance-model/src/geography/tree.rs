//! Places in a tree of boxes, so that a question about a surrounding isn't put to every place in it.
//!
//! A box holds all places of its branch, split in halves along its longer side down to a handful. How near
//! and how far the places of a box can be from a point decides whether the question goes on below it; the
//! distances of places themselves are those of [`between`](super::between), to the bit, so that every answer
//! is the one that a look at every place would give.

use super::{Geography, Neighbour, between};
use crate::ids::PlaceId;
use crate::maths::{cos, degrees_east, near_longitude, sqrt};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

/// Places in a box that isn't split any more.
const LEAF: usize = 8;
/// By how much the bounds of a box are widened, relative and in kilometres, which is far more than rounding errs.
const SLACK: f64 = 1e-9;

/// A tree of boxes over places.
#[derive(Debug)]
pub(crate) struct Tree {
    /// Latitude and longitude of each place.
    points: Vec<[f64; 2]>,
    /// The places, those of a branch beside each other.
    order: Vec<PlaceId>,
    /// Where each place stands in the order.
    position: Vec<u32>,
    /// Box 0 is the root; those below box `b` are `2 b + 1` and `2 b + 2`. Empty boxes are never looked at.
    boxes: Vec<Bounds>,
    /// How many boxes and places were looked at.
    #[cfg(test)]
    n_looks: core::sync::atomic::AtomicU64,
}

/// The corners of a box; longitudes go beyond 180 degrees where the 180th meridian runs through the places.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    south: f64,
    north: f64,
    west: f64,
    east: f64,
}

/// A box of the tree, with the places in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Branch {
    number: usize,
    range: Range<usize>,
}

impl Branch {
    /// Positions of its places in the order.
    pub(crate) fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The boxes below it; none where it isn't split.
    pub(crate) fn halves(&self) -> Option<[Self; 2]> {
        let Range { start, end } = self.range;
        if end - start <= LEAF {
            return None;
        }
        let middle = start.midpoint(end);
        let half = |nth, range| Self { number: 2 * self.number + nth, range };
        Some([half(1, start..middle), half(2, middle..end)])
    }
}

impl Tree {
    pub(crate) fn new(points: Vec<[f64; 2]>) -> Self {
        let mut tree = Self {
            order: (0..points.len()).map(PlaceId::from_idx).collect(),
            position: vec![0; points.len()],
            boxes: Vec::new(),
            points,
            #[cfg(test)]
            n_looks: core::sync::atomic::AtomicU64::new(0),
        };
        let mut open = vec![tree.root()];
        while let Some(branch) = open.pop() {
            tree.bound(&branch);
            open.extend(branch.halves().into_iter().flatten());
        }
        for (position, place) in tree.order.iter().enumerate() {
            tree.position[place.idx()] = position as u32;
        }
        tree
    }

    /// Finds the corners of a box, and sorts its places along the longer side.
    fn bound(&mut self, branch: &Branch) {
        let places = &mut self.order[branch.range()];
        let Some(&first) = places.first() else { return };
        let points = &self.points;
        let of_first = points[first.idx()][1];
        let longitude = |place: PlaceId| near_longitude(points[place.idx()][1], of_first);
        let mut bounds =
            Bounds { south: f64::INFINITY, north: f64::NEG_INFINITY, west: f64::INFINITY, east: f64::NEG_INFINITY };
        for &place in places.iter() {
            let (north, east) = (points[place.idx()][0], longitude(place));
            bounds.south = bounds.south.min(north);
            bounds.north = bounds.north.max(north);
            bounds.west = bounds.west.min(east);
            bounds.east = bounds.east.max(east);
        }
        let width = (bounds.east - bounds.west) * cos((0.5 * (bounds.south + bounds.north)).to_radians());
        let along = |place: PlaceId| {
            if width > bounds.north - bounds.south { longitude(place) } else { points[place.idx()][0] }
        };
        let middle = places.len() / 2;
        if branch.halves().is_some() {
            places.select_nth_unstable_by(middle, |&a, &b| along(a).total_cmp(&along(b)).then(a.cmp(&b)));
        }
        if self.boxes.len() <= branch.number {
            self.boxes.resize(branch.number + 1, bounds);
        }
        self.boxes[branch.number] = bounds;
    }

    pub(crate) fn points(&self) -> &[[f64; 2]] {
        &self.points
    }

    /// The box of all places.
    pub(crate) fn root(&self) -> Branch {
        Branch { number: 0, range: 0..self.order.len() }
    }

    /// The places in their order.
    pub(crate) fn order(&self) -> &[PlaceId] {
        &self.order
    }

    /// Where a place stands in the order.
    pub(crate) fn position(&self, place: PlaceId) -> usize {
        self.position[place.idx()] as usize
    }

    /// How many boxes and places were looked at so far.
    #[cfg(test)]
    pub(crate) fn n_looks(&self) -> u64 {
        self.n_looks.load(core::sync::atomic::Ordering::Relaxed)
    }

    pub(crate) fn distance_km(&self, a: PlaceId, b: PlaceId) -> f64 {
        #[cfg(test)]
        self.n_looks.fetch_add(1, core::sync::atomic::Ordering::Relaxed);
        between(&self.points, a.idx(), b.idx())
    }

    /// How near and how far from a place the places of a box can be.
    pub(crate) fn bounds_km(&self, place: PlaceId, branch: &Branch) -> [f64; 2] {
        if branch.range.is_empty() {
            return [f64::INFINITY; 2];
        }
        #[cfg(test)]
        self.n_looks.fetch_add(1, core::sync::atomic::Ordering::Relaxed);
        let [latitude, longitude] = self.points[place.idx()];
        let Bounds { south, north, west, east } = self.boxes[branch.number];
        let beyond = (south - latitude).max(latitude - north).max(0.0);
        let within = (latitude - south).abs().max((latitude - north).abs());
        let [nearest, farthest] = degrees_to(longitude, [west, east]);
        // Degrees of longitude are shortest where the mean latitude is farthest from the equator.
        let [from, to] = [0.5 * (latitude + south), 0.5 * (latitude + north)];
        let shortest = cos(from.abs().max(to.abs()).to_radians()).max(0.0);
        let longest = if from <= 0.0 && to >= 0.0 { 1.0 } else { cos(from.abs().min(to.abs()).to_radians()) };
        let km = |north: f64, east: f64| Geography::KM_PER_DEGREE * sqrt(north * north + east * east);
        let least = km(beyond, nearest * shortest) * (1.0 - SLACK) - SLACK;
        [least.max(0.0), km(within, farthest * longest) * (1.0 + SLACK) + SLACK]
    }

    /// Hands over every place within a distance of one, with its distance, itself included.
    pub(crate) fn visit(&self, place: PlaceId, radius_km: f64, mut found: impl FnMut(PlaceId, f64)) {
        let mut open = vec![self.root()];
        while let Some(branch) = open.pop() {
            if self.bounds_km(place, &branch)[0] > radius_km {
                continue;
            }
            if let Some(halves) = branch.halves() {
                open.extend(halves);
                continue;
            }
            for &other in &self.order[branch.range()] {
                let distance_km = self.distance_km(place, other);
                if distance_km <= radius_km {
                    found(other, distance_km);
                }
            }
        }
    }

    /// The places within a distance of one, itself first, then the nearest first; found as they are asked for.
    pub(crate) fn nearest(&self, place: PlaceId, radius_km: f64) -> Nearest<'_> {
        Nearest { tree: self, place, radius_km, open: BinaryHeap::new(), is_begun: false }
    }

    /// For each place and each of some kinds, the sum of whole numbers over the places within a distance.
    /// Shape: `(n_places, n_kinds)`. Whole numbers add up to the same in any order.
    pub(crate) fn sums_within(
        &self,
        radius_km: f64,
        n_kinds: usize,
        value: impl Fn(PlaceId, usize) -> f64,
    ) -> Vec<f64> {
        let mut sums = vec![0.0; self.order.len() * n_kinds];
        // What all places of a box get.
        let mut of_boxes = vec![0.0; self.boxes.len() * n_kinds];
        let mut here = vec![0.0; n_kinds];
        for &place in &self.order {
            (0..n_kinds).for_each(|kind| here[kind] = value(place, kind));
            if here.iter().all(|&value| value == 0.0) {
                continue;
            }
            let mut open = vec![self.root()];
            while let Some(branch) = open.pop() {
                let [least_km, most_km] = self.bounds_km(place, &branch);
                if least_km > radius_km {
                    continue;
                }
                if most_km <= radius_km {
                    add(&mut of_boxes, branch.number, &here);
                } else if let Some(halves) = branch.halves() {
                    open.extend(halves);
                } else {
                    let near = self.order[branch.range()].iter();
                    near.filter(|&&other| self.distance_km(place, other) <= radius_km)
                        .for_each(|other| add(&mut sums, other.idx(), &here));
                }
            }
        }
        self.hand_down(&mut sums, &mut of_boxes, n_kinds);
        sums
    }

    /// Adds what boxes got to their places.
    fn hand_down(&self, sums: &mut [f64], of_boxes: &mut [f64], n_kinds: usize) {
        let mut open = vec![self.root()];
        while let Some(branch) = open.pop() {
            if branch.range.is_empty() {
                continue;
            }
            let got = of_boxes[branch.number * n_kinds..(branch.number + 1) * n_kinds].to_vec();
            if let Some(halves) = branch.halves() {
                for half in &halves {
                    add(of_boxes, half.number, &got);
                }
                open.extend(halves);
            } else {
                self.order[branch.range()].iter().for_each(|place| add(sums, place.idx(), &got));
            }
        }
    }

    /// The places that chains of some places lead to from one, each within a distance of the next, the first
    /// included.
    pub(crate) fn chained(&self, from: PlaceId, link_km: f64, is_link: impl Fn(PlaceId) -> bool) -> Vec<PlaceId> {
        let mut left = Unreached::new(self, |place| place != from && is_link(place));
        let (mut reached, mut frontier) = (vec![from], vec![from]);
        while let Some(from) = frontier.pop() {
            let before = reached.len();
            left.take_within(from, link_km, &mut reached);
            frontier.extend(&reached[before..]);
        }
        reached
    }
}

/// Adds values to those of an entity.
fn add(sums: &mut [f64], idx: usize, values: &[f64]) {
    let of_entity = &mut sums[idx * values.len()..(idx + 1) * values.len()];
    of_entity.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
}

/// The fewest and the most degrees of longitude from a meridian to those between two others.
fn degrees_to(longitude: f64, [west, east]: [f64; 2]) -> [f64; 2] {
    let span = east - west;
    let first = degrees_east(west, longitude);
    let last = first + span;
    let is_between = first <= 0.0 && last >= 0.0 || last >= 360.0;
    let nearest = if is_between {
        0.0
    } else if first > 0.0 {
        first.min(360.0 - last)
    } else {
        (-last).min(360.0 + first)
    };
    let farthest = if first <= -180.0 || last >= 180.0 { 180.0 } else { first.abs().max(last.abs()) };
    [nearest.max(0.0), farthest]
}

/// Places that nothing has reached yet.
struct Unreached<'t> {
    tree: &'t Tree,
    /// By position in the tree's order.
    is_left: Vec<bool>,
    /// How many are left in each box.
    n_left: Vec<u32>,
}

impl<'t> Unreached<'t> {
    fn new(tree: &'t Tree, is_left: impl Fn(PlaceId) -> bool) -> Self {
        let is_left: Vec<bool> = tree.order.iter().map(|&place| is_left(place)).collect();
        let mut n_left = vec![0; tree.boxes.len()];
        count(&tree.root(), &is_left, &mut n_left);
        Self { tree, is_left, n_left }
    }

    /// Takes those within a distance of a place.
    fn take_within(&mut self, place: PlaceId, radius_km: f64, taken: &mut Vec<PlaceId>) {
        self.take(&self.tree.root(), place, radius_km, taken);
    }

    fn take(&mut self, branch: &Branch, place: PlaceId, radius_km: f64, taken: &mut Vec<PlaceId>) {
        if branch.range.is_empty()
            || self.n_left[branch.number] == 0
            || self.tree.bounds_km(place, branch)[0] > radius_km
        {
            return;
        }
        let before = taken.len();
        if let Some(halves) = branch.halves() {
            for half in &halves {
                self.take(half, place, radius_km, taken);
            }
        } else {
            for position in branch.range() {
                let other = self.tree.order[position];
                if self.is_left[position] && self.tree.distance_km(place, other) <= radius_km {
                    self.is_left[position] = false;
                    taken.push(other);
                }
            }
        }
        self.n_left[branch.number] -= (taken.len() - before) as u32;
    }
}

fn count(branch: &Branch, is_left: &[bool], n_left: &mut [u32]) -> u32 {
    if branch.range.is_empty() {
        return 0;
    }
    let n = match branch.halves() {
        Some(halves) => halves.iter().map(|half| count(half, is_left, n_left)).sum(),
        None => is_left[branch.range()].iter().filter(|&&is_left| is_left).count() as u32,
    };
    n_left[branch.number] = n;
    n
}

/// Places around one, nearest first, found as they are asked for.
#[derive(Debug)]
pub(crate) struct Nearest<'t> {
    tree: &'t Tree,
    place: PlaceId,
    radius_km: f64,
    /// Boxes by how near their places can be, and places by their distance.
    open: BinaryHeap<Reverse<Next>>,
    is_begun: bool,
}

/// What comes next: a distance, as bits that sort as it does; then boxes before places; then the lower number.
type Next = (u64, bool, usize, [usize; 2]);

impl Nearest<'_> {
    fn open(&mut self, branch: &Branch) {
        let least_km = self.tree.bounds_km(self.place, branch)[0];
        if least_km <= self.radius_km {
            self.open.push(Reverse((least_km.to_bits(), false, branch.number, [branch.range.start, branch.range.end])));
        }
    }
}

impl Iterator for Nearest<'_> {
    type Item = Neighbour;

    fn next(&mut self) -> Option<Neighbour> {
        if !self.is_begun {
            self.is_begun = true;
            self.open(&self.tree.root());
            return Some(Neighbour { place: self.place, distance_km: 0.0 });
        }
        loop {
            let Reverse((bits, is_place, number, [start, end])) = self.open.pop()?;
            if is_place {
                return Some(Neighbour { place: PlaceId::from_idx(number), distance_km: f64::from_bits(bits) });
            }
            let branch = Branch { number, range: start..end };
            if let Some(halves) = branch.halves() {
                for half in &halves {
                    self.open(half);
                }
                continue;
            }
            for &other in self.tree.order[branch.range()].iter().filter(|&&other| other != self.place) {
                let distance_km = self.tree.distance_km(self.place, other);
                if distance_km <= self.radius_km {
                    self.open.push(Reverse((distance_km.to_bits(), true, other.idx(), [0; 2])));
                }
            }
        }
    }
}
