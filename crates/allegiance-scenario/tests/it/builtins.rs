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
