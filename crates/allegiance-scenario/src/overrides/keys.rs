//! Every key that can be set, for those who list or walk them.

use allegiance_model::ids::GroupId;
use allegiance_model::parameters::ParameterInfo;
use allegiance_model::setup::{BeliefTheory, Country, ExitTheory, FieldValue, Lever, Mechanism, RelationKind, Setup};

use super::groups::{GroupKey, group_fields};
use super::levers::lever_on_first_day;
use crate::format::{self, LEVER_BOUNDS};
use crate::shape::{Field, Shape};

/// A key of [`apply_change`](super::apply_change) with its value in a setup.
#[derive(Debug, Clone, PartialEq)]
pub struct SettableKey {
    /// The key.
    pub key: String,
    /// Its value as the key takes it; none where a group states nothing, so that its
    /// meaning says what holds.
    pub value: Option<String>,
    /// What it takes.
    pub takes: KeyTakes,
    /// What it means, as a sentence or two.
    pub meaning: String,
}

/// What a key takes.
#[derive(Debug, Clone, PartialEq)]
pub enum KeyTakes {
    /// A number between two, both included.
    Number(f64, f64),
    /// A whole number between two, both included.
    Whole(i64, i64),
    /// One of some words.
    Word(Vec<String>),
    /// True or false.
    Flag,
    /// Any text.
    Text,
}

impl KeyTakes {
    fn of(shape: Shape) -> Self {
        match shape {
            Shape::Number(low, high) => Self::Number(low, high),
            Shape::Whole(low, high) => Self::Whole(low, high),
            Shape::Word(words) => Self::word(words),
            Shape::Flag => Self::Flag,
            _ => Self::Text,
        }
    }

    fn word(words: &[&str]) -> Self {
        Self::Word(words.iter().map(|word| (*word).to_owned()).collect())
    }
}

/// The keys found so far.
struct Keys(Vec<SettableKey>);

impl Keys {
    fn add(&mut self, key: impl Into<String>, value: &impl ToString, takes: KeyTakes, meaning: impl Into<String>) {
        self.0.push(SettableKey { key: key.into(), value: Some(value.to_string()), takes, meaning: meaning.into() });
    }

    /// A key of a table of the format.
    fn add_field(&mut self, key: &str, value: &impl ToString, fields: &[Field]) {
        let name = key.rsplit('.').next().unwrap_or(key);
        if let Some(field) = fields.iter().find(|field| field.name == name) {
            self.add(key, value, KeyTakes::of(field.shape), field.meaning);
        }
    }
}

/// Every key that a setup takes, with its value; `theory`, which is short for
/// a slot, comes with the word of belief.
pub fn settable_keys(setup: &Setup) -> Vec<SettableKey> {
    let mut keys = Keys(Vec::new());
    keys.add_field("days", &setup.n_days, format::SCENARIO.fields);
    keys.add_field("seed", &setup.seed, format::SCENARIO.fields);
    let of_people = "Keeps one in so many of the people.";
    keys.add("scale", &1, KeyTakes::of(format::SCALE), of_people);
    let (belief, exit) = (setup.theory.belief.word(), setup.theory.exit.word());
    let words: Vec<&str> = BeliefTheory::WORDS.iter().chain(ExitTheory::WORDS).copied().collect();
    keys.add("theory", &belief, KeyTakes::word(&words), "The theory of the slot that its word is of.");
    keys.add("theory.belief", &belief, KeyTakes::word(BeliefTheory::WORDS), "The theory of belief.");
    keys.add("theory.exit", &exit, KeyTakes::word(ExitTheory::WORDS), "The theory of exit.");
    keys.add_field("operations.mode", &setup.mode.word(), format::OPERATIONS.fields);
    for &mechanism in Mechanism::ALL {
        let is_on = setup.switches.is_on(mechanism);
        keys.add(format!("mechanisms.{}", mechanism.word()), &is_on, KeyTakes::Flag, mechanism.meaning());
    }
    add_observation(&mut keys, setup);
    for info in setup.whole_dictionary() {
        add_parameter(&mut keys, setup, info);
    }
    add_groups(&mut keys, setup);
    keys.0
}

fn add_observation(keys: &mut Keys, setup: &Setup) {
    let Country { name, gw_number, region, conflict: _ } = &setup.country;
    let fields = format::OBSERVATION.fields;
    keys.add_field("observation.country", name, fields);
    if *gw_number > 0 {
        keys.add_field("observation.gw_number", gw_number, fields);
    }
    keys.add_field("observation.region", region, fields);
    keys.add_field("observation.conflict", &setup.country.conflict_name(), fields);
}

fn add_parameter(keys: &mut Keys, setup: &Setup, info: &ParameterInfo) {
    let (low, high) = info.allowed();
    let value = setup.parameter(&info.path()).unwrap_or(info.default);
    keys.add(info.path(), &value, KeyTakes::Number(low, high), info.meaning.trim());
}

/// The keys of the groups: their kinds, fields, levers and relations.
fn add_groups(keys: &mut Keys, setup: &Setup) {
    let fields = group_fields(&setup.axes);
    let kinds = KeyTakes::Word(setup.kinds.iter().map(|kind| kind.id.clone()).collect());
    let relations = RelationKind::ALL.iter().map(|kind| format!("{}: {}", kind.word(), kind.meaning()));
    let meaning_of_relations = relations.collect::<Vec<_>>().join(" ");
    for (at, group) in setup.groups.iter().enumerate() {
        let kind = &setup.kinds[group.kind.idx()].id;
        keys.add(format!("groups.{}.kind", group.id), kind, kinds.clone(), "One of the scenario's kinds of groups.");
        let values = group.values_on(&setup.axes);
        for GroupKey { name, shape, meaning } in &fields {
            if let Some((_, value)) = values.iter().find(|(path, _)| path == name) {
                keys.0.push(SettableKey {
                    key: format!("groups.{}.{name}", group.id),
                    value: (*value != FieldValue::Unstated).then(|| value.to_string()),
                    takes: KeyTakes::of(*shape),
                    meaning: meaning.clone(),
                });
            }
        }
        for &lever in Lever::ALL {
            let value = lever_on_first_day(setup, lever, GroupId::from_idx(at));
            let (_, low, high) = LEVER_BOUNDS[lever as usize];
            let key = format!("levers.{}.{}", group.id, lever.word());
            keys.add(key, &value, KeyTakes::Number(low, high), lever.meaning());
        }
        for (other, with) in setup.groups.iter().enumerate().skip(at + 1) {
            let relation = setup.relations[at * setup.n_groups() + other];
            let key = format!("relations.{}.{}", group.id, with.id);
            keys.add(key, &relation.word(), KeyTakes::word(RelationKind::WORDS), meaning_of_relations.clone());
        }
    }
}
