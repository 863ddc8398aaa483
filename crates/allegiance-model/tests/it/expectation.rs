//! Expectation of victory: the signs of what moves it, and of what it moves.

use crate::worlds::{group, only, run, setup, small_war, village};
use allegiance_model::World;
use allegiance_model::ids::{GroupId, KindId, PlaceId};
use allegiance_model::setup::{Change, ExitTheory, Mechanism, RelationKind, Setup, TimelineEntry};
use allegiance_model::tables::{Allegiance, AllegianceKind, Records};

const LOSER: GroupId = GroupId(0);
const WINNER: GroupId = GroupId(1);

/// Two groups that stand apart, and a third place of which nobody here hears
/// anything but who holds it.
fn apart(n_days: u32) -> Setup {
    between(n_days, &[(0, 0, 1_200), (1, 1, 1_200)])
}

fn between(n_days: u32, garrisons: &[(usize, usize, u32)]) -> Setup {
    let places = vec![village(0, 0.0, 9_000, 0, 2), village(1, 12.0, 9_000, 1, 2), village(2, 400.0, 9_000, 0, 2)];
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], garrisons, RelationKind::War);
    only(&mut setup, &[Mechanism::Exits, Mechanism::Joining, Mechanism::Expectation]);
    setup.theory.exit = ExitTheory::Material;
    setup.n_days = n_days;
    for (path, value) in [("exits.desertion_per_month", 0.05), ("exits.pay_weight", 0.0), ("joining.per_month", 0.01)] {
        setup.parameters.set(path, value).unwrap();
    }
    setup
}

/// The far place changes hands.
fn far_place_falls_to(mut setup: Setup, day: u32, group: GroupId) -> Setup {
    let change = Change::Control { place: PlaceId(2), group, share: 1.0 };
    setup.timeline.push(TimelineEntry { day, change, place: None, note: String::new() });
    setup
}

fn runs(setup: Setup, n_replicates: u32) -> Vec<Records> {
    let world = World::build(setup);
    (0..n_replicates).map(|replicate| run(&world, replicate)).collect()
}

fn is_exit(row: &Allegiance) -> bool {
    row.hazard_defection.is_some() && row.kind != AllegianceKind::Capture
}

fn count(all: &[Records], is_it: impl Fn(&Allegiance) -> bool) -> usize {
    all.iter().flat_map(|records| records.allegiance.rows()).filter(|row| is_it(row)).count()
}

fn exits_from(all: &[Records], group: GroupId) -> usize {
    count(all, |row| is_exit(row) && row.group == Some(group) && row.day.0 >= 14)
}

fn joins_to(all: &[Records], group: GroupId) -> usize {
    count(all, |row| row.kind == AllegianceKind::Join && row.to_group == Some(group) && row.day.0 >= 14)
}

#[test]
fn those_who_see_victory_recede_leave_and_the_winners_are_joined() {
    let before = runs(apart(90), 6);
    let after = runs(far_place_falls_to(apart(90), 10, WINNER), 6);
    let exits = [&before, &after].map(|all| (exits_from(all, LOSER), exits_from(all, WINNER)));
    let joins = [&before, &after].map(|all| (joins_to(all, LOSER), joins_to(all, WINNER)));
    assert!(exits[1].0 * 2 > exits[0].0 * 3 && exits[1].1 * 4 < exits[0].1 * 3, "{exits:?}");
    assert!(joins[1].0 * 4 < joins[0].0 * 3 && joins[1].1 * 3 > joins[0].1 * 4, "{joins:?}");
}

#[test]
fn a_war_that_began_in_hope_and_stands_still_makes_men_leave() {
    let war = |is_on: bool| {
        let mut setup = far_place_falls_to(apart(330), 3, WINNER);
        setup.switches.set(Mechanism::Expectation, is_on);
        setup.parameters.set("exits.desertion_per_month", 0.02).unwrap();
        runs(setup, 3)
    };
    // After half a year nothing has changed for half a year; and who stands beside them
    // knows them from the weeks of victory.
    let late = |all: &[Records], block: fn(&Allegiance) -> Option<f64>| -> f64 {
        let rows = all.iter().flat_map(|records| {
            let joined = records.allegiance.rows().filter(|row| row.kind == AllegianceKind::Join);
            let hopeful: Vec<_> = joined.filter(|row| row.day.0 < 180).map(|row| row.person).collect();
            records.allegiance.rows().filter(move |row| hopeful.contains(&row.person)).collect::<Vec<_>>()
        });
        let values: Vec<f64> = rows
            .filter(|row| is_exit(row) && row.day.0 >= 200 && row.group == Some(WINNER))
            .filter_map(|row| block(&row))
            .collect();
        assert!(values.len() > 30, "{}", values.len());
        values.iter().sum::<f64>() / values.len() as f64
    };
    let with = late(&war(true), |row| row.block_expectation);
    let without = late(&war(false), |row| row.block_prospects);
    assert!(with > 0.3, "{with}");
    assert!(without.abs() < 0.02, "the change of a month sees nothing: {without}");
}

#[test]
fn being_killed_by_ones_own_side_counts_against_victory() {
    let exits = |kind: KindId| {
        let mut setup = small_war();
        only(&mut setup, &[Mechanism::Exits, Mechanism::Operations, Mechanism::Expectation]);
        setup.theory.exit = ExitTheory::Material;
        setup.groups[1].kind = kind;
        exits_from(&runs(setup, 12), LOSER)
    };
    let (by_own_side, by_others) = (exits(KindId(1)), exits(KindId(3)));
    assert!(by_own_side * 4 > by_others * 5, "{by_own_side} where the enemy is of the own side, else {by_others}");
}

#[test]
fn leavers_go_to_the_side_that_will_win_and_units_give_up_where_theirs_will_not() {
    let war = || {
        // A few of the enemy stand in their place: units give up only where they are pressed.
        let garrisons = [(0, 0, 1_200), (1, 0, 60), (1, 1, 1_200)];
        let mut setup = far_place_falls_to(between(60, &garrisons), 3, WINNER);
        only(&mut setup, &[Mechanism::Exits, Mechanism::Expectation, Mechanism::Destination, Mechanism::Settlement]);
        setup.parameters.set("exits.desertion_per_month", 0.2).unwrap();
        setup
    };
    let share_over = |weight: f64| {
        let mut setup = war();
        setup.switches.set(Mechanism::Settlement, false);
        setup.parameters.set("expectation.host_weight", weight).unwrap();
        let all = runs(setup, 4);
        let n = |kind: Option<AllegianceKind>| {
            count(&all, |row| is_exit(row) && row.group == Some(LOSER) && kind.is_none_or(|kind| row.kind == kind))
                as f64
        };
        n(Some(AllegianceKind::Defection)) / n(None)
    };
    let (without, with) = (share_over(0.0), share_over(1.0));
    assert!(with > without + 0.1, "{without} to {with}");
    let given_up = |weight: f64| {
        let mut setup = war();
        setup.switches.set(Mechanism::Exits, false);
        setup.parameters.set("expectation.settlement_weight", weight).unwrap();
        count(&runs(setup, 20), |row| row.hazard.is_none() && row.cause.is_some() && row.group == Some(LOSER))
    };
    let (without, with) = (given_up(0.0), given_up(4.0));
    assert!(with > without * 3 / 2, "{without} to {with}");
}

#[test]
fn its_parameters_do_nothing_where_it_does_not_run() {
    let with = |value: f64| {
        let mut setup = small_war();
        setup.switches.set(Mechanism::Expectation, false);
        for name in ["even", "joining_weight", "host_weight", "settlement_weight"] {
            setup.parameters.set(&format!("expectation.{name}"), value).unwrap();
        }
        run(&World::build(setup), 0)
    };
    assert_eq!(with(0.5), with(3.0));
}
