//! What a group is like where nothing is known of it: one profile for each sort of
//! group. A scenario asks for one with the key `profile`, and what the group doesn't
//! state is the profile's.
//!
//! # Source
//! Judgement, after the groups of `north-syria-2014` and the evidence on them;
//! nothing in UCDP GED tells the character of a group.

use allegiance_model::axes::{AxisSetup, CAUSE, MEAN_SCORE};
use allegiance_model::ids::KindId;
use allegiance_model::setup::{AnswerMix, FieldValue, ForeignShare, GroupSetup, Motives, Takes};

use crate::problem::{Problems, Spot};
use crate::tree::{Node, Table, Value};

/// The key of a group that names its profile.
pub(crate) const PROFILE: &str = "profile";

/// A sort of group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    /// The country's own government.
    Government,
    /// Governments of other countries.
    ForeignState,
    /// Not a government; fights one, or attacks civilians only.
    Rebel,
    /// Fights no government, only others who are none.
    Militia,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 4] = [Self::Government, Self::ForeignState, Self::Rebel, Self::Militia];
    /// Their words in files.
    pub const WORDS: &'static [&'static str] = &["government", "foreign_state", "rebel", "militia"];

    /// The word in files.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    /// The profile of a word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.word() == word)
    }

    /// What it is of, for people.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Government => "the government",
            Self::ForeignState => "a foreign state",
            Self::Rebel => "rebels (they fight a government, or civilians alone)",
            Self::Militia => "a militia (it fights no government)",
        }
    }

    /// A group without a kind and a size; the foreign share is the same in every rank.
    pub fn group(self) -> GroupSetup {
        let rebel = Numbers {
            cause: [3.0, 3.0, 3.0],
            brutality: 0.3,
            discipline: 1.0,
            pay: 60.0,
            foreign: 0.0,
            motives: [0.25, 0.25, 0.5],
            answers: [0.4, 0.5, 0.1],
            executed: 0.2,
            tempo: 1.0,
            recruits: true,
        };
        let numbers = match self {
            Self::Rebel => rebel,
            Self::Government => Numbers {
                cause: [1.0, 2.0, 2.0],
                brutality: 0.5,
                discipline: 1.1,
                pay: 110.0,
                motives: [0.25, 0.35, 0.4],
                answers: [0.5, 0.1, 0.4],
                tempo: 0.8,
                // Its recruits come from all over the country, not from where it fights.
                recruits: false,
                ..rebel
            },
            Self::ForeignState => Numbers {
                cause: [1.0, 1.0, 1.0],
                brutality: 0.2,
                discipline: 1.3,
                pay: 1000.0,
                foreign: 1.0,
                motives: [0.3, 0.4, 0.3],
                answers: [0.5, 0.2, 0.3],
                executed: 0.05,
                tempo: 0.3,
                recruits: false,
            },
            Self::Militia => Numbers {
                cause: [2.0, 3.0, 3.0],
                brutality: 0.2,
                pay: 0.0,
                motives: [0.2, 0.1, 0.7],
                answers: [0.3, 0.6, 0.1],
                executed: 0.1,
                tempo: 0.3,
                ..rebel
            },
        };
        numbers.group()
    }
}

/// What the profiles differ in; every other field of a group has its default.
struct Numbers {
    /// On the usual axes: 1 to 5.
    cause: [f64; AxisSetup::USUAL.len()],
    brutality: f64,
    discipline: f64,
    pay: f64,
    foreign: f64,
    /// Ideology, material, social.
    motives: [f64; 3],
    /// Ignore, offer, punish.
    answers: [f64; 3],
    executed: f64,
    tempo: f64,
    recruits: bool,
}

impl Numbers {
    fn group(&self) -> GroupSetup {
        let [ideology, material, social] = self.motives;
        let [ignore, offer, punish] = self.answers;
        GroupSetup {
            cause: self.cause.to_vec(),
            brutality: self.brutality,
            discipline: self.discipline,
            pay_usd_per_month: self.pay,
            pay_foreign_usd_per_month: self.pay,
            foreign_share: in_every_rank(self.foreign),
            motives: Motives { ideology, material, social },
            answers: AnswerMix { ignore, offer, punish },
            prisoners_executed_share: self.executed,
            offensive_tempo: self.tempo,
            recruits: self.recruits,
            ..GroupSetup::blank("", "", KindId(0))
        }
    }
}

/// A foreign share that is the same in every rank.
pub fn in_every_rank(share: f64) -> ForeignShare {
    ForeignShare { rank_and_file: share, unit_commander: share, field_commander: share, leadership: share }
}

/// Gives every group that names a profile what it doesn't state itself.
pub(crate) fn fill_in(root: &mut Node, problems: &mut Problems) {
    let Value::Table(scenario) = &mut root.value else { return };
    let axes = names_of_axes(scenario);
    let Some((_, Node { value: Value::List(groups), .. })) = scenario.get_mut("groups") else { return };
    for (nth, group) in groups.iter_mut().enumerate() {
        let Value::Table(group) = &mut group.value else { continue };
        let Some((_, node)) = group.get(PROFILE) else { continue };
        let (spot, Some(profile)) = (node.spot, node.as_text().and_then(Profile::named)) else { continue };
        let n_before = group.len();
        for (key, value) in keys_of(profile, axes.as_deref()) {
            group.entry(key).or_insert((spot, at(spot, value)));
        }
        if group.len() == n_before {
            problems.warning(
                spot,
                format!("groups[{nth}].{PROFILE}"),
                "gives nothing, for the group states every key itself",
            );
        }
    }
}

/// The axes of a scenario that has its own.
fn names_of_axes(scenario: &Table) -> Option<Vec<String>> {
    let axes = &scenario.get("axes")?.1;
    let name = |axis: &Node| Some(axis.as_table()?.get("id")?.1.as_text()?.to_owned());
    Some(axes.items().iter().filter_map(name).collect())
}

/// What a profile states: every key that a group must have and those in which it
/// differs from a group that doesn't. On axes of the scenario's own it stands in the middle.
fn keys_of(profile: Profile, axes: Option<&[String]>) -> Vec<(String, Value)> {
    let group = profile.group();
    let values = group.values();
    let value_of =
        |path: &str| values.iter().find(|(name, _)| name == path).and_then(|(_, value)| value_in_file(*value));
    let scores: Vec<(String, Value)> = match axes {
        Some(axes) => axes.iter().map(|axis| (axis.clone(), Value::Number(MEAN_SCORE))).collect(),
        None => AxisSetup::USUAL
            .iter()
            .zip(&group.cause)
            .map(|(axis, score)| ((*axis).to_owned(), Value::Number(*score)))
            .collect(),
    };
    let mut keys = vec![(CAUSE.to_owned(), table(scores))];
    for field in GroupSetup::FIELDS.iter().filter(|field| field.name != "members") {
        let value = match field.takes {
            Takes::Parts(parts) => {
                let part = |name: &str| Some((name.to_owned(), value_of(&format!("{}.{name}", field.name))?));
                Some(table(parts.parts.iter().filter_map(|of| part(of.name)).collect()))
            }
            _ => value_of(field.name),
        };
        keys.extend(value.map(|value| (field.name.to_owned(), value)));
    }
    keys
}

fn value_in_file(value: FieldValue) -> Option<Value> {
    Some(match value {
        FieldValue::Number(number) => Value::Number(number),
        FieldValue::Whole(whole) => Value::Whole(i128::from(whole)),
        FieldValue::Flag(flag) => Value::Flag(flag),
        FieldValue::Unstated => return None,
    })
}

/// A table of values whose places are told by [`at`].
fn table(values: Vec<(String, Value)>) -> Value {
    let nowhere = Spot { file_idx: 0, line: 0 };
    Value::Table(values.into_iter().map(|(key, value)| (key, (nowhere, at(nowhere, value)))).collect())
}

/// A value that stands where the profile is named.
fn at(spot: Spot, mut value: Value) -> Node {
    if let Value::Table(table) = &mut value {
        for (key_spot, node) in table.values_mut() {
            (*key_spot, node.spot) = (spot, spot);
        }
    }
    Node { spot, value }
}

#[cfg(test)]
mod tests {
    use super::Profile;

    #[test]
    fn every_word_names_its_profile() {
        for profile in Profile::ALL {
            assert_eq!(Profile::named(profile.word()), Some(profile));
        }
        assert_eq!(Profile::named("army"), None);
    }
}
