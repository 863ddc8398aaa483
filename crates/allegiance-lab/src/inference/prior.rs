//! Priors of inference: those that the dictionary gives, kept with a study.

use allegiance_model::parameters::{ParameterInfo, ParameterSet as _, Parameters, Spread};
use allegiance_model::setup::Setup;
use allegiance_record::observe::ObservationParameters;
use serde::{Deserialize, Serialize};

/// The prior of one parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prior {
    /// Full name, such as `combat.killed_share_loser`.
    pub path: String,
    /// Lower end of the range.
    pub low: f64,
    /// Upper end of the range.
    pub high: f64,
    /// How it spreads.
    pub scale: Spread,
}

/// Why a parameter has no prior.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FindPriorError {
    /// No parameter has this name.
    #[error("{path} isn't a parameter{hint}; list them with: allegiance parameters")]
    Unknown {
        /// What was asked for.
        path: String,
        /// The parameters of the same name or mechanism, if any.
        hint: String,
    },
    /// The same parameter was named twice.
    #[error("{path} is named twice; name each parameter once")]
    Twice {
        /// The parameter.
        path: String,
    },
    /// There is nothing to infer.
    #[error("no parameter is named; name one or more")]
    None,
}

/// Every parameter of the model and of the observation model.
fn dictionary() -> impl Iterator<Item = &'static ParameterInfo> {
    Parameters::dictionary().chain(ObservationParameters::INFO)
}

impl Prior {
    /// The prior that the dictionary gives a parameter.
    ///
    /// # Errors
    /// [`FindPriorError::Unknown`] where no parameter has that name.
    pub fn of(path: &str) -> Result<Self, FindPriorError> {
        Self::among(dictionary, path)
    }

    /// The prior of a parameter of the dictionary, or of the setup's own theory.
    ///
    /// # Errors
    /// See [`Prior::of`].
    pub fn of_setup(setup: &Setup, path: &str) -> Result<Self, FindPriorError> {
        Self::among(|| setup.whole_dictionary(), path)
    }

    fn among<I>(dictionary: impl Fn() -> I, path: &str) -> Result<Self, FindPriorError>
    where
        I: Iterator<Item = &'static ParameterInfo>,
    {
        let info = dictionary().find(|info| info.path() == path).ok_or_else(|| {
            let (mechanism, name) = path.split_once('.').unwrap_or((path, path));
            let near: Vec<String> = dictionary()
                .filter(|info| info.name == name)
                .chain(dictionary().filter(|info| info.mechanism == mechanism))
                .map(ParameterInfo::path)
                .take(3)
                .collect();
            let hint =
                if near.is_empty() { String::new() } else { format!(" (there are {}, for instance)", near.join(", ")) };
            FindPriorError::Unknown { path: path.to_owned(), hint }
        })?;
        Ok(Self { path: path.to_owned(), low: info.low, high: info.high, scale: info.spread() })
    }

    /// The priors of several parameters, each named once.
    ///
    /// # Errors
    /// See [`FindPriorError`].
    pub fn of_all<S: AsRef<str>>(paths: &[S]) -> Result<Vec<Self>, FindPriorError> {
        Self::all(paths, Self::of)
    }

    /// The same, those of the setup's own theory among them.
    ///
    /// # Errors
    /// See [`FindPriorError`].
    pub fn all_of_setup<S: AsRef<str>>(setup: &Setup, paths: &[S]) -> Result<Vec<Self>, FindPriorError> {
        Self::all(paths, |path| Self::of_setup(setup, path))
    }

    fn all<S: AsRef<str>>(
        paths: &[S],
        of: impl Fn(&str) -> Result<Self, FindPriorError>,
    ) -> Result<Vec<Self>, FindPriorError> {
        if paths.is_empty() {
            return Err(FindPriorError::None);
        }
        for (at, path) in paths.iter().enumerate() {
            if paths[..at].iter().any(|earlier| earlier.as_ref() == path.as_ref()) {
                return Err(FindPriorError::Twice { path: path.as_ref().to_owned() });
            }
        }
        paths.iter().map(|path| of(path.as_ref())).collect()
    }

    /// The value at a position in 0-1. A position drawn evenly gives a value
    /// drawn from the prior.
    pub fn value_at(&self, position: f64) -> f64 {
        self.scale.value_at((self.low, self.high), position)
    }

    /// The position in 0-1 of a value within the range.
    pub fn position_of(&self, value: f64) -> f64 {
        self.scale.position_of((self.low, self.high), value)
    }

    /// Gives the parameter a value, in the model or in the observation model.
    pub fn apply(&self, value: f64, setup: &mut Setup, observation: &mut ObservationParameters) {
        let is_accepted = if self.path.starts_with("observation.") {
            observation.set(&self.path, value).is_ok()
        } else {
            setup.set_parameter(&self.path, value).is_ok()
        };
        assert!(is_accepted, "{} refuses a value of its own prior: this is a bug, please report it", self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::{FindPriorError, Prior, dictionary};

    #[test]
    fn every_prior_is_that_of_the_dictionary() {
        for info in dictionary() {
            let prior = Prior::of(&info.path()).unwrap();
            for position in [0.0, 0.1, 0.5, 0.93, 1.0] {
                let value = prior.value_at(position);
                assert_eq!(value.to_bits(), info.value_at(position).to_bits(), "{}", info.path());
                assert!(info.accepts(value), "{}", info.path());
                assert!((prior.position_of(value) - position).abs() < 1e-9, "{}", info.path());
            }
        }
    }

    #[test]
    fn a_wrong_name_is_answered_with_near_ones() {
        let error = Prior::of("exits.p_capture_deep").unwrap_err().to_string();
        assert_eq!(
            error,
            "exits.p_capture_deep isn't a parameter (there are deterrence.p_capture_deep, exits.desertion_per_month, \
             exits.defection_per_month, for instance); list them with: allegiance parameters"
        );
        let twice = Prior::of_all(&["news.p_village", "news.p_village"]).unwrap_err();
        assert_eq!(twice, FindPriorError::Twice { path: "news.p_village".to_owned() });
    }
}
