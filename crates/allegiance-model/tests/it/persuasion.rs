//! Going together: what it does to who leaves with whom, and who has nobody to ask.

use crate::worlds::{group, only, run, setup, village};
use allegiance_model::World;
use allegiance_model::ids::UnitId;
use allegiance_model::setup::{ExitTheory, Mechanism, RelationKind, Setup};
use allegiance_model::tables::{Allegiance, AllegianceKind};
use std::collections::BTreeMap;

/// A garrison from which men leave now and then.
fn garrison(members: u32, members_of_unit: f64, is_on: bool) -> Setup {
    let places = vec![village(0, 0.0, 40_000, 0, 2), village(1, 12.0, 9_000, 1, 2)];
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &[(0, 0, members), (1, 1, 60)], RelationKind::War);
    only(&mut setup, &[Mechanism::Exits]);
    setup.switches.set(Mechanism::Persuasion, is_on);
    setup.theory.exit = ExitTheory::Cascade;
    for (path, value) in [
        ("units.members", members_of_unit),
        ("exits.peer_weight", 0.0),
        ("exits.cohesion_weight", 0.0),
        ("exits.p_commander_takes_unit", 0.0),
        ("exits.desertion_per_month", 0.02),
    ] {
        setup.parameters.set(path, value).unwrap();
    }
    setup
}

fn set(mut setup: Setup, name: &str, value: f64) -> Setup {
    setup.parameters.set(&format!("persuasion.{name}"), value).unwrap();
    setup
}

fn exits(setup: Setup, n_replicates: u32) -> Vec<(u32, Allegiance)> {
    let world = World::build(setup);
    let all = (0..n_replicates).flat_map(|replicate| {
        run(&world, replicate).allegiance.rows().map(move |row| (replicate, row)).collect::<Vec<_>>()
    });
    all.filter(|(_, row)| row.hazard_defection.is_some() && row.kind != AllegianceKind::Capture).collect()
}

/// The sizes of the parties that left a unit of a replicate on one day.
fn parties(exits: &[(u32, Allegiance)]) -> Vec<usize> {
    let mut parties: BTreeMap<(u32, u32, Option<UnitId>), usize> = BTreeMap::new();
    for (replicate, row) in exits {
        *parties.entry((*replicate, row.day.0, row.unit)).or_default() += 1;
    }
    parties.into_values().collect()
}

/// Albrecht, Koehler & Ohl (2016): in twos and threes.
#[test]
fn men_leave_in_twos_and_threes() {
    let share_in_company = |is_on| {
        let parties = parties(&exits(garrison(1_800, 60.0, is_on), 8));
        let n: usize = parties.iter().sum();
        let in_company: usize = parties.iter().filter(|&&size| (2..=3).contains(&size)).sum();
        in_company as f64 / n as f64
    };
    let (alone, together) = (share_in_company(false), share_in_company(true));
    assert!(together > alone + 0.2, "{alone} to {together}");
}

#[test]
fn who_has_nobody_to_ask_is_neither_kept_nor_joined() {
    assert_eq!(exits(garrison(600, 1.0, true), 3), exits(garrison(600, 1.0, false), 3));
    assert_eq!(exits(set(garrison(600, 60.0, true), "p_ask", 0.0), 3), exits(garrison(600, 60.0, false), 3));
}

#[test]
fn those_who_refuse_may_keep_him() {
    let unwilling = |p_kept: f64| {
        let setup = set(garrison(1_800, 60.0, true), "agree_at_baseline", -25.0);
        exits(set(set(setup, "p_ask", 0.8), "p_kept", p_kept), 8).len() as f64
    };
    let (none, half) = (unwilling(0.0), unwilling(0.5));
    // He asks four times in five, and is kept every second time.
    assert!((half / none - 0.6).abs() < 0.08, "{none} to {half}");
}

#[test]
fn the_more_somebody_wants_to_go_himself_the_likelier_he_agrees() {
    let share_of_companions = |baseline_of_agreement: f64| {
        let all = exits(set(garrison(1_800, 60.0, true), "agree_at_baseline", baseline_of_agreement), 8);
        let n = all.iter().filter(|(_, row)| row.cause == Some(allegiance_model::tables::Cause::Cascade)).count();
        n as f64 / all.len() as f64
    };
    let (few, many) = (share_of_companions(-2.5), share_of_companions(0.0));
    // Two are asked half the time; each agrees with .076 or .5 where nothing moves his hazard.
    for (found, p_agrees) in [(few, 0.0759), (many, 0.5)] {
        let each = p_agrees * 0.5 * 2.0;
        let kept = 0.5 * 0.3 * (1.0_f64 - p_agrees).powi(2);
        let expected = each / (1.0 - kept + each);
        assert!((found - expected).abs() < 0.04, "{found}, expected {expected}");
    }
}
