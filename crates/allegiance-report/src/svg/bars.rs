//! Bars: by week, and by word.

use super::extent::{lines_of, middle_within, widest, width_of};
use super::scale::{AxisScale, date_ticks, tick_label, value_ticks};
use super::{TICK_SIZE, short};
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
    let labels: Vec<String> = ticks.iter().map(|&tick| tick_label(tick, step, false)).collect();
    let left = 10.0 + widest(labels.iter().map(String::as_str), TICK_SIZE);
    let (right, top, bottom) = (SIZE.0 - 8.0, 10.0, SIZE.1 - 24.0);
    let y = AxisScale::new((0.0, ticks[ticks.len() - 1]), (bottom, top));
    let slot = (right - left) / weeks.len().max(1) as f64;
    let x = AxisScale::new((0.0, weeks.len() as f64 * 7.0), (left, right));
    html! {
        svg viewBox=(format!("0 0 {} {}", SIZE.0, SIZE.1)) role="img" aria-label=(alt) {
            @for (tick, label) in ticks.iter().zip(&labels) {
                line class=(if *tick == 0.0 { "base" } else { "grid" }) x1=(short(left)) x2=(short(right))
                    y1=(short(y.at(*tick))) y2=(short(y.at(*tick))) {}
                text.axis.axis-end x=(short(left - 6.0)) y=(short(y.at(*tick) + 4.0)) { (label) }
            }
            @for (at, (day, label)) in date_ticks(start, weeks.len() as u32 * 7, 7).into_iter().enumerate() {
                @let here = x.at(f64::from(day));
                line.base x1=(short(here)) x2=(short(here)) y1=(short(bottom)) y2=(short(bottom + 4.0)) {}
                @let middle = if at == 0 { here } else { middle_within(here, &label, TICK_SIZE, SIZE.0) };
                text class=(if at == 0 { "axis" } else { "axis axis-mid" }) x=(short(middle)) y=(short(bottom + 17.0)) { (label) }
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
    const LINE: f64 = 14.0;
    const WIDTH: f64 = 330.0;
    const WIDEST_LABEL: f64 = 130.0;
    let labels: Vec<Vec<String>> = bars.iter().map(|bar| lines_of(&bar.label, TICK_SIZE, WIDEST_LABEL)).collect();
    let tallest = labels.iter().map(Vec::len).max().unwrap_or(1).max(1);
    let row = ROW + LINE * (tallest - 1) as f64;
    let bottom = 6.0 + row * bars.len() as f64;
    // People are counted: no ticks between whole numbers.
    let ticks: Vec<f64> =
        value_ticks(0.0, highest.max(1.0).ceil()).into_iter().filter(|tick| tick.fract() == 0.0).collect();
    let step = ticks.get(1).map_or(1.0, |second| second - ticks[0]);
    let last = ticks[ticks.len() - 1];
    let widest_tick = width_of(&tick_label(last, step, false), TICK_SIZE);
    let left = 10.0 + widest(labels.iter().flatten().map(String::as_str), TICK_SIZE);
    let right = WIDTH - 2.0 - widest_tick / 2.0;
    let x = AxisScale::new((0.0, last), (left, right));
    let apart = (right - left) / (ticks.len() - 1).max(1) as f64;
    let skip = ((widest_tick + 10.0) / apart).ceil().max(1.0) as usize;
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {}", bottom + 24.0)) role="img" aria-label=(alt) {
            @for tick in ticks.iter().step_by(skip) {
                line class=(if *tick == 0.0 { "base" } else { "grid" }) x1=(short(x.at(*tick))) x2=(short(x.at(*tick)))
                    y1="2" y2=(short(bottom)) {}
                text.axis.axis-mid x=(short(x.at(*tick))) y=(short(bottom + 16.0)) { (tick_label(*tick, step, false)) }
            }
            @for (at, bar) in bars.iter().enumerate() {
                @let middle = 6.0 + row * (at as f64 + 0.5);
                @let first = middle + 4.0 - LINE * (labels[at].len().max(1) - 1) as f64 / 2.0;
                @for (nth, part) in labels[at].iter().enumerate() {
                    text.axis.axis-end x=(short(left - 8.0)) y=(short(first + LINE * nth as f64)) { (part) }
                }
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

#[cfg(test)]
mod tests {
    use super::{IntervalBar, WeekBar, interval_bars, week_bars};
    use crate::svg::extent::tests::cut_off;
    use allegiance_model::calendar::Date;
    use allegiance_record::intervals::Interval;

    #[test]
    fn no_whisker_runs_past_the_last_tick() {
        // The upper end of 2.9 people once stood right of an axis that ended at 2.
        for highest in [0.3, 1.4, 2.9, 4.6, 7.2] {
            let bar = IntervalBar { label: "fear".to_owned(), interval: Interval::of([0.0, highest]).unwrap() };
            let high = bar.interval.high_90;
            let drawn = interval_bars("", &[bar], high).into_string();
            let ends = |class: &str| -> Vec<f64> {
                let lines = drawn.split("<line ").filter(|line| line.contains(class));
                let end = |line: &str| line.split("x2=\"").nth(1)?.split('"').next()?.parse().ok();
                lines.filter_map(end).collect()
            };
            let last_tick = ends("grid").into_iter().chain(ends("base")).fold(0.0, f64::max);
            assert!(ends("whisker")[0] <= last_tick, "{highest}: {drawn}");
        }
    }

    #[test]
    fn nothing_is_cut_off_whatever_the_numbers_and_words() {
        for highest in [0.4, 3.0, 999.0, 200_000.0, 2e9] {
            let interval = || Interval::of([0.0, highest / 2.0, highest]).unwrap();
            for n_weeks in [1, 9, 130] {
                let weeks: Vec<WeekBar> =
                    (0..n_weeks).map(|_| WeekBar { bars: vec![("plain", Some(interval())), ("c0", None)] }).collect();
                let drawn = week_bars("", Date::from_ymd(2014, 12, 28).unwrap(), &weeks).into_string();
                assert_eq!(cut_off(&drawn), Vec::<String>::new(), "{highest}, {n_weeks} weeks");
            }
            let words = [
                "belief",
                "fear for kin who stay behind in a village that the group holds",
                "Zusammengehörigkeitsgefühle",
            ];
            let bars = words.map(|label| IntervalBar { label: label.to_owned(), interval: interval() });
            let drawn = interval_bars("", &bars, highest).into_string();
            assert_eq!(cut_off(&drawn), Vec::<String>::new(), "{highest}");
        }
    }
}
