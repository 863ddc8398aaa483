//! Only what a member saw, or what befell his kin, counts; claims do nothing.

use super::Heard;

/// `L = L0 - E`.
pub(super) fn conviction(heard: &Heard) -> f64 {
    heard.prior_conviction - heard.evidence
}
