//! Groups that pass to a stronger ally: the closed form of the rate, and its signs.

use crate::worlds::{group, only, run, setup, village};
use allegiance_model::World;
use allegiance_model::ids::GroupId;
use allegiance_model::maths::{exp, ln};
use allegiance_model::setup::{Mechanism, RelationKind, Setup};
use allegiance_model::tables::{AllegianceKind, Outcome, Records};

/// A weak group beside a strong one, allied, for 28 days.
fn neighbours(weak: u32, strong: u32) -> Setup {
    let places = vec![village(0, 0.0, 9_000, 0, 2), village(1, 10.0, 20_000, 1, 2)];
    let mut setup =
        setup(places, vec![group(0, 0), group(1, 0)], &[(0, 0, weak), (1, 1, strong)], RelationKind::Alliance);
    only(&mut setup, &[Mechanism::Absorption, Mechanism::Stigma]);
    setup.n_days = 28;
    setup.parameters.set("absorption.per_month", 0.1).unwrap();
    setup
}

fn ends_with(records: &Records, group: GroupId) -> u32 {
    records.groups.rows().filter(|row| row.group == group).last().unwrap().n_members
}

/// In how many of 400 replicates the weak group is gone.
fn n_absorbed(setup: &Setup) -> u32 {
    let world = World::build(setup.clone());
    (0..400).map(|replicate| u32::from(ends_with(&run(&world, replicate), GroupId(0)) == 0)).sum()
}

#[test]
fn a_weak_group_passes_to_its_ally_at_the_stated_rate() {
    let setup = neighbours(40, 200);
    let hazard = 0.1 * exp(ln(5.0));
    let expected = 400.0 * (1.0 - exp(-hazard * 28.0 / 30.0));
    let n = f64::from(n_absorbed(&setup));
    assert!((n - expected).abs() < 40.0, "{n} of 400, expected {expected:.0}");
}

#[test]
fn it_takes_an_ally_that_is_larger_and_of_its_cause() {
    let base = n_absorbed(&neighbours(40, 200));
    let larger = n_absorbed(&neighbours(40, 600));
    assert!(larger > base + 30, "larger {larger}, {base}");
    let mut far = neighbours(40, 200);
    far.groups[1].cause.fill(5.0);
    far.groups[0].cause.fill(1.0);
    let far = n_absorbed(&far);
    assert!(far + 30 < base, "another cause {far}, the same {base}");
    assert_eq!(n_absorbed(&neighbours(200, 200)), 0, "no larger ally");
    let mut truce = neighbours(40, 200);
    truce.relations = vec![RelationKind::Alliance, RelationKind::Truce, RelationKind::Truce, RelationKind::Alliance];
    assert_eq!(n_absorbed(&truce), 0, "no ally");
}

#[test]
fn nobody_dies_and_friends_are_not_suspected() {
    let setup = neighbours(40, 200);
    let world = World::build(setup);
    let mut n_absorbed = 0;
    for replicate in 0..40 {
        let records = run(&world, replicate);
        assert!(records.allegiance.rows().all(|row| row.kind != AllegianceKind::Death));
        if ends_with(&records, GroupId(0)) == 0 {
            n_absorbed += 1;
            assert_eq!(ends_with(&records, GroupId(1)), 240, "all serve the ally");
            let arrivals = records.allegiance.rows().filter(|row| row.kind == AllegianceKind::Arrival);
            assert!(arrivals.into_iter().all(|row| row.outcome == Some(Outcome::TakenIn) && row.suspicion.is_none()));
        }
    }
    assert!(n_absorbed > 8, "{n_absorbed}");
}
