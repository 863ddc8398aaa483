//! What the results of an experiment or comparison open with.

use crate::experiment::{signed, signs_told};
use allegiance_lab::experiment::{ArmOutcome, ExperimentResults};
use allegiance_record::difference::FEW;
use allegiance_show::difference::{few_differ_in_words, percent_in_words, with_interval};
use allegiance_show::text::{thousands, wrap};

/// Differences of an arm that are told.
const MOST: usize = 4;
const WIDTH: usize = 98;

/// The answer, a line for each arm, then how sure it is and what doesn't follow.
pub(crate) fn in_short(results: &ExperimentResults) -> String {
    let arms = results.arms.iter().filter(|arm| arm.id != results.baseline);
    let mut told: Vec<String> = arms.map(|arm| format!("{}: {}", arm.id, of_arm(results, &arm.id))).collect();
    let few = if (results.n_replicates as usize) < FEW { ", which are few" } else { "" };
    told.push(format!("How sure: {}{few}. {}", pairs(results.n_replicates), signs_told(&results.family)));
    told.push(
        "What doesn't follow: that the war would have gone so. It is what the model does under its assumptions."
            .to_owned(),
    );
    let lines: String = told.iter().map(|line| hanging(line)).collect();
    format!("IN SHORT\n{lines}")
}

fn of_arm(results: &ExperimentResults, arm: &str) -> String {
    if results.nothing_came(arm).is_some() {
        return "nothing differs from the baseline.".to_owned();
    }
    let mut rows: Vec<&ArmOutcome> = results.differences.iter().filter(|row| row.arm == arm).collect();
    rows.retain(|row| row.difference.is_some_and(|found| found.is_clear()));
    let is_together = |row: &&ArmOutcome| row.p_together().is_some_and(|p| p < 0.05);
    rows.sort_by_key(|row| !is_together(row));
    if rows.is_empty() {
        return "no outcome whose sign can be told differs from the baseline.".to_owned();
    }
    let n_more = rows.len().saturating_sub(MOST);
    let mut words: Vec<String> = rows
        .iter()
        .take(MOST)
        .filter_map(|row| {
            let found = row.difference.as_ref()?;
            let size = with_interval(found.mean, found.interval?, &signed);
            let few = few_differ_in_words(found);
            let of_pairs = if few.is_empty() { few } else { format!("{few} pairs") };
            let percent = percent_in_words(Some(found));
            let percent = if percent.is_empty() { String::new() } else { format!(", {percent}") };
            let alone = if is_together(row) { "" } else { ", by itself only" };
            Some(format!("{} {size} {}{of_pairs}{percent}{alone}", row.outcome, row.unit))
        })
        .collect();
    if n_more > 0 {
        words.push(format!("and {n_more} more"));
    }
    format!("{}.", words.join("; "))
}

fn pairs(n: u32) -> String {
    if n == 1 { "1 pair of replicates".to_owned() } else { format!("{} pairs of replicates", thousands(u64::from(n))) }
}

fn hanging(text: &str) -> String {
    let lines = wrap(text, WIDTH - 4, "    ");
    format!("  {}", lines.trim_start())
}
