//! The ignorance score of an ensemble over bins of counts.

use allegiance_model::maths::ln;

/// Lower edges of the bins of the VIEWS prediction challenge 2023/24; the last
/// bin is open, so that no count is out of range.
///
/// # Source
/// Hegre et al. (2024), The 2023/24 VIEWS prediction challenge; edges and the
/// open last bin as in the evaluation code of the challenge.
pub(super) const BIN_EDGES: [f64; 11] = [0.0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1_000.5];

/// Draws that the challenge asks of a forecast.
pub(super) const N_DRAWS: f64 = 1_000.0;

/// Minus the binary logarithm of the probability given to the observed bin, in
/// bits; 0 is best. To the draws one more is added in every bin, so that no
/// probability is 0: `(1000 m + 1) / (1000 + 11)`, with `m` the share of the
/// members in the bin. An ensemble of another size counts as if it were
/// repeated to 1000 draws; with 1000 members this is the score of the challenge.
/// What is no number lies in no bin: a member that is none counts as a miss, and
/// an observation that is none has no score (NaN).
pub fn ignorance(members: &[f64], observed: f64) -> f64 {
    let Some(bin) = bin_of(observed) else {
        return f64::NAN;
    };
    let n_there = members.iter().filter(|&&member| bin_of(member) == Some(bin)).count() as f64;
    let share = n_there / members.len() as f64;
    let probability = (N_DRAWS * share + 1.0) / (N_DRAWS + BIN_EDGES.len() as f64);
    -ln(probability) / ln(2.0)
}

/// The position of the bin that holds a count; none holds what is no number.
fn bin_of(count: f64) -> Option<usize> {
    BIN_EDGES.iter().rposition(|&edge| count >= edge)
}

#[cfg(test)]
mod tests {
    use super::{bin_of, ignorance};

    #[test]
    fn bins_hold_what_the_challenge_says() {
        let counts = [0.0, 1.0, 2.0, 3.0, 5.0, 6.0, 10.0, 11.0, 25.0, 26.0, 51.0, 101.0, 251.0, 501.0, 1_001.0, 9e9];
        let bins = [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8, 9, 10, 10];
        assert_eq!(counts.map(bin_of), bins.map(Some));
        assert_eq!([f64::NAN, -1.0].map(bin_of), [None; 2]);
    }

    #[test]
    fn certainty_is_almost_free_and_surprise_costs_ten_bits() {
        assert!((ignorance(&[0.0], 0.0) - (1_011.0_f64 / 1_001.0).log2()).abs() < 1e-12);
        assert!((ignorance(&[0.0], 4.0) - 1_011.0_f64.log2()).abs() < 1e-12);
    }

    #[test]
    fn what_is_no_number_lies_in_no_bin() {
        assert!((ignorance(&[f64::NAN], 0.0) - 1_011.0_f64.log2()).abs() < 1e-12);
        assert!(ignorance(&[0.0], f64::NAN).is_nan());
    }
}
