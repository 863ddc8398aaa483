//! The dense reference and the engine record the same, to the last bit.

use super::compare::first_difference;
use super::run;
use super::worlds::{only, random_setup, run as run_engine};
use crate::setup::{Mechanism, Setup};
use crate::world::World;

/// Runs a setup in both and compares all tables.
fn compare(what: &str, setup: Setup, replicate: u32) {
    let world = World::build(setup);
    let (engine, dense) = (run_engine(&world, replicate), run(&world, replicate));
    if let Some(difference) = first_difference(&engine, &dense) {
        panic!("{what}: {difference}");
    }
}

#[test]
fn only_war() {
    for number in 0..10 {
        let mut setup = random_setup(number);
        only(&mut setup, &[Mechanism::Operations, Mechanism::Movement]);
        compare(&format!("world {number}"), setup, 0);
    }
}
#[test]
fn all() {
    for number in 0..70 {
        compare(&format!("world {number}"), random_setup(number), 0);
    }
}
