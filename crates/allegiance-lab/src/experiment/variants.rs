//! The settings in which all arms of an experiment are run.

use crate::design::latin_hypercube_point;
use crate::theories::theories;
use allegiance_model::parameters::{ParameterInfo, Parameters};
use allegiance_model::random::Draws;
use allegiance_model::setup::{Setup, Theory};

/// A setting that all arms share.
#[derive(Debug, Clone, PartialEq)]
pub enum Variant {
    /// The scenario as it is.
    Main,
    /// Another pair of theories.
    Theory(Theory),
    /// One draw of every parameter from its prior: names and values.
    Prior(u32, Vec<(String, f64)>),
}

impl Variant {
    /// Changes a setup, before an arm makes its own changes.
    ///
    /// # Errors
    /// The name of a parameter that refuses its draw, which no prior does.
    pub fn apply(&self, setup: &mut Setup) -> Result<(), String> {
        match self {
            Self::Main => {}
            Self::Theory(theory) => *setup = setup.under(*theory),
            Self::Prior(_, values) => {
                // An arm may have another theory than the one whose parameters are drawn.
                for (path, value) in values {
                    if setup.parameter(path).is_none() {
                        continue;
                    }
                    setup.set_parameter(path, *value).map_err(|error| format!("{path} = {value}: {error:?}"))?;
                }
            }
        }
        Ok(())
    }

    /// What it is, for people.
    pub fn word(&self) -> String {
        match self {
            Self::Main => "as it is".to_owned(),
            Self::Theory(theory) => format!("belief {}, exit {}", theory.belief.word(), theory.exit.word()),
            Self::Prior(number, _) => format!("prior draw {number}"),
        }
    }
}

/// Every theory of belief with all blocks of exit, and every theory of exit
/// with the default theory of belief.
pub(super) fn theory_variants() -> Vec<Variant> {
    theories().into_iter().map(Variant::Theory).collect()
}

/// Draws of every parameter from its prior, the one of the dictionary: a Latin
/// hypercube, so that few draws cover each range.
pub(super) fn prior_variants(own: &[&'static ParameterInfo], n_draws: u32, seed: u64) -> Vec<Variant> {
    let draws = Draws::of_population(seed);
    // Those of the engine first, whose draws are the same whatever theory somebody wrote.
    let infos = || Parameters::dictionary().chain(own.iter().copied());
    let columns: Vec<Vec<f64>> =
        (0..infos().count() as u32).map(|at| latin_hypercube_point(draws, n_draws, at)).collect();
    (0..n_draws)
        .map(|number| {
            let value =
                |(info, column): (&ParameterInfo, &Vec<f64>)| (info.path(), info.value_at(column[number as usize]));
            Variant::Prior(number, infos().zip(&columns).map(value).collect())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Variant, prior_variants};
    use crate::inference::Prior;

    /// The draws of an experiment and the priors of an inference are one thing:
    /// each slice of a prior holds one draw, on the scale of that prior.
    #[test]
    fn draws_fill_the_prior_of_every_parameter_on_its_own_scale() {
        let n_draws = 16;
        let variants = prior_variants(&[], n_draws, 3);
        let draws: Vec<&Vec<(String, f64)>> = variants
            .iter()
            .map(|variant| match variant {
                Variant::Prior(_, values) => values,
                other => panic!("{other:?} is no draw"),
            })
            .collect();
        for (at, (path, _)) in draws[0].iter().enumerate() {
            let prior = Prior::of(path).unwrap();
            let mut slices: Vec<usize> =
                draws.iter().map(|draw| (prior.position_of(draw[at].1) * f64::from(n_draws)) as usize).collect();
            slices.sort_unstable();
            assert_eq!(slices, (0..n_draws as usize).collect::<Vec<_>>(), "{path}");
        }
    }
}
