//! Fear for one's life, and safety inside against outside: the published signs
//! and the closed forms.

use crate::common::only_besides_common;
use crate::worlds::{group, only, run, setup, small_war, village};
use allegiance_model::World;
use allegiance_model::maths::exp;
use allegiance_model::setup::{ExitTheory, Mechanism, RelationKind, Setup};
use allegiance_model::tables::{Allegiance, AllegianceKind};

fn exits(setup: Setup, n_replicates: u32) -> Vec<Allegiance> {
    let world = World::build(setup);
    let all = (0..n_replicates).flat_map(|replicate| run(&world, replicate).allegiance.rows().collect::<Vec<_>>());
    all.filter(|row| row.hazard_defection.is_some()).collect()
}

/// A war whose assaults cost a multiple of the usual.
fn war(losses: f64, is_on: bool) -> Setup {
    let mut setup = small_war();
    only_besides_common(&mut setup, if is_on { &[Mechanism::Danger] } else { &[] });
    for (path, value) in [("killed_share_winner", 0.02), ("killed_share_loser", 0.05)] {
        setup.parameters.set(&format!("combat.{path}"), losses * value).unwrap();
    }
    setup.parameters.set("combat.break_share", 0.3).unwrap();
    setup
}

/// Exits a member and day of 20 replicates.
fn rate_of_exits(setup: Setup) -> f64 {
    let world = World::build(setup);
    let all: Vec<_> = (0..20).map(|replicate| run(&world, replicate)).collect();
    let served: u32 = all.iter().flat_map(|records| records.groups.rows()).map(|row| row.n_members).sum();
    let left = all.iter().flat_map(|records| records.allegiance.rows()).filter(|row| row.hazard_defection.is_some());
    left.count() as f64 / f64::from(served)
}

/// Albrecht & Koehler (2018): fear for the own safety triggers desertion.
#[test]
fn heavier_losses_make_more_men_leave() {
    let rise = |is_on| rate_of_exits(war(2.5, is_on)) / rate_of_exits(war(1.0, is_on));
    let (with, without) = (rise(true), rise(false));
    assert!(with > 1.1 && with > without + 0.1, "{with} times the exits with heavier losses, {without} without it");
}

#[test]
fn those_leave_whose_unit_lost_many() {
    let all = exits(war(1.0, true), 12);
    let of = |row: &Allegiance| row.block_danger.unwrap();
    assert!(all.iter().all(|row| (-0.5..=4.0).contains(&of(row))));
    let n_afraid = all.iter().filter(|row| of(row) > 0.5).count();
    assert!(n_afraid * 10 > all.len(), "{n_afraid} of {}", all.len());
    let mut spared = war(1.0, true);
    spared.parameters.set("exits.danger_weight", 0.0).unwrap();
    assert_eq!(exits(spared, 2), exits(war(1.0, false), 2), "a weight of 0 is as if it didn't run");
}

/// A garrison in its own place, which a third party or an enemy holds in the
/// end; nothing else moves anybody.
fn garrison(holder: usize, weight: f64) -> Setup {
    let places = vec![village(0, 0.0, 40_000, holder, 3), village(1, 300.0, 3_000, 1, 3)];
    let groups = vec![group(0, 0), group(1, 0), group(2, 0)];
    let mut setup = setup(places, groups, &[(0, 0, 4_000), (1, 1, 50), (2, 1, 50)], RelationKind::War);
    for (a, b) in [(0, 2), (2, 0)] {
        setup.relations[a * 3 + b] = RelationKind::Truce;
    }
    only(&mut setup, &[Mechanism::Exits, Mechanism::Protection]);
    setup.theory.exit = ExitTheory::ControlAndFear;
    for (path, value) in [
        ("control.relaxation_per_month", 0.0),
        ("exits.desertion_per_month", 0.2),
        ("exits.home_held_desertion", 1.0),
        ("exits.home_held_defection", 1.0),
        ("exits.protection_weight", weight),
        ("exits.enemy_home_risk", 0.8),
    ] {
        setup.parameters.set(path, value).unwrap();
    }
    setup
}

/// Kalyvas & Kocher (2007): those leave less for whom outside is no safer.
#[test]
fn those_stay_for_whom_inside_is_safer() {
    let n = |holder, weight| exits(garrison(holder, weight), 2).len() as f64;
    let (safe, enemy, own) = (n(2, 1.0), n(1, 1.0), n(0, 1.0));
    // A hazard of .203 a month, and of that times exp(-.8) or, for reprisals, exp(-.2).
    let expected = |outside: f64| 8_000.0 * (1.0 - exp(-0.203 * exp(-outside)));
    for (found, outside) in [(safe, 0.0), (enemy, 0.8), (own, 0.2)] {
        assert!((found - expected(outside)).abs() < 130.0, "{found}, expected {:.0}", expected(outside));
    }
    assert!((n(1, 0.0) - expected(0.0)).abs() < 130.0, "a weight of 0 is as if it didn't run");
}

#[test]
fn a_group_that_loses_many_protects_nobody() {
    let mean = |losses: f64| {
        let mut setup = war(losses, false);
        setup.switches.set(Mechanism::Protection, true);
        let all = exits(setup, 8);
        let from = all.iter().filter(|row| row.kind != AllegianceKind::Capture).filter_map(|row| row.block_protection);
        from.clone().sum::<f64>() / from.count() as f64
    };
    let (few, many) = (mean(1.0), mean(2.5));
    assert!(many > few + 0.03, "{few} to {many}");
}
