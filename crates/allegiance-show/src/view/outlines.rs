//! Outlines of countries, which maps are drawn on.
//!
//! They are Natural Earth's (1:50m, public domain) on a grid of a hundredth of
//! a degree, packed by `page/scripts/outlines.mjs`, which also states the
//! layout. Names and borders are Natural Earth's; the project takes no position
//! on any of them. Towns near a border may fall on the wrong side by a
//! kilometre or two.

use std::slice::Iter;

/// Where the outlines come from, to be shown with every map.
pub const OUTLINES_SOURCE: &str = "Outlines: Natural Earth 4.1, 1:50m, public domain.";

/// The packed outlines.
const PACKED: &[u8] = include_bytes!("outlines.bin");
/// Steps of the grid in a degree.
const STEPS_PER_DEGREE: f64 = 100.0;
/// A piece of a ring with fewer corners has no area.
const FEWEST_CORNERS: usize = 3;

/// A rectangle of longitudes and latitudes, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Western edge.
    pub west: f64,
    /// Southern edge.
    pub south: f64,
    /// Eastern edge.
    pub east: f64,
    /// Northern edge.
    pub north: f64,
}

impl Bounds {
    /// The smallest rectangle around some points of longitude and latitude;
    /// `None` without points.
    pub fn around(points: impl IntoIterator<Item = [f64; 2]>) -> Option<Self> {
        let mut points = points.into_iter();
        let [lon, lat] = points.next()?;
        let first = Self { west: lon, south: lat, east: lon, north: lat };
        Some(points.fold(first, |bounds, [lon, lat]| Self {
            west: bounds.west.min(lon),
            south: bounds.south.min(lat),
            east: bounds.east.max(lon),
            north: bounds.north.max(lat),
        }))
    }

    /// Whether a point lies within.
    pub fn holds(self, [lon, lat]: [f64; 2]) -> bool {
        (self.west..=self.east).contains(&lon) && (self.south..=self.north).contains(&lat)
    }

    /// Its longer side, in degrees.
    pub fn extent_deg(self) -> f64 {
        (self.east - self.west).max(self.north - self.south)
    }

    /// The rectangle wider by some degrees on each side.
    #[must_use]
    pub fn padded(self, lon_deg: f64, lat_deg: f64) -> Self {
        Self {
            west: self.west - lon_deg,
            south: self.south - lat_deg,
            east: self.east + lon_deg,
            north: self.north + lat_deg,
        }
    }
}

/// The part of a country within some bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// Its name.
    pub name: String,
    /// Its rings as points of longitude and latitude; the last point of a ring
    /// isn't repeated, and edges along the bounds are no borders.
    pub rings: Vec<Vec<[f64; 2]>>,
}

impl Outline {
    /// Whether a point of longitude and latitude lies in the country.
    pub fn holds(&self, point: [f64; 2]) -> bool {
        self.rings.iter().filter(|ring| is_inside(point, ring)).count() % 2 == 1
    }
}

/// Whether a point lies in a ring, by the even-odd rule.
pub fn is_inside([x, y]: [f64; 2], ring: &[[f64; 2]]) -> bool {
    let pairs = ring.iter().zip(ring.iter().cycle().skip(1));
    let crossed =
        pairs.filter(|&(a, b)| (a[1] > y) != (b[1] > y) && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]));
    crossed.count() % 2 == 1
}

/// The countries that reach into some bounds, clipped to them, in the order of
/// their names.
///
/// Clipping leaves edges along the bounds: show less than what is asked for
/// here, or they look like borders.
pub fn outlines_within(bounds: Bounds) -> Vec<Outline> {
    let mut bytes = PACKED.iter();
    let n_countries = whole(&mut bytes);
    let mut found = Vec::new();
    for _ in 0..n_countries {
        let n_bytes = whole(&mut bytes) as usize;
        let name: Vec<u8> = bytes.by_ref().take(n_bytes).copied().collect();
        let n_rings = whole(&mut bytes);
        let rings = (0..n_rings).filter_map(|_| clipped(&line(&mut bytes), bounds)).collect::<Vec<_>>();
        if !rings.is_empty() {
            found.push(Outline { name: String::from_utf8_lossy(&name).into_owned(), rings });
        }
    }
    found
}

/// Whether some bounds hold a border or a coast, so that an outline is seen there.
pub fn shows_borders(bounds: Bounds) -> bool {
    // Clipping leaves edges along the bounds, which are no borders: those of others run inside.
    let is_inside =
        |lon: f64, lat: f64| lon > bounds.west && lon < bounds.east && lat > bounds.south && lat < bounds.north;
    let has_border = |ring: &Vec<[f64; 2]>| {
        let mut edges = ring.iter().zip(ring.iter().cycle().skip(1));
        edges.any(|(a, b)| is_inside(f64::midpoint(a[0], b[0]), f64::midpoint(a[1], b[1])))
    };
    outlines_within(bounds).iter().flat_map(|outline| &outline.rings).any(has_border)
}

pub(super) fn whole(bytes: &mut Iter<'_, u8>) -> u64 {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let byte = bytes.next().copied().unwrap_or(0);
        value |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            break;
        }
    }
    value
}

fn zigzag(bytes: &mut Iter<'_, u8>) -> i64 {
    let value = whole(bytes) as i64;
    (value >> 1) ^ -(value & 1)
}

/// A packed line.
pub(super) fn line(bytes: &mut Iter<'_, u8>) -> Vec<[f64; 2]> {
    let n_points = whole(bytes);
    let (mut x, mut y) = (0, 0);
    (0..n_points)
        .map(|_| {
            x += zigzag(bytes);
            y += zigzag(bytes);
            [x as f64 / STEPS_PER_DEGREE, y as f64 / STEPS_PER_DEGREE]
        })
        .collect()
}

/// The part of a ring within some bounds, if there is any.
///
/// # Source
/// Sutherland & Hodgman (1974), Reentrant polygon clipping.
fn clipped(ring: &[[f64; 2]], bounds: Bounds) -> Option<Vec<[f64; 2]>> {
    let around = Bounds::around(ring.iter().copied())?;
    let is_apart = around.east < bounds.west
        || around.west > bounds.east
        || around.north < bounds.south
        || around.south > bounds.north;
    if is_apart {
        return None;
    }
    let mut ring = ring.to_vec();
    for (axis, limit, is_lowest) in
        [(0, bounds.west, true), (0, bounds.east, false), (1, bounds.south, true), (1, bounds.north, false)]
    {
        ring = on_one_side(&ring, axis, limit, is_lowest);
    }
    (ring.len() >= FEWEST_CORNERS).then_some(ring)
}

fn on_one_side(ring: &[[f64; 2]], axis: usize, limit: f64, is_lowest: bool) -> Vec<[f64; 2]> {
    let is_inside = |point: &[f64; 2]| if is_lowest { point[axis] >= limit } else { point[axis] <= limit };
    let mut kept = Vec::with_capacity(ring.len());
    let Some(mut before) = ring.last().copied() else {
        return kept;
    };
    for &point in ring {
        if is_inside(&before) != is_inside(&point) {
            let share = (limit - before[axis]) / (point[axis] - before[axis]);
            let mut crossing = [0, 1].map(|at| before[at] + share * (point[at] - before[at]));
            crossing[axis] = limit;
            kept.push(crossing);
        }
        if is_inside(&point) {
            kept.push(point);
        }
        before = point;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{Bounds, Outline, clipped, outlines_within, shows_borders};

    const WORLD: Bounds = Bounds { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };

    fn area(ring: &[[f64; 2]]) -> f64 {
        let next = ring.iter().cycle().skip(1);
        let cross: f64 = ring.iter().zip(next).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum();
        cross.abs() / 2.0
    }

    fn is_within(outline: &Outline, bounds: Bounds) -> bool {
        outline.rings.iter().flatten().all(|&[lon, lat]| {
            (bounds.west..=bounds.east).contains(&lon) && (bounds.south..=bounds.north).contains(&lat)
        })
    }

    #[test]
    fn a_border_is_shown_where_one_runs_and_nowhere_else() {
        let around = |lon: f64, lat: f64, reach: f64| {
            Bounds { west: lon, south: lat, east: lon, north: lat }.padded(reach, reach)
        };
        // The desert east of Homs; Aleppo with the border of Turkey; the open sea.
        assert!(!shows_borders(around(38.5, 34.6, 0.2)));
        assert!(shows_borders(around(37.2, 36.2, 0.6)));
        assert!(!shows_borders(around(-30.0, 40.0, 1.0)));
    }

    #[test]
    fn the_world_is_there_and_whole() {
        let world = outlines_within(WORLD);
        assert_eq!(world.len(), 241);
        assert!(world.iter().all(|outline| is_within(outline, WORLD)));
        let syria = world.iter().find(|outline| outline.name == "Syria").unwrap();
        // 185,180 km2 at about 35 degrees north, where a square degree has 10,150.
        let area: f64 = syria.rings.iter().map(|ring| area(ring)).sum();
        assert!((17.5..19.0).contains(&area), "{area}");
    }

    #[test]
    fn a_box_in_the_north_of_syria_reaches_its_neighbours_only() {
        let bounds = Bounds { west: 36.0, south: 34.5, east: 41.5, north: 37.5 };
        let found = outlines_within(bounds);
        let names: Vec<&str> = found.iter().map(|outline| outline.name.as_str()).collect();
        assert_eq!(names, ["Iraq", "Lebanon", "Syria", "Turkey"]);
        assert!(found.iter().all(|outline| is_within(outline, bounds)));
    }

    #[test]
    fn clipping_a_square_leaves_the_part_inside() {
        let square = [[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]];
        let inside = clipped(&square, Bounds { west: 1.0, south: 1.5, east: 9.0, north: 9.0 }).unwrap();
        assert!((area(&inside) - 0.5).abs() < 1e-12, "{inside:?}");
        let around = clipped(&square, WORLD).unwrap();
        assert_eq!(around.len(), 4);
        assert_eq!(clipped(&square, Bounds { west: 3.0, south: 0.0, east: 4.0, north: 1.0 }), None);
    }

    #[test]
    fn bounds_hold_their_points() {
        let bounds = Bounds::around([[1.0, 5.0], [-2.0, 7.0]]).unwrap();
        assert_eq!(bounds, Bounds { west: -2.0, south: 5.0, east: 1.0, north: 7.0 });
        assert_eq!(bounds.padded(1.0, 2.0), Bounds { west: -3.0, south: 3.0, east: 2.0, north: 9.0 });
        assert_eq!(Bounds::around([]), None);
    }
}
