//! Lines with bands over dates, named at their ends.

use super::scale::{Scale, date_ticks, tick_label, value_ticks};
use super::{path, short};
use crate::looks::Look;
use allegiance_model::calendar::Date;
use maud::{Markup, html};

/// Space between two names at the ends of lines.
const NAME_HEIGHT: f64 = 19.0;
/// Width of a letter of a name, about.
const LETTER_WIDTH: f64 = 6.7;

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
        let widest = labels.iter().map(|label| label.chars().count()).max().unwrap_or(1);
        let left = 12.0 + LETTER_WIDTH * widest as f64;
        let right = self.width - if self.has_names { self.name_width(chart.lines) } else { 8.0 };
        let (top, bottom) = (10.0, self.height - 24.0);
        let last_day = f64::from(self.n_days.saturating_sub(1).max(1));
        let x = Scale::new((0.0, last_day), (left, right));
        let y = Scale::new((ticks[0], ticks[ticks.len() - 1]), (bottom, top));
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
                    line.happening x1=(short(x.at(f64::from(*day)))) x2=(short(x.at(f64::from(*day))))
                        y1=(short(top)) y2=(short(bottom)) {}
                }
                @for (at, (day, label)) in date_ticks(self.start, self.n_days, most_dates).into_iter().enumerate() {
                    @let here = x.at(f64::from(day));
                    line.base x1=(short(here)) x2=(short(here)) y1=(short(bottom)) y2=(short(bottom + 4.0)) {}
                    text class=(if at == 0 { "axis" } else { "axis axis-mid" })
                        x=(short(if at == 0 { here - 2.0 } else { here })) y=(short(bottom + 17.0)) { (label) }
                }
                @for line in chart.lines.iter().filter(|line| !line.band.is_empty()) {
                    path class=(format!("band {}", line.look.class)) d=(band_path(line, x, y)) {}
                }
                @for line in chart.lines {
                    @let points: Vec<[f64; 2]> = line.points.iter().map(|&(day, value)| [x.at(day), y.at(value)]).collect();
                    path class=(format!("line {}", line.look.class)) stroke-dasharray=(line.look.dash)
                        d=(path(&points, false)) {}
                }
                @if self.has_names { (names(chart.lines, right, (x, y), (top, bottom))) }
            }
        }
    }

    fn name_width(&self, lines: &[Line<'_>]) -> f64 {
        let longest = lines.iter().map(|line| name_of(line).chars().count()).max().unwrap_or(0);
        (52.0 + LETTER_WIDTH * longest as f64).min(self.width * 0.4)
    }
}

/// The names, moved apart where lines end close to each other.
fn names(lines: &[Line<'_>], right: f64, (x, y): (Scale, Scale), (top, bottom): (f64, f64)) -> Markup {
    let end = |line: &Line<'_>| line.points.last().map_or(bottom, |&(_, value)| y.at(value));
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by(|&a, &b| end(&lines[a]).total_cmp(&end(&lines[b])));
    let mut placed: Vec<f64> = Vec::new();
    for &at in &order {
        let lowest = placed.last().map_or(top, |before| before + NAME_HEIGHT);
        placed.push(end(&lines[at]).max(lowest));
    }
    let mut limit = bottom + 6.0;
    for here in placed.iter_mut().rev() {
        *here = here.min(limit);
        limit = *here - NAME_HEIGHT;
    }
    html! {
        @for (&at, here) in order.iter().zip(placed) {
            @let line = &lines[at];
            line class=(format!("lead {}", line.look.class)) x1=(short(ends_at(line, x).map_or(right, |end| end + 1.0))) x2=(short(right + 16.0))
                y1=(short(end(line))) y2=(short(here)) {}
            circle class=(format!("ring {}", line.look.class)) cx=(short(right + 25.0)) cy=(short(here)) r="8" {}
            text.letter x=(short(right + 25.0)) y=(short(here + 4.0)) { (line.look.letter) }
            text.name x=(short(right + 38.0)) y=(short(here + 4.5)) { (name_of(line)) }
        }
    }
}

/// Where a line ends.
fn ends_at(line: &Line<'_>, x: Scale) -> Option<f64> {
    line.points.last().map(|&(day, _)| x.at(day))
}

fn name_of<'a>(line: &'a Line<'_>) -> &'a str {
    line.name.as_deref().unwrap_or(&line.look.name)
}

fn band_path(line: &Line<'_>, x: Scale, y: Scale) -> String {
    let upper = line.band.iter().map(|&(day, _, high)| [x.at(day), y.at(high)]);
    let lower = line.band.iter().rev().map(|&(day, low, _)| [x.at(day), y.at(low)]);
    path(&upper.chain(lower).collect::<Vec<_>>(), true)
}
