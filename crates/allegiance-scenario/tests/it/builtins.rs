//! The built-in scenarios.

use std::collections::BTreeSet;

use allegiance_model::setup::{Change, RelationKind};
use allegiance_scenario::{builtin, load};

#[test]
fn every_builtin_loads_and_keeps_what_the_engine_is_promised() {
    for id in builtin::names() {
        let scenario = load(id).unwrap();
        assert_eq!(scenario.id, id);
        let setup = &scenario.setup;
        let n_groups = setup.n_groups();
        for place in &setup.places {
            assert!(place.population >= 1);
            assert_eq!(place.control.len(), n_groups);
            assert!((place.control.iter().sum::<f64>() - 1.0).abs() < 1e-6, "{}", place.id);
        }
        for (group_idx, group) in setup.groups.iter().enumerate() {
            let own = setup.garrisons.iter().filter(|garrison| garrison.group.idx() == group_idx);
            assert_eq!(own.map(|garrison| garrison.members).sum::<u32>(), group.members, "{}", group.id);
        }
        assert!(setup.garrisons.is_sorted_by_key(|garrison| (garrison.group, garrison.place)));
        assert!(setup.timeline.is_sorted_by_key(|entry| entry.day));
        for a in 0..n_groups {
            assert_eq!(setup.relations[a * n_groups + a], RelationKind::Alliance);
            for b in 0..n_groups {
                assert_eq!(setup.relations[a * n_groups + b], setup.relations[b * n_groups + a]);
            }
        }
        let places: BTreeSet<&str> = setup.places.iter().map(|place| place.id.as_str()).collect();
        assert_eq!(places.len(), setup.places.len());
    }
}

#[test]
fn one_village_has_the_cast_of_the_source_case() {
    let scenario = load("one-village").unwrap();
    assert!(scenario.warnings.is_empty(), "{:?}", scenario.warnings);
    let setup = &scenario.setup;
    assert_eq!(setup.places.len(), 12);
    assert!((18_000..22_000).contains(&setup.n_inhabitants()));
    let ids: Vec<&str> = setup.groups.iter().map(|group| group.id.as_str()).collect();
    assert_eq!(ids, ["village_defenders", "district_rebels", "isis"]);
    assert_eq!(setup.places[0].id, "tall_rumman");
    assert_eq!(setup.places[0].population, 2_300);
    let assaults: Vec<u32> = setup
        .timeline
        .iter()
        .filter(
            |entry| matches!(entry.change, Change::Assault { group, place } if group.idx() == 2 && place.idx() == 0),
        )
        .map(|entry| entry.day)
        .collect();
    assert_eq!(assaults, [11, 23, 36, 48]);
    let wars =
        setup.timeline.iter().filter(|entry| matches!(entry.change, Change::Relation { kind: RelationKind::War, .. }));
    assert_eq!(wars.map(|entry| entry.day).collect::<Vec<_>>(), [2, 2]);
}

/// The wars other than Syria: their first and last days, and how they are told.
const WARS: &[(&str, &str, &str, bool)] = &[
    ("sierra-leone-1991-2002", "1991-03-23", "2002-01-18", false),
    ("darfur-2003-04", "2003-04-01", "2004-12-31", true),
    ("pakistan-2009", "2009-01-01", "2009-12-31", false),
    ("nigeria-2014", "2014-01-01", "2014-12-31", true),
];

#[test]
fn the_wars_are_small_and_load_without_a_warning() {
    for &(id, first, last, is_replay) in WARS {
        let scenario = load(id).unwrap();
        assert!(scenario.warnings.is_empty(), "{id}: {:?}", scenario.warnings);
        let n_bytes: usize = scenario.files.iter().map(|file| file.text.len()).sum();
        assert!(n_bytes < 300_000, "{id}: {n_bytes} bytes");
        let setup = &scenario.setup;
        assert_eq!(setup.start.to_string(), first, "{id}");
        assert_eq!(setup.start.plus_days(setup.n_days - 1).to_string(), last, "{id}");
        assert_eq!(!setup.events.is_empty(), is_replay, "{id}");
        assert!(!setup.axes.iter().any(|axis| axis.id == "islamism"), "{id}: axes in its own words");
        assert!(setup.case.is_none(), "{id}: nothing was calibrated on it");
    }
}
