//! The answer first: what the summary of a run opens with.

use crate::facts::ReportFacts;
use allegiance_record::summary::ReplicateSummary;
use allegiance_show::summary::{Finding, in_short};
use maud::{Markup, html};

/// What it is told from.
pub(super) const TABLES: [&str; 4] = ["incidents", "allegiance", "control", "displacement"];

pub(crate) fn section(facts: &ReportFacts) -> Markup {
    if !facts.has(&TABLES) {
        return html! { p { (facts.left_out(&TABLES)) } };
    }
    let summaries: Vec<ReplicateSummary> = facts.summaries().cloned().collect();
    html! {
        dl.in-short {
            @for Finding { topic, text } in in_short(&facts.setup, &summaries) {
                div { dt { (topic) } dd { (text) } }
            }
        }
    }
}
