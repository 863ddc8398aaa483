//! Reads polygons of districts from `GeoJSON`.

use std::collections::BTreeMap;

use geo::{Area as _, BoundingRect as _, Intersects as _};
use geojson::{Feature, GeometryValue};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::levels::{CODE, Level, level_of, plain_name};
use super::place_columns::is_variant;
use super::spoken::Spoken;
use super::{BuildError, BuildRequest, file_name};
use allegiance_scenario::problem::{Problems, Spot, did_you_mean, list_choices};
use allegiance_scenario::text_file::read_text;

/// Properties beside those of administrative levels that usually hold the name
/// of a unit.
const NAMES: &[&str] = &["shapeName", "name_en", "name", "NAME", "Name", "NAME_EN", "district", "DISTRICT"];
/// Properties that usually tell units of one name apart.
const CODES: &[&str] = &["shapeID", "pcode", "PCODE", "code", "iso_3166_2", "adm1_code", "HASC_2", "HASC_1", "ID"];

/// A unit with its outline.
#[derive(Debug)]
struct Unit {
    name: String,
    parent: Option<String>,
    code: Option<String>,
    bounds: geo::Rect,
    outline: geo::MultiPolygon,
    area: f64,
}

/// The units of a file.
#[derive(Debug)]
pub(super) struct Boundaries {
    /// The file's name, without the folder.
    pub(super) name: String,
    /// The property that names the units.
    pub(super) property: String,
    /// The property that names the unit around each.
    pub(super) parent: Option<String>,
    /// The line of the first feature.
    pub(super) first_line: u32,
    /// Features without a polygon.
    pub(super) n_without_polygon: usize,
    /// Features without a name.
    pub(super) n_without_name: usize,
    /// Names that several units had, which have a number now.
    pub(super) renamed: Vec<String>,
    units: Vec<Unit>,
}

impl Boundaries {
    /// The governorate and district of a point given by degrees north and
    /// east, those of the smallest unit that holds it.
    pub(super) fn find(&self, point: (f64, f64)) -> Option<(&str, &str)> {
        let unit = self.around(point).min_by(|a, b| a.area.total_cmp(&b.area))?;
        Some((unit.parent.as_deref().unwrap_or(&unit.name), &unit.name))
    }

    /// Whether several units hold a point.
    pub(super) fn is_nested(&self, point: (f64, f64)) -> bool {
        self.around(point).nth(1).is_some()
    }

    fn around(&self, (latitude, longitude): (f64, f64)) -> impl Iterator<Item = &Unit> {
        // An outline may go on beyond 180 degrees, so a point is looked for there, too.
        let points = [0.0, 360.0, -360.0].map(|turn| geo::Point::new(longitude + turn, latitude));
        // A point on an edge is of the units on both sides, so that none lies between them.
        let holds = move |unit: &&Unit| {
            points.iter().any(|point| unit.bounds.intersects(point) && unit.outline.intersects(point))
        };
        self.units.iter().filter(holds)
    }

    pub(super) fn n_units(&self) -> usize {
        self.units.len()
    }
}

/// A document, as far as it is read: its features stay text, so that each knows its line.
#[derive(Deserialize)]
struct Document<'t> {
    #[serde(rename = "type", default)]
    kind: Option<String>,
    #[serde(borrow, default)]
    features: Option<Vec<&'t RawValue>>,
}

/// Reads the file, where the request names one.
pub(super) fn read(request: &BuildRequest, spoken: &Spoken) -> Result<Option<Boundaries>, BuildError> {
    let Some(path) = &request.boundaries else { return Ok(None) };
    let text = read_text(path)?.text;
    let mut problems = Problems::default();
    let file_idx = problems.add_file(path.display().to_string());
    let spot = |line: u32| Spot { file_idx, line };
    let refused =
        |problems: Problems| BuildError::Table { name: path.display().to_string(), problems: problems.into_sorted() };
    let features = match features(&text) {
        Ok(features) => features,
        Err((line, found, allowed)) => {
            problems.error(spot(line), "", found).allowed(allowed);
            return Err(refused(problems));
        }
    };
    let first_line = features.first().map_or(1, |(line, _)| *line);
    let property = match name_property(request, &features, spoken) {
        Ok(property) => property,
        Err(found) => {
            problems.error(spot(first_line), "", found);
            return Err(refused(problems));
        }
    };
    let (parent, code) = (parent_property(&property, &features, spoken), code_property(&property, &features));
    let mut found = Boundaries {
        name: file_name(path),
        property,
        parent,
        first_line,
        n_without_polygon: 0,
        n_without_name: 0,
        renamed: Vec::new(),
        units: Vec::new(),
    };
    for (number, (line, feature)) in features.iter().enumerate() {
        if let Err(wrong) = found.add(feature, code.as_deref()) {
            let name = text_of(feature, &found.property).unwrap_or_default();
            problems.error(spot(*line), format!("feature {} ({name:?})", number + 1), wrong).allowed(ON_EARTH);
        }
    }
    if found.units.is_empty() && !problems.has_errors() {
        problems.error(spot(first_line), "", format!("has no polygon with a text as {:?}", found.property));
    }
    if problems.has_errors() {
        return Err(refused(problems));
    }
    found.number_twins();
    Ok(Some(found))
}

/// What coordinates must be.
const ON_EARTH: &str = "must be degrees east and north (WGS 84)";
/// What a file must be.
const COLLECTION: &str = "must be a GeoJSON FeatureCollection of polygons";

/// The line, what is found there and what is allowed.
type Unreadable = (u32, String, &'static str);

/// The features with their lines.
fn features(text: &str) -> Result<Vec<(u32, Feature)>, Unreadable> {
    if text.trim().is_empty() {
        return Err((0, "is empty".to_owned(), COLLECTION));
    }
    // Messages count lines from the beginning of what was read, and columns tell nobody much.
    let unreadable = |first: u32, error: &dyn std::fmt::Display| {
        let error = error.to_string();
        let (said, at) = error.rsplit_once(" at line ").unwrap_or((&error, ""));
        let line: u32 = at.split(' ').next().and_then(|line| line.parse().ok()).unwrap_or(1);
        let said = said.trim_start_matches("Error while deserializing GeoJSON: ");
        (first + line.max(1) - 1, format!("can't be read as GeoJSON: {said}"), COLLECTION)
    };
    let document: Document<'_> = serde_json::from_str(text).map_err(|error| unreadable(1, &error))?;
    let Some(features) = document.features.filter(|_| document.kind.as_deref() == Some("FeatureCollection")) else {
        let kind = document.kind.map_or_else(String::new, |kind| format!(", but {kind:?}"));
        let allowed = "must be GeoJSON with one feature a district; convert TopoJSON, KML or a shapefile first";
        return Err((1, format!("isn't a FeatureCollection{kind}"), allowed));
    };
    let (mut counted, mut line) = (0, 1_u32);
    let mut read = Vec::with_capacity(features.len());
    for raw in features {
        let at = raw.get().as_ptr().addr() - text.as_ptr().addr();
        line += text[counted..at].matches('\n').count() as u32;
        counted = at;
        let feature = raw.get().parse::<Feature>().map_err(|error| unreadable(line, &error))?;
        read.push((line, feature));
    }
    Ok(read)
}

impl Boundaries {
    /// Adds a feature, or counts why it is none, or says what is wrong.
    fn add(&mut self, feature: &Feature, code: Option<&str>) -> Result<(), String> {
        let Some(name) = text_of(feature, &self.property) else {
            self.n_without_name += 1;
            return Ok(());
        };
        let mut polygons = Vec::new();
        if let Some(geometry) = &feature.geometry {
            collect(&geometry.value, &mut polygons)?;
        }
        let outline = geo::MultiPolygon::new(polygons);
        let Some(bounds) = outline.bounding_rect() else {
            self.n_without_polygon += 1;
            return Ok(());
        };
        // Outlines across the 180th meridian may be written from 170 to 190, say.
        let is_on_earth = |corner: geo::Coord| corner.x.abs() <= 360.0 && corner.y.abs() <= 90.0;
        if !is_on_earth(bounds.min()) || !is_on_earth(bounds.max()) {
            return Err(format!("has coordinates up to {:.0}, {:.0}", bounds.max().x, bounds.max().y));
        }
        let parent = self.parent.as_deref().and_then(|parent| text_of(feature, parent));
        let code = code.and_then(|code| text_of(feature, code));
        let area = outline.unsigned_area();
        self.units.push(Unit { name, parent, code, bounds, outline, area });
        Ok(())
    }

    /// Keeps districts of one name apart: two units of one name and parent are
    /// parts of one where they have one code, or none and touch; else each but the
    /// first gets a number.
    fn number_twins(&mut self) {
        let mut by_name: BTreeMap<(Option<String>, String), Vec<usize>> = BTreeMap::new();
        for (at, unit) in self.units.iter().enumerate() {
            by_name.entry((unit.parent.clone(), unit.name.clone())).or_default().push(at);
        }
        for ((_, name), units) in by_name.into_iter().filter(|(_, units)| units.len() > 1) {
            // The units of each district of that name.
            let mut districts: Vec<Vec<usize>> = Vec::new();
            for at in units {
                let is_part = |of: &Vec<usize>| of.iter().any(|&other| self.are_one(at, other));
                match districts.iter_mut().find(|of| is_part(of)) {
                    Some(of) => of.push(at),
                    None => districts.push(vec![at]),
                }
            }
            for (number, of) in districts.iter().enumerate().skip(1) {
                for &at in of {
                    self.units[at].name = format!("{name} ({})", number + 1);
                }
            }
            if districts.len() > 1 {
                self.renamed.push(name);
            }
        }
    }

    fn are_one(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.units[a], &self.units[b]);
        match (&a.code, &b.code) {
            (Some(a), Some(b)) => a == b,
            _ => a.bounds.intersects(&b.bounds),
        }
    }
}

/// The property that names the units: the one asked for, or of those that
/// every second feature has the narrowest level, else a usual name; of several
/// that name the same the one whose names most events give.
fn name_property(request: &BuildRequest, features: &[(u32, Feature)], spoken: &Spoken) -> Result<String, String> {
    let n_with = |name: &str| features.iter().filter(|(_, feature)| text_of(feature, name).is_some()).count();
    let there = properties(features);
    let is_common = |name: &&str| 2 * n_with(name) >= features.len().max(1);
    let found = if let Some(name) = &request.boundary_name {
        (n_with(name) > 0).then_some(name.as_str())
    } else {
        let levels = there.iter().filter_map(|name| Some((level_of(name)?, *name)));
        let is_name = |(level, name): &(Level, &str)| level.depth > 0 && level.rank < CODE && is_common(name);
        let mut levels: Vec<(Level, &str)> = levels.filter(is_name).collect();
        levels.sort_by_key(|(level, _)| (std::cmp::Reverse(level.depth), level.rank));
        let deepest = levels.first().map(|(level, _)| level.depth);
        let same = levels.into_iter().filter(|(level, _)| Some(level.depth) == deepest).map(|(_, name)| name);
        let mut candidates: Vec<&str> = same.collect();
        if candidates.is_empty() {
            candidates.extend(NAMES.iter().copied().find(is_common));
            let variants = there.iter().copied().filter(|name| is_variant(&plain_name(name)) && is_common(name));
            let variants: Vec<&str> = variants.filter(|name| !candidates.contains(name)).collect();
            // A name and the unit around it, say, are two things.
            if candidates.first().is_some_and(|first| is_variant(&plain_name(first))) {
                candidates.extend(variants);
            }
        }
        most_spoken(&candidates, features, spoken)
    };
    found.map(str::to_owned).ok_or_else(|| {
        let wanted = request.boundary_name.as_deref().unwrap_or("name");
        let hint = did_you_mean(wanted, &there).map_or_else(String::new, |hint| format!("; {hint}"));
        let what = request.boundary_name.as_ref().map_or_else(
            || "has no property that is known to name its polygons; say which property does (boundary-name)".to_owned(),
            |name| format!("has no polygon with a text as {name:?}"),
        );
        format!("{what}; {}{hint}", list_choices("properties", &there))
    })
}

/// The names of all properties, each once.
fn properties(features: &[(u32, Feature)]) -> Vec<&str> {
    let properties = features.iter().filter_map(|(_, feature)| feature.properties.as_ref());
    let mut there: Vec<&str> = properties.flat_map(|all| all.keys().map(String::as_str)).collect();
    there.sort_unstable();
    there.dedup();
    there
}

/// Of several properties, the usual first, the one whose names most events give.
fn most_spoken<'p>(properties: &[&'p str], features: &[(u32, Feature)], spoken: &Spoken) -> Option<&'p str> {
    let n_events = |property: &str| {
        let names: Vec<String> = features.iter().filter_map(|(_, feature)| text_of(feature, property)).collect();
        spoken.n_events(names.iter().map(String::as_str))
    };
    let (&first, others) = properties.split_first()?;
    if others.is_empty() {
        return Some(first);
    }
    let counted = properties.iter().enumerate().map(|(at, &name)| (n_events(name), std::cmp::Reverse(at), name));
    counted.max().map(|(_, _, name)| name)
}

/// The property that names the first level around the units: the one whose names most events
/// give, else in the language of theirs where there is one.
fn parent_property(property: &str, features: &[(u32, Feature)], spoken: &Spoken) -> Option<String> {
    let own = level_of(property).filter(|level| level.depth > 1)?;
    let levels = properties(features).into_iter().filter_map(|name| Some((level_of(name)?, name)));
    let mut levels: Vec<(Level, &str)> = levels.filter(|(level, _)| level.depth == 1 && level.rank < CODE).collect();
    levels.sort_by_key(|(level, _)| (level.rank.abs_diff(own.rank), level.rank));
    let names: Vec<&str> = levels.into_iter().map(|(_, name)| name).collect();
    most_spoken(&names, features, spoken).map(str::to_owned)
}

/// The property that tells units of one name apart.
fn code_property(property: &str, features: &[(u32, Feature)]) -> Option<String> {
    let there = properties(features);
    let depth = level_of(property).map(|level| level.depth);
    let of_level =
        there.iter().find(|name| level_of(name).is_some_and(|level| level.rank == CODE && Some(level.depth) == depth));
    of_level.or_else(|| there.iter().find(|name| CODES.contains(name))).map(|name| (*name).to_owned())
}

fn text_of(feature: &Feature, property: &str) -> Option<String> {
    match feature.property(property)? {
        serde_json::Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Collects the polygons of a geometry; lines and points are passed over.
fn collect(geometry: &GeometryValue, polygons: &mut Vec<geo::Polygon>) -> Result<(), String> {
    match geometry {
        GeometryValue::Polygon { coordinates } => polygons.push(polygon(coordinates)?),
        GeometryValue::MultiPolygon { coordinates } => {
            for rings in coordinates {
                polygons.push(polygon(rings)?);
            }
        }
        GeometryValue::GeometryCollection { geometries } => {
            for part in geometries {
                collect(&part.value, polygons)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Lets a ring that jumps from 179 degrees east to 179 west go on to 181. Sides of half the world
/// and more are jumps, but for those of frames around all of it.
fn straighten(ring: &mut [geo::Coord]) {
    const HALF: f64 = 180.0;
    const FRAME: f64 = 359.0;
    let mut turn = 0.0;
    let mut before = ring.first().map_or(0.0, |first| first.x);
    for corner in ring {
        let step = corner.x - before;
        before = corner.x;
        if step.abs() > HALF && step.abs() < FRAME {
            turn -= 360.0 * step.signum();
        }
        corner.x += turn;
    }
}

fn polygon(rings: &[Vec<geojson::Position>]) -> Result<geo::Polygon, String> {
    let mut lines = Vec::with_capacity(rings.len());
    for ring in rings {
        let point = |position: &geojson::Position| match position.as_slice() {
            [x, y, ..] => Ok(geo::Coord { x: *x, y: *y }),
            _ => Err("has a position of less than two numbers".to_owned()),
        };
        let mut ring: Vec<geo::Coord> = ring.iter().map(point).collect::<Result<_, _>>()?;
        straighten(&mut ring);
        lines.push(geo::LineString::new(ring));
    }
    let mut lines = lines.into_iter();
    let exterior = lines.next().unwrap_or_else(|| geo::LineString::new(Vec::new()));
    Ok(geo::Polygon::new(exterior, lines.collect()))
}
