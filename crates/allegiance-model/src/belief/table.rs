//! Conviction by look-up: what each source adds depends only on small counts,
//! so it's computed once for every setup, with the closed forms themselves.

use super::{BeliefParameters, Heard, Source, conviction, source_credibility};
use crate::setup::BeliefTheory;

/// Counts up to which terms are kept.
const N_COUNTS: usize = 1024;
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
    highest: Option<HighestTerms>,
    max_drop: [f64; 3],
}

/// The highest terms of sources whose claims a unit hears together, after as
/// many claims or more. Shapes: as in [`BeliefTable`], with one more count for
/// all beyond, and one more row for more contradictions.
#[derive(Debug, Clone)]
struct HighestTerms {
    rivals: Vec<f64>,
    outside: Vec<f64>,
    command: Vec<f64>,
}

impl HighestTerms {
    /// None where more and more claims of a source have no limit.
    fn new(parameters: &BeliefParameters, rivals: &[f64], outside: &[f64], command: &[f64]) -> Option<Self> {
        let tail = |source| source_credibility::most_of_tail(parameters, source, N_COUNTS as f64);
        let (of_rivals, of_outside, of_command) =
            (tail(Source::Rivals)?, tail(Source::OutsideMedia)?, tail(Source::OwnCommand)?);
        let any_command = source_credibility::most_of_tail(parameters, Source::OwnCommand, 0.0)?;
        let mut rows: Vec<f64> = command.chunks(N_COUNTS).flat_map(|row| from_here_on(row, of_command)).collect();
        rows.extend([any_command; N_COUNTS + 1]);
        Some(Self {
            rivals: from_here_on(rivals, of_rivals),
            outside: from_here_on(outside, of_outside),
            command: rows,
        })
    }
}

/// The highest of each term and all after it, the tail's limit included.
fn from_here_on(terms: &[f64], tail: f64) -> Vec<f64> {
    let mut highest = vec![tail; terms.len() + 1];
    for at in (0..terms.len()).rev() {
        highest[at] = terms[at].max(highest[at + 1]);
    }
    highest
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
        let mut table =
            Self { theory, parameters: parameters.clone(), accusers, command, highest: None, max_drop: [0.0; 3] };
        if theory == BeliefTheory::SourceCredibility {
            table.highest = HighestTerms::new(parameters, &table.accusers[1], &table.accusers[2], &table.command);
        }
        if table.highest.is_none() {
            table.max_drop = table.largest_drops();
        }
        table
    }

    /// Conviction of a member.
    pub(crate) fn conviction(&self, heard: &Heard) -> f64 {
        if self.theory != BeliefTheory::SourceCredibility {
            return conviction(self.theory, &self.parameters, heard);
        }
        let mut log_odds_predator = heard.evidence - heard.prior_conviction;
        for source in Source::ALL {
            log_odds_predator += self.term(heard, source);
        }
        -log_odds_predator
    }

    fn term(&self, heard: &Heard, source: Source) -> f64 {
        let kept = match source {
            Source::OwnCommand => Self::command_cell(heard).map(|cell| self.command[cell]),
            Source::Kin => self.accusers[0].get(heard.n_kin as usize).copied(),
            Source::Rivals => self.accusers[1].get(heard.n_rivals as usize).copied(),
            Source::OutsideMedia => self.accusers[2].get(heard.n_outside as usize).copied(),
        };
        kept.unwrap_or_else(|| source_credibility::source_term(&self.parameters, heard, source))
    }

    fn command_cell(heard: &Heard) -> Option<usize> {
        let (n_contradictions, n_denials) = (heard.n_contradictions as usize, heard.n_denials as usize);
        (n_contradictions < N_CONTRADICTIONS && n_denials < N_COUNTS).then(|| n_contradictions * N_COUNTS + n_denials)
    }

    /// The lowest that a member's conviction can be after any further claims
    /// to his unit; where these have no limit, his conviction now, and
    /// [`Self::max_drop`] tells how far each can lower it.
    pub(crate) fn lowest_conviction(&self, heard: &Heard) -> f64 {
        let Some(highest) = &self.highest else { return self.conviction(heard) };
        let at = |n: u32| (n as usize).min(N_COUNTS);
        let row = (heard.n_contradictions as usize).min(N_CONTRADICTIONS);
        let command = highest.command[row * (N_COUNTS + 1) + at(heard.n_denials)];
        let kin = self.term(heard, Source::Kin);
        let (rivals, outside) = (highest.rivals[at(heard.n_rivals)], highest.outside[at(heard.n_outside)]);
        // A bit of room for the order of the sum.
        heard.prior_conviction - heard.evidence - kin - command - rivals - outside - 1e-9
    }

    /// The most that conviction can fall with one more claim by rivals, by
    /// outside media, by the own command; 0 where [`Self::lowest_conviction`]
    /// has it already.
    pub(crate) fn max_drop(&self) -> [f64; 3] {
        self.max_drop
    }

    /// States, for the tests, that no claim ever lowers conviction.
    #[cfg(test)]
    pub(crate) fn claim_that_claims_do_nothing(&mut self) {
        self.highest = None;
        self.max_drop = [0.0; 3];
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
                    n_rivals: case % 1_301,
                    n_outside: case % 17,
                    n_denials: case % 1_060,
                    n_contradictions: case % 10,
                    released: 0.0,
                    social: 0.3,
                };
                let expected = conviction(theory, &parameters, &heard);
                assert_eq!(table.conviction(&heard).to_bits(), expected.to_bits());
            }
        }
    }

    #[test]
    fn no_further_claims_lower_conviction_below_the_lowest() {
        let with = |p_accuse_predator, partisan_accuses_rival, p_accuse_protector| BeliefParameters {
            p_accuse_predator,
            p_accuse_protector,
            partisan_accuses_rival,
            ..BeliefParameters::default()
        };
        for parameters in [with(0.8, 0.95, 0.2), with(0.6, 0.8, 0.05), with(0.95, 0.95, 0.4)] {
            let table = BeliefTable::new(BeliefTheory::SourceCredibility, &parameters);
            assert!(table.max_drop().iter().all(|&drop| drop <= 0.0), "the claims of these have a limit");
            for case in 0..400_u32 {
                let now = Heard {
                    n_kin: case % 3,
                    n_rivals: case % 7,
                    n_outside: case % 4,
                    n_denials: case % 9,
                    n_contradictions: case % 10,
                    ..Heard::nothing(1.6)
                };
                let lowest = table.lowest_conviction(&now);
                let more = [0, 1, 2, 5, 30, 1_500];
                for choice in 0..more.len().pow(3) {
                    let pick = |power: u32| more[choice / more.len().pow(power) % more.len()];
                    let later = Heard {
                        n_rivals: now.n_rivals + pick(0),
                        n_outside: now.n_outside + pick(1),
                        n_denials: now.n_denials + pick(2),
                        ..now
                    };
                    let conviction = table.conviction(&later);
                    assert!(conviction >= lowest, "{now:?} to {later:?}: {conviction} below {lowest}");
                }
            }
        }
        let unlimited = BeliefTable::new(BeliefTheory::SourceCredibility, &with(0.9, 0.8, 0.2));
        assert!(unlimited.max_drop()[0] > 0.0, "many accusations are an honest source's here");
    }
}
