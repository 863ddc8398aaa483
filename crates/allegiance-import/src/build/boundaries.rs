//! Reads polygons of districts from `GeoJSON`.

use std::str::FromStr as _;

use geo::{BoundingRect as _, Contains as _};
use geojson::{Feature, GeoJson, GeometryValue};

use super::{BuildError, BuildRequest, file_name, read_text};
use allegiance_scenario::problem::{did_you_mean, list_choices};

/// Properties that usually hold the name of a unit, the narrowest first.
const NAMES: &[&str] = &[
    "ADM3_EN",
    "ADM2_EN",
    "ADM1_EN",
    "adm3_en",
    "adm2_en",
    "adm1_en",
    "NAME_3",
    "NAME_2",
    "NAME_1",
    "shapeName",
    "name_en",
    "name",
    "NAME",
    "Name",
];
/// Properties that usually hold the name of the unit around it.
const PARENTS: &[(&str, &[&str])] = &[
    ("ADM3_EN", &["ADM1_EN"]),
    ("ADM2_EN", &["ADM1_EN"]),
    ("adm3_en", &["adm1_en"]),
    ("adm2_en", &["adm1_en"]),
    ("NAME_3", &["NAME_1"]),
    ("NAME_2", &["NAME_1"]),
];

/// A unit with its outline.
#[derive(Debug)]
struct Unit {
    name: String,
    parent: Option<String>,
    bounds: geo::Rect,
    outline: geo::MultiPolygon,
}

/// The units of a file.
#[derive(Debug)]
pub(super) struct Boundaries {
    /// The file's name, without the folder.
    pub(super) name: String,
    /// The property that names the units.
    pub(super) property: String,
    units: Vec<Unit>,
}

impl Boundaries {
    /// The governorate and district of a point given by degrees north and
    /// east, those of the first unit that holds it.
    pub(super) fn find(&self, (latitude, longitude): (f64, f64)) -> Option<(&str, &str)> {
        let point = geo::Point::new(longitude, latitude);
        let holds = |unit: &&Unit| unit.bounds.contains(&point) && unit.outline.contains(&point);
        let unit = self.units.iter().find(holds)?;
        Some((unit.parent.as_deref().unwrap_or(&unit.name), &unit.name))
    }

    pub(super) fn n_units(&self) -> usize {
        self.units.len()
    }
}

/// Reads the file, where the request names one.
pub(super) fn read(request: &BuildRequest) -> Result<Option<Boundaries>, BuildError> {
    let Some(path) = &request.boundaries else { return Ok(None) };
    let shown = path.display();
    let text = read_text(path)?;
    let question = |found: String| BuildError::Question(format!("{shown} {found}"));
    if text.trim().is_empty() {
        return Err(question("is empty; must be a GeoJSON FeatureCollection of polygons".to_owned()));
    }
    let features = match GeoJson::from_str(&text) {
        Ok(GeoJson::FeatureCollection(collection)) => collection.features,
        Ok(_) => {
            return Err(question("isn't a FeatureCollection; must be GeoJSON with one feature a district".to_owned()));
        }
        Err(error) => return Err(question(format!("can't be read as GeoJSON: {error}"))),
    };
    let property = name_property(request, &features).map_err(question)?;
    let parents = PARENTS.iter().find(|(name, _)| *name == property).map_or(&[][..], |(_, parents)| parents);
    let mut units = Vec::new();
    for (number, feature) in features.iter().enumerate() {
        let Some(name) = text_of(feature, &property) else { continue };
        let parent = parents.iter().find_map(|parent| text_of(feature, parent));
        let outline = outline_of(feature).map_err(|found| {
            question(format!(
                "has {found} as geometry of feature {} ({name:?}); must be Polygon or MultiPolygon",
                number + 1
            ))
        })?;
        let Some(bounds) = outline.bounding_rect() else { continue };
        let is_on_earth = |corner: geo::Coord| corner.x.abs() <= 180.0 && corner.y.abs() <= 90.0;
        if !is_on_earth(bounds.min()) || !is_on_earth(bounds.max()) {
            return Err(question(format!(
                "has coordinates up to {:.0}, {:.0} in feature {} ({name:?}); must be degrees east and north (WGS 84)",
                bounds.max().x,
                bounds.max().y,
                number + 1
            )));
        }
        units.push(Unit { name, parent, bounds, outline });
    }
    if units.is_empty() {
        return Err(question(format!("has no polygon with a text as {property:?}")));
    }
    Ok(Some(Boundaries { name: file_name(path), property, units }))
}

/// The property that names the units: the one asked for, or the first of the
/// usual that every second feature has.
fn name_property(request: &BuildRequest, features: &[Feature]) -> Result<String, String> {
    let n_with = |name: &str| features.iter().filter(|feature| text_of(feature, name).is_some()).count();
    let mut there: Vec<&str> = features
        .iter()
        .filter_map(|feature| feature.properties.as_ref())
        .flat_map(|all| all.keys().map(String::as_str))
        .collect();
    there.sort_unstable();
    there.dedup();
    let found = match &request.boundary_name {
        Some(name) => (n_with(name) > 0).then_some(name.as_str()),
        None => NAMES.iter().copied().find(|name| 2 * n_with(name) >= features.len().max(1)),
    };
    found.map(str::to_owned).ok_or_else(|| {
        let wanted = request.boundary_name.as_deref().unwrap_or("name");
        let hint = did_you_mean(wanted, &there).map_or_else(String::new, |hint| format!("; {hint}"));
        let what = request.boundary_name.as_ref().map_or_else(
            || "has no property that names its polygons; say which does".to_owned(),
            |name| format!("has no polygon with a text as {name:?}"),
        );
        format!("{what}; {}{hint}", list_choices("properties", &there))
    })
}

fn text_of(feature: &Feature, property: &str) -> Option<String> {
    let text = feature.property(property)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The outline of a feature, or what it has in its place.
fn outline_of(feature: &Feature) -> Result<geo::MultiPolygon, String> {
    let Some(geometry) = &feature.geometry else { return Err("nothing".to_owned()) };
    let polygons = match &geometry.value {
        GeometryValue::Polygon { coordinates } => std::slice::from_ref(coordinates),
        GeometryValue::MultiPolygon { coordinates } => coordinates.as_slice(),
        other => return Err(other.type_name().to_owned()),
    };
    // The conversion takes for granted that a position has two numbers.
    if polygons.iter().flatten().flatten().any(|position| position.len() < 2) {
        return Err("a position of less than two numbers".to_owned());
    }
    let is_one = matches!(geometry.value, GeometryValue::Polygon { .. });
    let converted = if is_one {
        geo::Polygon::try_from(&geometry.value).map(|polygon| geo::MultiPolygon::new(vec![polygon]))
    } else {
        geo::MultiPolygon::try_from(&geometry.value)
    };
    converted.map_err(|error| error.to_string())
}
