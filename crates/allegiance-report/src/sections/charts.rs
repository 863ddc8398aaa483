//! Strength, deaths, joins, exits and control over time.

use super::happened::brackets;
use crate::facts::ReportFacts;
use crate::html::{data, drawing, mark, texts};
use crate::looks::Look;
use crate::svg::{Chart, Line, TimeChart, WeekBar, week_bars};
use allegiance_record::intervals::Interval;
use allegiance_show::text::{number, spread};
use allegiance_show::view::{Band, Measure};
use maud::{Markup, html};

/// Up to so many groups share one drawing; more have one each.
const MOST_TOGETHER: usize = 4;
/// Days between two rows of the data of a chart.
const DAYS_OF_ROW: usize = 7;

pub(crate) fn section(facts: &ReportFacts, looks: &[Look]) -> Markup {
    html! {
        p.aside {
            @if facts.n_replicates() > 1 {
                "Lines are medians over " (facts.n_replicates()) " replicates, bands hold nine tenths of them, day by day. "
                "A median line is no single history."
            } @else { "One possible history: lines are the counts of the one replicate." }
            @if !facts.overview.happenings.is_empty() { " Upright lines with a wedge mark the scenario's dated happenings." }
        }
        (figure(facts, looks, Measure::Strength, "Active members", "on each day"))
        (deaths_by_week(facts))
        (figure(facts, looks, Measure::Deaths, "Members killed", "since the first day"))
        (figure(facts, looks, Measure::Joins, "Joins", "since the first day"))
        (figure(facts, looks, Measure::Exits, "Exits", "desertions, defections and departures since the first day"))
        (figure(facts, looks, Measure::PopulationShare, "Population under control", "share of the inhabitants, by group"))
    }
}

fn figure(facts: &ReportFacts, looks: &[Look], measure: Measure, title: &str, what: &str) -> Markup {
    let bands: Vec<&Band> = facts.bands.bands.iter().filter(|band| band.measure == measure).collect();
    let lines: Vec<Line<'_>> = bands.iter().zip(looks).map(|(band, look)| line_of(band, look, facts)).collect();
    let values = || bands.iter().flat_map(|band| &band.high);
    let range = (0.0, values().copied().fold(0.0, f64::max));
    let mut marked: Vec<u32> = facts.overview.happenings.iter().map(|happening| happening.day).collect();
    marked.dedup();
    let is_share = measure == Measure::PopulationShare;
    let base = TimeChart {
        start: facts.setting.start,
        n_days: facts.manifest.n_days,
        is_share,
        has_names: true,
        width: 860.0,
        height: 300.0,
    };
    html! {
        figure.wide {
            figcaption { b { (title) } " " span { (what) } }
            (draw_lines(base, &lines, range, &marked, &|of| alt(title, what, of, &bands, looks, is_share)))
            (data(&format!("{title}, {what}{}", brackets(facts)), &header(facts), &rows(facts, &bands, is_share)))
        }
    }
}

/// Lines together in one drawing where they are few, else one drawing each, on
/// the same scale. `alt` describes some of the lines.
pub(super) fn draw_lines(
    chart: TimeChart,
    lines: &[Line<'_>],
    range: (f64, f64),
    marked: &[u32],
    alt: &dyn Fn(&[usize]) -> String,
) -> Markup {
    if lines.len() <= MOST_TOGETHER {
        let all: Vec<usize> = (0..lines.len()).collect();
        return drawing(&chart.draw(&Chart { alt: &alt(&all), lines, range, marked }));
    }
    let small = TimeChart { has_names: false, width: 250.0, height: 150.0, ..chart };
    html! {
        div.facets {
            @for (at, line) in lines.iter().enumerate() {
                div {
                    h3 { (mark(line.look)) span { (line.look.name) } }
                    (small.draw(&Chart { alt: &alt(&[at]), lines: std::slice::from_ref(line), range, marked: &[] }))
                }
            }
        }
    }
}

fn line_of<'a>(band: &Band, look: &'a Look, facts: &ReportFacts) -> Line<'a> {
    let days = || (0..band.median.len()).map(|day| day as f64);
    let points = days().zip(band.median.iter().copied()).collect();
    let edges = days().zip(band.low.iter().zip(&band.high)).map(|(day, (&low, &high))| (day, low, high));
    Line { look, points, band: if facts.n_replicates() > 1 { edges.collect() } else { Vec::new() }, name: None }
}

/// What a chart shows, in words: where each line starts and ends.
fn alt(title: &str, what: &str, of: &[usize], bands: &[&Band], looks: &[Look], is_share: bool) -> String {
    let show = |value: Option<&f64>| show(value.copied().unwrap_or(0.0), is_share);
    let ends: Vec<String> = of
        .iter()
        .map(|&at| {
            let (band, look) = (bands[at], &looks[at]);
            format!("{} from {} to {}", look.name, show(band.median.first()), show(band.median.last()))
        })
        .collect();
    format!("Line chart. {title}, {what}. {}.", ends.join("; "))
}

fn show(value: f64, is_share: bool) -> String {
    if is_share { format!("{}%", number(100.0 * value, 1)) } else { number(value, 0) }
}

fn header(facts: &ReportFacts) -> Vec<String> {
    std::iter::once("date".to_owned()).chain(facts.setting.groups.iter().map(|group| group.name.clone())).collect()
}

/// One row a week, and the last day.
fn rows(facts: &ReportFacts, bands: &[&Band], is_share: bool) -> Vec<Vec<String>> {
    let n_days = facts.manifest.n_days as usize;
    let is_shown = |day: &usize| day.is_multiple_of(DAYS_OF_ROW) || *day + 1 == n_days;
    let days = (0..n_days).filter(is_shown);
    days.map(|day| {
        let cell = |band: &&Band| {
            let [low, median, high] = [&band.low, &band.median, &band.high]
                .map(|values| show(values.get(day).copied().unwrap_or(0.0), is_share));
            if low == high { median } else { format!("{median} ({low}–{high})") }
        };
        std::iter::once(facts.setting.date(day as u32).to_string()).chain(bands.iter().map(cell)).collect()
    })
    .collect()
}

fn deaths_by_week(facts: &ReportFacts) -> Markup {
    let dead = |week: usize| facts.each(move |summary| summary.deaths_in(7 * week..7 * week + 7));
    let weeks: Vec<WeekBar> =
        (0..facts.n_weeks()).map(|week| WeekBar { bars: vec![("plain", Interval::of(dead(week)))] }).collect();
    let rows: Vec<Vec<String>> = (0..facts.n_weeks())
        .map(|week| vec![facts.setting.date(7 * week as u32).to_string(), spread(dead(week), 0)])
        .collect();
    let worst = rows.iter().zip(&weeks).max_by(|(_, a), (_, b)| {
        let median = |week: &WeekBar| week.bars[0].1.map_or(0.0, |found| found.median);
        median(a).total_cmp(&median(b))
    });
    let worst = worst.map_or_else(String::new, |(row, _)| format!(" Most in the week from {}: {}.", row[0], row[1]));
    let alt = format!("Bar chart of all deaths by week, members and civilians.{worst}");
    html! {
        figure.wide {
            figcaption {
                b { "Deaths by week" } " " span {
                    "members and civilians together"
                    @if facts.n_replicates() > 1 { "; bars are medians, whiskers 90% intervals" }
                    @if !facts.manifest.n_days.is_multiple_of(7) { "; the last week is short" }
                }
            }
            (drawing(&week_bars(&alt, facts.setting.start, &weeks)))
            (data(&format!("Deaths by week{}", brackets(facts)), &texts(["week from", "deaths"]), &rows))
        }
    }
}
