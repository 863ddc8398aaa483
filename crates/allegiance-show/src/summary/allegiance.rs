//! Joins, exits, their causes, and complaints.

use super::group_name;
use crate::factors::{factor_under, factors_explained};
use crate::summary::WIDTH;
use crate::text::{spread, table, wrap};
use allegiance_model::tables::{AllegianceKind, Cause, ExitKind, Outcome};
use allegiance_model::theory::{OwnTheory, Slot};
use allegiance_record::summary::SummaryInput;
use allegiance_record::summary::{GroupOutcome, ReplicateSummary, Tally};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How many pairs of groups the list of defections shows.
const N_PAIRS: usize = 5;

pub(super) fn moves_section(input: &SummaryInput<'_>) -> String {
    let rows: Vec<Vec<String>> = (0..input.setup.n_groups())
        .map(|group| {
            let column = |value: fn(&GroupOutcome) -> u32| spread(input.each(move |r| value(&r.groups[group])), 0);
            vec![
                group_name(input, group),
                column(|g| g.joined),
                column(|g| g.arrived),
                column(|g| g.deserted),
                column(|g| g.defected),
                column(|g| g.departed),
                column(|g| g.captured),
                column(|g| g.executed_by_own),
            ]
        })
        .collect();
    let header = ["", "joined", "taken in", "deserted", "defected", "departed", "caught", "executed"];
    let mut text = format!("JOINING AND LEAVING\n{}", table(&header, &rows));
    let mut pairs: BTreeMap<(u8, u8), u64> = BTreeMap::new();
    for switch in input.replicates.iter().flat_map(|replicate| &replicate.switches) {
        *pairs.entry((switch.from, switch.to)).or_default() += u64::from(switch.n);
    }
    let mut ranked: Vec<((u8, u8), u64)> = pairs.into_iter().collect();
    ranked.sort_by_key(|&(pair, n)| (std::cmp::Reverse(n), pair));
    for ((from, to), _) in ranked.into_iter().take(N_PAIRS) {
        let of_pair = |replicate: &ReplicateSummary| {
            let is_pair = |switch: &&allegiance_record::summary::Switch| (switch.from, switch.to) == (from, to);
            replicate.switches.iter().filter(is_pair).map(|switch| switch.n).sum()
        };
        let _ = writeln!(
            text,
            "  {} → {}: {}",
            group_name(input, usize::from(from)),
            group_name(input, usize::from(to)),
            spread(input.each(of_pair), 0),
        );
    }
    let _ = writeln!(text, "  People away from home at the end: {}", spread(input.each(|r| r.people_away_end), 0));
    text
}

pub(super) fn causes_section(input: &SummaryInput<'_>) -> String {
    let exits = ExitKind::ALL.iter().map(|exit| exit.turn());
    let kinds: Vec<AllegianceKind> = std::iter::once(AllegianceKind::Join).chain(exits).collect();
    let own_blocks = input.setup.own_in(Slot::Exit).map(OwnTheory::words);
    let rows: Vec<Vec<String>> = Cause::WORDS
        .iter()
        .copied()
        .chain([""])
        .filter(|&cause| kinds.iter().any(|&kind| any(input, |r| &r.causes, kind, cause)))
        .map(|cause| {
            let mut row = vec![factor_under(own_blocks.as_deref(), cause)];
            row.extend(kinds.iter().map(|&kind| spread(input.each(|r| n_of(&r.causes, kind, cause)), 0)));
            row
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let header = ["", "joined", "deserted", "defected", "departed"];
    format!("STRONGEST FACTORS\n{}{}", table(&header, &rows), wrap(&factors_explained(), WIDTH, "  "))
}

pub(super) fn voice_section(input: &SummaryInput<'_>) -> String {
    if input.replicates.iter().all(|replicate| replicate.n_of(AllegianceKind::Voice) == 0) {
        return String::new();
    }
    let mut text =
        format!("VOICE\n  Complaints: {}\n", spread(input.each(|replicate| replicate.n_of(AllegianceKind::Voice)), 0));
    for (kind, label) in [
        (AllegianceKind::Answer, "Answers"),
        (AllegianceKind::Settlement, "Offers"),
        (AllegianceKind::Arrival, "Arrivals"),
    ] {
        let words: Vec<String> = Outcome::WORDS
            .iter()
            .filter(|&&outcome| any(input, |r| &r.outcomes, kind, outcome))
            .map(|&outcome| {
                let n = spread(input.each(|r| n_of(&r.outcomes, kind, outcome)), 0);
                format!("{} {n}", outcome.replace('_', " "))
            })
            .collect();
        if !words.is_empty() {
            let _ = writeln!(text, "  {label}: {}", words.join(" · "));
        }
    }
    text
}

fn n_of(tallies: &[Tally], kind: AllegianceKind, by: &str) -> u32 {
    tallies.iter().filter(|tally| tally.kind == kind.word() && tally.by == by).map(|tally| tally.n).sum()
}

fn any(
    input: &SummaryInput<'_>,
    tallies: impl Fn(&ReplicateSummary) -> &Vec<Tally>,
    kind: AllegianceKind,
    by: &str,
) -> bool {
    input.replicates.iter().any(|replicate| n_of(tallies(replicate), kind, by) > 0)
}
