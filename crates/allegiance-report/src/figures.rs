//! Which figure shows a result.

use crate::experiment::{difference_in_words, sign_of, signed};
use crate::figure::{Figure, Panel, PanelRow};
use crate::sweep::short;
use allegiance_lab::experiment::{ArmOutcome, ExperimentResults};
use allegiance_lab::sensitivity::{Estimate, Sensitivity, Verdict};
use allegiance_show::text::thousands;

/// The differences of an experiment, an outcome a panel.
pub fn figure_of_experiment(results: &ExperimentResults) -> Figure {
    let row = |row: &ArmOutcome| {
        let found = row.difference.as_ref();
        let words = match (results.nothing_came(&row.arm), found.and_then(|found| found.interval)) {
            (None, Some(interval)) => {
                let mean = found.map_or(0.0, |found| found.mean);
                format!("{} [{}, {}]", signed(mean), signed(interval.low), signed(interval.high))
            }
            _ => difference_in_words(results, row),
        };
        PanelRow {
            name: row.arm.clone(),
            value: found.map(|found| found.mean),
            interval: found.and_then(|found| found.interval).map(|interval| (interval.low, interval.high)),
            is_told: sign_of(results, row).starts_with("together"),
            words,
        }
    };
    let panels = results.differences.chunk_by(|a, b| a.outcome == b.outcome).map(|rows| Panel {
        title: rows.first().map_or_else(String::new, |first| format!("{} ({})", first.outcome, first.unit)),
        rows: rows.iter().map(row).collect(),
    });
    let full = if results.family.n > 1 {
        format!("its sign is told together with all {} differences", results.family.n)
    } else {
        "its sign is told".to_owned()
    };
    Figure {
        title: results.title.clone(),
        caption: format!(
            "{} Each arm minus the baseline, {}, on {}: means over {} replicates with the same random draws, and their 95% \
             intervals. A dot is full where {full}.",
            results.about,
            results.baseline,
            results.scenario,
            thousands(u64::from(results.n_replicates))
        ),
        values: "difference from the baseline",
        panels: panels.collect(),
    }
}

/// What each factor does to each outcome: total indices, or the size of effects.
pub fn figure_of_sensitivity(sensitivity: &Sensitivity) -> Figure {
    let is_sobol = sensitivity.method == "sobol";
    let panels = sensitivity.outcomes.iter().map(|outcome| {
        let mut found: Vec<_> = outcome
            .factors
            .iter()
            .map(|factor| match factor.verdict {
                Verdict::Index(of) => (factor.factor.as_str(), of.total),
                Verdict::Effect(of) => (factor.factor.as_str(), of.mu_star),
            })
            .collect();
        found.sort_by(|(_, a), (_, b)| b.value.total_cmp(&a.value));
        let row = |(factor, of): (&str, Estimate)| PanelRow {
            name: factor.to_owned(),
            value: Some(of.value),
            interval: Some((of.low, of.high)),
            is_told: of.low > 0.0,
            words: format!("{} [{}, {}]", short(of.value), short(of.low), short(of.high)),
        };
        let unit = if is_sobol { String::new() } else { format!(" ({})", outcome.unit) };
        Panel { title: format!("{}{unit}", outcome.outcome), rows: found.into_iter().map(row).collect() }
    });
    let (values, what) = if is_sobol {
        (
            "total index",
            "total indices of Sobol, the share of the variance that a factor explains with its interactions",
        )
    } else {
        ("mean size of effects", "mean sizes (mu*) of the elementary effects of a move over a factor's whole range")
    };
    Figure {
        title: sensitivity.title.clone(),
        caption: format!(
            "{} On {}: {what}, with 95% intervals. A dot is full where the interval excludes zero. Outcomes without rows: the \
             sweep doesn't tell.",
            sensitivity.about, sensitivity.scenario
        ),
        values,
        panels: panels.collect(),
    }
}
