//! Forced entry: the closed form of its rate, and the published ratio.

use crate::worlds::{group, only, run, setup, village};
use allegiance_model::World;
use allegiance_model::maths::{exp, ln};
use allegiance_model::setup::{ExitTheory, ForeignShare, Mechanism, RelationKind, Setup};

/// Nobody but by his own hazard leaves a garrison of 6,000 men.
fn garrison(forced_share: f64, exit: ExitTheory) -> Setup {
    let mut setup =
        setup(vec![village(0, 0.0, 60_000, 0, 1)], vec![group(0, 0)], &[(0, 0, 6_000)], RelationKind::Truce);
    only(&mut setup, &[Mechanism::Exits, Mechanism::Entry]);
    setup.theory.exit = exit;
    setup.groups[0].forced_share = forced_share;
    setup.n_days = 30;
    setup.parameters.set("exits.desertion_per_month", 0.05).unwrap();
    setup
}

fn share_left(setup: Setup) -> f64 {
    let records = run(&World::build(setup), 0);
    records.allegiance.rows().filter(|row| row.hazard_defection.is_some()).count() as f64 / 6_000.0
}

#[test]
fn forced_men_leave_at_the_stated_ratio() {
    let expected = |ratio: f64| 1.0 - exp(-0.053 * ratio);
    for (forced, ratio) in [(0.0, 1.0), (1.0, 2.5)] {
        let found = share_left(garrison(forced, ExitTheory::Constant));
        assert!((found - expected(ratio)).abs() < 0.012, "{forced}: {found}, expected {}", expected(ratio));
    }
    let half = share_left(garrison(0.5, ExitTheory::Constant));
    assert!((half - 0.5 * (expected(1.0) + expected(2.5))).abs() < 0.012, "{half}");
}

/// Sierra Leone: 56% of the abducted tried to leave, 20% of the others.
#[test]
fn with_their_low_conviction_it_is_the_published_ratio() {
    let hazard = |forced| -ln(1.0 - share_left(garrison(forced, ExitTheory::Conviction)));
    let ratio = hazard(1.0) / hazard(0.0);
    assert!((ratio - 3.7).abs() < 0.7, "{ratio}");
}

#[test]
fn foreigners_come_of_their_own_will_and_nobody_is_forced_where_it_does_not_run() {
    let foreign = |forced| {
        let mut setup = garrison(forced, ExitTheory::Constant);
        setup.groups[0].foreign_share =
            ForeignShare { rank_and_file: 1.0, unit_commander: 1.0, field_commander: 1.0, leadership: 1.0 };
        setup
    };
    assert_eq!(run(&World::build(foreign(1.0)), 0), run(&World::build(foreign(0.0)), 0));
    let off = |forced| {
        let mut setup = garrison(forced, ExitTheory::Full);
        setup.switches.set(Mechanism::Entry, false);
        setup
    };
    assert_eq!(run(&World::build(off(1.0)), 0), run(&World::build(off(0.0)), 0));
}
