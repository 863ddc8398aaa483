//! Known executions, blocking troops and guards: what they keep and what they cost.

use crate::watches::one_assault;
use crate::worlds::{group, only, run, run_setup, setup, small_war, village};
use allegiance_model::World;
use allegiance_model::maths::exp;
use allegiance_model::setup::{FieldValue, Mechanism, Policy, RelationKind, Setup};
use allegiance_model::tables::{AllegianceKind, IncidentKind, Records};

fn state(setup: &mut Setup, group: usize, policy: Policy, value: f64) {
    assert!(setup.groups[group].set(policy.word(), FieldValue::Number(value)));
}

/// Two garrisons that don't fight, of which the first loses many by exits.
fn peace() -> Setup {
    let places = vec![village(0, 0.0, 30_000, 0, 2), village(1, 8.0, 30_000, 1, 2)];
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &[(0, 0, 1_200), (1, 1, 300)], RelationKind::War);
    only(&mut setup, &[Mechanism::Exits, Mechanism::Deterrence, Mechanism::Leave]);
    setup.n_days = 60;
    setup.parameters.set("exits.desertion_per_month", 0.2).unwrap();
    setup
}

/// Who tried to leave the first group, by whether he got away: on duty and on leave.
#[derive(Debug, Default, Clone, Copy)]
struct Tries {
    away: [usize; 2],
    caught: [usize; 2],
}

impl Tries {
    fn of(setup: &Setup, n_replicates: u32) -> Self {
        let world = World::build(setup.clone());
        let mut tries = Self::default();
        for replicate in 0..n_replicates {
            for row in run(&world, replicate).allegiance.rows().filter(|row| row.group.is_some_and(|of| of.0 == 0)) {
                let at = usize::from(row.is_on_leave);
                tries.away[at] += usize::from(row.kind.is_exit());
                tries.caught[at] += usize::from(row.kind == AllegianceKind::Capture);
            }
        }
        tries
    }
}

#[test]
fn known_executions_deter() {
    let mut setup = peace();
    setup.switches.set(Mechanism::Executions, true);
    let tries = |executed: f64, weight: f64| {
        let mut setup = setup.clone();
        state(&mut setup, 0, Policy::LeaversExecuted, executed);
        setup.parameters.set("executions.weight", weight).unwrap();
        let Tries { away, caught } = Tries::of(&setup, 6);
        (away[0] + away[1] + caught[0] + caught[1]) as f64
    };
    let (spared, executed, unknown) = (tries(0.0, 40.0), tries(1.0, 40.0), tries(1.0, 0.0));
    assert!(executed < 0.97 * spared, "{executed} try where leavers are executed, {spared} where they are spared");
    assert!(executed < 0.97 * unknown, "{executed} try where executions count, {unknown} where they don't");
}

#[test]
fn the_fear_of_an_execution_fades_by_half_lives() {
    // One man is caught and executed on some day: what the others fear then falls back.
    let mut setup = peace();
    setup.switches.set(Mechanism::Executions, true);
    for (path, value) in [
        ("exits.desertion_per_month", 0.02),
        ("exits.fear_weight", 0.0),
        ("deterrence.p_capture_deep", 1.0),
        ("deterrence.p_capture_home", 1.0),
        ("deterrence.execution_visibility", 0.0),
        ("executions.weight", 10.0),
        ("executions.memory_days", 14.0),
    ] {
        setup.parameters.set(path, value).unwrap();
    }
    state(&mut setup, 0, Policy::LeaversExecuted, 1.0);
    let records = run_setup(setup.clone(), 1);
    let executed: Vec<u32> = records
        .allegiance
        .rows()
        .filter(|row| row.kind == AllegianceKind::Execution && row.group.is_some_and(|of| of.0 == 0))
        .map(|row| row.day.0)
        .collect();
    assert!(executed.len() > 5, "{executed:?}");
    let p = &setup.parameters.deterrence;
    let sampled: Vec<_> = records.beliefs.rows().filter(|row| row.group.0 == 0).collect();
    assert!(sampled.len() > 50);
    for row in sampled {
        // All units of the group stand in one place, so that each knows of every execution.
        let known = executed.iter().filter(|&&day| day <= row.day.0);
        let cases: f64 =
            known.map(|&day| 10.0 * exp(-std::f64::consts::LN_2 * f64::from(row.day.0 - day) / 14.0)).sum();
        let expected = (p.perceived_risk * p.perceived_weight + cases) / (p.perceived_weight + cases);
        assert!((row.perceived_risk - expected).abs() < 1e-9, "{} for {expected} on {}", row.perceived_risk, row.day.0);
    }
}

#[test]
fn blocking_troops_keep_those_on_duty_and_nobody_on_leave() {
    let mut setup = peace();
    setup.switches.set(Mechanism::Coercion, true);
    let tries = |blocking: f64| {
        let mut setup = setup.clone();
        state(&mut setup, 0, Policy::BlockingTroops, blocking);
        Tries::of(&setup, 6)
    };
    let (without, with) = (tries(0.0), tries(1.0));
    assert!(2 * with.away[0] < without.away[0], "{with:?} {without:?}");
    // Those on duty are deterred too: what is caught more doesn't make up for it.
    assert!(with.away[0] + with.caught[0] < without.away[0] + without.caught[0], "{with:?} {without:?}");
    assert!(10 * with.away[1] > 9 * without.away[1], "{with:?} {without:?}");
}

#[test]
fn blocking_troops_cost_lives_and_initiative() {
    let dead_of_attackers = |blocking: f64, is_on: bool| {
        let mut setup = one_assault();
        only(&mut setup, &[Mechanism::Operations]);
        setup.switches.set(Mechanism::Coercion, is_on);
        state(&mut setup, 0, Policy::BlockingTroops, blocking);
        let world = World::build(setup);
        let assaults = (0..100).map(|replicate| {
            let records = run(&world, replicate);
            records.incidents.rows().find(|row| row.kind == IncidentKind::Assault).expect("it was ordered")
        });
        assaults.map(|row| f64::from(row.dead_perpetrator)).sum::<f64>()
    };
    let (usual, coerced) = (dead_of_attackers(0.0, true), dead_of_attackers(1.0, true));
    // Of a front of 300 men, so that the share is what counts: 1 + l_b.
    assert!((1.2..1.4).contains(&(coerced / usual)), "{coerced} dead with blocking troops, {usual} without");
    assert!((usual - dead_of_attackers(1.0, false)).abs() < 1e-9, "off");
    let n_assaults = |blocking: f64| {
        let mut setup = small_war();
        setup.switches.set(Mechanism::Coercion, true);
        for group in 0..2 {
            state(&mut setup, group, Policy::BlockingTroops, blocking);
        }
        setup.parameters.set("coercion.initiative_lost", 0.6).unwrap();
        let world = World::build(setup);
        let all: Vec<Records> = (0..40).map(|replicate| run(&world, replicate)).collect();
        let rows = all.iter().flat_map(|records| records.incidents.rows());
        rows.filter(|row| row.kind == IncidentKind::Assault).count()
    };
    let (free, blocked) = (n_assaults(0.0), n_assaults(1.0));
    assert!(blocked * 10 < free * 8, "{blocked} assaults with blocking troops, {free} without");
}

#[test]
fn guards_keep_those_who_are_held_suspect_and_nobody_else() {
    let tries = |guards: f64| {
        let mut setup = small_war();
        setup.parameters.set("exits.defection_per_month", 0.3).unwrap();
        setup.switches.set(Mechanism::Coercion, true);
        for group in 0..2 {
            state(&mut setup, group, Policy::Guards, guards);
        }
        setup.parameters.set("coercion.p_guarded", 0.9).unwrap();
        let world = World::build(setup);
        // Those caught who had come over before, and all others.
        let (mut newcomers, mut others) = ([0, 0], [0, 0]);
        for replicate in 0..20 {
            let mut arrived = std::collections::BTreeSet::new();
            for row in run(&world, replicate).allegiance.rows() {
                if row.kind == AllegianceKind::Arrival && row.suspicion.is_some_and(|suspicion| suspicion > 0.3) {
                    arrived.insert(row.person);
                }
                let of = if arrived.contains(&row.person) { &mut newcomers } else { &mut others };
                of[0] += usize::from(row.kind == AllegianceKind::Capture);
                of[1] += usize::from(row.kind.is_exit());
            }
        }
        [newcomers, others].map(|[caught, away]| caught as f64 / (caught + away).max(1) as f64)
    };
    let ([free, usual], [guarded, others]) = (tries(0.0), tries(1.0));
    assert!(guarded > free + 0.3, "{guarded} of suspects are caught under guard, {free} without");
    assert!((others - usual).abs() < 0.06, "{others} of the others, {usual} without");
}
