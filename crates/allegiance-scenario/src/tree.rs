//! TOML as a tree in which every value knows its file and line.
//!
//! Serde stops at the first mistake and forgets positions inside tagged
//! enums; a tree keeps going and remembers, and two scenarios merge as trees.

mod syntax;

use std::collections::BTreeMap;

use allegiance_model::calendar::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::{Problems, Spot};

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) spot: Spot,
    pub(crate) value: Value,
}

/// A table: each key with the place of the key.
pub(crate) type Table = BTreeMap<String, (Spot, Node)>;

#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text(String),
    Whole(i128),
    Number(f64),
    Flag(bool),
    /// A date; `None` for a time, or a day that no calendar has.
    Day(String, Option<Date>),
    List(Vec<Node>),
    Table(Table),
}

impl Node {
    pub(crate) fn as_table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_number(&self) -> Option<f64> {
        match self.value {
            Value::Number(number) => Some(number),
            Value::Whole(whole) => Some(whole as f64),
            _ => None,
        }
    }

    pub(crate) fn as_whole(&self) -> Option<i128> {
        match self.value {
            Value::Whole(whole) => Some(whole),
            _ => None,
        }
    }

    pub(crate) fn as_flag(&self) -> Option<bool> {
        match self.value {
            Value::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    pub(crate) fn as_day(&self) -> Option<Date> {
        match self.value {
            Value::Day(_, date) => date,
            _ => None,
        }
    }

    /// The texts of a list, or the one text that stands for a list of one.
    pub(crate) fn as_texts(&self) -> Vec<(&str, Spot)> {
        match &self.value {
            Value::Text(text) => vec![(text.as_str(), self.spot)],
            Value::List(items) => {
                items.iter().filter_map(|item| item.as_text().map(|text| (text, item.spot))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The items of a list.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// What the value is, as a clause that follows a key.
    pub(crate) fn describe(&self) -> String {
        match &self.value {
            Value::Text(text) => format!("is the text {text:?}"),
            Value::Whole(whole) => format!("is {whole}"),
            Value::Number(number) => format!("is {number}"),
            Value::Flag(flag) => format!("is {flag}"),
            Value::Day(text, Some(_)) => format!("is the date {text}"),
            Value::Day(text, None) => format!("is the time {text}"),
            Value::List(items) if items.iter().all(|item| item.as_table().is_some()) => {
                "is a list of tables".to_owned()
            }
            Value::List(_) => "is a list".to_owned(),
            Value::Table(_) => "is a table".to_owned(),
        }
    }
}

/// Reads a whole file, adding each syntax error to the problems.
pub(crate) fn parse(text: &str, file_idx: usize, problems: &mut Problems) -> Node {
    let lines = Lines::new(text, file_idx);
    let (document, errors) = DeTable::parse_recoverable(text);
    let table = convert_table(document.get_ref(), &lines);
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        let spot = lines.spot(at);
        let line = text.lines().nth(spot.line as usize - 1).unwrap_or_default();
        syntax::tell(spot, line, &table, error.message().trim_end(), problems);
    }
    Node { spot: Spot { file_idx, line: 1 }, value: Value::Table(table) }
}

/// A text as TOML reads it.
pub fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// Reads one value, as on the right of an equals sign.
pub(crate) fn parse_value(text: &str, file_idx: usize) -> Option<Node> {
    let value = DeValue::parse(text).ok()?;
    Some(convert(&value, &Lines::new(text, file_idx)))
}

fn convert_table(table: &DeTable<'_>, lines: &Lines) -> Table {
    table
        .iter()
        .map(|(key, value)| {
            let spot = lines.spot(key.span().start);
            (key.get_ref().to_string(), (spot, convert(value, lines)))
        })
        .collect()
}

fn convert(value: &Spanned<DeValue<'_>>, lines: &Lines) -> Node {
    let spot = lines.spot(value.span().start);
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(integer) => {
            Value::Whole(i128::from_str_radix(integer.as_str(), integer.radix()).unwrap_or(i128::MAX))
        }
        DeValue::Float(float) => Value::Number(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(datetime) => {
            let date = match (datetime.date, datetime.time) {
                (Some(date), None) => Date::from_ymd(i32::from(date.year), u32::from(date.month), u32::from(date.day)),
                _ => None,
            };
            Value::Day(datetime.to_string(), date)
        }
        DeValue::Array(items) => Value::List(items.iter().map(|item| convert(item, lines)).collect()),
        DeValue::Table(table) => Value::Table(convert_table(table, lines)),
    };
    Node { spot, value }
}

/// Puts `over` on top of `base`: tables merge key by key, lists of tables with
/// an `id` merge entry by entry, everything else is replaced.
pub(crate) fn merge(base: Node, over: Node) -> Node {
    match (base.value, over.value) {
        (Value::Table(mut merged), Value::Table(table)) => {
            for (key, (spot, node)) in table {
                let node = match merged.remove(&key) {
                    Some((_, below)) => merge(below, node),
                    None => node,
                };
                merged.insert(key, (spot, node));
            }
            Node { spot: over.spot, value: Value::Table(merged) }
        }
        (Value::List(mut merged), Value::List(items)) if has_ids(&merged) && has_ids(&items) => {
            for item in items {
                match merged.iter().position(|below| id_of(below) == id_of(&item)) {
                    Some(at) => {
                        let below = merged.remove(at);
                        merged.insert(at, merge(below, item));
                    }
                    None => merged.push(item),
                }
            }
            Node { spot: over.spot, value: Value::List(merged) }
        }
        (_, value) => Node { spot: over.spot, value },
    }
}

fn id_of(node: &Node) -> Option<&str> {
    node.as_table()?.get("id")?.1.as_text()
}

fn has_ids(items: &[Node]) -> bool {
    items.iter().all(|item| id_of(item).is_some())
}

/// Finds the line of a position.
struct Lines {
    starts: Vec<usize>,
    file_idx: usize,
}

impl Lines {
    fn new(text: &str, file_idx: usize) -> Self {
        let ends = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        Self { starts, file_idx }
    }

    fn spot(&self, at: usize) -> Spot {
        let line = self.starts.partition_point(|&start| start <= at);
        Spot { file_idx: self.file_idx, line: line as u32 }
    }
}
