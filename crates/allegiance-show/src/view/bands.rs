//! How far the replicates of a run agree.

use super::rounded;
use super::series::{Measure, Series};
use crate::difference::few_note;
use crate::text::number;
use allegiance_record::intervals::Interval;
use allegiance_record::setting::Setting;
use serde::Serialize;

/// One measure of one group over the replicates.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Band {
    /// What is measured.
    pub measure: Measure,
    /// The group, by its position.
    pub group: u8,
    /// Lower end of the 90% interval, one value a day.
    pub low: Vec<f64>,
    /// Median, one value a day.
    pub median: Vec<f64>,
    /// Upper end of the 90% interval, one value a day.
    pub high: Vec<f64>,
}

/// Every measure of every group over the replicates.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Bands {
    /// How many replicates there are.
    pub n_replicates: u32,
    /// By measure, then group.
    pub bands: Vec<Band>,
    /// What to know of intervals of few replicates; none where there are enough.
    pub note: Option<String>,
    /// What the replicates agree on, as sentences.
    pub sentences: Vec<String>,
}

impl Bands {
    /// Over the series of the replicates, as `series` gives them.
    pub fn of(replicates: &[Vec<Series>], setting: &Setting) -> Self {
        let n_series = replicates.first().map_or(0, Vec::len);
        Self {
            n_replicates: replicates.len() as u32,
            bands: (0..n_series).map(|at| band(replicates, at)).collect(),
            note: few_note(replicates.len(), "replicate"),
            sentences: sentences(replicates, setting),
        }
    }
}

fn band(replicates: &[Vec<Series>], at: usize) -> Band {
    let Series { measure, group, values } = &replicates[0][at];
    let mut band = Band { measure: *measure, group: *group, low: vec![], median: vec![], high: vec![] };
    let digits = measure.digits().max(1);
    for day in 0..values.len() {
        let of_day = replicates.iter().filter_map(|series| series[at].values.get(day).copied());
        if let Some(interval) = Interval::of(of_day) {
            band.low.push(rounded(interval.low_90, digits));
            band.median.push(rounded(interval.median, digits));
            band.high.push(rounded(interval.high_90, digits));
        }
    }
    band
}

fn sentences(replicates: &[Vec<Series>], setting: &Setting) -> Vec<String> {
    let n_all = replicates.len();
    if n_all < 2 {
        return vec!["One possible history: another replicate of the same world would differ.".to_owned()];
    }
    let ends = |measure: Measure, group: usize| {
        replicates.iter().filter_map(move |all| {
            let series = all.iter().find(|series| series.measure == measure && usize::from(series.group) == group)?;
            Some((*series.values.first()?, *series.values.last()?))
        })
    };
    let last = |measure, group| ends(measure, group).map(|(_, last)| last);
    let mut sentences: Vec<String> = Vec::new();
    for (group, named) in setting.groups.iter().enumerate() {
        let name = &named.name;
        let n_fewer = ends(Measure::Strength, group).filter(|(first, last)| last < first).count();
        sentences
            .push(format!("In {n_fewer} of {n_all} replicates the members of {name} are fewer than on the first day."));
        let n_larger = ends(Measure::PopulationShare, group).filter(|(first, last)| last > first).count();
        sentences.push(format!(
            "In {n_larger} of {n_all} replicates {name} controls a larger share of the population at the end than on \
             the first day."
        ));
        if let Some(exits) = Interval::of(last(Measure::Exits, group)) {
            sentences.push(format!(
                "By the end {} leave {name}: median of the replicates; 90% interval {} to {}.",
                number(exits.median, 0),
                number(exits.low_90, 0),
                number(exits.high_90, 0),
            ));
        }
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::{Bands, Measure, Series};
    use allegiance_model::calendar::Date;
    use allegiance_record::setting::{Named, Setting};

    #[test]
    fn bands_are_quantiles_of_each_day() {
        let named = |id: &str| Named { id: id.to_owned(), name: id.to_owned() };
        let setting = Setting {
            scenario_id: "x".to_owned(),
            seed: 1,
            start: Date::from_ymd(2014, 1, 1).unwrap(),
            n_days: 2,
            n_inhabitants: 0,
            places: Vec::new(),
            groups: vec![named("a")],
            own_blocks: None,
        };
        let replicate = |last: f64| vec![Series { measure: Measure::Strength, group: 0, values: vec![100.0, last] }];
        let replicates: Vec<_> = (0..=20).map(|n| replicate(f64::from(90 + n))).collect();
        let bands = Bands::of(&replicates, &setting);
        let band = &bands.bands[0];
        assert_eq!((&band.low, &band.median), (&vec![100.0, 91.0], &vec![100.0, 100.0]));
        assert_eq!(band.high, [100.0, 109.0]);
        assert_eq!(bands.sentences[0], "In 10 of 21 replicates the members of a are fewer than on the first day.");
        assert_eq!(bands.note, None);
        assert_eq!(Bands::of(&replicates[..1], &setting).sentences.len(), 1);
        let few = Bands::of(&replicates[..8], &setting).note.unwrap();
        assert!(few.starts_with("8 replicates are few: ") && few.ends_with("it takes 12 more."), "{few}");
    }
}
