//! The determinism contract and common random numbers: a run is a function of
//! its setup, seed and replicate, and a change shows only downstream of it.

use crate::common::only_besides_common;
use crate::worlds::{group, random_setup, run, run_setup, setup, small_war, village};
use allegiance_model::ids::{GroupId, PersonId, PlaceId};
use allegiance_model::setup::{Change, Mechanism, Policy, RelationKind, Setup, TimelineEntry};
use allegiance_model::tables::{Allegiance, AllegianceKind, IncidentKind, Records};
use allegiance_model::{Model, World};

/// Whether all rows of two runs before a day are the same, in every table.
fn same_before(a: &Records, b: &Records, day: u32) -> bool {
    macro_rules! same {
        ($($table:ident),*) => {
            true $(&& {
                let before = |records: &Records| records.$table.rows().take_while(|row| row.day.0 < day).collect::<Vec<_>>();
                before(a) == before(b)
            })*
        };
    }
    same!(incidents, allegiance, exposures, groups, control, displacement, beliefs)
}

fn first_day(records: &Records, is_it: impl Fn(&Allegiance) -> bool) -> u32 {
    records.allegiance.rows().find(|row| is_it(row)).expect("it happens").day.0
}

#[test]
fn the_same_seed_and_replicate_give_the_same_records() {
    for number in 0..12 {
        let world = World::build(random_setup(number));
        let first = run(&world, 0);
        assert_eq!(first, run(&world, 0), "world {number}, reused");
        assert_eq!(first, run_setup(random_setup(number), 0), "world {number}, built again");
        let mut model = Model::new(&world, 0);
        while model.day() < world.setup.n_days / 2 {
            model.step();
        }
        let mut copy = model.clone();
        while !copy.is_finished() {
            copy.step();
        }
        assert_eq!(first, copy.into_records().unwrap(), "world {number}, from a copy in mid-run");
    }
}

#[test]
fn replicates_share_the_population_and_differ_in_history() {
    let world = World::build(small_war());
    let (a, b) = (run(&world, 0), run(&world, 1));
    assert_ne!(a.allegiance, b.allegiance);
    let first_members = |records: &Records| {
        records.persons.rows().take(690).map(|person| (person.person, person.age)).collect::<Vec<_>>()
    };
    assert_eq!(first_members(&a), first_members(&b));
}

#[test]
fn switching_off_what_never_acts_changes_nothing() {
    let base = run_setup(small_war(), 0);
    let mut without_strikes = small_war();
    without_strikes.switches.set(Mechanism::Strikes, false);
    assert_eq!(base, run_setup(without_strikes, 0));
    let mut short = small_war();
    short.n_days = 29;
    let with_reviews = run_setup(short.clone(), 0);
    short.switches.set(Mechanism::Infighting, false);
    assert_eq!(with_reviews, run_setup(short, 0));
}

/// The first replicate in which an event happens, but not in the first days.
fn replicate_with_late(setup: &Setup, kind: AllegianceKind) -> (u32, Records, u32) {
    let world = World::build(setup.clone());
    let found = (0..40).find_map(|replicate| {
        let records = run(&world, replicate);
        let day = first_day(&records, |row| row.kind == kind);
        (day >= 3).then_some((replicate, records, day))
    });
    found.expect("one of the replicates has it late")
}

#[test]
fn a_mechanism_switched_off_shows_from_its_first_event_on() {
    let cases = [
        (Mechanism::Voice, AllegianceKind::Voice),
        (Mechanism::Deterrence, AllegianceKind::Capture),
        (Mechanism::Stigma, AllegianceKind::Arrival),
        (Mechanism::Reprisal, AllegianceKind::Reprisal),
    ];
    for (mechanism, first_event) in cases {
        let mut setup = small_war();
        only_besides_common(&mut setup, &[]);
        // Without the mechanism of deterrence there's no fear from the first
        // day on; here only capture is to differ.
        setup.parameters.set("exits.fear_weight", 0.0).unwrap();
        setup.parameters.set("exits.kin_fear_weight", 0.0).unwrap();
        setup.parameters.set("exits.defection_per_month", 0.02).unwrap();
        setup.parameters.set("reprisal.kin_per_month", 0.0).unwrap();
        let (replicate, base, day) = replicate_with_late(&setup, first_event);
        setup.switches.set(mechanism, false);
        let without = run_setup(setup, replicate);
        assert!(same_before(&base, &without, day), "{} before day {day}", mechanism.word());
        assert_ne!(base, without, "{}", mechanism.word());
    }
}

#[test]
fn a_parameter_shows_from_the_first_event_that_reads_it() {
    let base = run_setup(small_war(), 5);
    let assault = base.incidents.rows().find(|row| row.kind == IncidentKind::Assault).unwrap().day.0;
    let wound = first_day(&base, |row| row.kind == AllegianceKind::Wound);
    let arrival = first_day(&base, |row| row.kind == AllegianceKind::Arrival);
    let capture = first_day(&base, |row| row.kind == AllegianceKind::Capture);
    for (path, value, day) in [
        ("combat.killed_share_loser", 0.02, assault),
        ("combat.recovery_days", 20.0, wound),
        ("arrival.p_accept_voucher", 0.1, arrival),
        ("deterrence.p_execute_local", 0.0, capture),
    ] {
        let mut setup = small_war();
        setup.parameters.set(path, value).unwrap();
        assert!(same_before(&base, &run_setup(setup, 5), day), "{path} before day {day}");
    }
}

#[test]
fn a_dated_change_shows_from_its_day_on() {
    let base = run_setup(small_war(), 7);
    let changes = [
        Change::Relation { a: GroupId(0), b: GroupId(1), kind: RelationKind::Truce },
        Change::Assault { group: GroupId(0), place: PlaceId(3) },
        Change::Pay { group: GroupId(0), usd_per_month: 0.0 },
        Change::Strikes { group: GroupId(1), per_month: 300.0 },
        Change::Policy { policy: Policy::PrisonersExecuted, group: GroupId(0), value: 1.0 },
        Change::Dissolve { group: GroupId(1) },
    ];
    for change in changes {
        let mut setup = small_war();
        setup.timeline = vec![TimelineEntry { day: 30, change: change.clone(), place: None, note: String::new() }];
        let changed = run_setup(setup, 7);
        assert!(same_before(&base, &changed, 30), "{change:?}");
        assert_ne!(base, changed, "{change:?}");
    }
    let mut setup = small_war();
    setup.timeline = vec![TimelineEntry { day: 30, change: Change::Happening, place: None, note: String::new() }];
    assert_eq!(base, run_setup(setup, 7));
}

/// Two wars of different groups, too far apart for anyone to hear of the
/// other: what's done in the second must not move a man in the first.
fn two_wars() -> Setup {
    let mut places: Vec<_> = (0..3).map(|nth| village(nth, 6.0 * nth as f64, 3_000, nth % 2, 4)).collect();
    places.extend((3..6).map(|nth| village(nth, 300.0 + 6.0 * nth as f64, 3_000, 2 + nth % 2, 4)));
    let garrisons = [(0, 0, 120), (0, 2, 120), (1, 1, 150), (2, 4, 120), (3, 3, 120), (3, 5, 120)];
    let mut setup = setup(places, (0..4).map(|nth| group(nth, 0)).collect(), &garrisons, RelationKind::Truce);
    for (a, b) in [(0, 1), (2, 3)] {
        setup.relations[a * 4 + b] = RelationKind::War;
        setup.relations[b * 4 + a] = RelationKind::War;
    }
    setup.n_days = 40;
    setup.switches.set(Mechanism::Infighting, false);
    setup.parameters.set("operations.attacks_per_month", 1.5).unwrap();
    setup
}

#[test]
fn a_distant_war_moves_nobody_here() {
    let base = run_setup(two_wars(), 0);
    let mut busier = two_wars();
    busier.timeline = (2..12)
        .map(|day| TimelineEntry {
            day,
            change: Change::Assault { group: GroupId(2), place: PlaceId(3) },
            place: None,
            note: String::new(),
        })
        .collect();
    let changed = run_setup(busier, 0);
    let here = |records: &Records| -> Vec<(u32, PersonId, AllegianceKind)> {
        let rows = records.allegiance.rows().filter(|row| row.place.idx() < 3);
        rows.map(|row| (row.day.0, row.person, row.kind)).collect()
    };
    let there = |records: &Records| records.incidents.rows().filter(|row| row.place.idx() >= 3).count();
    assert_ne!(there(&base), there(&changed));
    assert!(here(&base).len() > 50);
    assert_eq!(here(&base), here(&changed));
}
