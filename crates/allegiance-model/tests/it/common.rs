//! A small world with what a war can't do without, and the mechanism that a test is about.

use crate::worlds::only;
use allegiance_model::setup::{Mechanism, Setup};

/// What a war can't do without: the mechanisms that are kept around one that is
/// looked at, where others would drown it in a small world.
const COMMON: [Mechanism; 15] = [
    Mechanism::Leave,
    Mechanism::Movement,
    Mechanism::Operations,
    Mechanism::Repression,
    Mechanism::Strikes,
    Mechanism::News,
    Mechanism::Claims,
    Mechanism::Voice,
    Mechanism::Exits,
    Mechanism::Deterrence,
    Mechanism::Joining,
    Mechanism::Stigma,
    Mechanism::Reprisal,
    Mechanism::Displacement,
    Mechanism::Infighting,
];

/// Leaves on only what a war can't do without, and the mechanisms named.
pub(crate) fn only_besides_common(setup: &mut Setup, mechanisms: &[Mechanism]) {
    only(setup, &[&COMMON, mechanisms].concat());
}
