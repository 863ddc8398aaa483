//! Values with their intervals, panel by panel, as a drawing that stands alone: a forest plot.

use super::extent::{lines_of, widest, width_of};
use super::scale::{AxisScale, tick_label, value_ticks};
use super::short;
use crate::figure::{Figure, Panel, PanelRow};
use crate::html::escaped;
use std::fmt::Write as _;

/// Width of the plot between names and words.
const PLOT: f64 = 380.0;
/// The widest that names of rows may be before they are broken into lines.
const WIDEST_NAME: f64 = 260.0;
const MARGIN: f64 = 16.0;
const GAP: f64 = 14.0;
const TITLE_SIZE: f64 = 15.0;
const PANEL_SIZE: f64 = 13.0;
const SIZE: f64 = 12.0;
const NOTE_SIZE: f64 = 11.0;
/// Height of a line of names.
const LINE: f64 = 16.0;
/// Room above and below the lines of a row.
const ROW_GAP: f64 = 6.0;
/// Room below the rows of a panel for its ticks.
const TICKS: f64 = 22.0;

const STYLE: &str = "text{font:12px 'Noto Sans','DejaVu Sans',Verdana,sans-serif;fill:#222}.title{font-size:15px;font-weight:600}\
.panel{font-size:13px;font-weight:600}.note{font-size:11px;fill:#444}.tick{text-anchor:middle;fill:#444}.name{text-anchor:end}\
.grid{stroke:#ddd}.zero{stroke:#666;stroke-dasharray:4 3}.interval{stroke:#1f4e79;stroke-width:2}\
.told{fill:#1f4e79;stroke:#1f4e79}.untold{fill:#fff;stroke:#1f4e79;stroke-width:1.5}";

/// The drawing, with a white ground.
pub(crate) fn draw_forest(figure: &Figure) -> String {
    let rows = || figure.panels.iter().flat_map(|panel| &panel.rows);
    let names = widest(rows().map(|row| row.name.as_str()), SIZE).min(WIDEST_NAME);
    let words = widest(rows().map(|row| row.words.as_str()), SIZE);
    let columns =
        Columns { names: MARGIN + names, plot: MARGIN + names + GAP, words: MARGIN + names + PLOT + 2.0 * GAP };
    let width = columns.words + words + MARGIN;
    let mut body = String::new();
    let mut y = MARGIN;
    for line in lines_of(&figure.title, TITLE_SIZE, width - 2.0 * MARGIN) {
        y += 1.3 * TITLE_SIZE;
        text(&mut body, "title", (MARGIN, y), &line);
    }
    for panel in &figure.panels {
        y = draw_panel(&mut body, panel, columns, y + GAP);
    }
    y += GAP / 2.0;
    for line in lines_of(&figure.caption, NOTE_SIZE, width - 2.0 * MARGIN) {
        y += 1.35 * NOTE_SIZE;
        text(&mut body, "note", (MARGIN, y), &line);
    }
    let (width, height) = (short(width), short(y + MARGIN));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" aria-label=\"{}\"><style>{STYLE}</style><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>{body}</svg>\n",
        escaped(&figure.title)
    )
}

/// Where the names end, and where the plot and the words begin.
#[derive(Debug, Clone, Copy)]
struct Columns {
    names: f64,
    plot: f64,
    words: f64,
}

/// Draws a panel below `top`; gives where it ends.
fn draw_panel(body: &mut String, panel: &Panel, columns: Columns, top: f64) -> f64 {
    let first = top + 1.3 * PANEL_SIZE + ROW_GAP;
    text(body, "panel", (MARGIN, top + 1.1 * PANEL_SIZE), &panel.title);
    let names: Vec<Vec<String>> = panel.rows.iter().map(|row| lines_of(&row.name, SIZE, WIDEST_NAME)).collect();
    let heights: Vec<f64> = names.iter().map(|lines| lines.len().max(1) as f64 * LINE + ROW_GAP).collect();
    let bottom = first + heights.iter().sum::<f64>();
    let (low, high) = panel.extent();
    let ticks = value_ticks(low, high);
    let (from, to) = (ticks.first().copied().unwrap_or(low), ticks.last().copied().unwrap_or(high));
    let scale = AxisScale::new((from, to), (columns.plot, columns.plot + PLOT));
    let step = ticks.get(1).map_or(1.0, |second| second - from);
    // Every other where all don't fit.
    let tick_width = ticks.iter().map(|&tick| width_of(&tick_label(tick, step, false), SIZE)).fold(0.0, f64::max);
    let every = if tick_width + 8.0 > PLOT / (ticks.len().max(2) - 1) as f64 { 2 } else { 1 };
    for (at, &tick) in ticks.iter().enumerate() {
        line(body, if tick == 0.0 { "zero" } else { "grid" }, (scale.at(tick), first), (scale.at(tick), bottom));
        if at % every == 0 {
            text(body, "tick", (scale.at(tick), bottom + LINE), &tick_label(tick, step, false));
        }
    }
    let mut y = first;
    for ((row, lines), height) in panel.rows.iter().zip(&names).zip(&heights) {
        for (at, name) in lines.iter().enumerate() {
            text(body, "name", (columns.names, y + ROW_GAP / 2.0 + (at as f64 + 0.75) * LINE), name);
        }
        draw_row(body, row, scale, (y + height / 2.0, columns.words));
        y += height;
    }
    bottom + TICKS
}

fn draw_row(body: &mut String, row: &PanelRow, scale: AxisScale, (middle, words): (f64, f64)) {
    if let Some((low, high)) = row.interval {
        line(body, "interval", (scale.at(low), middle), (scale.at(high), middle));
    }
    if let Some(value) = row.value {
        let class = if row.is_told { "told" } else { "untold" };
        let (x, y) = (short(scale.at(value)), short(middle));
        let _ = write!(body, "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"4.5\"/>");
    }
    text(body, "words", (words, middle + 0.35 * SIZE), &row.words);
}

fn text(body: &mut String, class: &str, (x, y): (f64, f64), words: &str) {
    let _ = write!(body, "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>", short(x), short(y), escaped(words));
}

fn line(body: &mut String, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
    let [x1, y1, x2, y2] = [x1, y1, x2, y2].map(short);
    let _ = write!(body, "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>");
}
