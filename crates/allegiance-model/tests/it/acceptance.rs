//! Acceptance of newcomers, and leavers who come back.

use crate::common::only_besides_common;
use crate::worlds::{group, only, run, setup, small_war, village};
use allegiance_model::World;
use allegiance_model::ids::{GroupId, PersonId};
use allegiance_model::setup::{ExitTheory, Mechanism, RelationKind, Setup};
use allegiance_model::tables::{Allegiance, AllegianceKind, IncidentKind, Outcome, Records};
use std::collections::BTreeSet;

fn set(setup: &mut Setup, path: &str, value: f64) {
    setup.parameters.set(path, value).unwrap();
}

/// A war in which many come over early and live with it for half a year.
fn war() -> Setup {
    let mut setup = small_war();
    setup.n_days = 180;
    only_besides_common(&mut setup, &[Mechanism::Acceptance]);
    for (path, value) in [
        ("exits.defection_per_month", 0.1),
        ("operations.attacks_per_month", 0.05),
        ("acceptance.return_per_month", 0.0),
        ("acceptance.rejection", 0.0),
        ("arrival.suspicion_months", 60.0),
    ] {
        set(&mut setup, path, value);
    }
    setup
}

fn histories(setup: &Setup, n: u32) -> Vec<Records> {
    let world = World::build(setup.clone());
    (0..n).map(|replicate| run(&world, replicate)).collect()
}

/// Events of those who had come over from the enemy before.
fn later_events(all: &[Records], is_it: impl Fn(&Allegiance) -> bool) -> usize {
    let mut n = 0;
    for records in all {
        let mut arrived: BTreeSet<PersonId> = BTreeSet::new();
        for row in records.allegiance.rows() {
            n += usize::from(arrived.contains(&row.person) && is_it(&row));
            if row.kind == AllegianceKind::Arrival && row.outcome != Some(Outcome::TurnedAway) {
                arrived.insert(row.person);
            } else if row.kind.is_exit() {
                arrived.remove(&row.person);
            }
        }
    }
    n
}

#[test]
fn who_is_accepted_is_arrested_less() {
    let arrests = |by_time: f64| {
        let mut setup = war();
        set(&mut setup, "arrival.arrest_per_month", 0.1);
        set(&mut setup, "acceptance.by_time", by_time);
        later_events(&histories(&setup, 8), |row| row.kind == AllegianceKind::Arrest) as f64
    };
    let (slow, fast) = (arrests(0.0), arrests(0.5));
    assert!(fast < 0.6 * slow, "{fast} arrests of those accepted soon, {slow} of those who aren't");
}

#[test]
fn rejection_drives_newcomers_out_again_and_nobody_else() {
    let exits = |rejection: f64| {
        let mut setup = war();
        set(&mut setup, "acceptance.rejection", rejection);
        let all = histories(&setup, 8);
        let left = later_events(&all, |row| row.kind.is_exit());
        (left, all.iter().flat_map(|records| records.allegiance.rows()).filter(|row| row.kind.is_exit()).count() - left)
    };
    let ((calm, others_calm), (rejected, others)) = (exits(0.0), exits(1.5));
    assert!(rejected as f64 > 1.8 * calm as f64, "{rejected} leave again where they aren't accepted, {calm} else");
    // Their exits are known to their peers, some of whom follow.
    assert!((others as f64 / others_calm as f64 - 1.0).abs() < 0.25, "{others} others leave, {others_calm} else");
}

#[test]
fn neighbours_shelter_the_kin_of_those_they_accept() {
    let harmed = |by_time: f64| {
        let mut setup = war();
        set(&mut setup, "reprisal.leaver_per_month", 0.0);
        set(&mut setup, "reprisal.kin_per_month", 0.3);
        set(&mut setup, "acceptance.by_time", by_time);
        set(&mut setup, "acceptance.shelter", 0.9);
        let all = histories(&setup, 8);
        let incidents = all.iter().flat_map(|records| records.incidents.rows());
        incidents.filter(|row| row.kind == IncidentKind::Reprisal).count() as f64
    };
    let (slow, fast) = (harmed(0.0), harmed(0.9));
    assert!(fast < 0.85 * slow, "{fast} reprisals on kin of those accepted, {slow} of those who aren't");
}

/// Deserters at home beside their old group, in peace.
fn peace(enemies: u32, conviction: f64) -> Setup {
    let places = vec![village(0, 0.0, 30_000, 0, 2), village(1, 60.0, 30_000, 1, 2)];
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &[(0, 0, 1_000), (1, 1, enemies)], RelationKind::War);
    only(&mut setup, &[Mechanism::Exits, Mechanism::Acceptance]);
    setup.theory.exit = ExitTheory::Constant;
    setup.n_days = 120;
    for (path, value) in [
        ("exits.desertion_per_month", 0.2),
        ("exits.defection_per_month", 0.0),
        ("exits.departure_per_month", 0.0),
        ("belief.conviction_mean", conviction),
        ("belief.conviction_sd", 0.1),
        ("acceptance.return_per_month", 0.2),
    ] {
        set(&mut setup, path, value);
    }
    setup
}

/// Returns for each desertion from the first group.
fn returned(setup: &Setup) -> f64 {
    let all = histories(setup, 3);
    let n = |kind: AllegianceKind| {
        let rows = all.iter().flat_map(|records| records.allegiance.rows());
        rows.filter(|row| row.kind == kind && [row.group, row.to_group].contains(&Some(GroupId(0)))).count() as f64
    };
    assert!(n(AllegianceKind::Desertion) > 300.0);
    n(AllegianceKind::Join) / n(AllegianceKind::Desertion)
}

#[test]
fn the_committed_come_back_and_less_to_a_weak_group() {
    let (committed, doubting) = (returned(&peace(100, 3.0)), returned(&peace(100, 0.0)));
    assert!(committed > 0.15 && doubting < 0.4 * committed, "{committed} of the committed, {doubting} of the doubting");
    let weak = returned(&peace(6_000, 3.0));
    assert!(weak < 0.4 * committed, "{weak} to a weak group, {committed} to a strong one");
}

#[test]
fn nobody_comes_back_where_it_is_off() {
    let mut off = peace(100, 3.0);
    off.switches.set(Mechanism::Acceptance, false);
    assert!(returned(&off).abs() < 1e-9);
}
