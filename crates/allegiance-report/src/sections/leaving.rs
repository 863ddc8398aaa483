//! Why people left, and what came of complaints.

use super::happened::brackets;
use crate::facts::{N_EXITS, ReportFacts};
use crate::html::{data, folded, plain, table, texts};
use crate::svg::{IntervalBar, interval_bars};
use allegiance_model::exits::{BLOCKS, N_BLOCKS};
use allegiance_model::tables::{AllegianceKind, Cause, ExitKind, Outcome};
use allegiance_record::intervals::Interval;
use allegiance_record::summary::{ReplicateSummary, Tally};
use allegiance_show::factors::{factor, factor_under, factors_explained};
use allegiance_show::text::{number, spread, thousands};
use maud::{Markup, html};

const NEEDS: [&str; 1] = ["allegiance"];

pub(crate) fn section(facts: &ReportFacts) -> Markup {
    if !facts.has(&NEEDS) {
        return html! { p { (facts.left_out(&NEEDS)) } };
    }
    html! {
        p {
            "Each decision to leave is drawn from a hazard that is split into blocks. The bars count leavers by their "
            "strongest factor. That is the model's own account under its theory of exit ("
            (plain(&facts.manifest.theory.exit)) "); leavers asked in a survey might say otherwise. " (factors_explained())
        }
        (main_reasons(facts))
        (contributions(facts))
        (joining(facts))
        h3 { "Complaints and answers" }
        (voice(facts))
    }
}

fn n_of(tallies: &[Tally], kind: AllegianceKind, by: &str) -> u32 {
    tallies.iter().filter(|tally| tally.kind == kind.word() && tally.by == by).map(|tally| tally.n).sum()
}

fn causes(facts: &ReportFacts, kind: AllegianceKind, word: &'static str) -> impl Iterator<Item = f64> {
    facts.each(move |summary| n_of(&summary.causes, kind, word))
}

fn main_reasons(facts: &ReportFacts) -> Markup {
    let own_blocks = facts.manifest.theory.own_words();
    let own_blocks = own_blocks.as_deref();
    // Without a block that adds, nothing is recorded; constant rates say baseline.
    let words: Vec<&'static str> = BLOCKS
        .iter()
        .map(|block| block.cause.word())
        .chain([Cause::Baseline.word(), Cause::WithUnit.word(), ""])
        .collect();
    let bars = |kind: AllegianceKind| -> Vec<IntervalBar> {
        let intervals = words.iter().filter_map(|&word| {
            Some(IntervalBar {
                label: factor_under(own_blocks, word),
                interval: Interval::of(causes(facts, kind, word))?,
            })
        });
        intervals.collect()
    };
    let titles = ["Left the war", "Went over to another group", "Left the country"];
    let drawn: Vec<Vec<IntervalBar>> = ExitKind::ALL.iter().map(|exit| bars(exit.turn())).collect();
    let is_used = |at: usize| drawn.iter().any(|bars| bars[at].interval.high_90 >= 0.5);
    let used: Vec<usize> = (0..words.len()).filter(|&at| is_used(at)).collect();
    if used.is_empty() {
        return html! { p { "Nobody left." } };
    }
    let rows: Vec<Vec<String>> = used
        .iter()
        .map(|&at| {
            let cells = ExitKind::ALL.iter().map(|exit| spread(causes(facts, exit.turn(), words[at]), 0));
            std::iter::once(factor_under(own_blocks, words[at])).chain(cells).collect()
        })
        .collect();
    let alt = |title: &str, bars: &[IntervalBar]| {
        let parts: Vec<String> =
            bars.iter().map(|bar| format!("{} {}", bar.label, number(bar.interval.median, 0))).collect();
        format!("Bar chart. {title}, by their strongest factor: {}.", parts.join("; "))
    };
    html! {
        figure {
            figcaption {
                b { "Leavers by their strongest factor" } " "
                span { "people; each panel has its own scale" @if facts.n_replicates() > 1 { "; whiskers are 90% intervals" } }
            }
            div.three {
                @for (title, bars) in titles.into_iter().zip(&drawn) {
                    @let bars: Vec<IntervalBar> = used.iter().map(|&at| bars[at].clone()).collect();
                    @let highest = bars.iter().map(|bar| bar.interval.high_90).fold(0.0, f64::max);
                    div { h3 { (title) } (interval_bars(&alt(title, &bars), &bars, highest)) }
                }
            }
            (data(&format!("Leavers by their strongest factor{}", brackets(facts)), &texts(["factor", "deserted", "defected", "departed"]), &rows))
        }
    }
}

/// Mean contributions over all leavers of all replicates.
fn contributions(facts: &ReportFacts) -> Markup {
    let pooled: Vec<(u32, [f64; N_BLOCKS])> = (0..N_EXITS)
        .map(|way| {
            let mut total = (0, [0.0; N_BLOCKS]);
            for blocks in facts.replicates.iter().map(|replicate| &replicate.blocks[way]) {
                total.0 += blocks.n;
                for (sum, more) in total.1.iter_mut().zip(blocks.sums) {
                    *sum += more;
                }
            }
            total
        })
        .collect();
    if pooled.iter().all(|(n, _)| *n == 0) {
        return html! {};
    }
    let rows: Vec<Vec<String>> = BLOCKS
        .iter()
        .enumerate()
        .map(|(at, block)| {
            let mean = |(n, sums): &(u32, [f64; N_BLOCKS])| {
                if *n == 0 { "–".to_owned() } else { format!("{:+.2}", sums[at] / f64::from(*n)) }
            };
            std::iter::once(plain(block.cause.word())).chain(pooled.iter().map(mean)).collect()
        })
        .collect();
    let caption = format!(
        "Mean contribution of each block to the log-hazard of those who left ({} deserters, {} defectors, {} departed, over all replicates)",
        thousands(u64::from(pooled[0].0)),
        thousands(u64::from(pooled[1].0)),
        thousands(u64::from(pooled[2].0))
    );
    folded(
        "How much each block added to their hazard",
        &html! {
            p {
                "A contribution of +0.69 doubles the hazard, one of -0.69 halves it. These are means over those who left, "
                "not over all members, so they show what leavers had in common and not what makes anyone leave."
            }
            (table(&caption, &texts(["block", "deserted", "defected", "departed"]), &rows))
        },
    )
}

fn joining(facts: &ReportFacts) -> Markup {
    let words = Cause::WORDS.iter().copied().chain([""]);
    let rows: Vec<Vec<String>> = words
        .filter(|&word| causes(facts, AllegianceKind::Join, word).any(|n| n > 0.0))
        .map(|word| vec![factor(word), spread(causes(facts, AllegianceKind::Join, word), 0)])
        .collect();
    if rows.is_empty() {
        return html! {};
    }
    folded(
        "Why people joined",
        &table(&format!("Joins by their strongest factor{}", brackets(facts)), &texts(["factor", "joined"]), &rows),
    )
}

fn voice(facts: &ReportFacts) -> Markup {
    let complaints = || facts.each(|summary: &ReplicateSummary| summary.n_of(AllegianceKind::Voice));
    if complaints().all(|n| n == 0.0) {
        return html! { p { "Nobody complained to a commander." } };
    }
    let mut rows = vec![vec!["complaints".to_owned(), String::new(), spread(complaints(), 0)]];
    for (kind, label) in [
        (AllegianceKind::Answer, "the commander's answer"),
        (AllegianceKind::Settlement, "the offer of restitution is"),
        (AllegianceKind::Arrival, "the new group's answer to those who come over"),
    ] {
        for &outcome in Outcome::WORDS {
            let of_outcome = || facts.each(move |summary| n_of(&summary.outcomes, kind, outcome));
            if of_outcome().any(|n| n > 0.0) {
                rows.push(vec![label.to_owned(), plain(outcome), spread(of_outcome(), 0)]);
            }
        }
    }
    let caption = format!("Complaints and what came of them{}", brackets(facts));
    table(&caption, &texts(["what", "outcome", "people"]), &rows)
}
