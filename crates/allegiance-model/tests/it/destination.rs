//! Where a leaver goes: the closed form, and the sign of what speaks for a host.

use crate::common::only_besides_common;
use crate::worlds::{group, only, run, setup, small_war, village};
use allegiance_model::World;
use allegiance_model::maths::exp;
use allegiance_model::setup::{ExitTheory, Mechanism, RelationKind, Setup};
use allegiance_model::tables::{Allegiance, AllegianceKind};

const WEIGHTS: [&str; 7] =
    ["voucher", "home_attacked", "kin_killed", "own_reach", "offer_refused", "cause_distance", "suspicion"];

fn set(setup: &mut Setup, name: &str, value: f64) {
    setup.parameters.set(&format!("destination.{name}"), value).unwrap();
}

/// The exits by decision of some replicates, the caught included.
fn exits(setup: Setup, n_replicates: u32) -> Vec<Allegiance> {
    let world = World::build(setup);
    let all = (0..n_replicates).flat_map(|replicate| run(&world, replicate).allegiance.rows().collect::<Vec<_>>());
    all.filter(|row| row.hazard_defection.is_some()).collect()
}

/// The chance that a leaver goes to another group, as recorded with his exit.
fn share_to_a_group(row: &Allegiance) -> f64 {
    let [home, host, abroad] = [row.hazard, row.hazard_defection, row.hazard_departure].map(Option::unwrap);
    host / (home + host + abroad)
}

fn mean_share_to_a_group(setup: Setup) -> f64 {
    let exits = exits(setup, 12);
    assert!(exits.len() > 300, "{}", exits.len());
    exits.iter().map(share_to_a_group).sum::<f64>() / exits.len() as f64
}

/// A war of many exits with reasons of every sort, in which leavers choose.
fn war() -> Setup {
    let mut setup = small_war();
    only_besides_common(&mut setup, &[Mechanism::Destination]);
    setup.groups[1].cause[1] = 1.0;
    setup.groups[1].answers = allegiance_model::setup::AnswerMix { ignore: 0.0, offer: 1.0, punish: 0.0 };
    setup.parameters.set("exits.desertion_per_month", 0.05).unwrap();
    setup.parameters.set("exits.fear_weight", 0.0).unwrap();
    for name in WEIGHTS {
        set(&mut setup, name, 0.0);
    }
    setup
}

#[test]
fn shares_are_those_of_the_constants_where_nothing_else_counts() {
    let places = vec![village(0, 0.0, 30_000, 0, 2), village(1, 5.0, 30_000, 1, 2)];
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &[(0, 0, 2_000), (1, 1, 2_000)], RelationKind::War);
    only(&mut setup, &[Mechanism::Exits, Mechanism::Destination]);
    setup.theory.exit = ExitTheory::Constant;
    setup.parameters.set("exits.desertion_per_month", 0.1).unwrap();
    let all = exits(setup, 4);
    let (host, abroad) = (exp(-1.6), exp(-2.1));
    let total = 1.0 + host + abroad;
    for (kind, expected) in [(AllegianceKind::Defection, host / total), (AllegianceKind::Departure, abroad / total)] {
        let n = all.iter().filter(|row| row.kind == kind).count() as f64;
        let (mean, sd) = (all.len() as f64 * expected, (all.len() as f64 * expected * (1.0 - expected)).sqrt());
        assert!((n - mean).abs() < 4.0 * sd, "{kind:?}: {n} of {}, expected {mean:.0}", all.len());
    }
    assert!(all.iter().all(|row| (share_to_a_group(row) - host / total).abs() < 1e-12));
}

#[test]
fn what_speaks_for_a_host_leads_more_leavers_to_it() {
    let without = mean_share_to_a_group(war());
    // The causes of the two groups are less than half as far apart as can be.
    for name in WEIGHTS.into_iter().filter(|&name| name != "suspicion") {
        let mut setup = war();
        set(&mut setup, name, 2.0);
        let with = mean_share_to_a_group(setup);
        assert!(with > without + 0.002, "{name}: {without} to {with}");
    }
    let under_suspicion = |on_arrival: f64| {
        let mut setup = war();
        set(&mut setup, "suspicion", 2.0);
        setup.parameters.set("arrival.suspicion_voluntary", on_arrival).unwrap();
        mean_share_to_a_group(setup)
    };
    let (low, high) = (under_suspicion(0.6), under_suspicion(0.95));
    assert!(high < low - 0.002, "suspicion of .6 and .95: {low} and {high}");
}

#[test]
fn leave_at_home_leads_no_more_home_than_elsewhere() {
    let share = |ratio: f64| {
        let mut setup = war();
        setup.parameters.set("exits.leave_desertion", ratio).unwrap();
        setup.parameters.set("exits.leave_defection", 1.0).unwrap();
        let exits = exits(setup, 12);
        let on_leave = exits.iter().filter(|row| row.is_on_leave).count();
        (mean(exits.iter().map(share_to_a_group)), on_leave)
    };
    let ((low, n_few), (high, n_many)) = (share(1.0), share(6.0));
    assert!(n_many > 2 * n_few, "leave raises how many go: {n_few} to {n_many}");
    assert!((low - high).abs() < 0.02, "and not where to: {low} to {high}");
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = values.len() as f64;
    values.sum::<f64>() / n
}
