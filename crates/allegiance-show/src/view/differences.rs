//! Two runs side by side: the second minus the first, paired by replicate.

use super::rounded;
use super::series::{Measure, Series};
use crate::text::number;
use allegiance_record::difference::{Difference, Resamples};
use allegiance_record::reading::ReadRun;
use allegiance_record::setting::{Named, Setting};
use allegiance_record::spread::Spread;
use serde::Serialize;

/// Why two runs can't be set side by side.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PairRunsError {
    /// They have different places or groups.
    #[error("the runs have different {what}: {detail}; only runs of the same places and groups can be side by side")]
    Other {
        /// Places or groups.
        what: &'static str,
        /// The first that differs.
        detail: String,
    },
    /// They begin on different days.
    #[error("the runs begin on different days, {first} and {second}; run one again from the same day")]
    Start {
        /// First day of the first run.
        first: String,
        /// First day of the second.
        second: String,
    },
    /// They have different people.
    #[error(
        "the runs have different seeds, {first} and {second}, so their replicates aren't pairs; run one again with the \
         other's seed"
    )]
    Seed {
        /// Seed of the first run.
        first: u64,
        /// Seed of the second.
        second: u64,
    },
}

/// Whether replicates of the same number are pairs in two runs.
///
/// # Errors
/// See [`PairRunsError`].
pub fn check_pair(first: &impl ReadRun, second: &impl ReadRun) -> Result<(), PairRunsError> {
    let (a, b) = (first.setting(), second.setting());
    same_names("places", &a.places, &b.places)?;
    same_names("groups", &a.groups, &b.groups)?;
    if a.start != b.start {
        return Err(PairRunsError::Start { first: a.start.to_string(), second: b.start.to_string() });
    }
    if a.seed != b.seed {
        return Err(PairRunsError::Seed { first: a.seed, second: b.seed });
    }
    Ok(())
}

fn same_names(what: &'static str, first: &[Named], second: &[Named]) -> Result<(), PairRunsError> {
    let differs = |detail: String| Err(PairRunsError::Other { what, detail });
    if first.len() != second.len() {
        return differs(format!("{} and {} of them", first.len(), second.len()));
    }
    match first.iter().zip(second).find(|(a, b)| a.id != b.id) {
        Some((a, b)) => differs(format!("{} and {}", a.id, b.id)),
        None => Ok(()),
    }
}

/// One value a day of a paired difference.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DayValues {
    /// Lower end of the 95% interval of the mean.
    pub low: Vec<f64>,
    /// Mean difference.
    pub mean: Vec<f64>,
    /// Upper end of the 95% interval of the mean.
    pub high: Vec<f64>,
}

/// The second run minus the first in one measure of one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Difference"))]
pub struct SeriesDifference {
    /// What is measured.
    pub measure: Measure,
    /// The group, by its position.
    pub group: u8,
    /// Day by day.
    pub day_values: DayValues,
    /// The last day, as a sentence.
    pub sentence: String,
}

/// The second run minus the first, over the replicates and days that both
/// have, from the series of each.
pub fn differences(
    first: &[Vec<Series>],
    second: &[Vec<Series>],
    setting: &Setting,
    spread: &impl Spread,
) -> Vec<SeriesDifference> {
    let n_pairs = first.len().min(second.len());
    let resamples = Resamples::of(n_pairs, setting.seed);
    let n_series = first.first().map_or(0, Vec::len);
    let [first, second] = [&first[..n_pairs], &second[..n_pairs]];
    spread.each(n_series, |at| difference(first, second, at, &resamples, setting))
}

fn difference(
    first: &[Vec<Series>],
    second: &[Vec<Series>],
    at: usize,
    resamples: &Resamples,
    setting: &Setting,
) -> SeriesDifference {
    let Series { measure, group, .. } = first[0][at];
    let n_days = first[0][at].values.len().min(second[0][at].values.len());
    let column = |run: &[Vec<Series>], day: usize| run.iter().map(|all| all[at].values[day]).collect::<Vec<f64>>();
    let mut day_values = DayValues::default();
    let mut last = None;
    let digits = measure.digits().max(2);
    for day in 0..n_days {
        let (a, b) = (column(first, day), column(second, day));
        last = if a == b { Some(Difference::none(&a)) } else { Difference::with(resamples, &a, &b) };
        let Some(found) = last else { continue };
        day_values.low.push(rounded(found.low, digits));
        day_values.mean.push(rounded(found.mean, digits));
        day_values.high.push(rounded(found.high, digits));
    }
    let name = setting.groups.get(usize::from(group)).map_or("the group", |named| named.name.as_str());
    let sentence = last.map_or_else(String::new, |last| sentence(name, measure, &last, first.len()));
    SeriesDifference { measure, group, day_values, sentence }
}

fn sentence(name: &str, measure: Measure, last: &Difference, n_pairs: usize) -> String {
    let is_share = measure == Measure::PopulationShare;
    let (scale, digits, unit) = if is_share { (100.0, 1, " points") } else { (1.0, 1, "") };
    let show = |value: f64| {
        let sign = if value > 0.0 { "+" } else { "" };
        format!("{sign}{}", number(scale * value, digits))
    };
    let pairs = if n_pairs == 1 { "1 pair".to_owned() } else { format!("{n_pairs} pairs") };
    format!(
        "{name}, {} by the end: {}{unit} on average over {pairs} of replicates with the same luck; 95% interval {} to {}.",
        measure.name(),
        show(last.mean),
        show(last.low),
        show(last.high),
    )
}

#[cfg(test)]
mod tests {
    use super::{Measure, Series, differences};
    use allegiance_model::calendar::Date;
    use allegiance_record::difference::Difference;
    use allegiance_record::setting::{Named, Setting};
    use allegiance_record::spread::InTurn;

    #[test]
    fn the_last_day_is_the_paired_difference_of_the_laboratory() {
        let setting = Setting {
            scenario_id: "x".to_owned(),
            seed: 4,
            start: Date::from_ymd(2014, 1, 1).unwrap(),
            n_days: 2,
            places: Vec::new(),
            groups: vec![Named { id: "a".to_owned(), name: "A".to_owned() }],
        };
        let run = |ends: [f64; 3]| -> Vec<Vec<Series>> {
            ends.iter().map(|&end| vec![Series { measure: Measure::Exits, group: 0, values: vec![0.0, end] }]).collect()
        };
        let found = differences(&run([1.0, 2.0, 3.0]), &run([4.0, 4.0, 9.0]), &setting, &InTurn);
        let expected = Difference::between(&[1.0, 2.0, 3.0], &[4.0, 4.0, 9.0], 4).unwrap();
        let days = &found[0].day_values;
        assert_eq!((days.mean[0].to_bits(), days.low[0].to_bits()), (0, 0));
        assert!((days.mean[1] - expected.mean).abs() < 0.006 && (days.low[1] - expected.low).abs() < 0.006);
        assert_eq!(
            found[0].sentence,
            "A, exits by the end: +3.7 on average over 3 pairs of replicates with the same luck; 95% interval +2.0 to \
             +6.0."
        );
    }
}
