//! Bars: by week, and by word.

use super::scale::{Scale, date_ticks, tick_label, value_ticks};
use super::short;
use allegiance_model::calendar::Date;
use allegiance_record::intervals::Interval;
use maud::{Markup, html};

/// The bars of one week: their values with intervals, and their classes.
#[derive(Debug, Clone)]
pub(crate) struct WeekBar {
    /// Each bar of the week.
    pub(crate) bars: Vec<(&'static str, Option<Interval>)>,
}

/// Bars side by side for each week, with whiskers to the 90% interval.
pub(crate) fn week_bars(alt: &str, start: Date, weeks: &[WeekBar]) -> Markup {
    const SIZE: (f64, f64) = (860.0, 250.0);
    let highest = weeks.iter().flat_map(|week| &week.bars).filter_map(|(_, found)| found.map(|found| found.high_90));
    let ticks = value_ticks(0.0, highest.fold(0.0, f64::max));
    let step = ticks.get(1).map_or(1.0, |second| second - ticks[0]);
    let (left, right, top, bottom) = (58.0, SIZE.0 - 8.0, 10.0, SIZE.1 - 24.0);
    let y = Scale::new((0.0, ticks[ticks.len() - 1]), (bottom, top));
    let slot = (right - left) / weeks.len().max(1) as f64;
    let x = Scale::new((0.0, weeks.len() as f64 * 7.0), (left, right));
    html! {
        svg viewBox=(format!("0 0 {} {}", SIZE.0, SIZE.1)) role="img" aria-label=(alt) {
            @for tick in &ticks {
                line class=(if *tick == 0.0 { "base" } else { "grid" }) x1=(short(left)) x2=(short(right))
                    y1=(short(y.at(*tick))) y2=(short(y.at(*tick))) {}
                text.axis.axis-end x=(short(left - 6.0)) y=(short(y.at(*tick) + 4.0)) { (tick_label(*tick, step, false)) }
            }
            @for (at, (day, label)) in date_ticks(start, weeks.len() as u32 * 7, 7).into_iter().enumerate() {
                @let here = x.at(f64::from(day));
                line.base x1=(short(here)) x2=(short(here)) y1=(short(bottom)) y2=(short(bottom + 4.0)) {}
                text class=(if at == 0 { "axis" } else { "axis axis-mid" }) x=(short(here)) y=(short(bottom + 17.0)) { (label) }
            }
            @for (at, week) in weeks.iter().enumerate() {
                @let width = (0.72 * slot / week.bars.len().max(1) as f64).min(36.0);
                @let first = left + (at as f64 + 0.5) * slot - width * week.bars.len() as f64 / 2.0;
                @for (nth, (class, found)) in week.bars.iter().enumerate() {
                    @if let Some(found) = found {
                        @let here = first + nth as f64 * width;
                        @let middle = short(here + width / 2.0);
                        rect class=(format!("bar {class}")) x=(short(here + 0.5)) width=(short((width - 1.0).max(1.0)))
                            y=(short(y.at(found.median))) height=(short(bottom - y.at(found.median))) {}
                        @if found.high_90 > found.low_90 {
                            line.whisker x1=(middle) x2=(middle) y1=(short(y.at(found.low_90))) y2=(short(y.at(found.high_90))) {}
                        }
                    }
                }
            }
        }
    }
}

/// A bar with its word.
#[derive(Debug, Clone)]
pub(crate) struct IntervalBar {
    /// The word.
    pub(crate) label: String,
    /// Its values.
    pub(crate) interval: Interval,
}

/// Bars below each other on one scale, with whiskers to the 90% interval.
pub(crate) fn interval_bars(alt: &str, bars: &[IntervalBar], highest: f64) -> Markup {
    const ROW: f64 = 24.0;
    const WIDTH: f64 = 330.0;
    let bottom = 6.0 + ROW * bars.len() as f64;
    let (left, right) = (104.0, WIDTH - 14.0);
    // People are counted: no ticks between whole numbers.
    let ticks: Vec<f64> = value_ticks(0.0, highest.max(1.0)).into_iter().filter(|tick| tick.fract() == 0.0).collect();
    let step = ticks.get(1).map_or(1.0, |second| second - ticks[0]);
    let x = Scale::new((0.0, ticks[ticks.len() - 1]), (left, right));
    let skip = if ticks.len() > 4 { 2 } else { 1 };
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {}", bottom + 24.0)) role="img" aria-label=(alt) {
            @for tick in ticks.iter().step_by(skip) {
                line class=(if *tick == 0.0 { "base" } else { "grid" }) x1=(short(x.at(*tick))) x2=(short(x.at(*tick)))
                    y1="2" y2=(short(bottom)) {}
                text.axis.axis-mid x=(short(x.at(*tick))) y=(short(bottom + 16.0)) { (tick_label(*tick, step, false)) }
            }
            @for (at, bar) in bars.iter().enumerate() {
                @let middle = 6.0 + ROW * (at as f64 + 0.5);
                text.axis.axis-end x=(short(left - 8.0)) y=(short(middle + 4.0)) { (bar.label) }
                rect.bar.plain x=(short(left)) y=(short(middle - 7.0)) height="14"
                    width=(short(x.at(bar.interval.median) - left)) {}
                @if bar.interval.high_90 > bar.interval.low_90 {
                    line.whisker x1=(short(x.at(bar.interval.low_90))) x2=(short(x.at(bar.interval.high_90)))
                        y1=(short(middle)) y2=(short(middle)) {}
                }
            }
        }
    }
}
