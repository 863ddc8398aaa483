//! What becomes of prisoners: the shares as set, who is recruited, and when the
//! gates open.

use crate::watches::one_assault;
use crate::worlds::{only, run};
use allegiance_model::World;
use allegiance_model::ids::{GroupId, PersonId};
use allegiance_model::setup::{Change, FieldValue, Mechanism, Policy, Setup, TimelineEntry};
use allegiance_model::tables::{Allegiance, AllegianceKind, Outcome, Records, Standing};
use std::collections::BTreeSet;

/// One assault in which the loser loses many prisoners, all of them spared, and
/// time for what becomes of them.
fn war(released: f64, exchanged: f64, recruited: f64) -> Setup {
    let mut setup = one_assault();
    only(&mut setup, &[Mechanism::Operations, Mechanism::Prisoners, Mechanism::Stigma]);
    setup.n_days = 200;
    for (path, value) in [
        ("combat.captured_share_loser", 0.5),
        ("combat.captured_share_cut_off", 0.5),
        ("arrival.arrest_per_month", 0.0),
        ("prisoners.release_days", 5.0),
        ("prisoners.exchange_days", 15.0),
        ("prisoners.recruitment_days", 10.0),
    ] {
        setup.parameters.set(path, value).unwrap();
    }
    for group in &mut setup.groups {
        group.prisoners_executed_share = 0.0;
        for (policy, value) in [
            (Policy::PrisonersReleased, released),
            (Policy::PrisonersExchanged, exchanged),
            (Policy::PrisonersRecruited, recruited),
        ] {
            assert!(group.set(policy.word(), FieldValue::Number(value)));
        }
    }
    setup
}

fn histories(setup: Setup) -> Vec<Records> {
    let world = World::build(setup);
    (0..60).map(|replicate| run(&world, replicate)).collect()
}

fn people_of(records: &Records, is_it: impl Fn(&Allegiance) -> bool) -> BTreeSet<PersonId> {
    records.allegiance.rows().filter(|row| is_it(row)).map(|row| row.person).collect()
}

/// Prisoners taken, let go home, back with their units, in the captor's service, and held at the end.
fn fates(all: &[Records]) -> [f64; 5] {
    let mut n = [0; 5];
    for records in all {
        let of = |kind: AllegianceKind| people_of(records, |row| row.kind == kind);
        let (freed, home) = (of(AllegianceKind::Release), of(AllegianceKind::Desertion));
        let held = records.persons.rows().filter(|person| person.standing == Standing::Prisoner).count();
        let taken = of(AllegianceKind::Imprisonment).len();
        let recruited = of(AllegianceKind::Defection);
        let exchanged = freed.iter().filter(|person| !home.contains(person) && !recruited.contains(person)).count();
        for (n, more) in n.iter_mut().zip([taken, home.len(), exchanged, recruited.len(), held]) {
            *n += more;
        }
    }
    n.map(|n| n as f64)
}

#[test]
fn prisoners_fare_as_the_shares_say() {
    let [taken, home, exchanged, recruited, held] = fates(&histories(war(0.2, 0.3, 0.4)));
    assert!(taken > 1_500.0, "{taken}");
    for (what, n, expected) in [
        ("go home", home, 0.2),
        ("are exchanged", exchanged, 0.3),
        ("are recruited", recruited, 0.4),
        ("stay", held, 0.1),
    ] {
        assert!((n / taken - expected).abs() < 0.04, "{} of {taken} {what}, expected {expected}", n / taken);
    }
}

#[test]
fn shares_of_more_than_one_are_scaled() {
    let [taken, home, exchanged, recruited, held] = fates(&histories(war(1.0, 1.0, 0.0)));
    assert!((home / taken - 0.5).abs() < 0.04 && (exchanged / taken - 0.5).abs() < 0.04, "{home} {exchanged} {taken}");
    assert!(recruited < 0.5 && held < 0.5, "{recruited} recruited, {held} held");
}

#[test]
fn who_is_recruited_serves_the_captor_under_watch() {
    let mut n_recruited = 0;
    for records in histories(war(0.0, 0.0, 1.0)) {
        for row in records.allegiance.rows().filter(|row| row.kind == AllegianceKind::Arrival) {
            n_recruited += 1;
            assert_eq!(row.outcome, Some(Outcome::Watched));
            assert!(row.suspicion.is_some_and(|suspicion| suspicion > 0.3));
            let service = records.persons.rows().find(|person| person.person == row.person);
            assert_eq!(service.and_then(|person| person.group), row.to_group);
        }
    }
    assert!(n_recruited > 1_500, "{n_recruited}");
}

#[test]
fn the_farther_the_causes_the_fewer_are_recruited() {
    let recruited = |is_far: bool| {
        let mut setup = war(0.0, 0.0, 0.8);
        if is_far {
            setup.groups[0].cause.fill(1.0);
            setup.groups[1].cause.fill(5.0);
        }
        let [taken, .., recruited, _] = fates(&histories(setup));
        recruited / taken
    };
    let (near, far) = (recruited(false), recruited(true));
    assert!((near - 0.8).abs() < 0.04, "{near} of the same cause");
    assert!(far < 0.2 && far > 0.0, "{far} of another");
}

#[test]
fn the_prisons_of_a_group_that_is_gone_open() {
    let mut setup = war(0.0, 0.0, 0.0);
    for group in [0, 1] {
        let mut gone = setup.clone();
        let change = Change::Dissolve { group: GroupId(group) };
        gone.timeline.push(TimelineEntry { day: 100, change, place: None, note: String::new() });
        for records in histories(gone) {
            let rows: Vec<Allegiance> = records.allegiance.rows().collect();
            let freed: Vec<&Allegiance> = rows.iter().filter(|row| row.kind == AllegianceKind::Release).collect();
            let of_captor = |row: &Allegiance| row.to_group == Some(GroupId(group));
            assert!(freed.iter().all(|row| of_captor(row) && row.day.0 == 100));
            let taken = rows.iter().filter(|row| row.kind == AllegianceKind::Imprisonment && of_captor(row));
            assert_eq!(freed.len(), taken.count());
        }
    }
    setup.timeline.truncate(1);
    let [taken, home, exchanged, recruited, held] = fates(&histories(setup));
    assert!((home + exchanged + recruited).abs() < 0.5 && (held - taken).abs() < 0.5, "{held} of {taken} held");
}
