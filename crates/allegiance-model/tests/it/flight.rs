//! Flight for a reason: closed forms of peace and of new rule, the sign of assaults, and the first day.

use crate::worlds::{group, only, run, setup, small_war, village};
use allegiance_model::World;
use allegiance_model::ids::{GroupId, KindId, PlaceId};
use allegiance_model::maths::exp;
use allegiance_model::setup::{Change, Mechanism, RelationKind, Setup, TimelineEntry};
use allegiance_model::tables::Records;

/// A town of 60,000 held by the first group, another group beside it, and nothing but flight.
fn town(n_days: u32) -> Setup {
    let places = vec![village(0, 0.0, 60_000, 0, 2), village(1, 40.0, 900, 1, 2)];
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &[(0, 1, 10), (1, 0, 10)], RelationKind::Truce);
    only(&mut setup, &[Mechanism::Displacement, Mechanism::Flight]);
    setup.parameters.set("control.relaxation_per_month", 0.0).unwrap();
    setup.n_days = n_days;
    setup
}

/// The town passes to the second group, of the same constituency or of another, before the first evening.
fn taken(n_days: u32, is_of_another: bool) -> Setup {
    let mut setup = town(n_days);
    if is_of_another {
        setup.groups[1].kind = KindId(0);
    }
    let change = Change::Control { place: PlaceId(0), group: GroupId(1), share: 1.0 };
    setup.timeline = vec![TimelineEntry { day: 0, change, place: None, note: String::new() }];
    setup
}

fn share_away(records: &Records, n_households: u32) -> f64 {
    let last = records.displacement.rows().filter(|row| row.place == PlaceId(0)).last();
    f64::from(last.map_or(0, |row| row.households_away)) / f64::from(n_households)
}

/// The share away at the end, with four standard errors of it.
fn away_at_end(setup: Setup) -> (f64, f64) {
    let world = World::build(setup);
    let n_households = world.kinship().n_households(PlaceId(0));
    let share = share_away(&run(&world, 0), n_households);
    (share, 4.0 * (share * (1.0 - share) / f64::from(n_households)).sqrt())
}

fn assert_near((share, error): (f64, f64), expected: f64) {
    assert!((share - expected).abs() < error, "{share} away, expected {expected}");
}

#[test]
fn peace_leaves_few_away() {
    let months = 12.0;
    let expected = 0.002 / 0.062 * (1.0 - exp(-0.062 * months));
    assert_near(away_at_end(town(360)), expected);
}

#[test]
fn a_quarter_flees_the_rule_of_others_in_eight_months() {
    assert_near(away_at_end(taken(240, true)), 1.0 - exp(-0.035 * 8.0));
}

#[test]
fn after_eight_months_those_who_fled_come_back() {
    let at_most = 1.0 - exp(-0.035 * 8.0);
    let in_peace = 0.002 / 0.062;
    let expected = in_peace + (at_most - in_peace) * exp(-0.062 * 6.0);
    assert_near(away_at_end(taken(420, true)), expected);
}

#[test]
fn a_place_that_changes_hands_within_a_constituency_is_at_peace() {
    assert_near(away_at_end(taken(240, false)), 0.002 / 0.062 * (1.0 - exp(-0.062 * 8.0)));
}

#[test]
fn liberation_ends_the_flight() {
    let mut setup = taken(120, true);
    let change = Change::Control { place: PlaceId(0), group: GroupId(0), share: 1.0 };
    setup.timeline.push(TimelineEntry { day: 30, change, place: None, note: String::new() });
    let in_peace = 0.002 / 0.062;
    let at_most = 1.0 - exp(-0.035);
    assert_near(away_at_end(setup), in_peace + (at_most - in_peace) * exp(-0.062 * 3.0));
}

#[test]
fn an_assault_makes_ten_times_as_many_flee_for_a_week() {
    let fled = |is_assaulted: bool| {
        let mut setup = town(7);
        setup.places[0].population = 600_000;
        setup.parameters.set("displacement.deaths_weight", 0.0).unwrap();
        setup.relations = small_war().relations;
        setup.garrisons[0].members = 1;
        setup.garrisons[1].members = 1;
        setup.groups[0].members = 1;
        setup.groups[1].members = 1;
        setup.places[1].longitude_deg = setup.places[0].longitude_deg + 0.03;
        // Each garrison stands in the place of the other.
        setup.garrisons[0].place = PlaceId(0);
        setup.garrisons[1].place = PlaceId(1);
        let change = Change::Assault { group: GroupId(1), place: PlaceId(0) };
        if is_assaulted {
            setup.timeline = vec![TimelineEntry { day: 0, change, place: None, note: String::new() }];
            setup.switches.set(Mechanism::Operations, true);
            setup.parameters.set("operations.attacks_per_month", 0.0).unwrap();
        }
        let records = run(&World::build(setup), 0);
        let rows = records.displacement.rows().filter(|row| row.place == PlaceId(0));
        f64::from(rows.map(|row| row.households_fled).sum::<u32>())
    };
    let (peace, assault) = (fled(false), fled(true));
    assert!((assault / peace - 10.0).abs() < 2.0, "{assault} after the assault, {peace} without");
}

#[test]
fn who_was_away_before_is_away_on_the_first_day() {
    let mut setup = town(30);
    setup.places[0].displaced_share = 0.3;
    let world = World::build(setup.clone());
    let n_households = world.kinship().n_households(PlaceId(0));
    let records = run(&world, 0);
    let first = records.displacement.row(0);
    let n_away = (0.3 * f64::from(n_households)).round() as u32;
    assert_eq!((first.day.0, first.place), (0, PlaceId(0)));
    assert_eq!(first.households_away, n_away + first.households_fled - first.households_returned);
    let in_peace = 0.002 / 0.062;
    assert_near((share_away(&records, n_households), 0.01), in_peace + (0.3 - in_peace) * exp(-0.062));
    // Without the mechanism the scenario's displaced are as if it said nothing of them.
    setup.switches.set(Mechanism::Flight, false);
    let off = run(&World::build(setup.clone()), 0);
    setup.places[0].displaced_share = 0.0;
    assert_eq!(off, run(&World::build(setup), 0));
}
