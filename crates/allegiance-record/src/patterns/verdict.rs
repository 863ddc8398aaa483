//! From values over replicates to verdicts.

use crate::intervals::{Interval, median};
use crate::patterns::PatternValues;
use allegiance_model::case::{Case, Pattern};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What became of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The 50% interval overlaps the band, and the 90% interval isn't wholly
    /// outside.
    Hit,
    /// It doesn't.
    Missed,
    /// No replicate gives a value.
    NotMeasurable,
}

impl Verdict {
    /// The words used in print.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Missed => "missed",
            Self::NotMeasurable => "not measurable",
        }
    }
}

/// A pattern over all replicates of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PatternVerdict {
    /// The pattern's identifier.
    pub id: String,
    /// What it says.
    pub name: String,
    /// Which record it is judged on: happened or reported.
    pub layer: String,
    /// Lowest value of the band.
    pub low: f64,
    /// Highest value of the band.
    pub high: f64,
    /// Digits after the point in print.
    #[serde(default = "usual_digits")]
    pub digits: u32,
    /// Where the band comes from.
    pub source: String,
    /// The values over replicates.
    pub interval: Option<Interval>,
    /// Median on the other layer, where the pattern exists there.
    pub beside: Option<f64>,
    /// What became of it.
    pub verdict: Verdict,
    /// Why, in one line.
    pub reason: String,
}

fn usual_digits() -> u32 {
    2
}

/// What a case says of its patterns as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseWords {
    /// What it is called.
    pub title: String,
    /// What its patterns are about, as a clause.
    pub about: String,
    /// What a reader of all of them should know; may be empty.
    pub note: String,
}

impl CaseWords {
    /// The words of a case.
    pub fn of(case: &Case) -> Self {
        Self { title: case.title.clone(), about: case.about.clone(), note: case.note.clone() }
    }
}

/// What a value is held against: a pattern of a case, or an item of evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Its identifier.
    pub id: String,
    /// What it says.
    pub name: String,
    /// Which record it is judged on: happened, reported or asked.
    pub layer: String,
    /// Lowest value of the band.
    pub low: f64,
    /// Highest value of the band.
    pub high: f64,
    /// Digits after the point in print.
    pub digits: u32,
    /// Where the band comes from.
    pub source: String,
}

impl Band {
    /// The band of a pattern.
    pub fn of_pattern(pattern: &Pattern) -> Self {
        Self {
            id: pattern.id.clone(),
            name: pattern.name.clone(),
            layer: pattern.layer.word().to_owned(),
            low: pattern.low,
            high: pattern.high,
            digits: pattern.digits,
            source: pattern.source.clone(),
        }
    }
}

/// The verdict on every pattern, in their order.
pub fn verdicts(patterns: &[Pattern], replicates: &[PatternValues]) -> Vec<PatternVerdict> {
    verdicts_on(&patterns.iter().map(Band::of_pattern).collect::<Vec<Band>>(), replicates)
}

/// The verdict on every band, in their order.
pub fn verdicts_on(bands: &[Band], replicates: &[PatternValues]) -> Vec<PatternVerdict> {
    bands.iter().map(|band| verdict_on(band, replicates)).collect()
}

fn verdict_on(pattern: &Band, replicates: &[PatternValues]) -> PatternVerdict {
    let found: Vec<_> = replicates
        .iter()
        .filter_map(|replicate| replicate.values.iter().find(|value| value.id == pattern.id))
        .collect();
    let interval = Interval::of(found.iter().filter_map(|value| value.value));
    let (verdict, mut reason) = match &interval {
        Some(interval) => judge(pattern, interval),
        None => (Verdict::NotMeasurable, String::new()),
    };
    // The commonest reason of the replicates without a value.
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for why_not in found.iter().filter_map(|value| value.reason.as_deref()) {
        *reasons.entry(why_not).or_default() += 1;
    }
    if let Some((why_not, n)) = reasons.into_iter().max_by_key(|&(_, n)| n) {
        if interval.is_some() {
            let _ = write!(reason, "; {n} of {} without a value: {why_not}", replicates.len());
        } else {
            why_not.clone_into(&mut reason);
        }
    }
    PatternVerdict {
        id: pattern.id.clone(),
        name: pattern.name.clone(),
        layer: pattern.layer.clone(),
        low: pattern.low,
        high: pattern.high,
        digits: pattern.digits,
        source: pattern.source.clone(),
        interval,
        beside: median(found.iter().filter_map(|value| value.beside)),
        verdict,
        reason,
    }
}

fn judge(pattern: &Band, interval: &Interval) -> (Verdict, String) {
    let overlaps = |low: f64, high: f64| low <= pattern.high && pattern.low <= high;
    let is_middle_in = overlaps(interval.low_50, interval.high_50);
    let is_any_in = overlaps(interval.low_90, interval.high_90);
    let side = if interval.median < pattern.low { "below" } else { "above" };
    match (is_middle_in, is_any_in) {
        (true, true) => (Verdict::Hit, "the 50% interval overlaps the band".to_owned()),
        (_, false) => (Verdict::Missed, format!("the 90% interval lies wholly {side} the band")),
        (false, true) => (Verdict::Missed, format!("the 50% interval lies {side} the band, the 90% reaches it")),
    }
}
