//! Rival theories side by side, as a table for a terminal.

use crate::result_table::{Column, ResultTable};
use allegiance_lab::theories::TheoryRow;
use allegiance_record::intervals::Interval;
use allegiance_show::difference::{few_note, no_difference};
use allegiance_show::text::{count, number};
use std::fmt::Write as _;

/// The comparison as a table for a terminal.
pub fn render_theories(rows: &[TheoryRow], title: &str) -> String {
    let mut text = format!("{title}: every theory on the same world and the same draws (simulated people)\n");
    let n = rows.first().map_or(0, |row| row.n_replicates);
    let mut keys: Vec<&str> = rows.iter().flat_map(|row| &row.differs).map(|found| found.key.as_str()).collect();
    keys.sort_unstable();
    keys.dedup();
    let _ = writeln!(text, "what differs from row to row: {}", keys.join(", "));
    let _ = writeln!(text, "medians over {}, 90% interval in brackets", count(n, "replicate"));
    if let Some(note) = few_note(n, "replicate") {
        let _ = writeln!(text, "{note}");
    }
    text.push('\n');
    let _ = writeln!(
        text,
        "{:<20} {:<27} {:>13} {:>13} {:>12} {:>11} {:>12} {:>20} {:>9}",
        "belief",
        "exit",
        "desertions",
        "defections",
        "departures",
        "caught",
        "complaints",
        "conviction of eyewitn.",
        "full path"
    );
    for row in rows {
        let whole = |interval: Option<Interval>| {
            interval.map_or("–".to_owned(), |i| {
                format!("{} ({}–{})", number(i.median, 0), number(i.low_90, 0), number(i.high_90, 0))
            })
        };
        let conviction = match (row.conviction_before, row.conviction_after) {
            (Some(before), Some(after)) => format!("{:+.2} → {:+.2}", before.median, after.median),
            _ => "–".to_owned(),
        };
        let _ = writeln!(
            text,
            "{:<20} {:<27} {:>13} {:>13} {:>12} {:>11} {:>12} {:>20} {:>5} in {}",
            row.belief,
            row.exit,
            whole(row.desertions),
            whole(row.defections),
            whole(row.departures),
            whole(row.caught),
            whole(row.complaints),
            conviction,
            row.n_with_path,
            row.n_replicates
        );
    }
    for row in rows {
        if let Some([belief, exit]) = &row.same_as {
            let same = no_difference(row.n_replicates, "replicate");
            let _ = writeln!(text, "\n{} / {} beside {belief} / {exit}: {same}", row.belief, row.exit);
        }
    }
    text
}

/// The comparison, for other programs and papers.
pub fn table_of_theories(rows: &[TheoryRow], title: &str) -> ResultTable {
    let n = rows.first().map_or(0, |row| row.n_replicates);
    ResultTable::new(
        format!(
            "{title}, simulated: every theory on the same world and the same draws, medians over {} with the 90% interval \
             in brackets.",
            count(n, "replicate")
        ),
        [
            Column::text("belief"),
            Column::text("exit"),
            Column::number("n_replicates").data(),
            Column::range("desertions"),
            Column::range("defections"),
            Column::range("departures"),
            Column::range("caught"),
            Column::range("complaints"),
            Column::range("conviction_before"),
            Column::range("conviction_after"),
            Column::number("n_with_path"),
        ],
        rows.iter().map(|row| {
            [
                row.belief.clone().into(),
                row.exit.clone().into(),
                row.n_replicates.into(),
                row.desertions.into(),
                row.defections.into(),
                row.departures.into(),
                row.caught.into(),
                row.complaints.into(),
                row.conviction_before.into(),
                row.conviction_after.into(),
                row.n_with_path.into(),
            ]
        }),
    )
}
