//! Deaths: by side and class, over time, and where.

use crate::summary::{CHART_WIDTH, WIDTH, group_name};
use crate::text::{number, sparkline, spread, table, wrap};
use allegiance_record::intervals::median;
use allegiance_record::summary::SummaryInput;
use allegiance_record::summary::{GroupOutcome, ReplicateSummary};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What counts as a death, here and wherever the laboratory speaks of deaths.
const DEFINITION: &str = "Deaths are members killed in combat and strikes, dead of wounds, or executed by either side, \
and civilians killed by a group: the running totals dead plus civilians_killed of the table groups. Incidents count \
those of wounds on the day of the fight; executions by their own side belong to no incident.";

/// How many of the worst days and places are shown.
const N_WORST: usize = 5;

pub(super) fn deaths_section(input: &SummaryInput<'_>) -> String {
    let mut text = String::from("DEATHS\n");
    let rows: Vec<Vec<String>> = (0..input.setup.n_groups())
        .map(|group| {
            let column = |value: fn(&GroupOutcome) -> u32| spread(input.each(move |r| value(&r.groups[group])), 0);
            vec![
                group_name(input, group),
                column(|g| g.dead),
                column(|g| g.dead_combat + g.dead_wounds),
                column(|g| g.dead_strikes),
                column(|g| g.executed_by_enemy),
                column(|g| g.executed_by_own),
                column(|g| g.civilians_killed),
            ]
        })
        .collect();
    let header = ["", "members killed", "in combat", "strikes", "executed", "by own side", "civilians it killed"];
    text.push_str(&table(&header, &rows));
    let civilians = |replicate: &ReplicateSummary| replicate.groups.iter().map(|g| g.civilians_killed).sum();
    let _ = writeln!(
        text,
        "  All deaths: {}, of them civilians: {}.",
        spread(input.each(ReplicateSummary::deaths), 0),
        spread(input.each(civilians), 0),
    );
    text.push_str(&wrap(DEFINITION, WIDTH, "  "));
    let _ = writeln!(
        text,
        "  An observer would have reported {} in {} of {} deadly incidents.",
        spread(input.each(|r| r.deaths_reported), 0),
        spread(input.each(|r| r.n_reported), 0),
        spread(input.each(|r| r.n_deadly_incidents), 0),
    );
    text.push_str(&over_time(input));
    text
}

/// Medians by week: of the deaths of the week, and of all deaths until its end.
/// The median of a sum isn't the sum of medians, so each replicate is added up first.
fn over_time(input: &SummaryInput<'_>) -> String {
    let n_weeks = (input.setup.n_days as usize).div_ceil(7);
    let medians = |days_of_week: &dyn Fn(usize) -> std::ops::Range<usize>| -> Vec<f64> {
        let of_week = |week| median(input.each(|replicate| replicate.deaths_in(days_of_week(week))));
        (0..n_weeks).map(|week| of_week(week).unwrap_or(0.0)).collect()
    };
    let weekly = medians(&|week| 7 * week..7 * week + 7);
    let cumulative = medians(&|week| 0..7 * week + 7);
    format!(
        "  by week      {}  (highest {})\n  cumulative   {}  (to {})\n",
        sparkline(&weekly, CHART_WIDTH),
        highest(&weekly),
        sparkline(&cumulative, CHART_WIDTH),
        highest(&cumulative)
    )
}

fn highest(values: &[f64]) -> String {
    number(values.iter().copied().fold(0.0, f64::max), 0)
}

pub(super) fn worst_section(input: &SummaryInput<'_>) -> String {
    let n = input.replicates.len().max(1) as f64;
    let mut days: BTreeMap<usize, f64> = BTreeMap::new();
    let mut places: BTreeMap<u32, f64> = BTreeMap::new();
    for replicate in input.replicates {
        for (day, &dead) in replicate.deaths_by_day.iter().enumerate().filter(|&(_, &dead)| dead > 0) {
            *days.entry(day).or_default() += f64::from(dead) / n;
        }
        for &(place, dead) in &replicate.deadliest_places {
            *places.entry(place).or_default() += f64::from(dead) / n;
        }
    }
    if days.is_empty() && places.is_empty() {
        return String::new();
    }
    let digits = usize::from(input.replicates.len() > 1);
    let what =
        if digits > 0 { "mean deaths per replicate; of places, in incidents" } else { "of places, in incidents" };
    let mut text = format!("DEADLIEST ({what})\n");
    let day_words: Vec<String> = largest(days)
        .into_iter()
        .map(|(day, dead)| format!("{} {}", input.setup.start.plus_days(day as u32), number(dead, digits)))
        .collect();
    let place_words: Vec<String> = largest(places)
        .into_iter()
        .filter_map(|(place, dead)| {
            let place = input.setup.places.get(place as usize)?;
            Some(format!("{} {}", place.name, number(dead, digits)))
        })
        .collect();
    let _ = writeln!(text, "  days    {}", day_words.join(" · "));
    let _ = writeln!(text, "  places  {}", place_words.join(" · "));
    text
}

/// The largest entries, in falling order.
fn largest<K: Ord + Copy>(values: BTreeMap<K, f64>) -> Vec<(K, f64)> {
    let mut ranked: Vec<(K, f64)> = values.into_iter().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked.truncate(N_WORST);
    ranked
}
