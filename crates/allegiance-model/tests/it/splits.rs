//! Commanders who found a group of their own: who goes, and what moves the rate.

use crate::worlds::{group, only, run, setup, village};
use allegiance_model::World;
use allegiance_model::ids::GroupId;
use allegiance_model::setup::{Mechanism, RelationKind, Setup};
use allegiance_model::tables::{Allegiance, AllegianceKind, Cause, Records};

/// A group of 300 with a mean conviction, and the one that its doubters may found.
fn parent(conviction: f64) -> Setup {
    let places = vec![village(0, 0.0, 9_000, 0, 2)];
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &[(0, 0, 300)], RelationKind::Truce);
    only(&mut setup, &[Mechanism::Splits]);
    setup.n_days = 28;
    setup.parameters.set("belief.conviction_mean", conviction).unwrap();
    setup.parameters.set("splits.per_month", 0.2).unwrap();
    setup
}

fn founders(records: &Records) -> Vec<Allegiance> {
    records
        .allegiance
        .rows()
        .filter(|row| row.cause == Some(Cause::WithUnit) && row.kind == AllegianceKind::Defection)
        .collect()
}

/// In how many of 200 replicates the new group has members at the end.
fn n_founded(setup: &Setup) -> u32 {
    let world = World::build(setup.clone());
    let is_founded = |replicate| {
        let records = run(&world, replicate);
        let last = records.groups.rows().filter(|row| row.group == GroupId(1)).last().unwrap();
        u32::from(last.n_members > 0)
    };
    (0..200).map(is_founded).sum()
}

#[test]
fn only_those_who_doubt_go_and_only_with_a_commander_who_does() {
    let world = World::build(parent(0.5));
    let mut n_gone = 0;
    for replicate in 0..60 {
        let gone = founders(&run(&world, replicate));
        n_gone += gone.len();
        assert!(gone.iter().all(|row| row.to_group == Some(GroupId(1)) && row.conviction.unwrap() < 0.0));
        for unit in gone.chunk_by(|a, b| a.unit == b.unit && a.day == b.day) {
            assert!(unit.iter().any(|row| row.rank.unwrap() != allegiance_model::tables::Rank::RankAndFile));
        }
    }
    assert!(n_gone > 100, "{n_gone}");
}

#[test]
fn the_more_doubt_the_sooner_and_a_few_found_nothing() {
    let (doubting, sure) = (n_founded(&parent(0.0)), n_founded(&parent(3.0)));
    assert!(doubting > sure + 30, "half doubt {doubting}, few {sure}");
    let mut few = parent(0.0);
    few.parameters.set("splits.founders", 40.0).unwrap();
    few.parameters.set("units.members", 25.0).unwrap();
    assert_eq!(n_founded(&few), 0, "no unit has forty who doubt");
    let mut other = parent(0.0);
    other.groups[1].kind = allegiance_model::ids::KindId(0);
    assert_eq!(n_founded(&other), 0, "another constituency");
}
