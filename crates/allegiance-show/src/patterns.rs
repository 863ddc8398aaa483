//! The calibration patterns as text.

use crate::summary::text::{number, pad_end, pad_start};
use allegiance_record::patterns::{PATTERNS, PatternVerdict, Verdict};
use std::fmt::Write as _;

/// The verdicts as a table of text, about 100 columns wide.
pub fn render_verdicts(verdicts: &[PatternVerdict], n_replicates: usize) -> String {
    let mut text = String::from("Calibration patterns of the reference case (ISIS and its rivals, January 2014)\n");
    let count = |verdict: Verdict| verdicts.iter().filter(|found| found.verdict == verdict).count();
    let _ = writeln!(
        text,
        "{} hit, {} missed, {} not measurable, over {n_replicates} replicate{}; C1-C5 share one source.",
        count(Verdict::Hit),
        count(Verdict::Missed),
        count(Verdict::NotMeasurable),
        if n_replicates == 1 { ": each interval is a point" } else { "s" },
    );
    text.push('\n');
    text.push_str(&line(["", "pattern", "band", "median", "90% interval", "other", "verdict"]));
    for verdict in verdicts {
        text.push_str(&row_of(verdict));
        let _ = writeln!(text, "     {}: {}", verdict.layer.word(), verdict.reason);
    }
    text.push_str("\nOther: the median on the other record; C1-C4 exist both as happened and as reported.\n");
    text
}

fn row_of(verdict: &PatternVerdict) -> String {
    let pattern = PATTERNS.iter().find(|pattern| pattern.id == verdict.id);
    let digits = pattern.map_or(2, |pattern| pattern.digits);
    let show = |value: f64| number(value, digits);
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
