//! Bad news at second hand is discounted, and what is discounted is kept in a
//! store; a direct contradiction releases a share of the store.
//!
//! # Form
//! ```text
//! L = L0 + w_c n_d - E - (1 - kappa + kappa released) (w_n n_k + w_r n_r + w_f n_o)
//! ```
//!
//! with `n_d` denials and justifications by the own command, and accusations by kin (`n_k`), rivals
//! (`n_r`) and outside media (`n_o`). Each contradiction turns the share released into
//! `1 - (1 - released) (1 - phi)`. Denials are believed by `r_c`, the prior honesty of the command.
//!
//! # Source
//! Taber & Lodge (2006), Motivated skepticism; the affective tipping point of
//! Redlawsk, Civettini & Emmerson (2010).

use super::{BeliefParameters, Heard, TheoryOfBelief};

pub(super) const THEORY: TheoryOfBelief = TheoryOfBelief {
    conviction,
    honesty_of_command: |parameters, _| parameters.honesty_own_command,
    // No accusation is discounted to more than its weight, and denials raise conviction.
    largest_drops: |parameters| [parameters.weight_rival_claim, parameters.weight_outside_claim, 0.0],
    ..TheoryOfBelief::CLAIMS_DO_NOTHING
};

fn conviction(parameters: &BeliefParameters, heard: &Heard) -> f64 {
    let bad_news = parameters.weight_kin_claim * f64::from(heard.n_kin)
        + parameters.weight_rival_claim * f64::from(heard.told.n_rivals)
        + parameters.weight_outside_claim * f64::from(heard.told.n_outside);
    let framing = parameters.weight_command_claim * f64::from(heard.told.n_denials);
    let counted = 1.0 - parameters.discount + parameters.discount * heard.released;
    heard.prior_conviction + framing - heard.evidence - counted * bad_news
}

#[cfg(test)]
mod tests {
    use super::{BeliefParameters, Heard, conviction};
    use crate::belief::Told;

    #[test]
    fn the_jump_grows_with_accusations_discounted_and_not_with_denials() {
        let parameters = BeliefParameters::default();
        let jump = |n_rivals, n_denials| {
            let before = Heard { told: Told { n_rivals, n_denials, ..Told::default() }, ..Heard::nothing(1.6) };
            let after = Heard { evidence: 2.5, n_contradictions: 1, released: parameters.release, ..before };
            conviction(&parameters, &before) - conviction(&parameters, &after)
        };
        assert!(jump(8, 0) > jump(4, 0) && jump(4, 0) > jump(0, 0));
        assert!((jump(4, 6) - jump(4, 0)).abs() < 1e-12);
    }
}
