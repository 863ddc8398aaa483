//! What a place is worth: closed forms of what falls by presence, of the choice
//! among targets, and of how many come to grips.

use crate::watches::one_assault;
use crate::worlds::{group, only, run, setup, village};
use allegiance_model::World;
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::maths::exp;
use allegiance_model::setup::{Mechanism, RelationKind, Setup};
use allegiance_model::tables::{Incident, IncidentKind, Records};

fn set(setup: &mut Setup, path: &str, value: f64) {
    setup.parameters.set(path, value).unwrap();
}

/// A unit beside a place that its enemy holds and doesn't defend.
fn undefended(km: f64, enemies_beside: u32) -> Setup {
    let places = vec![
        village(0, 0.0, 4_000, 0, 2),
        village(1, km, 2_000, 1, 2),
        village(2, km + 2.0, 2_000, 1, 2),
        village(3, 55.0, 4_000, 1, 2),
    ];
    let mut garrisons = vec![(0, 0, 60), (1, 3, 60)];
    if enemies_beside > 0 {
        garrisons.push((1, 2, enemies_beside));
    }
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &garrisons, RelationKind::War);
    only(&mut setup, &[Mechanism::Operations, Mechanism::Targets]);
    setup.n_days = 10;
    setup
}

fn assaults(records: &Records) -> Vec<Incident> {
    records.incidents.rows().filter(|row| row.kind == IncidentKind::Assault).collect()
}

/// In how many of 400 replicates the place falls within its days.
fn n_fallen(setup: &Setup) -> f64 {
    let world = World::build(setup.clone());
    let falls = |replicate| {
        let records = run(&world, replicate);
        assert!(assaults(&records).iter().all(|row| row.place != PlaceId(1)), "it takes no assault");
        assert!(records.allegiance.rows().all(|row| row.incident.is_none()), "nobody is hurt");
        records.control.rows().any(|row| row.place == PlaceId(1) && row.group == GroupId(0) && row.share >= 0.75)
    };
    (0..400).map(|replicate| f64::from(u8::from(falls(replicate)))).sum()
}

#[test]
fn an_undefended_place_falls_at_the_stated_rate_and_takes_no_assault() {
    let mut alone = undefended(4.0, 0);
    set(&mut alone, "operations.attacks_per_month", 0.0);
    let expected = 400.0 * (1.0 - exp(-6.0 * 10.0 / 30.0));
    let n = n_fallen(&alone);
    assert!((n - expected).abs() < 27.0, "{n} of 400, expected {expected:.0}");
    // A presence of half as many makes it two thirds of the rate.
    let mut contested = undefended(4.0, 30);
    set(&mut contested, "operations.attacks_per_month", 0.0);
    let expected = 400.0 * (1.0 - exp(-4.0 * 10.0 / 30.0));
    let n = n_fallen(&contested);
    assert!((n - expected).abs() < 30.0, "{n} of 400 where contested, expected {expected:.0}");
    // Nor does it take an assault where there are many.
    set(&mut alone, "operations.attacks_per_month", 8.0);
    assert!(n_fallen(&alone) > 300.0);
}

#[test]
fn beyond_the_distance_and_for_those_who_stay_at_home_nothing_falls() {
    let mut far = undefended(8.0, 0);
    set(&mut far, "operations.attacks_per_month", 0.0);
    assert_eq!(n_fallen(&far) as u32, 0, "beyond d_t");
    set(&mut far, "operations.attacks_per_month", 8.0);
    let world = World::build(far);
    assert!((0..20).any(|replicate| !assaults(&run(&world, replicate)).is_empty()), "it is attacked");
    let mut home = undefended(4.0, 0);
    set(&mut home, "operations.attacks_per_month", 0.0);
    home.groups[0].offensive_tempo = 0.0;
    assert_eq!(n_fallen(&home) as u32, 0, "who never attacks takes nothing");
}

#[test]
fn a_garrison_makes_a_target_worth_more() {
    // Two places with the same people and a bounded chance: 1 + 2 against 1 + 0.5, with a weight of 1.
    let places = vec![village(0, 0.0, 9_000, 0, 2), village(1, 6.0, 9_000, 1, 2), village(2, -6.0, 9_000, 1, 2)];
    let garrisons = [(0, 0, 900), (1, 1, 120), (1, 2, 30)];
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &garrisons, RelationKind::War);
    only(&mut setup, &[Mechanism::Operations, Mechanism::Targets]);
    setup.n_days = 1;
    setup.groups[1].offensive_tempo = 0.0;
    for (path, value) in [("operations.attacks_per_month", 2.0), ("targets.most_odds", 0.5)] {
        set(&mut setup, path, value);
    }
    let share = |weight: f64| {
        let mut setup = setup.clone();
        set(&mut setup, "targets.garrison_weight", weight);
        let world = World::build(setup);
        let first: Vec<PlaceId> =
            (0..600).filter_map(|replicate| Some(assaults(&run(&world, replicate)).first()?.place)).collect();
        assert!(first.len() > 120, "{} attacked", first.len());
        first.iter().filter(|&&place| place == PlaceId(1)).count() as f64 / first.len() as f64
    };
    let (even, weighted) = (share(0.0), share(1.0));
    assert!((even - 0.5).abs() < 0.12, "{even} where only people count");
    assert!((weighted - 2.0 / 3.0).abs() < 0.12, "{weighted}, expected 3 / (3 + 1.5)");
}

#[test]
fn more_come_to_grips_over_what_is_worth_more() {
    // 8,000 people are worth the root of 4 villages, so that twice as many come to grips.
    let mut setup = one_assault();
    setup.garrisons[0].members = 700;
    setup.garrisons[1].members = 300;
    for (group, garrison) in setup.groups.iter_mut().zip(&setup.garrisons) {
        group.members = garrison.members;
    }
    only(&mut setup, &[Mechanism::Operations, Mechanism::Targets]);
    for (path, value) in
        [("combat.front_members", 100.0), ("targets.garrison_weight", 0.0), ("combat.loss_concentration", 600.0)]
    {
        set(&mut setup, path, value);
    }
    let dead = |front_growth: f64| {
        let mut setup = setup.clone();
        set(&mut setup, "targets.front_growth", front_growth);
        let world = World::build(setup);
        let dead_of = |row: &Incident| f64::from(row.dead_perpetrator + row.dead_target);
        (0..200).map(|replicate| dead_of(&assaults(&run(&world, replicate))[0])).sum::<f64>() / 200.0
    };
    let (flat, grown) = (dead(0.0), dead(1.0));
    assert!((flat - 11.0).abs() < 1.0, "{flat} dead: 100 of each side at 3% and 8%");
    assert!((grown / flat - 2.0).abs() < 0.15, "{grown} dead against {flat}");
}
