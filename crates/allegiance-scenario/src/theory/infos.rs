//! Entries of the dictionary for parameters of theories.
//!
//! Entries live as long as the program, as those of the engine do; one that says
//! the same as an earlier one is that one, so a file that is read again adds none.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use allegiance_model::parameters::{ParameterInfo, Tag};
use allegiance_model::theory::{OWN, Unit};

use crate::format::TAGS;
use crate::problem::{Problems, Spot, list_choices};
use crate::resolve::{get, text};
use crate::tree::{Node, Table};

static TEXTS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
static INFOS: Mutex<Vec<&'static ParameterInfo>> = Mutex::new(Vec::new());

fn kept(text: &str) -> &'static str {
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = texts.get(text) {
        return known;
    }
    let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
    texts.insert(text);
    text
}

fn kept_info(info: ParameterInfo) -> &'static ParameterInfo {
    let mut infos = INFOS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = infos.iter().find(|known| ***known == info) {
        return known;
    }
    let info: &'static ParameterInfo = Box::leak(Box::new(info));
    infos.push(info);
    info
}

/// Reads one parameter; none where something is wrong with it.
pub(super) fn read(name: &str, spot: Spot, table: &Table, problems: &mut Problems) -> Option<&'static ParameterInfo> {
    let path = format!("parameters.{name}");
    let prior = pair(table, "prior", &path, problems);
    let within = if table.contains_key("within") { Some(pair(table, "within", &path, problems)?) } else { None };
    let (low, high) = prior?;
    let default = get(table, "default").and_then(Node::as_number)?;
    let unit = text(table, "unit");
    if Unit::parse(unit).is_none() || unit == "yes or no" {
        let words: Vec<&str> = Unit::words().filter(|word| *word != "yes or no").collect();
        let problem = problems.error(spot_of(table, "unit", spot), format!("{path}.unit"), format!("is {unit:?}"));
        problem.allowed(format!("{}, and their products and quotients", list_choices("units", &words)));
        return None;
    }
    let tag = match text(table, "tag") {
        word if word == TAGS[0] => Tag::Sourced,
        word if word == TAGS[1] => Tag::Derived,
        _ => Tag::Judgement,
    };
    let symbol = if table.contains_key("symbol") { text(table, "symbol") } else { name };
    let info = ParameterInfo {
        mechanism: OWN,
        name: kept(name),
        meaning: kept(text(table, "meaning")),
        symbol: kept(symbol),
        unit: kept(unit),
        default,
        low,
        high,
        within,
        off: get(table, "off").and_then(Node::as_number),
        tag,
        source: kept(text(table, "source")),
    };
    let (lowest, highest) = info.allowed();
    let mut fits = true;
    for (key, value) in [("default", Some(default)), ("prior", Some(low)), ("prior", Some(high)), ("off", info.off)] {
        if let Some(value) = value.filter(|value| !info.accepts(*value)) {
            let found = format!("is {value}, which it doesn't take");
            let problem = problems.error(spot_of(table, key, spot), format!("{path}.{key}"), found);
            problem
                .allowed(format!("must be a number from {lowest} to {highest}"))
                .hint("state within = [lowest, highest]");
            fits = false;
        }
    }
    if !(low..=high).contains(&default) && info.off != Some(default) {
        let problem =
            problems.error(spot_of(table, "default", spot), format!("{path}.default"), format!("is {default}"));
        problem.allowed(format!("must lie in the prior, {low} to {high}"));
        fits = false;
    }
    fits.then(|| kept_info(info))
}

fn spot_of(table: &Table, key: &str, spot: Spot) -> Spot {
    table.get(key).map_or(spot, |(spot, _)| *spot)
}

/// Two numbers in their order.
fn pair(table: &Table, key: &str, path: &str, problems: &mut Problems) -> Option<(f64, f64)> {
    let node = get(table, key)?;
    let numbers: Vec<f64> = node.items().iter().filter_map(Node::as_number).filter(|value| value.is_finite()).collect();
    match numbers.as_slice() {
        [low, high] if low < high && node.items().len() == 2 => Some((*low, *high)),
        _ => {
            let found = if numbers.len() == node.items().len() && !numbers.is_empty() {
                format!("is {numbers:?}")
            } else {
                node.describe()
            };
            let problem = problems.error(node.spot, format!("{path}.{key}"), found);
            problem.allowed("must be two numbers, the lower first, such as [0.1, 1.5]");
            None
        }
    }
}
