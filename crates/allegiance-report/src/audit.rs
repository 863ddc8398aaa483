//! An audit as text.

use allegiance_lab::audit::{Audit, AuditCell, AuditRow, Standing};
use allegiance_show::text::{table, thousands, wrap};
use std::fmt::Write as _;

use crate::result_table::{Cell, Column, ResultTable};
use crate::sweep::short;

const WIDTH: usize = 98;

/// The audit for a terminal.
pub fn render_audit(audit: &Audit) -> String {
    let what = audit.change.as_ref().map_or_else(|| "outcomes".to_owned(), |change| format!("effects of {change}"));
    let title = format!(
        "Artefacts in {}: {what}, {} replicates each",
        audit.scenario,
        thousands(u64::from(audit.n_replicates))
    );
    let mut text = format!("{title}\n\n");
    let rule = match &audit.change {
        None => format!(
            "Robust: with 95% confidence an outcome's mean is within {:.0}% of what it is as the war is written. FRAGILE: it is outside. Open: \
             the replicates don't tell.",
            100.0 * audit.within
        ),
        Some(_) => "Robust: the effect has the same sign, or none can be told either way. FRAGILE: it has another, or none where one of its \
                    size would have shown. Open: the replicates don't tell."
            .to_owned(),
    };
    text.push_str(&wrap(&rule, WIDTH, ""));
    for (id, is_equal) in &audit.same {
        let said = if *is_equal { "equal to the last bit" } else { "NOT equal, which is a bug" };
        let _ = writeln!(text, "{}: {said}", title_of(audit, id));
    }
    text.push('\n');
    let counts = [Standing::Robust, Standing::Fragile, Standing::Open]
        .map(|standing| format!("{} {}", audit.n(standing), standing.word()));
    let _ = writeln!(text, "In all: {}.\n", counts.join(", "));
    let mut header = vec![if audit.change.is_some() { "effect on" } else { "outcome" }, "as written"];
    header.extend(audit.variants.iter().map(|[id, _]| id.as_str()));
    let rows: Vec<Vec<String>> = audit.rows.iter().map(|row| cells(row, audit.change.is_some())).collect();
    text.push_str(&table(&header, &rows));
    text.push('\n');
    for [id, title] in &audit.variants {
        let _ = writeln!(text, "  {id}: {title}");
    }
    text.push('\n');
    let last = "Half a day's step isn't tried: a day is the engine's only step.";
    text.push_str(&wrap(last, WIDTH, ""));
    text
}

/// The audit, for other programs and papers: a row for each outcome in each way.
pub fn table_of_audit(audit: &Audit) -> ResultTable {
    let rows = audit.rows.iter().flat_map(|row| {
        row.variants.iter().zip(&audit.variants).map(|(cell, [variant, _])| {
            let departs = cell.departs.map(|(departs, interval)| [departs, interval.low, interval.high]);
            [
                row.outcome.clone().into(),
                row.unit.clone().into(),
                variant.clone().into(),
                row.mean.into(),
                cell.mean.into(),
                Cell::Range(departs),
                cell.standing.word().into(),
            ]
        })
    });
    let ways: Vec<String> = audit.variants.iter().map(|[id, title]| format!("{id}: {title}")).collect();
    let of = audit.change.as_ref().map_or_else(|| "outcomes".to_owned(), |change| format!("effects of {change}"));
    ResultTable::new(
        format!(
            "Artefacts in {}: {of}, means over {} replicates each, with the 95% interval of how far each departs from the \
             war as it is written. {}.",
            audit.scenario,
            thousands(u64::from(audit.n_replicates)),
            ways.join("; ")
        ),
        [
            Column::text("outcome"),
            Column::text("unit"),
            Column::text("way"),
            Column::number("as_written"),
            Column::number("mean"),
            Column::range("departs"),
            Column::text("standing"),
        ],
        rows,
    )
}

fn title_of<'a>(audit: &'a Audit, id: &'a str) -> &'a str {
    audit.variants.iter().find(|variant| variant[0] == id).map_or(id, |variant| variant[1].as_str())
}

fn cells(row: &AuditRow, is_effect: bool) -> Vec<String> {
    let written = match (row.mean, row.interval) {
        (Some(mean), Some(interval)) if is_effect => {
            format!("{} [{}, {}]", short(mean), short(interval.low), short(interval.high))
        }
        (Some(mean), _) => short(mean),
        (None, _) => "–".to_owned(),
    };
    let cell = |cell: &AuditCell| {
        let value = match (cell.departs, row.mean) {
            // How far off, which is what the verdict is about.
            (Some((departs, _)), Some(mean)) if !is_effect && mean.abs() > 0.0 => {
                format!("{:+.0}%", 100.0 * departs / mean.abs() + 0.0)
            }
            _ => cell.mean.map_or_else(|| "–".to_owned(), short),
        };
        format!("{value} {}", cell.standing.word())
    };
    std::iter::once(row.outcome.clone()).chain([written]).chain(row.variants.iter().map(cell)).collect()
}
