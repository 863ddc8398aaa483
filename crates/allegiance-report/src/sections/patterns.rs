//! The calibration patterns of the scenario's case.

use crate::facts::ReportFacts;
use crate::html::{count, table, texts};
use allegiance_record::patterns::{CaseWords, PatternVerdict, Verdict};
use allegiance_show::text::number;
use maud::{Markup, html};

pub(crate) fn section(facts: &ReportFacts, case: &CaseWords) -> Markup {
    let verdicts = &facts.manifest.patterns;
    let n = |verdict: Verdict| verdicts.iter().filter(|found| found.verdict == verdict).count();
    let rows: Vec<Vec<String>> = verdicts.iter().map(row).collect();
    html! {
        p {
            "The patterns are about " (case.about) ". In this run "
            (n(Verdict::Hit)) " are hit, " (n(Verdict::Missed)) " missed and " (n(Verdict::NotMeasurable)) " not measurable, over "
            (count(facts.n_replicates(), "replicate")) @if facts.n_replicates() == 1 { ", so that each interval is a point" } ". "
            "A pattern that is hit shows that the rules can produce it, not that they did."
            @if !case.note.is_empty() { " " (case.note) "." }
        }
        @if n(Verdict::NotMeasurable) == verdicts.len() {
            p { "None can be measured in this run: the column why says for what reason." }
        }
        (table("Calibration patterns", &texts(["pattern", "record", "band", "median", "90% interval", "verdict", "why"]), &rows))
    }
}

fn row(verdict: &PatternVerdict) -> Vec<String> {
    let digits = verdict.digits as usize;
    let range = |low: f64, high: f64| format!("{}–{}", number(low, digits), number(high, digits));
    let interval = verdict.interval.as_ref();
    vec![
        format!("{} {}", verdict.id, verdict.name),
        verdict.layer.clone(),
        range(verdict.low, verdict.high),
        interval.map_or_else(|| "-".to_owned(), |found| number(found.median, digits)),
        interval.map_or_else(|| "-".to_owned(), |found| range(found.low_90, found.high_90)),
        verdict.verdict.word().to_owned(),
        verdict.reason.clone(),
    ]
}
