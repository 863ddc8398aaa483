//! The comparison of scales as text.

use crate::result_table::{Column, ResultTable};
use std::fmt::Write as _;

use allegiance_lab::scales::{Departure, OutcomeRow, ScaleComparison};
use allegiance_record::intervals::Interval;
use allegiance_show::difference::few_note;
use allegiance_show::text::{number, pad_end, pad_start, thousands};

/// Width of the columns of numbers.
const CELL_WIDTH: usize = 30;

/// The comparison as a table for a terminal. Shares of control that are below a
/// thousandth at every scale are left out.
pub fn render_scales(comparison: &ScaleComparison, title: &str) -> String {
    let mut text = format!("{title} at several scales (simulated people)\n");
    let _ = writeln!(
        text,
        "Medians over {} replicates, 90% interval in brackets; counts of people are multiplied by the scale.\n\
         * the median lies outside the first scale's interval; ** the intervals don't overlap.\n",
        thousands(u64::from(comparison.n_replicates)),
    );
    if let Some(note) = few_note(comparison.n_replicates as usize, "replicate") {
        let _ = writeln!(text, "{note}\n");
    }
    let is_nothing = |interval: Option<Interval>| interval.is_none_or(|found| found.high_90 < 0.001);
    let is_shown =
        |row: &&OutcomeRow| !(row.id.starts_with("control.") && row.at.iter().all(|at| is_nothing(at.interval)));
    let rows: Vec<&OutcomeRow> = comparison.outcomes.iter().filter(is_shown).collect();
    let name_width = 1 + rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
    let cells = comparison.scales.iter().map(|scale| pad_start(&format!("1:{scale}  "), CELL_WIDTH));
    let _ = writeln!(text, "{}{}", pad_end("", name_width), cells.collect::<String>().trim_end());
    for row in rows {
        let name = pad_end(&row.name, name_width);
        let cells = row.at.iter().map(|at| {
            let mark = match at.departure {
                Departure::Apart => "**",
                Departure::Shifted => "* ",
                Departure::Within | Departure::Unknown => "  ",
            };
            let value = at.interval.map_or("–".to_owned(), |found| {
                let digits = digits_for(&found);
                let show = |value: f64| number(value, digits);
                format!("{} ({}–{})", show(found.median), show(found.low_90), show(found.high_90))
            });
            pad_start(&format!("{value}{mark}"), CELL_WIDTH)
        });
        let _ = writeln!(text, "{name}{}", cells.collect::<String>().trim_end());
    }
    text
}

/// The comparison, for other programs and papers: a row for each outcome at each scale.
pub fn table_of_scales(comparison: &ScaleComparison, title: &str) -> ResultTable {
    let rows = comparison.outcomes.iter().flat_map(|row| {
        row.at.iter().zip(&comparison.scales).map(|(at, &scale)| {
            [
                row.id.clone().into(),
                row.name.clone().into(),
                row.unit.into(),
                scale.into(),
                at.interval.into(),
                at.departure.word().into(),
            ]
        })
    });
    ResultTable::new(
        format!(
            "{title}, simulated at 1:scale of its people: medians over {} replicates with the 90% interval; counts of people \
             are multiplied by the scale.",
            thousands(u64::from(comparison.n_replicates))
        ),
        [
            Column::text("id").data(),
            Column::text("outcome"),
            Column::text("unit"),
            Column::number("scale"),
            Column::range("value"),
            Column::text("departure"),
        ],
        rows,
    )
}

/// Digits after the point that show about three figures.
fn digits_for(interval: &Interval) -> usize {
    match interval.high_90.abs() {
        high if high >= 100.0 => 0,
        high if high >= 10.0 => 1,
        high if high >= 1.0 => 2,
        _ => 3,
    }
}
