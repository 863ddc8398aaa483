//! The axes of cause: what the groups of a scenario differ over, in its own words.
//!
//! A group has a score on each axis, its profile, and so has a person (see
//! `causes`). An axis says what it stands for, where the inhabitants stand on
//! average, how much it counts in the distance of causes, whom those high on it
//! fight, and whether they want to be ruled by their own.
//!
//! # Form
//! ```text
//! distance of causes = sum over the axes of w |score - score| / (4 sum of w)     0-1
//! ```

use crate::groups::{FieldValue, GroupSetup};
use crate::ids::GroupId;
use crate::setup::Setup;

/// The lowest score on an axis.
pub const LEAST_SCORE: f64 = 1.0;
/// The highest.
pub const MOST_SCORE: f64 = 5.0;
/// In the middle.
pub const MEAN_SCORE: f64 = 3.0;
/// From the lowest to the highest.
const SCORE_RANGE: f64 = MOST_SCORE - LEAST_SCORE;
/// What the scores of a group are called in files and in `--set`.
pub const CAUSE: &str = "cause";

/// An axis of cause, in the scenario's own words.
#[derive(Debug, Clone, PartialEq)]
pub struct AxisSetup {
    /// The identifier used in files; unique.
    pub id: String,
    /// What 1 and 5 stand for.
    pub meaning: String,
    /// Where the inhabitants stand on average, 1-5.
    pub mean: f64,
    /// How much it counts in the distance of causes, 0 or more.
    pub weight: f64,
    /// The groups that those high on it fight, in order.
    pub against: Vec<GroupId>,
    /// Whether those high on it want their own people to rule them.
    pub is_home_rule: bool,
}

impl AxisSetup {
    /// The axes of a scenario that declares none.
    pub const USUAL: [&'static str; 3] = ["revisionism", "islamism", "sectarianism"];

    /// An axis that counts like any other, fights nobody and asks for no rule.
    pub fn plain(id: &str, meaning: &str) -> Self {
        Self {
            id: id.to_owned(),
            meaning: meaning.to_owned(),
            mean: MEAN_SCORE,
            weight: 1.0,
            against: Vec::new(),
            is_home_rule: false,
        }
    }

    /// The axes of a scenario that declares none.
    ///
    /// # Source
    /// The three dimensions of Gade, Hafez & Gabbay (2019).
    pub fn usual() -> Vec<Self> {
        let meanings = [
            "Revision of borders against nationalism, 1 least to 5 most.",
            "Political Islam and Salafism, 1 least to 5 most.",
            "Sectarianism, 1 least to 5 most.",
        ];
        Self::USUAL.iter().zip(meanings).map(|(id, meaning)| Self::plain(id, meaning)).collect()
    }
}

/// A score as a share of the way from the lowest to the highest.
pub fn share_of_range(score: f64) -> f64 {
    (score - LEAST_SCORE) / SCORE_RANGE
}

/// The distance between two profiles, 0-1: none where no axis counts.
pub fn distance(axes: &[AxisSetup], a: &[f64], b: &[f64]) -> f64 {
    let (mut apart, mut weight) = (0.0, 0.0);
    for (axis, (a, b)) in axes.iter().zip(a.iter().zip(b)) {
        apart += axis.weight * (a - b).abs();
        weight += axis.weight;
    }
    if weight > 0.0 { apart / (weight * SCORE_RANGE) } else { 0.0 }
}

impl Setup {
    /// The most axes of cause that a scenario may have.
    pub const MAX_AXES: usize = 16;

    /// The distance between the causes of two groups, 0-1.
    pub fn cause_distance(&self, a: GroupId, b: GroupId) -> f64 {
        distance(&self.axes, &self.groups[a.idx()].cause, &self.groups[b.idx()].cause)
    }
}

impl GroupSetup {
    /// Every value with its name, such as `cause.islamism`: its scores on the
    /// axes, then its fields.
    pub fn values_on(&self, axes: &[AxisSetup]) -> Vec<(String, FieldValue)> {
        let scores = axes.iter().zip(&self.cause);
        let scores = scores.map(|(axis, score)| (format!("{CAUSE}.{}", axis.id), FieldValue::Number(*score)));
        scores.chain(self.values()).collect()
    }

    /// Sets a value by its name, a score on an axis or a field; whether there is
    /// such a value of that type. Bounds are for the caller to check.
    pub fn set_on(&mut self, axes: &[AxisSetup], path: &str, value: FieldValue) -> bool {
        match (path.split_once('.'), value) {
            (Some((CAUSE, id)), FieldValue::Number(score)) => {
                let at = axes.iter().position(|axis| axis.id == id);
                let slot = at.and_then(|at| self.cause.get_mut(at));
                slot.map(|slot| *slot = score).is_some()
            }
            _ => self.set(path, value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AxisSetup, distance};
    use crate::groups::{FieldValue, GroupSetup};
    use crate::ids::KindId;

    #[test]
    fn the_distance_is_the_weighted_mean_over_the_range() {
        let mut axes = AxisSetup::usual();
        let (a, b) = ([1.0, 5.0, 2.0], [5.0, 3.0, 2.0]);
        assert_eq!(distance(&axes, &a, &b).to_bits(), (6.0_f64 / 12.0).to_bits());
        axes[0].weight = 0.0;
        assert_eq!(distance(&axes, &a, &b).to_bits(), 0.25_f64.to_bits());
        axes[1].weight = 0.0;
        axes[2].weight = 0.0;
        assert_eq!(distance(&axes, &a, &b).to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn a_score_is_set_and_read_by_the_name_of_its_axis() {
        let axes = AxisSetup::usual();
        let mut group = GroupSetup { cause: vec![1.0, 2.0, 3.0], ..GroupSetup::blank("a", "A", KindId(0)) };
        assert!(group.set_on(&axes, "cause.islamism", FieldValue::Number(4.5)));
        assert_eq!(group.values_on(&axes)[1], ("cause.islamism".to_owned(), FieldValue::Number(4.5)));
        assert!(group.set_on(&axes, "brutality", FieldValue::Number(0.5)));
        assert!(!group.set_on(&axes, "cause.hills", FieldValue::Number(4.5)));
        assert!(!group.set_on(&axes, "cause.islamism", FieldValue::Flag(true)));
    }
}
