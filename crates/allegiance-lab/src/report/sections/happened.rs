//! What happened: sentences, then a table by group.

use crate::intervals::Interval;
use crate::report::facts::ReportFacts;
use crate::report::html::{count, folded, interval_words, plain, table, texts};
use crate::summary::text::{number, spread};
use crate::summary::{GroupOutcome, ReplicateSummary, statements};
use maud::{Markup, html};

/// Digits of numbers of people.
const WHOLE: usize = 0;

pub(in crate::report) fn section(facts: &ReportFacts) -> Markup {
    let summaries: Vec<ReplicateSummary> = facts.summaries().cloned().collect();
    let names: Vec<String> = facts.setting.groups.iter().map(|group| group.name.clone()).collect();
    let agreed = statements(&summaries, &names);
    html! {
        p { (overall(facts)) }
        @if agreed.is_empty() {
            p { "There is one replicate, so nothing below says how likely it is." }
        } @else {
            ul.sentences { @for sentence in &agreed { li { (sentence) } } }
        }
        (by_group(facts))
        @if facts.has(&["incidents"]) { (incidents(facts)) }
        @if facts.has(&["control"]) { (control(facts)) }
        (folded("More sentences, by group", &html! {
            ul.sentences { @for sentence in &facts.bands.sentences { li { (sentence) } } }
        }))
    }
}

fn overall(facts: &ReportFacts) -> String {
    let total = |value: fn(&GroupOutcome) -> u32| {
        let words = Interval::of(facts.each(move |summary| summary.groups.iter().map(value).sum()));
        words.map_or_else(|| "-".to_owned(), |found| interval_words(&found))
    };
    let deaths = Interval::of(facts.each(ReplicateSummary::deaths)).map_or_else(String::new, |d| interval_words(&d));
    let away = Interval::of(facts.each(|summary| summary.people_away_end));
    let fled = match away {
        Some(away) if facts.has(&["displacement"]) => {
            format!(" At the end {} people are away from their homes.", interval_words(&away))
        }
        _ => String::new(),
    };
    format!(
        "In the run, {deaths} people die, among them {} civilians. {} join an armed group. {} desert, {} go over to \
         another group, and {} leave the country.{fled}",
        total(|group| group.civilians_killed),
        total(|group| group.joined),
        total(|group| group.deserted),
        total(|group| group.defected),
        total(|group| group.departed),
    )
}

fn by_group(facts: &ReportFacts) -> Markup {
    let has_turns = facts.has(&["allegiance"]);
    let mut header =
        texts(["group", "at start", "at end", "killed", "joined", "deserted", "defected", "departed", "taken in"]);
    if has_turns {
        header.push("caught".to_owned());
    }
    header.push("civilians it killed".to_owned());
    let rows: Vec<Vec<String>> = facts
        .setting
        .groups
        .iter()
        .enumerate()
        .map(|(group, named)| {
            let column = |value: fn(&GroupOutcome) -> u32| spread(facts.each(move |r| value(&r.groups[group])), WHOLE);
            let mut row = vec![
                named.name.clone(),
                number(f64::from(facts.setup.groups[group].members), WHOLE),
                column(|g| g.members_end),
                column(|g| g.dead),
                column(|g| g.joined),
                column(|g| g.deserted),
                column(|g| g.defected),
                column(|g| g.departed),
                column(|g| g.arrived),
            ];
            if has_turns {
                row.push(column(|g| g.captured));
            }
            row.push(column(|g| g.civilians_killed));
            row
        })
        .collect();
    let caption = format!("Members, deaths, joins and exits by group{}", brackets(facts));
    table(&caption, &header, &rows)
}

/// What the brackets of a table are.
pub(super) fn brackets(facts: &ReportFacts) -> String {
    match facts.n_replicates() {
        1 => String::new(),
        n => format!(": median of {} (90% interval)", count(n, "replicate")),
    }
}

fn incidents(facts: &ReportFacts) -> Markup {
    let mut kinds: Vec<_> = facts.replicates.iter().flat_map(|replicate| replicate.incidents.keys().copied()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let rows: Vec<Vec<String>> = kinds
        .into_iter()
        .map(|kind| {
            let of_kind = facts.replicates.iter().map(|r| f64::from(r.incidents.get(&kind).copied().unwrap_or(0)));
            vec![plain(kind.word()), spread(of_kind, WHOLE)]
        })
        .collect();
    html! {
        @if rows.is_empty() { p { "No incident happened." } }
        @else { (table(&format!("Incidents by kind{}", brackets(facts)), &texts(["kind", "incidents"]), &rows)) }
    }
}

/// Groups with less than this share of a governorate aren't shown there.
const SMALLEST_SHARE: f64 = 0.01;

fn control(facts: &ReportFacts) -> Markup {
    let Some(first) = facts.replicates.first() else {
        return html! {};
    };
    let mut rows = Vec::new();
    for (at, governorate) in first.summary.governorates.iter().enumerate() {
        for (group, named) in facts.setting.groups.iter().enumerate() {
            let start = governorate.start.get(group).copied().unwrap_or(0.0);
            let ends: Vec<f64> =
                facts.summaries().filter_map(|summary| summary.governorates.get(at)?.end.get(group).copied()).collect();
            let highest = ends.iter().copied().fold(start, f64::max);
            if highest >= SMALLEST_SHARE {
                rows.push(vec![
                    governorate.name.clone(),
                    named.name.clone(),
                    format!("{}%", number(100.0 * start, 0)),
                    spread(ends.iter().map(|share| 100.0 * share), 0) + "%",
                ]);
            }
        }
    }
    let caption = format!("Control by governorate, as share of inhabitants{}", brackets(facts));
    folded(
        "Control of the population by governorate",
        &table(&caption, &texts(["governorate", "group", "at start", "at end"]), &rows),
    )
}
