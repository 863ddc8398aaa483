//! How many pairs it would take.

use super::Difference;
use super::student::quantile_975;

/// More pairs than this are beyond reach, and not told.
const MOST: f64 = 1e7;

impl Difference {
    /// Pairs for an interval that reaches `half_width` to each side, if the
    /// differences go on to scatter as they do; `None` where they don't scatter,
    /// or for more than ten million.
    pub fn pairs_for_half_width(&self, half_width: f64) -> Option<u64> {
        let is_told = self.sd > 0.0 && half_width > 0.0;
        let first = (1.96 * self.sd / half_width).powi(2);
        if !is_told || first > MOST {
            return None;
        }
        // Student's quantile falls with the number of pairs, so that this rises to
        // the smallest number that is enough.
        let mut n = first.floor().max(2.0);
        while quantile_975(n - 1.0) * self.sd / n.sqrt() > half_width {
            n += (n * 0.001).ceil();
        }
        Some(n as u64)
    }

    /// Pairs for an interval that excludes zero, if mean and scatter stay what
    /// they are; at least those there are where it does so already.
    pub fn pairs_for_sign(&self) -> Option<u64> {
        if self.is_clear() {
            return Some(self.n_pairs as u64);
        }
        let needed = self.pairs_for_half_width(self.mean.abs())?;
        Some(needed.max(self.n_pairs as u64 + 1))
    }
}
