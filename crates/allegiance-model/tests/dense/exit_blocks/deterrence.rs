//! Fear of capture where the member is, and for kin under the own group.

use super::{Block, same};
use crate::dense::Dense;
use crate::ids::PersonId;
use crate::setup::{ExitTheory, Mechanism};

pub(super) const BLOCK: Block = Block {
    theories: &[ExitTheory::ControlAndFear, ExitTheory::Full],
    value: |dense, person, _| same(dense.deterrence_block(person) + dense.kin_fear_block(person)),
};

impl Dense<'_> {
    /// Fear of capture where the member is, around the first perception.
    fn deterrence_block(&self, person: PersonId) -> f64 {
        if !self.runs(Mechanism::Deterrence) {
            return 0.0;
        }
        let all = &self.world.setup.parameters;
        let (group, unit) = (self.group_of(person), self.unit_of(person));
        let place = self.whereabouts(person).unwrap_or(self.unit(unit).place);
        let here = self.p_capture(person, group, place) / all.deterrence.p_capture_deep.max(1e-9);
        let perceived = self.safe_passage(group, all.interventions.safe_passage_perceived);
        let passage = perceived / self.safe_passage(group, all.interventions.safe_passage_capture).max(1e-9);
        let risk = self.perceived_risk(unit) * here * passage;
        -all.exits.blocks.deterrence.fear_weight * (risk - all.deterrence.perceived_risk)
    }

    /// Fear for kin who live under the own group.
    fn kin_fear_block(&self, person: PersonId) -> f64 {
        let Some(home) = self.person(person).home else { return 0.0 };
        if !self.runs(Mechanism::Deterrence) {
            return 0.0;
        }
        let group = self.group_of(person);
        let n_known = f64::from(self.places[home.idx()].kin_reprisals[group.idx()]);
        let risk = self.kin_risk(n_known) - self.kin_risk(0.0);
        -self.world.setup.parameters.exits.blocks.deterrence.kin_fear_weight * self.share(home, group) * risk
    }
}
