//! Conviction by look-up: what each source adds depends only on small counts,
//! so it's computed once for every setup, with the closed forms themselves.

use super::{BeliefParameters, Heard, Source, conviction, source_credibility};
use crate::setup::BeliefTheory;

/// Counts up to which terms are kept.
const N_COUNTS: usize = 256;
/// Contradictions up to which terms are kept.
const N_CONTRADICTIONS: usize = 8;

/// The terms of every source under the theory of a setup.
#[derive(Debug, Clone)]
pub(crate) struct BeliefTable {
    theory: BeliefTheory,
    parameters: BeliefParameters,
    /// Log-odds of a predator by number of accusations. Shape: `(n_counts,)`
    /// for kin, rivals and outside media.
    accusers: [Vec<f64>; 3],
    /// The same by denials and contradictions of the own command. Shape:
    /// `(n_contradictions, n_counts)`, row-major.
    command: Vec<f64>,
    max_drop: [f64; 3],
}

impl BeliefTable {
    /// The table of a theory under its parameters.
    pub(crate) fn new(theory: BeliefTheory, parameters: &BeliefParameters) -> Self {
        let silent = Heard::nothing(0.0);
        let term = |source, heard: Heard| source_credibility::source_term(parameters, &heard, source);
        let counts = || 0..N_COUNTS as u32;
        let accusers = [
            counts().map(|n| term(Source::Kin, Heard { n_kin: n, ..silent })).collect(),
            counts().map(|n| term(Source::Rivals, Heard { n_rivals: n, ..silent })).collect(),
            counts().map(|n| term(Source::OutsideMedia, Heard { n_outside: n, ..silent })).collect(),
        ];
        let command = (0..N_CONTRADICTIONS as u32)
            .flat_map(|c| counts().map(move |n| (c, n)))
            .map(|(n_contradictions, n_denials)| {
                term(Source::OwnCommand, Heard { n_denials, n_contradictions, ..silent })
            })
            .collect();
        let mut table = Self { theory, parameters: parameters.clone(), accusers, command, max_drop: [0.0; 3] };
        table.max_drop = table.largest_drops();
        table
    }

    /// Conviction of a member.
    pub(crate) fn conviction(&self, heard: &Heard) -> f64 {
        let largest = heard.n_kin.max(heard.n_rivals).max(heard.n_outside).max(heard.n_denials) as usize;
        let is_kept = largest < N_COUNTS && (heard.n_contradictions as usize) < N_CONTRADICTIONS;
        if self.theory != BeliefTheory::SourceCredibility || !is_kept {
            return conviction(self.theory, &self.parameters, heard);
        }
        let mut log_odds_predator = heard.evidence - heard.prior_conviction;
        log_odds_predator += self.command[heard.n_contradictions as usize * N_COUNTS + heard.n_denials as usize];
        log_odds_predator += self.accusers[0][heard.n_kin as usize];
        log_odds_predator += self.accusers[1][heard.n_rivals as usize];
        log_odds_predator += self.accusers[2][heard.n_outside as usize];
        -log_odds_predator
    }

    /// The most that conviction can fall with one more claim: by rivals, by
    /// outside media, by the own command.
    pub(crate) fn max_drop(&self) -> [f64; 3] {
        self.max_drop
    }

    fn largest_drops(&self) -> [f64; 3] {
        let steps = |terms: &[f64]| terms.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
        match self.theory {
            BeliefTheory::SourceCredibility => [
                steps(&self.accusers[1]),
                steps(&self.accusers[2]),
                self.command.chunks(N_COUNTS).map(steps).fold(0.0, f64::max),
            ],
            BeliefTheory::MotivatedReasoning => {
                [self.parameters.weight_rival_claim, self.parameters.weight_outside_claim, 0.0]
            }
            BeliefTheory::DirectExperience | BeliefTheory::SocialAveraging | BeliefTheory::Fixed => [0.0; 3],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BeliefTable, Heard, conviction};
    use crate::belief::BeliefParameters;
    use crate::setup::BeliefTheory;

    #[test]
    fn looking_up_gives_the_same_bits_as_the_closed_form() {
        let parameters = BeliefParameters::default();
        for &theory in BeliefTheory::ALL {
            let table = BeliefTable::new(theory, &parameters);
            for case in 0..2_000_u32 {
                let heard = Heard {
                    prior_conviction: 0.01 * f64::from(case % 300) - 1.0,
                    evidence: 0.7 * f64::from(case % 7),
                    n_kin: case % 11,
                    n_rivals: case % 301,
                    n_outside: case % 17,
                    n_denials: case % 260,
                    n_contradictions: case % 10,
                    released: 0.0,
                    social: 0.3,
                };
                let expected = conviction(theory, &parameters, &heard);
                assert_eq!(table.conviction(&heard).to_bits(), expected.to_bits());
            }
        }
    }
}
