//! Names of groups, places and sources.

use std::collections::BTreeMap;

use crate::problem::{Problems, Spot};

/// Names of things, for looking up and for suggesting.
pub(crate) struct Names {
    kind: &'static str,
    plural: &'static str,
    by_name: BTreeMap<String, usize>,
    in_order: Vec<String>,
    /// Whether all names were read, so that another one names nothing.
    pub(crate) are_all: bool,
}

impl Names {
    pub(crate) fn new(kind: &'static str, plural: &'static str) -> Self {
        Self { kind, plural, by_name: BTreeMap::new(), in_order: Vec::new(), are_all: true }
    }

    /// Adds a name; gives false where it is there already, after which no
    /// other name is told to be missing.
    pub(crate) fn add(&mut self, name: &str) -> bool {
        let at = self.in_order.len();
        self.in_order.push(name.to_owned());
        if self.by_name.contains_key(name) {
            // One of the two may be meant to be another, which is then missed elsewhere.
            self.are_all = false;
            return false;
        }
        self.by_name.insert(name.to_owned(), at);
        true
    }

    pub(crate) fn len(&self) -> usize {
        self.in_order.len()
    }

    /// The position of a name.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The name at a position.
    pub(crate) fn name(&self, at: usize) -> &str {
        &self.in_order[at]
    }

    /// Finds a name, or adds the problem that it names nothing.
    pub(crate) fn find(&self, name: &str, spot: Spot, key: &str, problems: &mut Problems) -> Option<usize> {
        if let Some(at) = self.position(name) {
            return Some(at);
        }
        if self.are_all && !self.in_order.is_empty() {
            problems.unknown_name(spot, key, self.kind, self.plural, (name, &self.in_order));
        }
        None
    }
}
