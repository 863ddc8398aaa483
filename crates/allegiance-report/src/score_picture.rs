//! What was predicted for each cell of a joint table beside what was found, as a picture.

use crate::html::escaped;
use allegiance_lab::inference::log_score::{LogScore, LogScores};
use allegiance_record::intervals::wilson;
use std::fmt::Write as _;

/// Side of a panel's square.
const SIDE: f64 = 180.0;
/// Room left of it, for the numbers on the axis.
const LEFT: f64 = 44.0;
/// Room above it, for its title.
const ABOVE: f64 = 40.0;
/// Room below it, for the numbers on the axis.
const BELOW: f64 = 40.0;
/// Room to the next.
const GAP: f64 = 20.0;
const N_COLUMNS: usize = 3;
/// Radius of a cell with one person; that of others grows with the root of their number.
const RADIUS: f64 = 0.9;
/// Standard errors to each side of a 95% interval.
const Z: f64 = 1.96;

const STYLE: &str = "text{font:12px sans-serif;fill:#222}.small{font-size:11px;fill:#555}\
.frame{fill:none;stroke:#999}.even{stroke:#999;stroke-dasharray:4 3}\
.cell{fill:#1f6fb2;fill-opacity:.45;stroke:#0d3f6b}.error{stroke:#0d3f6b;stroke-opacity:.55}";

/// One panel for each way to predict, as an SVG file of its own: predicted shares to the right,
/// found ones upwards, each cell a dot whose area is its number of people, with the 95% interval of
/// what was found. On the dashed line the two are the same.
pub fn draw_scores(scores: &LogScores) -> String {
    let n_rows = scores.scores.len().div_ceil(N_COLUMNS);
    let width = N_COLUMNS as f64 * (LEFT + SIDE + GAP);
    let height = n_rows as f64 * (ABOVE + SIDE + BELOW);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-label=\"Predicted and found shares of a yes\"><style>{STYLE}</style>\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>"
    );
    for (at, score) in scores.scores.iter().enumerate() {
        let (column, row) = ((at % N_COLUMNS) as f64, (at / N_COLUMNS) as f64);
        let corner = (column * (LEFT + SIDE + GAP) + LEFT, row * (ABOVE + SIDE + BELOW) + ABOVE);
        draw_panel(&mut svg, scores, score, corner);
    }
    svg.push_str("</svg>\n");
    svg
}

fn draw_panel(svg: &mut String, scores: &LogScores, score: &LogScore, (left, top): (f64, f64)) {
    let x = |share: f64| left + SIDE * share;
    let y = |share: f64| top + SIDE * (1.0 - share);
    let _ = write!(
        svg,
        "<text x=\"{left}\" y=\"{:.0}\">{}</text><text class=\"small\" x=\"{left}\" y=\"{:.0}\">{:+.4} nats a person</text>\
         <rect class=\"frame\" x=\"{left}\" y=\"{top}\" width=\"{SIDE}\" height=\"{SIDE}\"/>\
         <line class=\"even\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/>",
        top - 24.0,
        escaped(&score.predictor),
        top - 8.0,
        score.gain,
        x(0.0),
        y(0.0),
        x(1.0),
        y(1.0)
    );
    for share in [0.0, 0.5, 1.0] {
        let percent = format!("{:.0}%", 100.0 * share);
        let _ = write!(
            svg,
            "<text class=\"small\" text-anchor=\"middle\" x=\"{:.1}\" y=\"{:.1}\">{percent}</text>\
             <text class=\"small\" text-anchor=\"end\" x=\"{:.1}\" y=\"{:.1}\">{percent}</text>",
            x(share),
            top + SIDE + 16.0,
            left - 6.0,
            y(share) + 4.0
        );
    }
    let middle = left + SIDE / 2.0;
    let _ = write!(
        svg,
        "<text class=\"small\" text-anchor=\"middle\" x=\"{middle}\" y=\"{:.1}\">predicted</text>",
        top + SIDE + 31.0
    );
    for (at, (cell, &predicted)) in scores.cells.iter().zip(&score.predicted).enumerate() {
        let (found, n) = (scores.found[at], f64::from(scores.n[at]));
        let (low, high) = wilson(found, n, Z);
        let _ = write!(
            svg,
            "<line class=\"error\" x1=\"{0:.1}\" y1=\"{1:.1}\" x2=\"{0:.1}\" y2=\"{2:.1}\"/>\
             <circle class=\"cell\" cx=\"{0:.1}\" cy=\"{3:.1}\" r=\"{4:.1}\"><title>{5}: {6:.0}% predicted, {7:.0}% of {8:.0} found</title></circle>",
            x(predicted),
            y(low),
            y(high),
            y(found),
            RADIUS * n.sqrt(),
            escaped(cell),
            100.0 * predicted,
            100.0 * found,
            n
        );
    }
}

#[cfg(test)]
mod tests {
    use super::draw_scores;
    use allegiance_lab::inference::log_score::{LogScore, LogScores};

    #[test]
    fn each_predictor_has_a_panel_and_each_cell_its_place_in_it() {
        let score = |predictor: &str, predicted: [f64; 2]| LogScore {
            predictor: predictor.to_owned(),
            score: -0.5,
            gain: 0.01,
            predicted: predicted.to_vec(),
        };
        let scores = LogScores {
            n_persons: 125,
            cells: vec!["yes where a < b".to_owned(), "yes where not".to_owned()],
            found: vec![0.25, 0.75],
            n: vec![100, 25],
            scores: vec![score("share by group", [0.5, 0.5]), score("mine", [0.25, 0.8])],
        };
        let svg = draw_scores(&scores);
        assert_eq!((svg.matches("class=\"cell\"").count(), svg.matches("class=\"frame\"").count()), (4, 2));
        // A quarter predicted and found: 44 + 200 + 44 and a quarter of 180 to the right, three quarters of it down from 40.
        assert!(svg.contains("cx=\"333.0\" cy=\"175.0\" r=\"9.0\""), "{svg}");
        assert!(svg.contains("a &lt; b: 25% predicted, 25% of 100 found") && svg.ends_with("</svg>\n"));
        assert_eq!(svg, draw_scores(&scores));
    }
}
