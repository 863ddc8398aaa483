//! Several comparisons at once.

use serde::{Deserialize, Serialize};

/// How many of a family of comparisons exclude zero, alone and together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Family {
    /// Comparisons that have an interval.
    pub n: usize,
    /// Of these, intervals that exclude zero.
    pub n_clear: usize,
    /// Of these, those that still do after Holm's correction.
    pub n_clear_together: usize,
}

impl Family {
    /// The family of some probabilities as Holm's correction leaves them, beside
    /// what they were alone.
    pub fn of(alone: &[Option<f64>], together: &[Option<f64>]) -> Self {
        let n_below = |all: &[Option<f64>]| all.iter().flatten().filter(|&&p| p < super::ALPHA).count();
        Self { n: alone.iter().flatten().count(), n_clear: n_below(alone), n_clear_together: n_below(together) }
    }
}

/// Holm's correction of the probabilities of a family: the chance that any of
/// those below 0.05 is wrong is then at most 0.05. What is `None` stays so and
/// isn't counted.
///
/// # Source
/// Holm (1979), A simple sequentially rejective multiple test procedure.
pub fn holm(alone: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut order: Vec<(usize, f64)> = alone.iter().enumerate().filter_map(|(at, p)| Some((at, (*p)?))).collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut together = vec![None; alone.len()];
    let (n, mut most) = (order.len(), 0.0_f64);
    for (rank, (at, p)) in order.into_iter().enumerate() {
        most = most.max((n - rank) as f64 * p).min(1.0);
        together[at] = Some(most);
    }
    together
}
