//! Harm by the own group to home and kin, fading and eased by a settlement.

use super::{Block, PerKind};
use crate::dense::Dense;
use crate::ids::{IncidentId, PersonId};
use crate::maths::{half_life_factor, ln};
use crate::setup::ExitTheory;

pub(super) const BLOCK: Block = Block {
    theories: &[ExitTheory::KinAndHome, ExitTheory::Full],
    value: |dense, person, _| dense.kin_and_home_block(person),
};

impl Dense<'_> {
    /// Harm by the own group to home and kin, fading and eased by a settlement.
    fn kin_and_home_block(&self, person: PersonId) -> PerKind {
        let all = &self.world.setup.parameters;
        let p = &all.exits.blocks.kin_and_home;
        let state = self.person(person);
        let eased = if state.settled_until > self.day { 1.0 - all.voice.settled_share } else { 1.0 };
        let fresh = |since: Option<(u32, IncidentId)>, half_life_days: f64| {
            since.map_or(0.0, |(day, _)| half_life_factor(f64::from(self.day - day), half_life_days))
        };
        let home = eased * fresh(state.home_attacked, p.home_memory_days);
        let kin = eased * fresh(state.kin_killed, p.kin_memory_days);
        let of = |home_ratio, kin_ratio| log_of_harm(home_ratio) * home + log_of_harm(kin_ratio) * kin;
        let desertion = of(p.home_attacked_desertion, p.kin_killed_desertion);
        [desertion, of(p.home_attacked_defection, p.kin_killed_defection), desertion]
    }
}

/// A ratio as a logarithm: harm can't keep anybody from leaving.
fn log_of_harm(ratio: f64) -> f64 {
    ln(ratio.max(1.0))
}
