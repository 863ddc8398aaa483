//! What can be changed of a scenario.

use crate::answer::{Mistake, load_builtin};
use allegiance_model::parameters::Parameters;
use allegiance_model::setup::{BeliefTheory, ExitTheory};
use allegiance_scenario::{builtin, theory_to_copy};
use serde::Serialize;
use std::collections::BTreeMap;

/// A theory that can fill a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TheoryOption {
    /// Its word.
    pub word: &'static str,
    /// What it says.
    pub meaning: &'static str,
}

/// A parameter of the engine.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ParameterOption {
    /// Its full name.
    pub name: String,
    /// Its symbol in equations.
    pub symbol: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Its value in the scenario.
    pub value: f64,
    /// Its default.
    pub default: f64,
    /// Lowest plausible value.
    pub low: f64,
    /// Highest plausible value.
    pub high: f64,
    /// Lowest value that the engine accepts.
    pub lowest_allowed: f64,
    /// Highest value that the engine accepts.
    pub highest_allowed: f64,
    /// How far the default can be trusted.
    pub tag: &'static str,
    /// Where the default and the range come from.
    pub source: &'static str,
}

/// What can be changed of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Options {
    /// The built-in scenario.
    pub scenario: String,
    /// Hash of the resolved scenario.
    pub scenario_hash: String,
    /// Its seed.
    pub seed: u64,
    /// Its days.
    pub n_days: u32,
    /// Its theory of belief.
    pub belief: &'static str,
    /// Its theory of exit.
    pub exit: &'static str,
    /// The theories of belief.
    pub beliefs: Vec<TheoryOption>,
    /// The theories of exit.
    pub exits: Vec<TheoryOption>,
    /// The parameters, mechanism by mechanism.
    pub parameters: Vec<ParameterOption>,
    /// A theory's file to start one's own from, by the word of the theory.
    pub starts: BTreeMap<&'static str, String>,
}

/// What a theory is called that is written in the browser.
const MINE: &str = "mine";

impl Options {
    /// Those of a built-in scenario.
    ///
    /// # Errors
    /// Where there is no such scenario.
    pub fn of(scenario: &str) -> Result<Self, Mistake> {
        let loaded = load_builtin(scenario)?;
        let setup = loaded.setup;
        let of_belief = |theory: &BeliefTheory| TheoryOption { word: theory.word(), meaning: theory.meaning() };
        let of_exit = |theory: &ExitTheory| TheoryOption { word: theory.word(), meaning: theory.meaning() };
        Ok(Self {
            scenario: scenario.to_owned(),
            scenario_hash: loaded.hash,
            seed: setup.seed,
            n_days: setup.n_days,
            belief: setup.theory.belief.word(),
            exit: setup.theory.exit.word(),
            beliefs: BeliefTheory::ALL.iter().map(of_belief).collect(),
            exits: ExitTheory::ALL.iter().map(of_exit).collect(),
            parameters: parameters(&setup.parameters),
            starts: builtin::theory_names().filter_map(|word| Some((word, theory_to_copy(word, MINE)?))).collect(),
        })
    }
}

fn parameters(values: &Parameters) -> Vec<ParameterOption> {
    let each = Parameters::dictionary().map(|info| {
        let name = info.path();
        let (lowest_allowed, highest_allowed) = info.allowed();
        ParameterOption {
            value: values.value(&name).unwrap_or(info.default),
            name,
            symbol: info.symbol,
            meaning: info.meaning.trim(),
            unit: info.unit,
            default: info.default,
            low: info.low,
            high: info.high,
            lowest_allowed,
            highest_allowed,
            tag: info.tag.word(),
            source: info.source,
        }
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::{Options, Parameters};

    #[test]
    fn every_parameter_is_listed_with_a_value_that_it_accepts() {
        let options = Options::of("one-village").expect("options");
        assert_eq!(options.parameters.len(), Parameters::dictionary().count());
        for option in &options.parameters {
            assert!((option.lowest_allowed..=option.highest_allowed).contains(&option.value), "{}", option.name);
        }
        assert!(options.beliefs.iter().any(|theory| theory.word == options.belief));
        assert!(options.exits.iter().any(|theory| theory.word == options.exit));
    }
}
