//! Sieges: closed forms of what a cut-off town suffers, and signs of what it is spared.

use crate::worlds::{group, only, run, setup, village};
use allegiance_model::World;
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::maths::powf;
use allegiance_model::setup::{Change, Mechanism, RelationKind, Setup, TimelineEntry};
use allegiance_model::tables::{IncidentKind, Records};

fn set(setup: &mut Setup, path: &str, value: f64) {
    setup.parameters.set(path, value).unwrap();
}

/// A town some km from the main body of its group, with enemies beside it.
fn town(people: u32, km_to_main_body: f64) -> Setup {
    let places =
        vec![village(0, 0.0, people, 0, 2), village(1, km_to_main_body, 9_000, 0, 2), village(2, -6.0, 12_000, 1, 2)];
    let garrisons = [(0, 0, 300), (0, 1, 900), (1, 2, 900)];
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &garrisons, RelationKind::War);
    only(&mut setup, &[Mechanism::Operations, Mechanism::Sieges]);
    setup.n_days = 57;
    setup.groups[0].offensive_tempo = 0.0;
    set(&mut setup, "operations.attacks_per_month", 0.0);
    setup
}

/// Incidents of a kind by the enemy in the town, with their dead civilians.
fn in_town(records: &Records, kind: IncidentKind) -> (f64, f64) {
    let rows = records.incidents.rows().filter(|row| row.kind == kind && row.place == PlaceId(0));
    rows.filter(|row| row.perpetrator == GroupId(1))
        .fold((0.0, 0.0), |(n, dead), row| (n + 1.0, dead + f64::from(row.dead_civilians)))
}

/// The mean over 60 replicates of incidents and dead civilians.
fn mean(setup: &Setup, kind: IncidentKind) -> (f64, f64) {
    let world = World::build(setup.clone());
    let all: Vec<(f64, f64)> = (0..60).map(|replicate| in_town(&run(&world, replicate), kind)).collect();
    let sum = |pick: fn(&(f64, f64)) -> f64| all.iter().map(pick).sum::<f64>() / all.len() as f64;
    (sum(|pair| pair.0), sum(|pair| pair.1))
}

#[test]
fn a_cut_off_town_starves_at_the_stated_rate_and_no_other_does() {
    let mut cut_off = town(25_000, 30.0);
    set(&mut cut_off, "sieges.truce_per_month", 0.0);
    set(&mut cut_off, "sieges.hunger_per_1000", 2.0);
    // Looked at on days 0, 7, ... 56: hunger in the eight weeks after the first look.
    let expected = 2.0 * 25.0 * 8.0 * 7.0 / 30.0;
    let (weeks, dead) = mean(&cut_off, IncidentKind::Repression);
    assert!((dead - expected).abs() < 5.0, "{dead} dead, expected {expected:.1}");
    assert!(weeks > 7.5 && weeks <= 8.0, "{weeks} weeks");
    let mut linked = town(25_000, 10.0);
    set(&mut linked, "sieges.hunger_per_1000", 2.0);
    assert!(mean(&linked, IncidentKind::Repression).1 < 1e-9, "it is linked to the main body");
    let mut small = town(19_000, 30.0);
    set(&mut small, "sieges.hunger_per_1000", 2.0);
    assert!(mean(&small, IncidentKind::Repression).1 < 1e-9, "it is no town");
}

#[test]
fn a_truce_ends_hunger_and_assaults() {
    let dead = |truce_per_month: f64| {
        let mut setup = town(25_000, 30.0);
        set(&mut setup, "sieges.truce_per_month", truce_per_month);
        mean(&setup, IncidentKind::Repression).1
    };
    // At .3 a month the town is still without one after n weeks with .7^(7n/30).
    let (never, sometimes) = (dead(0.0), dead(0.3));
    let share: f64 = (1..=8).map(|week| powf(0.7, f64::from(week) * 7.0 / 30.0)).sum::<f64>() / 8.0;
    assert!((sometimes / never - share).abs() < 0.1, "{sometimes} of {never}, expected {share:.2}");
}

#[test]
fn a_besieged_town_is_stormed_less_often_and_holds_more_often() {
    let mut setup = town(25_000, 30.0);
    set(&mut setup, "sieges.truce_per_month", 0.0);
    setup.n_days = 6;
    set(&mut setup, "operations.attacks_per_month", 1.0);
    set(&mut setup, "operations.reach_km", 20.0);
    let stormed = |factor: f64| {
        let mut setup = setup.clone();
        set(&mut setup, "sieges.assaults", factor);
        let world = World::build(setup);
        let is_stormed = |replicate| in_town(&run(&world, replicate), IncidentKind::Assault).0 > 0.0;
        (0..200).filter(|&replicate| is_stormed(replicate)).count()
    };
    let (often, seldom) = (stormed(1.0), stormed(0.05));
    assert!(often > 60 && seldom * 4 < often, "{seldom} of 200 stormed, {often} at the usual rate");
    let p_win = |is_on: bool| {
        let mut setup = town(25_000, 30.0);
        setup.switches.set(Mechanism::Sieges, is_on);
        let change = Change::Assault { group: GroupId(1), place: PlaceId(0) };
        setup.timeline.push(TimelineEntry { day: 1, change, place: None, note: String::new() });
        let records = run(&World::build(setup), 0);
        let row = records.incidents.rows().find(|row| row.kind == IncidentKind::Assault).expect("it was ordered");
        let p = row.p_attackers_win.expect("of an assault");
        p / (1.0 - p)
    };
    // Odds are (A / D d)^1.5.
    let ratio: f64 = p_win(false) / p_win(true);
    assert!((ratio - powf(6.0 / 2.5, 1.5)).abs() < 1e-6, "{ratio}");
}
