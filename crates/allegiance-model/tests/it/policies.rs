//! What groups do to people in their hands: each its own, from the first day or
//! from a dated one.

use crate::worlds::{group, run_setup, setup, small_war, village};
use allegiance_model::ids::{GroupId, KindId};
use allegiance_model::setup::{Change, FieldValue, Lever, Policy, RelationKind, Setup, TimelineEntry};
use allegiance_model::tables::{AllegianceKind, IncidentKind, Outcome, Records};

const N_REPLICATES: u32 = 8;

/// A war with many caught, many prisoners and many reprisals.
fn war() -> Setup {
    let mut setup = small_war();
    for (path, value) in [
        ("exits.desertion_per_month", 0.1),
        ("deterrence.p_capture_deep", 0.5),
        ("combat.captured_share_loser", 0.2),
        ("reprisal.kin_per_month", 0.3),
    ] {
        setup.parameters.set(path, value).unwrap();
    }
    setup
}

fn state(setup: &mut Setup, group: usize, policy: Policy, value: f64) {
    assert!(setup.groups[group].set(policy.word(), FieldValue::Number(value)));
}

fn date(setup: &mut Setup, day: u32, change: Change) {
    setup.timeline.push(TimelineEntry { day, change, place: None, note: String::new() });
}

fn records(setup: &Setup) -> Vec<Records> {
    (0..N_REPLICATES).map(|replicate| run_setup(setup.clone(), replicate)).collect()
}

/// How many were caught leaving a group from a day on, and executed for it.
fn caught_and_executed(all: &[Records], group: GroupId, from_day: u32) -> (usize, usize) {
    let n = |kind| {
        let rows = all.iter().flat_map(|records| records.allegiance.rows());
        rows.filter(|row| row.kind == kind && row.group == Some(group) && row.day.0 >= from_day).count()
    };
    (n(AllegianceKind::Capture), n(AllegianceKind::Execution))
}

/// How many of a group became prisoners, and were executed: foreigners or locals.
fn taken_and_executed(all: &[Records], group: GroupId, is_foreign: bool) -> (usize, usize) {
    let n = |is_it: &dyn Fn(AllegianceKind, Option<Outcome>) -> bool| {
        let rows = all.iter().flat_map(|records| records.allegiance.rows());
        rows.filter(|row| row.group == Some(group) && row.to_group.is_some_and(|to| to != group))
            .filter(|row| row.is_foreign == is_foreign)
            .filter(|row| is_it(row.kind, row.outcome))
            .count()
    };
    (
        n(&|kind, _| kind == AllegianceKind::Imprisonment),
        n(&|kind, outcome| kind == AllegianceKind::Death && outcome == Some(Outcome::Executed)),
    )
}

#[test]
fn a_policy_of_the_usual_size_changes_nothing() {
    let usual = war();
    let mut stated = usual.clone();
    for group in 0..2 {
        state(&mut stated, group, Policy::LeaversExecuted, usual.parameters.deterrence.p_execute_local);
        state(&mut stated, group, Policy::ForeignLeaversExecuted, usual.parameters.deterrence.p_execute_foreign);
        state(&mut stated, group, Policy::KinReprisals, usual.parameters.reprisal.kin_per_month);
        state(&mut stated, group, Policy::SoldiersExecuted, usual.groups[group].prisoners_executed_share);
    }
    assert!(records(&usual) == records(&stated));
}

#[test]
fn each_group_deals_with_its_leavers_in_its_own_way() {
    let mut setup = war();
    state(&mut setup, 0, Policy::LeaversExecuted, 1.0);
    state(&mut setup, 1, Policy::LeaversExecuted, 0.0);
    let all = records(&setup);
    let (caught, executed) = caught_and_executed(&all, GroupId(0), 0);
    assert!(caught > 30 && executed == caught, "{executed} of {caught}");
    let (caught, executed) = caught_and_executed(&all, GroupId(1), 0);
    assert!(caught > 30 && executed == 0, "{executed} of {caught}");
}

#[test]
fn the_timeline_changes_a_policy_from_its_day_on() {
    let mut setup = war();
    state(&mut setup, 0, Policy::LeaversExecuted, 0.0);
    date(&mut setup, 30, Change::Policy { policy: Policy::LeaversExecuted, group: GroupId(0), value: 1.0 });
    let all = records(&setup);
    let (caught_late, executed_late) = caught_and_executed(&all, GroupId(0), 30);
    let (caught, executed) = caught_and_executed(&all, GroupId(0), 0);
    assert!(caught > caught_late + 10 && caught_late > 10, "{caught_late} of {caught} after the change");
    assert_eq!((executed, executed_late), (caught_late, caught_late));
}

#[test]
fn soldiers_of_a_state_and_foreigners_may_fare_otherwise_as_prisoners() {
    let mut setup = war();
    // Whom his old group kills in reprisal is executed too.
    setup.parameters.set("reprisal.leaver_per_month", 0.0).unwrap();
    // The second group is a state's; the first takes prisoners.
    setup.groups[1].kind = KindId(0);
    setup.groups[0].prisoners_executed_share = 0.0;
    state(&mut setup, 0, Policy::SoldiersExecuted, 1.0);
    let (taken, executed) = taken_and_executed(&records(&setup), GroupId(1), false);
    assert!(taken > 20 && executed == taken, "{executed} of {taken} soldiers");
    setup.groups[1].kind = KindId(1);
    let (taken, executed) = taken_and_executed(&records(&setup), GroupId(1), false);
    assert!(taken > 20 && executed == 0, "{executed} of {taken} who are no soldiers");
    let all = 1.0;
    setup.groups[1].foreign_share.rank_and_file = all;
    setup.groups[1].foreign_share.unit_commander = all;
    setup.groups[1].foreign_share.leadership = all;
    state(&mut setup, 0, Policy::ForeignPrisonersExecuted, 1.0);
    let (taken, executed) = taken_and_executed(&records(&setup), GroupId(1), true);
    assert!(taken > 20 && executed == taken, "{executed} of {taken} foreigners");
}

#[test]
fn a_group_harms_kin_of_leavers_by_its_own_policy() {
    let by = |all: &[Records], group| {
        let rows = all.iter().flat_map(|records| records.incidents.rows());
        rows.filter(|row| row.kind == IncidentKind::Reprisal && row.perpetrator == group && row.target.is_none())
            .filter(|row| row.dead_civilians > 0)
            .count()
    };
    let mut setup = war();
    // Leavers themselves are left alone.
    setup.parameters.set("reprisal.leaver_per_month", 0.0).unwrap();
    state(&mut setup, 0, Policy::KinReprisals, 1.0);
    state(&mut setup, 1, Policy::KinReprisals, 0.0);
    let all = records(&setup);
    let (often, never) = (by(&all, GroupId(0)), by(&all, GroupId(1)));
    assert!(often > 30 && never == 0, "{often} by the first, {never} by the second");
}

#[test]
fn amnesty_from_the_first_day_is_the_lever_from_the_first_day() {
    // Towns in which few have a neighbour who serves the other side.
    let places = vec![village(0, 0.0, 90_000, 0, 2), village(1, 6.0, 90_000, 1, 2)];
    let mut usual = setup(places, vec![group(0, 0), group(1, 0)], &[(0, 0, 200), (1, 1, 200)], RelationKind::War);
    usual.parameters.set("exits.defection_per_month", 0.3).unwrap();
    let (mut stated, mut pulled) = (usual.clone(), usual.clone());
    stated.groups[1].amnesty = 0.7;
    date(&mut pulled, 0, Change::Lever { lever: Lever::Amnesty, group: GroupId(1), value: 0.7 });
    let [usual, stated, pulled] = [usual, stated, pulled].map(|setup| records(&setup));
    assert!(stated == pulled);
    assert!(stated != usual);
}
