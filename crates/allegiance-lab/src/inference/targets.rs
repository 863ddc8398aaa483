//! What a calibration aims at: the patterns with their bands, and how far a
//! simulated war is from all of them.

use allegiance_model::case::{Case, Pattern};
use allegiance_model::maths::ln;
use allegiance_record::evidence::{Comparison, Evidence};
use allegiance_record::patterns::{Band, CaseWords, PatternValues};
use serde::Serialize;

/// One pattern among the targets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Target {
    /// The pattern.
    pub id: String,
    /// Its weight in the distance.
    pub weight: f64,
    /// Whether distances are measured on the logarithm: for counts, rates and
    /// ratios, not for shares.
    pub is_log: bool,
    /// Lowest value of the band.
    pub low: f64,
    /// Highest value of the band.
    pub high: f64,
}

/// What a calibration aims at: the patterns of a case, or evidence of people and groups.
#[derive(Debug, Clone)]
pub struct Aims {
    /// What they are, for people.
    pub words: CaseWords,
    /// Each with its band, in order.
    pub bands: Vec<Band>,
    /// The same as the sampler takes them.
    pub targets: Vec<Target>,
    /// What is known and can't be aimed at, with the reason.
    pub left_out: Vec<(String, String)>,
    /// The evidence, where it isn't a case.
    pub evidence: Vec<Evidence>,
    /// Whether they are the patterns of the scenario's case.
    pub is_of_case: bool,
}

impl Aims {
    /// The patterns of a case.
    pub fn of_case(case: &Case) -> Self {
        Self {
            words: CaseWords::of(case),
            bands: case.patterns.iter().map(Band::of_pattern).collect(),
            targets: targets(case),
            left_out: case.left_out.clone(),
            evidence: Vec::new(),
            is_of_case: true,
        }
    }

    /// What evidence found, each item with the 90% interval of its error.
    pub fn of_evidence(evidence: Vec<Evidence>) -> Self {
        let mut bands = Vec::new();
        let mut targets = Vec::new();
        for (of, item) in evidence.iter().flat_map(|of| of.items.iter().map(move |item| (of, item))) {
            let Some(found) = item.found else { continue };
            let (low, high) = item.band(found);
            let is_log = item.comparison() == Comparison::Count && low > 0.0;
            let id = format!("{}: {}", of.id, item.id);
            targets.push(Target { id: id.clone(), weight: 1.0, is_log, low, high });
            let (name, source) = (item.wording.clone(), of.source.clone());
            bands.push(Band { id, name, layer: "asked".to_owned(), low, high, digits: 2, source });
        }
        let join = |of: fn(&Evidence) -> &String| {
            evidence.iter().map(of).map(String::as_str).collect::<Vec<&str>>().join("; ")
        };
        let words = CaseWords { title: join(|of| &of.title), about: join(|of| &of.about), note: join(|of| &of.source) };
        Self { words, bands, targets, left_out: Vec::new(), evidence, is_of_case: false }
    }
}

/// Below this part of the band's lower end, a value on the logarithm is taken
/// to be there: none of something is far, not infinitely far.
const LEAST: f64 = 1e-3;

/// The targets of a case, in the order of its patterns.
pub fn targets(case: &Case) -> Vec<Target> {
    let of = |pattern: &Pattern| Target {
        id: pattern.id.clone(),
        weight: pattern.weight,
        is_log: pattern.measure.is_on_the_logarithm(),
        low: pattern.low,
        high: pattern.high,
    };
    case.patterns.iter().map(of).collect()
}

impl Target {
    /// How far a value lies off the band, in halves of its width: 0 within it,
    /// below 0 under it, above 0 over it; NaN where there is no value.
    pub fn offset(&self, value: f64) -> f64 {
        let scale = |value: f64| if self.is_log { ln(value.max(LEAST * self.low)) } else { value };
        if value.is_nan() {
            return f64::NAN;
        }
        let (low, high, at) = (scale(self.low), scale(self.high), scale(value));
        (at - at.clamp(low, high)) / (0.5 * (high - low))
    }

    /// How far a value lies from the band: 0 within it, 0.5 where it is half a
    /// width of the band off, towards 1 far away or without a value. So no single
    /// pattern can buy off the others.
    pub fn distance(&self, value: f64) -> f64 {
        let off = self.offset(value).abs();
        if off.is_nan() { 1.0 } else { off / (1.0 + off) }
    }
}

/// The offsets of a war's values from every target.
pub fn offsets(targets: &[Target], values: &[f64]) -> Vec<f64> {
    targets.iter().zip(values).map(|(target, &value)| target.offset(value)).collect()
}

/// The weighted mean distance from all targets, 0-1; a pattern without a value
/// counts as far away.
pub fn distance(targets: &[Target], values: &[f64]) -> f64 {
    let total: f64 = targets.iter().map(|target| target.weight).sum();
    let sum: f64 = targets.iter().zip(values).map(|(target, &value)| target.weight * target.distance(value)).sum();
    sum / total
}

/// The values of the targets in one war; NaN where there is none.
pub fn values_of(targets: &[Target], patterns: &PatternValues) -> Vec<f64> {
    targets.iter().map(|target| patterns.value(&target.id).unwrap_or(f64::NAN)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Target, distance, targets};
    use allegiance_model::case::{Case, Layer, Measure, Pattern};
    use allegiance_model::ids::GroupId;

    fn case() -> Case {
        let pattern = |id: &str, low, high, weight, measure| Pattern {
            id: id.to_owned(),
            name: id.to_owned(),
            layer: Layer::Happened,
            low,
            high,
            digits: 2,
            weight,
            source: "invented".to_owned(),
            measure,
        };
        Case {
            title: "An invented war".to_owned(),
            about: "an invented war".to_owned(),
            note: String::new(),
            parameters: Vec::new(),
            left_out: Vec::new(),
            patterns: vec![
                pattern("members", 1_400.0, 2_100.0, 0.6, Measure::FirstMembers(GroupId(0))),
                pattern("share", 0.65, 0.85, 1.0, Measure::FirstForeignShare(GroupId(0))),
            ],
        }
    }

    #[test]
    fn every_pattern_is_a_target_with_its_weight_and_scale() {
        let expected = |id: &str, weight, is_log, low, high| Target { id: id.to_owned(), weight, is_log, low, high };
        assert_eq!(
            targets(&case()),
            [expected("members", 0.6, true, 1_400.0, 2_100.0), expected("share", 1.0, false, 0.65, 0.85)]
        );
    }

    #[test]
    fn within_every_band_the_distance_is_zero_and_without_values_one() {
        let targets = targets(&case());
        let middle: Vec<f64> = targets.iter().map(|target| 0.5 * (target.low + target.high)).collect();
        assert!(distance(&targets, &middle).abs() < 1e-12);
        let none = vec![f64::NAN; targets.len()];
        assert!((distance(&targets, &none) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn half_a_width_off_is_half_way() {
        let targets = targets(&case());
        let share = &targets[1];
        assert!((share.distance(share.high + 0.5 * (share.high - share.low)) - 0.5).abs() < 1e-12);
        assert!((share.offset(share.low - 0.5 * (share.high - share.low)) + 1.0).abs() < 1e-12);
        assert!((share.offset(0.5 * (share.low + share.high))).abs() < 1e-12);
        assert!(share.offset(f64::NAN).is_nan());
        assert!(targets[0].distance(0.0).is_finite());
        assert!(targets[0].distance(700.0) > targets[0].distance(1_000.0));
    }
}
