//! Lines with bands over dates, named at their ends.

use super::extent::{lines_of, middle_within, widest, width_of};
use super::scale::{AxisScale, date_ticks, tick_label, value_ticks};
use super::{TICK_SIZE, path, short};
use crate::looks::Look;
use allegiance_model::calendar::Date;
use maud::{Markup, html};

/// Height of a line of a name at the end of a line, and of what is between two names.
const NAME_LINE: f64 = 15.0;
const NAME_GAP: f64 = 4.0;
/// Font size of names.
const NAME_SIZE: f64 = 13.0;
/// Share of the drawing that names may take; longer ones are broken into lines.
const NAME_SHARE: f64 = 0.28;
/// From the end of the lines to the names: lead and ring.
const NAME_INDENT: f64 = 38.0;

/// One line.
#[derive(Debug, Clone)]
pub(crate) struct Line<'a> {
    /// Whose it is.
    pub(crate) look: &'a Look,
    /// Days and values.
    pub(crate) points: Vec<(f64, f64)>,
    /// Days, with the lower and upper end of the band; empty for no band.
    pub(crate) band: Vec<(f64, f64, f64)>,
    /// The name at its end, where it isn't that of the look.
    pub(crate) name: Option<String>,
}

/// What time charts of a run share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeChart {
    /// The first day.
    pub(crate) start: Date,
    /// Number of days.
    pub(crate) n_days: u32,
    /// Whether values are shares, shown in percent.
    pub(crate) is_share: bool,
    /// Whether lines are named at their ends.
    pub(crate) has_names: bool,
    /// Width of the drawing.
    pub(crate) width: f64,
    /// Height of the drawing.
    pub(crate) height: f64,
}

/// One chart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chart<'a> {
    /// What it shows, for who can't see it.
    pub(crate) alt: &'a str,
    /// The lines.
    pub(crate) lines: &'a [Line<'a>],
    /// Lowest and highest value that the axis must hold.
    pub(crate) range: (f64, f64),
    /// Days to mark.
    pub(crate) marked: &'a [u32],
}

impl TimeChart {
    /// Draws a chart.
    pub(crate) fn draw(&self, chart: &Chart<'_>) -> Markup {
        let ticks = value_ticks(chart.range.0, chart.range.1);
        let step = ticks.get(1).map_or(1.0, |second| second - ticks[0]);
        let labels: Vec<String> = ticks.iter().map(|&tick| tick_label(tick, step, self.is_share)).collect();
        let left = 10.0 + widest(labels.iter().map(String::as_str), TICK_SIZE);
        let names = if self.has_names { self.names(chart.lines) } else { Vec::new() };
        let right = self.width - names.iter().map(Name::width).fold(8.0, f64::max);
        let (top, bottom) = (10.0, self.height - 24.0);
        let last_day = f64::from(self.n_days.saturating_sub(1).max(1));
        let x = AxisScale::new((0.0, last_day), (left, right));
        let y = AxisScale::new((ticks[0], ticks[ticks.len() - 1]), (bottom, top));
        let most_dates = ((right - left) / 95.0) as usize;
        html! {
            svg viewBox=(format!("0 0 {} {}", self.width, self.height)) role="img" aria-label=(chart.alt)
                class=[(!self.has_names).then_some("thin")] {
                @for (tick, label) in ticks.iter().zip(&labels) {
                    line class=(if *tick == 0.0 { "base" } else { "grid" }) x1=(short(left)) x2=(short(right))
                        y1=(short(y.at(*tick))) y2=(short(y.at(*tick))) {}
                    text.axis.axis-end x=(short(left - 6.0)) y=(short(y.at(*tick) + 4.0)) { (label) }
                }
                @for day in chart.marked {
                    @let here = x.at(f64::from(*day));
                    line.happening x1=(short(here)) x2=(short(here)) y1=(short(top)) y2=(short(bottom)) {}
                    path.happening-wedge d=(format!("M{} {}h8l-4 7z", short(here - 4.0), short(top - 8.0))) {}
                }
                @for (at, (day, label)) in date_ticks(self.start, self.n_days, most_dates).into_iter().enumerate() {
                    @let here = x.at(f64::from(day));
                    line.base x1=(short(here)) x2=(short(here)) y1=(short(bottom)) y2=(short(bottom + 4.0)) {}
                    text class=(if at == 0 { "axis" } else { "axis axis-mid" })
                        x=(short(if at == 0 { here - 2.0 } else { middle_within(here, &label, TICK_SIZE, self.width) }))
                        y=(short(bottom + 17.0)) { (label) }
                }
                @for line in chart.lines.iter().filter(|line| !line.band.is_empty()) {
                    path class=(format!("band {}", line.look.class)) d=(band_path(line, x, y)) {}
                }
                @for line in chart.lines {
                    @let points: Vec<[f64; 2]> = line.points.iter().map(|&(day, value)| [x.at(day), y.at(value)]).collect();
                    path class=(format!("line {}", line.look.class)) stroke-dasharray=(line.look.dash)
                        d=(path(&points, false)) {}
                }
                @if self.has_names { (draw_names(&names, chart.lines, right, (x, y), (top, bottom))) }
            }
        }
    }

    fn names(&self, lines: &[Line<'_>]) -> Vec<Name> {
        lines.iter().map(|line| Name { lines: lines_of(name_of(line), NAME_SIZE, NAME_SHARE * self.width) }).collect()
    }
}

/// A name at the end of a line, broken into lines of its own.
struct Name {
    lines: Vec<String>,
}

impl Name {
    /// The width that it needs, with what stands before it.
    fn width(&self) -> f64 {
        NAME_INDENT + 2.0 + self.lines.iter().map(|line| width_of(line, NAME_SIZE)).fold(0.0, f64::max)
    }

    fn height(&self) -> f64 {
        NAME_LINE * self.lines.len().max(1) as f64 + NAME_GAP
    }
}

/// The names, moved apart where lines end close to each other.
fn draw_names(
    names: &[Name],
    lines: &[Line<'_>],
    right: f64,
    (x, y): (AxisScale, AxisScale),
    (top, bottom): (f64, f64),
) -> Markup {
    let end = |line: &Line<'_>| line.points.last().map_or(bottom, |&(_, value)| y.at(value));
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by(|&a, &b| end(&lines[a]).total_cmp(&end(&lines[b])));
    let mut middles: Vec<f64> = Vec::new();
    let mut lowest = top - NAME_LINE / 2.0;
    for &at in &order {
        let half = names[at].height() / 2.0;
        let middle = end(&lines[at]).max(lowest + half);
        middles.push(middle);
        lowest = middle + half;
    }
    let mut limit = bottom + 16.0;
    for (&at, middle) in order.iter().zip(&mut middles).rev() {
        let half = names[at].height() / 2.0;
        *middle = middle.min(limit - half);
        limit = *middle - half;
    }
    html! {
        @for (&at, here) in order.iter().zip(middles) {
            @let line = &lines[at];
            line class=(format!("lead {}", line.look.class)) x1=(short(ends_at(line, x).map_or(right, |end| end + 1.0))) x2=(short(right + 16.0))
                y1=(short(end(line))) y2=(short(here)) {}
            circle class=(format!("ring {}", line.look.class)) cx=(short(right + 25.0)) cy=(short(here)) r="8" {}
            text.letter x=(short(right + 25.0)) y=(short(here + 4.0)) { (line.look.letters) }
            @let first = here + 4.5 - NAME_LINE * (names[at].lines.len().max(1) - 1) as f64 / 2.0;
            @for (nth, part) in names[at].lines.iter().enumerate() {
                text.name x=(short(right + NAME_INDENT)) y=(short(first + NAME_LINE * nth as f64)) { (part) }
            }
        }
    }
}

/// Where a line ends.
fn ends_at(line: &Line<'_>, x: AxisScale) -> Option<f64> {
    line.points.last().map(|&(day, _)| x.at(day))
}

fn name_of<'a>(line: &'a Line<'_>) -> &'a str {
    line.name.as_deref().unwrap_or(&line.look.name)
}

fn band_path(line: &Line<'_>, x: AxisScale, y: AxisScale) -> String {
    let upper = line.band.iter().map(|&(day, _, high)| [x.at(day), y.at(high)]);
    let lower = line.band.iter().rev().map(|&(day, low, _)| [x.at(day), y.at(low)]);
    path(&upper.chain(lower).collect::<Vec<_>>(), true)
}

#[cfg(test)]
mod tests {
    use super::{Chart, Line, TimeChart};
    use crate::looks::{Look, looks};
    use crate::svg::extent::tests::cut_off;
    use allegiance_model::calendar::Date;
    use allegiance_record::setting::Named;

    fn looks_of(names: &[&str]) -> Vec<Look> {
        looks(&names.iter().map(|&name| Named { id: name.to_owned(), name: name.to_owned() }).collect::<Vec<_>>())
    }

    #[test]
    fn nothing_is_cut_off_whatever_the_numbers_and_names() {
        let looks = looks_of(&[
            "Government forces and their allied local defence committees of the eastern countryside",
            "ISIS",
            "Donaudampfschifffahrtsgesellschaftskapitänsmützen",
        ]);
        for width in [250.0, 860.0] {
            for highest in [0.004, 7.0, 200_000.0, 1e9] {
                for (n_days, is_share) in [(2, false), (60, true), (1_400, false)] {
                    let line = |look, value| Line {
                        look,
                        points: vec![(0.0, 0.0), (1.0, value)],
                        band: Vec::new(),
                        name: None,
                    };
                    let lines: Vec<Line<'_>> = looks.iter().map(|look| line(look, highest)).collect();
                    let start = Date::from_ymd(2014, 12, 28).unwrap();
                    let chart = TimeChart { start, n_days, is_share, has_names: width > 300.0, width, height: 230.0 };
                    let range = (-highest, highest);
                    let drawn = chart.draw(&Chart { alt: "", lines: &lines, range, marked: &[] }).into_string();
                    assert_eq!(cut_off(&drawn), Vec::<String>::new(), "{width} {highest} {n_days}");
                    assert!(!drawn.contains('…'));
                }
            }
        }
    }
}
