//! The names that events use for places and units, to tell which of several
//! columns of names is theirs.

use std::collections::{BTreeMap, BTreeSet};

use super::period::Period;
use allegiance_scenario::event_rows::comparable_name;

/// What events call a unit behind its name.
const UNITS: &[&str] = &[
    "area",
    "canton",
    "cercle",
    "commune",
    "county",
    "department",
    "district",
    "division",
    "governorate",
    "lga",
    "locality",
    "municipality",
    "oblast",
    "parish",
    "prefecture",
    "province",
    "raion",
    "region",
    "state",
    "subdistrict",
    "subprefecture",
    "territory",
    "township",
    "woreda",
    "zone",
];

/// The names of the period's events and those before it, with how many events give each.
#[derive(Debug, Default)]
pub(super) struct Spoken(BTreeMap<String, usize>);

impl Spoken {
    pub(super) fn of(period: &Period<'_>) -> Self {
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        for event in period.events.iter().chain(&period.before) {
            let given = [&event.row.place_name, &event.adm[0], &event.adm[1]];
            for name in given.into_iter().filter(|name| !name.is_empty()) {
                *names.entry(name).or_default() += 1;
            }
        }
        let mut spoken = Self::default();
        for (name, n_events) in names {
            *spoken.0.entry(comparable_name(bare(name), true)).or_default() += n_events;
        }
        spoken
    }

    /// How many events give one of some names.
    pub(super) fn n_events<'n>(&self, names: impl Iterator<Item = &'n str>) -> usize {
        if self.0.is_empty() {
            return 0;
        }
        let names: BTreeSet<&str> = names.filter(|name| !name.is_empty()).collect();
        let plain: BTreeSet<String> = names.into_iter().map(|name| comparable_name(bare(name), true)).collect();
        plain.iter().filter_map(|name| self.0.get(name)).sum()
    }
}

/// A name without the word for the kind of unit.
fn bare(name: &str) -> &str {
    let Some((first, last)) = name.trim().rsplit_once(' ') else { return name };
    if UNITS.contains(&last.to_lowercase().as_str()) { first } else { name }
}
