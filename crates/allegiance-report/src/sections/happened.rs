//! What happened: sentences, then a table by group.

use crate::facts::ReportFacts;
use crate::html::{count, folded, interval_words, plain, table, texts};
use crate::sections::in_short::TABLES;
use allegiance_record::intervals::Interval;
use allegiance_record::summary::{GroupOutcome, ReplicateSummary};
use allegiance_show::summary::statements;
use allegiance_show::text::{number, spread};
use maud::{Markup, html};

/// Digits of numbers of people.
const WHOLE: usize = 0;

pub(crate) fn section(facts: &ReportFacts) -> Markup {
    let summaries: Vec<ReplicateSummary> = facts.summaries().cloned().collect();
    let names: Vec<String> = facts.setting.groups.iter().map(|group| group.name.clone()).collect();
    let agreed = statements(&summaries, &names);
    html! {
        p { (overall(facts)) }
        @if !facts.has(&TABLES) {
            p { (facts.left_out(&TABLES)) }
        } @else if agreed.is_empty() {
            p { "There is one replicate, so nothing below says how likely it is." }
        } @else {
            ul.sentences { @for sentence in &agreed { li { (sentence) } } }
        }
        (by_group(facts))
        @if facts.has(&["incidents"]) { (incidents(facts)) }
        @if facts.has(&["control"]) { (control(facts)) }
        @if !facts.bands.sentences.is_empty() {
            (folded("More sentences, by group", &html! {
                ul.sentences { @for sentence in &facts.bands.sentences { li { (sentence) } } }
            }))
        }
    }
}

fn overall(facts: &ReportFacts) -> String {
    let words = |values: Vec<f64>, lead: &str| {
        Interval::of(values).map_or_else(|| ["–".to_owned(), String::new()], |found| interval_words(&found, lead))
    };
    let total = |value: fn(&GroupOutcome) -> u32| {
        words(facts.each(move |summary| summary.groups.iter().map(value).sum()).collect(), "")
    };
    let [deaths, death_ends] = words(facts.each(ReplicateSummary::deaths).collect(), "90% interval ");
    let [civilians, civilian_ends] = total(|group| group.civilians_killed);
    let [joined, joined_ends] = total(|group| group.joined);
    let [deserted, deserted_ends] = total(|group| group.deserted);
    let [defected, defected_ends] = total(|group| group.defected);
    let [departed, departed_ends] = total(|group| group.departed);
    let fled = if facts.has(&["displacement"]) {
        let [away, ends] = words(facts.each(|summary| summary.people_away_end).collect(), "");
        format!(" At the end {away} people are away from their homes{ends}.")
    } else {
        String::new()
    };
    format!(
        "{deaths} people die{death_ends}, {civilians} of them civilians{civilian_ends}. {joined} join an armed \
         group{joined_ends}; {deserted} leave the war{deserted_ends}, {defected} go over to another \
         group{defected_ends}, and {departed} leave the country{departed_ends}.{fled}"
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
