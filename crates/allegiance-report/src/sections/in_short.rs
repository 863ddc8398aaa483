//! The answer first: what the summary of a run opens with.

use crate::facts::ReportFacts;
use allegiance_record::summary::ReplicateSummary;
use allegiance_show::summary::{Finding, in_short};
use maud::{Markup, html};

pub(crate) fn section(facts: &ReportFacts) -> Markup {
    let summaries: Vec<ReplicateSummary> = facts.summaries().cloned().collect();
    html! {
        dl.in-short {
            @for Finding { topic, text } in in_short(&facts.setup, &summaries) {
                div { dt { (topic) } dd { (text) } }
            }
        }
    }
}
