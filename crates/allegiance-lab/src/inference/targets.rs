//! What a calibration aims at: the patterns with their bands, and how far a
//! simulated war is from all of them.

use allegiance_model::maths::ln;
use allegiance_record::patterns::{PATTERNS, PatternValues};
use serde::Serialize;

/// One pattern among the targets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Target {
    /// The pattern.
    pub id: &'static str,
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

/// Weight and scale of every pattern. C1-C5 share one source and count as three
/// facts (evidence, "Independence warning"), C7a and C7b as one.
const WEIGHTS: [(&str, f64, bool); 12] = [
    ("C1", 0.6, true),
    ("C2", 0.6, false),
    ("C3", 0.6, true),
    ("C4", 0.6, false),
    ("C5", 0.6, false),
    ("C6", 1.0, false),
    ("C7a", 0.5, true),
    ("C7b", 0.5, false),
    ("C8", 1.0, true),
    ("C9", 1.0, false),
    ("C11", 1.0, false),
    ("C12", 1.0, false),
];

/// Patterns of the evidence that a war of 90 days from January 2014 doesn't
/// show, with the reason.
pub const LEFT_OUT: [(&str, &str); 3] = [
    ("C10", "battalions that went over to Islamists: early 2013, before the scenario starts"),
    ("C13", "executions of own members, June to December 2014: after it ends"),
    ("C14", "how much harder fighters than taxpayers would be punished: taxpayers carry no suspicion in the model"),
];

/// Below this part of the band's lower end, a value on the logarithm is taken
/// to be there: none of something is far, not infinitely far.
const LEAST: f64 = 1e-3;

/// The targets, in the order of the patterns.
pub fn targets() -> Vec<Target> {
    let of = |(id, weight, is_log): (&'static str, f64, bool)| {
        let pattern = PATTERNS.iter().find(|pattern| pattern.id == id).expect("every target is a pattern");
        Target { id, weight, is_log, low: pattern.low, high: pattern.high }
    };
    WEIGHTS.into_iter().map(of).collect()
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
    targets.iter().map(|target| patterns.value(target.id).unwrap_or(f64::NAN)).collect()
}

#[cfg(test)]
mod tests {
    use super::{distance, targets};
    use allegiance_record::patterns::PATTERNS;

    #[test]
    fn every_pattern_is_a_target() {
        let ids: Vec<&str> = targets().iter().map(|target| target.id).collect();
        let patterns: Vec<&str> = PATTERNS.iter().map(|pattern| pattern.id).collect();
        assert_eq!(ids, patterns);
    }

    #[test]
    fn within_every_band_the_distance_is_zero_and_without_values_one() {
        let targets = targets();
        let middle: Vec<f64> = targets.iter().map(|target| 0.5 * (target.low + target.high)).collect();
        assert!(distance(&targets, &middle).abs() < 1e-12);
        let none = vec![f64::NAN; targets.len()];
        assert!((distance(&targets, &none) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn half_a_width_off_is_half_way() {
        let targets = targets();
        let c2 = &targets[1];
        assert!((c2.distance(c2.high + 0.5 * (c2.high - c2.low)) - 0.5).abs() < 1e-12);
        assert!((c2.offset(c2.low - 0.5 * (c2.high - c2.low)) + 1.0).abs() < 1e-12);
        assert!((c2.offset(0.5 * (c2.low + c2.high))).abs() < 1e-12);
        assert!(c2.offset(f64::NAN).is_nan());
        assert!(targets[0].distance(0.0).is_finite());
        assert!(targets[0].distance(700.0) > targets[0].distance(1_000.0));
    }
}
