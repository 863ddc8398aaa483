//! What observers know of geography: nearby towns, the centres of districts
//! and governorates, and the cells of PRIO-GRID.

use allegiance_model::ids::PlaceId;
use allegiance_model::maths::{cos, degrees_east, near_longitude};
use allegiance_model::setup::{PlaceKind, PlaceSetup, Setup};
use std::collections::BTreeMap;

/// A named point.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Name, as in the `where_coordinates` of a report.
    pub name: String,
    /// Degrees north.
    pub latitude_deg: f64,
    /// Degrees east.
    pub longitude_deg: f64,
}

/// How far a town may lie from an event that is reported there, as in
/// precision 2 of UCDP GED.
const NEAR_KM: f64 = 25.0;

/// The points where an event of each place can be reported.
#[derive(Debug, Clone)]
pub struct Gazetteer {
    districts: Vec<Point>,
    governorates: Vec<Point>,
    /// By place: its district and governorate.
    area_of: Vec<(usize, usize)>,
    /// By place: the nearest larger place of its district, if one is near.
    near: Vec<Option<PlaceId>>,
    places: Vec<Point>,
}

impl Gazetteer {
    /// The gazetteer of a setup.
    pub fn of(setup: &Setup) -> Self {
        let mut districts = Areas::default();
        let mut governorates = Areas::default();
        let mut area_of = Vec::with_capacity(setup.places.len());
        for place in &setup.places {
            let district = districts.add((&place.governorate, &place.district), place);
            let governorate = governorates.add((&place.governorate, ""), place);
            area_of.push((district, governorate));
        }
        Self {
            near: nearest_larger(&setup.places, &area_of, districts.sums.len()),
            places: setup
                .places
                .iter()
                .map(|place| Point {
                    name: match place.kind {
                        PlaceKind::Village => format!("{} village", place.name),
                        PlaceKind::City | PlaceKind::Town => format!("{} town", place.name),
                        PlaceKind::Rural => place.name.clone(),
                    },
                    latitude_deg: place.latitude_deg,
                    longitude_deg: place.longitude_deg,
                })
                .collect(),
            districts: districts.points(|(_, district)| format!("{district} district")),
            governorates: governorates.points(|(governorate, _)| format!("{governorate} governorate")),
            area_of,
        }
    }

    /// Whether a larger place of the same district lies near.
    pub fn has_near(&self, place: PlaceId) -> bool {
        self.near[place.idx()].is_some()
    }

    /// Where an event of a place is put at a precision of UCDP GED: 1 the place
    /// itself, 2 a larger place nearby, 3 its district, 4 its governorate.
    pub fn point(&self, place: PlaceId, precision: u8) -> &Point {
        let (district, governorate) = self.area_of[place.idx()];
        match precision {
            2 => &self.places[self.near[place.idx()].unwrap_or(place).idx()],
            3 => &self.districts[district],
            4 => &self.governorates[governorate],
            _ => &self.places[place.idx()],
        }
    }
}

/// Areas with the sums that give their population-weighted centres.
#[derive(Default)]
struct Areas<'a> {
    position: BTreeMap<(&'a str, &'a str), usize>,
    sums: Vec<(f64, f64, f64)>,
    /// The longitude of the first place of each, beside which the others are counted.
    first_longitudes: Vec<f64>,
}

impl<'a> Areas<'a> {
    fn add(&mut self, key: (&'a str, &'a str), place: &PlaceSetup) -> usize {
        let next = self.sums.len();
        let position = *self.position.entry(key).or_insert(next);
        if position == next {
            self.sums.push((0.0, 0.0, 0.0));
            self.first_longitudes.push(place.longitude_deg);
        }
        let weight = f64::from(place.population.max(1));
        let sum = &mut self.sums[position];
        sum.0 += weight;
        sum.1 += weight * place.latitude_deg;
        sum.2 += weight * near_longitude(place.longitude_deg, self.first_longitudes[position]);
        position
    }

    fn points(&self, name: impl Fn((&str, &str)) -> String) -> Vec<Point> {
        let mut keys: Vec<((&str, &str), usize)> = self.position.iter().map(|(&key, &at)| (key, at)).collect();
        keys.sort_by_key(|&(_, at)| at);
        keys.into_iter()
            .map(|(key, at)| {
                let (weight, latitude, longitude) = self.sums[at];
                Point {
                    name: name(key),
                    latitude_deg: rounded(latitude / weight),
                    longitude_deg: rounded(near_longitude(longitude / weight, 0.0)),
                }
            })
            .collect()
    }
}

/// A coordinate to six digits, as in UCDP GED.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

/// By place: the nearest town or city of its district that is larger, if one is near.
fn nearest_larger(places: &[PlaceSetup], area_of: &[(usize, usize)], n_districts: usize) -> Vec<Option<PlaceId>> {
    let mut towns_of: Vec<Vec<usize>> = vec![Vec::new(); n_districts];
    for (idx, place) in places.iter().enumerate() {
        if matches!(place.kind, PlaceKind::City | PlaceKind::Town) {
            towns_of[area_of[idx].0].push(idx);
        }
    }
    let nearest = |(place, &(district, _)): (&PlaceSetup, &(usize, usize))| {
        let larger = towns_of[district].iter().filter(|&&idx| places[idx].population > place.population);
        larger
            .map(|&idx| (distance_km(place, &places[idx]), idx))
            .filter(|&(distance, _)| distance <= NEAR_KM)
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
            .map(|(_, idx)| PlaceId::from_idx(idx))
    };
    places.iter().zip(area_of).map(nearest).collect()
}

/// Distance of two places less than a few hundred kilometres apart, on a plane
/// that touches the Earth between them.
fn distance_km(a: &PlaceSetup, b: &PlaceSetup) -> f64 {
    const KM_PER_DEGREE: f64 = 111.195;
    let middle = 0.5 * (a.latitude_deg + b.latitude_deg);
    let north = (a.latitude_deg - b.latitude_deg) * KM_PER_DEGREE;
    let east = degrees_east(a.longitude_deg, b.longitude_deg) * KM_PER_DEGREE * cos(middle.to_radians());
    allegiance_model::maths::sqrt(north * north + east * east)
}

/// The cell of PRIO-GRID at a point: cells of half a degree, numbered from 1 in
/// the south-west corner of the Earth, 720 to a row.
///
/// # Source
/// Tollefsen, Strand & Buhaug (2012), PRIO-GRID: a unified spatial data
/// structure. Equal to the `priogrid_gid` of all 866 rows of the GED v25.1 sample.
pub fn priogrid_gid(latitude_deg: f64, longitude_deg: f64) -> u32 {
    let row = ((latitude_deg + 90.0) * 2.0).floor().clamp(0.0, 359.0) as u32;
    let column = ((longitude_deg + 180.0) * 2.0).floor().clamp(0.0, 719.0) as u32;
    row * 720 + column + 1
}

#[cfg(test)]
mod tests {
    use super::priogrid_gid;

    #[test]
    fn cells_equal_those_of_real_events() {
        // Four rows of the UCDP GED v25.1 sample.
        for (latitude, longitude, gid) in [
            (35.763_369, 36.558_974, 181_154),
            (34.726_818, 36.723_391, 179_714),
            (36.850_336, 40.070_555, 182_601),
            (-9.65, 20.4, 115_601),
        ] {
            assert_eq!(priogrid_gid(latitude, longitude), gid);
        }
        assert_eq!(priogrid_gid(90.0, 180.0), 259_200);
    }
}
