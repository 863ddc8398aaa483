//! The reported record against the true one.

use super::happened::brackets;
use crate::facts::ReportFacts;
use crate::html::{data, drawing, interval_words, table, texts};
use crate::svg::{WeekBar, week_bars};
use allegiance_record::intervals::Interval;
use allegiance_record::summary::ReplicateSummary;
use allegiance_show::text::spread;
use maud::{Markup, html};

const NEEDS: [&str; 2] = ["reported", "incidents"];

pub(crate) fn section(facts: &ReportFacts) -> Markup {
    if !facts.has(&NEEDS) {
        return html! { p { (facts.left_out(&NEEDS)) } };
    }
    let civilians = |summary: &ReplicateSummary| summary.groups.iter().map(|group| group.civilians_killed).sum::<u32>();
    let words = |values: Vec<f64>| {
        let found = Interval::of(values).map(|found| interval_words(&found, "90% interval "));
        found.map_or_else(String::new, |[median, ends]| median + &ends)
    };
    let reported_civilians = || facts.replicates.iter().map(|replicate| f64::from(replicate.reported.civilians));
    let rows = vec![
        vec![
            "deadly incidents, and events".to_owned(),
            spread(facts.each(|summary| summary.n_deadly_incidents), 0),
            spread(facts.each(|summary| summary.n_reported), 0),
        ],
        vec![
            "deaths".to_owned(),
            spread(facts.each(ReplicateSummary::deaths), 0),
            spread(facts.each(|summary| summary.deaths_reported), 0),
        ],
        vec!["civilian deaths".to_owned(), spread(facts.each(civilians), 0), spread(reported_civilians(), 0)],
    ];
    html! {
        p {
            "A monitor would not have seen all of it. The observation model writes the record that one would have kept, with "
            "events missed, deaths undercounted, and places and dates blurred: "
            (words(facts.each(|summary| summary.deaths_reported).collect())) " deaths reported of "
            (words(facts.each(ReplicateSummary::deaths).collect())) ". Results that rest on a reported record, of this run or of "
            "a real war, carry this loss."
        }
        (table(&format!("The true record and the reported one{}", brackets(facts)), &texts(["", "happened", "reported"]), &rows))
        (by_week(facts))
    }
}

fn by_week(facts: &ReportFacts) -> Markup {
    let happened = |week: usize| facts.each(move |summary| summary.deaths_in(7 * week..7 * week + 7));
    let reported = |week: usize| {
        facts.replicates.iter().map(move |replicate| replicate.reported.dead_by_week.get(week).copied().unwrap_or(0.0))
    };
    let weeks: Vec<WeekBar> = (0..facts.n_weeks())
        .map(|week| WeekBar {
            bars: vec![("plain", Interval::of(happened(week))), ("reported", Interval::of(reported(week)))],
        })
        .collect();
    let rows: Vec<Vec<String>> = (0..facts.n_weeks())
        .map(|week| {
            let date = facts.setting.date(7 * week as u32).to_string();
            vec![date, spread(happened(week), 0), spread(reported(week), 0)]
        })
        .collect();
    html! {
        figure.wide {
            figcaption {
                b { "Deaths by week, happened and reported" } " "
                span {
                    "left bars, grey: happened; right bars, hollow: reported, in the week of the event's first day"
                    @if facts.n_replicates() > 1 { "; whiskers are 90% intervals" }
                }
            }
            (drawing(&week_bars("Bar chart of deaths by week: those that happened next to those reported. The table below holds them.", facts.setting.start, &weeks)))
            (data(&format!("Deaths by week, happened and reported{}", brackets(facts)), &texts(["week from", "happened", "reported"]), &rows))
        }
    }
}
