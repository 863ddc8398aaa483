//! Static drawings as SVG: time charts, bars, maps. Colours are classes of the
//! style sheet, so that drawings follow the page to dark and to paper.

mod bars;
mod extent;
mod forest;
mod map;
mod scale;
mod time_chart;

pub(super) use bars::{IntervalBar, WeekBar, interval_bars, week_bars};
pub(super) use forest::draw_forest;
pub(super) use map::{MapPlace, MapSize, borders_within, draw_map};
pub(super) use time_chart::{Chart, Line, TimeChart};

use std::fmt::Write as _;

/// Font size of ticks.
const TICK_SIZE: f64 = 12.0;

/// A coordinate with one digit after the point, which is all that shows.
fn short(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A path through points.
fn path(points: &[[f64; 2]], is_closed: bool) -> String {
    let mut text = String::new();
    for (at, [x, y]) in points.iter().enumerate() {
        let verb = if at == 0 { 'M' } else { 'L' };
        let _ = write!(text, "{verb}{} {}", short(*x), short(*y));
    }
    if is_closed {
        text.push('Z');
    }
    text
}
