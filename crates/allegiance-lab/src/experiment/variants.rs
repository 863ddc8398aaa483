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
    /// The same under another pair of theories.
    Crossed {
        /// The theories.
        theory: Theory,
        /// Number of the draw.
        draw: u32,
        /// Names and values of the parameters.
        values: Vec<(String, f64)>,
    },
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
            Self::Prior(_, values) => set_parameters(setup, values)?,
            Self::Crossed { theory, values, .. } => {
                *setup = setup.under(*theory);
                set_parameters(setup, values)?;
            }
        }
        Ok(())
    }

    /// The same with the draws of some parameters only.
    #[must_use]
    pub fn drawing(&self, is_drawn: &dyn Fn(&str) -> bool) -> Self {
        let mut variant = self.clone();
        if let Self::Prior(_, values) | Self::Crossed { values, .. } = &mut variant {
            values.retain(|(path, _)| is_drawn(path));
        }
        variant
    }

    /// What it is, for people.
    pub fn word(&self) -> String {
        match self {
            Self::Main => "as it is".to_owned(),
            Self::Theory(theory) => format!("belief {}, exit {}", theory.belief.word(), theory.exit.word()),
            Self::Prior(number, _) => format!("prior draw {number}"),
            Self::Crossed { theory, draw, .. } => format!("{}, draw {draw}", Self::Theory(*theory).word()),
        }
    }
}

/// Gives parameters their values, where the setup has them: an arm may have another theory
/// than the one whose parameters are drawn.
fn set_parameters(setup: &mut Setup, values: &[(String, f64)]) -> Result<(), String> {
    for (path, value) in values {
        if setup.parameter(path).is_some() {
            setup.set_parameter(path, *value).map_err(|error| format!("{path} = {value}: {error:?}"))?;
        }
    }
    Ok(())
}

/// Every theory of belief with all blocks of exit, and every theory of exit
/// with the default theory of belief.
pub(super) fn theory_variants() -> Vec<Variant> {
    theories().into_iter().map(Variant::Theory).collect()
}

/// Draws of every parameter from its prior, the one of the dictionary: a Latin
/// hypercube, so that few draws cover each range.
pub(super) fn prior_variants(own: &[&'static ParameterInfo], n_draws: u32, seed: u64) -> Vec<Variant> {
    // Those of the engine first, whose draws are the same whatever theory somebody wrote.
    let drawn = drawn_values(Parameters::dictionary().chain(own.iter().copied()), n_draws, seed);
    (0..).zip(drawn).map(|(number, values)| Variant::Prior(number, values)).collect()
}

/// Draws of every parameter of the engine from its prior under every theory: the draws of
/// all theories together are a Latin hypercube, each theory's spread over it, and each draw
/// is of one theory. Theory by theory within a draw.
pub(super) fn crossed_variants(n_draws: u32, seed: u64) -> Vec<Variant> {
    let theories = theories();
    let drawn = drawn_values(Parameters::dictionary(), n_draws * theories.len() as u32, seed);
    let variant = |(at, values): (usize, Vec<(String, f64)>)| Variant::Crossed {
        theory: theories[at % theories.len()],
        draw: (at / theories.len()) as u32,
        values,
    };
    drawn.into_iter().enumerate().map(variant).collect()
}

/// A Latin hypercube over the priors: names and values of each draw.
fn drawn_values(
    infos: impl Iterator<Item = &'static ParameterInfo>,
    n_draws: u32,
    seed: u64,
) -> Vec<Vec<(String, f64)>> {
    let draws = Draws::of_population(seed);
    let infos: Vec<&ParameterInfo> = infos.collect();
    let columns: Vec<Vec<f64>> = (0..infos.len() as u32).map(|at| latin_hypercube_point(draws, n_draws, at)).collect();
    (0..n_draws as usize)
        .map(|number| {
            let value = |(info, column): (&&ParameterInfo, &Vec<f64>)| (info.path(), info.value_at(column[number]));
            infos.iter().zip(&columns).map(value).collect()
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
