//! What can be changed of a scenario.

use crate::answer::{Mistake, load_builtin, load_scenario};
use allegiance_model::setup::{BeliefTheory, ExitTheory, Policy, Setup};
use allegiance_scenario::{KeyTakes, SettableKey, builtin, settable_keys, theory_to_copy};
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

/// Anything else that can be set: of a group, a lever, a relation, a mechanism.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SettingOption {
    /// Its key, as `allegiance run --set` takes it.
    pub key: String,
    /// What it is of: `pay`, `policy`, `lever`, `group`, `relation`, `mechanism` or `operation`.
    pub of: &'static str,
    /// The group that it is of, by its identifier; none of two groups, or of all.
    pub group: Option<String>,
    /// Its value in the scenario, as the key takes it; none where a group states nothing.
    pub value: Option<String>,
    /// What it takes: `number`, `whole`, `word` or `flag`.
    pub takes: &'static str,
    /// The lowest number that it takes.
    pub low: Option<f64>,
    /// The highest.
    pub high: Option<f64>,
    /// The words that it takes.
    pub words: Vec<String>,
    /// What it means.
    pub meaning: String,
}

/// A group by the identifier that keys have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupName {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A scenario that comes with the engine, and how large it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScenarioSize {
    /// Its identifier.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// Inhabitants on the first day.
    pub n_inhabitants: u64,
    /// Places.
    pub n_places: usize,
    /// Its days.
    pub n_days: u32,
}

/// What can be changed of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Options {
    /// Its identifier.
    pub scenario: String,
    /// Whether it comes with the program, the same to the byte, so that its identifier names it everywhere.
    pub is_built_in: bool,
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
    /// Its groups.
    pub groups: Vec<GroupName>,
    /// What else can be set, with a value in bounds, a word or a switch.
    pub settings: Vec<SettingOption>,
    /// A theory's file to start one's own from, by the word of the theory.
    pub starts: BTreeMap<&'static str, String>,
}

/// What a theory is called that is written in the browser.
const MINE: &str = "mine";

impl Options {
    /// Those of a scenario of some files, or without any of one that comes with the engine.
    ///
    /// # Errors
    /// Where there is no such scenario, or its files have mistakes.
    pub fn of(scenario: &str, files: &BTreeMap<String, String>) -> Result<Self, Mistake> {
        let loaded = load_scenario(scenario, files)?;
        let is_here = builtin::names().any(|id| id == loaded.id);
        let is_built_in = is_here && (files.is_empty() || load_builtin(&loaded.id)?.hash == loaded.hash);
        let setup = loaded.setup;
        let of_belief = |theory: &BeliefTheory| TheoryOption { word: theory.word(), meaning: theory.meaning() };
        let of_exit = |theory: &ExitTheory| TheoryOption { word: theory.word(), meaning: theory.meaning() };
        Ok(Self {
            scenario: loaded.id,
            is_built_in,
            scenario_hash: loaded.hash,
            seed: setup.seed,
            n_days: setup.n_days,
            belief: setup.theory.belief.word(),
            exit: setup.theory.exit.word(),
            beliefs: BeliefTheory::ALL.iter().map(of_belief).collect(),
            exits: ExitTheory::ALL.iter().map(of_exit).collect(),
            parameters: parameters(&setup),
            groups: setup
                .groups
                .iter()
                .map(|group| GroupName { id: group.id.clone(), name: group.name.clone() })
                .collect(),
            settings: settings(&setup),
            starts: builtin::theory_names().filter_map(|word| Some((word, theory_to_copy(word, MINE)?))).collect(),
        })
    }
}

/// The scenarios that come with the engine, with their sizes.
///
/// # Errors
/// None: they are checked before they are built in.
pub(crate) fn scenarios() -> Result<Vec<ScenarioSize>, Mistake> {
    let size = |id: &str| {
        let loaded = load_builtin(id)?;
        Ok(ScenarioSize {
            scenario: loaded.id,
            title: loaded.title,
            n_inhabitants: loaded.setup.n_inhabitants(),
            n_places: loaded.setup.places.len(),
            n_days: loaded.setup.n_days,
        })
    };
    builtin::names().map(size).collect()
}

/// What can be set but has no field of its own.
fn settings(setup: &Setup) -> Vec<SettingOption> {
    // What reports of the war name moves nothing in it.
    let has_field = |key: &str| {
        matches!(key, "days" | "seed" | "scale")
            || ["theory", "observation."].iter().any(|first| key.starts_with(first))
            || setup.parameter(key).is_some()
    };
    let keys = settable_keys(setup).into_iter().filter(|found| !has_field(&found.key));
    let option = |SettableKey { key, value, takes, meaning }: SettableKey| {
        let (takes, bounds, words) = match takes {
            KeyTakes::Number(low, high) => ("number", Some((low, high)), Vec::new()),
            KeyTakes::Whole(low, high) => ("whole", Some((low as f64, high as f64)), Vec::new()),
            KeyTakes::Word(words) => ("word", None, words),
            KeyTakes::Flag => ("flag", None, Vec::new()),
            KeyTakes::Text => return None,
        };
        let (low, high) = bounds.unzip();
        let (of, group) = place_of(&key);
        Some(SettingOption { key, of, group, value, takes, low, high, words, meaning })
    };
    keys.filter_map(option).collect()
}

/// What a key is of, and the group that it is of.
fn place_of(key: &str) -> (&'static str, Option<String>) {
    let parts: Vec<&str> = key.splitn(3, '.').collect();
    match parts.as_slice() {
        ["groups", id, field] => {
            let of = match Policy::from_word(field) {
                Some(_) => "policy",
                None if field.starts_with("pay_") => "pay",
                None => "group",
            };
            (of, Some((*id).to_owned()))
        }
        ["levers", id, _] => ("lever", Some((*id).to_owned())),
        ["relations", ..] => ("relation", None),
        ["mechanisms", _] => ("mechanism", None),
        _ => ("operation", None),
    }
}

fn parameters(setup: &Setup) -> Vec<ParameterOption> {
    let each = setup.whole_dictionary().map(|info| {
        let name = info.path();
        let (lowest_allowed, highest_allowed) = info.allowed();
        ParameterOption {
            value: setup.parameter(&name).unwrap_or(info.default),
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
    use super::{Options, scenarios, settings};
    use allegiance_scenario::apply_change;
    use std::collections::BTreeMap;

    #[test]
    fn every_parameter_is_listed_with_a_value_that_it_accepts() {
        let options = Options::of("one-village", &BTreeMap::new()).expect("options");
        let setup = allegiance_scenario::load("one-village").expect("a built-in scenario").setup;
        assert_eq!(options.parameters.len(), setup.whole_dictionary().count());
        for option in &options.parameters {
            assert!((option.lowest_allowed..=option.highest_allowed).contains(&option.value), "{}", option.name);
        }
        assert!(options.beliefs.iter().any(|theory| theory.word == options.belief));
        assert!(options.exits.iter().any(|theory| theory.word == options.exit));
    }

    /// What the page offers is what the engine takes, at both ends of every range.
    #[test]
    fn every_setting_takes_its_value_its_bounds_its_words_and_its_switch() {
        let setup = allegiance_scenario::load("one-village").expect("a built-in scenario").setup;
        let mut n_tried = 0;
        for option in settings(&setup) {
            let numbers = option.low.into_iter().chain(option.high).map(|number| number.to_string());
            let switches = (option.takes == "flag").then_some(["true", "false"]).into_iter().flatten();
            let values = numbers.chain(option.words.iter().cloned()).chain(switches.map(str::to_owned));
            for value in values.chain(option.value.clone()) {
                n_tried += 1;
                let told = apply_change(&mut setup.clone(), &format!("{}={value}", option.key)).err();
                // How many men there are, and whether there is an event table, is of the scenario.
                let is_of_scenario = option.key.ends_with(".members") || option.key == "operations.mode";
                assert!(told.is_none() || is_of_scenario, "{told:?}");
            }
            assert!(!option.meaning.is_empty(), "{}", option.key);
        }
        assert!(n_tried > 400, "{n_tried}");
        let of = |word: &str| settings(&setup).iter().filter(|option| option.of == word).count();
        assert_eq!((of("pay"), of("policy"), of("lever"), of("relation")), (6, 33, 18, 3), "of three groups");
    }

    #[test]
    fn a_scenario_of_the_engines_own_files_is_known_as_such_and_another_is_not() {
        let loaded = allegiance_scenario::load("one-village").expect("a built-in scenario");
        let mut files: BTreeMap<String, String> = loaded.files.into_iter().map(|file| (file.name, file.text)).collect();
        let same = Options::of("", &files).expect("options");
        assert!(same.is_built_in && same == Options::of("one-village", &BTreeMap::new()).expect("options"));
        files.entry("scenario.toml".to_owned()).and_modify(|text| text.push_str("# Mine.\n"));
        let other = Options::of("", &files).expect("options");
        assert!(!other.is_built_in && other.scenario == "one-village");
        let sizes = scenarios().expect("sizes");
        let village = sizes.iter().find(|size| size.scenario == "one-village").expect("it is among them");
        assert_eq!((village.n_inhabitants, village.n_places, village.n_days), (20_200, 12, 60));
    }
}
