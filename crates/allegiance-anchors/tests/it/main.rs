//! The anchors against Mesa's statistics and the published results.

mod against_mesa;
mod communal;
mod invariants;
mod reference;
