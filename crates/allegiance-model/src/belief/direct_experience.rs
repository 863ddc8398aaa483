//! Only what a member saw, or what befell his kin, counts; claims do nothing.
//!
//! # Form
//! ```text
//! L = L0 - E
//! ```

use super::TheoryOfBelief;

pub(super) const THEORY: TheoryOfBelief = TheoryOfBelief {
    conviction: |_, heard| heard.prior_conviction - heard.evidence,
    ..TheoryOfBelief::CLAIMS_DO_NOTHING
};
