//! The calibration patterns as text.

use crate::text::{number, pad_end, pad_start, thousands};
use allegiance_record::patterns::{CaseWords, PatternVerdict, Verdict};
use std::fmt::Write as _;

/// The verdicts as a table of text, about 100 columns wide; without a case, that
/// there is none.
pub fn render_verdicts(case: Option<&CaseWords>, verdicts: &[PatternVerdict], n_replicates: usize) -> String {
    let Some(case) = case else {
        return "Calibration patterns: none, for the scenario names no case to hold its runs against.\n".to_owned();
    };
    let mut text = format!("Calibration patterns: {}\n", case.title);
    let count = |verdict: Verdict| verdicts.iter().filter(|found| found.verdict == verdict).count();
    let _ = writeln!(
        text,
        "{} hit, {} missed, {} not measurable, over {} replicate{}.",
        count(Verdict::Hit),
        count(Verdict::Missed),
        count(Verdict::NotMeasurable),
        thousands(n_replicates as u64),
        if n_replicates == 1 { ": each interval is a point" } else { "s" },
    );
    if !case.note.is_empty() {
        let _ = writeln!(text, "{}.", case.note);
    }
    text.push('\n');
    text.push_str(&line(["", "pattern", "band", "median", "90% interval", "other", "verdict"]));
    for verdict in verdicts {
        text.push_str(&row_of(verdict));
        let _ = writeln!(text, "     {}: {}", verdict.layer, verdict.reason);
    }
    text.push_str(
        "\nOther: the median on the other record, for patterns that exist both as happened and as reported.\n",
    );
    text
}

fn row_of(verdict: &PatternVerdict) -> String {
    let show = |value: f64| number(value, verdict.digits as usize);
    let range = |low: f64, high: f64| format!("{}–{}", show(low), show(high));
    let (median, interval) = match &verdict.interval {
        Some(found) => (show(found.median), range(found.low_90, found.high_90)),
        None => ("-".to_owned(), "-".to_owned()),
    };
    line([
        &verdict.id,
        &verdict.name,
        &range(verdict.low, verdict.high),
        &median,
        &interval,
        &verdict.beside.map_or(String::new(), show),
        verdict.verdict.word(),
    ])
}

/// One line of the table, its columns padded.
fn line([id, name, band, median, interval, beside, verdict]: [&str; 7]) -> String {
    format!(
        "{} {} {} {} {} {} {verdict}\n",
        pad_end(id, 4),
        pad_end(name, 36),
        pad_start(band, 13),
        pad_start(median, 7),
        pad_start(interval, 13),
        pad_start(beside, 6),
    )
}
