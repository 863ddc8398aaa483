//! A finished sweep as text for a terminal.

use crate::result_table::{Column, ResultTable};
use allegiance_lab::sweep::SweepResults;
use allegiance_show::text::{number, thousands};
use std::fmt::Write as _;

/// The sweep as text for a terminal.
pub fn render_sweep(results: &SweepResults) -> String {
    let manifest = &results.manifest;
    let mut text = format!(
        "{}\n{}\n\n\
         {} rows of {} factors, {} replicates each, on {}; {} rows failed\n\n",
        manifest.title,
        manifest.about.split_once(". ").map_or("", |(_, note)| note),
        number(manifest.n_rows as f64, 0),
        manifest.design.factors.len(),
        thousands(u64::from(manifest.n_replicates)),
        manifest.scenario_id,
        number(manifest.n_failed as f64, 0),
    );
    let ranges = results.ranges();
    let width = ranges.iter().map(|range| range.outcome.len()).max().unwrap_or(0).max(7);
    let _ = writeln!(text, "{:width$} {:>12} {:>12} {:>12}", "means of rows", "5%", "median", "95%");
    for range in ranges {
        let cells = match range.row_means {
            Some(means) => [means.low_90, means.median, means.high_90].map(short),
            None => ["–".to_owned(), "–".to_owned(), "–".to_owned()],
        };
        let _ = writeln!(text, "{:width$} {:>12} {:>12} {:>12}", range.outcome, cells[0], cells[1], cells[2]);
    }
    text
}

/// The ranges of the outcomes, for other programs and papers.
pub fn table_of_sweep(results: &SweepResults) -> ResultTable {
    let manifest = &results.manifest;
    let rows =
        results.ranges().into_iter().map(|range| [range.outcome.into(), range.unit.into(), range.row_means.into()]);
    ResultTable::new(
        format!(
            "{} Means over {} replicates of each of {} rows on {}: their median over the rows, with the middle 90%.",
            manifest.about, manifest.n_replicates, manifest.n_rows, manifest.scenario_id
        ),
        [Column::text("outcome"), Column::text("unit"), Column::range("row_means")],
        rows,
    )
}

/// Digits after the point in print by size: a share needs more than a count.
pub(crate) fn short(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        size if size >= 0.1 || size <= 0.0 => 3,
        _ => 4,
    };
    number(value, digits)
}
