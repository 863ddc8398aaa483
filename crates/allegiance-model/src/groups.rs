//! The armed groups of a setup: each field of a group is declared once.
//!
//! The declaration gives the struct that the engine reads, and as data what
//! everybody else needs: the name in files and in `--set`, the meaning, the
//! bounds, and the value where a file states none. The scenario format, its
//! schema, changes, digests, the writer of scenarios and the list of what
//! differs between two setups all loop over [`GroupSetup::FIELDS`].

use crate::ids::KindId;
use crate::setup::named;
use std::fmt;

/// A value of a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FieldValue {
    /// A number.
    Number(f64),
    /// A whole number.
    Whole(u32),
    /// True or false.
    Flag(bool),
    /// Nothing: the group does as [`Takes::NumberOr`] says.
    Unstated,
}

impl fmt::Display for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Whole(whole) => write!(f, "{whole}"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Unstated => f.write_str("not stated"),
        }
    }
}

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Takes {
    /// A number between two, both included.
    Number(f64, f64),
    /// A number between two, both included, or none: then its meaning says what
    /// holds.
    NumberOr(f64, f64),
    /// A whole number between two, both included.
    Whole(u32, u32),
    /// True or false.
    Flag,
    /// A table of numbers.
    Parts(&'static Parts),
}

/// A field that is a table of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parts {
    /// Which table.
    pub which: PartsOf,
    /// What it is in messages, such as "the motives".
    pub noun: &'static str,
    /// Whether its numbers are shares of a whole.
    pub sums_to_one: bool,
    /// Its numbers where a file states none; none where a file must state them.
    pub usual: Option<&'static [f64]>,
    /// Its numbers.
    pub parts: &'static [Part],
}

/// One number of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// Its name.
    pub name: &'static str,
    /// What it means, as a sentence.
    pub meaning: &'static str,
    /// The lowest value that it takes.
    pub low: f64,
    /// The highest.
    pub high: f64,
}

/// One field of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupField {
    /// Its name in files and in `--set`.
    pub name: &'static str,
    /// What it means, as a sentence.
    pub meaning: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Its value where a file states none; none where a file must state it.
    pub default: Option<FieldValue>,
}

impl GroupField {
    /// Whether a file must state it.
    pub const fn is_required(&self) -> bool {
        self.default.is_none() && !matches!(self.takes, Takes::Parts(Parts { usual: Some(_), .. }))
    }
}

/// How a type of field is read and written by name; the name of a part is
/// empty in a field without parts.
trait Field {
    fn blank() -> Self;
    fn values(&self) -> Vec<(&'static str, FieldValue)>;
    fn put(&mut self, part: &str, value: FieldValue) -> bool;
}

impl Field for f64 {
    fn blank() -> Self {
        Self::NAN
    }

    fn values(&self) -> Vec<(&'static str, FieldValue)> {
        vec![("", FieldValue::Number(*self))]
    }

    fn put(&mut self, part: &str, value: FieldValue) -> bool {
        let FieldValue::Number(number) = value else { return false };
        *self = number;
        part.is_empty()
    }
}

impl Field for Option<f64> {
    fn blank() -> Self {
        None
    }

    fn values(&self) -> Vec<(&'static str, FieldValue)> {
        vec![("", self.map_or(FieldValue::Unstated, FieldValue::Number))]
    }

    fn put(&mut self, part: &str, value: FieldValue) -> bool {
        *self = match value {
            FieldValue::Number(number) => Some(number),
            FieldValue::Unstated => None,
            FieldValue::Whole(_) | FieldValue::Flag(_) => return false,
        };
        part.is_empty()
    }
}

impl Field for u32 {
    fn blank() -> Self {
        0
    }

    fn values(&self) -> Vec<(&'static str, FieldValue)> {
        vec![("", FieldValue::Whole(*self))]
    }

    fn put(&mut self, part: &str, value: FieldValue) -> bool {
        let FieldValue::Whole(whole) = value else { return false };
        *self = whole;
        part.is_empty()
    }
}

impl Field for bool {
    fn blank() -> Self {
        false
    }

    fn values(&self) -> Vec<(&'static str, FieldValue)> {
        vec![("", FieldValue::Flag(*self))]
    }

    fn put(&mut self, part: &str, value: FieldValue) -> bool {
        let FieldValue::Flag(flag) = value else { return false };
        *self = flag;
        part.is_empty()
    }
}

/// Declares the tables of numbers: `name: low ..= high, meaning;`
macro_rules! group_parts {
    ($(
        $(#[$meta:meta])*
        $name:ident, $noun:literal, sums_to_one = $sums:literal $(, usual = [$($usual:literal),*])? {
            $($part:ident: $low:literal ..= $high:literal, $meaning:literal;)*
        }
    )*) => {
        /// The fields of a group that are tables of numbers.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum PartsOf {
            $(
                #[doc = concat!("Those of [`", stringify!($name), "`].")]
                $name,
            )*
        }

        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy, PartialEq)]
            pub struct $name {
                $(#[doc = $meaning] pub $part: f64,)*
            }

            impl $name {
                /// Its numbers, as data.
                pub const PARTS: Parts = Parts {
                    which: PartsOf::$name,
                    noun: $noun,
                    sums_to_one: $sums,
                    usual: [$(Some(&[$($usual),*] as &[f64]),)? None][0],
                    parts: &[$(Part { name: stringify!($part), meaning: $meaning, low: $low, high: $high },)*],
                };
            }

            impl Field for $name {
                fn blank() -> Self {
                    Self { $($part: f64::NAN,)* }
                }

                fn values(&self) -> Vec<(&'static str, FieldValue)> {
                    vec![$((stringify!($part), FieldValue::Number(self.$part)),)*]
                }

                fn put(&mut self, part: &str, value: FieldValue) -> bool {
                    let FieldValue::Number(number) = value else { return false };
                    match part {
                        $(stringify!($part) => self.$part = number,)*
                        _ => return false,
                    }
                    true
                }
            }
        )*
    };
}

/// Declares the fields: `name: type, what it takes, default, meaning;`
macro_rules! group_fields {
    (
        $(#[$meta:meta])*
        pub struct GroupSetup {
            $($field:ident: $type:ty, $takes:expr, $default:expr, $meaning:literal;)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct GroupSetup {
            /// The identifier used in files and tables; unique.
            pub id: String,
            /// The name shown to people.
            pub name: String,
            /// Its kind, a word of the scenario's own.
            pub kind: KindId,
            /// Its score on each axis of cause, 1 least to 5 most. Shape: `(n_axes,)`.
            pub cause: Vec<f64>,
            $(#[doc = $meaning] pub $field: $type,)*
        }

        impl GroupSetup {
            /// Every field but identifier, name, kind and cause, in the order of the format.
            pub const FIELDS: &'static [GroupField] = &[
                $(GroupField { name: stringify!($field), meaning: $meaning, takes: $takes, default: $default },)*
            ];

            /// A group with the defaults of its fields and without scores. A number
            /// without a default is NaN, so that nobody takes it for a value.
            pub fn blank(id: &str, name: &str, kind: KindId) -> Self {
                let mut group =
                    Self {
                        id: id.to_owned(),
                        name: name.to_owned(),
                        kind,
                        cause: Vec::new(),
                        $($field: <$type as Field>::blank(),)*
                    };
                for field in Self::FIELDS {
                    if let Some(default) = field.default {
                        group.set(field.name, default);
                    }
                    if let Takes::Parts(Parts { parts, usual: Some(usual), .. }) = field.takes {
                        for (part, &value) in parts.iter().zip(*usual) {
                            group.set(&path_of(field.name, part.name), FieldValue::Number(value));
                        }
                    }
                }
                group
            }

            /// Every value of these with its name, such as `motives.social`, in order.
            pub fn values(&self) -> Vec<(String, FieldValue)> {
                let mut values = Vec::new();
                $(
                    for (part, value) in Field::values(&self.$field) {
                        values.push((path_of(stringify!($field), part), value));
                    }
                )*
                values
            }

            /// Sets a value by its name; whether there is such a field of that
            /// type. Bounds are for the caller to check.
            pub fn set(&mut self, path: &str, value: FieldValue) -> bool {
                let (field, part) = path.split_once('.').unwrap_or((path, ""));
                match field {
                    $(stringify!($field) => Field::put(&mut self.$field, part, value),)*
                    _ => false,
                }
            }
        }
    };
}

fn path_of(field: &str, part: &str) -> String {
    if part.is_empty() { field.to_owned() } else { format!("{field}.{part}") }
}

group_parts! {
    /// Share of foreign members by rank.
    ForeignShare, "the foreign shares", sums_to_one = false {
        rank_and_file: 0.0 ..= 1.0, "Foreign share of rank and file.";
        unit_commander: 0.0 ..= 1.0, "Foreign share of commanders of units.";
        field_commander: 0.0 ..= 1.0, "Foreign share of field commanders.";
        leadership: 0.0 ..= 1.0, "Foreign share of the leadership.";
    }

    /// The motives of a person: a mix that sums to 1.
    #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
    Motives, "the motives", sums_to_one = true {
        ideology: 0.0 ..= 1.0, "Weight of ideology.";
        material: 0.0 ..= 1.0, "Weight of pay and goods.";
        social: 0.0 ..= 1.0, "Weight of kin, friends and protection.";
    }

    /// How a group's commanders answer a complaint: probabilities that sum to 1.
    AnswerMix, "the answers", sums_to_one = true {
        ignore: 0.0 ..= 1.0, "Probability that nothing comes of it.";
        offer: 0.0 ..= 1.0, "Probability that restitution is offered.";
        punish: 0.0 ..= 1.0, "Probability that the complainant is punished.";
    }

    /// The kinds of a group's strikes: shares that sum to 1.
    StrikeMix, "the kinds of strikes", sums_to_one = true, usual = [1.0, 0.0, 0.0] {
        artillery: 0.0 ..= 1.0, "Share of artillery and unguided bombs.";
        barrel: 0.0 ..= 1.0, "Share of barrel bombs.";
        guided: 0.0 ..= 1.0, "Share of guided bombs.";
    }
}

group_fields! {
    /// One armed group.
    pub struct GroupSetup {
        members: u32, Takes::Whole(0, 10_000_000), None,
            "Members on the first day.";
        brutality: f64, Takes::Number(0.0, 1.0), None,
            "How readily it kills civilians, 0 not at all.";
        discipline: f64, Takes::Number(0.1, 10.0), None,
            "Fighting value of a member; 1 is that of an average rebel.";
        pay_usd_per_month: f64, Takes::Number(0.0, 100_000.0), None,
            "Pay of a local member, US dollars per month.";
        pay_foreign_usd_per_month: f64, Takes::Number(0.0, 100_000.0), None,
            "Pay of a foreign member, US dollars per month.";
        foreign_share: ForeignShare, Takes::Parts(&ForeignShare::PARTS), None,
            "Share of foreign members by rank.";
        motives: Motives, Takes::Parts(&Motives::PARTS), None,
            "Mean motive mix of its local members.";
        answers: AnswerMix, Takes::Parts(&AnswerMix::PARTS), None,
            "How its commanders answer complaints.";
        prisoners_executed_share: f64, Takes::Number(0.0, 1.0), None,
            "Share of its local prisoners that it executes.";
        soldiers_executed_share: Option<f64>, Takes::NumberOr(0.0, 1.0), Some(FieldValue::Unstated),
            "Share of its local prisoners from a state's forces that it executes; that of other prisoners where nothing is stated.";
        foreign_prisoners_executed_share: Option<f64>, Takes::NumberOr(0.0, 1.0), Some(FieldValue::Unstated),
            "Share of its foreign prisoners that it executes; that of local ones, with odds raised by `combat.execution_foreign_factor`, where nothing is stated.";
        prisoners_released_share: Option<f64>, Takes::NumberOr(0.0, 1.0), Some(FieldValue::Unstated),
            "Share of its prisoners whom it spares that it lets go home (mechanism prisoners); `prisoners.released_share` where nothing is stated.";
        prisoners_exchanged_share: Option<f64>, Takes::NumberOr(0.0, 1.0), Some(FieldValue::Unstated),
            "Share of them that it exchanges or lets be ransomed; `prisoners.exchanged_share` where nothing is stated.";
        prisoners_recruited_share: Option<f64>, Takes::NumberOr(0.0, 1.0), Some(FieldValue::Unstated),
            "Share of them, if of its own cause, that it takes into its service; `prisoners.recruited_share` where nothing is stated.";
        leavers_executed_share: Option<f64>, Takes::NumberOr(0.0, 1.0), Some(FieldValue::Unstated),
            "Share of its own local members caught leaving that it executes; `deterrence.p_execute_local` where nothing is stated.";
        foreign_leavers_executed_share: Option<f64>, Takes::NumberOr(0.0, 1.0), Some(FieldValue::Unstated),
            "The same of its foreign members; `deterrence.p_execute_foreign` where nothing is stated.";
        kin_reprisals_per_month: Option<f64>, Takes::NumberOr(0.0, 2.0), Some(FieldValue::Unstated),
            "Hazard a month that it harms kin of one who left it, where it holds their home; `reprisal.kin_per_month` where nothing is stated.";
        blocking_troops: f64, Takes::Number(0.0, 1.0), Some(FieldValue::Number(0.0)),
            "How far its units on duty have blocking troops behind them (mechanism coercion); 0, the default, not at all.";
        guards: f64, Takes::Number(0.0, 1.0), Some(FieldValue::Number(0.0)),
            "How far it guards those of its men whom it forced to join or holds suspect (mechanism coercion); 0, the default, not at all.";
        amnesty: f64, Takes::Number(0.0, 1.0), Some(FieldValue::Number(0.0)),
            "How far it takes in strangers from the enemy as if vouched for, from the first day; the lever of the same name changes it. 0 by default.";
        strikes_per_month: f64, Takes::Number(0.0, 10_000.0), Some(FieldValue::Number(0.0)),
            "Air and artillery strikes per month on places held by its enemies; 0 by default.";
        strike_mix: StrikeMix, Takes::Parts(&StrikeMix::PARTS), None,
            "Kinds of its strikes; artillery and unguided bombs alone by default.";
        offensive_tempo: f64, Takes::Number(0.0, 100.0), Some(FieldValue::Number(1.0)),
            "How often it attacks; 1, the default, is an average group, 0 never.";
        recruits: bool, Takes::Flag, Some(FieldValue::Flag(true)),
            "Whether inhabitants can join it; true by default.";
        forced_share: f64, Takes::Number(0.0, 1.0), Some(FieldValue::Number(0.0)),
            "Share of its local members who were forced to join (mechanism `entry`); 0 by default.";
    }
}

named! {
    /// What a group does to people in its hands, its own members among them: a field
    /// of the group that the timeline can change.
    pub enum Policy {
        /// Share of its local prisoners that it executes.
        PrisonersExecuted = "prisoners_executed_share",
        /// The same of those from a state's forces.
        SoldiersExecuted = "soldiers_executed_share",
        /// The same of foreign ones.
        ForeignPrisonersExecuted = "foreign_prisoners_executed_share",
        /// Share of the prisoners spared that it lets go home.
        PrisonersReleased = "prisoners_released_share",
        /// Share of them that it exchanges or lets be ransomed.
        PrisonersExchanged = "prisoners_exchanged_share",
        /// Share of them, if of its own cause, that it takes into its service.
        PrisonersRecruited = "prisoners_recruited_share",
        /// Share of its own local members caught leaving that it executes.
        LeaversExecuted = "leavers_executed_share",
        /// The same of foreign ones.
        ForeignLeaversExecuted = "foreign_leavers_executed_share",
        /// Hazard that it harms kin of one who left it.
        KinReprisals = "kin_reprisals_per_month",
        /// How far its units on duty have blocking troops behind them.
        BlockingTroops = "blocking_troops",
        /// How far it guards those whom it holds suspect.
        Guards = "guards",
    }
}

impl Policy {
    /// Number of policies.
    pub const N: usize = Self::ALL.len();
}

impl GroupSetup {
    /// A policy on the first day; none where nothing is stated.
    pub fn policy(&self, policy: Policy) -> Option<f64> {
        self.values().into_iter().find_map(|(path, value)| match value {
            FieldValue::Number(number) if path == policy.word() => Some(number),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{FieldValue, GroupSetup, KindId, Policy, Takes};

    #[test]
    fn every_policy_is_a_field_that_takes_a_number() {
        for &policy in Policy::ALL {
            let field = GroupSetup::FIELDS.iter().find(|field| field.name == policy.word()).unwrap();
            assert!(matches!(field.takes, Takes::Number(..) | Takes::NumberOr(..)), "{}", policy.word());
            let mut group = GroupSetup::blank("a", "A", KindId(0));
            assert!(group.policy(policy).is_none_or(|value| value.is_nan() || value == 0.0));
            assert!(group.set(policy.word(), FieldValue::Number(0.5)));
            assert_eq!(group.policy(policy), Some(0.5));
        }
    }

    #[test]
    fn every_field_is_set_and_read_under_its_name_alone() {
        let blank = GroupSetup::blank("a", "A", KindId(0));
        let values = blank.values();
        let names: usize = GroupSetup::FIELDS
            .iter()
            .map(|field| if let Takes::Parts(parts) = field.takes { parts.parts.len() } else { 1 })
            .sum();
        assert_eq!(values.len(), names);
        for (path, value) in &values {
            let other = match value {
                FieldValue::Number(_) | FieldValue::Unstated => FieldValue::Number(0.25),
                FieldValue::Whole(_) => FieldValue::Whole(7),
                FieldValue::Flag(flag) => FieldValue::Flag(!flag),
            };
            let mut group = blank.clone();
            assert!(group.set(path, other), "{path}");
            for ((name, before), (_, after)) in values.iter().zip(group.values()) {
                let expected = if name == path { other } else { *before };
                assert_eq!(after.to_string(), expected.to_string(), "{name} after {path}");
            }
            let wrong =
                if matches!(value, FieldValue::Flag(_)) { FieldValue::Whole(1) } else { FieldValue::Flag(true) };
            assert!(!group.set(path, wrong), "{path} takes no other type");
        }
        assert!(!blank.clone().set("brutality.most", FieldValue::Number(0.0)));
        assert!(!blank.clone().set("courage", FieldValue::Number(0.0)));
    }
}
