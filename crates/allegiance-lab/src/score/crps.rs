//! The continuous ranked probability score of an ensemble.

/// The mean distance of the members from the observation, less half their mean
/// distance from each other: `mean |x - y| - mean |x - x'| / 2`, both means over
/// all members and all ordered pairs, a member with itself among them. In the
/// unit of the counts; 0 is best. `sorted` is in ascending order and not empty.
///
/// # Source
/// Gneiting & Raftery (2007), Strictly proper scoring rules, prediction, and
/// estimation, eq. 21, for the empirical distribution of the members; the form
/// that the VIEWS prediction challenge 2023/24 uses (Hegre et al. 2024).
pub fn crps(sorted: &[f64], observed: f64) -> f64 {
    let n = sorted.len() as f64;
    let (mut distance, mut spread) = (0.0, 0.0);
    for (rank, member) in sorted.iter().enumerate() {
        distance += (member - observed).abs();
        // A member counts once for each member below it and against each above.
        spread += (2.0 * rank as f64 + 1.0 - n) * member;
    }
    distance / n - spread / (n * n)
}

#[cfg(test)]
mod tests {
    use super::crps;

    #[test]
    fn one_member_scores_its_distance() {
        assert_eq!(crps(&[3.0], 10.0).to_bits(), 7.0_f64.to_bits());
        assert_eq!(crps(&[3.0, 3.0, 3.0], 3.0).to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn two_members_score_as_by_hand() {
        // Distances 1 and 3, mean 2; pairs 0, 4, 4, 0, mean 2, half of it 1.
        assert!((crps(&[0.0, 4.0], 1.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn repeating_every_member_changes_nothing() {
        let (once, thrice) = ([0.0, 2.0, 7.0], [0.0, 0.0, 0.0, 2.0, 2.0, 2.0, 7.0, 7.0, 7.0]);
        assert!((crps(&once, 4.0) - crps(&thrice, 4.0)).abs() < 1e-12);
    }
}
