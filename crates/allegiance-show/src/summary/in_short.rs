//! The answer first: what happened, who gained and lost, who left and why, how
//! sure that is, and what doesn't follow.

use super::control::AGREED;
use crate::difference::few_note;
use crate::factors::factor_under;
use crate::text::{count, number, pad_end, spread, thousands, wrap};
use allegiance_model::setup::Setup;
use allegiance_model::tables::{AllegianceKind, ExitKind};
use allegiance_model::theory::{OwnTheory, Slot};
use allegiance_record::intervals::median;
use allegiance_record::summary::{GroupOutcome, ReplicateSummary};
use std::collections::BTreeMap;

/// A line of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about, in a word or three.
    pub topic: &'static str,
    /// What was found.
    pub text: String,
}

/// A change of the share of inhabitants under a group that is told.
const LEAST_CHANGE: f64 = 0.01;
/// Strongest factors that are told.
const N_FACTORS: usize = 3;

/// The answer of a run, a line each.
pub fn in_short(setup: &Setup, replicates: &[ReplicateSummary]) -> Vec<Finding> {
    if replicates.is_empty() {
        return Vec::new();
    }
    let run = Run { setup, replicates };
    let mut found = vec![Finding { topic: "What happened", text: run.what_happened() }];
    let (gained, lost) = run.who_gained_and_lost();
    found.push(Finding { topic: "Who gained", text: gained });
    found.push(Finding { topic: "Who lost", text: lost });
    found.push(Finding { topic: "Who left", text: run.who_left() });
    found.extend(run.why().map(|text| Finding { topic: "Why they left", text }));
    found.push(Finding { topic: "How sure", text: run.how_sure() });
    found.push(Finding { topic: "What doesn't follow", text: format!("{WHAT_NOT}{}", at_scale(setup)) });
    found
}

const WHAT_NOT: &str = "This is no forecast, and no account of what happened. It says nothing of what caused what: \
that takes the same war with and without the cause, on the same random draws.";

/// What a smaller population makes of counts.
fn at_scale(setup: &Setup) -> String {
    match setup.scale.get() {
        1 => String::new(),
        scale => {
            let times = thousands(u64::from(scale));
            format!(
                " Only one in {times} of the people is simulated: numbers of people here are to be multiplied by {times}, numbers of incidents are not."
            )
        }
    }
}

/// The answer as text, under a heading.
pub(super) fn in_short_section(setup: &Setup, replicates: &[ReplicateSummary]) -> String {
    let found = in_short(setup, replicates);
    let width = found.iter().map(|finding| finding.topic.chars().count()).max().unwrap_or(0) + 2;
    let margin = " ".repeat(2 + width);
    let mut text = format!("{HEADING}\n");
    for Finding { topic, text: told } in &found {
        let lines = wrap(told, super::WIDTH - margin.len(), &margin);
        text.push_str("  ");
        text.push_str(&pad_end(topic, width));
        text.push_str(&lines[margin.len()..]);
    }
    text
}

/// Where the answer begins.
const HEADING: &str = "IN SHORT";

/// What a summary says before its tables: its title and the answer.
pub fn beginning_of(summary: &str) -> String {
    let mut sections = summary.split("\n\n");
    let first: Vec<&str> = sections.by_ref().take(1).collect();
    let answer = sections.find(|section| section.starts_with(HEADING));
    first.into_iter().chain(answer).map(|section| format!("{}\n", section.trim_end())).collect::<Vec<_>>().join("\n")
}

/// A summary without what the replicates agree on sentence by sentence, which the answer sums up.
pub fn usual_of(summary: &str) -> String {
    let usual: Vec<&str> = summary.split("\n\n").filter(|section| !section.starts_with(AGREED)).collect();
    let text = usual.join("\n\n");
    format!("{}\n", text.trim_end())
}

struct Run<'a> {
    setup: &'a Setup,
    replicates: &'a [ReplicateSummary],
}

impl Run<'_> {
    fn each(&self, value: impl Fn(&ReplicateSummary) -> u32) -> String {
        spread(self.replicates.iter().map(|replicate| f64::from(value(replicate))), 0)
    }

    fn total(&self, value: fn(&GroupOutcome) -> u32) -> String {
        self.each(|replicate| replicate.groups.iter().map(value).sum())
    }

    fn name(&self, group: usize) -> &str {
        &self.setup.groups[group].name
    }

    fn what_happened(&self) -> String {
        format!(
            "In {} {} people are killed, {} of them civilians; {} incidents kill somebody. At the end {} people are \
             away from home.",
            count(self.setup.n_days as usize, "day"),
            self.each(ReplicateSummary::deaths),
            self.total(|group| group.civilians_killed),
            self.each(|replicate| replicate.n_deadly_incidents),
            self.each(|replicate| replicate.people_away_end),
        )
    }

    /// Shares of all inhabitants under a group, at the start and at the end of each replicate.
    fn shares(&self, group: usize) -> (f64, Vec<f64>) {
        let mut people: BTreeMap<&str, f64> = BTreeMap::new();
        for place in &self.setup.places {
            *people.entry(&place.governorate).or_default() += f64::from(place.population);
        }
        let all: f64 = people.values().sum::<f64>().max(1.0);
        let share = |replicate: &ReplicateSummary, is_end: bool| -> f64 {
            let weighted = replicate.governorates.iter().map(|governorate| {
                let shares = if is_end { &governorate.end } else { &governorate.start };
                let weight = people.get(governorate.name.as_str()).copied().unwrap_or(0.0);
                weight * shares.get(group).copied().unwrap_or(0.0)
            });
            weighted.sum::<f64>() / all
        };
        let ends = self.replicates.iter().map(|replicate| share(replicate, true)).collect();
        (share(&self.replicates[0], false), ends)
    }

    fn who_gained_and_lost(&self) -> (String, String) {
        let mut changes: Vec<(f64, String)> = (0..self.setup.n_groups())
            .map(|group| {
                let (start, ends) = self.shares(group);
                let change = median(ends.iter().copied()).unwrap_or(start) - start;
                let end = percent(&spread(ends.into_iter().map(|share| 100.0 * share), 0));
                let words =
                    format!("{}, from {}% to {end} of the inhabitants", self.name(group), number(100.0 * start, 0));
                (change, words)
            })
            .filter(|(change, _)| change.abs() >= LEAST_CHANGE)
            .collect();
        changes.sort_by(|a, b| b.0.total_cmp(&a.0));
        let told = |words: Vec<&String>, none: &str| {
            if words.is_empty() {
                none.to_owned()
            } else {
                format!("{}.", words.into_iter().map(String::as_str).collect::<Vec<_>>().join("; "))
            }
        };
        let gained = changes.iter().filter(|(change, _)| *change > 0.0).map(|(_, words)| words).collect();
        let lost = changes.iter().rev().filter(|(change, _)| *change < 0.0).map(|(_, words)| words).collect();
        (
            told(gained, "Nobody: no group has control of one inhabitant in a hundred more than at the start."),
            told(lost, "Nobody: no group has control of one inhabitant in a hundred less than at the start."),
        )
    }

    fn who_left(&self) -> String {
        let exits = |group: &GroupOutcome| group.deserted + group.defected + group.departed;
        let members: u32 = self.setup.groups.iter().map(|group| group.members).sum();
        let most = (0..self.setup.n_groups()).max_by_key(|&group| {
            let sum: u64 = self.replicates.iter().map(|replicate| u64::from(exits(&replicate.groups[group]))).sum();
            (sum, std::cmp::Reverse(group))
        });
        let from = most.filter(|&group| self.replicates.iter().any(|replicate| exits(&replicate.groups[group]) > 0));
        let from = from.map_or_else(String::new, |group| {
            let n = self.each(|replicate| exits(&replicate.groups[group]));
            format!(" Most leave {}: {n}.", self.name(group))
        });
        format!(
            "{} desert, {} go over to another group and {} leave the country, of {} members at the start and {} who \
             join.{from}",
            self.total(|group| group.deserted),
            self.total(|group| group.defected),
            self.total(|group| group.departed),
            number(f64::from(members), 0),
            self.total(|group| group.joined),
        )
    }

    /// Strongest factors by their share of all exits of all replicates.
    fn why(&self) -> Option<String> {
        let own_blocks = self.setup.own_in(Slot::Exit).map(OwnTheory::words);
        let kinds: Vec<&str> = ExitKind::ALL.iter().map(|exit| AllegianceKind::word(exit.turn())).collect();
        let mut causes: BTreeMap<&str, u32> = BTreeMap::new();
        for tally in self.replicates.iter().flat_map(|replicate| &replicate.causes) {
            if kinds.contains(&tally.kind.as_str()) {
                *causes.entry(&tally.by).or_default() += tally.n;
            }
        }
        let all: u32 = causes.values().sum();
        if all == 0 {
            return None;
        }
        let mut ranked: Vec<(&str, u32)> = causes.into_iter().collect();
        ranked.sort_by_key(|&(cause, n)| (std::cmp::Reverse(n), cause));
        let told: Vec<String> = ranked
            .into_iter()
            .take(N_FACTORS)
            .map(|(cause, n)| {
                let percent = number(100.0 * f64::from(n) / f64::from(all), 0);
                format!("{} ({percent}%)", factor_under(own_blocks.as_deref(), cause))
            })
            .collect();
        Some(format!("The strongest factors in the model: {}.", told.join(", ")))
    }

    fn how_sure(&self) -> String {
        let n = self.replicates.len();
        if n == 1 {
            return "This is one possible history; another replicate of the same world would differ.".to_owned();
        }
        let leader = |replicate: &ReplicateSummary| {
            let at = self.replicates.iter().position(|other| std::ptr::eq(other, replicate)).unwrap_or(0);
            (0..self.setup.n_groups()).max_by(|&a, &b| {
                let share = |group: usize| self.shares(group).1[at];
                share(a).total_cmp(&share(b)).then(b.cmp(&a))
            })
        };
        let mut leaders: BTreeMap<usize, usize> = BTreeMap::new();
        for group in self.replicates.iter().filter_map(leader) {
            *leaders.entry(group).or_default() += 1;
        }
        let agreed = leaders.into_iter().max_by_key(|&(group, times)| (times, std::cmp::Reverse(group)));
        let agreed = agreed.map_or_else(String::new, |(group, times)| {
            format!(
                "In {times} of {n} replicates the largest share of the inhabitants is under {} at the end. ",
                self.name(group)
            )
        });
        let few = if few_note(n, "replicate").is_some() {
            " They are few: read the intervals for their size, not their ends."
        } else {
            ""
        };
        format!("{agreed}Numbers are medians of {} with 90% intervals.{few}", count(n, "replicate"))
    }
}

/// A median with its interval, such as `59 (53–64)`, as percent: `59% (53–64)`.
fn percent(spread: &str) -> String {
    spread.split_once(' ').map_or_else(|| format!("{spread}%"), |(median, interval)| format!("{median}% {interval}"))
}

#[cfg(test)]
mod tests {
    use super::{beginning_of, percent};

    #[test]
    fn the_percent_sign_stands_by_the_median() {
        assert_eq!([percent("59 (53–64)"), percent("7")], ["59% (53–64)", "7%"]);
    }

    #[test]
    fn a_summary_begins_with_its_title_and_the_answer() {
        let text = "A war\nSimulated.\n\nIN SHORT\n  What happened  much\n\n2014-01-01 to\n\nDEATHS\n  many\n";
        assert_eq!(beginning_of(text), "A war\nSimulated.\n\nIN SHORT\n  What happened  much\n");
        assert_eq!(beginning_of("An older summary\n\nDEATHS\n"), "An older summary\n");
    }
}
