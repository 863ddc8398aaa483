//! The calibration patterns of the reference case.

use crate::facts::ReportFacts;
use crate::html::{count, table, texts};
use allegiance_record::patterns::{PATTERNS, PatternVerdict, Verdict};
use allegiance_show::summary::text::number;
use maud::{Markup, html};

pub(crate) fn section(facts: &ReportFacts) -> Markup {
    let verdicts = &facts.manifest.patterns;
    let n = |verdict: Verdict| verdicts.iter().filter(|found| found.verdict == verdict).count();
    let rows: Vec<Vec<String>> = verdicts.iter().map(row).collect();
    html! {
        p {
            "The patterns are about the outbreak of fighting between ISIS and the rebels of northern Syria in January 2014. In this run "
            (n(Verdict::Hit)) " are hit, " (n(Verdict::Missed)) " missed and " (n(Verdict::NotMeasurable)) " not measurable, over "
            (count(facts.n_replicates(), "replicate")) @if facts.n_replicates() == 1 { ", so that each interval is a point" } ". "
            "A pattern that is hit shows that the rules can produce it, not that they did. C1 to C5 share one source."
        }
        @if n(Verdict::NotMeasurable) == verdicts.len() {
            p { "None can be measured in this scenario: it isn't about that outbreak, or ends before it." }
        }
        (table("Calibration patterns", &texts(["pattern", "record", "band", "median", "90% interval", "verdict", "why"]), &rows))
    }
}

fn row(verdict: &PatternVerdict) -> Vec<String> {
    let digits = PATTERNS.iter().find(|pattern| pattern.id == verdict.id).map_or(2, |pattern| pattern.digits);
    let range = |low: f64, high: f64| format!("{}–{}", number(low, digits), number(high, digits));
    let interval = verdict.interval.as_ref();
    vec![
        format!("{} {}", verdict.id, verdict.name),
        verdict.layer.word().to_owned(),
        range(verdict.low, verdict.high),
        interval.map_or_else(|| "-".to_owned(), |found| number(found.median, digits)),
        interval.map_or_else(|| "-".to_owned(), |found| range(found.low_90, found.high_90)),
        verdict.verdict.word().to_owned(),
        verdict.reason.clone(),
    ]
}
