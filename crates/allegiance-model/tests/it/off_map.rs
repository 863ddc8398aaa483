//! What comes from off the map: closed forms of inflow and of pay, the sign of arms, and a pool that empties.

use crate::worlds::{group, only, run, run_setup, setup, village};
use allegiance_model::World;
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::maths::exp;
use allegiance_model::setup::{Change, ForeignShare, Mechanism, RelationKind, Setup, TimelineEntry};
use allegiance_model::tables::{AllegianceKind, IncidentKind, Rank, Records};

const FIRST: GroupId = GroupId(0);

fn date(setup: &mut Setup, day: u32, change: Change) {
    setup.timeline.push(TimelineEntry { day, change, place: None, note: String::new() });
    setup.timeline.sort_by_key(|entry| entry.day);
}

/// Two garrisons at truce in two villages.
fn quiet(n_days: u32) -> Setup {
    let places = vec![village(0, 0.0, 40_000, 0, 2), village(1, 30.0, 9_000, 1, 2)];
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &[(0, 0, 100), (1, 1, 100)], RelationKind::Truce);
    only(&mut setup, &[]);
    setup.n_days = n_days;
    setup
}

fn members_at_end(records: &Records, group: GroupId) -> (u32, u32) {
    let last = records.groups.rows().filter(|row| row.group == group).last().unwrap();
    (last.n_members, last.n_foreign)
}

#[test]
fn so_many_come_from_outside_as_the_timeline_says() {
    let mut setup = quiet(300);
    let inflow = |rank, is_foreign, per_month| Change::Inflow { group: FIRST, rank, is_foreign, per_month };
    date(&mut setup, 0, inflow(Rank::RankAndFile, true, 40.0));
    date(&mut setup, 0, inflow(Rank::UnitCommander, false, 10.0));
    // From the fifth month on nobody foreign comes.
    date(&mut setup, 150, inflow(Rank::RankAndFile, true, 0.0));
    let records = run_setup(setup, 0);
    let (n_members, n_foreign) = members_at_end(&records, FIRST);
    let near = |n: u32, mean: f64| (f64::from(n) - mean).abs() < 4.0 * mean.sqrt();
    assert!(near(n_foreign, 40.0 * 5.0), "{n_foreign} foreign");
    assert!(near(n_members - 100 - n_foreign, 10.0 * 10.0), "{n_members} members");
    let joins: Vec<_> = records.allegiance.rows().filter(|row| row.kind == AllegianceKind::Join).collect();
    assert_eq!(joins.len() as u32, n_members - 100);
    assert!(joins.iter().all(|row| row.to_group == Some(FIRST) && row.day.0 < 150 || !row.is_foreign));
    let homes = records.persons.rows().filter(|person| person.home.is_none());
    assert_eq!(homes.count(), joins.len(), "they have no home in the scenario");
    assert_eq!(members_at_end(&records, GroupId(1)), (100, 0));
}

#[test]
fn nobody_comes_to_a_group_without_a_unit() {
    let mut setup = quiet(60);
    date(&mut setup, 0, Change::Dissolve { group: FIRST });
    let change = Change::Inflow { group: FIRST, rank: Rank::RankAndFile, is_foreign: true, per_month: 90.0 };
    date(&mut setup, 0, change);
    assert_eq!(members_at_end(&run_setup(setup, 0), FIRST), (0, 0));
}

#[test]
fn arms_win_assaults() {
    let n_won = |discipline: f64| {
        let mut setup = quiet(1);
        setup.relations = setup.relations.iter().map(|_| RelationKind::War).collect();
        setup.places[1].longitude_deg = setup.places[0].longitude_deg + 0.03;
        only(&mut setup, &[Mechanism::Operations]);
        setup.parameters.set("operations.attacks_per_month", 0.0).unwrap();
        date(&mut setup, 0, Change::Arms { group: FIRST, discipline });
        date(&mut setup, 0, Change::Assault { group: FIRST, place: PlaceId(1) });
        let world = World::build(setup);
        let won = |replicate| {
            let records = run(&world, replicate);
            let row = records.incidents.rows().find(|row| row.kind == IncidentKind::Assault).unwrap();
            u32::from(row.attackers_won)
        };
        (0..200).map(won).sum::<u32>()
    };
    let (poor, well) = (n_won(0.5), n_won(4.0));
    assert!(well > poor + 60, "{poor} of 200 poorly armed, {well} well armed");
}

/// Pay alone moves exits: the share of pay that revenue covers is that of the log-hazard.
#[test]
fn pay_falls_to_what_revenue_covers() {
    let n_left = |usd_per_place: Option<f64>| {
        let mut setup = quiet(90);
        setup.garrisons[0].members = 4_000;
        setup.groups[0].members = 4_000;
        only(&mut setup, &[Mechanism::Exits]);
        setup.theory.exit = allegiance_model::setup::ExitTheory::Material;
        if let Some(usd_per_place_per_month) = usd_per_place {
            date(&mut setup, 0, Change::Revenue { group: FIRST, usd_per_place_per_month });
        }
        let records = run_setup(setup, 0);
        records.allegiance.rows().filter(|row| row.kind.is_exit() && row.group == Some(FIRST)).count() as f64
    };
    let full = n_left(None);
    // 4,000 members at 100 dollars: the one place covers all of it, or less and less than a tenth.
    assert_eq!(n_left(Some(1e6)).to_bits(), full.to_bits(), "more than the bill changes nothing");
    let half = n_left(Some(200_000.0));
    let none = n_left(Some(0.0));
    // Half the pay raises the log-hazard by 1.4 ln 2 at the mean motive, a factor of 2.6; it is more for
    // some, and those who have left don't leave again.
    let ratio = half / full;
    assert!(ratio > 1.7 && ratio < 4.5, "{full} leave with full pay, {half} with half of it");
    assert!(none > half * 1.5, "{none} leave without pay");
}

#[test]
fn revenue_pays_the_foreign_at_their_rate() {
    let mut setup = quiet(40);
    let all = 1.0;
    setup.groups[0].foreign_share =
        ForeignShare { rank_and_file: all, unit_commander: all, field_commander: all, leadership: all };
    setup.garrisons[0].members = 3_000;
    setup.groups[0].members = 3_000;
    only(&mut setup, &[Mechanism::Exits]);
    setup.theory.exit = allegiance_model::setup::ExitTheory::Material;
    let records = |usd_per_place_per_month: Option<f64>| {
        let mut setup = setup.clone();
        if let Some(usd_per_place_per_month) = usd_per_place_per_month {
            date(&mut setup, 0, Change::Revenue { group: FIRST, usd_per_place_per_month });
        }
        run_setup(setup, 0)
    };
    // 3,000 foreign members at 200 dollars.
    let full = records(None);
    assert_eq!(full, records(Some(600_000.0)));
    assert_ne!(full, records(Some(500_000.0)));
}

#[test]
fn the_pool_of_conscripts_empties() {
    let joined = |men: Option<u32>| {
        let mut setup = quiet(300);
        only(&mut setup, &[Mechanism::Joining]);
        for weight in ["ties_weight", "momentum_weight", "support_weight"] {
            setup.parameters.set(&format!("joining.{weight}"), 0.0).unwrap();
        }
        setup.parameters.set("joining.per_month", 0.0005).unwrap();
        setup.groups[1].recruits = false;
        if let Some(men) = men {
            date(&mut setup, 0, Change::Conscripts { group: FIRST, men });
        }
        let records = run_setup(setup, 0);
        f64::from(records.groups.rows().filter(|row| row.group == FIRST).last().unwrap().joined)
    };
    let free = joined(None);
    assert!(free > 60.0, "{free} join where nothing limits them");
    assert_eq!(joined(Some(0)).to_bits(), 0.0_f64.to_bits());
    // With n men and a hazard in proportion to those left: n (1 - exp(-free / n)).
    for men in [20.0_f64, 60.0, 200.0] {
        let expected = men * (1.0 - exp(-free / men));
        let found = joined(Some(men as u32));
        assert!((found - expected).abs() < 4.0 * expected.sqrt(), "{found} of {men} men, expected {expected}");
        assert!(found <= men);
    }
}

#[test]
fn a_scaled_war_has_its_share_of_what_comes_from_off_the_map() {
    let mut setup = quiet(30);
    let inflow = Change::Inflow { group: FIRST, rank: Rank::RankAndFile, is_foreign: true, per_month: 40.0 };
    date(&mut setup, 0, inflow);
    date(&mut setup, 0, Change::Revenue { group: FIRST, usd_per_place_per_month: 500.0 });
    date(&mut setup, 0, Change::Conscripts { group: FIRST, men: 105 });
    date(&mut setup, 0, Change::Arms { group: FIRST, discipline: 2.0 });
    let scaled = setup.at_scale(std::num::NonZeroU32::new(10).unwrap());
    let of = |at: usize| scaled.timeline[at].change.clone();
    assert_eq!(of(0), Change::Inflow { group: FIRST, rank: Rank::RankAndFile, is_foreign: true, per_month: 4.0 });
    assert_eq!(of(1), Change::Revenue { group: FIRST, usd_per_place_per_month: 50.0 });
    assert_eq!(of(2), Change::Conscripts { group: FIRST, men: 11 });
    assert_eq!(of(3), Change::Arms { group: FIRST, discipline: 2.0 });
}

/// A shock on the expectation of victory moves those who leave and those who join, and nothing where
/// nobody expects anything.
#[test]
fn a_shock_moves_leavers_and_joiners() {
    let moved = |log_odds: f64, is_on: bool| {
        let mut setup = quiet(120);
        setup.garrisons[0].members = 2_000;
        setup.groups[0].members = 2_000;
        only(&mut setup, &[Mechanism::Exits, Mechanism::Joining]);
        setup.switches.set(Mechanism::Expectation, is_on);
        setup.theory.exit = allegiance_model::setup::ExitTheory::Material;
        setup.parameters.set("joining.per_month", 0.001).unwrap();
        date(&mut setup, 14, Change::Shock { group: FIRST, log_odds });
        let records = run_setup(setup, 0);
        let n = |is_it: &dyn Fn(AllegianceKind) -> bool| {
            let rows = records.allegiance.rows().filter(|row| row.day.0 >= 21 && is_it(row.kind));
            rows.filter(|row| row.group == Some(FIRST) || row.to_group == Some(FIRST)).count() as f64
        };
        (n(&|kind| kind.is_exit()), n(&|kind| kind == AllegianceKind::Join))
    };
    let (defeat, victory) = (moved(-2.0, true), moved(2.0, true));
    assert!(defeat.0 > 1.3 * victory.0, "{} leave in defeat, {} in victory", defeat.0, victory.0);
    assert!(victory.1 > 2.0 * defeat.1, "{} join in victory, {} in defeat", victory.1, defeat.1);
    assert_eq!(moved(-2.0, false), moved(2.0, false), "where nobody expects anything");
}
