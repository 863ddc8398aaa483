//! What newcomers tell of the unit that they left.

use crate::watches::one_assault;
use crate::worlds::{only, run};
use allegiance_model::World;
use allegiance_model::setup::{ForeignShare, Mechanism};
use allegiance_model::tables::IncidentKind;

/// How often a place is held, of 200 times, by defenders to whom many come over
/// while it is attacked.
fn n_held(weight: f64, are_told: bool) -> u32 {
    let mut setup = one_assault();
    only(&mut setup, &[Mechanism::Operations, Mechanism::Exits, Mechanism::Watches]);
    setup.switches.set(Mechanism::Information, are_told);
    // Foreign defenders, who go over to nobody: else both sides know each other.
    let all = 1.0;
    setup.groups[1].foreign_share =
        ForeignShare { rank_and_file: all, unit_commander: all, field_commander: all, leadership: all };
    for (name, value) in [
        ("exits.foreign_defection", 0.01),
        ("information.weight", weight),
        ("exits.defection_per_month", 2.0),
        ("exits.home_held_defection", 1.0),
        ("arrival.p_accept_stranger", 1.0),
    ] {
        setup.parameters.set(name, value).unwrap();
    }
    let world = World::build(setup);
    let is_held = |replicate| {
        let records = run(&world, replicate);
        let assault = records.incidents.rows().find(|row| row.kind == IncidentKind::Assault).expect("it was ordered");
        u32::from(!assault.attackers_won)
    };
    (0..200).map(is_held).sum()
}

#[test]
fn a_host_that_is_told_of_a_unit_holds_against_it_more_often() {
    let untold = n_held(0.8, false);
    let (without, with) = (n_held(0.0, true), n_held(0.8, true));
    assert_eq!(untold, without, "a weight of 0 is as if nothing were told");
    assert!(with >= without + 15, "{without} of 200 held without, {with} with");
}
