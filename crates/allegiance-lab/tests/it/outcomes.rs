//! Outcome measures on records by hand and by the engine.

use crate::world::{ISIS, REBELS, incident, rich_records, setup, turn};
use allegiance_model::ids::{PersonId, PlaceId};
use allegiance_model::setup::Setup;
use allegiance_model::tables::{Allegiance, AllegianceKind, Cause, ControlShare, Day, Person, Records};
use allegiance_model::{Model, World};
use allegiance_record::ReplicateSummary;
use allegiance_record::outcomes::{EXIT_CLASSES, EXIT_MEASURES, Outcome, measure_outcomes, outcome_names};
use allegiance_record::summary::GroupOutcome;

const N_DAYS: u32 = 40;

fn values(names: &[&str], records: &Records, setup: &Setup) -> Vec<f64> {
    let outcomes: Vec<Outcome> =
        names.iter().map(|name| Outcome::parse(name, setup).expect("it is in the catalogue")).collect();
    measure_outcomes(&outcomes, records, setup, 0)
}

fn whole(names: &[&str], records: &Records, setup: &Setup) -> Vec<u32> {
    values(names, records, setup).into_iter().map(|value| value as u32).collect()
}

fn simulated(setup: &Setup) -> Records {
    let world = World::build(setup.clone());
    let mut model = Model::new(&world, 0);
    while !model.is_finished() {
        model.step();
    }
    model.into_records().expect("bounds hold")
}

/// Five attempts: a local man of 17 whose home was assaulted the day before, one of
/// 20 whose home is assaulted later and who is caught and executed, one of 40 whose
/// home has changed hands, and two foreigners.
#[test]
fn attempts_are_counted_by_what_came_of_them_and_by_who_made_them() {
    let setup = setup(12);
    let mut records = Records::default();
    let person = |number: u32, age: u32, home: Option<u32>| Person {
        person: PersonId(number),
        age,
        home: home.map(PlaceId),
        is_foreign: home.is_none(),
        ..rich_records(&setup, 0).persons.row(0)
    };
    for one in [
        person(1, 17, Some(1)),
        person(2, 20, Some(1)),
        person(3, 40, Some(0)),
        person(4, 30, None),
        person(5, 30, None),
    ] {
        records.persons.push(one);
    }
    records.incidents.push(incident(0, 4, 1, REBELS, Some(ISIS)));
    records.incidents.push(incident(1, 5, 2, ISIS, Some(REBELS)));
    records.incidents.push(incident(2, 6, 1, ISIS, Some(REBELS)));
    for (group, share) in [(ISIS, 0.1), (REBELS, 0.9)] {
        records.control.push(ControlShare { day: Day(3), place: PlaceId(0), group, share });
    }
    let mut turns = vec![
        turn(2, 2, AllegianceKind::Capture, Some(ISIS)),
        turn(2, 2, AllegianceKind::Execution, Some(ISIS)),
        turn(5, 3, AllegianceKind::Defection, Some(ISIS)),
        turn(7, 1, AllegianceKind::Desertion, Some(ISIS)),
        turn(8, 4, AllegianceKind::Departure, Some(ISIS)),
        turn(9, 5, AllegianceKind::Capture, Some(REBELS)),
    ];
    turns.iter_mut().filter(|row| row.day.0 >= 8).for_each(|row| row.is_foreign = true);
    for row in turns {
        records.allegiance.push(row);
    }
    let of = |names: &[&str]| whole(names, &records, &setup);
    assert_eq!(of(&["exit_attempts", "exits", "captures", "executed_leaving"]), [5, 3, 2, 1]);
    let group = ["exit_attempts", "exits", "captured", "executed_leaving"].map(|name| format!("groups.isis.{name}"));
    assert_eq!(of(&group.each_ref().map(String::as_str)), [4, 3, 1, 1]);
    assert_eq!(of(&["exits.under_18", "exits.age_18_24", "exits.age_25_34", "exits.age_35_up"]), [1, 0, 1, 1]);
    assert_eq!(of(&["executed_leaving.age_18_24", "captures.age_18_24", "exit_attempts.age_18_24"]), [1, 1, 1]);
    assert_eq!(of(&["exits.local", "exits.foreign", "groups.isis.captured.foreign"]), [2, 1, 0]);
    assert_eq!(of(&["exits.home_attacked", "exits.home_not_attacked", "captures.home_attacked"]), [1, 1, 0]);
    assert_eq!(of(&["groups.isis.exits.home_held_by_others"]), [1]);
}

#[test]
fn what_is_counted_by_class_adds_up_and_agrees_with_the_groups_table() {
    let setup = setup(N_DAYS);
    let records = simulated(&setup);
    let summary = ReplicateSummary::of(&records, &setup, &[]);
    let total = |value: fn(&GroupOutcome) -> u32| summary.groups.iter().map(value).sum::<u32>();
    let of = |names: &[&str]| whole(names, &records, &setup);
    let exits = total(|group| group.deserted + group.defected + group.departed);
    assert!(exits > 0, "nobody leaves");
    assert_eq!(of(&["exits", "captures"]), [exits, total(|group| group.captured)]);
    assert_eq!(of(&["executed_leaving"]), [total(|group| group.executed_by_own)]);
    for measure in EXIT_MEASURES {
        let count = |class: &str| of(&[&format!("{}.{class}", measure.name)])[0];
        let all = of(&[measure.name])[0];
        assert_eq!(count("local") + count("foreign"), all, "{}", measure.name);
        assert_eq!(
            count("under_18") + count("age_18_24") + count("age_25_34") + count("age_35_up"),
            all,
            "{}",
            measure.name
        );
        assert_eq!(count("home_attacked") + count("home_not_attacked"), count("local"), "{}", measure.name);
    }
    assert_eq!(of(&["exit_attempts"])[0], of(&["exits"])[0] + of(&["captures"])[0]);
}

#[test]
fn every_name_that_is_listed_is_an_outcome_and_no_other() {
    let setup = setup(12);
    let names = outcome_names(&setup);
    for name in &names {
        assert_eq!(&Outcome::parse(name, &setup).unwrap().name, name);
    }
    for class in EXIT_CLASSES {
        Outcome::parse(&format!("groups.isis.exit_attempts.{}", class.name), &setup).unwrap();
    }
    for wrong in ["exits.", "exits.tall", "groups.isis.captures", "captured", "groups.nobody.exits", "deaths.local", ""]
    {
        assert!(Outcome::parse(wrong, &setup).is_err(), "{wrong}");
    }
}

/// Every exit has one strongest factor, also that of a defector whom nobody takes in,
/// so the factors of a way out add up to those who took it by the table of groups.
#[test]
fn strongest_factors_add_up_to_the_exits_of_the_groups() {
    let mut setup = setup(N_DAYS);
    for (path, value) in [
        ("exits.desertion_per_month", 1.0),
        ("destination.host", 2.0),
        ("arrival.p_accept_stranger", 0.2),
        ("arrival.p_accept_voucher", 0.4),
    ] {
        setup.parameters.set(path, value).unwrap();
    }
    let records = simulated(&setup);
    let is_turned_away = |row: &Allegiance| row.outcome == Some(allegiance_model::tables::Outcome::TurnedAway);
    assert!(records.allegiance.rows().filter(is_turned_away).count() > 2);
    let summary = ReplicateSummary::of(&records, &setup, &[]);
    let of_groups = |value: fn(&GroupOutcome) -> u32| summary.groups.iter().map(value).sum::<u32>();
    assert_eq!(summary.n_of(AllegianceKind::Desertion), of_groups(|group| group.deserted));
    assert_eq!(summary.n_of(AllegianceKind::Defection), of_groups(|group| group.defected));
    assert_eq!(summary.n_of(AllegianceKind::Departure), of_groups(|group| group.departed));
    assert_eq!(summary.switches.iter().map(|switch| switch.n).sum::<u32>(), of_groups(|group| group.defected));
    let n_by_decision = |kind: &str| {
        let by = summary.causes.iter().filter(|tally| tally.kind == kind && !tally.by.is_empty());
        by.map(|tally| tally.n).sum::<u32>()
    };
    assert!(n_by_decision("desertion") > 300 && n_by_decision("defection") > 4, "{:?}", summary.causes);
}

/// Who is turned away by those he defects to has two rows of one attempt; the table of
/// groups counts him once, and so do the outcomes.
#[test]
fn who_is_turned_away_has_left_once() {
    let setup = setup(12);
    let mut records = Records::default();
    records.allegiance.push(turn(2, 1, AllegianceKind::Defection, Some(ISIS)));
    let mut arrival = turn(3, 1, AllegianceKind::Arrival, Some(ISIS));
    arrival.outcome = Some(allegiance_model::tables::Outcome::TurnedAway);
    records.allegiance.push(arrival);
    records.allegiance.push(turn(3, 1, AllegianceKind::Desertion, Some(ISIS)));
    let names = ["exit_attempts", "exits", "groups.isis.exits"];
    assert_eq!(whole(&names, &records, &setup), [1, 1, 1]);
    // Later he serves and leaves again.
    records.allegiance.push(turn(9, 1, AllegianceKind::Desertion, Some(ISIS)));
    assert_eq!(whole(&names, &records, &setup), [2, 2, 2]);
}

/// Two of four who left a group did because their unit did; the other group ends.
#[test]
fn who_left_with_his_unit_and_a_group_that_ended_are_counted() {
    let setup = setup(12);
    let mut records = rich_records(&setup, 0);
    let names =
        ["groups.isis.left_with_unit", "groups.isis.ended", "groups.rebels.left_with_unit", "groups.rebels.ended"];
    assert_eq!(whole(&names, &records, &setup), [0; 4]);
    let kinds = [AllegianceKind::Desertion, AllegianceKind::Defection, AllegianceKind::Desertion];
    for (number, kind) in (1..).zip(kinds) {
        let mut row = turn(3, number, kind, Some(ISIS));
        row.cause = (number < 3).then_some(Cause::WithUnit);
        records.allegiance.push(row);
    }
    let last = *records.groups.day.iter().max().unwrap();
    for at in 0..records.groups.day.len() {
        let is_end = records.groups.day[at] == last && records.groups.group[at] == REBELS;
        if is_end {
            records.groups.n_members[at] = 0;
        }
    }
    assert_eq!(whole(&names, &records, &setup), [2, 0, 0, 1]);
}
