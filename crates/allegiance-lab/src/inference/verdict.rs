//! What a record can tell, in three words, by rules fixed beforehand.

use crate::inference::confusion::PairOfTheories;
use crate::inference::coverage::Calibration;
use serde::Serialize;

/// Coverage of 90% intervals outside this band withdraws a verdict.
pub const COVERAGE_BAND: (f64, f64) = (0.85, 0.95);
/// A parameter is identifiable when its posterior variance is at most this
/// share smaller than its prior's.
pub const IDENTIFIABLE_CONTRACTION: f64 = 0.5;
/// And weakly so from here.
pub const WEAK_CONTRACTION: f64 = 0.1;
/// Two theories are told apart when one is named in this share of wars.
pub const DECIDED_SHARE: f64 = 0.8;
/// And is the true one in this share of those.
pub const RIGHT_SHARE: f64 = 0.9;
/// They are weakly told apart when the likelier is the true one more often
/// than this, by the lower end of its 95% interval.
pub const WEAK_FORCED: f64 = 0.6;

/// What a kind of record can tell about one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Identifiability {
    /// The intervals don't hold what they promise: no verdict.
    Miscalibrated,
    /// It tells nothing to speak of.
    Not,
    /// It leans the right way.
    Weakly,
    /// It tells.
    Identifiable,
}

impl Identifiability {
    /// The word used in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Miscalibrated => "no verdict (intervals miscalibrated)",
            Self::Not => "not",
            Self::Weakly => "weakly",
            Self::Identifiable => "identifiable",
        }
    }

    /// The verdict on a parameter.
    pub fn of_parameter(calibration: &Calibration) -> Self {
        let (low, high) = COVERAGE_BAND;
        if !(low..=high).contains(&calibration.coverage_90.share) {
            Self::Miscalibrated
        } else if calibration.contraction >= IDENTIFIABLE_CONTRACTION {
            Self::Identifiable
        } else if calibration.contraction >= WEAK_CONTRACTION {
            Self::Weakly
        } else {
            Self::Not
        }
    }

    /// The verdict on a pair of theories.
    pub fn of_pair(pair: &PairOfTheories) -> Self {
        if pair.decided.share >= DECIDED_SHARE && pair.right.share >= RIGHT_SHARE {
            Self::Identifiable
        } else if pair.forced.low_95 > WEAK_FORCED {
            Self::Weakly
        } else {
            Self::Not
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Identifiability;
    use crate::inference::confusion::PairOfTheories;
    use crate::inference::coverage::Calibration;
    use allegiance_record::intervals::Frequency;

    fn parameter(n_covered: u32, contraction: f64) -> Identifiability {
        Identifiability::of_parameter(&Calibration {
            coverage_90: Frequency::of(n_covered, 1_000),
            ranks: Vec::new(),
            p_uniform: 0.5,
            rank_bias: 0.0,
            contraction,
            correlation: 0.0,
        })
    }

    #[test]
    fn nothing_is_identifiable_on_intervals_that_miss_their_coverage() {
        assert_eq!(parameter(900, 0.6), Identifiability::Identifiable);
        assert_eq!(parameter(840, 0.6), Identifiability::Miscalibrated);
        assert_eq!(parameter(960, 0.6), Identifiability::Miscalibrated);
        assert_eq!(parameter(900, 0.2), Identifiability::Weakly);
        assert_eq!(parameter(900, 0.05), Identifiability::Not);
    }

    #[test]
    fn a_pair_must_be_decided_often_and_rightly() {
        let pair = |n_forced, n_decided, n_right| {
            let (first, second) = ("a".to_owned(), "b".to_owned());
            let (forced, decided) = (Frequency::of(n_forced, 500), Frequency::of(n_decided, 500));
            let right = Frequency::of(n_right, n_decided);
            Identifiability::of_pair(&PairOfTheories { first, second, forced, decided, right })
        };
        assert_eq!(pair(480, 450, 440), Identifiability::Identifiable);
        assert_eq!(pair(480, 450, 390), Identifiability::Weakly);
        assert_eq!(pair(400, 100, 95), Identifiability::Weakly);
        assert_eq!(pair(310, 10, 9), Identifiability::Not);
    }
}
