//! Summary statistics of a reported record: how many died, of whom, by whom,
//! where and when. Counts enter as `ln(1 + n)`.

use crate::inference::record::SeenEvent;
use allegiance_model::ids::GroupId;
use allegiance_model::maths::{ln, sqrt};
use allegiance_model::setup::Setup;
use allegiance_record::observe::Violence;
use std::collections::BTreeMap;

/// Windows of equal length into which the run is cut.
const N_WINDOWS: usize = 6;

/// Position of the number of events among the summaries of a record, as `ln(1 + n)`.
pub(super) const EVENTS: usize = 0;

/// Names and values, in a fixed order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summaries {
    /// The names.
    pub names: Vec<String>,
    /// The values, all finite.
    pub values: Vec<f64>,
}

impl Summaries {
    /// Appends a value; one that doesn't exist, such as a share of nothing, is 0.
    pub(crate) fn push(&mut self, name: impl Into<String>, value: f64) {
        self.names.push(name.into());
        self.values.push(if value.is_finite() { value } else { 0.0 });
    }

    /// Appends `ln(1 + n)` of a count.
    pub(crate) fn push_count(&mut self, name: impl Into<String>, count: f64) {
        self.push(name, ln(1.0 + count));
    }
}

/// The summaries of a record of a scenario's war.
pub fn summarise_record(events: &[SeenEvent], setup: &Setup) -> Summaries {
    let mut summaries = Summaries::default();
    whole(&mut summaries, events);
    by_violence(&mut summaries, events);
    by_group(&mut summaries, events, setup);
    by_dyad(&mut summaries, events, setup);
    in_time(&mut summaries, events, f64::from(setup.n_days));
    in_space(&mut summaries, events);
    summaries
}

fn total(events: &[SeenEvent], of: impl Fn(&SeenEvent) -> f64) -> f64 {
    events.iter().map(of).sum()
}

fn whole(summaries: &mut Summaries, events: &[SeenEvent]) {
    let n = events.len() as f64;
    let dead = total(events, SeenEvent::best);
    summaries.push_count("events", n);
    summaries.push_count("deaths", dead);
    summaries.push_count("deaths low", total(events, |event| f64::from(event.low)));
    summaries.push_count("deaths high", total(events, |event| f64::from(event.high)));
    let share = |part: f64| part / dead;
    summaries.push("civilian share", share(total(events, |event| f64::from(event.deaths_civilians))));
    summaries.push("unknown share", share(total(events, |event| f64::from(event.deaths_unknown))));
    summaries.push_count("deaths an event", dead / n.max(1.0));
    let largest = events.iter().map(SeenEvent::best).fold(0.0, f64::max);
    summaries.push_count("deaths in the worst event", largest);
    summaries.push("share of the worst event", share(largest));
    let n_small = events.iter().filter(|event| event.best() <= 1.0).count() as f64;
    summaries.push("share of events with one dead", n_small / n);
    let n_large = events.iter().filter(|event| event.best() >= 5.0).count() as f64;
    summaries.push_count("events with five dead", n_large);
    let n_exact = events.iter().filter(|event| event.where_prec == 1).count() as f64;
    summaries.push("share located exactly", n_exact / n);
}

fn by_violence(summaries: &mut Summaries, events: &[SeenEvent]) {
    for violence in Violence::ALL {
        let word = violence.word();
        let of_type = |event: &&SeenEvent| event.violence == violence;
        summaries.push_count(format!("{word} events"), events.iter().filter(of_type).count() as f64);
        summaries.push_count(format!("{word} deaths"), events.iter().filter(of_type).map(SeenEvent::best).sum());
        let civilians = events.iter().filter(of_type).map(|event| f64::from(event.deaths_civilians)).sum();
        summaries.push_count(format!("{word} civilian deaths"), civilians);
    }
}

fn by_group(summaries: &mut Summaries, events: &[SeenEvent], setup: &Setup) {
    for (at, group) in setup.groups.iter().enumerate() {
        let (id, at) = (&group.id, GroupId::from_idx(at));
        let lost = |event: &SeenEvent| {
            let a = if event.side_a == at { event.deaths_a } else { 0 };
            let b = if event.side_b == Some(at) { event.deaths_b } else { 0 };
            f64::from(a + b)
        };
        let against_civilians = |event: &&SeenEvent| event.side_a == at && event.side_b.is_none();
        summaries.push_count(format!("dead of {id}"), total(events, lost));
        summaries.push_count(
            format!("attacks on civilians by {id}"),
            events.iter().filter(against_civilians).count() as f64,
        );
        summaries.push_count(
            format!("civilians killed by {id}"),
            events.iter().filter(against_civilians).map(SeenEvent::best).sum(),
        );
    }
}

fn by_dyad(summaries: &mut Summaries, events: &[SeenEvent], setup: &Setup) {
    for (a, first) in setup.groups.iter().enumerate() {
        for (b, second) in setup.groups.iter().enumerate().skip(a + 1) {
            let (a, b) = (GroupId::from_idx(a), GroupId::from_idx(b));
            let is_of_dyad = |event: &&SeenEvent| {
                (event.side_a, event.side_b) == (a, Some(b)) || (event.side_a, event.side_b) == (b, Some(a))
            };
            let of_dyad: Vec<&SeenEvent> = events.iter().filter(is_of_dyad).collect();
            let dyad = format!("between {} and {}", first.id, second.id);
            summaries.push_count(format!("events {dyad}"), of_dyad.len() as f64);
            summaries.push_count(format!("deaths {dyad}"), of_dyad.iter().map(|event| event.best()).sum());
        }
    }
}

fn in_time(summaries: &mut Summaries, events: &[SeenEvent], n_days: f64) {
    let mut by_window = [[0.0; 3]; N_WINDOWS];
    for event in events {
        let window = ((event.day / n_days * N_WINDOWS as f64) as usize).min(N_WINDOWS - 1);
        by_window[window][0] += 1.0;
        by_window[window][1] += event.best();
        by_window[window][2] += f64::from(event.deaths_civilians);
    }
    for (window, [n, dead, civilians]) in by_window.iter().enumerate() {
        summaries.push_count(format!("events in window {}", window + 1), *n);
        summaries.push_count(format!("deaths in window {}", window + 1), *dead);
        summaries.push_count(format!("civilian deaths in window {}", window + 1), *civilians);
    }
    let dead = total(events, SeenEvent::best);
    let mean_day = total(events, |event| event.best() * event.day) / dead;
    let spread = total(events, |event| event.best() * (event.day - mean_day) * (event.day - mean_day)) / dead;
    summaries.push("mean day of a death", mean_day / n_days);
    summaries.push("spread of the days of deaths", sqrt(spread) / n_days);
    let mut days: Vec<f64> = events.iter().map(|event| event.day).collect();
    days.sort_by(f64::total_cmp);
    let first = days.first().copied().unwrap_or(n_days);
    let gap = days.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
    summaries.push("day of the first event", first / n_days);
    summaries.push("longest gap", gap / n_days);
    let dead_of = by_window.map(|[_, dead, _]| ln(1.0 + dead));
    let mean = dead_of.iter().sum::<f64>() / N_WINDOWS as f64;
    let variance: f64 = dead_of.iter().map(|x| (x - mean) * (x - mean)).sum();
    let lagged: f64 = dead_of.windows(2).map(|pair| (pair[0] - mean) * (pair[1] - mean)).sum();
    summaries.push("autocorrelation of windows", lagged / variance);
    let changes: f64 = dead_of.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum();
    summaries.push("mean change between windows", changes / (N_WINDOWS - 1) as f64);
}

fn in_space(summaries: &mut Summaries, events: &[SeenEvent]) {
    let mut of_point: BTreeMap<[i64; 2], (f64, f64)> = BTreeMap::new();
    for event in events {
        let (n, dead) = of_point.entry(event.point).or_default();
        *n += 1.0;
        *dead += event.best();
    }
    let dead = total(events, SeenEvent::best);
    let mut shares: Vec<f64> = of_point.values().map(|(_, of_point)| of_point / dead).collect();
    shares.sort_by(|a, b| b.total_cmp(a));
    summaries.push_count("places named", of_point.len() as f64);
    summaries.push("concentration of deaths in places", shares.iter().map(|share| share * share).sum());
    summaries.push("share of the deadliest place", shares.first().copied().unwrap_or(0.0));
    let n_repeated = of_point.values().filter(|(n, _)| *n >= 2.0).count() as f64;
    summaries.push_count("places named twice or more", n_repeated);
}
