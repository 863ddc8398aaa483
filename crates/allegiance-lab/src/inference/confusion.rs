//! Which theory is named for which truth, and when none is.

use allegiance_record::intervals::Frequency;
use serde::Serialize;

/// A theory is named when its posterior probability reaches this; below, the
/// inference abstains. Chosen before any result was seen.
pub const NAMED_FROM: f64 = 0.8;

/// The theory named by posterior probabilities, if any.
pub fn named(posterior: &[f64]) -> Option<usize> {
    posterior.iter().position(|&p| p >= NAMED_FROM)
}

/// Truths against what was named.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Confusion {
    /// The theories.
    pub words: Vec<String>,
    /// Times a theory (column) was named for a truth (row); the last column
    /// counts abstentions. Shape (n theories, n theories + 1).
    pub counts: Vec<Vec<u32>>,
    /// Mean posterior probability of each theory (column) for each truth (row).
    pub mean_posterior: Vec<Vec<f64>>,
    /// Of the truths for which a theory was named, those where it was right.
    pub right: Frequency,
    /// Of all truths, those for which a theory was named.
    pub decided: Frequency,
}

impl Confusion {
    /// From the truth and the posterior of each case.
    pub fn of(words: &[&str], cases: &[(usize, Vec<f64>)]) -> Self {
        let n = words.len();
        let mut counts = vec![vec![0_u32; n + 1]; n];
        let mut sums = vec![vec![0.0; n]; n];
        let mut n_of = vec![0_u32; n];
        for (truth, posterior) in cases {
            counts[*truth][named(posterior).unwrap_or(n)] += 1;
            sums[*truth].iter_mut().zip(posterior).for_each(|(sum, p)| *sum += p);
            n_of[*truth] += 1;
        }
        let n_right = (0..n).map(|theory| counts[theory][theory]).sum();
        let n_named = counts.iter().map(|row| row[..n].iter().sum::<u32>()).sum();
        let mean = |(sums, &n): (Vec<f64>, &u32)| sums.into_iter().map(|sum| sum / f64::from(n.max(1))).collect();
        Self {
            words: words.iter().map(|&word| word.to_owned()).collect(),
            counts,
            mean_posterior: sums.into_iter().zip(&n_of).map(mean).collect(),
            right: Frequency::of(n_right, n_named),
            decided: Frequency::of(n_named, cases.len() as u32),
        }
    }
}

/// Two theories against each other, over truths from both.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairOfTheories {
    /// The first.
    pub first: String,
    /// The second.
    pub second: String,
    /// How often the likelier of the two is the true one; a tie counts half.
    pub forced: Frequency,
    /// How often one of the two is named at [`NAMED_FROM`].
    pub decided: Frequency,
    /// Of these, how often it is the true one.
    pub right: Frequency,
}

impl PairOfTheories {
    /// Theories `a` and `b`, from the truth and posterior of each case.
    pub fn of(words: &[&str], (a, b): (usize, usize), cases: &[(usize, Vec<f64>)]) -> Self {
        let (mut n, mut twice_right, mut n_decided, mut n_right) = (0, 0, 0, 0);
        for (truth, posterior) in cases.iter().filter(|(truth, _)| *truth == a || *truth == b) {
            let other = if *truth == a { b } else { a };
            let p = posterior[*truth] / (posterior[*truth] + posterior[other]);
            n += 1;
            twice_right += if p > 0.5 { 2 } else { u32::from((p - 0.5).abs() < f64::EPSILON) };
            n_right += u32::from(p >= NAMED_FROM);
            n_decided += u32::from(p >= NAMED_FROM || p <= 1.0 - NAMED_FROM);
        }
        Self {
            first: words[a].to_owned(),
            second: words[b].to_owned(),
            forced: Frequency::of(twice_right / 2, n),
            decided: Frequency::of(n_decided, n),
            right: Frequency::of(n_right, n_decided),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Confusion, PairOfTheories, named};

    #[test]
    fn below_the_threshold_nothing_is_named() {
        assert_eq!(named(&[0.79, 0.21]), None);
        assert_eq!(named(&[0.1, 0.9]), Some(1));
    }

    #[test]
    fn counts_go_to_the_named_or_to_abstention() {
        let cases = vec![(0, vec![0.9, 0.1]), (0, vec![0.5, 0.5]), (1, vec![0.85, 0.15]), (1, vec![0.05, 0.95])];
        let found = Confusion::of(&["a", "b"], &cases);
        assert_eq!(found.counts, vec![vec![1, 0, 1], vec![1, 1, 0]]);
        assert_eq!((found.right.n, found.right.n_cases), (2, 3));
        assert_eq!((found.decided.n, found.decided.n_cases), (3, 4));
        assert!((found.mean_posterior[0][0] - 0.7).abs() < 1e-12);
    }

    #[test]
    fn a_pair_is_judged_by_its_own_odds_whatever_a_third_theory_has() {
        let cases = vec![(0, vec![0.09, 0.01, 0.9]), (1, vec![0.2, 0.3, 0.5]), (2, vec![0.0, 0.0, 1.0])];
        let found = PairOfTheories::of(&["a", "b", "c"], (0, 1), &cases);
        assert_eq!((found.forced.n, found.forced.n_cases), (2, 2));
        assert_eq!((found.decided.n, found.right.n), (1, 1));
    }
}
