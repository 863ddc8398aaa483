//! Replication anchors: Epstein's civil violence on addressed randomness.
//!
//! The two models that every reader knows, small and separate from the engine,
//! so that its randomness and habits can be related to them. Model I
//! ([`rebellion`]) is checked against Mesa's implementation, Model II
//! ([`communal`]) against the published qualitative results; the figures are
//! in `docs/validation/anchors.md`.
//!
//! Not here: anything of Allegiance's own model.
//!
//! ```
//! use allegiance_anchors::rebellion::{Parameters, Rebellion};
//! use allegiance_anchors::rules::Rules;
//!
//! let mut world = Rebellion::new(Parameters::default(), Rules::mesa(), 1, 0);
//! let counts = world.step();
//! assert_eq!(counts.active + counts.quiet + counts.jailed, world.n_citizens());
//! ```
//!
//! # Source
//! Epstein (2002), Modeling civil violence: an agent-based computational
//! approach, PNAS 99 (suppl. 3), 7243-7250, doi:10.1073/pnas.092080199.

pub mod communal;
pub mod equivalence;
pub mod rebellion;
pub mod rules;
pub mod series;
pub mod torus;

use allegiance_model::random::{Draws, Purpose};

/// The order in which agents act in a step: each agent's place is drawn at its
/// own address, so that a newcomer leaves the order of the others as it was.
fn activation_order(draws: Draws, step: u32, agents: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut places: Vec<(u64, u32)> = agents
        .map(|agent| {
            let block = draws.block(Purpose::AnchorOrder, agent, step, 0);
            ((u64::from(block[0]) << 32) | u64::from(block[1]), agent)
        })
        .collect();
    places.sort_unstable();
    places.into_iter().map(|(_, agent)| agent).collect()
}
