//! The theory of belief of a setup, made ready to be asked often. What each
//! source adds to conviction may depend only on small counts; then it's computed
//! once for every setup, with the closed forms themselves.

use super::source_credibility::{Sources, conviction_by, most_of_tail};
use super::{BeliefParameters, Heard, HeardOfGroup, Source, SourceJudgement, TheoryOfBelief, Told};
use crate::setup::BeliefTheory;

/// Counts up to which terms are kept.
const N_COUNTS: usize = 1024;
/// Contradictions up to which terms are kept.
const N_CONTRADICTIONS: usize = 8;
/// Room below the lowest conviction for the order of its sum.
const ROUNDING: f64 = 1e-9;

/// A theory under the parameters of a setup.
#[derive(Debug, Clone)]
pub(crate) struct BeliefTable {
    theory: &'static TheoryOfBelief,
    parameters: BeliefParameters,
    sources: Sources,
    by_source: Option<TermsBySource>,
    max_drop: [f64; 3],
}

impl BeliefTable {
    /// The table of a theory under its parameters.
    pub(crate) fn new(theory: BeliefTheory, parameters: &BeliefParameters) -> Self {
        let theory = theory.entry();
        let by_source = theory.by_source.map(|new| new(parameters));
        let max_drop = match &by_source {
            Some(terms) => terms.largest_drops(),
            None => (theory.largest_drops)(parameters),
        };
        let sources = Sources::new(parameters);
        Self { theory, parameters: parameters.clone(), sources, by_source, max_drop }
    }

    /// Conviction of a member.
    pub(crate) fn conviction(&self, heard: &HeardOfGroup) -> f64 {
        heard.mean(|heard| self.conviction_of_claim(heard))
    }

    /// Conviction of one claim.
    pub(crate) fn conviction_of_claim(&self, heard: &Heard) -> f64 {
        match &self.by_source {
            Some(terms) => terms.conviction(&self.sources, heard),
            None => (self.theory.conviction)(&self.parameters, heard),
        }
    }

    /// What a member makes of his sources, as `judge_sources` says.
    pub(crate) fn judge(&self, heard: &HeardOfGroup) -> SourceJudgement {
        self.sources.judge(heard, |heard| match &self.by_source {
            Some(terms) => terms.conviction(&self.sources, heard),
            None => conviction_by(&self.sources, heard),
        })
    }

    /// How honest a member takes his command to be where it denies.
    pub(crate) fn honesty_of_command(&self, judged: &SourceJudgement) -> f64 {
        (self.theory.honesty_of_command)(&self.parameters, judged)
    }

    /// The lowest that a member's conviction can be after any further claims
    /// to his unit; where these have no limit, his conviction now, and
    /// [`Self::max_drop`] tells how far each can lower it.
    pub(crate) fn lowest_conviction(&self, heard: &HeardOfGroup) -> f64 {
        heard.mean(|heard| self.lowest_of_claim(heard))
    }

    /// The same of the conviction of one claim.
    pub(crate) fn lowest_of_claim(&self, heard: &Heard) -> f64 {
        let limited = self.by_source.as_ref().and_then(|terms| terms.lowest_conviction(&self.sources, heard));
        limited.unwrap_or_else(|| self.conviction_of_claim(heard))
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
        if let Some(terms) = &mut self.by_source {
            terms.highest = None;
        }
        self.max_drop = [0.0; 3];
    }
}

/// The terms that the sources add to the log-odds of a predator.
#[derive(Debug, Clone)]
pub(super) struct TermsBySource {
    /// By number of accusations. Shape: `(n_counts,)` for kin, rivals and
    /// outside media.
    accusers: [Vec<f64>; 3],
    /// By denials and contradictions of the own command. Shape:
    /// `(n_contradictions, n_counts)`, row-major.
    command: Vec<f64>,
    highest: Option<HighestTerms>,
}

/// The highest terms of sources whose claims a unit hears together, after as
/// many claims or more. Shapes: as in [`TermsBySource`], with one more count for
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
        let tail = |source| most_of_tail(parameters, source, N_COUNTS as f64);
        let (of_rivals, of_outside, of_command) =
            (tail(Source::Rivals)?, tail(Source::OutsideMedia)?, tail(Source::OwnCommand)?);
        let any_command = most_of_tail(parameters, Source::OwnCommand, 0.0)?;
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

impl TermsBySource {
    /// The terms of every source under its parameters.
    pub(super) fn new(parameters: &BeliefParameters) -> Self {
        let silent = Heard::nothing(0.0);
        let told = |told| Heard { told, ..silent };
        let sources = Sources::new(parameters);
        let term = |source, heard: Heard| sources.term(&heard, source);
        let counts = || 0..N_COUNTS as u32;
        let accusers: [Vec<f64>; 3] = [
            counts().map(|n| term(Source::Kin, Heard { n_kin: n, ..silent })).collect(),
            counts().map(|n| term(Source::Rivals, told(Told { n_rivals: n, ..Told::default() }))).collect(),
            counts().map(|n| term(Source::OutsideMedia, told(Told { n_outside: n, ..Told::default() }))).collect(),
        ];
        let command: Vec<f64> = (0..N_CONTRADICTIONS as u32)
            .flat_map(|c| counts().map(move |n| (c, n)))
            .map(|(n_contradictions, n_denials)| {
                term(Source::OwnCommand, Heard { n_contradictions, ..told(Told { n_denials, ..Told::default() }) })
            })
            .collect();
        let highest = HighestTerms::new(parameters, &accusers[1], &accusers[2], &command);
        Self { accusers, command, highest }
    }

    fn conviction(&self, sources: &Sources, heard: &Heard) -> f64 {
        let mut log_odds_predator = heard.evidence - heard.prior_conviction;
        for source in Source::ALL {
            log_odds_predator += self.term(sources, heard, source);
        }
        -log_odds_predator
    }

    fn term(&self, sources: &Sources, heard: &Heard, source: Source) -> f64 {
        let kept = match source {
            Source::OwnCommand => Self::command_cell(heard).map(|cell| self.command[cell]),
            Source::Kin => self.accusers[0].get(heard.n_kin as usize).copied(),
            Source::Rivals => self.accusers[1].get(heard.told.n_rivals as usize).copied(),
            Source::OutsideMedia => self.accusers[2].get(heard.told.n_outside as usize).copied(),
        };
        kept.unwrap_or_else(|| sources.term(heard, source))
    }

    fn command_cell(heard: &Heard) -> Option<usize> {
        let (n_contradictions, n_denials) = (heard.n_contradictions as usize, heard.told.n_denials as usize);
        (n_contradictions < N_CONTRADICTIONS && n_denials < N_COUNTS).then(|| n_contradictions * N_COUNTS + n_denials)
    }

    /// The lowest after any further claims to the unit; none where these have
    /// no limit.
    fn lowest_conviction(&self, sources: &Sources, heard: &Heard) -> Option<f64> {
        let highest = self.highest.as_ref()?;
        let at = |n: u32| (n as usize).min(N_COUNTS);
        let row = (heard.n_contradictions as usize).min(N_CONTRADICTIONS);
        let command = highest.command[row * (N_COUNTS + 1) + at(heard.told.n_denials)];
        let kin = self.term(sources, heard, Source::Kin);
        let (rivals, outside) = (highest.rivals[at(heard.told.n_rivals)], highest.outside[at(heard.told.n_outside)]);
        Some(heard.prior_conviction - heard.evidence - kin - command - rivals - outside - ROUNDING)
    }

    /// The largest steps of the terms; 0 where [`Self::lowest_conviction`] has
    /// all of them.
    fn largest_drops(&self) -> [f64; 3] {
        if self.highest.is_some() {
            return [0.0; 3];
        }
        let steps = |terms: &[f64]| terms.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
        let of_command = self.command.chunks(N_COUNTS).map(steps).fold(0.0, f64::max);
        [steps(&self.accusers[1]), steps(&self.accusers[2]), of_command]
    }
}

#[cfg(test)]
mod tests {
    use super::{BeliefTable, Heard, Told};
    use crate::belief::{BeliefParameters, conviction_of_claim};
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
                    told: Told { n_rivals: case % 1_301, n_outside: case % 17, n_denials: case % 1_060 },
                    n_contradictions: case % 10,
                    released: 0.0,
                    social: 0.3,
                };
                let expected = conviction_of_claim(theory, &parameters, &heard);
                assert_eq!(table.conviction_of_claim(&heard).to_bits(), expected.to_bits());
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
                    told: Told { n_rivals: case % 7, n_outside: case % 4, n_denials: case % 9 },
                    n_contradictions: case % 10,
                    ..Heard::nothing(1.6)
                };
                let lowest = table.lowest_of_claim(&now);
                let more = [0, 1, 2, 5, 30, 1_500];
                for choice in 0..more.len().pow(3) {
                    let pick = |power: u32| more[choice / more.len().pow(power) % more.len()];
                    let more = Told { n_rivals: pick(0), n_outside: pick(1), n_denials: pick(2) };
                    let later = Heard { told: now.told.plus(more), ..now };
                    let conviction = table.conviction_of_claim(&later);
                    assert!(conviction >= lowest, "{now:?} to {later:?}: {conviction} below {lowest}");
                }
            }
        }
        let unlimited = BeliefTable::new(BeliefTheory::SourceCredibility, &with(0.9, 0.8, 0.2));
        assert!(unlimited.max_drop()[0] > 0.0, "many accusations are an honest source's here");
    }
}
