//! A scenario with the changes that a caller makes to it.

use allegiance_scenario::{Scenario, load};

use crate::TaskError;

/// Changes by their kinds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// The seed.
    pub seed: Option<u64>,
    /// The number of days.
    pub days: Option<u32>,
    /// Theories, by their words.
    pub theories: Vec<String>,
    /// Single values, as `key=value`.
    pub sets: Vec<String>,
    /// The scale, for 1:K of the people.
    pub scale: Option<u32>,
}

impl Changes {
    /// The changes as assignments, in the order in which they are made: seed
    /// and days, then theories, then single values, then the scale.
    pub fn assignments(&self) -> Vec<String> {
        let seed = self.seed.map(|seed| format!("seed={seed}"));
        let days = self.days.map(|days| format!("days={days}"));
        let theories = self.theories.iter().map(|word| format!("theory={word}"));
        let scale = self.scale.map(|scale| format!("scale={scale}"));
        seed.into_iter().chain(days).chain(theories).chain(self.sets.iter().cloned()).chain(scale).collect()
    }
}

/// A scenario with changes made to it, as [`Scenario::change`] makes them.
///
/// # Errors
/// [`TaskError::Load`], [`TaskError::Change`].
pub fn load_changed(name: &str, changes: &[String]) -> Result<Scenario, TaskError> {
    let mut scenario = load(name).map_err(|cause| TaskError::Load { name: name.to_owned(), cause })?;
    scenario.change(changes)?;
    Ok(scenario)
}

#[cfg(test)]
mod tests {
    use super::{Changes, load_changed};

    #[test]
    fn changes_are_made_in_one_order_and_the_title_tells_the_scale() {
        let changes = Changes {
            seed: Some(7),
            days: Some(30),
            theories: vec!["constant".to_owned()],
            sets: vec!["combat.decisiveness=2".to_owned(), "observation.intercept=0.1".to_owned()],
            scale: Some(10),
        };
        let assignments = changes.assignments();
        assert_eq!(
            assignments,
            ["seed=7", "days=30", "theory=constant", "combat.decisiveness=2", "observation.intercept=0.1", "scale=10"]
        );
        let scenario = load_changed("one-village", &assignments).expect("a scenario");
        assert!(scenario.title.ends_with(", at 1:10"), "{}", scenario.title);
        assert_eq!((scenario.setup.seed, scenario.setup.n_days), (7, 30));
        assert_eq!(scenario.setup.theory.exit.word(), "constant");
        assert_eq!(scenario.setup.parameter("observation.intercept"), Some(0.1));
    }
}
