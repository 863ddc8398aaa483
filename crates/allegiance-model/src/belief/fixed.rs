//! Conviction is a trait: nothing that a member sees or hears moves it.
//!
//! # Form
//! ```text
//! L = L0
//! ```

use super::TheoryOfBelief;

pub(super) const THEORY: TheoryOfBelief = TheoryOfBelief::CLAIMS_DO_NOTHING;
