//! Units that give up: the closed form of the rate, the published signs, and what follows.

use crate::worlds::{group, only, run, setup, village};
use allegiance_model::World;
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::maths::exp;
use allegiance_model::setup::{Change, ForeignShare, Mechanism, RelationKind, Setup, TimelineEntry};
use allegiance_model::tables::{Allegiance, AllegianceKind, Cause};

/// A garrison between two places of the enemy, some km from its main body,
/// which nobody attacked yet.
fn quiet_outpost(members: u32, enemies: u32, km_to_main_body: f64) -> Setup {
    let places =
        vec![village(0, 0.0, 9_000, 0, 2), village(1, km_to_main_body, 9_000, 0, 2), village(2, -5.0, 9_000, 1, 2)];
    let garrisons = [(0, 0, members), (0, 1, 2_000), (1, 2, enemies)];
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &garrisons, RelationKind::War);
    only(&mut setup, &[Mechanism::Operations, Mechanism::Settlement]);
    setup.n_days = 30;
    setup.parameters.set("operations.attacks_per_month", 0.0).unwrap();
    setup.parameters.set("settlement.reach_km", 20.0).unwrap();
    setup.parameters.set("settlement.through_gap", -20.0).unwrap();
    setup.parameters.set("settlement.precedent_weight", 0.0).unwrap();
    setup
}

/// The same, attacked on the first day in vain and without a loss, which presses it all month.
fn outpost(members: u32, enemies: u32, km_to_main_body: f64) -> Setup {
    let mut setup = quiet_outpost(members, enemies, km_to_main_body);
    for (path, value) in [
        ("combat.killed_share_winner", 0.0),
        ("combat.killed_share_loser", 0.0),
        ("combat.captured_share_loser", 0.0),
        ("combat.defender_multiplier", 20.0),
        ("combat.decisiveness", 20.0),
        ("harm.civilians_per_fighter_killed", 0.0),
    ] {
        setup.parameters.set(path, value).unwrap();
    }
    let change = Change::Assault { group: GroupId(1), place: PlaceId(0) };
    setup.timeline.push(TimelineEntry { day: 0, change, place: None, note: String::new() });
    set(&mut setup, "pressed_days", 60.0);
    setup
}

fn set(setup: &mut Setup, name: &str, value: f64) {
    setup.parameters.set(&format!("settlement.{name}"), value).unwrap();
}

/// Members who left with their unit.
fn left(records: &allegiance_model::tables::Records) -> Vec<Allegiance> {
    let rows = records.allegiance.rows();
    rows.filter(|row| row.cause == Some(Cause::WithUnit)).collect()
}

/// In how many of 400 replicates the outpost is left within the month.
fn n_given_up(setup: Setup) -> u32 {
    let world = World::build(setup);
    let is_given_up = |replicate| {
        let records = run(&world, replicate);
        let fell =
            records.control.rows().any(|row| row.place == PlaceId(0) && row.group == GroupId(1) && row.share >= 0.7);
        u32::from(fell)
    };
    (0..400).map(is_given_up).sum()
}

#[test]
fn a_unit_gives_up_at_the_stated_rate() {
    // One unit, cut off by 30 km, against fewer than its own: nothing but the rate and that.
    let mut setup = outpost(30, 20, 30.0);
    set(&mut setup, "per_day", 0.01);
    set(&mut setup, "cut_off_weight", 1.0);
    let expected = 400.0 * (1.0 - exp(30.0 * allegiance_model::maths::ln(1.0 - 0.01 * exp(1.0))));
    let n = f64::from(n_given_up(setup));
    assert!((n - expected).abs() < 40.0, "{n} of 400, expected {expected:.0}");
}

/// However strong the enemy and however far the main body.
#[test]
fn a_garrison_that_is_left_alone_holds() {
    let mut setup = quiet_outpost(30, 2_000, 30.0);
    set(&mut setup, "per_day", 0.5);
    assert_eq!(n_given_up(setup), 0);
    let pressed_for = |days| {
        let mut setup = outpost(30, 20, 30.0);
        set(&mut setup, "per_day", 0.01);
        set(&mut setup, "pressed_days", days);
        n_given_up(setup)
    };
    let (short, long) = (pressed_for(3.0), pressed_for(30.0));
    assert!(long > 4 * short, "{long} of 400 in a month under attack, {short} in three days");
}

#[test]
fn each_reason_has_its_sign() {
    let base = |members, enemies, km| {
        let mut setup = outpost(members, enemies, km);
        set(&mut setup, "per_day", 0.004);
        setup
    };
    let alone = n_given_up(base(80, 60, 30.0));
    let near = n_given_up(base(80, 60, 10.0));
    assert!(alone > near + 40, "cut off {alone}, linked {near}");
    let outnumbered = n_given_up(base(80, 300, 30.0));
    assert!(outnumbered > alone + 40, "outnumbered {outnumbered}, not {alone}");
    let mut foreign = base(80, 300, 30.0);
    let all = 1.0;
    foreign.groups[0].foreign_share =
        ForeignShare { rank_and_file: all, unit_commander: all, field_commander: all, leadership: all };
    let foreigners = n_given_up(foreign);
    assert!(foreigners + 30 < outnumbered, "foreigners {foreigners}, locals {outnumbered}");
    let with_precedent = |weight: f64| {
        // Three units: one that gives up is a precedent for the others.
        let mut setup = base(420, 300, 30.0);
        set(&mut setup, "precedent_weight", weight);
        n_given_up(setup)
    };
    let (without, with) = (with_precedent(0.0), with_precedent(4.0));
    assert!(with > without + 20, "all gone {with} with precedent, {without} without");
}

#[test]
fn nobody_dies_and_who_comes_over_is_watched() {
    let mut setup = outpost(80, 300, 30.0);
    only(&mut setup, &[Mechanism::Operations, Mechanism::Settlement, Mechanism::Stigma]);
    setup.parameters.set("arrival.arrest_per_month", 0.0).unwrap();
    set(&mut setup, "per_day", 0.05);
    let world = World::build(setup);
    let (mut n_home, mut n_over) = (0, 0);
    for replicate in 0..60 {
        let records = run(&world, replicate);
        assert!(records.allegiance.rows().all(|row| row.kind != AllegianceKind::Death));
        for row in left(&records) {
            n_home += usize::from(row.kind == AllegianceKind::Desertion);
            n_over += usize::from(row.kind == AllegianceKind::Defection);
        }
        let arrivals: Vec<Allegiance> =
            records.allegiance.rows().filter(|row| row.kind == AllegianceKind::Arrival).collect();
        assert!(arrivals.iter().all(|row| row.suspicion.is_some_and(|suspicion| suspicion > 0.3)));
        assert_eq!(arrivals.len(), left(&records).iter().filter(|row| row.to_group.is_some()).count());
    }
    assert!(n_home > 200 && n_over > 200, "{n_home} home, {n_over} over: cut off, none withdraws");
}

#[test]
fn a_unit_that_is_cut_off_may_withdraw_through_a_gap() {
    let n_gone = |through_gap: f64| {
        let mut setup = outpost(80, 300, 30.0);
        set(&mut setup, "per_day", 0.05);
        set(&mut setup, "through_gap", through_gap);
        let world = World::build(setup);
        (0..60).map(|replicate| left(&run(&world, replicate)).len()).sum::<usize>()
    };
    let (closed, open) = (n_gone(-3.0), n_gone(0.5));
    assert!(open + open / 4 < closed, "{closed} went home or over without a gap, {open} with one");
}

#[test]
fn a_host_that_executes_prisoners_is_joined_less() {
    let share_over = |executed: f64| {
        let mut setup = outpost(80, 300, 30.0);
        set(&mut setup, "per_day", 0.05);
        setup.groups[1].prisoners_executed_share = executed;
        let world = World::build(setup);
        let all: Vec<Allegiance> = (0..100).flat_map(|replicate| left(&run(&world, replicate))).collect();
        all.iter().filter(|row| row.kind == AllegianceKind::Defection).count() as f64 / all.len() as f64
    };
    let (spares, executes) = (share_over(0.0), share_over(1.0));
    assert!(spares > executes + 0.15, "{spares} join who spares, {executes} who executes");
}
