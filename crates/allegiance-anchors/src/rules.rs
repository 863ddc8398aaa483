//! The decision to rebel, and where the implementations of Model I differ.

use allegiance_model::maths::exp;

/// `k`, so that one cop and one active give an arrest probability of 0.9.
pub const ARREST_CONSTANT: f64 = 2.3;

/// What is done to the ratio of cops to actives before the exponential.
///
/// Epstein's text takes it as it is. The integer turns a smooth risk into a
/// switch: nothing below one cop per active, about 0.9 and more above, and
/// without it there are no outbursts (`NetLogo`'s info tab and a comment in
/// Mesa's source say so; `docs/validation/anchors.md` measures it).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ratio {
    /// `C / A`: Epstein (2002), as printed.
    Exact,
    /// The largest integer below: `NetLogo`'s Rebellion.
    Floor,
    /// The nearest integer, halves to the even one (Python's `round`): Mesa.
    Round,
}

impl Ratio {
    /// The estimated probability of arrest, `1 - exp(-k f(C / A))`, with `A`
    /// counting the agent itself and `f` this variant.
    pub fn arrest_probability(self, k: f64, n_cops: u32, n_active: u32) -> f64 {
        let ratio = f64::from(n_cops) / f64::from(n_active);
        let used = match self {
            Self::Exact => ratio,
            Self::Floor => ratio.floor(),
            Self::Round => ratio.round_ties_even(),
        };
        1.0 - exp(-k * used)
    }
}

/// Whether an agent rebels: grievance less net risk above the threshold,
/// `H (1 - L) - R P > T`.
pub fn rebels(hardship: f64, legitimacy: f64, risk_aversion: f64, p_arrest: f64, threshold: f64) -> bool {
    hardship * (1.0 - legitimacy) - risk_aversion * p_arrest > threshold
}

/// Which of the two comes first when an agent acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sequence {
    /// Decides or arrests where it stands, then moves: Mesa.
    ActThenMove,
    /// Moves, then decides or arrests: Epstein, `NetLogo`.
    MoveThenAct,
}

/// What a prisoner's cell is to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jail {
    /// Taken: Mesa.
    HoldsCell,
    /// Free to enter, and the cop who makes an arrest enters it: `NetLogo`.
    FreesCell,
}

/// How many start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// Each cell holds a citizen, a cop or nobody at random: Mesa.
    ByCell,
    /// Densities times cells, rounded, on random cells: Epstein, `NetLogo`.
    ByCount,
}

/// How a jail term `J_max` is drawn and served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// 0 to `J_max` inclusive, one served whenever the prisoner's turn comes;
    /// he decides anew a turn after the last: Mesa.
    OnOwnTurn,
    /// 0 to `J_max - 1`, one served at the end of every step; 0 means that he
    /// is free again at once: `NetLogo`.
    AtEndOfStep,
}

/// Everything in which the implementations of Model I differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// See [`Ratio`].
    pub ratio: Ratio,
    /// See [`Sequence`].
    pub sequence: Sequence,
    /// See [`Jail`].
    pub jail: Jail,
    /// See [`Placement`].
    pub placement: Placement,
    /// See [`Term`].
    pub term: Term,
    /// How often an agent that is already active counts itself in `A`: 1 in
    /// Mesa, whose neighbourhood leaves the own cell out, 2 in `NetLogo`, whose
    /// `neighborhood` holds it and which adds 1 in any case.
    pub self_count_when_active: u32,
}

impl Rules {
    /// Mesa 3.3.1, `mesa.examples.advanced.epstein_civil_violence`; with
    /// [`crate::torus::Vision::Steps`].
    pub fn mesa() -> Self {
        Self {
            ratio: Ratio::Round,
            sequence: Sequence::ActThenMove,
            jail: Jail::HoldsCell,
            placement: Placement::ByCell,
            term: Term::OnOwnTurn,
            self_count_when_active: 1,
        }
    }

    /// `NetLogo`'s Rebellion (Wilensky 2004); with
    /// [`crate::torus::Vision::Distance`].
    pub fn netlogo() -> Self {
        Self {
            ratio: Ratio::Floor,
            sequence: Sequence::MoveThenAct,
            jail: Jail::FreesCell,
            placement: Placement::ByCount,
            term: Term::AtEndOfStep,
            self_count_when_active: 2,
        }
    }

    /// Epstein's text; where it is silent (jail terms, the cells of prisoners)
    /// as in `NetLogo`.
    pub fn epstein() -> Self {
        Self { ratio: Ratio::Exact, self_count_when_active: 1, ..Self::netlogo() }
    }
}

#[cfg(test)]
mod tests {
    use super::{ARREST_CONSTANT, Ratio, rebels};

    #[test]
    fn one_cop_and_one_active_give_nine_tenths_in_every_variant() {
        for ratio in [Ratio::Exact, Ratio::Floor, Ratio::Round] {
            assert!((ratio.arrest_probability(ARREST_CONSTANT, 1, 1) - 0.9).abs() < 0.001);
        }
    }

    #[test]
    fn the_variants_part_between_whole_ratios() {
        let p = |ratio: Ratio, cops, actives| ratio.arrest_probability(ARREST_CONSTANT, cops, actives);
        // 1/2 goes to 0 and 3/2 to 2: halves to even, as in Python.
        assert!(p(Ratio::Round, 1, 2) <= 0.0 && p(Ratio::Floor, 1, 2) <= 0.0);
        assert!((p(Ratio::Exact, 1, 2) - 0.6834).abs() < 1e-4);
        assert!((p(Ratio::Round, 3, 2) - 0.98995).abs() < 1e-5);
        assert!((p(Ratio::Floor, 3, 2) - 0.89974).abs() < 1e-5);
        assert!((p(Ratio::Round, 2, 3) - 0.89974).abs() < 1e-5);
        assert!(p(Ratio::Floor, 2, 3) <= 0.0);
    }

    #[test]
    fn nobody_rebels_when_grievance_cannot_pass_the_threshold() {
        assert!(!rebels(1.0, 0.9, 0.0, 0.0, 0.1 + 1e-12));
        assert!(rebels(1.0, 0.8, 0.0, 0.0, 0.1));
        assert!(!rebels(1.0, 0.8, 1.0, 0.9, 0.1));
    }
}
