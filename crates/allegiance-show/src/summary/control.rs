//! Control of the population, strength of the groups, and what most replicates agree on.

use crate::summary::{CHART_WIDTH, WIDTH, group_name};
use crate::text::{number, sparkline, spread, table, wrap};
use allegiance_record::intervals::median;
use allegiance_record::summary::SummaryInput;
use allegiance_record::summary::{GovernorateControl, ReplicateSummary};

/// Groups with less than this share of a governorate aren't shown there.
const SMALLEST_SHARE: f64 = 0.01;

/// Where nobody has more than this share of a governorate, it counts as contested.
const MAJORITY: f64 = 0.5;

pub(super) fn control_section(input: &SummaryInput<'_>) -> String {
    let Some(first) = input.replicates.first() else {
        return String::new();
    };
    let mut rows = Vec::new();
    for (at, governorate) in first.governorates.iter().enumerate() {
        let mut name = governorate.name.clone();
        for group in 0..input.setup.n_groups() {
            let start = share_of(governorate, group, false);
            let ends: Vec<f64> = ends_of(input, at, group);
            let middle = median(ends.iter().copied()).unwrap_or(0.0);
            if start.max(middle) < SMALLEST_SHARE {
                continue;
            }
            rows.push(vec![
                std::mem::take(&mut name),
                group_name(input, group),
                format!("{}%", number(100.0 * start, 0)),
                spread(ends.iter().map(|share| 100.0 * share), 0) + "%",
                bar(start, '░'),
                bar(middle, '█'),
            ]);
        }
    }
    // The second column is flush left like the first, and so are the bars.
    for column in [1, 4, 5] {
        let width = rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        for row in &mut rows {
            row[column] = crate::text::pad_end(&row[column], width);
        }
    }
    let header = ["", "", "start", "end", "start", "end"];
    format!("CONTROL OF THE POPULATION (share of inhabitants)\n{}", table(&header, &rows))
}

fn share_of(governorate: &GovernorateControl, group: usize, is_end: bool) -> f64 {
    let shares = if is_end { &governorate.end } else { &governorate.start };
    shares.get(group).copied().unwrap_or(0.0)
}

fn ends_of(input: &SummaryInput<'_>, at: usize, group: usize) -> Vec<f64> {
    input
        .replicates
        .iter()
        .filter_map(|replicate| Some(share_of(replicate.governorates.get(at)?, group, true)))
        .collect()
}

/// A bar of up to ten blocks.
fn bar(share: f64, block: char) -> String {
    std::iter::repeat_n(block, (10.0 * share).round().clamp(0.0, 10.0) as usize).collect()
}

pub(super) fn strength_section(input: &SummaryInput<'_>) -> String {
    let rows: Vec<Vec<String>> = (0..input.setup.n_groups())
        .map(|group| {
            let n_weeks = input
                .replicates
                .iter()
                .map(|replicate| replicate.groups[group].members_by_week.len())
                .max()
                .unwrap_or(0);
            let start = f64::from(input.setup.groups[group].members);
            let mut line = vec![start];
            line.extend((0..n_weeks).map(|week| {
                let values = input.replicates.iter().filter_map(|r| r.groups[group].members_by_week.get(week));
                median(values.map(|&members| f64::from(members))).unwrap_or(0.0)
            }));
            vec![
                group_name(input, group),
                number(start, 0),
                spread(input.each(|r| r.groups[group].members_end), 0),
                spread(input.each(|r| r.groups[group].foreign_end), 0),
                sparkline(&line, CHART_WIDTH),
            ]
        })
        .collect();
    let header = ["", "start", "end", "of them foreign", "by week"];
    format!("STRENGTH (active members)\n{}", table(&header, &rows))
}

/// The heading above what replicates agree on.
pub(super) const AGREED: &str = "WHAT THE REPLICATES AGREE ON";

pub(super) fn statements_section(input: &SummaryInput<'_>) -> String {
    let names: Vec<String> = (0..input.setup.n_groups()).map(|group| group_name(input, group)).collect();
    let sentences = statements(input.replicates, &names);
    if sentences.is_empty() {
        return String::new();
    }
    let mut text = format!("{AGREED}\n");
    for sentence in sentences {
        text.push_str(&wrap(&sentence, WIDTH, "  "));
    }
    text
}

/// What replicates agree on, as sentences; none where there is only one.
pub fn statements(replicates: &[ReplicateSummary], names: &[String]) -> Vec<String> {
    let n_all = replicates.len();
    let Some(first) = replicates.first().filter(|_| n_all > 1) else {
        return Vec::new();
    };
    let of_all = |n: usize| format!("In {n} of {n_all} replicates");
    let mut sentences = Vec::new();
    for (at, governorate) in first.governorates.iter().enumerate() {
        let mut wins = vec![0_usize; names.len()];
        for replicate in replicates {
            let leader = (0..wins.len()).max_by(|&a, &b| {
                let share = |group| share_of(&replicate.governorates[at], group, true);
                share(a).total_cmp(&share(b)).then(b.cmp(&a))
            });
            if let Some(leader) = leader.filter(|&group| share_of(&replicate.governorates[at], group, true) > MAJORITY)
            {
                wins[leader] += 1;
            }
        }
        let n_contested = n_all - wins.iter().sum::<usize>();
        let best = (0..wins.len()).max_by_key(|&group| (wins[group], std::cmp::Reverse(group)));
        sentences.push(match best {
            Some(group) if wins[group] >= n_contested.max(1) => {
                let (lead, name) = (of_all(wins[group]), &names[group]);
                format!(
                    "{lead} most inhabitants of the scenario's places in {} are under {name} at the end.",
                    governorate.name
                )
            }
            _ => format!(
                "{} no group has most inhabitants of the scenario's places in {} under it at the end.",
                of_all(n_contested),
                governorate.name
            ),
        });
    }
    for (group, name) in names.iter().enumerate() {
        let is_smaller = |r: &&ReplicateSummary| r.groups[group].members_end < r.groups[group].members_start;
        let lead = of_all(replicates.iter().filter(is_smaller).count());
        sentences.push(format!("{lead} the members of {name} are fewer at the end than at the start."));
    }
    sentences
}
