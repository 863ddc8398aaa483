//! Infighting that stays in its district: fewer dead and less spread than in a war everywhere, and sooner over.

use crate::worlds::{group, only, run, setup, village};
use allegiance_model::World;
use allegiance_model::ids::GroupId;
use allegiance_model::setup::{Change, Mechanism, RelationKind, Setup, TimelineEntry};
use allegiance_model::tables::{Incident, IncidentKind, Records};
use std::collections::BTreeSet;

const N_REPLICATES: u32 = 24;

/// Two allies whose villages alternate in four districts, and who fall out at the first review.
fn falling_out() -> Setup {
    let places: Vec<_> = (0..12)
        .map(|nth| {
            let mut place = village(nth, 4.0 * nth as f64, 2_500, nth % 2, 2);
            place.district = format!("District {}", nth / 3);
            place
        })
        .collect();
    let garrisons: Vec<(usize, usize, u32)> = (0..12).map(|nth| (nth % 2, nth, 80)).collect();
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &garrisons, RelationKind::Alliance);
    only(&mut setup, Mechanism::ALL);
    setup.n_days = 240;
    setup.parameters.set("operations.attacks_per_month", 0.8).unwrap();
    setup.parameters.set("relations.infighting_intercept", 12.0).unwrap();
    setup
}

/// The same without new fights after the first: nothing but the first review starts one.
fn falling_out_once() -> Setup {
    let mut setup = falling_out();
    setup.n_days = 59;
    setup
}

fn general(mut setup: Setup) -> Setup {
    setup.switches.set(Mechanism::LocalInfighting, false);
    setup
}

/// Assaults of one of the two on the other.
fn assaults(records: &Records) -> Vec<Incident> {
    let rows = records.incidents.rows();
    rows.filter(|row| row.kind == IncidentKind::Assault && row.target.is_some_and(|target| target != row.perpetrator))
        .collect()
}

fn n_dead(incidents: &[Incident]) -> u32 {
    incidents.iter().map(|row| row.dead_perpetrator + row.dead_target).sum()
}

fn districts(setup: &Setup, incidents: &[Incident]) -> BTreeSet<String> {
    incidents.iter().map(|row| setup.places[row.place.idx()].district.clone()).collect()
}

#[test]
fn fewer_die_and_it_spreads_less_than_a_war_everywhere() {
    let (local, everywhere) = (falling_out_once(), general(falling_out_once()));
    let worlds = [World::build(local), World::build(everywhere)];
    let (mut dead, mut spread, mut n_fewer) = ([0; 2], [0; 2], 0);
    for replicate in 0..N_REPLICATES {
        let of = [0, 1].map(|at| assaults(&run(&worlds[at], replicate)));
        for at in 0..2 {
            dead[at] += n_dead(&of[at]);
            spread[at] += districts(&worlds[at].setup, &of[at]).len();
        }
        assert!(districts(&worlds[0].setup, &of[0]).len() <= 1, "one district at most in the first month");
        n_fewer += u32::from(n_dead(&of[0]) < n_dead(&of[1]));
    }
    assert!(3 * dead[0] < dead[1], "{dead:?} dead");
    assert!(2 * spread[0] < spread[1], "{spread:?} districts");
    assert!(n_fewer >= N_REPLICATES - 2, "fewer die in {n_fewer} of {N_REPLICATES} pairs");
}

#[test]
fn it_is_over_sooner_and_more_so_the_likelier_the_end() {
    let n_assaults = |end_per_month: Option<f64>| -> usize {
        let mut setup = falling_out();
        if let Some(value) = end_per_month {
            setup.parameters.set("local_infighting.end_per_month", value).unwrap();
            setup.parameters.set("local_infighting.tempo", 1.0).unwrap();
        } else {
            setup = general(setup);
        }
        setup.parameters.set("relations.infighting_intercept", -1.5).unwrap();
        let world = World::build(setup);
        (0..N_REPLICATES).map(|replicate| assaults(&run(&world, replicate)).len()).sum()
    };
    let (everywhere, slow, usual, at_once) =
        (n_assaults(None), n_assaults(Some(0.2)), n_assaults(Some(0.5)), n_assaults(Some(1.0)));
    assert!(everywhere > slow && slow > usual && usual > at_once, "{everywhere} > {slow} > {usual} > {at_once}");
}

#[test]
fn assaults_come_at_a_fifth_of_the_tempo() {
    let n_assaults = |tempo: f64| -> f64 {
        let mut setup = falling_out_once();
        only(&mut setup, &[Mechanism::Operations, Mechanism::Infighting, Mechanism::LocalInfighting]);
        for place in &mut setup.places {
            "District".clone_into(&mut place.district);
        }
        setup.n_days = 36;
        setup.parameters.set("local_infighting.tempo", tempo).unwrap();
        setup.parameters.set("local_infighting.end_per_month", 0.0).unwrap();
        let world = World::build(setup);
        (0..200).map(|replicate| assaults(&run(&world, replicate)).len() as f64).sum()
    };
    let ratio = n_assaults(0.2) / n_assaults(1.0);
    assert!((ratio - 0.2).abs() < 0.04, "{ratio}");
}

#[test]
fn a_dated_war_is_one_everywhere_and_a_dated_truce_ends_all_local_ones() {
    let dated = |kind, day| {
        let change = Change::Relation { a: GroupId(0), b: GroupId(1), kind };
        TimelineEntry { day, change, place: None, note: String::new() }
    };
    let mut war = falling_out();
    war.n_days = 29;
    war.timeline = vec![dated(RelationKind::War, 0)];
    let world = World::build(war);
    let all: Vec<Incident> = (0..4).flat_map(|replicate| assaults(&run(&world, replicate))).collect();
    assert_eq!(districts(&world.setup, &all).len(), 4, "no review has been");

    let mut truce = falling_out_once();
    truce.parameters.set("local_infighting.tempo", 1.0).unwrap();
    let world = World::build(truce.clone());
    let n_before: usize = (0..8).map(|replicate| assaults(&run(&world, replicate)).len()).sum();
    truce.timeline = vec![dated(RelationKind::Truce, 30)];
    let world = World::build(truce);
    let n_after: usize = (0..8).map(|replicate| assaults(&run(&world, replicate)).len()).sum();
    assert!(n_before > 8 && n_after == 0, "{n_before} assaults, {n_after} under the truce");
}

#[test]
fn groups_without_a_common_district_have_nothing_to_fight_over() {
    let mut setup = falling_out();
    for (nth, place) in setup.places.iter_mut().enumerate() {
        place.district = format!("District {}", nth % 2);
    }
    only(&mut setup, &[Mechanism::Operations, Mechanism::Infighting, Mechanism::LocalInfighting]);
    let n_local = assaults(&run(&World::build(setup.clone()), 0)).len();
    let n_general = assaults(&run(&World::build(general(setup)), 0)).len();
    assert!(n_local == 0 && n_general > 10, "{n_local} and {n_general} assaults");
}
