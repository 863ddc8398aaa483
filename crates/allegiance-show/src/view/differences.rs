//! Two runs side by side: the second minus the first, paired by replicate.

use super::rounded;
use super::series::{Measure, Series};
use crate::difference::{in_words, needed_in_words, nothing_in_words, percent_in_words, sign_in_words};
use crate::text::{count, in_points, number};
use allegiance_record::difference::{Difference, holm};
use allegiance_record::nothing::NothingDiffers;
use allegiance_record::reading::ReadRun;
use allegiance_record::setting::{Named, Setting};
use allegiance_record::spread::Spread;
use serde::Serialize;
use std::fmt::Write as _;

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
    let places = [first.manifest(), second.manifest()].map(|run| run.tables.get("places").map(|table| &table.digests));
    if let [Some(of_first), Some(of_second)] = places
        && of_first != of_second
    {
        let detail = "the same identifiers with other names, positions or numbers of inhabitants".to_owned();
        return Err(PairRunsError::Other { what: "places", detail });
    }
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
    /// Lower end of the 95% interval of the mean; the mean where there is none.
    pub low: Vec<f64>,
    /// Mean difference.
    pub mean: Vec<f64>,
    /// Upper end of the 95% interval of the mean; the mean where there is none.
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
    /// Day by day; empty where no replicate differs.
    pub day_values: DayValues,
    /// Whether anything that was drawn or decided differs between the runs.
    pub is_possible: bool,
    /// The probability of the last day's difference after Holm's correction for
    /// all measures and groups; empty where it has no interval.
    pub p_together: Option<f64>,
    /// The last day: the mean difference with its interval, or why it has none.
    pub words: String,
    /// The same in percent of the first run's mean; empty where that is 0.
    pub percent: String,
    /// The first run's mean on the last day.
    pub baseline: String,
    /// Whether the sign is told, together with all other comparisons or alone, or how
    /// many more pairs that would take.
    pub sign: String,
    /// The last day, as a sentence.
    pub sentence: String,
    /// The last day.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub last: Option<Difference>,
}

/// The second run minus the first, over the replicates and days that both
/// have, from the series of each; `nothing` where no replicate differs.
pub fn differences(
    first: &[Vec<Series>],
    second: &[Vec<Series>],
    setting: &Setting,
    nothing: Option<&NothingDiffers>,
    spread: &impl Spread,
) -> Vec<SeriesDifference> {
    let n_pairs = first.len().min(second.len());
    let n_series = first.first().map_or(0, Vec::len);
    let [first, second] = [&first[..n_pairs], &second[..n_pairs]];
    let mut found: Vec<SeriesDifference> = spread.each(n_series, |at| difference(first, second, at, setting, nothing));
    let alone: Vec<Option<f64>> = found.iter().map(|found| Some(found.last?.interval?.p)).collect();
    let n = alone.iter().flatten().count();
    for (found, (p, p_together)) in found.iter_mut().zip(alone.iter().zip(holm(&alone))) {
        found.p_together = p_together;
        found.sign = sign_in_words(found.last.as_ref().filter(|_| found.is_possible), p_together);
        if p.is_some_and(|p| p < 0.05) && p_together.is_some_and(|p| p >= 0.05) {
            let _ = write!(found.sentence, " Alone it excludes zero; as one of {n} comparisons (Holm) it doesn't.");
        }
    }
    found
}

fn difference(
    first: &[Vec<Series>],
    second: &[Vec<Series>],
    at: usize,
    setting: &Setting,
    nothing: Option<&NothingDiffers>,
) -> SeriesDifference {
    let Series { measure, group, .. } = first[0][at];
    let n_days = first[0][at].values.len().min(second[0][at].values.len());
    let column = |run: &[Vec<Series>], day: usize| run.iter().map(|all| all[at].values[day]).collect::<Vec<f64>>();
    let mut day_values = DayValues::default();
    let mut last = None;
    let digits = measure.digits().max(2);
    for day in 0..n_days {
        last = Difference::between(&column(first, day), &column(second, day));
        let Some(found) = last.filter(|_| nothing.is_none()) else { continue };
        let [low, high] = found.interval.map_or([found.mean; 2], |interval| [interval.low, interval.high]);
        day_values.low.push(rounded(low, digits));
        day_values.mean.push(rounded(found.mean, digits));
        day_values.high.push(rounded(high, digits));
    }
    let name = setting.groups.get(usize::from(group)).map_or("the group", |named| named.name.as_str());
    let sentence = match (nothing, last) {
        (Some(nothing), _) => format!("{name}, {} by the end: {}.", measure.name(), nothing_in_words(nothing)),
        (None, Some(last)) => sentence(name, measure, &last),
        (None, None) => String::new(),
    };
    let told = last.filter(|_| nothing.is_none());
    SeriesDifference {
        measure,
        group,
        day_values,
        is_possible: nothing.is_none(),
        p_together: None,
        words: told.map_or_else(String::new, |last| of_measure_in_words(measure, Some(&last))),
        percent: percent_in_words(told.as_ref()),
        baseline: told.map_or_else(String::new, |last| level_in_words(measure, last.mean_first)),
        sign: String::new(),
        sentence,
        last,
    }
}

/// A difference of a measure in words: shares in points.
pub fn of_measure_in_words(measure: Measure, found: Option<&Difference>) -> String {
    let is_share = measure == Measure::PopulationShare;
    let scale = if is_share { 100.0 } else { 1.0 };
    in_words(found, &|value| {
        let sign = if value > 0.0 { "+" } else { "" };
        let text = format!("{sign}{}", number(scale * value, 1));
        if is_share { in_points(&text) } else { text }
    })
}

/// A mean of a measure in words: shares in percent.
fn level_in_words(measure: Measure, value: f64) -> String {
    if measure == Measure::PopulationShare { format!("{}%", number(100.0 * value, 1)) } else { number(value, 1) }
}

fn sentence(name: &str, measure: Measure, last: &Difference) -> String {
    let found = of_measure_in_words(measure, Some(last));
    let what = measure.name();
    let percent = percent_in_words(Some(last));
    let percent = if percent.is_empty() {
        percent
    } else {
        format!(" ({percent} of {})", level_in_words(measure, last.mean_first))
    };
    if last.interval.is_none() {
        return format!("{name}, {what} by the end: {found}{percent}.");
    }
    let few = if last.is_few() { ", which are few" } else { "" };
    let needed = match needed_in_words(last) {
        needed if needed.is_empty() => String::new(),
        _ if last.pairs_for_sign().is_none() => " No number of pairs within reach would tell its sign.".to_owned(),
        needed => {
            let pairs = if needed.ends_with(" 1 more") { "pair" } else { "pairs" };
            format!(" It would take {needed} {pairs} to tell its sign.")
        }
    };
    format!(
        "{name}, {what} by the end: {found}{percent} on average over {} of replicates with the same random draws{few}; \
         95% interval in brackets.{needed}",
        count(last.n_pairs, "pair"),
    )
}

#[cfg(test)]
mod tests {
    use super::{Measure, Series, SeriesDifference, differences};
    use crate::difference::NO_EFFECT;
    use allegiance_model::calendar::Date;
    use allegiance_record::difference::Difference;
    use allegiance_record::nothing::NothingDiffers;
    use allegiance_record::setting::{Named, Setting};
    use allegiance_record::spread::InTurn;

    #[test]
    fn the_last_day_is_the_paired_difference_of_the_laboratory() {
        let setting = Setting {
            scenario_id: "x".to_owned(),
            seed: 4,
            start: Date::from_ymd(2014, 1, 1).unwrap(),
            n_days: 2,
            n_inhabitants: 0,
            places: Vec::new(),
            groups: vec![Named { id: "a".to_owned(), name: "A".to_owned() }],
            own_blocks: None,
        };
        let run = |ends: [f64; 3]| -> Vec<Vec<Series>> {
            ends.iter().map(|&end| vec![Series { measure: Measure::Exits, group: 0, values: vec![0.0, end] }]).collect()
        };
        let found = differences(&run([1.0, 2.0, 3.0]), &run([4.0, 4.0, 9.0]), &setting, None, &InTurn);
        let expected = Difference::between(&[1.0, 2.0, 3.0], &[4.0, 4.0, 9.0]).unwrap();
        let interval = expected.interval.unwrap();
        let days = &found[0].day_values;
        assert_eq!((days.mean[0].to_bits(), days.low[0].to_bits()), (0, 0));
        assert!((days.mean[1] - expected.mean).abs() < 0.006 && (days.low[1] - interval.low).abs() < 0.006);
        assert_eq!(found[0].p_together, Some(interval.p));
        let number = |value: f64| format!("{}{value:.1}", if value > 0.0 { "+" } else { "" });
        assert_eq!(
            found[0].sentence,
            format!(
                "A, exits by the end: +3.7 [{}, {}] (+183% of 2.0) on average over 3 pairs of replicates with the same random \
                 draws, which are few; 95% interval in brackets. It would take about {} more pair to tell its sign.",
                number(interval.low),
                number(interval.high),
                expected.pairs_for_sign().unwrap() - 3,
            )
        );
        assert_eq!((found[0].percent.as_str(), found[0].baseline.as_str()), ("+183%", "2.0"));
        assert_eq!(found[0].sign, format!("about {} more", expected.pairs_for_sign().unwrap() - 3));
        let same = differences(&run([1.0, 2.0, 3.0]), &run([1.0, 2.0, 3.0]), &setting, None, &InTurn);
        assert_eq!(same[0].sentence, "A, exits by the end: 0, no pair of 3 differs.");
        let nothing = NothingDiffers { because: vec![], follows: true, n_pairs: 3 };
        let same = differences(&run([1.0, 2.0, 3.0]), &run([1.0, 2.0, 3.0]), &setting, Some(&nothing), &InTurn);
        assert_eq!(same[0].sentence, format!("A, exits by the end: {NO_EFFECT}."));
        assert!(!same[0].is_possible);
        let SeriesDifference { words, percent, sign, .. } = &same[0];
        assert_eq!([words, percent, sign], ["", "", ""], "nothing is estimated where nothing can differ");
    }
}
