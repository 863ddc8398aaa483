//! What maps are drawn on: countries, rivers, lakes and the borders within countries.
//!
//! All is Natural Earth's (public domain) on a grid of a hundredth of a degree:
//! countries are those of [`outlines`](super::outlines), the rest is packed by
//! `page/scripts/base.mjs`, which also states the layout and where it comes from.
//! Natural Earth's roads are in no package that could be had.

use super::outlines::{Bounds, OUTLINES_SOURCE, line, outlines_within, shows_borders, whole};
use serde::Serialize;

/// Where rivers, lakes and borders within countries come from, to be shown with every map.
const BASE_SOURCE: &str = "Rivers and lakes: Natural Earth, 1:50m; borders within countries: Natural Earth, 1:10m; \
public domain. A river or border may lie a kilometre or two off.";
/// The packed lines.
const PACKED: &[u8] = include_bytes!("base.bin");
/// How far beyond the outermost places a map's base goes, in degrees of longitude and
/// latitude, so that a map around the places, however wide, doesn't show where it ends.
const REACH_DEG: (f64, f64) = (14.0, 7.0);
/// Places closer together than this, in degrees, need better rivers than there are.
const LEAST_EXTENT_DEG: f64 = 0.7;
/// A country with a smaller share of the places isn't one of the war's: places
/// near a border may lie on its wrong side.
const LEAST_SHARE: f64 = 0.05;
/// Digits after the point of coordinates, those of the grid.
const DIGITS: i32 = 2;

/// A line or ring of points of longitude and latitude.
pub type MapLine = Vec<(f64, f64)>;

/// A country on a map.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CountryShape {
    /// Its name, as Natural Earth has it.
    pub name: String,
    /// Whether the war is there: one in twenty places, or more.
    pub has_places: bool,
    /// Its rings.
    #[cfg_attr(test, ts(type = "Array<Array<[number, number]>>"))]
    pub rings: Vec<MapLine>,
}

/// What a map is drawn on.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct BaseMap {
    /// Countries in the order of their names.
    pub countries: Vec<CountryShape>,
    /// Rivers.
    #[cfg_attr(test, ts(type = "Array<Array<[number, number]>>"))]
    pub rivers: Vec<MapLine>,
    /// Rings of lakes.
    #[cfg_attr(test, ts(type = "Array<Array<[number, number]>>"))]
    pub lakes: Vec<MapLine>,
    /// Borders between the provinces of a country.
    #[cfg_attr(test, ts(type = "Array<Array<[number, number]>>"))]
    pub borders: Vec<MapLine>,
}

impl BaseMap {
    /// That around some places, with where it comes from.
    pub fn around(places: &[[f64; 2]]) -> (Self, Vec<String>) {
        let Some(bounds) = Bounds::around(places.iter().copied()) else {
            return (Self::default(), Vec::new());
        };
        let reach = bounds.padded(REACH_DEG.0, REACH_DEG.1);
        let mut sources = Vec::new();
        if shows_borders(reach) {
            sources.push(OUTLINES_SOURCE.to_owned());
        }
        let countries = outlines_within(reach)
            .into_iter()
            .map(|country| {
                let n_inside = places.iter().filter(|&&place| country.holds(place)).count();
                CountryShape {
                    has_places: n_inside as f64 >= LEAST_SHARE * places.len() as f64 && n_inside > 0,
                    name: country.name,
                    rings: country.rings.iter().map(|ring| points(ring)).collect(),
                }
            })
            .collect();
        let mut base = Self { countries, ..Self::default() };
        if bounds.extent_deg() >= LEAST_EXTENT_DEG {
            [base.rivers, base.lakes, base.borders] = lines_within(reach);
            sources.push(BASE_SOURCE.to_owned());
        }
        (base, sources)
    }
}

/// Rivers, lakes and borders of which some point lies within bounds.
fn lines_within(bounds: Bounds) -> [Vec<MapLine>; 3] {
    let mut bytes = PACKED.iter();
    [(); 3].map(|()| {
        let n_lines = whole(&mut bytes);
        let lines = (0..n_lines).filter_map(|_| {
            let line = line(&mut bytes);
            line.iter().any(|&point| bounds.holds(point)).then(|| points(&line))
        });
        lines.collect()
    })
}

fn points(line: &[[f64; 2]]) -> MapLine {
    line.iter().map(|&[lon, lat]| (super::rounded(lon, DIGITS), super::rounded(lat, DIGITS))).collect()
}

#[cfg(test)]
mod tests {
    use super::{BaseMap, Bounds, lines_within};

    const WORLD: Bounds = Bounds { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };

    #[test]
    fn the_world_has_its_rivers_lakes_and_borders_on_the_globe() {
        let [rivers, lakes, borders] = lines_within(WORLD);
        assert_eq!([rivers.len(), lakes.len(), borders.len()], [886, 320, 4164]);
        let mut all = rivers.iter().chain(&lakes).chain(&borders).flatten();
        assert!(all.all(|&(lon, lat)| lon.abs() <= 180.01 && lat.abs() <= 90.0));
    }

    #[test]
    fn the_war_is_where_its_places_are_and_the_euphrates_runs_there() {
        // Aleppo, Idlib, Raqqa, Deir ez-Zor.
        let (base, sources) = BaseMap::around(&[[37.16, 36.2], [36.63, 35.93], [39.01, 35.95], [40.14, 35.34]]);
        let of_war: Vec<&str> =
            base.countries.iter().filter(|country| country.has_places).map(|country| country.name.as_str()).collect();
        assert_eq!(of_war, ["Syria"]);
        let near = |line: &&Vec<(f64, f64)>| line.iter().any(|&(lon, lat)| (lon - 39.0).hypot(lat - 35.9) < 0.3);
        assert!(base.rivers.iter().any(|river| near(&river)), "no river passes Raqqa");
        assert!(base.borders.len() > 10 && sources.len() == 2, "{sources:?}");
    }

    #[test]
    fn a_village_has_no_rivers_that_would_lie_kilometres_off() {
        let (base, _) = BaseMap::around(&[[36.6, 35.7], [36.7, 35.8]]);
        assert!(base.rivers.is_empty() && base.lakes.is_empty() && base.borders.is_empty());
        assert_eq!(BaseMap::around(&[]), (BaseMap::default(), Vec::new()));
    }
}
