//! Axes of advance and the opening of a war: closed forms of when and where units attack.

use crate::worlds::{group, only, run, setup, village};
use allegiance_model::World;
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::setup::{Change, Mechanism, RelationKind, Setup, TimelineEntry};
use allegiance_model::tables::{Incident, IncidentKind, Records};

fn set(setup: &mut Setup, path: &str, value: f64) {
    setup.parameters.set(path, value).unwrap();
}

fn dated(day: u32, change: Change) -> TimelineEntry {
    TimelineEntry { day, change, place: None, note: String::new() }
}

fn assaults(records: &Records) -> Vec<Incident> {
    records.incidents.rows().filter(|row| row.kind == IncidentKind::Assault).collect()
}

/// A unit beside an enemy who never attacks.
fn neighbours(relation: RelationKind) -> Setup {
    let places = vec![village(0, 0.0, 4_000, 0, 2), village(1, 3.0, 4_000, 1, 2)];
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &[(0, 0, 50), (1, 1, 50)], relation);
    only(&mut setup, &[Mechanism::Operations, Mechanism::Campaigns]);
    setup.n_days = 20;
    setup.groups[1].offensive_tempo = 0.0;
    set(&mut setup, "operations.attacks_per_month", 0.0);
    setup
}

#[test]
fn in_the_first_three_days_of_a_war_a_unit_attacks_once_with_the_stated_probability() {
    let mut setup = neighbours(RelationKind::Truce);
    set(&mut setup, "campaigns.p_opening", 0.5);
    let (a, b) = (GroupId(0), GroupId(1));
    setup.timeline.push(dated(4, Change::Relation { a, b, kind: RelationKind::War }));
    let world = World::build(setup);
    let mut on_day = [0; 3];
    for replicate in 0..600 {
        let found = assaults(&run(&world, replicate));
        assert!(found.len() <= 1, "once");
        for row in found {
            assert_eq!((row.perpetrator, row.place), (a, PlaceId(1)));
            on_day[(row.day.0 - 4) as usize] += 1;
        }
    }
    let n: i32 = on_day.iter().sum();
    assert!((n - 300).abs() < 50, "{n} of 600, expected 300");
    assert!(on_day.iter().all(|&n| (n - 100).abs() < 40), "{on_day:?}, expected 100 each");
}

#[test]
fn a_war_from_before_the_first_day_and_one_out_of_contact_have_no_opening() {
    let before = World::build(neighbours(RelationKind::War));
    let mut apart = neighbours(RelationKind::Truce);
    let change = Change::Relation { a: GroupId(0), b: GroupId(1), kind: RelationKind::War };
    apart.timeline.push(dated(4, change));
    set(&mut apart, "campaigns.contact_km", 2.0);
    let apart = World::build(apart);
    for replicate in 0..40 {
        assert!(assaults(&run(&before, replicate)).is_empty());
        assert!(assaults(&run(&apart, replicate)).is_empty());
    }
}

#[test]
fn places_on_the_axis_are_attacked_at_their_factor_and_others_at_theirs() {
    // Equal but for their people: the first is worth three times the other.
    let places = vec![village(0, 0.0, 9_000, 0, 2), village(1, 9.0, 9_000, 1, 2), village(2, -9.0, 1_000, 1, 2)];
    let garrisons = [(0, 0, 60), (1, 1, 40), (1, 2, 40)];
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &garrisons, RelationKind::War);
    only(&mut setup, &[Mechanism::Operations]);
    setup.n_days = 1;
    setup.groups[1].offensive_tempo = 0.0;
    set(&mut setup, "operations.attacks_per_month", 2.0);
    let attacked = |is_on: bool| {
        let mut setup = setup.clone();
        setup.switches.set(Mechanism::Campaigns, is_on);
        let world = World::build(setup);
        let mut n = [0.0_f64; 3];
        for replicate in 0..8_000 {
            for row in assaults(&run(&world, replicate)) {
                n[row.place.idx()] += 1.0;
            }
        }
        n
    };
    let (off, on) = (attacked(false), attacked(true));
    assert!((off[1] / (off[1] + off[2]) - 0.5).abs() < 0.08, "{off:?}: even without an axis");
    assert!((on[1] / (on[1] + on[2]) - 3.0 / 3.5).abs() < 0.05, "{on:?}, expected 3 to 0.5");
    // A day's rate of 2/30, thinned: 3 times on the axis, and half as often elsewhere.
    assert!((on[1] / off[1] - 3.0).abs() < 0.7, "{on:?} against {off:?}");
}

#[test]
fn units_that_can_be_spared_mass_where_the_axis_is_in_reach() {
    let places = vec![village(0, 0.0, 9_000, 0, 2), village(1, 25.0, 4_000, 0, 2), village(2, 35.0, 9_000, 1, 2)];
    let garrisons = [(0, 0, 240), (0, 1, 30), (1, 2, 150)];
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &garrisons, RelationKind::War);
    only(&mut setup, &[Mechanism::Operations, Mechanism::Campaigns, Mechanism::Movement]);
    setup.n_days = 31;
    setup.groups[1].offensive_tempo = 0.0;
    set(&mut setup, "operations.attacks_per_month", 0.0);
    set(&mut setup, "movement.p_reinforce", 0.0);
    setup.timeline.push(dated(30, Change::Assault { group: GroupId(0), place: PlaceId(2) }));
    let n_attackers = |p_drift: f64| {
        let mut setup = setup.clone();
        set(&mut setup, "campaigns.p_drift", p_drift);
        let world = World::build(setup);
        (0..20).map(|replicate| assaults(&run(&world, replicate))[0].n_attackers).collect::<Vec<u32>>()
    };
    assert!(n_attackers(0.0).iter().all(|&n| n <= 30), "only who stands there");
    let massed = n_attackers(0.6);
    assert!(massed.iter().all(|&n| n > 150 && n <= 240), "{massed:?}: all but one unit of the base");
}
