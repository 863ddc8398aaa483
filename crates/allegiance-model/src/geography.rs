//! Where places lie, and which lie near each other.

use crate::ids::PlaceId;
use crate::maths::{cos, degrees_east, sqrt};
use crate::setup::PlaceSetup;
use std::ops::Deref;

/// Where places lie, and the places within [`Geography::RADIUS_KM`] of each.
#[derive(Debug)]
pub struct Geography {
    /// Latitude and longitude of each place.
    points: Vec<[f64; 2]>,
    cells: Cells,
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
    /// Looked up among the cells around the place.
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

    fn of_points(points: Vec<[f64; 2]>, most: usize) -> Self {
        let cells = Cells::new(&points);
        let mut geography = Self { points, cells, lists: None };
        geography.lists = geography.lists_up_to(most);
        geography
    }

    fn lists_up_to(&self, most: usize) -> Option<Lists> {
        let mut lists = Lists { offsets: vec![0], neighbours: Vec::new() };
        for place_idx in 0..self.points.len() {
            lists.neighbours.extend(self.found_within(PlaceId::from_idx(place_idx), Self::RADIUS_KM));
            if lists.neighbours.len() > most {
                return None;
            }
            lists.offsets.push(lists.neighbours.len() as u32);
        }
        Some(lists)
    }

    /// The places within a distance of a place, nearest first, itself included, up to [`Geography::RADIUS_KM`].
    /// A place is its own first neighbour.
    pub fn within(&self, place: PlaceId, radius_km: f64) -> Near<'_> {
        let Some(lists) = &self.lists else {
            return Near::Found(self.found_within(place, radius_km.min(Self::RADIUS_KM)));
        };
        let all = &lists.neighbours[lists.offsets[place.idx()] as usize..lists.offsets[place.idx() + 1] as usize];
        let n_within = all.partition_point(|neighbour| neighbour.distance_km <= radius_km);
        Near::Listed(&all[..n_within.max(1)])
    }

    fn found_within(&self, place: PlaceId, radius_km: f64) -> Vec<Neighbour> {
        let others = (self.cells.around(self.points[place.idx()], radius_km))
            .filter(|&other| other != place)
            .map(|other| Neighbour { place: other, distance_km: between(&self.points, place.idx(), other.idx()) })
            .filter(|other| other.distance_km <= radius_km);
        let mut near = vec![Neighbour { place, distance_km: 0.0 }];
        near.extend(others);
        near[1..].sort_unstable_by(|a, b| a.distance_km.total_cmp(&b.distance_km).then(a.place.cmp(&b.place)));
        near
    }

    /// The distance between two places; none beyond [`Geography::RADIUS_KM`].
    pub fn distance_km(&self, a: PlaceId, b: PlaceId) -> Option<f64> {
        let km = between(&self.points, a.idx(), b.idx());
        (km <= Self::RADIUS_KM).then_some(km)
    }
}

/// Places by the cell of a grid in which they lie.
#[derive(Debug)]
struct Cells {
    /// Sorted by row, then column.
    places: Vec<(Cell, PlaceId)>,
}

/// Row, counted northwards, and column, counted eastwards from 180 degrees west.
type Cell = (i32, i32);

impl Cells {
    /// Side of a cell: some places of a district, and few cells in the longest distance.
    const DEGREES: f64 = 0.125;
    /// Cells in a whole turn around the Earth.
    const COLUMNS: i32 = 2_880;

    fn new(points: &[[f64; 2]]) -> Self {
        let mut places: Vec<(Cell, PlaceId)> = (points.iter().enumerate())
            .map(|(idx, &[latitude, longitude])| {
                ((Self::row(latitude), Self::column(longitude).rem_euclid(Self::COLUMNS)), PlaceId::from_idx(idx))
            })
            .collect();
        places.sort_unstable();
        Self { places }
    }

    fn row(latitude_deg: f64) -> i32 {
        (latitude_deg / Self::DEGREES).floor() as i32
    }

    fn column(longitude_deg: f64) -> i32 {
        ((longitude_deg + 180.0) / Self::DEGREES).floor() as i32
    }

    /// At least the places within a distance of a point.
    fn around(&self, [latitude, longitude]: [f64; 2], radius_km: f64) -> impl Iterator<Item = PlaceId> + '_ {
        let north_deg = radius_km / Geography::KM_PER_DEGREE;
        // Degrees of longitude are shortest at the edge that is nearer to a pole.
        let shortest = cos((latitude.abs() + north_deg).min(89.9).to_radians());
        let east_deg = (north_deg / shortest).min(180.0);
        let (west, east) = (Self::column(longitude - east_deg), Self::column(longitude + east_deg));
        let columns = west..=east.min(west + Self::COLUMNS - 1);
        (Self::row(latitude - north_deg)..=Self::row(latitude + north_deg)).flat_map(move |row| {
            let [first, last] = [columns.start(), columns.end()].map(|column| column.rem_euclid(Self::COLUMNS));
            let [before, after] =
                if first <= last { [(first, last), (1, 0)] } else { [(0, last), (first, Self::COLUMNS - 1)] };
            self.of_row(row, before).chain(self.of_row(row, after))
        })
    }

    fn of_row(&self, row: i32, (first, last): (i32, i32)) -> impl Iterator<Item = PlaceId> + '_ {
        let start = self.places.partition_point(|&(cell, _)| cell < (row, first));
        self.places[start..].iter().take_while(move |&&(cell, _)| cell <= (row, last)).map(|&(_, place)| place)
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
                        let near = geography.within(PlaceId::from_idx(place), km);
                        assert_eq!(*near, *plainly(&points, place, km), "{km} km around {:?}", points[place]);
                        n_near += near.len();
                    }
                }
            }
            n_near
        };
        let tried = [[35.9, 36.6], [0.1, -0.1], [-16.8, 179.9], [89.2, 10.0], [-89.4, -170.0]].map(n_near);
        assert!(tried.iter().all(|&n| n > 5_000), "{tried:?}");
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
