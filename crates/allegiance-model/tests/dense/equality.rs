//! The dense reference and the engine record the same, to the last bit.

use super::compare::compare;
use super::own_theories;
use super::worlds::{only, random_setup, run as run_engine, small_war};
use crate::ids::GroupId;
use crate::setup::{BeliefTheory, Change, ExitTheory, Mechanism, OperationsMode, RelationKind, Setup, TimelineEntry};
use crate::tables::{AllegianceKind, Cause, Channel, IncidentKind, Outcome, Standing};
use crate::world::World;
use std::ops::Range;

/// Random worlds that have every theory of belief with every theory of exit.
const N_WORLDS: u32 = (BeliefTheory::ALL.len() * ExitTheory::ALL.len()) as u32;

fn compare_random_worlds(numbers: Range<u32>) {
    for number in numbers {
        compare(&format!("world {number}"), random_setup(number), number % 3);
    }
}

#[test]
fn random_worlds_of_every_theory() {
    compare_random_worlds(0..N_WORLDS);
}

#[test]
fn other_worlds_of_every_theory() {
    compare_random_worlds(N_WORLDS..2 * N_WORLDS);
}

/// What a parameter or a constant counts in people is divided in both.
#[test]
fn wars_among_one_in_some_of_their_people() {
    for number in 780..800 {
        let mut setup = random_setup(number);
        only(&mut setup, Mechanism::ALL);
        setup.mode = OperationsMode::Endogenous;
        let scale = core::num::NonZeroU32::new(2 + number % 5).unwrap();
        compare(&format!("world {number} at 1:{scale}"), setup.at_scale(scale), 0);
    }
}

/// The first of these to fail tells which mechanism is at fault.
#[test]
fn one_mechanism_more_at_a_time() {
    for n_on in 0..=Mechanism::ALL.len() {
        let mut setup = random_setup(500 + n_on as u32);
        only(&mut setup, &Mechanism::ALL[..n_on]);
        let last = n_on.checked_sub(1).map(|at| Mechanism::ALL[at].word());
        compare(&format!("mechanisms up to {last:?}"), setup, 0);
    }
}

#[test]
fn each_mechanism_off() {
    for (nth, &mechanism) in Mechanism::ALL.iter().enumerate() {
        let mut setup = random_setup(600 + nth as u32);
        only(&mut setup, Mechanism::ALL);
        setup.switches.set(mechanism, false);
        compare(&format!("{} off", mechanism.word()), setup, 0);
    }
}

#[test]
fn a_war_at_the_default_parameters_under_every_theory() {
    for (nth, &exit) in ExitTheory::ALL.iter().enumerate() {
        let mut setup = small_war();
        setup.theory.exit = exit;
        setup.theory.belief = BeliefTheory::ALL[nth % BeliefTheory::ALL.len()];
        compare(&format!("{} with {}", setup.theory.belief.word(), exit.word()), setup, 0);
    }
}

/// With the priors of the random worlds it hardly happens.
#[test]
fn units_give_up_in_numbers() {
    let mut n_left = 0;
    for number in 700..712 {
        let mut setup = random_setup(number);
        only(&mut setup, Mechanism::ALL);
        setup.mode = OperationsMode::Endogenous;
        setup.switches.set(Mechanism::Watches, number % 2 == 0);
        setup.parameters.set("settlement.per_day", 0.05).unwrap();
        let records = run_engine(&World::build(setup.clone()), 0);
        n_left += records.allegiance.rows().filter(|row| row.cause == Some(Cause::WithUnit)).count();
        compare(&format!("world {number} of units that give up"), setup, 0);
    }
    assert!(n_left > 500, "{n_left}");
}

/// Towns are cut off, and wars open, more often than in the random worlds.
#[test]
fn where_groups_attack() {
    let mechanisms = [Mechanism::Targets, Mechanism::Campaigns, Mechanism::Sieges];
    let mut n_moved = [0; 3];
    for number in 720..734 {
        let mut setup = random_setup(number);
        only(&mut setup, Mechanism::ALL);
        setup.mode = OperationsMode::Endogenous;
        for (path, value) in [("sieges.least_people", 0.0), ("settlement.link_km", 4.0), ("campaigns.contact_km", 15.0)]
        {
            setup.parameters.set(path, value).unwrap();
        }
        let (a, b) = (GroupId(0), GroupId(1));
        for (day, kind) in [(0, RelationKind::Truce), (4, RelationKind::War)] {
            let change = Change::Relation { a, b, kind };
            setup.timeline.insert(0, TimelineEntry { day, change, place: None, note: String::new() });
        }
        setup.timeline.sort_by_key(|entry| entry.day);
        let incidents = |setup: &Setup| run_engine(&World::build(setup.clone()), 0).incidents;
        let with_all = incidents(&setup);
        for (n, mechanism) in n_moved.iter_mut().zip(mechanisms) {
            let mut without = setup.clone();
            without.switches.set(mechanism, false);
            *n += u32::from(incidents(&without) != with_all);
        }
        compare(&format!("world {number} of targets, axes and sieges"), setup, 0);
    }
    assert!(n_moved.iter().all(|&n| n >= 7), "{n_moved:?} of 14 worlds moved by {mechanisms:?}");
}

/// Friends fall out often, in worlds of three districts.
#[test]
fn groups_fall_out_in_their_districts() {
    let mut n_moved = 0;
    for number in 740..756 {
        let mut setup = random_setup(number);
        only(&mut setup, Mechanism::ALL);
        setup.mode = OperationsMode::Endogenous;
        setup.n_days = 100;
        let kind = setup.groups[0].kind;
        let of_kind = |nth: usize| if nth < 3 { kind } else { setup.groups[3].kind };
        let kinds: Vec<_> = (0..setup.n_groups()).map(of_kind).collect();
        for (group, kind) in setup.groups.iter_mut().zip(kinds) {
            group.kind = kind;
        }
        for (nth, place) in setup.places.iter_mut().enumerate() {
            place.district = format!("District {}", nth % 3);
        }
        for relation in &mut setup.relations {
            if *relation == RelationKind::War && number % 2 == 0 {
                *relation = RelationKind::Alliance;
            }
        }
        for (path, value) in [
            ("relations.infighting_intercept", 1.0),
            ("relations.p_third_party", 0.8),
            ("local_infighting.end_per_month", 0.3),
            ("operations.attacks_per_month", 2.0),
        ] {
            setup.parameters.set(path, value).unwrap();
        }
        let mut without = setup.clone();
        without.switches.set(Mechanism::LocalInfighting, false);
        let incidents = |setup: &Setup| run_engine(&World::build(setup.clone()), 0).incidents;
        n_moved += u32::from(incidents(&setup) != incidents(&without));
        compare(&format!("world {number} of friends who fall out"), setup, 0);
    }
    assert!(n_moved >= 10, "{n_moved} of 16 worlds moved");
}

/// A random world whose groups are allies, the last of them still to be founded by men who doubt.
fn world_of_allies(number: u32) -> Setup {
    let mut setup = random_setup(number);
    only(&mut setup, Mechanism::ALL);
    setup.mode = OperationsMode::Endogenous;
    let new_group = GroupId::from_idx(setup.n_groups() - 1);
    setup.garrisons.retain(|garrison| garrison.group != new_group);
    setup.groups[new_group.idx()].members = 0;
    let kind = setup.groups[0].kind;
    setup.groups.iter_mut().for_each(|group| group.kind = kind);
    setup.relations.fill(RelationKind::Alliance);
    setup.timeline.retain(|entry| !matches!(entry.change, Change::Relation { .. } | Change::Dissolve { .. }));
    for (name, value) in [
        ("absorption.per_month", 0.3),
        ("splits.per_month", 2.0),
        ("splits.founders", 5.0),
        ("belief.conviction_mean", 0.4),
        ("relations.infighting_intercept", -7.0),
    ] {
        setup.parameters.set(name, value).unwrap();
    }
    setup
}

#[test]
fn groups_pass_to_allies_and_commanders_break_away_in_numbers() {
    let (mut n_passed, mut n_founded) = (0, 0);
    for number in 720..732 {
        let setup = world_of_allies(number);
        let new_group = GroupId::from_idx(setup.n_groups() - 1);
        let records = run_engine(&World::build(setup.clone()), 0);
        let with_units = records.allegiance.rows().filter(|row| row.cause == Some(Cause::WithUnit));
        let (founders, passed): (Vec<_>, Vec<_>) = with_units
            .filter(|row| row.kind == AllegianceKind::Defection)
            .partition(|row| row.to_group == Some(new_group) && row.conviction.is_some_and(|value| value < 0.0));
        n_passed += passed.len();
        n_founded += founders.len();
        compare(&format!("world {number} of allies"), setup, 0);
    }
    assert!(n_passed > 60 && n_founded > 150, "{n_passed} passed to allies, {n_founded} broke away");
}

/// What isn't in the worlds compared isn't compared.
#[test]
fn the_worlds_show_every_kind_of_row() {
    let mut all: Vec<_> = (0..2 * N_WORLDS).map(|number| (random_setup(number), number % 3)).collect();
    all.push((world_of_allies(720), 0));
    all.push((own_theories::random_war(1_000), 0));
    assert!(all.iter().any(|(setup, _)| setup.mode == OperationsMode::Observed));
    let all: Vec<_> = all.into_iter().map(|(setup, replicate)| run_engine(&World::build(setup), replicate)).collect();
    for &kind in IncidentKind::ALL {
        assert!(all.iter().any(|run| run.incidents.kind.contains(&kind)), "{}", kind.word());
    }
    for &kind in AllegianceKind::ALL {
        assert!(all.iter().any(|run| run.allegiance.kind.contains(&kind)), "{}", kind.word());
    }
    for &outcome in Outcome::ALL {
        assert!(all.iter().any(|run| run.allegiance.outcome.contains(&Some(outcome))), "{}", outcome.word());
    }
    for &cause in Cause::ALL {
        assert!(all.iter().any(|run| run.allegiance.cause.contains(&Some(cause))), "{}", cause.word());
    }
    for &channel in Channel::ALL {
        assert!(all.iter().any(|run| run.exposures.channel.contains(&channel)), "{}", channel.word());
    }
    // Nobody is listed as a civilian: history touches them by death alone.
    for &standing in Standing::ALL.iter().filter(|&&standing| standing != Standing::Civilian) {
        assert!(all.iter().any(|run| run.persons.standing.contains(&standing)), "{}", standing.word());
    }
    assert!(all.iter().any(|run| run.displacement.households_returned.iter().any(|&n| n > 0)));
    assert!(all.iter().any(|run| run.persons.suspicion.iter().any(Option::is_some)));
    assert!(all.iter().any(|run| !run.beliefs.day.is_empty()));
}
