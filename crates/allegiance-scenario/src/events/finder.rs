//! Where an event happened: at the place that it names, else at the place
//! whose built-up area is nearest.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use allegiance_model::maths::{cos, sqrt};

use super::{KM_PER_DEGREE, stretched_km};

/// A place that an event names is taken within this distance.
pub const NAMED_KM: f64 = 20.0;
/// One whose name differs by a letter is taken within this.
const ALIKE_KM: f64 = 5.0;
/// Shorter names must be equal.
const ALIKE_LETTERS: usize = 6;
/// Inhabitants of a square kilometre of built-up land: judgement, towards the
/// densest of towns, so that cities are rather too small than too large.
pub const PEOPLE_PER_KM2: f64 = 10_000.0;
/// What events call a settlement behind its name.
const SETTLEMENTS: &[&str] = &["city", "town", "village", "settlement", "hamlet", "suburb", "neighbourhood"];
/// Articles in front of a name.
const ARTICLES: &[&str] = &["al", "el", "ad", "as", "ash", "an", "ar"];

/// A place as it is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// Name.
    pub name: &'a str,
    /// Degrees north and east.
    pub point: (f64, f64),
    /// Inhabitants of its built-up area; 0 where they are scattered.
    pub population: u32,
}

/// A place that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Its position among the places.
    pub place: usize,
    /// Kilometres from its middle.
    pub distance_km: f64,
    /// Kilometres from the edge of its built-up area; 0 within.
    pub outside_km: f64,
    /// Whether the event names it.
    pub is_named: bool,
}

/// Finds the places of events.
#[derive(Debug, Default)]
pub struct PlaceFinder {
    points: Vec<(f64, f64)>,
    radii_km: Vec<f64>,
    names: Vec<String>,
    by_name: BTreeMap<String, Vec<usize>>,
    /// What was found before, by point, then by name.
    before: RefCell<Before>,
}

/// What a name was found to be, or that it was nothing.
type Known = (String, Option<Found>);

/// Events of a place come again and again.
#[derive(Debug, Default)]
struct Before {
    by_point: BTreeMap<(u64, u64), Vec<Known>>,
    n_kept: usize,
}

/// No more than so many are kept, nor so many names of one point.
const MOST_KEPT: usize = 100_000;
const MOST_NAMES: usize = 50;

impl Before {
    /// What was found there under a name before; nothing where nobody looked.
    fn get(&self, point: (u64, u64), name: &str) -> Option<&Known> {
        self.by_point.get(&point)?.iter().find(|(known, _)| known == name)
    }

    fn keep(&mut self, point: (u64, u64), name: &str, found: Option<Found>) {
        if self.n_kept < MOST_KEPT {
            let names = self.by_point.entry(point).or_default();
            if names.len() < MOST_NAMES {
                names.push((name.to_owned(), found));
                self.n_kept += 1;
            }
        }
    }
}

impl PlaceFinder {
    /// A finder among places.
    pub fn new<'a>(sites: impl Iterator<Item = Site<'a>>) -> Self {
        let mut finder = Self::default();
        for site in sites {
            finder.add(site);
        }
        finder
    }

    /// Adds a place at the end.
    pub fn add(&mut self, site: Site<'_>) {
        self.before = RefCell::default();
        let name = comparable_name(site.name, false);
        self.by_name.entry(name.clone()).or_default().push(self.points.len());
        self.names.push(name);
        self.points.push(site.point);
        self.radii_km.push(sqrt(f64::from(site.population) / PEOPLE_PER_KM2 / std::f64::consts::PI));
    }

    /// The place of an event by its point and the name that it gives, which
    /// may be empty: the nearest of that name near by, else the one whose edge
    /// is nearest, of several around the point the one that it is deepest in.
    pub fn find(&self, point: (f64, f64), name: &str) -> Option<Found> {
        let key = (point.0.to_bits(), point.1.to_bits());
        if let Some(&(_, found)) = self.before.borrow().get(key, name) {
            return found;
        }
        let found = self.search(point, name);
        self.before.borrow_mut().keep(key, name, found);
        found
    }

    fn search(&self, point: (f64, f64), name: &str) -> Option<Found> {
        let stretch = cos(point.0.to_radians());
        let distance = |place: usize| stretched_km(point, self.points[place], stretch);
        let found = |place: usize, is_named| {
            let distance_km = distance(place);
            let outside_km = (distance_km - self.radii_km[place]).max(0.0);
            Found { place, distance_km, outside_km, is_named }
        };
        let name = comparable_name(name, true);
        if let Some(place) = self.named(&name, point.0, distance) {
            return Some(found(place, true));
        }
        let depth = |found: &Found| found.distance_km / self.radii_km[found.place].max(1e-3);
        let is_better = |a: &Found, b: &Found| match a.outside_km.total_cmp(&b.outside_km) {
            Ordering::Equal if a.outside_km > 0.0 => a.distance_km < b.distance_km,
            Ordering::Equal => depth(a) < depth(b),
            order => order.is_lt(),
        };
        let mut best: Option<Found> = None;
        for (place, of) in self.points.iter().enumerate() {
            // The latitude alone tells most places to be too far.
            let least = (of.0 - point.0).abs() * KM_PER_DEGREE - self.radii_km[place];
            if best.is_some_and(|best| least > best.outside_km) {
                continue;
            }
            let found = found(place, false);
            if best.is_none_or(|best| is_better(&found, &best)) {
                best = Some(found);
            }
        }
        best
    }

    /// The nearest place of a name, however far; for what is told of names.
    pub fn nearest_of_name(&self, point: (f64, f64), name: &str) -> Option<(usize, f64)> {
        let stretch = cos(point.0.to_radians());
        let places = self.by_name.get(&comparable_name(name, true))?;
        let distances = places.iter().map(|&place| (place, stretched_km(point, self.points[place], stretch)));
        distances.min_by(|a, b| a.1.total_cmp(&b.1))
    }

    fn named(&self, name: &str, latitude: f64, distance: impl Fn(usize) -> f64) -> Option<usize> {
        if name.is_empty() {
            return None;
        }
        let nearest = |places: &mut dyn Iterator<Item = usize>, within: f64| {
            let near = places.map(|place| (distance(place), place)).filter(|(distance, _)| *distance <= within);
            near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, place)| place)
        };
        let equal = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        nearest(&mut equal.iter().copied(), NAMED_KM).or_else(|| {
            let is_alike = |place: &usize| {
                let other = &self.names[*place];
                (self.points[*place].0 - latitude).abs() * KM_PER_DEGREE <= ALIKE_KM
                    && name.len().min(other.len()) >= ALIKE_LETTERS
                    && name.len().abs_diff(other.len()) <= 1
                    && strsim::damerau_levenshtein(name, other) <= 1
            };
            nearest(&mut (0..self.names.len()).filter(is_alike), ALIKE_KM)
        })
    }
}

/// A name in Latin letters without case, marks, blanks, article and, where it
/// is an event's, the word for its kind of settlement.
pub fn comparable_name(name: &str, is_event: bool) -> String {
    let latin = deunicode::deunicode(name).to_lowercase();
    let mut words: Vec<&str> =
        latin.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if is_event && words.len() > 1 && words.last().is_some_and(|last| SETTLEMENTS.contains(last)) {
        words.pop();
    }
    if words.len() > 1 && ARTICLES.contains(&words[0]) {
        words.remove(0);
    }
    words.concat()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{PlaceFinder, Site};

    const SITES: [Site<'static>; 4] = [
        Site { name: "Bigcity", point: (10.536, 20.5), population: 2_000_000 },
        Site { name: "Bigcity Extension", point: (10.47, 20.5), population: 1_000 },
        Site { name: "Al-Qāmā", point: (10.6, 20.6), population: 5_000 },
        Site { name: "Bigcity", point: (14.0, 20.5), population: 9_000 },
    ];

    fn find(point: (f64, f64), name: &str) -> (usize, bool) {
        let found = PlaceFinder::new(SITES.into_iter()).find(point, name).unwrap();
        (found.place, found.is_named)
    }

    #[test]
    fn the_name_decides_within_some_kilometres() {
        // 4.0 km from the middle of the city, and 3.3 from its suburb.
        assert_eq!(find((10.5, 20.5), "Bigcity city"), (0, true));
        assert_eq!(find((10.5, 20.5), "Bigcity extension"), (1, true));
        assert_eq!(find((10.55, 20.6), "Qama village"), (2, true));
        assert_eq!(find((13.9, 20.5), "Bigcity"), (3, true), "the nearest of that name");
        assert!(!find((12.0, 20.5), "Bigcity").1, "neither is near");
    }

    #[test]
    fn what_was_found_before_is_found_again_until_a_place_is_added() {
        let mut finder = PlaceFinder::new(SITES.into_iter());
        let first = finder.find((12.0, 20.5), "New");
        assert_eq!((finder.find((12.0, 20.5), "New"), first.unwrap().is_named), (first, false));
        assert!(finder.find((12.0, 20.5), "").is_some_and(|found| !found.is_named), "another name is asked for anew");
        finder.add(Site { name: "New", point: (12.01, 20.5), population: 10 });
        assert_eq!(finder.find((12.0, 20.5), "New").map(|found| (found.place, found.is_named)), Some((4, true)));
    }

    #[test]
    fn without_a_name_a_city_reaches_as_far_as_it_is_built() {
        assert_eq!(find((10.5, 20.5), ""), (0, false));
        assert_eq!(find((10.465, 20.5), ""), (0, false), "within 8 km of the middle of two million");
        assert_eq!(find((10.47, 20.5), ""), (1, false), "in the middle of the suburb");
        assert_eq!(find((10.6, 20.61), ""), (2, false));
    }

    #[test]
    fn names_that_differ_by_a_letter_are_one_where_they_are_near() {
        let finder = PlaceFinder::new(SITES.into_iter());
        assert!(finder.find((10.54, 20.5), "Bigcitty").unwrap().is_named);
        assert!(!finder.find((10.65, 20.5), "Bigcitty").unwrap().is_named);
        assert_eq!(finder.nearest_of_name((10.5, 20.5), "al qama town").unwrap().0, 2);
    }
}
