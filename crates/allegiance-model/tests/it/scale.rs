//! Setups at 1:k of their people.

use std::num::NonZeroU32;

use allegiance_model::World;
use allegiance_model::setup::{Mechanism, Setup};
use allegiance_model::tables::IncidentKind;

use crate::worlds::{only, random_setup, run, run_setup, small_war};

fn at(setup: &Setup, scale: u32) -> Setup {
    setup.at_scale(NonZeroU32::new(scale).unwrap())
}

fn members_of(setup: &Setup, group_idx: usize) -> u32 {
    setup.garrisons.iter().filter(|garrison| garrison.group.idx() == group_idx).map(|garrison| garrison.members).sum()
}

#[test]
fn a_scale_of_one_changes_nothing() {
    for number in 0..30 {
        let setup = random_setup(number);
        assert_eq!(at(&setup, 1), setup, "world {number}");
    }
}

#[test]
fn a_tenth_of_the_people_is_left_and_all_else_is_kept() {
    let full = small_war();
    let scaled = at(&full, 10);
    let people: Vec<u32> = scaled.places.iter().map(|place| place.population).collect();
    assert_eq!(people, [400, 150, 90, 600, 220]);
    let members: Vec<u32> = scaled.garrisons.iter().map(|garrison| garrison.members).collect();
    assert_eq!(members, [15, 9, 12, 13, 20]);
    assert_eq!(scaled.groups.iter().map(|group| group.members).collect::<Vec<_>>(), [36, 33]);
    let mut restored = scaled;
    for (place, whole) in restored.places.iter_mut().zip(&full.places) {
        place.population = whole.population;
    }
    for (group, whole) in restored.groups.iter_mut().zip(&full.groups) {
        group.members = whole.members;
    }
    restored.garrisons.clone_from(&full.garrisons);
    restored.scale = full.scale;
    assert_eq!(restored, full);
}

/// As many assaults are fought at 1:5, by as many units with the same odds, and cost the same
/// share of each side: what is counted in people is a fifth.
#[test]
fn contests_are_the_same_at_every_scale() {
    // Without exits: a war whose units have dwindled to a few men is another one at 1:5.
    let mut full = small_war();
    only(&mut full, &[Mechanism::Operations, Mechanism::Targets, Mechanism::Watches]);
    for place in &mut full.places {
        place.population *= 5;
    }
    for garrison in &mut full.garrisons {
        garrison.members *= 5;
    }
    for group in &mut full.groups {
        group.members *= 5;
    }
    let of = |setup: &Setup| {
        let world = World::build(setup.clone());
        let (mut n_assaults, mut n_engaged, mut n_killed, mut n_units) = (0.0, 0.0, 0.0, 0.0);
        for replicate in 0..60 {
            let records = run(&world, replicate);
            n_units +=
                records.groups.rows().filter(|row| row.day.0 == 0).map(|row| f64::from(row.n_units)).sum::<f64>();
            for row in records.incidents.rows().filter(|row| row.kind == IncidentKind::Assault) {
                n_assaults += 1.0;
                n_engaged += f64::from(row.n_attackers + row.n_defenders);
                n_killed += f64::from(row.dead_perpetrator + row.dead_target);
            }
        }
        [n_units, n_assaults, n_engaged * f64::from(setup.scale.get()), n_killed * f64::from(setup.scale.get())]
    };
    let (whole, scaled) = (of(&full), of(&at(&full, 5)));
    assert_eq!(whole[0].to_bits(), scaled[0].to_bits(), "units");
    for (what, (whole, scaled)) in ["units", "assaults", "engaged", "killed"].iter().zip(whole.iter().zip(scaled)) {
        assert!((scaled / whole - 1.0).abs() < 0.1, "{what}: {scaled} at 1:5, {whole} at 1:1");
    }
}

#[test]
fn totals_are_kept_up_to_rounding() {
    for number in 0..30 {
        let full = random_setup(number);
        for scale in [2, 7, 100] {
            let scaled = at(&full, scale);
            let due = |count: u64| (count + u64::from(scale) / 2) / u64::from(scale);
            let people = due(full.n_inhabitants()).max(full.places.len() as u64);
            assert_eq!(scaled.n_inhabitants(), people, "world {number} at 1:{scale}");
            for (group_idx, group) in scaled.groups.iter().enumerate() {
                let whole = u64::from(full.groups[group_idx].members);
                let wanted = if whole == 0 { 0 } else { due(whole).max(1) };
                assert_eq!(u64::from(group.members), wanted, "world {number} at 1:{scale}");
                assert_eq!(members_of(&scaled, group_idx), group.members, "world {number} at 1:{scale}");
            }
            assert!(scaled.garrisons.iter().all(|garrison| garrison.members > 0));
            let dead = |setup: &Setup| setup.events.iter().map(|event| u64::from(event.deaths_b)).sum::<u64>();
            assert_eq!(dead(&scaled), due(dead(&full)), "world {number} at 1:{scale}");
        }
    }
}

#[test]
fn the_smallest_war_can_be_fought() {
    for number in 0..12 {
        let full = random_setup(number);
        let tiny = at(&full, 1_000_000);
        assert!(tiny.places.iter().all(|place| place.population == 1));
        let n_groups = full.groups.iter().filter(|group| group.members > 0).count();
        assert_eq!(tiny.garrisons.len(), n_groups, "a group that had members has a garrison of one");
        let n_days = tiny.n_days as usize;
        assert_eq!(run_setup(tiny, 0).groups.day.len(), n_days * full.groups.len());
    }
}
