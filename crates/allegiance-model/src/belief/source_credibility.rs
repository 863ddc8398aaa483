//! Bayesian belief with sources that may be honest or partisan.
//!
//! The group is a protector or a predator. Sources are independent given the
//! truth, so the posterior has a closed form; all terms are computed in
//! logarithms so that hundreds of claims don't underflow.
//!
//! # Form
//! An honest source accuses the group with probability `a` if it is a predator and `b` if a protector;
//! a partisan one accuses with probability `q` whatever is true. A source caught lying has likelihood
//! `eps` under honesty. The log-odds of a predator are `E - L0` and one term for each source:
//!
//! ```text
//! -L = E - L0 + sum over sources of
//!     ln [ r a^n+ (1 - a)^n- eps^c + (1 - r) q^n+ (1 - q)^n- ]
//!   - ln [ r b^n+ (1 - b)^n- eps^c + (1 - r) q^n+ (1 - q)^n- ]
//! ```
//!
//! with `n+` accusations, `n-` denials and `c` contradictions from that source, its prior honesty `r`
//! (the own command `r_c`, kin `r_k`, rivals `r_r`, outside media `r_o`) and its partisan habit `q`
//! (the command `q_c`, the others `q_r`). Only the command denies. Denials are believed by the posterior
//! honesty of the command.
//!
//! # Source
//! MODEL 5; the reputation of sources after Gentzkow & Shapiro (2006),
//! Media bias and reputation.

use super::table::TermsBySource;
use super::{BeliefParameters, Heard, HeardOfGroup, TheoryOfBelief};
use crate::maths::{exp, ln, logistic};

pub(super) const THEORY: TheoryOfBelief = TheoryOfBelief {
    conviction,
    honesty_of_command: |_, judged| judged.honesty[Source::OwnCommand as usize],
    by_source: Some(TermsBySource::new),
    ..TheoryOfBelief::CLAIMS_DO_NOTHING
};

/// Who makes a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The member's own command.
    OwnCommand,
    /// Kin and neighbours.
    Kin,
    /// Rival groups.
    Rivals,
    /// Media and governments from outside.
    OutsideMedia,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 4] = [Self::OwnCommand, Self::Kin, Self::Rivals, Self::OutsideMedia];
}

struct Claims {
    honesty: f64,
    partisan_accuses: f64,
    n_accusations: f64,
    n_justifications: f64,
    n_contradictions: f64,
}

fn claims(parameters: &BeliefParameters, heard: &Heard, source: Source) -> Claims {
    let accuser = |honesty, n: u32| Claims {
        honesty,
        partisan_accuses: parameters.partisan_accuses_rival,
        n_accusations: f64::from(n),
        n_justifications: 0.0,
        n_contradictions: 0.0,
    };
    match source {
        Source::OwnCommand => Claims {
            honesty: parameters.honesty_own_command,
            partisan_accuses: parameters.partisan_accuses_own,
            n_accusations: 0.0,
            n_justifications: f64::from(heard.told.n_denials),
            n_contradictions: f64::from(heard.n_contradictions),
        },
        Source::Kin => accuser(parameters.honesty_kin, heard.n_kin),
        Source::Rivals => accuser(parameters.honesty_rivals, heard.told.n_rivals),
        Source::OutsideMedia => accuser(parameters.honesty_outside_media, heard.told.n_outside),
    }
}

/// `x ln p` from `ln p`, which is 0 where `x` is 0 even if `p` is.
fn times(log: f64, x: f64) -> f64 {
    if x > 0.0 { x * log } else { 0.0 }
}

/// The logarithm of a probability, which may be 0.
fn log_of(p: f64) -> f64 {
    ln(p.max(1e-300))
}

/// `x ln p`, which is 0 where `x` is 0 even if `p` is.
fn log_power(p: f64, x: f64) -> f64 {
    times(log_of(p), x)
}

/// Logarithms of how likely a source accuses, and doesn't.
#[derive(Debug, Clone, Copy)]
struct LogHabit {
    accuses: f64,
    justifies: f64,
}

impl LogHabit {
    fn of(p_accuses: f64) -> Self {
        Self { accuses: log_of(p_accuses), justifies: log_of(1.0 - p_accuses) }
    }
}

/// Logarithms of the priors and habit of one source.
#[derive(Debug, Clone, Copy)]
struct SourceLogs {
    honest: f64,
    partisan: f64,
    habit: LogHabit,
}

/// The sources under the parameters of a setup, with the logarithms that their
/// likelihoods are made of.
#[derive(Debug, Clone)]
pub(super) struct Sources {
    parameters: BeliefParameters,
    each: [SourceLogs; 4],
    if_predator: LogHabit,
    if_protector: LogHabit,
    caught: f64,
}

impl Sources {
    pub(super) fn new(parameters: &BeliefParameters) -> Self {
        let logs = |source| {
            let of = claims(parameters, &Heard::nothing(0.0), source);
            SourceLogs {
                honest: log_of(of.honesty),
                partisan: log_of(1.0 - of.honesty),
                habit: LogHabit::of(of.partisan_accuses),
            }
        };
        Self {
            parameters: parameters.clone(),
            each: Source::ALL.map(logs),
            if_predator: LogHabit::of(parameters.p_accuse_predator),
            if_protector: LogHabit::of(parameters.p_accuse_protector),
            caught: log_of(parameters.p_caught_lying_honest),
        }
    }

    /// Log-likelihood of the claims with an honest and with a partisan source,
    /// priors of honesty included, if an honest one has a habit.
    fn log_likelihoods(&self, source: Source, claims: &Claims, honest: LogHabit) -> (f64, f64) {
        let logs = &self.each[source as usize];
        let of = |habit: LogHabit| {
            times(habit.accuses, claims.n_accusations) + times(habit.justifies, claims.n_justifications)
        };
        (logs.honest + of(honest) + times(self.caught, claims.n_contradictions), logs.partisan + of(logs.habit))
    }

    /// What the claims of one source add to the log-odds of a predator.
    pub(super) fn term(&self, heard: &Heard, source: Source) -> f64 {
        let claims = claims(&self.parameters, heard, source);
        if claims.is_silent() {
            return 0.0;
        }
        let (honest_a, partisan_a) = self.log_likelihoods(source, &claims, self.if_predator);
        let (honest_b, partisan_b) = self.log_likelihoods(source, &claims, self.if_protector);
        log_sum(honest_a, partisan_a) - log_sum(honest_b, partisan_b)
    }

    /// What a member makes of his sources; `conviction` is that by their closed form.
    pub(super) fn judge(&self, heard: &HeardOfGroup, conviction: impl Fn(&Heard) -> f64) -> SourceJudgement {
        let rule = &heard.by_claim.rule;
        // A claim that weighs nothing and of which nothing was said counts for nothing.
        if heard.fight_weight <= 0.0 && heard.by_claim.fight.n_accusations() == 0 {
            let judged = self.judge_claim(rule, conviction(rule));
            let n = f64::from(rule.n_accusations());
            // As the mean over all accusations rounds it.
            return SourceJudgement {
                credence: if n > 0.0 { n * judged.credence / n } else { judged.credence },
                ..judged
            };
        }
        let judged = heard.by_claim.map(|heard| self.judge_claim(heard, conviction(heard)));
        let mean = |of: &dyn Fn(&SourceJudgement) -> f64| judged.map(of).mean(heard.fight_weight);
        let n = heard.by_claim.map(|heard| f64::from(heard.n_accusations()));
        let credence = if n.fight + n.rule > 0.0 {
            (n.fight * judged.fight.credence + n.rule * judged.rule.credence) / (n.fight + n.rule)
        } else {
            mean(&|judged| judged.credence)
        };
        SourceJudgement { honesty: core::array::from_fn(|source| mean(&|judged| judged.honesty[source])), credence }
    }

    /// Posterior honesty of every source, and credence of the accusations, by what
    /// was heard of one claim.
    fn judge_claim(&self, heard: &Heard, conviction: f64) -> SourceJudgement {
        let p_predator = logistic(-conviction);
        let mut honesty = [0.0; 4];
        let (mut believed, mut n_accusations) = (0.0, 0.0);
        for (slot, source) in Source::ALL.into_iter().enumerate() {
            let claims = claims(&self.parameters, heard, source);
            let posterior = |habit| {
                let (honest, partisan) = self.log_likelihoods(source, &claims, habit);
                logistic(honest - partisan)
            };
            let if_predator = posterior(self.if_predator);
            // Who said nothing is as honest as before, whatever is true.
            let if_protector = if claims.is_silent() { if_predator } else { posterior(self.if_protector) };
            honesty[slot] = p_predator * if_predator + (1.0 - p_predator) * if_protector;
            believed += claims.n_accusations * p_predator * if_predator;
            n_accusations += claims.n_accusations;
        }
        let credence = if n_accusations > 0.0 { believed / n_accusations } else { p_predator };
        SourceJudgement { honesty, credence }
    }
}

fn log_sum(a: f64, b: f64) -> f64 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    high + ln(1.0 + exp(low - high))
}

impl Claims {
    fn is_silent(&self) -> bool {
        self.n_accusations + self.n_justifications + self.n_contradictions <= 0.0
    }
}

/// The most that `n` claims or more of one kind can add to the log-odds of a
/// predator, beyond what anything else can: claims that an honest source makes
/// with probability `p_predator` if the group is one, and a partisan one with
/// `p_partisan`. None where a partisan isn't the likelier source of many.
///
/// `ln[r (p / q)^n + 1 - r] - ln(1 - r)`, from `log_likelihoods` with the honest
/// term under a protector left out; it falls with `n` where `p <= q`.
fn tail_term(honesty: f64, p_predator: f64, p_partisan: f64, n: f64) -> Option<f64> {
    let is_bounded = p_predator <= p_partisan && honesty < 1.0 && p_partisan > 0.0;
    is_bounded.then(|| {
        let log_ratio = log_power(p_predator, n) - log_power(p_partisan, n);
        ln(honesty * exp(log_ratio) + 1.0 - honesty) - ln(1.0 - honesty)
    })
}

/// The most that `n` claims or more of a source can add to the log-odds of a
/// predator: accusations, or justifications by the own command.
pub(super) fn most_of_tail(parameters: &BeliefParameters, source: Source, n: f64) -> Option<f64> {
    let of = claims(parameters, &Heard::nothing(0.0), source);
    match source {
        Source::OwnCommand => tail_term(of.honesty, 1.0 - parameters.p_accuse_predator, 1.0 - of.partisan_accuses, n),
        Source::Kin | Source::Rivals | Source::OutsideMedia => {
            tail_term(of.honesty, parameters.p_accuse_predator, of.partisan_accuses, n)
        }
    }
}

/// The sources added in the order of [`Source::ALL`], which the look-up keeps to.
fn conviction(parameters: &BeliefParameters, heard: &Heard) -> f64 {
    conviction_by(&Sources::new(parameters), heard)
}

/// The same of sources that are known.
pub(super) fn conviction_by(sources: &Sources, heard: &Heard) -> f64 {
    let mut log_odds_predator = heard.evidence - heard.prior_conviction;
    for source in Source::ALL {
        log_odds_predator += sources.term(heard, source);
    }
    -log_odds_predator
}

/// What a member makes of his sources.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SourceJudgement {
    /// Posterior probability that each source is honest, in the order of
    /// [`Source::ALL`].
    pub honesty: [f64; 4],
    /// Probability that the accusations heard are honest reports of a
    /// predator, averaged over accusations; P(predator) where there are none.
    pub credence: f64,
}

/// Posterior honesty of every source, the mean over the claims by the member's
/// weights, and credence of the accusations heard of both.
pub fn judge_sources(parameters: &BeliefParameters, heard: &HeardOfGroup) -> SourceJudgement {
    let sources = Sources::new(parameters);
    sources.judge(heard, |heard| conviction_by(&sources, heard))
}

#[cfg(test)]
mod tests {
    use super::{BeliefParameters, Heard, Sources, conviction};
    use crate::belief::Told;
    use crate::maths::{ln, logistic, logit};

    fn heard(n_denials: u32, n_rivals: u32, n_contradictions: u32) -> Heard {
        let told = Told { n_rivals, n_outside: 2, n_denials };
        Heard { n_kin: 1, told, n_contradictions, ..Heard::nothing(1.6) }
    }

    /// The jump of MODEL 5: 2.50 without a denial, then 3.30, 3.14, 2.83.
    #[test]
    fn the_jump_after_a_contradiction_rises_then_falls_with_denials() {
        let parameters = BeliefParameters::default();
        let jump = |n_denials| {
            let told = Told { n_denials, ..Told::default() };
            let before = Heard { told, ..Heard::nothing(-logit(0.17)) };
            let n_contradictions = u32::from(n_denials > 0);
            let after = Heard { evidence: 2.5, n_contradictions, ..before };
            conviction(&parameters, &before) - conviction(&parameters, &after)
        };
        for (n_denials, expected) in [(0, 2.50), (2, 3.30), (5, 314.0 / 100.0), (10, 2.83)] {
            assert!((jump(n_denials) - expected).abs() < 0.005, "{n_denials}: {}", jump(n_denials));
        }
    }

    /// Enumerates the truth and the honesty of all four sources.
    #[test]
    fn the_posterior_equals_brute_force_enumeration() {
        let p = BeliefParameters::default();
        for case in [heard(0, 0, 0), heard(3, 4, 0), heard(6, 1, 2)] {
            let (mut total, mut predator, mut honest) = (0.0, 0.0, [0.0; 4]);
            for world in 0..32_u32 {
                let is_predator = world & 1 == 1;
                let p_predator = logistic(-case.prior_conviction);
                let mut weight = if is_predator { p_predator } else { 1.0 - p_predator };
                for slot in 0..4 {
                    let is_honest = world >> (slot + 1) & 1 == 1;
                    let (prior, q, plus, minus, caught) = match slot {
                        0 => (
                            p.honesty_own_command,
                            p.partisan_accuses_own,
                            0,
                            case.told.n_denials,
                            case.n_contradictions,
                        ),
                        1 => (p.honesty_kin, p.partisan_accuses_rival, case.n_kin, 0, 0),
                        2 => (p.honesty_rivals, p.partisan_accuses_rival, case.told.n_rivals, 0, 0),
                        _ => (p.honesty_outside_media, p.partisan_accuses_rival, case.told.n_outside, 0, 0),
                    };
                    let accuses = match (is_honest, is_predator) {
                        (true, true) => p.p_accuse_predator,
                        (true, false) => p.p_accuse_protector,
                        (false, _) => q,
                    };
                    weight *= if is_honest { prior } else { 1.0 - prior };
                    weight *= accuses.powi(plus as i32) * (1.0 - accuses).powi(minus as i32);
                    if is_honest {
                        weight *= p.p_caught_lying_honest.powi(caught as i32);
                    }
                }
                total += weight;
                if is_predator {
                    predator += weight;
                }
                for (slot, sum) in honest.iter_mut().enumerate() {
                    if world >> (slot + 1) & 1 == 1 {
                        *sum += weight;
                    }
                }
            }
            let enumerated = -ln(predator / (total - predator));
            assert!((conviction(&p, &case) - enumerated).abs() < 1e-9);
            let judged = Sources::new(&p).judge_claim(&case, conviction(&p, &case));
            for (judged, enumerated) in judged.honesty.iter().zip(honest) {
                assert!((judged - enumerated / total).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn outside_media_matter_only_once_they_are_trusted() {
        let shift = |honesty| {
            let parameters = BeliefParameters { honesty_outside_media: honesty, ..Default::default() };
            let hears = |n_outside| Heard { told: Told { n_outside, ..Told::default() }, ..heard(0, 0, 0) };
            let (quiet, loud) = (hears(0), hears(8));
            conviction(&parameters, &quiet) - conviction(&parameters, &loud)
        };
        assert!(shift(0.03) < 0.05 && shift(0.9) > 1.0);
    }
}
