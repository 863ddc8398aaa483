//! Every key that can be set, for those who list or walk them.

use allegiance_model::ids::GroupId;
use allegiance_model::setup::{Country, FieldValue, Lever, Mechanism, Setup};

use super::groups::group_fields;
use super::levers::lever_on_first_day;

/// A key of [`apply_change`](super::apply_change) with its value in a setup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettableKey {
    /// The key.
    pub key: String,
    /// Its value as the key takes it.
    pub value: String,
}

/// Every key that a setup takes, with its value, but for those of a group that
/// state nothing; `theory`, which is short for
/// a slot, comes with the word of belief.
pub fn settable_keys(setup: &Setup) -> Vec<SettableKey> {
    let mut keys: Vec<SettableKey> = Vec::new();
    let mut add = |key: String, value: String| keys.push(SettableKey { key, value });
    add("days".to_owned(), setup.n_days.to_string());
    add("seed".to_owned(), setup.seed.to_string());
    add("scale".to_owned(), "1".to_owned());
    add("theory".to_owned(), setup.theory.belief.word().to_owned());
    add("theory.belief".to_owned(), setup.theory.belief.word().to_owned());
    add("theory.exit".to_owned(), setup.theory.exit.word().to_owned());
    add("operations.mode".to_owned(), setup.mode.word().to_owned());
    for &mechanism in Mechanism::ALL {
        add(format!("mechanisms.{}", mechanism.word()), setup.switches.is_on(mechanism).to_string());
    }
    let Country { name, gw_number, region, conflict: _ } = &setup.country;
    add("observation.country".to_owned(), name.clone());
    if *gw_number > 0 {
        add("observation.gw_number".to_owned(), gw_number.to_string());
    }
    add("observation.region".to_owned(), region.clone());
    add("observation.conflict".to_owned(), setup.country.conflict_name());
    for info in setup.whole_dictionary() {
        let value = setup.parameter(&info.path()).unwrap_or(info.default);
        add(info.path(), value.to_string());
    }
    let fields = group_fields(&setup.axes);
    for (at, group) in setup.groups.iter().enumerate() {
        add(format!("groups.{}.kind", group.id), setup.kinds[group.kind.idx()].id.clone());
        let values = group.values_on(&setup.axes);
        for (name, _) in &fields {
            let value =
                values.iter().find(|(path, _)| path == name).filter(|(_, value)| *value != FieldValue::Unstated);
            if let Some((_, value)) = value {
                add(format!("groups.{}.{name}", group.id), value.to_string());
            }
        }
        for &lever in Lever::ALL {
            let value = lever_on_first_day(setup, lever, GroupId::from_idx(at));
            add(format!("levers.{}.{}", group.id, lever.word()), value.to_string());
        }
        for (other, with) in setup.groups.iter().enumerate().skip(at + 1) {
            let relation = setup.relations[at * setup.n_groups() + other];
            add(format!("relations.{}.{}", group.id, with.id), relation.word().to_owned());
        }
    }
    keys
}
