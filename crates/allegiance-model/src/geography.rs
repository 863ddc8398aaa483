//! Where places lie, and which lie near each other.

use crate::ids::PlaceId;
use crate::maths::{cos, degrees_east, sqrt};
use crate::setup::PlaceSetup;

/// Places within [`Geography::RADIUS_KM`] of each place, nearest first.
#[derive(Debug)]
pub struct Geography {
    offsets: Vec<u32>,
    neighbours: Vec<Neighbour>,
    /// Latitude and longitude of each place.
    points: Vec<[f64; 2]>,
}

/// A place near another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// The place.
    pub place: PlaceId,
    /// Distance as the crow flies.
    pub distance_km: f64,
}

impl Geography {
    /// The longest distance that any mechanism looks at.
    pub const RADIUS_KM: f64 = 60.0;
    const KM_PER_DEGREE: f64 = 111.195;

    /// Measures all pairs of places. A place is its own first neighbour.
    ///
    /// Distances are equirectangular, which over 60 km at these latitudes
    /// errs by less than 0.1%.
    pub fn new(places: &[PlaceSetup]) -> Self {
        let mut by_latitude: Vec<usize> = (0..places.len()).collect();
        by_latitude.sort_by(|&a, &b| places[a].latitude_deg.total_cmp(&places[b].latitude_deg).then(a.cmp(&b)));
        let radius_deg = Self::RADIUS_KM / Self::KM_PER_DEGREE;
        let points: Vec<[f64; 2]> = places.iter().map(point).collect();
        let mut near: Vec<Vec<Neighbour>> = vec![Vec::new(); places.len()];
        for (rank, &a) in by_latitude.iter().enumerate() {
            for &b in &by_latitude[rank..] {
                if places[b].latitude_deg - places[a].latitude_deg > radius_deg {
                    break;
                }
                let distance_km = between(&points, a, b);
                if distance_km > Self::RADIUS_KM {
                    continue;
                }
                near[a].push(Neighbour { place: PlaceId::from_idx(b), distance_km });
                if a != b {
                    near[b].push(Neighbour { place: PlaceId::from_idx(a), distance_km });
                }
            }
        }
        let mut offsets = vec![0];
        let mut neighbours = Vec::new();
        for (place_idx, list) in near.iter_mut().enumerate() {
            let rank = |n: &Neighbour| (n.place.idx() != place_idx, n.distance_km);
            list.sort_by(|a, b| {
                let ((a_other, a_km), (b_other, b_km)) = (rank(a), rank(b));
                a_other.cmp(&b_other).then(a_km.total_cmp(&b_km)).then(a.place.cmp(&b.place))
            });
            neighbours.extend_from_slice(list);
            offsets.push(neighbours.len() as u32);
        }
        Self { offsets, neighbours, points }
    }

    /// The places within a distance of a place, nearest first, itself included.
    pub fn within(&self, place: PlaceId, radius_km: f64) -> &[Neighbour] {
        let all = &self.neighbours[self.offsets[place.idx()] as usize..self.offsets[place.idx() + 1] as usize];
        let n_within = all.partition_point(|neighbour| neighbour.distance_km <= radius_km);
        &all[..n_within.max(1)]
    }

    /// The distance between two places; none beyond [`Geography::RADIUS_KM`].
    pub fn distance_km(&self, a: PlaceId, b: PlaceId) -> Option<f64> {
        let km = between(&self.points, a.idx(), b.idx());
        (km <= Self::RADIUS_KM).then_some(km)
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
    use super::distance_of_points;
    use crate::maths::{degrees_east, near_longitude};

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
