//! Maps: places sized by population and coloured by who holds them, cut into
//! slices where replicates disagree.

use super::extent::width_of;
use super::{path, short};
use crate::looks::Look;
use allegiance_show::view::Texture;
use allegiance_show::view::outlines::{Bounds, is_inside, outlines_within, shows_borders};
use maud::{Markup, html};
use std::fmt::Write as _;

/// Kilometres in a degree of latitude.
const KM_PER_DEGREE: f64 = 111.2;
/// Smallest radius of a place.
const SMALLEST_RADIUS: f64 = 1.7;
/// Places with a smaller radius have no letter and are drawn together.
const LETTER_RADIUS: f64 = 6.0;
/// Smaller contested places are rings without hatching, which wouldn't show.
const HATCH_RADIUS: f64 = 3.5;
/// Font size of names.
const NAME_SIZE: f64 = 12.0;
/// Smaller places have one mark instead of a pattern, which wouldn't show.
const PATTERN_RADIUS: f64 = 5.0;
/// How many places are named at most.
const MOST_NAMES: usize = 14;
/// Share of the bounds left free around the places.
const MARGIN: f64 = 0.06;
/// Widest and narrowest shape of a map: width over height.
const SHAPES: (f64, f64) = (1.45, 2.1);

/// A place on a map.
#[derive(Debug, Clone)]
pub(crate) struct MapPlace<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Degrees east and north.
    pub(crate) point: [f64; 2],
    /// Inhabitants.
    pub(crate) population: u32,
    /// In how many replicates each group holds it; the last count is that of
    /// those in which it is contested.
    pub(crate) counts: Vec<usize>,
}

/// How large a map is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MapSize {
    /// Its width.
    pub(crate) width: f64,
    /// The radius of the largest place.
    pub(crate) largest_radius: f64,
    /// Whether the largest places are named.
    pub(crate) has_names: bool,
}

/// Longitudes and latitudes to coordinates.
struct Projection {
    bounds: Bounds,
    per_degree: [f64; 2],
    size: [f64; 2],
}

impl Projection {
    /// Equirectangular, true to scale at the middle latitude.
    fn of(bounds: Bounds, width: f64) -> Self {
        let squeeze = f64::midpoint(bounds.south, bounds.north).to_radians().cos();
        let (wide, high) = (bounds.east - bounds.west, bounds.north - bounds.south);
        let margin = MARGIN * (wide * squeeze).max(high).max(0.02);
        let bounds = bounds.padded(margin / squeeze, margin);
        let (wide, high) = ((bounds.east - bounds.west) * squeeze, bounds.north - bounds.south);
        let (narrowest, widest) = SHAPES;
        let shape = (wide / high).clamp(narrowest, widest);
        // Where the places' shape is too narrow or too wide, more is shown.
        let (more_wide, more_high) = ((high * shape - wide).max(0.0), (wide / shape - high).max(0.0));
        let bounds = bounds.padded(more_wide / squeeze / 2.0, more_high / 2.0);
        let per_degree = width / (bounds.east - bounds.west);
        let size = [width, (bounds.north - bounds.south) * per_degree / squeeze];
        Self { bounds, per_degree: [per_degree, per_degree / squeeze], size }
    }

    fn at(&self, [lon, lat]: [f64; 2]) -> [f64; 2] {
        [(lon - self.bounds.west) * self.per_degree[0], (self.bounds.north - lat) * self.per_degree[1]]
    }

    fn px_per_km(&self) -> f64 {
        self.per_degree[1] / KM_PER_DEGREE
    }
}

/// Draws a map of places within bounds.
pub(crate) fn draw_map(alt: &str, bounds: Bounds, places: &[MapPlace<'_>], looks: &[Look], size: MapSize) -> Markup {
    let projection = Projection::of(bounds, size.width);
    let largest = places.iter().map(|place| place.population).max().unwrap_or(1).max(1);
    let radius = |place: &MapPlace<'_>| {
        let share = f64::from(place.population) / f64::from(largest);
        (size.largest_radius * share.sqrt()).max(SMALLEST_RADIUS)
    };
    let mut order: Vec<&MapPlace<'_>> = places.iter().collect();
    order.sort_by_key(|place| std::cmp::Reverse(place.population));
    let [width, height] = projection.size;
    html! {
        svg viewBox=(format!("0 0 {} {}", short(width), short(height))) role="img" aria-label=(alt) {
            rect.sea width=(short(width)) height=(short(height)) {}
            (land(&projection))
            @for place in &order { (symbol(place, projection.at(place.point), radius(place), looks)) }
            @if size.has_names { (names(&order, &projection, &radius)) }
            (scale_bar(&projection))
        }
    }
}

/// Whether a map of places within bounds shows a border or a coast.
pub(crate) fn borders_within(bounds: Bounds) -> bool {
    shows_borders(Projection::of(bounds, 1.0).bounds)
}

fn land(projection: &Projection) -> Markup {
    let bounds = projection.bounds;
    let (pad_lon, pad_lat) = (4.0 / projection.per_degree[0], 4.0 / projection.per_degree[1]);
    let outlines = outlines_within(bounds.padded(pad_lon, pad_lat));
    html! {
        @for outline in &outlines {
            @let rings: Vec<Vec<[f64; 2]>> = outline.rings.iter().map(|ring| ring.iter().map(|&point| projection.at(point)).collect()).collect();
            path.land d=(rings.iter().map(|ring| path(ring, true)).collect::<String>()) {}
        }
        @if outlines.len() > 1 {
            @for outline in &outlines {
                @if let Some([x, y]) = label_point(projection, &outline.rings, width_of(&outline.name, NAME_SIZE) * LETTER_SPACING) {
                    text.country x=(short(x)) y=(short(y)) { (outline.name) }
                }
            }
        }
    }
}

/// Where a country's name stands: the point of it that lies farthest from
/// borders, edges and the scale bar, if there is room.
fn label_point(projection: &Projection, rings: &[Vec<[f64; 2]>], name_width: f64) -> Option<[f64; 2]> {
    let rings: Vec<Vec<[f64; 2]>> =
        rings.iter().map(|ring| ring.iter().map(|&point| projection.at(point)).collect()).collect();
    let [width, height] = projection.size;
    let room = |[x, y]: [f64; 2]| {
        let corners = rings.iter().flatten().map(|&[a, b]| ((a - x).powi(2) + (2.0 * (b - y)).powi(2)).sqrt());
        let edge = (x).min(width - x).min(2.0 * y).min(2.0 * (height - y));
        corners.fold(edge, f64::min)
    };
    let half = name_width / 2.0 + 2.0;
    let is_whole = |[x, y]: [f64; 2]| x >= half && x <= width - half && y >= 14.0 && y <= height - 6.0;
    let is_free = |[x, y]: [f64; 2]| x > 0.3 * width || y < height - 50.0;
    let grid = (1..LABEL_GRID).flat_map(|i| (1..LABEL_GRID).map(move |j| [i, j]));
    let points = grid
        .map(|[i, j]| [width * f64::from(i) / f64::from(LABEL_GRID), height * f64::from(j) / f64::from(LABEL_GRID)]);
    let inside =
        points.filter(|&point| is_free(point) && is_whole(point) && rings.iter().any(|ring| is_inside(point, ring)));
    let best = inside.map(|point| (room(point), point)).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > LABEL_ROOM).then_some(best.1)
}

/// Points in a row of those tried for a country's name.
const LABEL_GRID: u32 = 28;
/// How much wider a country's name is spaced.
const LETTER_SPACING: f64 = 1.08;
/// Room that a country's name needs on either side.
const LABEL_ROOM: f64 = 30.0;

/// A disc of one colour where replicates agree, else slices.
fn symbol(place: &MapPlace<'_>, [x, y]: [f64; 2], radius: f64, looks: &[Look]) -> Markup {
    let n: usize = place.counts.iter().sum();
    let hatched = if radius < HATCH_RADIUS { "small contested" } else { "contested" };
    let class = |at: usize| looks.get(at).map_or_else(|| hatched.to_owned(), |look| format!("place {}", look.class));
    let leader = (0..place.counts.len()).max_by_key(|&at| (place.counts[at], std::cmp::Reverse(at))).unwrap_or(0);
    let mut so_far = 0;
    let mut slices = Vec::new();
    for (at, &count) in place.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        slices.push((at, so_far as f64 / n as f64, (so_far + count) as f64 / n as f64));
        so_far += count;
    }
    html! {
        @if place.counts.get(leader) == Some(&n) {
            @match looks.get(leader).filter(|look| radius < PATTERN_RADIUS && look.texture() != Texture::Plain) {
                Some(look) => { (small_disc(look, [x, y], radius)) }
                None => { circle class=(class(leader)) cx=(short(x)) cy=(short(y)) r=(short(radius)) {} }
            }
        } @else {
            @for (at, from, to) in slices { path class=(class(at)) d=(slice([x, y], radius, from, to)) {} }
        }
        @if radius >= LETTER_RADIUS && place.counts.get(leader) == Some(&n) {
            @if let Some(look) = looks.get(leader) {
                text class=(format!("on-place {}", look.class)) font-size=(short((1.25 * radius).min(14.0))) x=(short(x))
                    y=(short(y + (0.44 * radius).min(4.9))) { (look.letters) }
            }
        }
    }
}

/// A disc that is too small for a pattern: one line or dot in its middle.
fn small_disc(look: &Look, [x, y]: [f64; 2], radius: f64) -> Markup {
    let thick = (0.7 * radius).min(1.5);
    let bar = |wide: f64, high: f64| {
        html! {
            rect.texture-mark x=(short(x - wide / 2.0)) y=(short(y - high / 2.0)) width=(short(wide)) height=(short(high)) {}
        }
    };
    html! {
        circle class=(format!("place {}", look.colour_class())) cx=(short(x)) cy=(short(y)) r=(short(radius)) {}
        @if matches!(look.texture(), Texture::Lines | Texture::Grid) { (bar(2.0 * radius, thick)) }
        @if look.texture() == Texture::Grid { (bar(thick, 2.0 * radius)) }
        @if look.texture() == Texture::Dots { circle.texture-mark cx=(short(x)) cy=(short(y)) r=(short(0.75 * thick)) {} }
    }
}

/// A slice of a disc from one share of the turn to another, clockwise from the
/// top.
fn slice([x, y]: [f64; 2], radius: f64, from: f64, to: f64) -> String {
    let point = |share: f64| {
        let (sin, cos) = (std::f64::consts::TAU * share).sin_cos();
        format!("{} {}", short(x + radius * sin), short(y - radius * cos))
    };
    let is_large = u8::from(to - from > 0.5);
    let r = short(radius);
    let mut text = format!("M{} {}L{}", short(x), short(y), point(from));
    let _ = write!(text, "A{r} {r} 0 {is_large} 1 {}Z", point(to));
    text
}

/// The names of the largest places that don't cover each other.
fn names(order: &[&MapPlace<'_>], projection: &Projection, radius: &dyn Fn(&MapPlace<'_>) -> f64) -> Markup {
    let disc = |place: &MapPlace<'_>| {
        let ([x, y], r) = (projection.at(place.point), radius(place));
        [x - r, y - r, x + r, y + r]
    };
    // Circles with letters are as hard to read under a name as another name is.
    let mut taken: Vec<[f64; 4]> =
        order.iter().filter(|place| radius(place) >= LETTER_RADIUS).map(|place| disc(place)).collect();
    let mut shown = Vec::new();
    for place in order {
        let [x, y] = projection.at(place.point);
        let (gap, wide) = (radius(place) + 4.0, width_of(place.name, NAME_SIZE));
        let frames = [x + gap, x - gap - wide].map(|start| [start, y - 8.0, start + wide, y + 8.0]);
        let is_within = |frame: &[f64; 4]| frame[0] >= 2.0 && frame[2] <= projection.size[0] - 4.0 && y >= 14.0;
        let is_free = |frame: &[f64; 4]| !taken.iter().any(|other| overlap(frame, other));
        // A name without room on either side is told by the table alone.
        let Some(frame) = frames.into_iter().find(|frame| is_within(frame) && is_free(frame)) else { continue };
        if shown.len() < MOST_NAMES {
            taken.push(frame);
            shown.push((place.name, frame[0], y));
        }
    }
    html! {
        @for (name, x, y) in shown { text.place-name x=(short(x)) y=(short(y + 4.0)) { (name) } }
    }
}

fn overlap(a: &[f64; 4], b: &[f64; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

fn scale_bar(projection: &Projection) -> Markup {
    let longest = 0.25 * projection.size[0];
    let lengths = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0];
    let fitting = lengths.into_iter().rev().find(|km| km * projection.px_per_km() <= longest);
    let km = fitting.unwrap_or(1.0);
    let (x, y) = (12.0, projection.size[1] - 12.0);
    let end = x + km * projection.px_per_km();
    html! {
        path.whisker fill="none" d=(format!("M{x} {}V{}H{}V{}", short(y - 4.0), short(y), short(end), short(y - 4.0))) {}
        text.place-name x=(short(x + 4.0)) y=(short(y - 6.0)) { (format!("{km} km")) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounds, MapPlace, Projection, names, slice, symbol};
    use crate::looks::looks;
    use allegiance_record::setting::Named;

    #[test]
    fn the_projection_is_true_to_scale_and_holds_its_bounds() {
        let bounds = Bounds { west: 36.0, south: 34.0, east: 41.0, north: 37.0 };
        let projection = Projection::of(bounds, 500.0);
        let [x0, y0] = projection.at([36.0, 37.0]);
        let [x1, y1] = projection.at([41.0, 34.0]);
        assert!(x0 > 0.0 && y0 > 0.0 && x1 < 500.0 && y1 < projection.size[1]);
        // A degree of longitude at 35.5 degrees north is shorter by its cosine.
        let squeeze = ((x1 - x0) / 5.0) / ((y1 - y0) / 3.0);
        assert!((squeeze - 35.5_f64.to_radians().cos()).abs() < 1e-9, "{squeeze}");
    }

    #[test]
    fn no_name_lies_over_a_circle_with_letters() {
        let bounds = Bounds { west: 36.0, south: 35.0, east: 37.0, north: 36.0 };
        let projection = Projection::of(bounds, 500.0);
        let place = |name, lon, population| MapPlace { name, point: [lon, 35.5], population, counts: vec![1] };
        let places = [place("Largest", 36.4, 900), place("Right of it", 36.52, 800)];
        let order: Vec<&MapPlace<'_>> = places.iter().collect();
        let drawn = names(&order, &projection, &|_| 16.0).into_string();
        let start = |name: &str| -> f64 {
            let before = drawn.split(&format!(">{name}<")).next().unwrap().rsplit("x=\"").next().unwrap();
            before.split('"').next().unwrap().parse().unwrap()
        };
        let [x, _] = projection.at([36.4, 35.5]);
        // On its right stands the other circle, so the first name goes to the left.
        assert!(start("Largest") < x && start("Right of it") > x, "{drawn}");
    }

    #[test]
    fn one_point_still_has_a_map() {
        let point = Bounds { west: 36.0, south: 35.0, east: 36.0, north: 35.0 };
        let projection = Projection::of(point, 500.0);
        assert!(projection.size[1].is_finite() && projection.size[1] > 100.0);
    }

    #[test]
    fn the_smallest_place_of_a_ninth_group_shows_its_texture() {
        let groups: Vec<Named> = (0..9).map(|at| Named { id: format!("g{at}"), name: format!("Group {at}") }).collect();
        let looks = looks(&groups);
        let drawn = |group: usize| {
            let mut counts = vec![0; 10];
            counts[group] = 3;
            let place = MapPlace { name: "P", point: [36.0, 35.0], population: 10, counts };
            symbol(&place, [10.0, 10.0], 1.7, &looks).into_string()
        };
        assert!(drawn(0).contains("place c0") && !drawn(0).contains("texture-mark"), "{}", drawn(0));
        assert!(drawn(8).contains("place c7") && drawn(8).contains("texture-mark"), "{}", drawn(8));
    }

    #[test]
    fn a_quarter_runs_from_the_top_to_the_right() {
        assert_eq!(slice([0.0, 0.0], 10.0, 0.0, 0.25), "M0 0L0 -10A10 10 0 0 1 10 0Z");
    }
}
