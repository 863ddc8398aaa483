//! Describes what a TOML tree may hold, and checks a tree against it.

use crate::problem::{Problems, Spot, did_you_mean, list_choices};
use crate::profiles::PROFILE;
use crate::tree::{Node, Table, Value};

/// What a value may be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// Any text that isn't empty.
    Text,
    /// A name of letters, digits, `_` and `-`.
    Id,
    /// A list of texts; one text stands for a list of one.
    Texts,
    /// One of these words.
    Word(&'static [&'static str]),
    /// True or false.
    Flag,
    /// A date.
    Day,
    /// A whole number within bounds.
    Whole(i64, i64),
    /// A number within bounds.
    Number(f64, f64),
    /// A number whose bounds depend on the word of another key of its table:
    /// the key, then each word with its bounds.
    NumberBy(&'static str, &'static [(&'static str, f64, f64)]),
    /// A table.
    Table(&'static TableShape),
    /// A list of tables.
    List(&'static TableShape),
    /// A table whose keys are the scenario's own, each a text.
    TextByKey,
    /// The same, where a text may be empty.
    MaybeTextByKey,
    /// A table whose keys are the scenario's own, each a number within bounds.
    NumberByKey(f64, f64),
    /// A table whose keys are words, each true or false.
    Flags(&'static [&'static str]),
    /// A list of numbers, words, or true and false, checked elsewhere.
    Values,
    /// Checked elsewhere.
    Open,
}

/// The keys of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TableShape {
    /// What one such table is, with its article, such as `a group`.
    pub(crate) noun: &'static str,
    pub(crate) fields: &'static [Field],
    /// Whether its numbers are shares that sum to 1.
    pub(crate) sums_to_one: bool,
    /// Further keys that depend on the word of the key `kind`.
    pub(crate) by_kind: &'static [KindShape],
    /// How it may look in a file; empty where the kinds show it.
    pub(crate) example: &'static str,
}

/// The further keys of a table of one kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KindShape {
    /// The word of the key `kind`.
    pub(crate) word: &'static str,
    /// What an entry of this kind does, as a sentence.
    pub(crate) meaning: &'static str,
    pub(crate) fields: &'static [Field],
    /// How it may look in a file.
    pub(crate) example: &'static str,
}

impl KindShape {
    fn has(&self, key: &str) -> bool {
        self.fields.iter().any(|field| field.name == key)
    }

    /// Whether an entry of this kind may have these keys, and lacks none.
    fn takes(&self, keys: &[&String]) -> bool {
        let is_there = |field: &Field| !field.is_required || keys.iter().any(|key| *key == field.name);
        keys.iter().all(|key| self.has(key)) && self.fields.iter().all(is_there)
    }
}

/// One key of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) is_required: bool,
    /// Whether a profile states it where the file doesn't.
    pub(crate) is_of_profile: bool,
    /// What it means, as a sentence or two, with its unit and default.
    pub(crate) meaning: &'static str,
}

/// The longest identifier that is made of a name.
const MOST_OF_NAME: usize = 48;

/// A name as an identifier, in lower-case Latin letters, digits and `_`; may be
/// empty.
pub fn slug(name: &str) -> String {
    let latin = deunicode::deunicode(name).to_lowercase();
    let words = latin.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut id = words.collect::<Vec<_>>().join("_");
    id.truncate(MOST_OF_NAME);
    id.trim_end_matches('_').to_owned()
}

/// How far the sum of shares may be from 1.
pub(crate) const SUM_TOLERANCE: f64 = 1e-6;

/// Checks a tree; `is_whole` is false where parts of the file didn't parse, so
/// that missing keys mean nothing.
pub(crate) struct Checker<'p> {
    pub(crate) problems: &'p mut Problems,
    pub(crate) is_whole: bool,
}

impl Checker<'_> {
    /// Checks one table, in which `path` leads to its keys.
    pub(crate) fn check_table(&mut self, table: &Table, spot: Spot, path: &str, shape: &TableShape) {
        let kind = table.get("kind").and_then(|(_, node)| node.as_text());
        let of_kind = shape.by_kind.iter().find(|of| Some(of.word) == kind);
        let is_kind_known = shape.by_kind.is_empty() || of_kind.is_some();
        let is_of_some_kind = |key: &String| shape.by_kind.iter().any(|of| of.has(key));
        let fields = || shape.fields.iter().chain(of_kind.iter().flat_map(|of| of.fields.iter()));
        for (key, (key_spot, node)) in table {
            let key_path = join(path, key);
            match fields().find(|field| field.name == key) {
                Some(_) if let ("kind", false, Some(word)) = (key.as_str(), is_kind_known, node.as_text()) => {
                    self.refuse_kind((node.spot, &key_path), word, table, shape);
                }
                Some(field) => self.check(node, &key_path, field.shape.within(table)),
                None if is_kind_known => {
                    let noun = match of_kind {
                        Some(of) => format!("{} of kind {}", shape.noun, of.word),
                        None => shape.noun.to_owned(),
                    };
                    let found = format!("isn't a key of {noun}");
                    let keys = fields().map(|field| field.name);
                    self.problems.error(*key_spot, key_path, found).choices("keys", key, keys);
                }
                None if !is_of_some_kind(key) => {
                    let keys = fields().map(|field| field.name);
                    let found = format!("isn't a key of {} of any kind", shape.noun);
                    let problem =
                        self.problems.error(*key_spot, key_path, found).choices("keys of every kind", key, keys);
                    let of_kinds: Vec<&str> =
                        shape.by_kind.iter().flat_map(|of| of.fields).map(|field| field.name).collect();
                    problem.hint = problem.hint.take().or_else(|| did_you_mean(key, &of_kinds));
                }
                None => {}
            }
        }
        for field in fields().filter(|field| field.is_required) {
            // Of a profile that couldn't be read nothing is known, and that is told.
            let may_be_of_profile = field.is_of_profile && table.contains_key(PROFILE);
            if self.is_whole && !may_be_of_profile && !table.contains_key(field.name) {
                let problem = self.problems.error(spot, join(path, field.name), "is missing");
                problem.allowed(field.shape.within(table).allowed());
                if field.is_of_profile {
                    problem.hint("or let a profile state it: profile = \"rebel\"");
                }
            }
        }
        if shape.sums_to_one {
            self.check_sum(table, spot, path, shape);
        }
    }

    /// Tells that a word isn't a kind, and which kinds take the keys that stand
    /// beside it.
    fn refuse_kind(&mut self, (spot, path): (Spot, &str), word: &str, table: &Table, shape: &TableShape) {
        let words: Vec<String> = shape.by_kind.iter().map(|of| of.word.to_owned()).collect();
        let Some(problem) = self.problems.unknown_name(spot, path, "kind", "kinds", (word, &words)) else { return };
        let own = |key: &&String| shape.fields.iter().all(|field| field.name != **key);
        let keys: Vec<&String> = table.keys().filter(own).collect();
        let fitting = shape.by_kind.iter().filter(|of| !keys.is_empty() && of.takes(&keys));
        let fitting: Vec<&str> = fitting.map(|of| of.word).collect();
        if problem.hint.is_none() && !fitting.is_empty() {
            let keys: Vec<&str> = keys.iter().map(|key| key.as_str()).collect();
            problem.hint(format!("{} belong to the kind {}", keys.join(" and "), fitting.join(" or ")));
        }
    }

    fn check_sum(&mut self, table: &Table, spot: Spot, path: &str, shape: &TableShape) {
        let shares: Vec<f64> = shape.fields.iter().filter_map(|field| table.get(field.name)?.1.as_number()).collect();
        let sum: f64 = shares.iter().sum();
        let is_complete = shares.len() == shape.fields.len();
        if is_complete && sum.is_finite() && (sum - 1.0).abs() > SUM_TOLERANCE {
            let names: Vec<&str> = shape.fields.iter().map(|field| field.name).collect();
            self.problems
                .error(spot, path, format!("sums to {}", round(sum)))
                .allowed(format!("{} must sum to 1", names.join(", ")));
        }
    }

    fn check(&mut self, node: &Node, path: &str, shape: Shape) {
        match (shape, &node.value) {
            (Shape::Open | Shape::Values, _) => {}
            (Shape::Table(inner), Value::Table(table)) => {
                self.check_table(table, node.spot, path, inner);
            }
            (Shape::List(inner), Value::List(items)) => {
                for (item_idx, item) in items.iter().enumerate() {
                    let item_path = format!("{path}[{item_idx}]");
                    match item.as_table() {
                        Some(table) => self.check_table(table, item.spot, &item_path, inner),
                        None => self.reject(item, &item_path, Shape::Table(inner)),
                    }
                }
            }
            (Shape::TextByKey, Value::Table(table)) => {
                for (key, (_, inner)) in table {
                    self.check(inner, &join(path, key), Shape::Text);
                }
            }
            (Shape::NumberByKey(low, high), Value::Table(table)) => {
                for (key, (_, inner)) in table {
                    self.check(inner, &join(path, key), Shape::Number(low, high));
                }
            }
            (Shape::MaybeTextByKey, Value::Table(table)) => {
                for (key, (_, inner)) in table {
                    if inner.as_text().is_none() {
                        let key_path = join(path, &quote_key(key));
                        self.problems.error(inner.spot, key_path, inner.describe()).allowed("must be a text in quotes");
                    }
                }
            }
            (Shape::Flags(words), Value::Table(table)) => {
                for (key, (spot, inner)) in table {
                    if words.contains(&key.as_str()) {
                        self.check(inner, &join(path, key), Shape::Flag);
                    } else {
                        self.problems.error(*spot, join(path, key), "isn't a mechanism").choices(
                            "mechanisms",
                            key,
                            words.iter().copied(),
                        );
                    }
                }
            }
            (Shape::Texts, Value::List(items)) => {
                for (item_idx, item) in items.iter().enumerate() {
                    self.check(item, &format!("{path}[{item_idx}]"), Shape::Text);
                }
                if items.is_empty() {
                    self.reject(node, path, shape);
                }
            }
            (Shape::Word(words), Value::Text(word)) => {
                if !words.contains(&word.as_str()) {
                    self.problems.error(node.spot, path, format!("is {word:?}")).choices(
                        "allowed words",
                        word,
                        words.iter().copied(),
                    );
                }
            }
            _ if shape.accepts(&node.value) => {}
            _ => self.reject(node, path, shape),
        }
    }

    fn reject(&mut self, node: &Node, path: &str, shape: Shape) {
        self.problems.error(node.spot, path, node.describe()).allowed(shape.allowed());
    }
}

impl Shape {
    /// The shape inside one table: bounds that depend on another key become
    /// plain ones, the widest where that key has no such word.
    fn within(self, table: &Table) -> Self {
        let Self::NumberBy(key, bounds) = self else {
            return self;
        };
        let word = table.get(key).and_then(|(_, node)| node.as_text());
        match bounds.iter().find(|(of, ..)| Some(*of) == word) {
            Some(&(_, low, high)) => Self::Number(low, high),
            None => self.widest(),
        }
    }

    /// Bounds that depend on a word, as those that hold for any.
    fn widest(self) -> Self {
        match self {
            Self::NumberBy(_, bounds) => {
                let lows = bounds.iter().map(|&(_, low, _)| low);
                let highs = bounds.iter().map(|&(.., high)| high);
                Self::Number(lows.fold(f64::INFINITY, f64::min), highs.fold(f64::NEG_INFINITY, f64::max))
            }
            other => other,
        }
    }

    /// Whether a single value is right in type and bounds.
    fn accepts(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Text | Self::Texts, Value::Text(text)) => !text.trim().is_empty(),
            (Self::Id, Value::Text(text)) => is_id(text),
            (Self::Word(words), Value::Text(word)) => words.contains(&word.as_str()),
            (Self::Flag, Value::Flag(_)) | (Self::Day, Value::Day(_, Some(_))) => true,
            (Self::Whole(low, high), Value::Whole(whole)) => (i128::from(low)..=i128::from(high)).contains(whole),
            (Self::Number(low, high), Value::Whole(whole)) => (low..=high).contains(&(*whole as f64)),
            (Self::Number(low, high), Value::Number(number)) => (low..=high).contains(number),
            (Self::NumberBy(..), _) => self.widest().accepts(value),
            _ => false,
        }
    }

    /// Checks a single value apart from any file: what was found and what is
    /// allowed, or nothing where the value is right.
    pub(crate) fn refuse(self, node: &Node) -> Option<(String, String)> {
        (!self.accepts(&node.value)).then(|| (node.describe(), self.allowed()))
    }

    /// What is allowed, as a clause.
    pub(crate) fn allowed(self) -> String {
        match self {
            Self::Text => "must be a text in quotes that isn't empty".to_owned(),
            Self::Id => "must be 1 to 64 letters, digits, _ or -, in quotes".to_owned(),
            Self::Texts => "must be a list of texts, such as [\"a\", \"b\"]".to_owned(),
            Self::Word(words) => list_choices("allowed words", words),
            Self::Flag => "must be true or false".to_owned(),
            Self::Day => "must be a date without quotes, such as 2014-01-01".to_owned(),
            Self::Whole(low, high) if low == high => format!("must be {low}"),
            Self::Whole(low, high) => format!("must be a whole number from {low} to {high}"),
            Self::Number(low, high) => format!("must be a number from {low} to {high}"),
            Self::NumberBy(..) => self.widest().allowed(),
            Self::Table(shape) | Self::List(shape) => {
                let names: Vec<&str> = shape.fields.iter().map(|field| field.name).collect();
                let form = if matches!(self, Self::Table(_)) { "a table" } else { "a list of tables" };
                format!("must be {form} with the keys {}", names.join(", "))
            }
            Self::TextByKey | Self::MaybeTextByKey => "must be a table of texts".to_owned(),
            Self::NumberByKey(low, high) => format!("must be a table of numbers from {low} to {high}"),
            Self::Flags(_) => "must be a table of true or false".to_owned(),
            Self::Values => "must be a list of numbers, words, or true and false, such as [0.1, 0.2]".to_owned(),
            Self::Open => String::new(),
        }
    }
}

/// Whether a text can name a group, place or scenario.
pub fn is_id(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=64).contains(&text.len()) && text.bytes().all(is_allowed)
}

/// A key as it must stand in a file: in quotes where it isn't bare.
pub(crate) fn quote_key(key: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if !key.is_empty() && key.bytes().all(is_bare) { key.to_owned() } else { format!("{key:?}") }
}

/// A sum as people read it, without the noise of binary fractions.
pub(crate) fn round(sum: f64) -> f64 {
    (sum * 1e9).round() / 1e9
}

/// The path of a key inside a table.
pub(crate) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
