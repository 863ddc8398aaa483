//! Evidence of people and groups as text, beside what simulated wars give.

use crate::result_table::{Cell, Column, ResultTable};
use allegiance_lab::evidence::Beside;
use allegiance_record::evidence::Evidence;
use allegiance_show::text::{count, number, table, thousands, wrap};
use std::fmt::Write as _;

/// Width of a terminal's text.
const WIDTH: usize = 98;

fn value(of: f64, is_share: bool) -> String {
    if is_share { format!("{:.0}%", (100.0 * of).round() + 0.0) } else { number(of, 2) }
}

fn range(low: f64, high: f64, is_share: bool) -> String {
    format!("{}–{}", value(low, is_share), value(high, is_share))
}

/// What evidence says, for a terminal; `n_replicates` wars stand beside it, or none.
pub fn render_evidence(evidence: &Evidence, rows: &[Beside], (scenario, n_replicates): (&str, u32)) -> String {
    let kind = if evidence.is_found() { "evidence" } else { "plan of a survey" };
    let mut text = format!("{}, {kind} about {scenario}\n", evidence.title);
    text.push_str(&wrap(&evidence.about, WIDTH, ""));
    let _ = writeln!(text, "Source: {}\n", evidence.source);
    for sample in &evidence.samples {
        let _ = writeln!(
            text,
            "  {}: {} people at most, {}; reached {}",
            sample.id,
            thousands(u64::from(sample.size)),
            sample.who.word(),
            sample.reached
        );
    }
    let with_wars = n_replicates > 0;
    let mut header = vec!["what", "found", "90% of its error"];
    if with_wars {
        header.extend(["simulated", "90% of wars", "answered"]);
    }
    let cells = rows.iter().map(|row| {
        let mark = if row.is_circular { "*" } else { "" };
        let found = row.found.map_or_else(|| "planned".to_owned(), |found| value(found.value, row.is_share));
        let band = row.band.map_or_else(String::new, |(low, high)| range(low, high, row.is_share));
        let mut cells = vec![format!("{}{mark}", row.item), found, band];
        if with_wars {
            cells.push(row.simulated.map_or_else(|| "nobody".to_owned(), |of| value(of.median, row.is_share)));
            cells.push(row.simulated.map_or_else(String::new, |of| range(of.low_90, of.high_90, row.is_share)));
            cells.push(row.n_answered.map_or_else(String::new, |of| number(of.median, 0)));
        }
        cells
    });
    text.push('\n');
    text.push_str(&table(&header, &cells.collect::<Vec<_>>()));
    if with_wars {
        let _ = writeln!(
            text,
            "\nSimulated: {} of {scenario} with its own parameters, its people sampled and asked alike.",
            count(n_replicates as usize, "war")
        );
    }
    if rows.iter().any(|row| row.is_circular) {
        text.push_str(
            "\n* reads the reasons for which people left, which is what the model's own hazard decides: agreement there\n  \
             says little for it.\n",
        );
    }
    text
}

/// What evidence says beside simulated wars, for other programs and papers.
pub fn table_of_evidence(evidence: &Evidence, rows: &[Beside], (scenario, n_replicates): (&str, u32)) -> ResultTable {
    ResultTable::new(
        format!(
            "{}: what was found with the 90% interval of its error, beside {} of {scenario}, medians with 90% intervals. {}",
            evidence.title,
            count(n_replicates as usize, "simulated war"),
            evidence.about
        ),
        [
            Column::text("what"),
            Column::text("wording").data(),
            Column::range("found"),
            Column::range("simulated"),
            Column::range("n_answered"),
            Column::text("reads_reasons"),
        ],
        rows.iter().map(|row| {
            let (low, high) = row.band.unwrap_or((f64::NAN, f64::NAN));
            [
                row.item.clone().into(),
                row.wording.clone().into(),
                Cell::Range(row.found.map(|found| [found.value, low, high])),
                row.simulated.into(),
                row.n_answered.into(),
                if row.is_circular { "yes" } else { "no" }.into(),
            ]
        }),
    )
}
